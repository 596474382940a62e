"""Counts added up to higher levels, with their statuses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from nabolag.core import Level
from nabolag.geography.register import AreaRegister
from nabolag.store.statuses import only_known

_CHILD = ["level", "area"]


def roll_up(
    figures: pl.DataFrame,
    register: AreaRegister,
    to_levels: Iterable[Level],
    amounts: Mapping[str, str],
    keys: Sequence[str] = ("period", "group"),
) -> pl.DataFrame:
    """Add figures up to the areas of each of the levels that lie above theirs.

    `figures` holds `level`, `area`, the columns of `keys`, and for each name of `amounts` a
    number and the rank of its status. Returns `level`, `area`, the keys, the amounts, their
    ranks, and `from_level`: where figures of several levels lie in an area, each level gives a
    sum of its own, for they count the same people.

    The strongest status of the parts wins (`core.add`): a sum with a hidden or missing part is
    itself hidden or missing and has no number, never a part of one. An area that has no row is
    no part; use `Accounted.whole` where that means missing, `Accounted.given` where the source
    leaves out areas with nobody. Areas that lie in none of the levels are in no sum; `unlinked`
    returns them.

    An area may lie in several areas of one's own, of sets that overlap: it is counted once in each,
    and since nothing lies above them, never twice in anything.

    Raises `ValueError` for what would be counted twice: two rows of an area for the same keys,
    and an area in two areas of another level (`build_register` reports such links and leaves
    them out).
    """
    if figures.select(pl.struct(*_CHILD, *keys).is_duplicated().any()).item():
        raise ValueError("an area has two rows for the same figure: a sum would count it twice")
    parents = _parents(register, to_levels)
    nested = parents.filter(pl.col("parent_level") != Level.CUSTOM.value)
    if nested.select(pl.struct(*_CHILD, "parent_level").is_duplicated().any()).item():
        raise ValueError("an area lies in two areas of a level: a sum would count it twice")
    ranks = tuple(dict.fromkeys(amounts.values()))
    joined = figures.join(parents, on=_CHILD, how="inner")
    summed = joined.group_by(
        ["level", "parent_level", "parent_code", *keys], maintain_order=True
    ).agg(
        # A sum with a null in it is unknown, though Polars would call it the sum of the rest.
        *(pl.when(pl.col(a).null_count() == 0).then(pl.col(a).sum()).alias(a) for a in amounts),
        *(pl.col(rank).max() for rank in ranks),
    )
    return summed.select(
        pl.col("parent_level").alias("level"),
        pl.col("parent_code").alias("area"),
        *keys,
        *(only_known(pl.col(name), pl.col(rank)).alias(name) for name, rank in amounts.items()),
        *ranks,
        pl.col("level").alias("from_level"),
    )


def unlinked(
    figures: pl.DataFrame, register: AreaRegister, to_levels: Iterable[Level]
) -> pl.DataFrame:
    """Return the figures that no sum holds, though others of their level are summed."""
    parents = _parents(register, to_levels)
    summed = figures.filter(pl.col("level").is_in(parents["level"].unique().to_list()))
    return summed.join(parents, on=_CHILD, how="anti")


def _parents(register: AreaRegister, to_levels: Iterable[Level]) -> pl.DataFrame:
    """Return level, area, parent_level and parent_code of the areas that lie in the levels."""
    wanted = [level.value for level in to_levels]
    links = register.closed_links.filter(pl.col("parent_level").is_in(wanted))
    return links.rename({"code": "area"})
