"""`[[allocation]]`: units and their needs, small numbers hidden, laid ready for the release."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from nabolag.allocation.declared import AllocationSpec, Delivered, NeedSpec
from nabolag.allocation.numbers import exact
from nabolag.allocation.units import Need
from nabolag.core import Finding, Indicator, Kind, Place, Severity, Status, raise_errors
from nabolag.disclosure import DEFAULT_RULE, DisclosureRule
from nabolag.pipeline.observed import Observed
from nabolag.pipeline.parts import Part
from nabolag.store import CONFIG_NAME
from nabolag.store.release import allocation_frame
from nabolag.store.statuses import NUMBERED

_EXAMPLES = 8


#: What describes every allocation of a release, by its name in the bundle.
NAME = "allocations"


def allocation_part(seen: Observed, observations: pl.DataFrame) -> Part:
    """Put each allocation's units and needs as they may leave. `observations` are protected.

    Raises `UserError` for indicators that are not bound, or are background and not marked so.
    """
    delivered = seen.inputs.allocations
    raise_errors(
        f for one in delivered for f in _wrong_indicators(one.spec, seen.catalogue, observations)
    )
    areas = seen.inputs.register.areas
    made = [_prepared(one, seen.plan.rules, observations, areas) for one in delivered]
    return Part(
        NAME,
        [_described(one) for one in made],
        {name: frame for one in made for name, frame in _frames(one).items()},
        tuple(finding for one in made for finding in one.findings),
    )


def _wrong_indicators(
    spec: AllocationSpec, catalogue: Mapping[str, Indicator], observations: pl.DataFrame
) -> Iterable[Finding]:
    level = spec.area_level.value if spec.area_level else ""
    held = set(observations.filter(pl.col("level") == level)["indicator"].unique())
    for need in spec.need:
        if not need.indicator:
            continue
        known = catalogue.get(need.indicator)
        params = {"id": spec.id, "indicator": need.indicator, "level": level}
        if known is None or need.indicator not in held:
            yield Finding(
                "allocation_indicator_unknown", Severity.ERROR, Place(CONFIG_NAME), params
            )
        elif known.kind is Kind.BACKGROUND and not need.background:
            code = "allocation_indicator_background"
            yield Finding(code, Severity.ERROR, Place(CONFIG_NAME), params)


def _prepared(
    one: Delivered,
    rules: Sequence[DisclosureRule],
    observations: pl.DataFrame,
    areas: pl.DataFrame,
) -> Delivered:
    """Return a delivery with every need as it may leave, and what was noticed."""
    strict = _Strictest.of(rules)
    needs = {
        need.id: strict.hide(one, need) if need.column else _released(one, need, observations)
        for need in one.spec.need
    }
    units = replace(one.units, needs=needs)
    safe = replace(one, units=units)
    return replace(safe, findings=(*one.findings, *_lost_areas(safe, areas), *_unknown(safe)))


@dataclass(frozen=True, slots=True)
class _Strictest:
    """The strictest thresholds of all rules that are about people: units are in nobody's source."""

    numerator: int
    complement: int
    denominator: int
    zero_hidden: bool

    @classmethod
    def of(cls, rules: Sequence[DisclosureRule]) -> _Strictest:
        held = [rule for rule in rules if rule.about_people] or [DEFAULT_RULE]
        return cls(
            max(rule.numerator for rule in held),
            max(rule.complement for rule in held),
            max(rule.denominator for rule in held),
            any(rule.zero == "hide" for rule in held),
        )

    def hide(self, one: Delivered, spec: NeedSpec) -> Need:
        """Return a delivered need with what few persons stand behind hidden."""
        need, counts = one.units.needs[spec.id], one.behind.get(spec.id)
        if counts is None:
            return need
        hidden = [
            value is not None and (count is None or self._few(count, int(size)))
            for value, count, size in zip(need.values, counts, one.units.sizes["size"], strict=True)
        ]
        return Need(
            tuple(None if h else v for h, v in zip(hidden, need.values, strict=True)),
            tuple(Status.SUPPRESSED_PRIMARY if h else s
                  for h, s in zip(hidden, need.statuses, strict=True)),
            need.measure,
        )  # fmt: skip

    def _few(self, count: int, size: int) -> bool:
        """Few have the need, few do not, or few are counted among."""
        zero = count == 0 and not self.zero_hidden
        few = count < self.numerator and not zero
        return few or size < self.denominator or size - count < self.complement


