"""Which counts each figure speaks of. Publishing a share with its denominator publishes three.

A share speaks of those who have the trait, those who do not, and everybody; a rate of events and
of everybody; a mean, a median or a price of how many stand behind it and, where given, of their
sum; a count of itself. What anybody can work out of a shown row counts as published: the
denominator is numerator over share, and an interval tells how many it was made of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from nabolag.core import Indicator, Status, Unit
from nabolag.disclosure.rules import DisclosureRule, rule_for, zeros_hidden
from nabolag.store.statuses import NUMBERED

COUNT: Final = "count"
NUMERATOR: Final = "numerator"
COMPLEMENT: Final = "complement"
DENOMINATOR: Final = "denominator"
#: A sum of kroner, hours or points: not a count of people, but it can be subtracted like one.
AMOUNT: Final = "amount"

#: A sum of kroner or hours that must not be known exactly keeps this share of itself open.
ROUGHLY: Final = 1e-4
_Z2: Final = 1.959963984540054**2
_KEY = ("level", "area", "indicator", "period", "group")


def implied_denominator(indicator: Indicator) -> pl.Expr:
    """Return a row's denominator, worked out of share and numerator or interval where it lacks.

    A Wilson bound `b` of a share `p` of `n` holds (b − p)² = z²/n · b(1 − b), so that `n` can be
    read off any bound that is printed.
    """
    if indicator.unit is not Unit.SHARE:
        return pl.col("denominator")
    quotient = pl.when(pl.col("value") > 0).then(pl.col("numerator") / pl.col("value"))
    bounds = [
        pl.when((pl.col(b) > 0) & (pl.col(b) < 1) & (pl.col(b) != pl.col("value"))).then(
            _Z2 * pl.col(b) * (1 - pl.col(b)) / (pl.col(b) - pl.col("value")) ** 2
        )
        for b in ("upper", "lower")
    ]
    return pl.coalesce("denominator", quotient, *(bound.round() for bound in bounds))


def implied_numerator(indicator: Indicator) -> pl.Expr:
    """Return a row's numerator, worked out of share and denominator where it lacks."""
    if indicator.unit is not Unit.SHARE:
        return pl.col("numerator")
    product = pl.col("value") * implied_denominator(indicator)
    return pl.coalesce("numerator", product)


def denominators_from_counts(
    figures: pl.DataFrame, catalogue: Mapping[str, Indicator]
) -> pl.DataFrame:
    """Fill in denominators that stand elsewhere: the count that a share is `counted_among`.

    For use inside the house only: a reader who has both figures has the numerator too.
    """
    known = figures.filter(pl.col("status").is_in(NUMBERED))
    among = [
        (iid, catalogue[iid].counted_among)
        for iid in figures["indicator"].unique()
        if catalogue[iid].counted_among
    ]
    if not among:
        return figures
    schema = {"indicator": pl.String(), "among": pl.String()}
    place = ["level", "area", "period", "group"]
    counts = known.select(*place, among="indicator", everybody="value")
    named = pl.DataFrame(among, schema=schema, orient="row")
    linked = (
        figures.join(named, on="indicator", how="left", maintain_order="left")
        .join(counts, on=["among", *place], how="left", maintain_order="left")
        .with_columns(pl.coalesce("denominator", "everybody").alias("denominator"))
    )
    return linked.select(figures.columns)


def counts_of(indicator: Indicator) -> dict[str, pl.Expr]:
    """Return the counts that a figure of the indicator speaks of, by role."""
    if indicator.unit is Unit.COUNT:
        return {COUNT: pl.col("value")}
    everybody = implied_denominator(indicator)
    some = implied_numerator(indicator)
    if indicator.unit is Unit.SHARE:
        return {NUMERATOR: some, COMPLEMENT: everybody - some, DENOMINATOR: everybody}
    if indicator.unit is Unit.RATE:
        return {NUMERATOR: some, DENOMINATOR: everybody}
    return {AMOUNT: some, DENOMINATOR: everybody}


