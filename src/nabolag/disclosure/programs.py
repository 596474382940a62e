"""Linear programs with HiGHS: one set of equations and bounds, many objectives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from scipy import sparse

from nabolag.disclosure.system.areas import Floats

#: No count is larger than this; a program without any bound has no answer.
_FAR: Final = 1e7


class Programs:
    """Tables that agree with equations and bounds, and the most extreme of them.

    `right` holds between what each equation must sum to, `bounds` between what each cell lies.
    """

    def __init__(
        self,
        matrix: sparse.csr_array,
        right: tuple[Floats, Floats],
        bounds: tuple[Floats, Floats],
    ) -> None:
        import highspy  # noqa: PLC0415

        self._highs = _quiet(highspy)
        self._optimal = highspy.HighsModelStatus.kOptimal
        lower, upper = bounds
        far = np.maximum(_FAR, 10 * np.abs(np.concatenate(right)).max(initial=0.0))
        self._highs.passModel(_model(highspy, matrix, right, (lower, np.minimum(upper, far))))
        self._cost: dict[int, float] = {}
        self.solved = 0

    def hold(self, bounds: Mapping[int, tuple[float, float]]) -> None:
        """Bound some cells anew."""
        for cell, (lower, upper) in bounds.items():
            self._highs.changeColBounds(cell, lower, upper)

    def extreme(self, cost: Mapping[int, float]) -> Floats | None:
        """Return the table of least cost, `None` where no table agrees with everything.

        A cost of −1 for a cell makes it as large as it can be.
        """
        change = {**dict.fromkeys(self._cost, 0.0), **cost}
        where = np.fromiter(change, dtype=np.int32, count=len(change))
        values = np.fromiter(change.values(), dtype=np.float64, count=len(change))
        self._highs.changeColsCost(where.size, where, values)
        self._cost = dict(cost)
        self._highs.run()
        self.solved += 1
        if self._highs.getModelStatus() != self._optimal:
            return None
        return np.array(self._highs.getSolution().col_value, dtype=np.float64)


def _quiet(highspy: Any) -> Any:
    """Return a solver that prints nothing, not even who made it."""

    class Quiet(highspy.Highs):  # type: ignore[misc]
        def __init__(self) -> None:
            super(highspy.Highs, self).__init__()

    solver = Quiet()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    return solver


def _model(
    highspy: Any,
    matrix: sparse.csr_array,
    right: tuple[Floats, Floats],
    bounds: tuple[Floats, Floats],
) -> Any:
    rows, columns = matrix.shape
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = columns, rows
    model.col_cost_ = np.zeros(columns)
    model.col_lower_, model.col_upper_ = bounds
    model.row_lower_, model.row_upper_ = right
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = matrix.indptr
    model.a_matrix_.index_ = matrix.indices
    model.a_matrix_.value_ = matrix.data
    return model
