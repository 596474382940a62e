"""From sums to observations: quotients, statuses, bounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from nabolag.core import Indicator, Period, PeriodKind, Status
from nabolag.indicators.engine.areas import Ground
from nabolag.indicators.engine.crossings import from_outside
from nabolag.indicators.engine.facts import UNITS
from nabolag.indicators.engine.intervals import deviate, exact_bounds, mean_bounds
from nabolag.indicators.engine.measures import Counted, Measure, Statistic
from nabolag.indicators.engine.scan import EVERYBODY, Group, UnitPlan, part_columns
from nabolag.indicators.engine.spec import COVERAGE, Counting
from nabolag.indicators.engine.sums import Parts
from nabolag.indicators.figures import ratio_rank, wilson
from nabolag.indicators.measure import factor
from nabolag.store import conform, empty
from nabolag.store.frames import OBSERVATIONS
from nabolag.store.statuses import MISSING, VALUE, only_known, status_of

#: Why a figure is missing or unreliable, in `reason`.
UNKNOWN_FACTS, TOO_FEW_YEARS, NOT_DELIVERED = "unknown_facts", "too_few_years", "not_delivered"
AREA_NOT_DELIVERED = "area_not_delivered"
#: What `source` says of figures that are counted from registers.
SOURCE = "registers"
_UNRELIABLE = Status.UNRELIABLE.rank
_PLACE = ("level", "area", "group")
_COUNTED = frozenset({Statistic.COUNT, Statistic.SUM})
#: A figure before it is judged. `bounds` says how its interval is made.
_FIGURE: dict[str, pl.DataType] = {
    **dict.fromkeys(_PLACE, pl.String()),
    "indicator": pl.String(),
    "population": pl.Float64(),
    "known": pl.Float64(),
    "numerator": pl.Float64(),
    "denominator": pl.Float64(),
    "squares": pl.Float64(),
    "median": pl.Float64(),
    "factor": pl.Float64(),
    "bounds": pl.String(),
}


@dataclass(frozen=True)
class Finish:
    """How the figures of one year are made of its sums."""

    asked: Counting
    ground: Ground
    indicators: Mapping[str, Indicator]
    year: int

    def figures(
        self,
        plan: UnitPlan,
        sums: Mapping[Group, pl.DataFrame],
        medians: Mapping[str, Mapping[Group, pl.DataFrame]],
    ) -> Iterator[pl.DataFrame]:
        """Yield the figures of one unit's measures, before they are judged."""
        for group, added in sums.items():
            names, crossing = _parted(plan, plan.grains[group])
            for name in crossing:
                across = self._across(added, plan, name)
                yield from self._of(plan, [name], across, EVERYBODY, medians)
            if not names:
                continue
            everybody = self._everybody(added, group)
            first = [name for name in names if (plan.groups(name) or (EVERYBODY,))[0] == group]
            yield from self._of(plan, first, everybody, EVERYBODY, medians)
            if group != EVERYBODY:
                yield from self._of(plan, names, self._apart(added, group), group, medians)

    def _everybody(self, added: pl.DataFrame, group: Group) -> pl.DataFrame:
        whole = added.drop(group)
        if group != EVERYBODY:
            whole = whole.group_by("level", "area", maintain_order=True).sum()
        rolled = self.ground.all_levels(
            whole.with_columns(pl.lit("").alias("group")), self.asked.levels
        )
        places = self.ground.areas(self.asked.levels, self.year)
        return _filled(places.with_columns(pl.lit("").alias("group")), rolled)

    def _across(self, added: pl.DataFrame, plan: UnitPlan, name: str) -> pl.DataFrame:
        """Return the sums of a measure whose numerator is of those from outside each area."""
        fact, parts = plan.measures[name].outside, plan.sums.parts[name]
        sums = added.select("level", "area", fact, *part_columns(parts))
        parents = self.ground.parents(UNITS[plan.unit].level, self.asked.levels)
        rolled = from_outside(sums, fact, parts.numerator, parents)
        places = self.ground.areas(self.asked.levels, self.year)
        blank = pl.lit("").alias("group")
        return _filled(places.with_columns(blank), rolled.with_columns(blank))

    def _apart(self, added: pl.DataFrame, group: Group) -> pl.DataFrame:
        named = added.drop_nulls(list(group)).with_columns(group_name(group)).drop(group)
        levels = self.asked.levels_of_groups
        rolled = self.ground.all_levels(named, levels)
        seen = named.select("group").unique().sort("group")
        return _filled(self.ground.areas(levels, self.year).join(seen, how="cross"), rolled)

    def _of(
        self,
        plan: UnitPlan,
        names: list[str],
        rolled: pl.DataFrame,
        group: Group,
        medians: Mapping[str, Mapping[Group, pl.DataFrame]],
    ) -> Iterator[pl.DataFrame]:
        """Yield a frame of figures (`_FIGURE`) for each measure."""
        for name in names:
            measure, parts = plan.measures[name], plan.sums.parts[name]
            found = rolled.select(*_PLACE, *part_columns(parts)).with_columns(
                *_amounts(measure, parts),
                pl.lit(name).alias("indicator"),
                pl.lit(factor(self.indicators[name])).alias("factor"),
                pl.lit(_bounds(measure)).alias("bounds"),
            )
            if name in medians:
                middle = medians[name][group]
                named = middle.drop_nulls(list(group)).with_columns(group_name(group))
                values = named.select(*_PLACE, pl.col("value").alias("median"))
                found = found.drop("median").join(values, on=list(_PLACE), how="left")
            yield found.select(list(_FIGURE))

    def judged(self, figures: list[pl.DataFrame]) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return the observations of a year and its coverage."""
        if not figures:
            return empty(OBSERVATIONS), empty(COVERAGE)
        ranked = _ranked(pl.concat(figures), self.asked)
        bounded = _bounded(ranked, self.asked)
        shown = ("value", "numerator", "denominator", "lower", "upper")
        worth_a_reason = pl.col("rank").is_in([MISSING, _UNRELIABLE])
        observations = bounded.with_columns(
            *(only_known(pl.col(name), pl.col("rank")).alias(name) for name in shown),
            status_of("rank").alias("status"),
            pl.when(worth_a_reason)
            .then(pl.lit(UNKNOWN_FACTS))
            .otherwise(pl.lit(""))
            .alias("reason"),
        )
        return self._stamped(observations), self._coverage(ranked)

    def missing(self, names: list[str], reason: str) -> pl.DataFrame:
        """Return a missing figure for every area, for measures that cannot be counted."""
        places = self.ground.areas(self.asked.levels, self.year)
        wanted = pl.DataFrame({"indicator": names}, schema={"indicator": pl.String()})
        return self._stamped(
            places.join(wanted, how="cross").with_columns(
                pl.lit("").alias("group"),
                pl.lit(Status.MISSING.value).alias("status"),
                pl.lit(reason).alias("reason"),
            )
        )

    def _stamped(self, observations: pl.DataFrame) -> pl.DataFrame:
        stamped = observations.with_columns(
            pl.lit(str(self.year)).alias("period"),
            pl.lit(self.asked.geography).alias("geography"),
            pl.lit("").alias("mark"),
            pl.lit(SOURCE).alias("source"),
        )
        return conform(
            stamped.select(pl.col(set(OBSERVATIONS) & set(stamped.columns))), OBSERVATIONS
        )

    def _coverage(self, ranked: pl.DataFrame) -> pl.DataFrame:
        unknown = (pl.col("population") - pl.col("known")).alias("unknown")
        return (
            ranked.with_columns(unknown, pl.lit(str(self.year)).alias("period"))
            .filter(pl.col("unknown") > 0)
            .select(list(COVERAGE))
        )


def in_order(frame: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Sort by columns of words, none of them unknown, by way of each word's own number."""
    order = pl.zeros(frame.height, dtype=pl.Int64, eager=True)
    numbered = frame.select(pl.col(*keys).cast(pl.Categorical))
    for key in keys:
        number = numbered[key].to_physical()
        seen = numbered[key].unique().to_frame().with_columns(number=pl.col(key).to_physical())
        seen = seen.sort(pl.col(key).cast(pl.String)).with_row_index("place")
        place = np.zeros(int(seen["number"].max() or 0) + 1, dtype=np.int64)  # type: ignore[arg-type]
        place[seen["number"].to_numpy()] = seen["place"].to_numpy()
        order = order * seen.height + pl.Series(place[number.to_numpy()])
    return frame[order.arg_sort()]


