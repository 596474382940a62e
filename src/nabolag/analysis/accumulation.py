"""Accumulation (opphopning): where several living-condition challenges meet, and why."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from nabolag.analysis.codes import coded, coded_as, number, position, text
from nabolag.analysis.explain import explain
from nabolag.analysis.flags import flagged, line_findings, run_length, thresholds, with_years
from nabolag.analysis.periods import targets, used_period
from nabolag.analysis.spec import AccumulationSpec
from nabolag.core import Finding, Indicator, Lang, Level, Severity
from nabolag.geography import ancestors_of
from nabolag.store import conform, empty
from nabolag.store.frames import ACCUMULATION, REASONS

CLASSES = ("0", "1", "2-3", "4+")
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class AccumulationResult:
    """Classes (`ACCUMULATION`), reasons (`REASONS`), the lines drawn, and what was noticed."""

    table: pl.DataFrame
    reasons: pl.DataFrame
    thresholds: pl.DataFrame
    findings: tuple[Finding, ...]
    spec: AccumulationSpec
    catalogue: Mapping[str, Indicator]

    def explain(self, lang: Lang) -> str:
        """Return the rule in words, with its parameters."""
        return explain(self.spec, self.catalogue, lang)


class Accumulation(AccumulationSpec):
    """The method: a specification that can be run. See `AccumulationSpec` for its parameters."""

    def run(
        self,
        observations: pl.DataFrame,
        catalogue: Mapping[str, Indicator],
        links: pl.DataFrame,
    ) -> AccumulationResult:
        """Classify areas from protected observations (schema `OBSERVATIONS`).

        A figure that is hidden, missing or not applicable is not known: it is never counted as
        «not flagged», and `known` says how many were. The class is therefore *at least* what it
        says; with nothing known, or no flag and too little known, it is `unknown`. Raises
        `UserError` for indicators that may not be an input.
        """
        self.check(catalogue)
        figures = coded(_figures(observations, self), self.chosen)
        findings = _without_figures(figures, self)
        if figures.is_empty():
            nothing = thresholds(with_years(flagged(figures, self, catalogue)), self)
            return AccumulationResult(
                empty(ACCUMULATION), empty(REASONS), text(nothing), tuple(findings), self, catalogue
            )
        flags = with_years(flagged(figures, self, catalogue))
        lines = thresholds(flags, self)
        findings += line_findings(lines, self)
        uses = _beside(_uses(flags, self), lines, observations, flags)
        reasons = _compared(_reasons(flags, uses, self), observations, links)
        table = classes(reasons, self)
        return AccumulationResult(
            table, conform(reasons, REASONS), text(lines), tuple(findings), self, catalogue
        )


def _figures(observations: pl.DataFrame, spec: AccumulationSpec) -> pl.DataFrame:
    levels = [level.value for level in spec.levels]
    named = [name.split(":", 1) for name in spec.leave_out]
    no_places = pl.DataFrame(named, schema={"level": pl.String, "area": pl.String}, orient="row")
    return (
        observations.filter(
            pl.col("level").is_in(levels)
            & pl.col("indicator").is_in(spec.chosen)
            & (pl.col("group") == "")
        )
        .select("level", "area", "indicator", "period", "value", "status")
        .join(no_places, on=["level", "area"], how="anti", maintain_order="left")
    )


def _without_figures(figures: pl.DataFrame, spec: AccumulationSpec) -> list[Finding]:
    """Say which indicators have no figure at a level: they can flag nobody there."""
    have = set(
        figures.filter(pl.col("value").is_not_null()).select("level", "indicator").unique().rows()
    )
    return [
        Finding(
            "accumulation_no_figures",
            Severity.WARNING,
            params={"indicator": iid, "level": level.value},
        )
        for level in spec.levels
        for iid in spec.chosen
        if (level.value, iid) not in have
    ]


def _uses(flags: pl.DataFrame, spec: AccumulationSpec) -> pl.DataFrame:
    """Return which period's figure stands for each classified period.

    Columns level, period, indicator, used_period (null where there is none). It is the same for
    all areas of a level, so that a hidden figure is never replaced by an older one.
    """
    known = flags.filter(pl.col("exposure").is_not_null())
    available: dict[str, dict[str, list[str]]] = {}
    for level, iid, period in known.select("level", "indicator", "period").unique().iter_rows():
        available.setdefault(level, {}).setdefault(iid, []).append(period)
    rows = [
        (level, target, iid, used_period(target, periods.get(iid, ()), spec.max_age))
        for level, periods in available.items()
        for target in targets(itertools.chain(*periods.values()))
        if not spec.periods or target in spec.periods
        for iid in spec.chosen
    ]
    names = ("level", "period", "indicator", "used_period")
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String()), orient="row")
    return frame.select(_in_code(flags, names))


def _in_code(flags: pl.DataFrame, names: Iterable[str]) -> list[pl.Expr]:
    """Return columns of text in the codes of the flags; `used_period` in that of `period`."""
    return [coded_as(name, flags, name.removeprefix("used_")).alias(name) for name in names]


def _beside(
    uses: pl.DataFrame, lines: pl.DataFrame, observations: pl.DataFrame, flags: pl.DataFrame
) -> pl.DataFrame:
    """Add what is the same for all areas: `threshold`, and the country's figure as `country`."""
    drawn = lines.select("level", "indicator", pl.col("period").alias("used_period"), "threshold")
    same = ["indicator", "used_period"]
    country = (
        _shown_at(observations, Level.LAND)
        .select(*_in_code(flags, same), pl.col("value").alias("country"))
        .unique(same, keep="none")
    )
    return uses.join(drawn, on=["level", *same], how="left").join(country, on=same, how="left")


