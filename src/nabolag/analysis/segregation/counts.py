"""From protected figures to persons by unit and group, with what is hidden kept apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

from nabolag.analysis.arrays import Floats
from nabolag.analysis.asked import figures_of, in_time_order
from nabolag.analysis.method import Given
from nabolag.analysis.segregation.hidden import Hidden, hidden_part
from nabolag.geography import ancestors_of
from nabolag.store.statuses import without_numbers

if TYPE_CHECKING:
    from nabolag.analysis.segregation.spec import Segregation

#: The two groups of a share.
COUNTED, REST = "counted", "rest"
#: Sizes from another indicator may differ this much in all from the denominators that are shown.
_SAME: Final = 0.01
_FEWEST: Final = 2


@dataclass(frozen=True, slots=True)
class Place:
    """One place and period: its units, their counts by group, and what is hidden.

    `counts` are of the units in `areas`, all known; `nest` is the larger unit of each, or empty.
    `hidden` counts units that are not known, of which `part` is what can be said, where anything
    can. `reason` says why an index cannot be told: `too_few_units`, `hidden`, `hidden_size`,
    `hidden_total`, `sizes_differ`, `sums_differ`, `too_open`.
    """

    level: str
    area: str
    indicator: str
    period: str
    groups: tuple[str, ...]
    areas: tuple[str, ...]
    nest: tuple[str, ...]
    counts: Floats
    hidden: int
    part: Hidden | None
    reason: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What the set is, as the first columns of every table."""
        return self.level, self.area, self.indicator, self.period

    @property
    def whole(self) -> bool:
        """True where everything is known."""
        return not self.reason


def places(spec: Segregation, given: Given) -> list[Place]:
    """Return every place and period that is asked about, periods in time order."""
    return [one for iid in spec.indicators for one in _of_indicator(spec, given, iid)]


def _of_indicator(spec: Segregation, given: Given, indicator: str) -> Iterator[Place]:
    rows = _grouped(spec, given, indicator) if spec.by else _shared(spec, given, indicator)
    groups = tuple(name for name in rows.columns if name not in _KEYS)
    rows = _with_parents(rows, spec, given)
    totals = _totals(spec, given, indicator)
    parts = rows.partition_by("within", "period", as_dict=True, maintain_order=True)
    found = {(str(w), str(p)): part for (w, p), part in parts.items()}
    for period in in_time_order(p for _, p in found):
        for within in sorted({w for w, p in found if p == period}):
            key = (spec.within.value, within, indicator, period)
            yield _place(key, found[within, period], groups, totals.get((within, period)))


_KEYS: Final = ("area", "period", "size", "status", "within", "nest")


def _shared(spec: Segregation, given: Given, indicator: str) -> pl.DataFrame:
    """Return area, period, size, and the two groups of a share; null where not known."""
    figures = _asked(figures_of(given.observations, indicator, spec.level), spec)
    sized = figures.with_columns(pl.col("denominator").alias("size"))
    if indicator in spec.size:
        other = figures_of(given.observations, spec.size[indicator], spec.level)
        sizes = other.select("area", "period", pl.col("value").alias("other"))
        sized = sized.join(sizes, on=["area", "period"], how="left", maintain_order="left")
        sized = sized.with_columns(pl.col("other").alias("size"))
    return sized.select(
        "area", "period", "status", "size",
        pl.col("numerator").alias(COUNTED),
        (pl.col("denominator") - pl.col("numerator")).alias(REST),
    )  # fmt: skip


def _grouped(spec: Segregation, given: Given, indicator: str) -> pl.DataFrame:
    """Return area, period and a column a group; null where any of an area's groups is not known.

    A group that an area has no row for is not known either: it is never taken to be 0.
    """
    rows = given.observations.filter(
        pl.col("level") == spec.level.value,
        pl.col("indicator") == indicator,
        pl.col("group").str.starts_with(f"{spec.by}="),
        ~pl.col("group").str.contains(";"),
    )
    rows = _asked(without_numbers(rows), spec)
    names = rows["group"].unique().sort().to_list()
    wide = rows.pivot("group", index=["area", "period"], values="value", on_columns=names)
    return wide.with_columns(size=pl.lit(None, pl.Float64), status=pl.lit("value"))


def _asked(rows: pl.DataFrame, spec: Segregation) -> pl.DataFrame:
    return rows.filter(pl.col("period").is_in(spec.periods)) if spec.periods else rows


def _with_parents(rows: pl.DataFrame, spec: Segregation, given: Given) -> pl.DataFrame:
    rows = rows.with_columns(nest=pl.lit(""))
    for name, level in (("within", spec.within), ("nest", spec.nest)):
        if level is None:
            continue
        above = ancestors_of(given.links, level).filter(pl.col("level") == spec.level.value)
        named = above.select(pl.col("code").alias("area"), pl.col("parent_code").alias(name))
        bare = rows.drop(name, strict=False)
        rows = bare.join(named, on="area", how="left", maintain_order="left")
    return rows.drop_nulls("within").sort("within", "period", "nest", "area")


def _totals(spec: Segregation, given: Given, indicator: str) -> dict[tuple[str, str], Any]:
    """Return (members, persons) of each place and period that shows them."""
    figures = figures_of(given.observations, indicator, spec.within)
    shown = figures.drop_nulls(["numerator", "denominator"])
    rows = shown.select("area", "period", "numerator", "denominator").iter_rows()
    return {(area, period): (some, of) for area, period, some, of in rows}


def _place(
    key: tuple[str, str, str, str], rows: pl.DataFrame, groups: tuple[str, ...], total: Any
) -> Place:
    lacking = pl.any_horizontal(pl.col(name).is_null() for name in groups)
    nobody = (pl.col("status") == "not_applicable") & (pl.col("size").fill_null(0) == 0)
    known, unknown = rows.filter(~lacking), rows.filter(lacking & ~nobody)
    counts = known.select(groups).to_numpy().astype(np.float64)
    there = counts.sum(axis=1) > 0
    part, reason = _told(known, unknown, counts, total)
    if not reason and there.sum() < _FEWEST:
        reason = "too_few_units"
    nests = known["nest"].fill_null("").to_numpy()[there]
    return Place(
        *key, groups, tuple(known["area"].to_numpy()[there]), tuple(nests), counts[there],
        unknown.height, part, reason,
    )  # fmt: skip


def _told(
    known: pl.DataFrame, unknown: pl.DataFrame, counts: Floats, total: Any
) -> tuple[Hidden | None, str]:
    """Return what can be said of what is hidden, and the reason why the index is not whole."""
    if unknown.is_empty():
        return None, ""
    if unknown["size"].null_count():
        return None, "hidden_size"
    if total is None:
        return None, "hidden_total"
    people = float(counts.sum())
    if known["size"].null_count() or abs(float(known["size"].sum()) - people) > _SAME * people:
        return None, "sizes_differ"
    part = hidden_part(counts, unknown["size"].to_numpy(), *total)
    return (None, part) if isinstance(part, str) else (part, "hidden")
