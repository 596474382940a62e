"""How much of the inequality lies between areas that are neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

from nabolag.analysis.inequality.gini import NearAndFar, Pairs, near_and_far
from nabolag.analysis.inequality.tables import Places, too_little
from nabolag.analysis.method import Given
from nabolag.analysis.neighbours import Neighbours, Way, neighbours_of
from nabolag.analysis.sets import SET
from nabolag.core import Finding, Severity

if TYPE_CHECKING:
    from nabolag.analysis.inequality.spec import Inequality

_NUMBER, _COUNT = pl.Float64(), pl.Int64()
#: `near` + `far` = `gini`; `near_apart` and `far_apart` are weighted mean differences of a pair, in
#: the unit of the figure, `expected` what `near_apart` is on average by chance. `reason` says why
#: nothing is told: as in `measures`, or `no_neighbours`.
PAIRS: Final[dict[str, pl.DataType]] = {
    **SET, **dict.fromkeys(("gini", "near", "far", "near_apart", "far_apart"), _NUMBER),
    "expected": _NUMBER, "p": _NUMBER, "near_pairs": _COUNT, "far_pairs": _COUNT,
    "areas": _COUNT, "unknown": _COUNT, "reason": pl.String(),
}  # fmt: skip
_TOLD: Final = 7


def near_pairs(
    spec: Inequality, given: Given, sets: Sequence[Places]
) -> tuple[pl.DataFrame, list[Finding]]:
    """Return the Gini coefficient of each set by who are neighbours (`PAIRS`), and what is wrong.

    A pair is near where either of the two is a neighbour of the other.
    """
    codes = given.areas.filter(pl.col("level") == spec.level.value)["code"].unique().sort()
    way: Way = spec.neighbours or "border"
    every = _once(neighbours_of(given, spec.level, codes, way, spec.count))
    place = pl.DataFrame({"area": codes}).with_row_index("at")
    rows = [_row(spec, one, place, every) for one in sets]
    table = pl.DataFrame(rows, schema=PAIRS, orient="row")
    alone = table.filter(pl.col("reason") == "no_neighbours")
    found = [
        Finding("inequality_no_neighbours", Severity.WARNING, count=part.height,
                params={"id": spec.id, "indicator": str(iid)},
                examples=tuple(part["period"].unique(maintain_order=True).head(5).to_list()))
        for (iid,), part in alone.group_by("indicator", maintain_order=True)
    ]  # fmt: skip
    return table, found


def _row(spec: Inequality, one: Places, place: pl.DataFrame, every: Pairs) -> tuple[Any, ...]:
    known = one.known(along=False)
    counts = (known.height, one.rows.height - known.height)
    numbers = known.select("area").join(place, on="area", how="left", maintain_order="left")["at"]
    pairs = _among(every, numbers.to_numpy(), place.height)
    near = len(pairs.first)
    between = (near, known.height * (known.height - 1) // 2 - near)
    reason = too_little(spec, *counts) or ("" if near else "no_neighbours")
    if not reason:
        value, weight = known["value"].to_numpy(), known["weight"].to_numpy()
        found = near_and_far(value, weight, pairs, spec.permutations, spec.seed)
        if np.isfinite(found.whole):
            return (*one.key, *_told(found), *between, *counts, "")
        reason = "cannot_be_computed"
    return (*one.key, *[None] * _TOLD, *between, *counts, reason)


def _told(found: NearAndFar) -> tuple[float | None, ...]:
    told = (found.whole, found.near, found.far, found.near_apart, found.far_apart,
            found.expected, found.p)  # fmt: skip
    return tuple(number if np.isfinite(number) else None for number in told)


def _once(near: Neighbours) -> Pairs:
    """Return each pair of neighbours once, whoever of the two names the other."""
    low, high = np.minimum(near.own, near.other), np.maximum(near.own, near.other)
    pairs = np.unique(np.stack([low, high]), axis=1)
    return Pairs(pairs[0], pairs[1])


def _among(every: Pairs, kept: np.ndarray[Any, Any], size: int) -> Pairs:
    """Return the pairs among some of the areas, numbered anew in the order of `kept`."""
    place = np.full(size, -1, dtype=np.int64)
    place[kept] = np.arange(len(kept))
    first, second = place[every.first], place[every.second]
    both = (first >= 0) & (second >= 0)
    return Pairs(first[both], second[both])
