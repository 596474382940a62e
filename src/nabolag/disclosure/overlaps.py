"""Areas of one's own that lie within one another: what the difference of two totals would show.

Where a study zone holds a programme's area and a little more, its figure less the programme's is
the figure of the little more. Areas of sets that overlap are drawn as a workspace likes, so their
differences are held to the same thresholds as figures are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from nabolag.core import Finding, Indicator, Level, Severity, Status, Unit
from nabolag.disclosure.primary import dominated, primary_reason
from nabolag.disclosure.rules import DisclosureRule, rule_for
from nabolag.disclosure.system.spoken import implied_denominator
from nabolag.store.statuses import NUMBERED

_SAME = ["indicator", "period", "group"]
_KEY = ["level", "area", *_SAME]
_LEVELS = {level.value: place for place, level in enumerate(Level)}
_OWN = Level.CUSTOM.value
#: The reason of a figure that is hidden so that a difference cannot be worked out.
OVERLAP = "overlap"

_Members = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Nested:
    """An area of one's own, and others inside it that share nothing with each other."""

    around: str
    inside: tuple[str, ...]


def nested_areas(links: pl.DataFrame) -> list[Nested]:
    """Return every area of one's own that holds others, the smallest first.

    `links` are closed. Two areas are held together at the finest level that both have members of;
    two that are the same have no difference. Inside areas that overlap stand in rows of their own.
    """
    members = _members(links)
    sizes = {code: max(map(len, of.values())) for code, of in members.items()}
    found = []
    for around in sorted(members, key=lambda code: (sizes[code], code)):
        held = [one for one in sorted(members) if _holds(members[around], members[one])]
        found += [Nested(around, part) for part in _apart(held, members)]
    return found


def without_differences(
    safe: pl.DataFrame,
    rules: Sequence[DisclosureRule],
    catalogue: Mapping[str, Indicator],
    links: pl.DataFrame,
    contributions: pl.DataFrame | None = None,
) -> tuple[pl.DataFrame, list[Finding]]:
    """Hide figures of areas of one's own that, less those inside them, would show too few.

    `safe` are observations with their statuses. The area around is the one that is hidden
    (`suppressed_secondary`, reason `overlap`): those inside it may be sums of areas that are shown.
    Numbers are left where they are. `contributions` (`core.columns.CONTRIBUTIONS`) tell of which
    differences few have the most.
    """
    nests = nested_areas(links)
    own = safe.filter((pl.col("level") == _OWN) & pl.col("status").is_in(NUMBERED))
    hidden = own.select(_KEY).clear()
    for nest in nests:
        shown = own.join(hidden, on=_KEY, how="anti")
        found = [hidden, _too_small(nest, shown, rules, catalogue)]
        if contributions is not None:
            found.append(_dominated(nest, shown, rules, contributions))
        hidden = pl.concat(found).unique(maintain_order=True)
    if hidden.is_empty():
        return safe, []
    areas = tuple(hidden["area"].unique().sort().head(8))
    told = Finding("overlap_hidden", Severity.WARNING, count=hidden.height, examples=areas)
    return _without(safe, hidden), [told]


def _without(safe: pl.DataFrame, hidden: pl.DataFrame) -> pl.DataFrame:
    """Mark some figures as hidden."""
    marked = safe.join(
        hidden.with_columns(_hide=pl.lit(value=True)), on=_KEY, how="left", maintain_order="left"
    )
    hide = pl.col("_hide").fill_null(value=False)
    status = pl.when(hide).then(pl.lit(Status.SUPPRESSED_SECONDARY.value)).otherwise("status")
    return marked.with_columns(
        status.alias("status"),
        pl.when(hide).then(pl.lit(OVERLAP)).otherwise("reason").alias("reason"),
    ).drop("_hide")


