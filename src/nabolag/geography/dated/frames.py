"""The columns of dated geography, and how a geography year becomes a day."""

from __future__ import annotations

from datetime import date

import polars as pl

#: One row a spell in which a code was in use. `valid_to` is the first day on which it no longer
#: is (as KLASS writes it). `known_from` and `known_to` say when the register held the row itself.
CODES: dict[str, pl.DataType] = {
    "level": pl.String(),
    "code": pl.String(),
    "name": pl.String(),
    "valid_from": pl.Date(),
    "valid_to": pl.Date(),
    "known_from": pl.Date(),
    "known_to": pl.Date(),
}
#: One row a code that people moved between when borders changed on `date`. `share` is the part
#: of the old area's people that went to the new one, where it is known.
CHANGES: dict[str, pl.DataType] = {
    "level": pl.String(),
    "from_code": pl.String(),
    "from_name": pl.String(),
    "to_code": pl.String(),
    "to_name": pl.String(),
    "date": pl.Date(),
    "share": pl.Float64(),
    "known_from": pl.Date(),
}
#: One row a pair of areas that share people, of one level. `weight` is the part of the old area
#: that lies in the new one; `low` and `high` what is known of it; `basis` where it comes from.
CROSSWALK: dict[str, pl.DataType] = {
    "geography": pl.String(),
    "level": pl.String(),
    "from_code": pl.String(),
    "to_code": pl.String(),
    "weight": pl.Float64(),
    "low": pl.Float64(),
    "high": pl.Float64(),
    "basis": pl.String(),
}
#: How many lived in an area in a year, in that year's borders or in those named by its code.
POPULATION: dict[str, pl.DataType] = {
    "level": pl.String(),
    "code": pl.String(),
    "year": pl.Int64(),
    "persons": pl.Float64(),
}


def day_of(geography: str) -> date:
    """Return the day a geography stands for: 1 January of a year, or the ISO date itself.

    Raises `ValueError` for anything else.
    """
    text = geography.strip()
    return date(int(text), 1, 1) if len(text) == 4 and text.isdigit() else date.fromisoformat(text)


def valid_on(day: date) -> pl.Expr:
    """Tell which spells hold on a day; open ends hold for ever."""
    begun = (pl.col("valid_from") <= day).fill_null(value=True)
    over = (pl.col("valid_to") <= day).fill_null(value=False)
    return begun & ~over


def known_on(day: date | None) -> pl.Expr:
    """Tell which rows the register held on a day; without a day, those it holds now."""
    if day is None:
        return pl.col("known_to").is_null()
    begun = (pl.col("known_from") <= day).fill_null(value=True)
    over = (pl.col("known_to") <= day).fill_null(value=False)
    return begun & ~over
