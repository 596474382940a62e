"""Accumulation (opphopning): where several living-condition challenges meet, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from nabolag.analysis.explain import explain
from nabolag.analysis.flags import flagged, line_findings, run_length, thresholds, with_years
from nabolag.analysis.periods import targets, used_period
from nabolag.analysis.spec import AccumulationSpec
from nabolag.core import Finding, Indicator, Lang, Level, Period, Severity
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
        figures = _figures(observations, self)
        findings = _without_figures(figures, self)
        if figures.is_empty():
            nothing = thresholds(with_years(flagged(figures, self, catalogue)), self)
            return AccumulationResult(
                empty(ACCUMULATION), empty(REASONS), nothing, tuple(findings), self, catalogue
            )
        flags = with_years(flagged(figures, self, catalogue))
        lines = thresholds(flags, self)
        findings += line_findings(lines, self)
        uses = _uses(flags, self)
        reasons = _reasons(flags, lines, uses, self)
        reasons = _compared(reasons, observations, links)
        table = classes(reasons, self)
        return AccumulationResult(
            table, conform(reasons, REASONS), lines, tuple(findings), self, catalogue
        )


def _figures(observations: pl.DataFrame, spec: AccumulationSpec) -> pl.DataFrame:
    levels = [level.value for level in spec.levels]
    return observations.filter(
        pl.col("level").is_in(levels)
        & pl.col("indicator").is_in(spec.chosen)
        & (pl.col("group") == "")
        & ~pl.concat_str("level", "area", separator=":").is_in(spec.leave_out)
    ).select("level", "area", "indicator", "period", "value", "status")


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
    rows = []
    known = flags.filter(pl.col("exposure").is_not_null())
    for (level,), part in known.group_by(["level"], maintain_order=True):
        available = {
            iid: part.filter(pl.col("indicator") == iid)["period"].unique().to_list()
            for iid in spec.chosen
        }
        wanted = targets(part["period"].unique().to_list())
        for target in wanted:
            if spec.periods and target not in spec.periods:
                continue
            rows += [
                (level, target, iid, used_period(target, available[iid], spec.max_age))
                for iid in spec.chosen
            ]
    schema = dict.fromkeys(("level", "period", "indicator", "used_period"), pl.String())
    return pl.DataFrame(rows, schema=schema, orient="row")


def _reasons(
    flags: pl.DataFrame, lines: pl.DataFrame, uses: pl.DataFrame, spec: AccumulationSpec
) -> pl.DataFrame:
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
    places = (
        uses.join(own, on=["level", "indicator", "used_period"], how="inner")
        .select("level", "period", "area")
        .unique(maintain_order=True)
    )
    drawn = lines.select("level", "indicator", pl.col("period").alias("used_period"), "threshold")
    order = {iid: place for place, iid in enumerate(spec.chosen)}
    return (
        places.join(uses, on=["level", "period"], how="inner")
        .join(own, on=["level", "area", "indicator", "used_period"], how="left")
        .join(drawn, on=["level", "indicator", "used_period"], how="left")
        .with_columns(
            pl.col("status").fill_null("missing"),
            pl.col("indicator").replace_strict(order, return_dtype=pl.Int64).alias("order"),
        )
        .sort("level", "area", "period", "order")
        .drop("order")
    )


def _compared(
    reasons: pl.DataFrame, observations: pl.DataFrame, links: pl.DataFrame
) -> pl.DataFrame:
    """Add the municipality's and the country's figure of the same period, and the distances."""
    town = ancestors_of(links, Level.KOMMUNE).rename({"code": "area", "parent_code": "town"})
    shown = observations.filter((pl.col("group") == "") & pl.col("value").is_not_null())
    same = ["indicator", "used_period"]
    here = pl.col("period").alias("used_period")
    towns = shown.filter(pl.col("level") == Level.KOMMUNE.value).select(
        pl.col("area").alias("town"), "indicator", here, pl.col("value").alias("municipality")
    )
    country = (
        shown.filter(pl.col("level") == Level.LAND.value)
        .select("indicator", here, pl.col("value").alias("country"))
        .unique(same, keep="none")
    )
    return (
        reasons.join(town, on=["level", "area"], how="left")
        .join(towns, on=["town", *same], how="left")
        .join(country, on=same, how="left")
        .with_columns(
            (pl.col("value") - pl.col("municipality")).alias("to_municipality"),
            (pl.col("value") - pl.col("country")).alias("to_country"),
        )
        .drop("town")
    )


def classes(reasons: pl.DataFrame, spec: AccumulationSpec) -> pl.DataFrame:
    """Count flags and name the class. Schema `ACCUMULATION`."""
    is_flagged = pl.col("flagged").fill_null(value=False)
    counted = reasons.group_by("level", "area", "period", maintain_order=True).agg(
        is_flagged.sum().cast(pl.Int64).alias("count"),
        pl.col("flagged").is_not_null().sum().cast(pl.Int64).alias("known"),
        pl.col("indicator").filter(is_flagged).str.join(";").alias("reasons"),
    )
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
    return conform(_lasting(counted.with_columns(name.alias("class"))), ACCUMULATION)


def _lasting(counted: pl.DataFrame) -> pl.DataFrame:
    """Add `years`: periods in a row, ending here, with this class or a heavier one."""
    weight = {name: place for place, name in enumerate(CLASSES)}
    ends = {text: Period.parse(text).end for text in counted["period"].unique().to_list()}
    frame = counted.with_columns(
        pl.col("class").replace_strict(weight, default=None, return_dtype=pl.Int64).alias("weight"),
        pl.col("period").replace_strict(ends, return_dtype=pl.Int64).alias("at"),
        pl.lit(None, pl.Int64).alias("years"),
    )
    for place in range(len(CLASSES)):
        frame = frame.with_columns((pl.col("weight") >= place).alias("held"))
        frame = run_length(frame, "held", ["level", "area"])
        mine = pl.when(pl.col("weight") == place).then(pl.col("run")).otherwise(pl.col("years"))
        frame = frame.with_columns(mine.alias("years")).drop("run", "held")
    return frame.drop("weight", "at")
