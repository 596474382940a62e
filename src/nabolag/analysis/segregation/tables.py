"""Tables of segregation: indices, contacts, parts and changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

from nabolag.analysis.arrays import Floats, Ints
from nabolag.analysis.method import Given
from nabolag.analysis.segregation.chance import CORRECTED, ByChance, by_chance
from nabolag.analysis.segregation.counts import Place
from nabolag.analysis.segregation.hidden import hidden_bounds
from nabolag.analysis.segregation.indices import (
    INDICES,
    Units,
    contacts,
    row_standardised,
    units,
    with_neighbours,
)
from nabolag.analysis.segregation.parts import change, nested
from nabolag.analysis.sets import PARTS, SET, part_rows
from nabolag.geography import AreaRegister
from nabolag.geography.contiguity import contiguity

if TYPE_CHECKING:
    from nabolag.analysis.segregation.spec import Segregation

_TEXT, _NUMBER, _COUNT = pl.String(), pl.Float64(), pl.Int64()
#: `at_least` and `at_most` where units are hidden, else null. `expected` is what chance gives.
INDEXED: Final[dict[str, pl.DataType]] = {
    **SET, "index": _TEXT, "value": _NUMBER, "at_least": _NUMBER, "at_most": _NUMBER,
    "expected": _NUMBER, "corrected": _NUMBER, "p_value": _NUMBER, "units": _COUNT,
    "hidden": _COUNT, "reason": _TEXT,
}  # fmt: skip
#: What share of `to` the members of `of` have around them on average.
CONTACTS: Final[dict[str, pl.DataType]] = {
    **SET, "of": _TEXT, "to": _TEXT, "value": _NUMBER,
}  # fmt: skip
#: `part` is `total`, `composition`, `structure`, `come` or `gone`; the four sum to the total.
CHANGES: Final[dict[str, pl.DataType]] = {
    "level": _TEXT, "area": _TEXT, "indicator": _TEXT, "from": _TEXT, "to": _TEXT,
    "part": _TEXT, "value": _NUMBER,
}  # fmt: skip
#: Indices of two groups only, and those that have a version with neighbours.
_OF_TWO: Final = ("isolation", "exposure")
SPATIAL: Final = ("dissimilarity", "information", "isolation")
PREFIX: Final = "spatial_"


def indexed(spec: Segregation, sets: Sequence[Place], given: Given) -> pl.DataFrame:
    """Return every index of every place and period. Schema `INDEXED`."""
    whole = [one for one in sets if one.whole]
    rows: dict[int, list[tuple[Any, ...]]] = {}
    for groups in dict.fromkeys(one.groups for one in whole):
        alike = [one for one in whole if one.groups == groups]
        for one, values in zip(alike, _together(alike), strict=True):
            rows[id(one)] = _of_whole(spec, one, values)
    near = _neighbours(spec, given) if spec.neighbours else {}
    made: list[tuple[Any, ...]] = []
    for one in sets:
        made += rows[id(one)] if one.whole else list(_of_hidden(one))
        if spec.neighbours and one.whole:
            made += _spatial(spec, one, near)
    return pl.DataFrame(made, schema=INDEXED, orient="row")


def _names(one: Place) -> list[str]:
    return [name for name in INDICES if len(one.groups) == 2 or name not in _OF_TWO]


def _together(alike: Sequence[Place]) -> Iterator[dict[str, float]]:
    """Yield the indices of each place, all of them measured at once."""
    sizes = [len(one.areas) for one in alike]
    starts = np.cumsum([0, *sizes[:-1]])
    every = units(np.concatenate([one.counts for one in alike]), starts)
    found = {name: INDICES[name](every) for name in _names(alike[0])}
    for at in range(len(alike)):
        yield {name: float(values[at]) for name, values in found.items()}


def _of_whole(spec: Segregation, one: Place, values: Mapping[str, float]) -> list[tuple[Any, ...]]:
    chance: dict[str, ByChance] = {}
    if spec.draws and np.allclose(one.counts, np.rint(one.counts), atol=1e-6):
        wanted = [n for n in values if n in CORRECTED and np.isfinite(values[n])]
        chance = by_chance(one.counts, wanted, spec.draws, [spec.seed, _number(one)])
    return [_row(one, name, value, chance.get(name)) for name, value in values.items()]


def _number(one: Place) -> int:
    """Return a number for the seed of a place and period, the same wherever it is computed."""
    return int.from_bytes("|".join(one.key).encode(), "little") % (2**63)


def _row(one: Place, name: str, value: float, chance: ByChance | None = None) -> tuple[Any, ...]:
    against = (chance.expected, chance.corrected, chance.p_value) if chance else (None,) * 3
    counts = (len(one.areas), one.hidden)
    if not np.isfinite(value):
        return (*one.key, name, None, None, None, *against, *counts, "one_group")
    return (*one.key, name, value, None, None, *against, *counts, "")


def _of_hidden(one: Place) -> Iterator[tuple[Any, ...]]:
    """Yield what can be said of a place where something is hidden: bounds, or only the reason."""
    counts = (len(one.areas), one.hidden)
    for name in _names(one):
        bounds = hidden_bounds(one.counts, one.part, name) if one.part else (np.nan, np.nan)
        told = [bound if np.isfinite(bound) else None for bound in bounds]
        yield (*one.key, name, None, *told, None, None, None, *counts, one.reason)


def _neighbours(spec: Segregation, given: Given) -> dict[str, list[str]]:
    register = AreaRegister(given.areas, given.links, given.shapes)
    beside: dict[str, list[str]] = {}
    for code, other in contiguity(register, spec.level).select("code", "neighbour").iter_rows():
        beside.setdefault(code, []).append(other)
    return beside


def _spatial(spec: Segregation, one: Place, near: Mapping[str, list[str]]) -> list[tuple[Any, ...]]:
    around = _around(one, near, spec.own_weight)
    return [
        _row(one, PREFIX + name, float(INDICES[name](around)[0]))
        for name in SPATIAL
        if name in _names(one)
    ]


def _around(one: Place, near: Mapping[str, list[str]], own: float | None) -> Units:
    at = {code: number for number, code in enumerate(one.areas)}
    beside = [(at[a], at[b]) for a in one.areas for b in near.get(a, ()) if b in at]
    pairs: Ints = np.array(beside, np.int64).reshape(-1, 2)
    return with_neighbours(one.counts, np.array([0]), row_standardised(pairs, len(one.areas), own))


def contacts_of(sets: Sequence[Place]) -> pl.DataFrame:
    """Return who lives beside whom. Schema `CONTACTS`."""
    rows: list[tuple[Any, ...]] = []
    for one in sets:
        if one.whole:
            found = contacts(units(one.counts, np.array([0])))[0]
            rows += [
                (*one.key, of, to, float(found[i, j]))
                for i, of in enumerate(one.groups)
                for j, to in enumerate(one.groups)
                if np.isfinite(found[i, j])
            ]
    return pl.DataFrame(rows, schema=CONTACTS, orient="row")


def nested_of(level: str, sets: Sequence[Place]) -> pl.DataFrame:
    """Return M between and within the areas of a level, where every unit lies in one.

    Schema `PARTS`.
    """
    rows: list[tuple[Any, ...]] = []
    for one in sets:
        if not one.whole or not all(one.nest):
            continue
        names, group = np.unique(np.array(one.nest), return_inverse=True)
        order = np.argsort(group, kind="stable")
        found = nested(one.counts[order], group[order])
        rows += part_rows(one.key, level, names, found.between, found.weight * found.within)
    return pl.DataFrame(rows, schema=PARTS, orient="row")


def changes(sets: Sequence[Place]) -> pl.DataFrame:
    """Return what the change of M from the first to the last whole period is made of.

    Schema `CHANGES`. Nothing where there are not two, or the adjustment did not settle.
    """
    rows: list[tuple[Any, ...]] = []
    ordered = sorted((one for one in sets if one.whole), key=lambda one: one.key[:3])
    for place, every in groupby(ordered, key=lambda one: one.key[:3]):
        held = list(every)
        first, last = held[0], held[-1]
        if first.period == last.period or first.groups != last.groups:
            continue
        before, after = _side_by_side(first, last)
        found = change(before, after)
        if not found.settled:
            continue
        parts = {"composition": found.composition, "structure": found.structure,
                 "come": found.come, "gone": found.gone}  # fmt: skip
        told = {"total": sum(parts.values()), **parts}
        ends = (first.period, last.period)
        rows += [(*place, *ends, name, float(value)) for name, value in told.items()]
    return pl.DataFrame(rows, schema=CHANGES, orient="row")


def _side_by_side(first: Place, last: Place) -> tuple[Floats, Floats]:
    areas = sorted({*first.areas, *last.areas})
    at = {code: number for number, code in enumerate(areas)}
    made = []
    for one in (first, last):
        table = np.zeros((len(areas), len(one.groups)))
        table[[at[code] for code in one.areas]] = one.counts
        made.append(table)
    return made[0], made[1]
