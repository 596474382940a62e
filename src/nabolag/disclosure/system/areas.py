"""How areas add up: every set of areas that makes up another, through all levels and sets.

An area holds what the smallest areas in it hold. So one area lies in another where all its
smallest areas do, also where nobody links the two (a living-condition zone made of whole
sub-districts), and a whole is its parts of one level and, where they do not fill it, the smallest
areas that are left over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from nabolag.core import Level

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_ORDER = {level.value: place for place, level in enumerate(Level)}
#: Institutions lie in areas, but areas are not made up of them: their users come from all over.
_INSTITUTIONS = (Level.SCHOOL.value, Level.KINDERGARTEN.value)


@dataclass(frozen=True)
class AreaSums:
    """The equations between some areas, the same for every count of theirs.

    `areas` (level, area) gives each area its place. Each row of `sums` is an equation: −1 at the
    whole, 1 at each part. `filled` tells where the register says that the parts fill the whole;
    where it does not, numbers decide. `instead[e]` are equations that together say the same as
    equation `e` (through a level between), empty where there are none. `inside[i, j]` is true
    where area i lies in area j.
    """

    areas: pl.DataFrame
    sums: sparse.csr_array
    filled: Flags
    instead: tuple[Ints, ...]
    inside: sparse.csr_array

    @property
    def n(self) -> int:
        """How many areas there are."""
        return self.areas.height

    @cached_property
    def around(self) -> tuple[Ints, ...]:
        """For each area, itself and the areas it lies in."""
        rows = np.split(self.inside.indices, self.inside.indptr[1:-1])
        return tuple(np.sort(np.append(row, i)).astype(np.int64) for i, row in enumerate(rows))

    @cached_property
    def within(self) -> tuple[Ints, ...]:
        """For each area, the areas that lie in it."""
        columns = self.inside.tocsc()
        return tuple(
            part.astype(np.int64) for part in np.split(columns.indices, columns.indptr[1:-1])
        )

    @cached_property
    def smallest(self) -> Flags:
        """Which areas have no other in them."""
        return np.array([part.size == 0 for part in self.within], dtype=np.bool_)


def area_sums(areas: pl.DataFrame, links: pl.DataFrame) -> AreaSums:
    """Return how areas (`level`, `area`) add up. `links` are closed (`core.columns.LINKS`)."""
    smallest = _smallest_in(areas, links)
    size = np.asarray(smallest.sum(axis=1)).ravel()
    order = areas["level"].replace_strict(_ORDER, return_dtype=pl.Int64).to_numpy()
    inside = _inside(smallest, size, order) + _institutions(areas, links)
    found = list(_equations(inside, smallest, size, order))
    wholes = np.array([whole for whole, *_ in found], dtype=np.int64)
    sums = _matrix(found, areas.height)
    filled = np.array([full for *_, full in found], dtype=np.bool_)
    keys = [(whole, level) for whole, level, *_ in found]
    plain = [not left for *_, left, _ in found]
    instead = _instead(sums, wholes, keys, filled & np.array(plain, dtype=np.bool_))
    return AreaSums(areas, sums, filled, instead, inside)


def _smallest_in(areas: pl.DataFrame, links: pl.DataFrame) -> sparse.csr_array:
    """Return which of the register's smallest areas each area holds (itself where it is one)."""
    links = links.filter(~pl.col("level").is_in(_INSTITUTIONS))
    named = areas.select("level", code="area").with_row_index("i")
    parents = links.select(level="parent_level", code="parent_code").unique()
    alone = named.join(parents, on=["level", "code"], how="anti")
    held = named.rename({"level": "parent_level", "code": "parent_code"}).join(
        links.join(parents, on=["level", "code"], how="anti"),
        on=["parent_level", "parent_code"],
    )
    pairs = pl.concat([frame.select("i", "level", "code") for frame in (alone, held)]).unique()
    units = pairs.select("level", "code").unique().with_row_index("unit")
    placed = pairs.join(units, on=["level", "code"])
    where = (placed["i"].to_numpy(), placed["unit"].to_numpy())
    ones = np.ones(placed.height)
    return sparse.csr_array((ones, where), shape=(areas.height, units.height))


def _inside(smallest: sparse.csr_array, size: Floats, order: Ints) -> sparse.csr_array:
    """Return which area lies in which. Of two that hold the same, the lower level lies inside."""
    shared = (smallest @ smallest.T).tocoo()
    i, j = shared.row.astype(np.int64), shared.col.astype(np.int64)
    lower = _later(order, i, j)
    holds = (shared.data == size[i]) & (i != j) & ((size[i] < size[j]) | lower)
    data = np.ones(int(holds.sum()))
    return sparse.csr_array((data, (i[holds], j[holds])), shape=shared.shape)


