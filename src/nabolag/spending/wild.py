"""The wild cluster restricted bootstrap, from cross-products by group.

Cameron, Gelbach and Miller (2008): residuals of the fit that holds the null hypothesis true are
given a random sign by group, and the t-value is worked out anew. Webb (2014): six weights where
groups are so few that signs make next to no different samples. Intervals are all values that the
test does not reject, found by moving the null hypothesis.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Final, Literal

import numpy as np

from nabolag.spending.checks import Floats
from nabolag.spending.groups import Groups

Kind = Literal["rademacher", "webb"]
_WEBB: Final = np.sqrt(np.array([0.5, 1.0, 1.5]))
#: t-values this near each other are the same.
_SAME: Final = 1e-9
#: How far out, in standard errors, and how finely an interval is looked for.
_FARTHEST, _FINEST, _STEPS = 1e6, 1e-6, 200


@dataclass(frozen=True)
class Wild:
    """What the bootstrap says of one term.

    `draws` is how many samples there were, `enumerated` whether they are all there are. An end
    of the interval is infinite where the test never rejects on that side.
    """

    kind: Kind
    draws: int
    enumerated: bool
    p: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Draws:
    """Weights by group and sample (G × B). Those opposite to one that is there are left out."""

    kind: Kind
    weights: Floats
    enumerated: bool


def draw(groups: int, draws: int, kind: Kind, seed: int) -> Draws:
    """Return the weights: all there are where they are no more than `draws`, else random ones.

    A sample and its opposite give the same t-value but for the sign, so all signs of the last
    group are held.
    """
    values = np.array([-1.0, 1.0]) if kind == "rademacher" else np.concatenate([-_WEBB, _WEBB])
    half = len(values) ** groups // 2
    if half <= draws:
        positive = values[values > 0]
        every = np.array(list(product(*([values] * (groups - 1)), positive)), dtype=np.float64)
        return Draws(kind, np.ascontiguousarray(every.T), enumerated=True)
    rng = np.random.default_rng(seed)
    return Draws(kind, rng.choice(values, size=(groups, draws)), enumerated=False)


def wild(groups: Groups, term: int, weights: Draws, alpha: float) -> Wild:
    """Return the p-value of no association, and the interval, of the term at a position."""
    null = Null(groups, term, weights)
    p = null.p(0.0)
    middle, step = null.estimate, null.error
    if not np.isfinite(step) or step <= 0:
        return Wild(weights.kind, weights.weights.shape[1], weights.enumerated, p, -np.inf, np.inf)
    lower, upper = (_end(null.p, middle, side * step, alpha) for side in (-1, 1))
    return Wild(weights.kind, weights.weights.shape[1], weights.enumerated, p, lower, upper)


class Null:
    """The bootstrap of one term for any null hypothesis: everything is linear in it."""

    def __init__(self, groups: Groups, term: int, weights: Draws) -> None:
        """Work out what each sample gives for a null of zero, and how it changes with it."""
        xx, xy, inverse = groups.xx, groups.xy, groups.inverse
        others = np.arange(xx.shape[1]) != term
        every, outcome = xx.sum(axis=0), xy.sum(axis=0)
        rest = np.linalg.pinv(every[np.ix_(others, others)], rcond=1e-13, hermitian=True)
        of_outcome, of_term = rest @ outcome[others], rest @ every[others, term]
        #: By group: column times residual of the outcome, and of the term itself (G × k).
        scores = (
            xy - xx[:, :, others] @ of_outcome,
            xx[:, :, term] - xx[:, :, others] @ of_term,
        )
        row = inverse[term]
        reach = (row @ xx) @ inverse
        self._weights, self._size = weights, float(groups.size[term])
        self._correction = groups.correction
        self._tops = [(one @ row) @ weights.weights for one in scores]
        self._parts = [(np.diag(one @ row) - reach @ one.T) @ weights.weights for one in scores]
        self.estimate = float(groups.estimate[term])
        self.error = float(np.sqrt(groups.variance()[term, term]))

    def p(self, null: float) -> float:
        """Return the share of samples with a t-value at least as far out as the one there is."""
        sized = null * self._size
        top = self._tops[0] - sized * self._tops[1]
        part = self._parts[0] - sized * self._parts[1]
        spread = np.sqrt(self._correction * np.einsum("gb,gb->b", part, part))
        there = abs(self.estimate - null) / self.error
        outside = np.abs(top) >= there * spread * (1 - _SAME)
        if self._weights.enumerated:
            return float(outside.mean())
        return float((1 + outside.sum()) / (1 + len(outside)))


def _end(p: Callable[[float], float], middle: float, step: float, alpha: float) -> float:
    """Return where the test begins to reject on one side; infinite where it never does."""
    inside, outside = 0.0, 1.0
    while p(middle + outside * step) >= alpha:
        inside, outside = outside, outside * 2
        if outside > _FARTHEST:
            return float(np.inf if step > 0 else -np.inf)
    for _ in range(_STEPS):
        if outside - inside < _FINEST:
            break
        half = (inside + outside) / 2
        if p(middle + half * step) >= alpha:
            inside = half
        else:
            outside = half
    return float(middle + inside * step)
