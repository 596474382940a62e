"""Observations of one year's borders told in another's."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from nabolag.core import Finding, Indicator
from nabolag.geography.dated.crosswalk import Crosswalk
from nabolag.geography.dated.recode import Conversion, Measure, Recoded, recode_figures
from nabolag.geography.dated.recoder import measure_of, reason_of
from nabolag.store import conform, empty
from nabolag.store.frames import OBSERVATIONS
from nabolag.store.statuses import VALUE, known, rank_of, status_of, suppressed

_KEYS = ("indicator", "period", "group", "source")
_SAME = (Conversion.KEPT.value, Conversion.RENUMBERED.value)


def recode(
    observations: pl.DataFrame, crosswalk: Crosswalk, indicators: Mapping[str, Indicator]
) -> Recoded:
    """Recode observations (schema `OBSERVATIONS`), each from the borders its `geography` names.

    The rules are those of `recode_figures`. A figure whose area is the same keeps its bounds; one
    that was made of several has the band that weights leave open, and where nothing was divided
    none: its statistical bounds are for whoever has the counts to make anew. `reason` says how a
    figure was recoded (`recoded:2013:merged`). A status without numbers travels, «not applicable»
    too: an observation does not say whether there was nobody to count among. Raises `KeyError`
    for an indicator that is not in `indicators`.
    """
    measures: dict[str, Measure] = {
        name: measure_of(indicators[name]) for name in observations["indicator"].unique().to_list()
    }
    ready = _ranked(observations).with_columns(
        _measure=pl.col("indicator").replace_strict(measures, return_dtype=pl.String)
    )
    parts: list[pl.DataFrame] = []
    findings: list[Finding] = []
    left: list[pl.DataFrame] = []
    for measure in sorted(set(measures.values())):
        mine = ready.filter(pl.col("_measure") == measure).drop("_measure")
        told = recode_figures(mine, crosswalk, measure, _KEYS)
        parts.append(_observed(told.figures))
        findings += [finding for finding in told.findings if finding not in findings]
        left.append(told.left.select("geography", "level", "area", *_KEYS))
    whole = pl.concat([empty(OBSERVATIONS), *parts])
    gone = pl.concat(left) if left else observations.select("geography", "level", "area", *_KEYS)
    return Recoded(whole.sort("level", "area", *_KEYS), tuple(findings), gone)


def _ranked(observations: pl.DataFrame) -> pl.DataFrame:
    """Return figures with ranks in place of statuses; own bounds and reason stand aside."""
    rank = rank_of()
    parts = [
        pl.when(~known(rank)).then(rank).when(pl.col(name).is_not_null()).then(VALUE)
        .cast(pl.Int64).alias(f"{name}_rank")
        for name in ("numerator", "denominator")
    ]  # fmt: skip
    return observations.with_columns(rank.alias("rank"), *parts).select(
        "geography", "level", "area", *_KEYS,
        "value", "rank", "numerator", "numerator_rank", "denominator", "denominator_rank", "mark",
        pl.col("geography").alias("from_geography"),
        pl.col("lower").alias("_lower"), pl.col("upper").alias("_upper"),
        pl.col("reason").alias("_reason"),
    )  # fmt: skip


def _observed(figures: pl.DataFrame) -> pl.DataFrame:
    same = pl.col("conversion").is_in(_SAME)
    shown = known("rank")
    told = reason_of()
    reason = (
        pl.when(suppressed("rank") | (pl.col("conversion") == "")).then(pl.col("_reason"))
        .otherwise(told)
    )  # fmt: skip
    made = figures.with_columns(
        *(
            pl.when(shown & same).then(pl.col(f"_{end}")).when(shown).then(pl.col(end)).alias(end)
            for end in ("lower", "upper")
        ),
        *(pl.when(shown).then(pl.col(name)).alias(name) for name in ("numerator", "denominator")),
        status_of("rank").alias("status"),
        reason.fill_null("").alias("reason"),
    )
    return conform(
        made.select([name for name in OBSERVATIONS if name in made.columns]), OBSERVATIONS
    )
