"""Counted figures beside delivered ones."""

from __future__ import annotations

import polars as pl
import pytest

from nabolag.indicators import merged
from nabolag.store import conform
from nabolag.store.frames import OBSERVATIONS


def figures(source: str, *rows: tuple[str, str, float | None]) -> pl.DataFrame:
    """Observations of one indicator, an area and a year a row."""
    frame = pl.DataFrame(
        [
            {
                "level": "kommune",
                "area": area,
                "indicator": "crowded_households",
                "period": period,
                "group": "",
                "value": value,
                "status": "missing" if value is None else "value",
                "source": source,
            }
            for area, period, value in rows
        ]
    )
    absent = [
        pl.lit(None).cast(kind).alias(name)
        for name, kind in OBSERVATIONS.items()
        if name not in frame.columns
    ]
    return conform(frame.with_columns(absent), OBSERVATIONS)


@pytest.mark.parametrize(
    ("prefer", "value", "code"),
    [("registers", 0.2, "counting_also_delivered"), ("deliveries", 0.1, "counting_gave_way")],
)
def test_the_preferred_figure_stands_and_it_is_told(prefer: str, value: float, code: str) -> None:
    """One figure a key; how many gave way is said."""
    delivered = figures("fil", ("9901", "2024", 0.1), ("9902", "2024", 0.3))
    counted = figures("registers", ("9901", "2024", 0.2), ("9903", "2024", 0.4))
    together, (told,) = merged(delivered, counted, prefer)
    assert dict(together.select("area", "value").iter_rows()) == {
        "9901": value,
        "9902": 0.3,
        "9903": 0.4,
    }
    assert (told.code, told.count, told.params["indicators"]) == (code, 1, 1)
    assert told.text("nn")


def test_a_gap_gives_way_to_a_figure_that_is_there() -> None:
    """Missing is not preferred to known, whichever is preferred."""
    delivered = figures("fil", ("9901", "2016", 0.1))
    counted = figures("registers", ("9901", "2016", None))
    together, _ = merged(delivered, counted, "registers")
    assert together["value"].to_list() == [0.1]
    assert together["source"].to_list() == ["fil"]


def test_nothing_is_told_where_nothing_meets() -> None:
    """Two sources for different years are no conflict."""
    together, told = merged(
        figures("fil", ("9901", "2016", 0.1)), figures("registers", ("9901", "2017", 0.2)),
        "registers",
    )  # fmt: skip
    assert together.height == 2
    assert told == ()
