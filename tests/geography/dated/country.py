"""A small invented country whose borders change, for tests of dated geography."""

from __future__ import annotations

from datetime import date

import polars as pl

from nabolag.geography.dated import (
    CHANGES,
    CODES,
    POPULATION,
    Changes,
    DatedAreas,
    changes_of,
    dated_areas,
)
from nabolag.store import conform

LEVEL = "kommune"
#: 0101 and 0102 merge to 0103 in 2010; 0201 gets the code 0301 in 2015; 0103 is split into 0104
#: and 0105 in 2020; 0401 gives a part to 0402 in 2020.
SPELLS = [
    ("0101", "Ås", None, "2010-01-01"),
    ("0102", "Vik", None, "2010-01-01"),
    ("0103", "Åsvik", "2010-01-01", "2020-01-01"),
    ("0104", "Nye Ås", "2020-01-01", None),
    ("0105", "Nye Vik", "2020-01-01", None),
    ("0201", "Dal", None, "2015-01-01"),
    ("0301", "Dal", "2015-01-01", None),
    ("0401", "Nes", None, None),
    ("0402", "Berg", None, None),
]
STEPS = [
    ("0101", "Ås", "0103", "Åsvik", "2010-01-01", None),
    ("0102", "Vik", "0103", "Åsvik", "2010-01-01", None),
    ("0201", "Dal", "0301", "Dal", "2015-01-01", None),
    ("0103", "Åsvik", "0104", "Nye Ås", "2020-01-01", None),
    ("0103", "Åsvik", "0105", "Nye Vik", "2020-01-01", None),
    ("0401", "Nes", "0402", "Berg", "2020-01-01", 0.1),
]
PEOPLE = [
    ("0101", 2005, 600), ("0102", 2005, 400), ("0201", 2005, 500), ("0401", 2005, 1000),
    ("0402", 2005, 2000), ("0103", 2019, 1000), ("0104", 2020, 700), ("0105", 2020, 300),
    ("0301", 2020, 500), ("0401", 2020, 900), ("0402", 2020, 2100),
]  # fmt: skip


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def lists(extra: list[tuple[str, str, str | None, str | None]] | None = None) -> DatedAreas:
    rows = [(LEVEL, code, name, day(a), day(b)) for code, name, a, b in [*SPELLS, *(extra or [])]]
    names = ["level", "code", "name", "valid_from", "valid_to"]
    schema = {name: CODES[name] for name in names}
    return dated_areas(pl.DataFrame(rows, schema=schema, orient="row"))


Step = tuple[str, str, str, str, str, float | None]


def steps(rows: list[Step] | None = None) -> pl.DataFrame:
    made = [(LEVEL, *row[:4], day(row[4]), row[5]) for row in (STEPS if rows is None else rows)]
    names = ["level", "from_code", "from_name", "to_code", "to_name", "date", "share"]
    frame = pl.DataFrame(made, schema={name: CHANGES[name] for name in names}, orient="row")
    return conform(frame, CHANGES)


def changes(rows: list[Step] | None = None, areas: DatedAreas | None = None) -> Changes:
    return changes_of(steps(rows), lists() if areas is None else areas)


def people(year: int | None = None) -> pl.DataFrame:
    rows = [(LEVEL, code, at, float(n)) for code, at, n in PEOPLE if year in (None, at)]
    return pl.DataFrame(rows, schema=POPULATION, orient="row")


def figures(
    rows: dict[str, tuple[float | None, float | None] | str],
    geography: str = "2005",
    level: str = LEVEL,
    period: str = "2005",
) -> pl.DataFrame:
    """Return figures of a share: numerator and denominator, or a status without numbers."""
    made = []
    for area, given in rows.items():
        hidden = {"missing": 3, "suppressed": 6}.get(given) if isinstance(given, str) else None
        n, d = (None, None) if isinstance(given, str) else given
        rank = hidden if hidden is not None else (2 if d == 0 else 0)
        value = n / d if n is not None and d else None
        part = hidden if hidden is not None else 0
        made.append((geography, level, area, period, "", value, rank, n, part, d, part, ""))
    return pl.DataFrame(made, schema=SCHEMA, orient="row")


SCHEMA = {
    **dict.fromkeys(("geography", "level", "area", "period", "group"), pl.String()),
    "value": pl.Float64(), "rank": pl.Int64(), "numerator": pl.Float64(),
    "numerator_rank": pl.Int64(), "denominator": pl.Float64(), "denominator_rank": pl.Int64(),
    "mark": pl.String(),
}  # fmt: skip


def one(frame: pl.DataFrame, area: str) -> dict[str, object]:
    """Return the one row of an area."""
    return frame.filter(pl.col("area") == area).row(0, named=True)