def _released(one: Delivered, spec: NeedSpec, observations: pl.DataFrame) -> Need:
    """Return a need that is the figure of the area a unit lies in, as it was protected."""
    level = one.spec.area_level
    held = observations.filter(
        pl.col("indicator") == spec.indicator,
        pl.col("level") == (level.value if level else ""),
        pl.col("group").fill_null("") == "",
    )
    known = held.filter(pl.col("status").is_in(NUMBERED))
    period = spec.period or str(known["period"].max() or "")
    rows = held.filter(pl.col("period") == period).select("area", "value", "status")
    told = {area: (value, Status(status)) for area, value, status in rows.iter_rows()}
    found = [told.get(area, (None, Status.MISSING)) for area in one.areas]
    values = tuple(exact(v) if s.has_value and v is not None else None for v, s in found)
    return Need(values, tuple(s for _, s in found), spec.measure)


def _lost_areas(one: Delivered, areas: pl.DataFrame) -> Iterable[Finding]:
    level = one.spec.area_level
    if level is None:
        return
    known = set(areas.filter(pl.col("level") == level.value)["code"])
    lost = [(row, code) for row, code in zip(one.rows, one.areas, strict=True) if code not in known]
    if lost:
        place = Place(one.spec.file, lost[0][0], one.spec.area)
        examples = tuple(code or "–" for _, code in lost[:_EXAMPLES])
        yield Finding("allocation_area_unknown", Severity.WARNING, place, {}, len(lost), examples)


def _unknown(one: Delivered) -> Iterable[Finding]:
    """Tell of needs that are not known; of hidden ones how many, never which."""
    for spec in one.spec.need:
        need = one.units.needs[spec.id]
        lost = [i for i, value in enumerate(need.values) if value is None]
        hidden = [i for i in lost if need.statuses[i].is_suppressed]
        open_ = [i for i in lost if not need.statuses[i].is_suppressed]
        place = Place(one.spec.file, column=spec.column)
        if open_:
            first = replace(place, row=one.rows[open_[0]])
            names = tuple(one.units.called(one.units.ids[i]) for i in open_[:_EXAMPLES])
            yield Finding("allocation_need_not_known", Severity.WARNING, first, {"need": spec.id},
                          len(open_), names)  # fmt: skip
        if hidden:
            yield Finding("allocation_need_made_hidden", Severity.INFO, place, {"need": spec.id},
                          len(hidden))  # fmt: skip


def _frames(one: Delivered) -> dict[str, pl.DataFrame]:
    units, spec = one.units, one.spec
    blank: tuple[int | None, ...] = (None,) * len(units)
    level = spec.area_level.value if spec.area_level else ""
    held = pl.DataFrame(
        {"unit": units.ids, "name": units.names, "level": [level] * len(units), "area": one.areas,
         "today": units.today or blank, "base": units.base, "special": units.special},
        schema_overrides={"today": pl.Int64, "base": pl.Int64, "special": pl.Int64},
    )  # fmt: skip
    sizes = [
        {"unit": unit, "size": name, "value": float(value)}
        for name, column in units.sizes.items()
        for unit, value in zip(units.ids, column, strict=True)
    ]
    needs = [
        {"unit": unit, "need": name, "value": None if v is None else float(v), "status": s.value}
        for name, need in units.needs.items()
        for unit, v, s in zip(units.ids, need.values, need.statuses, strict=True)
    ]
    numbers = {"value": pl.Float64}
    return {
        allocation_frame(spec.id, "units"): held,
        allocation_frame(spec.id, "sizes"): pl.DataFrame(sizes, schema_overrides=numbers),
        allocation_frame(spec.id, "needs"): pl.DataFrame(needs, schema_overrides=numbers),
    }


def _described(one: Delivered) -> dict[str, Any]:
    spec = one.spec
    return {
        "id": spec.id,
        "name": spec.name.as_dict(),
        "units": spec.units.as_dict(),
        "size_word": spec.size_word.as_dict(),
        "budget": spec.budget,
        "fte_cost": spec.fte_cost,
        "period": spec.period,
        "preset": spec.preset,
        "model": spec.model.model_dump(mode="json") if spec.model else None,
        "needs": [_need_described(need) for need in spec.need],
        "area_level": spec.area_level.value if spec.area_level else "",
        "source": spec.id,
    }


def _need_described(need: NeedSpec) -> dict[str, Any]:
    return {
        "id": need.id,
        "label": need.label.as_dict(),
        "measure": need.measure,
        "worse": need.worse,
        "indicator": need.indicator,
        "background": need.background,
        "published": need.published.as_dict() if need.published else None,
    }
