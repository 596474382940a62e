"""From figures to blocks: the linear system of a release."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from scipy import sparse

from nabolag.core import Indicator
from nabolag.disclosure.rules import DisclosureRule
from nabolag.disclosure.system.areas import AreaSums, Flags, Floats, Ints, area_sums
from nabolag.disclosure.system.blocks import Block, Relations
from nabolag.disclosure.system.holding import areas_hold, counts_hold
from nabolag.disclosure.system.relations import SHARE, declared_same, relations
from nabolag.disclosure.system.same import equal_columns, joined
from nabolag.disclosure.system.spoken import spoken

_COUNT: Final = ("indicator", "role", "period", "group")
_FIGURE: Final = ("indicator", "period", "group")


@dataclass(frozen=True)
class System:
    """The linear system of a release: blocks that no equation links to one another.

    `names` says where each count stands: `indicator`, `role`, `period`, `group`, and the `block`
    and `column` it has there. Counts that are the same share a column. `figures` are the
    observations that the system was made of, inside the house.
    """

    blocks: tuple[Block, ...]
    names: pl.DataFrame
    figures: pl.DataFrame

    def located(self, terms: pl.DataFrame) -> pl.DataFrame:
        """Add `block`, `place` and `column` to rows that name a count and an area.

        `terms` has `level`, `area`, `indicator`, `role`, `period` and `group`, as `spoken` gives
        them. Rows about cells that are not in the system are left out.
        """
        where = [
            block.areas.areas.with_row_index("place").with_columns(block=pl.lit(number, pl.UInt32))
            for number, block in enumerate(self.blocks)
        ]
        if not where:
            return terms.clear().with_columns(block=pl.lit(0), place=pl.lit(0), column=pl.lit(0))
        return terms.join(self.names, on=_COUNT).join(
            pl.concat(where), on=["block", "level", "area"]
        )


def linear_system(
    figures: pl.DataFrame,
    catalogue: Mapping[str, Indicator],
    links: pl.DataFrame,
    rules: Sequence[DisclosureRule] = (),
) -> System:
    """Return every equation between the counts that figures speak of, block by block.

    `figures` follow `core.columns.OBSERVATIONS`: their statuses are those of the release, their
    numbers those of the house where it knows them (from a release alone, hidden numbers are null).
    `links` are closed. Equations: a whole area is the sum of its parts, everybody the sum of the
    groups, a span the sum of its years, those with a trait and those without are everybody, and
    what the catalogue declares (`made_of`, `counted_among`). Counts that are equal wherever both
    are known are one count. An equation that numbers contradict does not hold there.

    Raises `KeyError` for an indicator that the catalogue does not have.
    """
    terms = spoken(figures, catalogue, rules)
    counts = terms.select(_COUNT).unique(maintain_order=True).with_row_index("count")
    columns = terms.select(_FIGURE).unique(maintain_order=True).with_row_index("figure")
    places = terms.select("level", "area").unique(maintain_order=True).with_row_index("place")
    numbered = (
        terms.join(counts, on=_COUNT, maintain_order="left")
        .join(columns, on=_FIGURE, maintain_order="left")
        .join(places, on=["level", "area"], maintain_order="left")
    )
    one = _one_count(numbered, counts, catalogue)
    numbered = numbered.with_columns(count=pl.Series(one)[numbered["count"]])
    found = relations(counts.cast({"count": pl.Int64}), catalogue)
    found = found.with_columns(count=pl.Series(one)[found["count"]])
    found = found.group_by("equation", "believed", "count").agg(pl.col("factor").first())
    part = _components(numbered, found, counts.height)
    named = _Named(counts, columns, places, links)
    blocks = tuple(_blocks(numbered, found, part, named))
    return System(blocks, _names(counts, one, part), figures)


def _names(counts: pl.DataFrame, one: Ints, part: Ints) -> pl.DataFrame:
    """Return where each count stands: its block, and its column there."""
    _, block = np.unique(part[one], return_inverse=True)
    return (
        counts.with_columns(block=pl.Series(block).cast(pl.UInt32), one=pl.Series(one))
        .with_columns((pl.col("one").rank("dense").over("block") - 1).alias("column"))
        .drop("count", "one")
    )


@dataclass(frozen=True)
class _Named:
    """The names behind the numbers."""

    counts: pl.DataFrame
    columns: pl.DataFrame
    places: pl.DataFrame
    links: pl.DataFrame


def _one_count(
    numbered: pl.DataFrame, counts: pl.DataFrame, catalogue: Mapping[str, Indicator]
) -> Ints:
    """Return, for each count, the first of those that are the same."""
    declared = declared_same(counts.cast({"count": pl.Int64}), catalogue)
    return joined(counts.height, numbered, declared, equal_columns(numbered, counts))


def _components(numbered: pl.DataFrame, found: pl.DataFrame, n: int) -> Ints:
    """Return which component each count is in: linked by figures that speak of both, or sums."""
    by_figure = numbered.group_by("figure").agg(pl.col("count").unique())
    by_equation = found.group_by("equation").agg(pl.col("count").unique())
    pairs = [
        frame.select(one=pl.col("count").list.first(), other=pl.col("count")).explode("other")
        for frame in (by_figure, by_equation)
    ]
    joint = pl.concat([pair.cast(pl.Int64) for pair in pairs])
    where = (joint["one"].to_numpy(), joint["other"].to_numpy())
    graph = sparse.csr_array((np.ones(joint.height), where), shape=(n, n))
    _, label = sparse.csgraph.connected_components(graph, directed=False)
    return np.asarray(label, dtype=np.int64)


def _blocks(
    numbered: pl.DataFrame, found: pl.DataFrame, part: Ints, named: _Named
) -> Iterator[Block]:
    """Yield the blocks; areas that are the same for several are worked out once."""
    own = numbered.with_columns(part=pl.Series(part)[numbered["count"]])
    theirs = found.with_columns(part=pl.Series(part)[found["count"]])
    terms = {key[0]: frame for key, frame in theirs.partition_by("part", as_dict=True).items()}
    known: dict[bytes, AreaSums] = {}
    for (number,), rows in (
        own.sort("part").partition_by("part", as_dict=True, maintain_order=True).items()
    ):
        places = np.sort(rows["place"].unique().to_numpy()).astype(np.int64)
        key = places.tobytes()
        if key not in known:
            chosen = named.places[places.tolist()].select("level", "area")
            known[key] = area_sums(chosen, named.links)
        yield _block(rows, terms.get(number, found.clear()), (places, known[key]), named)


def _block(
    rows: pl.DataFrame, terms: pl.DataFrame, where: tuple[Ints, AreaSums], named: _Named
) -> Block:
    places, sums = where
    counts = np.sort(rows["count"].unique().to_numpy()).astype(np.int64)
    figures = np.sort(rows["figure"].unique().to_numpy()).astype(np.int64)
    i = np.searchsorted(places, rows["place"].to_numpy())
    c = np.searchsorted(counts, rows["count"].to_numpy())
    f = np.searchsorted(figures, rows["figure"].to_numpy())
    shape = (places.size, counts.size)
    cells = _Cells.of(rows, i, c, shape)
    row = np.full((places.size, figures.size), -1, dtype=np.int64)
    row[i, f] = rows["row"].to_numpy()
    speaks = np.zeros((figures.size, counts.size), dtype=np.bool_)
    speaks[f, c] = True
    between, holds = _holding(_relations(terms, counts), cells)
    return Block(
        areas=sums,
        counts=named.counts[counts.tolist()].drop("count"),
        relations=between,
        figures=named.columns[figures.tolist()].drop("figure"),
        speaks=speaks,
        row=row,
        value=cells.value,
        present=cells.present,
        limit=cells.limit,
        zero=cells.zero,
        nobody=cells.nobody,
        width=cells.width,
        holds_areas=areas_hold(sums, cells.value, cells.present, cells.blur),
        holds_counts=holds,
    )


@dataclass(frozen=True)
class _Cells:
    """What is known of each cell of a block, whichever figures speak of it."""

    value: Floats
    present: Flags
    limit: Ints
    zero: Flags
    nobody: Flags
    width: Floats
    blur: Floats

    @classmethod
    def of(cls, rows: pl.DataFrame, i: Ints, c: Ints, shape: tuple[int, int]) -> _Cells:
        """Lay rows out. The strictest limit counts, and one number is as good as another."""
        x = rows["x"].to_numpy()
        told = ~np.isnan(x)
        value = np.full(shape, np.nan)
        value[i[told], c[told]] = x[told]
        present = np.zeros(shape, dtype=np.bool_)
        present[i, c] = True
        limit = np.zeros(shape, dtype=np.int64)
        np.maximum.at(limit, (i, c), rows["limit"].to_numpy())
        zero, nobody = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
        np.logical_or.at(zero, (i, c), rows["zero"].to_numpy())
        np.logical_or.at(nobody, (i, c), rows["nobody"].to_numpy())
        width, blur = np.zeros(shape), np.zeros(shape)
        np.maximum.at(width, (i, c), rows["width"].to_numpy())
        blur[i, c] = rows["blur"].to_numpy()
        return cls(value, present, limit, zero, nobody, width, blur)


def _holding(between: Relations, cells: _Cells) -> tuple[Relations, Flags]:
    """Return the equations between counts that hold in some area, and where they do."""
    holds = counts_hold(between, cells.value, cells.present, cells.blur)
    somewhere = holds.any(axis=0)
    matrix = sparse.csr_array(between.matrix[np.flatnonzero(somewhere)])
    kept = Relations(matrix, between.believed[somewhere], between.parts[somewhere])
    return kept, holds[:, somewhere]


def _relations(terms: pl.DataFrame, counts: Ints) -> Relations:
    """Return the equations of a block; those that say nothing (a count is itself) are left out."""
    real = terms.filter(pl.len().over("equation") > 1)
    names = real.select("equation", "believed").unique().sort("equation").with_row_index("e")
    placed = real.join(names, on=["equation", "believed"])
    columns = np.searchsorted(counts, placed["count"].to_numpy())
    where = (placed["e"].to_numpy(), columns)
    shape = (names.height, counts.size)
    matrix = sparse.csr_array((placed["factor"].to_numpy(), where), shape=shape)
    matrix.sort_indices()
    parts = ~names["equation"].str.starts_with(SHARE).to_numpy()
    return Relations(matrix, names["believed"].to_numpy().astype(np.bool_), parts)