def in_school_years(
    frame: pl.DataFrame, measures: Mapping[str, Measure], year: int
) -> pl.DataFrame:
    """Let what is counted of schools be of the school year that begins in the year."""
    schools = [name for name, measure in measures.items() if measure.unit is Counted.SCHOOL]
    period = Period(year, year + 1, PeriodKind.SCHOOL_YEAR)
    of_schools = pl.when(pl.col("indicator").is_in(schools)).then(pl.lit(str(period)))
    return frame.with_columns(of_schools.otherwise("period").alias("period"))


def group_name(group: Group) -> pl.Expr:
    """`name=value` of a group's facts, joined by `;`; everybody is the empty text."""
    if not group:
        return pl.lit("").alias("group")
    named = [pl.concat_str(pl.lit(f"{fact}="), pl.col(fact)) for fact in group]
    return pl.concat_str(named, separator=";").alias("group")


def _parted(plan: UnitPlan, names: list[str]) -> tuple[list[str], list[str]]:
    """Part the measures of a grain in those that are plain sums and those across a border."""
    crossing = [name for name in names if plan.measures[name].outside]
    return [name for name in names if name not in crossing], crossing


def _filled(places: pl.DataFrame, rolled: pl.DataFrame) -> pl.DataFrame:
    """Give every place its sums: zero where nobody is counted, which is what no row means."""
    sums = [name for name in rolled.columns if name not in _PLACE]
    joined = places.join(rolled, on=list(_PLACE), how="full", coalesce=True)
    return joined.with_columns(pl.col(sums).fill_null(0.0))


