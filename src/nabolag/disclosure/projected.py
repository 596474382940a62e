"""Projections as they may leave: coarse, rounded, and nothing of a small group in any year.

A projection begins with counts of real persons, and its first years are close to them. A group
that is small in any registered year is therefore hidden in all years and scenarios; everything
shown is rounded, so that a hidden group cannot be had by subtraction (decision 0031).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import polars as pl

from nabolag.core import Level, Status
from nabolag.projection.axes import OLDEST, Ages

_GROUP: Final = ("level", "area", "sex", "ages_from", "ages_to")
_NUMBERS: Final = ("persons", "lower", "upper")


@dataclass(frozen=True, slots=True)
class PeopleRule:
    """What is too small, how numbers are rounded, and where ages and sexes may stand apart.

    `coarse` are the age groups that leave for every level, of both sexes together. `fine` leave
    for the levels in `fine_levels` only, sexes apart.
    """

    minimum: int
    smallest: int
    base: int
    coarse: tuple[Ages, ...]
    fine: tuple[Ages, ...]
    fine_levels: tuple[Level, ...]


def protected_people(people: pl.DataFrame, rule: PeopleRule) -> pl.DataFrame:
    """Return people (`projection.result.PEOPLE`) as they may leave the house.

    Rows outside the rule's age groups are not there; hidden ones have a status and no number.
    """
    leaving = people.filter(_leaves(rule))
    small = _small_groups(leaving, rule)
    few = _small_areas(people, rule)
    marked = leaving.join(small, on=list(_GROUP), how="left", maintain_order="left")
    marked = marked.join(few, on=["level", "area"], how="left", maintain_order="left")
    status = (
        pl.when(pl.col("_few"))
        .then(pl.lit(Status.SUPPRESSED_RULE.value))
        .when(pl.col("_small"))
        .then(pl.lit(Status.SUPPRESSED_PRIMARY.value))
        .otherwise(pl.lit(Status.VALUE.value))
    )
    shown = status == Status.VALUE.value
    rounded = [
        pl.when(shown).then((pl.col(name) / rule.base).round() * rule.base).alias(name)
        for name in _NUMBERS
    ]
    return marked.with_columns(*rounded, status.alias("status")).select(people.columns)


def _leaves(rule: PeopleRule) -> pl.Expr:
    fine = pl.col("level").is_in([level.value for level in rule.fine_levels])
    return (_of(rule.coarse) & (pl.col("sex") == "")) | (fine & _of(rule.fine))


def _of(groups: Iterable[Ages]) -> pl.Expr:
    asked = [(group.start, group.to) for group in groups]
    return pl.any_horizontal(
        pl.lit(False), *((pl.col("ages_from") == a) & (pl.col("ages_to") == b) for a, b in asked)
    )


def _small_groups(people: pl.DataFrame, rule: PeopleRule) -> pl.DataFrame:
    """Return groups with too few registered persons in some year, zero included."""
    registered = people.filter(pl.col("kind") == "registered")
    least = registered.group_by(_GROUP).agg(pl.col("persons").min())
    return least.select(*_GROUP, (pl.col("persons") < rule.minimum).alias("_small"))


def _small_areas(people: pl.DataFrame, rule: PeopleRule) -> pl.DataFrame:
    everybody = people.filter(
        pl.col("kind") == "registered",
        pl.col("sex") == "",
        pl.col("ages_from") == 0,
        pl.col("ages_to") == OLDEST,
    )
    least = everybody.group_by("level", "area").agg(pl.col("persons").min())
    return least.select("level", "area", (pl.col("persons") < rule.smallest).alias("_few"))
