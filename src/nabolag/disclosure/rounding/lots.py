"""A number drawn for each cell from a seed and the cell's own name, whatever order rows come in."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

import numpy as np
import polars as pl
from numpy.typing import NDArray

from nabolag.disclosure.system.areas import Floats, Ints

_Words = NDArray[np.uint64]
_NAME = ("indicator", "role", "period", "group")


def lots(seed: int, areas: pl.DataFrame, counts: Iterable[str], cells: Ints) -> Floats:
    """Return a number in [0, 1) for each cell (`area * m + count`).

    `areas` has `level` and `area`; `counts` are the m names of the counts (`count_names`). Equal
    seeds and names give equal numbers, and all others numbers that have nothing to do with them.
    """
    rows = _hashed(
        seed, (f"{level}:{area}" for level, area in areas.select("level", "area").rows())
    )
    columns = _hashed(seed, counts)
    area, count = np.divmod(cells, columns.size)
    return (_mixed(rows[area] ^ _mixed(columns[count])) >> np.uint64(11)) / float(2**53)


def count_names(names: pl.DataFrame, block: int) -> list[str]:
    """Return what each count of a block is called; of counts that are one, the first by name."""
    own = names.filter(pl.col("block") == block)
    said = own.select("column", name=pl.concat_str(_NAME, separator="\x1f"))
    return said.group_by("column").agg(pl.col("name").min()).sort("column")["name"].to_list()


def _hashed(seed: int, names: Iterable[str]) -> _Words:
    key = str(seed).encode()
    digests = b"".join(blake2b(name.encode(), digest_size=8, key=key).digest() for name in names)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def _mixed(words: _Words) -> _Words:
    """Scatter the bits of each word (the finaliser of SplitMix64: Steele, Lea and Flood, 2014)."""
    z = words ^ (words >> np.uint64(30))
    z = z * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    scattered: _Words = z ^ (z >> np.uint64(31))
    return scattered