def spoken(
    figures: pl.DataFrame,
    catalogue: Mapping[str, Indicator],
    rules: Sequence[DisclosureRule],
) -> pl.DataFrame:
    """Return one row a figure and count: where, which, how many, and from when it is small.

    `figures` follow `core.columns.OBSERVATIONS`; hidden rows may still carry their numbers (they
    do inside the house, not in a release). Columns: the observation key, `row` (place in
    `figures`), `role`, `x` (null where not known), `status`, `limit` (below it a count is small,
    0 never), `zero` (whether a zero is hidden too), `nobody` (the status itself says 0), `width`
    (what the interval of the count must have left; of a dominated amount, how far above it the
    interval must reach, as a share of it) and `blur` (how far from the truth a count may be that
    was worked out of a rounded share).

    Figures that are not about people (where no dominance is asked either), and figures without any
    counts, are not here: no sum can bring them out. Raises `KeyError` for an indicator that the
    catalogue does not have.
    """
    numbered = denominators_from_counts(figures, catalogue).with_row_index("row")
    pieces = [_empty(numbered)]
    for iid, source in figures.select("indicator", "source").unique(maintain_order=True).rows():
        rule = rule_for(iid, source, rules)
        if rule.about_people or rule.asks_dominance:
            own = numbered.filter((pl.col("indicator") == iid) & (pl.col("source") == source))
            pieces += _roles(own, catalogue[iid], rule)
    return pl.concat(pieces)


def _empty(numbered: pl.DataFrame) -> pl.DataFrame:
    asked = _Asked(0, zero=False, width=0.0)
    return _piece(numbered.clear(), "", pl.lit(None), asked, pl.lit(0.0))


def _roles(own: pl.DataFrame, indicator: Indicator, rule: DisclosureRule) -> list[pl.DataFrame]:
    """Return the pieces of one indicator from one source; a count that is never given has none."""
    pieces = []
    blur = _blur(own, indicator)
    for role, count in counts_of(indicator).items():
        piece = _piece(own, role, count, _asked(role, indicator, rule), blur)
        if piece["x"].is_not_null().any():
            pieces.append(piece)
    return pieces


def _blur(own: pl.DataFrame, indicator: Indicator) -> pl.Expr:
    """Return how far off a numerator may be that is a rounded share times everybody.

    Shares are taken to be rounded to as many decimals (of per cent) as any of them has.
    """
    if indicator.unit is not Unit.SHARE:
        return pl.lit(0.0)
    shares = own["value"].drop_nulls() * 100
    decimals = next((d for d in range(6) if _off(shares, d) < 1e-9), 6)
    worked_out = pl.col("numerator").is_null() & pl.col("value").is_not_null()
    off = 0.5 * 10.0 ** -(decimals + 2) * implied_denominator(indicator)
    return pl.when(worked_out).then(off).otherwise(0.0).fill_null(0.0)


def _off(shares: pl.Series, decimals: int) -> float:
    """Return how far the shares are at most from so many decimals."""
    return float(np.abs((shares - shares.round(decimals)).to_numpy()).max(initial=0.0))


@dataclass(frozen=True)
class _Asked:
    """What a rule asks of a count: from when it is small, of its zero, and of its interval."""

    limit: int
    zero: bool
    width: float


def _asked(role: str, indicator: Indicator, rule: DisclosureRule) -> _Asked:
    """Return what is asked of a count. Nothing is small where a figure is not about people.

    Nobody to count among is no secret: such a figure is «not applicable».
    """
    if not rule.about_people:
        rule = rule.model_copy(update={"numerator": 0, "complement": 0, "denominator": 0})
    zero_numerator, zero_complement = zeros_hidden(indicator, rule)
    width = float(rule.width)
    sliver = max(rule.dominance_reach, ROUGHLY)
    return {
        COUNT: _Asked(rule.numerator, rule.zero == "hide", width),
        NUMERATOR: _Asked(rule.numerator, zero_numerator, width),
        COMPLEMENT: _Asked(rule.complement, zero_complement, width),
        DENOMINATOR: _Asked(rule.denominator, zero=False, width=width),
        AMOUNT: _Asked(0, zero=False, width=sliver),
    }[role]


def _piece(
    own: pl.DataFrame, role: str, count: pl.Expr, asked: _Asked, blur: pl.Expr
) -> pl.DataFrame:
    """Return the rows that speak of one count.

    A shown row that lacks the number does not speak of it; a hidden or missing one does, for
    nobody knows that it lacks it.
    """
    nobody = pl.col("status") == Status.NOT_APPLICABLE.value
    x = pl.when(nobody).then(0.0).otherwise(count)
    named = own.select(
        *_KEY,
        "row",
        pl.lit(role).alias("role"),
        x.cast(pl.Float64).alias("x"),
        "status",
        pl.lit(asked.limit, pl.Int64).alias("limit"),
        pl.lit(asked.zero).alias("zero"),
        pl.lit(asked.width).alias("width"),
        blur.alias("blur"),
        nobody.alias("nobody"),
    )
    return named.filter(~(pl.col("status").is_in(NUMBERED) & pl.col("x").is_null()))