def _institutions(areas: pl.DataFrame, links: pl.DataFrame) -> sparse.csr_array:
    """Return which institution lies in which area, as the register says."""
    named = areas.with_row_index("i")
    placed = (
        links.filter(pl.col("level").is_in(_INSTITUTIONS))
        .join(named, left_on=["level", "code"], right_on=["level", "area"])
        .join(
            named.rename({"i": "j"}),
            left_on=["parent_level", "parent_code"],
            right_on=["level", "area"],
        )
    )
    where = (placed["i"].to_numpy(), placed["j"].to_numpy())
    return sparse.csr_array((np.ones(placed.height), where), shape=(areas.height, areas.height))


def _later(order: Ints, i: Ints, j: Ints) -> Flags:
    later: Flags = (order[i] > order[j]) | ((order[i] == order[j]) & (i > j))
    return later


def _equations(
    inside: sparse.csr_array, smallest: sparse.csr_array, size: Floats, order: Ints
) -> Iterator[tuple[int, int, Ints, bool, bool]]:
    """Yield (whole, level of parts, parts, whether some are left over, whether they fill it)."""
    institution = np.isin(order, [_ORDER[level] for level in _INSTITUTIONS])
    columns = inside.tocsc()
    filled_by = inside[~institution].tocsc()
    bottom = (np.diff(filled_by.indptr) == 0) & ~institution
    for whole in np.flatnonzero(np.diff(columns.indptr)):
        within = columns.indices[columns.indptr[whole] : columns.indptr[whole + 1]]
        levels = order[within]
        for level in np.unique(levels):
            parts = within[levels == level]
            full = size[parts].sum() == size[whole] and not institution[parts[0]]
            none = full or institution[parts[0]]
            left = parts[:0] if none else _left_over(parts, within[bottom[within]], smallest)
            if left.size:
                parts = np.concatenate([parts, left])
                full = size[parts].sum() == size[whole]
            yield int(whole), int(level), parts.astype(np.int64), bool(left.size), bool(full)


def _left_over(parts: Ints, bottoms: Ints, smallest: sparse.csr_array) -> Ints:
    """Return the areas without others in them that lie in none of the parts."""
    covered = np.asarray(smallest[parts].sum(axis=0)).ravel() > 0
    touched = smallest[bottoms] @ covered.astype(np.float64)
    left: Ints = bottoms[touched == 0]
    return left


def _matrix(found: list[tuple[int, int, Ints, bool, bool]], n: int) -> sparse.csr_array:
    if not found:
        return sparse.csr_array((0, n))
    lengths = [1 + parts.size for _, _, parts, *_ in found]
    columns = np.concatenate([np.append(whole, parts) for whole, _, parts, *_ in found])
    data = np.ones(columns.size)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    data[starts[:-1]] = -1.0
    matrix = sparse.csr_array((data, columns, starts), shape=(len(found), n))
    matrix.sort_indices()
    return matrix


def _instead(
    sums: sparse.csr_array,
    wholes: Ints,
    keys: list[tuple[int, int]],
    plain: Flags,
) -> tuple[Ints, ...]:
    """Return, for each equation, shorter ones through a level between that say the same."""
    place = {key: e for e, key in enumerate(keys)}
    by_whole: dict[int, list[int]] = {}
    for e, whole in enumerate(wholes.tolist()):
        by_whole.setdefault(whole, []).append(e)
    found = []
    for e, (_, level) in enumerate(keys):
        beside = [o for o in by_whole[int(wholes[e])] if o != e and plain[o] and plain[e]]
        ways = (_way(sums, place, o, (int(wholes[e]), level), plain) for o in beside)
        found.append(next((way for way in ways if way.size), np.zeros(0, np.int64)))
    return tuple(found)


def _way(
    sums: sparse.csr_array,
    place: dict[tuple[int, int], int],
    through: int,
    wanted: tuple[int, int],
    plain: Flags,
) -> Ints:
    """Return the equations of a way through other parts, empty where one of them is not there."""
    whole, level = wanted
    middles = sums.indices[sums.indptr[through] : sums.indptr[through + 1]]
    steps = [place.get((int(middle), level), -1) for middle in middles if middle != whole]
    if any(step < 0 or not plain[step] for step in steps):
        return np.zeros(0, np.int64)
    return np.array([through, *steps], dtype=np.int64)
