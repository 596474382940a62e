"""Tables for the tests of rounding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from nabolag.disclosure.rounding import Rounded, round_block
from nabolag.disclosure.rounding.lots import count_names
from nabolag.disclosure.system import Block, linear_system
from tests.disclosure.make import CATALOGUE, figure, frame, links

Rows = list[dict[str, Any]]
TOWN = "kommune:9999"

# Langsrud and Heldal (2018), table 1, as printed in the vignette of SmallCountRounding.
PUBLISHED = ((6, 0, 1, 3, 4), (1, 2, 3, 1, 2), (0, 1, 1, 0, 2))
#: Table 2 there: all of 1–4 rounded with base 5.
PUBLISHED_ROUNDED = ((6, 0, 0, 5, 5), (0, 0, 5, 0, 0), (0, 0, 0, 0, 5))


def crossed(table: Sequence[Sequence[int]], *, period: str = "2020") -> Rows:
    """Counts of areas (rows) by group (columns), with both margins and the total."""
    rows = []
    for i, line in enumerate(table):
        more = {"period": period}
        rows += [
            figure(f"delbydel:{i:04}", "people", x, group=f"g={j}", **more)
            for j, x in enumerate(line)
        ]
        rows.append(figure(f"delbydel:{i:04}", "people", sum(line), **more))
    for j, column in enumerate(zip(*table, strict=True)):
        rows.append(figure(TOWN, "people", sum(column), group=f"g={j}", period=period))
    return [*rows, figure(TOWN, "people", sum(map(sum, table)), period=period)]


def in_town(n: int) -> pl.DataFrame:
    return links(*[(f"delbydel:{i:04}", TOWN) for i in range(n)])


def traits(people: Sequence[int], poor: Sequence[int], born: Sequence[int] | None = None) -> Rows:
    """Areas with everybody and one or two traits, and their town. Nobody gives «not applicable»."""
    rows = []
    for i, (of, *some) in enumerate(zip(people, poor, born or poor, strict=True)):
        place = f"delbydel:{i:04}"
        nobody = {} if of else {"status": "not_applicable", "value": None}
        rows.append(figure(place, "people", of))
        rows.append(figure(place, "poor", some[0], of, **nobody))
        rows += [figure(place, "born", some[1], of, **nobody)] if born else []
    rows += [figure(TOWN, "people", sum(people)), figure(TOWN, "poor", sum(poor), sum(people))]
    return [*rows, figure(TOWN, "born", sum(born), sum(people))] if born else rows


def rounded_blocks(
    rows: Rows, linked: pl.DataFrame, base: int = 3, seed: int = 1
) -> list[tuple[Block, Rounded]]:
    """The blocks of some figures, and what rounding makes of each."""
    system = linear_system(frame(rows), CATALOGUE, linked)
    return [
        (block, round_block(block, count_names(system.names, number), base, seed))
        for number, block in enumerate(system.blocks)
    ]


def rounded_block(
    rows: Rows, linked: pl.DataFrame, base: int = 3, seed: int = 1
) -> tuple[Block, Rounded]:
    """The only block of some figures, and what rounding makes of it."""
    (only,) = rounded_blocks(rows, linked, base, seed)
    return only


def squares(block: Block, value: Any, cells: Any) -> float:
    """The sum of squared changes of some published counts."""
    return float(np.nansum((block.value - value)[cells] ** 2))
