"""Counts behind the needs of units that share a budget, protected together with their sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from nabolag.allocation.declared import Delivered, NeedSpec
from nabolag.core import Indicator, Kind, Level, Status, Unit, Worse, raise_errors
from nabolag.disclosure import DEFAULT_RULE, DisclosureRule, Earlier, protect
from nabolag.disclosure.rules import ZERO_STRICTNESS
from nabolag.store import conform, empty
from nabolag.store.frames import LINKS, OBSERVATIONS

#: The level that units stand at, and that of all of them together.
_UNIT, _ALL = Level.SCHOOL.value, Level.KOMMUNE.value


def protected_counts(
    one: Delivered, rules: Sequence[DisclosureRule], before: Sequence[Earlier], newest: str
) -> pl.DataFrame:
    """Return the shares that counts stand behind, as figures, protected as one system.

    Counts are of the period that the allocation names, else of the `newest` of the release.
    All units together are a figure as well: a reader may know their sum, so what is hidden must
    not come out by subtraction, nor out of what has left before. Raises `UserError` where it does.
    """
    needs = [need for need in one.spec.need if one.behind.get(need.id) is not None]
    if not needs:
        return empty(OBSERVATIONS)
    period = one.spec.period or newest
    figures = pl.concat([_figures(one, need, need.period or period) for need in needs])
    catalogue = {_indicator(one, need).id: _indicator(one, need) for need in needs}
    safe = protect(figures, [strictest(rules)], catalogue, _links(one), before)
    raise_errors(safe.findings)
    return safe.observations


def hidden_units(one: Delivered, need: NeedSpec, safe: pl.DataFrame) -> Mapping[str, Status]:
    """Return the units whose share of a need must be hidden, and why."""
    held = safe.filter(pl.col("indicator") == _name(one, need), pl.col("level") == _UNIT)
    told = ((area, Status(status)) for area, status in held.select("area", "status").iter_rows())
    return {area: status for area, status in told if status.is_suppressed}


def strictest(rules: Sequence[DisclosureRule]) -> DisclosureRule:
    """Return the strictest of all rules that are about people: units are in nobody's source."""
    held = [rule for rule in rules if rule.about_people] or [DEFAULT_RULE]
    return DisclosureRule(
        numerator=max(rule.numerator for rule in held),
        complement=max(rule.complement for rule in held),
        denominator=max(rule.denominator for rule in held),
        zero=max((rule.zero for rule in held), key=lambda zero: ZERO_STRICTNESS[zero]),
        width=max(rule.width for rule in held),
    )


def _name(one: Delivered, need: NeedSpec) -> str:
    return f"allocation_{one.spec.id}_{need.id}"


def _indicator(one: Delivered, need: NeedSpec) -> Indicator:
    return Indicator(
        id=_name(one, need),
        label=need.label,
        definition=need.label,
        unit=Unit.SHARE,
        kind=Kind.CHALLENGE,
        worse=Worse(need.worse),
        ring="allocation",
    )


def _figures(one: Delivered, need: NeedSpec, period: str) -> pl.DataFrame:
    """Return a need's units and, where every count is known, all of them together."""
    counts = one.behind[need.id]
    sizes = [int(size) for size in one.units.sizes["size"]]
    known = [
        (_UNIT, unit, count, size)
        for unit, count, size in zip(one.units.ids, counts, sizes, strict=True)
        if count is not None and size >= count
    ]
    if len(known) == len(counts):
        known.append((_ALL, one.spec.id, sum(row[2] for row in known), sum(sizes)))
    rows = pl.DataFrame(
        known,
        schema={"level": pl.String, "area": pl.String, "numerator": pl.Float64,
                "denominator": pl.Float64},
        orient="row",
    )  # fmt: skip
    shares = rows.filter(pl.col("denominator") > 0).with_columns(
        indicator=pl.lit(_name(one, need)),
        period=pl.lit(period),
        value=pl.col("numerator") / pl.col("denominator"),
        status=pl.lit(Status.VALUE.value),
        source=pl.lit(one.spec.id),
        **{name: pl.lit("") for name in ("group", "reason", "mark", "geography")},
    )
    return conform(shares, OBSERVATIONS)


def _links(one: Delivered) -> pl.DataFrame:
    """Return that every unit lies in all of them together."""
    made = pl.DataFrame({"code": one.units.ids}).with_columns(
        level=pl.lit(_UNIT), parent_level=pl.lit(_ALL), parent_code=pl.lit(one.spec.id)
    )
    return conform(made, LINKS)
