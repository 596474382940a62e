"""Figures told in other borders than they came in, and what an observation says of it."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from nabolag.core import Finding, Indicator, Severity
from nabolag.geography import AreaRegister
from nabolag.geography.dated import Conversion, Recoder, measure_of, reason_of
from nabolag.indicators.binding import BindingSpec
from nabolag.indicators.measure import FIGURES, KEY, is_sum
from nabolag.store import empty

#: What is known of a recoded figure beside the figure: how it was recoded, from which borders,
#: and the two ends that weights leave open.
NOTES: dict[str, pl.DataType] = {
    **dict.fromkeys(KEY, pl.String()),
    "conversion": pl.String(),
    "from_geography": pl.String(),
    "low_end": pl.Float64(),
    "high_end": pl.Float64(),
}
_STRENGTH = {conversion.value: place for place, conversion in enumerate(Conversion)}


@dataclass(frozen=True, slots=True)
class Told:
    """Figures (schema `FIGURES`) in the borders of the workspace, with notes (`NOTES`)."""

    figures: pl.DataFrame
    notes: pl.DataFrame
    findings: tuple[Finding, ...] = ()


def told_in(
    figures: pl.DataFrame, recoder: Recoder | None, indicator: Indicator, binding: BindingSpec
) -> Told:
    """Return the figures of a binding in the borders of the workspace."""
    if recoder is None:
        return Told(figures, empty(NOTES))
    measure = "count" if is_sum(binding, indicator) else measure_of(indicator)
    result = recoder.figures(figures, measure)
    marked = result.figures.filter(pl.col("conversion") != "")
    ends = {"low_end": "lower", "high_end": "upper"}
    notes = marked.rename({old: new for new, old in ends.items()}).select(list(NOTES))
    double = tuple(f for f in result.findings if f.code == "recode_code_double")
    findings = (*double, *_summary(notes, recoder, indicator, binding))
    return Told(result.figures.select(list(FIGURES)), notes, findings)


def noted(
    stacked: pl.DataFrame, told: Told, register: AreaRegister, delivered: int, summed: int
) -> pl.DataFrame:
    """Give figures the reason and the widened bounds of their recoding: `recoded`, bounds.

    `origin` says which figures were delivered and which are sums; a sum is as sure as the least
    sure of its parts.
    """
    nothing = pl.lit("").alias("recoded")
    if told.notes.is_empty():
        return stacked.with_columns(nothing)
    own = told.notes.with_columns(pl.lit(delivered, pl.Int64).alias("origin"))
    above = _of_sums(told.notes, register).with_columns(pl.lit(summed, pl.Int64).alias("origin"))
    notes = pl.concat([own, above]).with_columns(reason_of().alias("recoded"))
    joined = stacked.join(notes, on=[*KEY, "origin"], how="left", maintain_order="left")
    return joined.with_columns(
        pl.col("recoded").fill_null(""),
        pl.min_horizontal("lower", "low_end").alias("lower"),
        pl.max_horizontal("upper", "high_end").alias("upper"),
    ).drop("conversion", "from_geography", "low_end", "high_end")


def _of_sums(notes: pl.DataFrame, register: AreaRegister) -> pl.DataFrame:
    links = register.closed_links.rename({"code": "area"})
    up = notes.join(links, on=["level", "area"], how="inner").with_columns(
        level="parent_level", area="parent_code"
    )
    strength = pl.col("conversion").replace_strict(_STRENGTH, return_dtype=pl.Int64)
    worst = up.sort(strength).group_by(KEY, maintain_order=True).last()
    nothing = pl.lit(None, pl.Float64)
    return worst.with_columns(low_end=nothing, high_end=nothing).select(list(NOTES))


def _summary(
    notes: pl.DataFrame, recoder: Recoder, indicator: Indicator, binding: BindingSpec
) -> list[Finding]:
    """Say how many figures were recoded and how; and which could not be."""
    if notes.is_empty():
        return []
    years = notes["from_geography"].unique().sort().to_list()
    params = {
        "indicator": indicator.id,
        "source": binding.source,
        "geography": years[0] if len(years) == 1 else f"{years[0]}–{years[-1]}",
        "to": recoder.crosswalk.to_geography,
    }
    counts = dict(notes.group_by("conversion").len().iter_rows())
    kinds = {kind.value: int(counts.get(kind.value, 0)) for kind in Conversion if kind.value}
    n = notes.height - kinds[Conversion.UNMOVED.value]
    found = [Finding("recode_done", Severity.INFO, params={**params, **kinds}, count=n)]
    stuck = notes.filter(pl.col("conversion") == Conversion.UNMOVED.value)
    if stuck.height:
        areas = tuple(stuck["area"].unique().sort().head(8).to_list())
        warning, n = Severity.WARNING, stuck.height
        found.append(Finding("recode_unmoved", warning, params=params, count=n, examples=areas))
    return found
