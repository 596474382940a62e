"""Keys as small numbers: hundreds of thousands of figures are sorted and joined on these.

The order of the numbers is the order of the texts they stand for, so nothing is arranged
differently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import polars as pl

from nabolag.core import Period

KEYS = ("level", "area", "indicator", "period")
#: Room in `position` for the places in time of one series (`periods.step`), and a gap after them.
_ROOM = 10_000_000


def coded(figures: pl.DataFrame, indicators: Iterable[str]) -> pl.DataFrame:
    """Return the frame with its keys (`KEYS`) as enumerations of the values they have.

    `indicators` are given, since some may have no figures.
    """
    values = {name: figures[name].unique().sort() for name in KEYS if name != "indicator"}
    values["indicator"] = pl.Series("indicator", list(indicators), pl.String).sort()
    return figures.with_columns(pl.col(name).cast(pl.Enum(found)) for name, found in values.items())


def coded_as(column: str, figures: pl.DataFrame, name: str) -> pl.Expr:
    """Return a column of text in the code of a key of coded figures; null where it has none."""
    return pl.col(column).cast(figures.schema[name], strict=False).alias(name)


def text(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with its keys as text again."""
    return frame.with_columns(
        pl.col(name).cast(pl.String) for name in KEYS if name in frame.columns
    )


def number(frame: pl.DataFrame, *names: str) -> pl.Expr:
    """Return one number for several coded columns; it sorts as they do, the first one first."""
    found = pl.lit(0, pl.Int64)
    for name in names:
        found = found * len(_categories(frame, name)) + pl.col(name).to_physical().cast(pl.Int64)
    return found


def position(
    frame: pl.DataFrame, within: tuple[str, ...], step: Callable[[Period], int]
) -> pl.Expr:
    """Return where a row stands: one more than another where it follows it in the same series.

    `within` are coded columns that make a series, `step` gives the place of a period in time. A
    series never touches the next.
    """
    periods = _categories(frame, "period").to_list()
    at = pl.Series([step(Period.parse(text)) for text in periods], dtype=pl.Int64)
    return number(frame, *within) * _ROOM + pl.lit(at).gather(pl.col("period").to_physical())


def _categories(frame: pl.DataFrame, name: str) -> pl.Series:
    kind = frame.schema[name]
    if not isinstance(kind, pl.Enum):
        raise TypeError(f"{name} is not coded")
    return kind.categories
