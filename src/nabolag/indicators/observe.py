"""From delivered cells to observations, at every level, with what was noticed on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from nabolag.core import Finding, Indicator, Level, Severity, Unit
from nabolag.core.columns import OBSERVATION_KEY, OBSERVATION_NUMBERS
from nabolag.geography import AreaRegister, account_for
from nabolag.geography.dated import Recoder
from nabolag.indicators import checks
from nabolag.indicators.binding import BindingSpec
from nabolag.indicators.catalogue import Catalogue
from nabolag.indicators.figures import wilson
from nabolag.indicators.measure import AMOUNTS, FIGURES, KEY, figures, is_summable
from nabolag.indicators.recoded import noted, told_in
from nabolag.indicators.rollup import best_candidate, in_no_sum, rolled_up
from nabolag.store import conform, empty
from nabolag.store.frames import OBSERVATIONS
from nabolag.store.statuses import MISSING, known, status_of, suppressed

#: Where a figure comes from, the strongest claim first.
_DELIVERED, _SUMMED, _ABSENT = 0, 1, 2
#: Levels where an area without a figure is published as missing. Larger areas that a file does
#: not speak of are simply not in it.
SHOWN_WHEN_ABSENT: tuple[str, ...] = tuple(
    level.value
    for level in (
        Level.BYDEL,
        Level.LEVEKARSSONE,
        Level.DELBYDEL,
        Level.DELOMRADE,
        Level.GRUNNKRETS,
    )
)
#: The reason of a figure that the producer has hidden.
PRODUCER = "producer"


@dataclass(frozen=True, slots=True)
class Observed:
    """Observations (schema `OBSERVATIONS`, one row a key) and what was noticed."""

    observations: pl.DataFrame
    findings: tuple[Finding, ...]


def observe(
    bindings: Sequence[BindingSpec],
    cells_by_source: Mapping[str, pl.DataFrame],
    catalogue: Catalogue,
    register: AreaRegister,
    geography: str = "",
    recoders: Mapping[str, Recoder] | None = None,
) -> Observed:
    """Turn delivered cells into observations.

    `cells_by_source` holds one frame of `core.columns.CELLS` a source, with the source's own
    dimensions after. `geography` is the border year the areas are written in; `recoders` bring
    the figures of sources in other borders there. A finding of severity `ERROR` means that a
    binding was left out and the result must not be released.
    """
    findings: list[Finding] = []
    pieces: list[pl.DataFrame] = []
    for place, binding in enumerate(bindings):
        problems = checks.binding_problems(binding, cells_by_source, catalogue)
        findings += problems
        if any(problem.severity is Severity.ERROR for problem in problems):
            continue
        cells, indicator = cells_by_source[binding.source], catalogue[binding.id]
        recoder = (recoders or {}).get(binding.source)
        piece, noticed = _one(binding, cells, indicator, register, recoder)
        findings += noticed
        pieces.append(_stamped(piece, binding, place))
    if not pieces:
        return Observed(empty(OBSERVATIONS), tuple(findings))
    everything = pl.concat(pieces)
    findings += checks.contested(everything, _DELIVERED)
    chosen = _chosen(everything).with_columns(pl.lit(geography).alias("geography"))
    order = list(OBSERVATION_KEY)
    return Observed(conform(chosen, OBSERVATIONS).sort(order), tuple(findings))


def _one(
    binding: BindingSpec,
    cells: pl.DataFrame,
    indicator: Indicator,
    register: AreaRegister,
    recoder: Recoder | None,
) -> tuple[pl.DataFrame, list[Finding]]:
    """Observe one binding: its figures with `origin`, and what was noticed."""
    told = told_in(figures(cells, binding, indicator), recoder, indicator, binding)
    places = recoder.standing(register) if recoder else register
    accounted = account_for(told.figures, places, ranks=tuple(AMOUNTS.values()))
    delivered = accounted.given
    findings = [*told.findings, *checks.blanks_read_as_zero(cells, binding)]
    findings += checks.figure_problems(delivered, binding, indicator)
    findings += checks.of_areas_no_more(accounted.no_more, binding)
    if recoder is None:
        findings += checks.stated_differs(cells, delivered, binding, indicator)
    shown = accounted.absent.filter(pl.col("level").is_in(SHOWN_WHEN_ABSENT))
    findings += checks.without_figures(shown, binding)
    layers = [_layer(delivered, _DELIVERED), _layer(shown, _ABSENT)]
    if is_summable(binding, indicator):
        findings += in_no_sum(delivered, register, binding, indicator)
        candidates = rolled_up(accounted.whole, register, binding, indicator)
        findings += checks.sums_differ(candidates, delivered, binding, indicator)
        layers.append(_layer(best_candidate(candidates).select(list(FIGURES)), _SUMMED))
    stacked = _bounded(pl.concat(layers), binding, indicator)
    stacked = noted(stacked, told, register, _DELIVERED, _SUMMED)
    return _strongest_claim(stacked), findings


def _layer(frame: pl.DataFrame, origin: int) -> pl.DataFrame:
    return frame.select(list(FIGURES)).with_columns(pl.lit(origin, pl.Int64).alias("origin"))


def _strongest_claim(stacked: pl.DataFrame) -> pl.DataFrame:
    """Keep one figure a key within a binding.

    What the producer says of an area stands before a sum of its parts, also when the producer
    hides it; only a figure the producer does not have gives way.
    """
    gap = (pl.col("rank") == MISSING).alias("gap")
    return (
        stacked.with_columns(gap)
        .sort([*KEY, "gap", "origin"], maintain_order=True)
        .unique(KEY, keep="first", maintain_order=True)
    )


def _bounded(frame: pl.DataFrame, binding: BindingSpec, indicator: Indicator) -> pl.DataFrame:
    """Add Wilson bounds where a share is of a known number: stated, or implied by count and share.

    What a share and its count imply is as coarse as the share's rounding, and so are the bounds.
    """
    if indicator.unit is not Unit.SHARE or not binding.numerator or binding.interval == "none":
        nothing = pl.lit(None, pl.Float64)
        return frame.with_columns(nothing.alias("lower"), nothing.alias("upper"))
    implied = pl.when(pl.col("value") > 0).then(pl.col("numerator") / pl.col("value"))
    among = pl.col("denominator") if binding.denominator else implied
    return frame.with_columns(wilson(pl.col("numerator"), among))


def _stamped(piece: pl.DataFrame, binding: BindingSpec, place: int) -> pl.DataFrame:
    """Add what says where each figure came from and where it stands among others."""
    shown = known("rank")
    return piece.with_columns(
        *[pl.when(shown).then(pl.col(name)).alias(name) for name in OBSERVATION_NUMBERS],
        status_of("rank").alias("status"),
        pl.when(suppressed("rank"))
        .then(pl.lit(PRODUCER))
        .otherwise(pl.col("recoded"))
        .alias("reason"),
        pl.when(shown).then(pl.lit("")).otherwise(pl.col("mark").fill_null("")).alias("mark"),
        pl.lit(binding.id).alias("indicator"),
        pl.lit(binding.source).alias("source"),
        pl.lit(binding.precedence, pl.Int64).alias("precedence"),
        pl.lit(place, pl.Int64).alias("place"),
    )


def _chosen(everything: pl.DataFrame) -> pl.DataFrame:
    """Keep one figure a key among bindings: has one, delivered, declared precedence, file order."""
    order = ["gap", "origin", "precedence", "place"]
    return (
        everything.sort([*OBSERVATION_KEY, *order], nulls_last=True, maintain_order=True)
        .unique(list(OBSERVATION_KEY), keep="first", maintain_order=True)
        .select([name for name in OBSERVATIONS if name != "geography"])
    )
