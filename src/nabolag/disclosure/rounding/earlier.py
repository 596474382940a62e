"""What earlier releases showed of the counts that are rounded now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import polars as pl

from nabolag.core import Finding, Indicator, Severity, Unit
from nabolag.disclosure.rounding.cells import Rounded
from nabolag.disclosure.rounding.inner import NOTHING
from nabolag.disclosure.system import System
from nabolag.disclosure.system.areas import Floats
from nabolag.disclosure.system.spoken import COMPLEMENT, COUNT, DENOMINATOR, NUMERATOR

_EXAMPLES: Final = 5
_PLACE = ("level", "area", "indicator", "period", "group")


def shown_earlier(
    system: System, before: Sequence[pl.DataFrame], catalogue: Mapping[str, Indicator]
) -> list[Floats]:
    """Return, for each block, what was shown of each count the last time, NaN where nothing was.

    `before` are what left the house (`store.ledger.SHOWN`), the oldest first.
    """
    found = [np.full(block.shape, np.nan) for block in system.blocks]
    for figures in before:
        located = system.located(_counts(figures, catalogue))
        for (number,), rows in located.partition_by("block", as_dict=True).items():
            i, c = rows["place"].to_numpy(), rows["column"].to_numpy()
            found[int(str(number))][i, c] = rows["x"].to_numpy()
    return found


def shown_exactly(
    system: System, done: Sequence[Rounded | None], before: Sequence[Floats]
) -> tuple[Finding, ...]:
    """Tell of counts that are changed now and were shown as they are before.

    Whoever has both may work small numbers out: of a sum, how much was rounded within it.
    """
    examples: list[str] = []
    count = 0
    for block, rounded, told in zip(system.blocks, done, before, strict=True):
        if rounded is None:
            continue
        true = np.abs(told - block.implied) < NOTHING
        area, column = np.nonzero(true & (np.abs(told - rounded.value) > NOTHING))
        count += area.size
        some = zip(area[:_EXAMPLES].tolist(), column[:_EXAMPLES].tolist(), strict=True)
        for i, c in some:
            level, code = block.areas.areas.select("level", "area").row(i)
            iid, period = block.counts.select("indicator", "period").row(c)
            examples.append(f"{level}:{code} {iid} {period}")
    if not count:
        return ()
    named = tuple(dict.fromkeys(examples))[:_EXAMPLES]
    return (Finding("rounding_shown_before", Severity.WARNING, count=count, examples=named),)


def _counts(figures: pl.DataFrame, catalogue: Mapping[str, Indicator]) -> pl.DataFrame:
    """Return the counts of figures that were shown, one row each, with `role` and `x`."""
    units = [(iid, one.unit.value) for iid, one in catalogue.items()]
    schema = {"indicator": pl.String(), "unit": pl.String()}
    named = figures.join(pl.DataFrame(units, schema=schema, orient="row"), on="indicator")
    counted = named.filter(pl.col("unit") == Unit.COUNT.value)
    parts = named.filter(pl.col("unit").is_in([Unit.SHARE.value, Unit.RATE.value]))
    some, of = pl.col("numerator"), pl.col("denominator")
    pieces = [
        _piece(counted, COUNT, pl.col("value")),
        _piece(parts, NUMERATOR, some),
        _piece(parts, DENOMINATOR, of),
        _piece(parts.filter(pl.col("unit") == Unit.SHARE.value), COMPLEMENT, of - some),
    ]
    return pl.concat(pieces).drop_nulls("x")


def _piece(figures: pl.DataFrame, role: str, x: pl.Expr) -> pl.DataFrame:
    return figures.select(*_PLACE, role=pl.lit(role), x=x.cast(pl.Float64))
