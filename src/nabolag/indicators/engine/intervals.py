"""How sure figures are: exact bounds of shares, and what a mean's standard error gives."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import polars as pl

Numbers = npt.NDArray[np.float64]
#: Halvings of [0, 1]: finer than a 64-bit float can tell apart.
_HALVINGS = 60
#: Steps of the continued fraction; it has settled long before for any count of people.
_STEPS = 400
#: The square of a millionth; below it, the difference of two sums of squares is their rounding.
_TOLD_APART = 1e-12


def deviate(confidence: float) -> float:
    """Return how many standard errors a two-sided interval reaches (1.96 for 0.95)."""
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def mean_bounds(
    total: pl.Expr, squares: pl.Expr, count: pl.Expr, confidence: float
) -> list[pl.Expr]:
    """Return lower and upper bound of a mean: z standard errors to either side.

    The standard error is √(s²/n), with s² = (Σx² − (Σx)²/n) / (n − 1). Null for fewer than two.
    Rounded to nine significant digits, which is far more than the bounds mean and keeps them the
    same whatever order the squares were added in. For the same reason numbers that differ by
    less than a millionth of their size are taken to be equal: that is what the squares can tell.
    """
    spread = squares - total * total / count
    variance = pl.when(spread > _TOLD_APART * squares).then(spread).otherwise(0.0) / (count - 1)
    reach = deviate(confidence) * (variance / count).sqrt()
    sound = count >= 2
    return [
        pl.when(sound).then((total / count - reach).round_sig_figs(9)).alias("lower"),
        pl.when(sound).then((total / count + reach).round_sig_figs(9)).alias("upper"),
    ]


def exact_bounds(frame: pl.DataFrame, confidence: float) -> pl.DataFrame:
    """Add Clopper–Pearson bounds (`lower`, `upper`) of `numerator` among `denominator`.

    Null where the numerator is outside 0..denominator or there is nobody to count among.
    """
    counts = ["numerator", "denominator"]
    sound = (pl.col("denominator") > 0) & pl.col("numerator").is_between(0, pl.col("denominator"))
    once = frame.select(counts).filter(sound).unique()
    some, of = once["numerator"].to_numpy(), once["denominator"].to_numpy()
    tail = (1 - confidence) / 2
    lower = np.where(some == 0, 0.0, _beta_quantile(tail, some, of - some + 1))
    upper = np.where(some == of, 1.0, _beta_quantile(1 - tail, some + 1, of - some))
    return frame.join(once.with_columns(lower=lower, upper=upper), on=counts, how="left")


def _beta_quantile(probability: float, a: Numbers, b: Numbers) -> Numbers:
    """Return where the beta distribution reaches a probability, by halving."""
    shape_a, shape_b = np.maximum(a, 1e-9), np.maximum(b, 1e-9)
    low, high = np.zeros_like(shape_a), np.ones_like(shape_a)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        below = _beta_share(middle, shape_a, shape_b) < probability
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    result: Numbers = (low + high) / 2
    return result


def _beta_share(x: Numbers, a: Numbers, b: Numbers) -> Numbers:
    """Return the regularised incomplete beta function (DLMF 8.17.22, by Lentz's method)."""
    swap = x > (a + 1) / (a + b + 2)
    near = np.where(swap, 1 - x, x)
    first, second = np.where(swap, b, a), np.where(swap, a, b)
    with np.errstate(divide="ignore"):
        logs = first * np.log(near) + second * np.log1p(-near)
    front = np.exp(logs + _log_gamma(a + b) - _log_gamma(a) - _log_gamma(b)) / first
    share = front * _fraction(near, first, second)
    result: Numbers = np.where(swap, 1 - share, share)
    return result


def _fraction(x: Numbers, a: Numbers, b: Numbers) -> Numbers:
    """Return 1 over the continued fraction of the incomplete beta function."""
    tiny = 1e-300
    c = np.ones_like(x)
    d = 1 / _away(1 - (a + b) * x / (a + 1), tiny)
    found = d.copy()
    for m in range(1, _STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _away(1 + term * d, tiny)
            c = _away(1 + term / c, tiny)
            found = found * c * d
        if np.all(np.abs(c * d - 1) < 1e-15):
            break
    return found


def _away(x: Numbers, tiny: float) -> Numbers:
    result: Numbers = np.where(np.abs(x) < tiny, tiny, x)
    return result


def _log_gamma(x: Numbers) -> Numbers:
    """Return ln Γ(x) by Stirling's series after moving the argument above 10."""
    moved, shift = x.astype(float).copy(), np.zeros_like(x, dtype=float)
    for _ in range(10):
        small = moved < 10
        shift = np.where(small, shift + np.log(np.maximum(moved, 1e-300)), shift)
        moved = np.where(small, moved + 1, moved)
    inverse = 1 / moved
    series = inverse * (
        1 / 12 - inverse**2 * (1 / 360 - inverse**2 * (1 / 1260 - inverse**2 / 1680))
    )
    result: Numbers = (moved - 0.5) * np.log(moved) - moved + np.log(2 * np.pi) / 2 + series - shift
    return result
