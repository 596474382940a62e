"""`[[allocation]]`: units and their needs, small numbers hidden, laid ready for the release."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from nabolag.allocation.declared import AllocationSpec, Delivered, NeedSpec
from nabolag.allocation.numbers import exact
from nabolag.allocation.units import Need
from nabolag.core import Finding, Indicator, Kind, Place, Severity, Status, raise_errors
from nabolag.disclosure import DisclosureRule, Earlier
from nabolag.pipeline.observed import Observed
from nabolag.pipeline.parts import Part
from nabolag.pipeline.unit_counts import hidden_units, protected_counts, strictest
from nabolag.store import CONFIG_NAME, empty
from nabolag.store.frames import OBSERVATIONS
from nabolag.store.release import allocation_frame
from nabolag.store.statuses import NUMBERED

_EXAMPLES = 8


#: What describes every allocation of a release, by its name in the bundle.
NAME = "allocations"


def allocation_part(
    seen: Observed, observations: pl.DataFrame, before: Sequence[Earlier] = ()
) -> Part:
    """Put each allocation's units and needs as they may leave. `observations` are protected.

    Counts behind needs are protected as one system with their sum, and held against what has left
    `before`; they are written in the ledger.

    Raises `UserError` for indicators that are not bound, or are background and not marked so.
    """
    delivered = seen.inputs.allocations
    raise_errors(
        f for one in delivered for f in _wrong_indicators(one.spec, seen.catalogue, observations)
    )
    areas = seen.inputs.register.areas
    newest = str(observations["period"].max() or "")
    counted = [protected_counts(one, seen.plan.rules, before, newest) for one in delivered]
    made = [
        _prepared(one, seen.plan.rules, observations, areas, counts)
        for one, counts in zip(delivered, counted, strict=True)
    ]
    return Part(
        NAME,
        [_described(one) for one in made],
        {name: frame for one in made for name, frame in _frames(one).items()},
        tuple(finding for one in made for finding in one.findings),
        pl.concat([empty(OBSERVATIONS), *counted]),
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
    counted: pl.DataFrame,
) -> Delivered:
    """Return a delivery with every need as it may leave, and what was noticed."""
    rule = strictest(rules)
    needs = {
        need.id: _hidden(one, need, rule, hidden_units(one, need, counted))
        if need.column
        else _released(one, need, observations)
        for need in one.spec.need
    }
    units = replace(one.units, needs=needs)
    safe = replace(one, units=units)
    return replace(safe, findings=(*one.findings, *_lost_areas(safe, areas), *_unknown(safe)))


def _hidden(
    one: Delivered, spec: NeedSpec, rule: DisclosureRule, linked: Mapping[str, Status]
) -> Need:
    """Return a delivered need with what few stand behind hidden, and what would give that away."""
    need, counts = one.units.needs[spec.id], one.behind.get(spec.id)
    if counts is None:
        return need
    reasons = [
        None if value is None else linked.get(unit) or _few(count, int(size), rule)
        for unit, value, count, size in zip(
            one.units.ids, need.values, counts, one.units.sizes["size"], strict=True
        )
    ]
    reasons = _never_alone(reasons, need, counts)
    return Need(
        tuple(None if why else v for why, v in zip(reasons, need.values, strict=True)),
        tuple(why or s for why, s in zip(reasons, need.statuses, strict=True)),
        need.measure,
    )


def _never_alone(
    reasons: list[Status | None], need: Need, counts: Sequence[int | None]
) -> list[Status | None]:
    """Hide one more unit, the one with the fewest, beside one whose count nobody says."""
    if sum(why is not None for why in reasons) != 1:
        return reasons
    shown = [
        (count, at)
        for at, (why, value, count) in enumerate(zip(reasons, need.values, counts, strict=True))
        if why is None and value is not None and count is not None
    ]
    beside = min(shown, default=(0, -1))[1]
    return [Status.SUPPRESSED_SECONDARY if at == beside else why for at, why in enumerate(reasons)]


def _few(count: int | None, size: int, rule: DisclosureRule) -> Status | None:
    """Few have the need, few do not, few are counted among, or nobody says how many."""
    if count is None:
        return Status.SUPPRESSED_PRIMARY
    few = count < rule.numerator and not (count == 0 and rule.zero != "hide")
    small = few or size < rule.denominator or size - count < rule.complement
    return Status.SUPPRESSED_PRIMARY if small else None


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
