"""What an index would be by chance alone: small units are uneven even where nobody sorts.

Everybody is dealt anew into the places of the units, which keep their size; groups keep theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from nabolag.analysis.arrays import Floats, Ints
from nabolag.analysis.segregation.indices import INDICES, units

#: Numbers held at once.
_BLOCK = 4_000_000
#: Indices whose corrected value is (x − x̄) / (1 − x̄); M is x − x̄ (Carrington and Troske 1997).
_SCALED: Final = ("dissimilarity", "information", "isolation")
CORRECTED: Final = (*_SCALED, "mutual")


@dataclass(frozen=True, slots=True)
class ByChance:
    """One index against chance: what chance gives on average, and how often it gives as much.

    `corrected` is the index less what chance gives, 0 where it is no more than that.
    `p_value` is (1 + draws at least as uneven) / (1 + draws).
    """

    expected: float
    corrected: float
    p_value: float


def by_chance(
    counts: Floats, names: Sequence[str], draws: int, seed: int | Sequence[int]
) -> dict[str, ByChance]:
    """Return each index of one place against chance. `counts` are whole, of shape (units, groups).

    Raises `ValueError` for counts that are not whole numbers of persons.
    """
    whole = np.rint(counts).astype(np.int64)
    if np.abs(counts - whole).max(initial=0) > 1e-6 or (whole < 0).any():
        raise ValueError("counts are not whole numbers of persons")
    one = np.array([0])
    dealt = list(_dealt(whole, draws, np.random.default_rng(seed)))
    found = {}
    for name in names:
        own = float(INDICES[name](units(counts, one))[0])
        chance = np.concatenate([INDICES[name](units(part, one))[..., 0] for part in dealt])
        found[name] = _against(name, own, chance)
    return found


def _against(name: str, own: float, chance: Floats) -> ByChance:
    expected = float(chance.mean())
    more = own - expected
    corrected = more / (1 - expected) if name in _SCALED and expected < 1 else more
    # Draws that give the same to rounding are as uneven.
    as_much = int((chance >= own - 1e-12).sum())
    return ByChance(expected, corrected, (1 + as_much) / (1 + len(chance)))


def _dealt(counts: Ints, draws: int, chance: np.random.Generator) -> Iterator[Floats]:
    """Yield tables of chance with both margins kept, shape (draws, units, groups), in blocks."""
    step = max(1, _BLOCK // max(counts.size, 1))
    for at in range(0, draws, step):
        yield _deal(counts.sum(axis=1), counts.sum(axis=0), min(step, draws - at), chance)


def _deal(room: Ints, people: Ints, draws: int, chance: np.random.Generator) -> Floats:
    """Deal group after group into the room that is left; the last group takes what remains."""
    tables = np.zeros((draws, len(room), len(people)))
    left = np.repeat(room[None, :], draws, axis=0)
    for group, size in enumerate(people[:-1]):
        if group == 0:
            dealt = chance.multivariate_hypergeometric(room, size, draws, method="marginals")
        else:
            dealt = np.stack(
                [chance.multivariate_hypergeometric(r, size, method="marginals") for r in left]
            )
        tables[:, :, group] = dealt
        left = left - dealt
    tables[:, :, -1] = left
    return tables