def _too_small(
    nest: Nested,
    shown: pl.DataFrame,
    rules: Sequence[DisclosureRule],
    catalogue: Mapping[str, Indicator],
) -> pl.DataFrame:
    """Return the figures of the area around that leave too few when those inside are taken."""
    around = shown.filter(pl.col("area") == nest.around)
    inside = shown.filter(pl.col("area").is_in(nest.inside))
    found = [around.select(_KEY).clear()]
    for (iid, source), part in around.group_by("indicator", "source", maintain_order=True):
        indicator = catalogue[str(iid)]
        reason = primary_reason(indicator, rule_for(str(iid), str(source), rules))
        rest = _rest(part, inside, indicator)
        # Where nobody is left there is nobody to say anything of.
        someone = (pl.col("denominator") != 0).fill_null(value=True)
        found.append(rest.filter(someone & reason.is_not_null()).select(_KEY))
    return pl.concat(found)


def _dominated(
    nest: Nested,
    shown: pl.DataFrame,
    rules: Sequence[DisclosureRule],
    contributions: pl.DataFrame,
) -> pl.DataFrame:
    """Return the amounts of the area around of which few have most when those inside are taken."""
    own = contributions.filter(level=_OWN).join(shown, on=[*_KEY, "source"], how="semi")
    inside = own.filter(pl.col("area").is_in(nest.inside))
    around = own.filter(area=nest.around).join(inside, on=[*_SAME, "source"], how="semi")
    taken = inside.with_columns(area=pl.lit(nest.around), amount=-pl.col("amount"))
    both = pl.concat([around, taken.join(around, on=[*_KEY, "source"], how="semi")])
    left = both.group_by(*_KEY, "source", "contributor").agg(pl.col("amount").sum().round(6))
    pieces = left.partition_by("source", as_dict=True).items()
    few = [dominated(part, rules, str(source)) for (source,), part in pieces]
    return pl.concat([shown.select(_KEY).clear(), *few])


def _rest(around: pl.DataFrame, inside: pl.DataFrame, indicator: Indicator) -> pl.DataFrame:
    """Return the figures of an area without those inside it that have the same figure shown."""
    counted = inside.with_columns(implied_denominator(indicator).alias("denominator"))
    taken = counted.group_by(_SAME).agg(
        pl.when(pl.col(name).null_count() == 0).then(pl.col(name).sum()).alias(f"_{name}")
        for name in ("value", "numerator", "denominator")
    )
    whole = around.with_columns(implied_denominator(indicator).alias("denominator"))
    left = {
        name: (pl.col(name) - pl.col(f"_{name}")).round(6)
        for name in ("value", "numerator", "denominator")
    }
    if indicator.unit is not Unit.COUNT:
        left["value"] = left["numerator"] / left["denominator"]
    return whole.join(taken, on=_SAME, how="inner").with_columns(**left)


def _members(links: pl.DataFrame) -> dict[str, _Members]:
    """Return each own area's members, by level."""
    inside = links.filter(pl.col("parent_level") == _OWN)
    found: dict[str, dict[str, frozenset[str]]] = {}
    for code, level, members in inside.group_by("parent_code", "level").agg("code").iter_rows():
        found.setdefault(code, {})[level] = frozenset(members)
    return dict(found)


def _holds(one: _Members, other: _Members) -> bool:
    """Tell whether the other lies within the one and is smaller."""
    finest = max(set(one) & set(other), key=lambda level: _LEVELS[level], default=None)
    return finest is not None and other[finest] < one[finest]


def _apart(areas: Iterable[str], members: Mapping[str, _Members]) -> list[tuple[str, ...]]:
    """Return the areas in parts whose areas share nothing."""
    parts: list[list[str]] = []
    for area in areas:
        alone = (p for p in parts if not any(_meet(members[area], members[o]) for o in p))
        part = next(alone, None)
        if part is None:
            parts.append(part := [])
        part.append(area)
    return [tuple(part) for part in parts]


def _meet(one: _Members, other: _Members) -> bool:
    return any(one[level] & other[level] for level in set(one) & set(other))
