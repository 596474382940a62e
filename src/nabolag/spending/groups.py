"""A fit taken apart by group: all that few-group inference needs, without the rows.

Nothing here depends on how many rows there are. The algebra is that of MacKinnon, Nielsen and
Webb (2023): cross-products by group are enough for cluster-robust errors, for leaving one group
out at a time, and for the wild cluster bootstrap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse

from nabolag.spending.checks import Floats, Ints
from nabolag.spending.fitting import Fit
from nabolag.spending.within import taken_out

#: More levels than this of an effect that crosses groups are not written out as 0/1 variables.
MOST_LEVELS: Final = 300
#: A direction this small beside the largest is none.
_RANK: Final = 1e-11


@dataclass(frozen=True)
class Groups:
    """Cross-products by group of the columns (`xx`, G × k × k) and with the outcome (`xy`, G × k).

    The first columns are the terms of the fit. Each column is divided by its `size`, so that its
    sum of squares is one. `inverse` is that of the sum of `xx`, and `correction` what a
    cluster-robust variance is multiplied by.
    """

    xx: Floats
    xy: Floats
    size: Floats
    inverse: Floats
    correction: float

    @property
    def count(self) -> int:
        """The number of groups."""
        return len(self.xx)

    @property
    def estimate(self) -> Floats:
        """The estimates, for every column as it was."""
        return np.asarray(self.fitted / self.size)

    @property
    def fitted(self) -> Floats:
        """The estimates, for every column divided by its size."""
        return np.asarray(self.inverse @ self.xy.sum(axis=0))

    def scores(self) -> Floats:
        """Return the sum over rows of column times residual, by group (G × k)."""
        return self.xy - self.xx @ self.fitted

    def variance(self) -> Floats:
        """Return the cluster-robust variance (CR1) of every column as it was."""
        pushed = self.scores() @ self.inverse / self.size
        return np.asarray(self.correction * (pushed.T @ pushed))

    def without_each(self) -> Floats:
        """Return the estimates without each group (G × k); not a number where there are none."""
        every, outcome = self.xx.sum(axis=0), self.xy.sum(axis=0)
        rank = np.linalg.matrix_rank(every, tol=_RANK * np.abs(every).max(), hermitian=True)
        found = np.full(self.xy.shape, np.nan)
        for at in range(self.count):
            left = every - self.xx[at]
            tolerance = _RANK * np.abs(left).max()
            if np.linalg.matrix_rank(left, tol=tolerance, hermitian=True) == rank:
                inverse = np.linalg.pinv(left, rcond=_RANK, hermitian=True)
                found[at] = inverse @ (outcome - self.xy[at])
        return found / self.size

    def jackknife(self) -> Floats:
        """Return standard errors by leaving out one group at a time (CR3), centred at the fit."""
        apart = self.without_each() - self.estimate
        share = (self.count - 1) / self.count
        return np.asarray(np.sqrt(share * (apart**2).sum(axis=0)))


def nested(effect: Ints, cluster: Ints) -> bool:
    """Tell whether each level of an effect lies in one group."""
    first = np.full(int(effect.max()) + 1, -1, dtype=np.int64)
    first[effect] = cluster
    return bool((first[effect] == cluster).all())


def grouped(fit: Fit, cluster: Ints) -> Groups | None:
    """Take a fit apart by group; nothing where an effect that crosses groups has many levels.

    Effects within groups are taken out of the columns already. Those that cross groups, and the
    constant where there are no effects, become columns.
    """
    design = fit.design
    effects = {one: design.groups[one] for one in design.regression.fixed_effects}
    crossing = {one: codes for one, codes in effects.items() if not nested(codes, cluster)}
    if any(int(codes.max()) + 1 > MOST_LEVELS for codes in crossing.values()):
        return None
    root = np.ones(design.n) if design.weight is None else np.sqrt(design.weight)
    more = [_indicators(codes) * root[:, None] for codes in crossing.values()]
    if not effects:
        more = [root[:, None]]
    inner = [codes for one, codes in effects.items() if one not in crossing]
    if inner and more:
        more = [taken_out(block / root[:, None], inner, root**2) * root[:, None] for block in more]
    x = np.column_stack([fit.x, *more])
    size = np.sqrt((x**2).sum(axis=0))
    size[size == 0] = 1.0
    xx, xy = _products(x / size, fit.y, cluster)
    inverse = np.linalg.pinv(xx.sum(axis=0), rcond=_RANK, hermitian=True)
    levels = sum(int(codes.max()) for codes in crossing.values())
    taken = fit.x.shape[1] + levels + 1
    n, count = design.n, len(xx)
    correction = count / (count - 1) * (n - 1) / (n - taken) if count > 1 else np.nan
    return Groups(xx, xy, size, inverse, float(correction))


def _indicators(codes: Ints) -> Floats:
    return np.asarray(codes[:, None] == np.arange(int(codes.max()) + 1), dtype=np.float64)


def _products(x: Floats, y: Floats, cluster: Ints) -> tuple[Floats, Floats]:
    """Return the cross-products of each group, by one sparse product for each column."""
    n, k = x.shape
    member = sparse.csr_matrix((np.ones(n), (cluster, np.arange(n))))
    xx = np.empty((member.shape[0], k, k))
    for at in range(k):
        xx[:, at, at:] = member @ (x[:, at:] * x[:, [at]])
        xx[:, at:, at] = xx[:, at, at:]
    return xx, np.asarray(member @ (x * y[:, None]))