def _shown_at(observations: pl.DataFrame, level: Level) -> pl.DataFrame:
    """Return the figures of everybody at a level, the period as `used_period`."""
    shown = observations.filter(
        pl.col("level") == level.value, pl.col("group") == "", pl.col("value").is_not_null()
    )
    return shown.select("area", "indicator", pl.col("period").alias("used_period"), "value")


def _reasons(flags: pl.DataFrame, uses: pl.DataFrame, spec: AccumulationSpec) -> pl.DataFrame:
    """Return one row an area, classified period and indicator, in the specification's order."""
    own = flags.select(
        "level",
        "area",
        "indicator",
        pl.col("period").alias("used_period"),
        "value",
        "status",
        "flagged",
        "years",
    )
    found = uses.select("level", "period", "indicator", "used_period").join(
        own, on=["level", "indicator", "used_period"], how="inner"
    )
    place = number(found, "level", "area", "period").alias("place")
    found = found.with_columns(place)
    places = found.select("level", "area", "period", "place").unique("place").sort("place")
    order = pl.DataFrame(
        {"indicator": spec.chosen, "order": range(len(spec.chosen))},
        schema={"indicator": flags.schema["indicator"], "order": pl.Int64},
    )
    key = (pl.col("place") * len(spec.chosen) + pl.col("order")).alias("key")
    known = found.join(order, on="indicator").select(key, "value", "status", "flagged", "years")
    return (
        places.join(uses.join(order, on="indicator"), on=["level", "period"], how="inner")
        .with_columns(key)
        .sort("key")
        .join(known, on="key", how="left", maintain_order="left")
        .with_columns(pl.col("status").fill_null("missing"))
        .drop("place", "order", "key")
    )


def _compared(
    reasons: pl.DataFrame, observations: pl.DataFrame, links: pl.DataFrame
) -> pl.DataFrame:
    """Add the municipality's figure of the same period, and the distances to it and the country."""
    towns = _shown_at(observations, Level.KOMMUNE)
    code = pl.Enum(towns["area"].unique().sort())
    town = ancestors_of(links, Level.KOMMUNE).select(
        *_in_code(reasons, ["level"]),
        coded_as("code", reasons, "area"),
        pl.col("parent_code").cast(code, strict=False).alias("town"),
    )
    figures = towns.select(
        pl.col("area").cast(code).alias("town"),
        *_in_code(reasons, ["indicator", "used_period"]),
        pl.col("value").alias("municipality"),
    )
    key = ["town", "indicator", "used_period"]
    return (
        reasons.join(town.drop_nulls(), on=["level", "area"], how="left", maintain_order="left")
        .join(figures, on=key, how="left", maintain_order="left")
        .with_columns(
            (pl.col("value") - pl.col("municipality")).alias("to_municipality"),
            (pl.col("value") - pl.col("country")).alias("to_country"),
        )
        .drop("town")
    )


def classes(reasons: pl.DataFrame, spec: AccumulationSpec) -> pl.DataFrame:
    """Count flags and name the class. Schema `ACCUMULATION`."""
    is_flagged = pl.col("flagged").fill_null(value=False)
    place = ["level", "area", "period"]
    counted = reasons.group_by(place, maintain_order=True).agg(
        is_flagged.sum().cast(pl.Int64).alias("count"),
        pl.col("flagged").is_not_null().sum().cast(pl.Int64).alias("known"),
    )
    named = reasons.filter(is_flagged).group_by(place, maintain_order=True).agg("indicator")
    listed = named.select(
        *place, pl.col("indicator").cast(pl.List(pl.String)).list.join(";").alias("reasons")
    )
    counted = counted.join(listed, on=place, how="left", maintain_order="left")
    count = pl.col("count")
    unsaid = (count == 0) & (pl.col("known") < spec.known_needed)
    name = (
        pl.when(unsaid)
        .then(pl.lit(UNKNOWN))
        .when(count >= 4)
        .then(pl.lit("4+"))
        .when(count >= 2)
        .then(pl.lit("2-3"))
        .otherwise(count.cast(pl.String))
    )
    classed = counted.with_columns(name.alias("class"), pl.col("reasons").fill_null(""))
    return conform(_lasting(classed), ACCUMULATION)


def _lasting(counted: pl.DataFrame) -> pl.DataFrame:
    """Add `years`: periods in a row, ending here, with this class or a heavier one."""
    weights = {name: place for place, name in enumerate(CLASSES)}
    at = position(counted, ("level", "area"), lambda period: period.end)
    weight = pl.col("class").replace_strict(weights, default=None, return_dtype=pl.Int64)
    frame = counted.with_columns(weight.alias("weight"), at.alias("at")).sort(
        "at", maintain_order=True
    )
    years = pl.coalesce(
        pl.when(pl.col("weight") == place).then(run_length(pl.col("weight") >= place))
        for place in range(len(CLASSES))
    )
    return frame.with_columns(years.alias("years")).drop("weight", "at")