def _amounts(measure: Measure, parts: Parts) -> list[pl.Expr]:
    nothing = pl.lit(None, pl.Float64)
    numerator = pl.sum_horizontal(parts.numerator) if parts.numerator else nothing
    denominator = pl.sum_horizontal(parts.denominator) if parts.denominator else pl.col(parts.known)
    return [
        pl.col(parts.population).alias("population"),
        pl.col(parts.known).alias("known"),
        numerator.alias("numerator"),
        (nothing if measure.statistic in _COUNTED else denominator).alias("denominator"),
        (pl.col(parts.squares) if parts.squares else nothing).alias("squares"),
        nothing.alias("median"),
    ]


def _bounds(measure: Measure) -> str:
    """Say how sure a figure is: a share's interval, a mean's, or none.

    Only counts of the same rows make a share; a quotient of two amounts has no stated interval.
    """
    if measure.statistic is Statistic.SHARE:
        return "share"
    if measure.statistic is Statistic.MEAN and measure.denominator is None:
        return "mean"
    return ""


def _ranked(figures: pl.DataFrame, asked: Counting) -> pl.DataFrame:
    """Add `value` and `rank`: how much is unknown, and whether there is anybody to count among."""
    population, counted = pl.col("population"), pl.col("known")
    unknown = pl.when(population > 0).then((population - counted) / population).otherwise(0.0)
    none_known = (population > 0) & (counted == 0)
    base = (
        pl.when((unknown > asked.missing_above) | none_known)
        .then(MISSING)
        .when(unknown > asked.unreliable_above)
        .then(_UNRELIABLE)
        .otherwise(VALUE)
        .cast(pl.Int64)
    )
    divided = pl.col("denominator").is_not_null()
    quotient = pl.col("numerator") / pl.col("denominator") * pl.col("factor")
    value = (
        pl.when(divided & pl.col("numerator").is_null())
        .then(pl.col("median"))
        .when(divided)
        .then(quotient)
        .otherwise(pl.col("numerator"))
    )
    ranked = figures.with_columns(base.alias("base"), value.alias("value"))
    rank = pl.when(divided).then(ratio_rank("denominator", "base")).otherwise(pl.col("base"))
    return ranked.with_columns(rank.alias("rank"))


def _bounded(ranked: pl.DataFrame, asked: Counting) -> pl.DataFrame:
    """Add `lower` and `upper`."""
    nothing = [pl.lit(None, pl.Float64).alias(name) for name in ("lower", "upper")]
    shares = ranked.filter(pl.col("bounds") == "share")
    if asked.interval == "exact":
        shares = exact_bounds(shares, asked.confidence)
    elif asked.interval == "wilson":
        reach = deviate(asked.confidence)
        shares = shares.with_columns(wilson(pl.col("numerator"), pl.col("denominator"), reach))
    else:
        shares = shares.with_columns(nothing)
    total, count = pl.col("numerator"), pl.col("denominator")
    means = ranked.filter(pl.col("bounds") == "mean").with_columns(
        mean_bounds(total, pl.col("squares"), count, asked.confidence)
    )
    others = ranked.filter(pl.col("bounds") == "").with_columns(nothing)
    return pl.concat([shares, means, others])
