"""Observations recoded as a whole: every unit by its own rule, statuses and bounds kept."""

from __future__ import annotations

import polars as pl
import pytest

from nabolag.core import Indicator, Kind, Text, Unit, Worse
from nabolag.geography.dated import recode
from nabolag.store import conform
from nabolag.store.frames import OBSERVATIONS
from tests.geography.dated.country import LEVEL, one
from tests.geography.dated.test_recode import way
from tests.geography.places import speaks


def indicator(name: str, unit: Unit) -> Indicator:
    text, kind, ring = Text.same(name), Kind.CHALLENGE, "income"
    return Indicator(name, text, text, unit=unit, kind=kind, worse=Worse.HIGH, ring=ring)


INDICATORS = {
    "share": indicator("share", Unit.SHARE),
    "people": indicator("people", Unit.COUNT),
    "rate": indicator("rate", Unit.RATE),
    "price": indicator("price", Unit.NOK),
}


def seen(rows: list[dict[str, object]]) -> pl.DataFrame:
    common = {"level": LEVEL, "geography": "2005", "period": "2005", "group": "", "status": "value",
              "reason": "", "mark": "", "source": "s"}  # fmt: skip
    made = [{**common, **row} for row in rows]
    return conform(pl.DataFrame(made, infer_schema_length=None), OBSERVATIONS)


def both(name: str, *given: tuple[float, float | None, float | None]) -> list[dict[str, object]]:
    return [
        {"indicator": name, "area": area, "value": v, "numerator": n, "denominator": d}
        for area, (v, n, d) in zip(("0101", "0102"), given, strict=True)
    ]


def test_every_unit_is_moved_by_its_own_rule() -> None:
    rows = seen(
        [
            *both("share", (0.1, 60.0, 600.0), (0.2, 80.0, 400.0)),
            *both("people", (600.0, None, None), (400.0, None, None)),
            *both("rate", (10.0, 6.0, 600.0), (5.0, 2.0, 400.0)),
            *both("price", (10.0, None, None), (20.0, None, None)),
        ]
    )
    told = recode(rows, way(), INDICATORS).figures
    values = dict(told.filter(area="0103").select("indicator", "value").iter_rows())
    assert values == {
        "share": pytest.approx(0.14), "people": 1000.0, "rate": pytest.approx(8.0), "price": None,
    }  # fmt: skip
    reasons = dict(told.select("indicator", "reason").iter_rows())
    assert reasons["share"] == "recoded:2005:merged"
    assert reasons["price"] == "recoded:2005:unmoved"
    assert set(told["geography"]) == {"2018"}
    assert told.schema == pl.Schema(OBSERVATIONS)


def test_a_figure_whose_area_is_the_same_keeps_its_bounds() -> None:
    row = {"indicator": "share", "area": "0201", "value": 0.1, "numerator": 50.0,
           "denominator": 500.0, "lower": 0.08, "upper": 0.13}  # fmt: skip
    told = one(recode(seen([row]), way(), INDICATORS).figures, "0301")
    assert (told["lower"], told["upper"], told["value"]) == (0.08, 0.13, 0.1)
    assert told["reason"] == "recoded:2005:renumbered"


def test_hidden_figures_stay_hidden_with_their_reason() -> None:
    rows = both("share", (0.1, 60.0, 600.0), (0.2, 80.0, 400.0))
    hidden = {"value": None, "numerator": None, "denominator": None,
              "status": "suppressed_primary", "reason": "producer", "mark": ":"}  # fmt: skip
    told = one(recode(seen([{**rows[0], **hidden}, rows[1]]), way(), INDICATORS).figures, "0103")
    assert (told["status"], told["value"], told["numerator"]) == ("suppressed_primary", None, None)
    assert told["mark"] == ":"


def test_each_figure_comes_from_the_borders_it_names() -> None:
    rows = [*both("people", (600.0, None, None), (400.0, None, None)),
            {"indicator": "people", "area": "0103", "value": 1100.0, "geography": "2018",
             "period": "2018"}]  # fmt: skip
    told = recode(seen(rows), way(), INDICATORS)
    assert told.figures.select("period", "value").rows() == [("2005", 1000.0), ("2018", 1100.0)]
    assert speaks(told.findings) == []


def test_nothing_gives_nothing_and_an_unknown_indicator_is_refused() -> None:
    assert recode(seen(both("share", (1, 1, 1), (1, 1, 1))).clear(), way(), {}).figures.is_empty()
    with pytest.raises(KeyError):
        recode(seen(both("share", (1, 1, 1), (1, 1, 1))), way(), {})
