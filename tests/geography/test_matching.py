"""Figures held against the register."""

from __future__ import annotations

from datetime import date

import polars as pl

from nabolag.core import Place, Severity
from nabolag.geography import build_register, match
from tests.geography.places import counts, inline, speaks, squares, town


def test_figures_that_fit_say_nothing() -> None:
    cells = counts({"0101": 10, "0102": 20, "0201": 30, "0202": 40})
    assert match(cells, town()) == ()


def test_every_kind_of_misfit_is_named_and_counted() -> None:
    cells = counts(
        {
            "0101": 10,
            "0102": 20,
            "0201": 30,
            "0109": 400,
            "9901": 500,
            "0777": 600,
            "0778": "missing",
        }
    )
    cells = cells.with_row_index("row", offset=2)
    found = match(cells, town(), place=Place("f.csv"), carries="numerator")
    assert speaks(found) == [
        "match_unknown",
        "match_retired",
        "match_shapeless",
        "match_without_figures",
    ]
    unknown, retired, shapeless, without = found
    assert (unknown.severity, unknown.count, unknown.examples) == (
        Severity.ERROR,
        2,
        ("0777", "0778"),
    )
    assert (unknown.place.file, unknown.place.row) == ("f.csv", 7)
    assert (unknown.params["sum"], unknown.params["rows"]) == ("600", 2)
    assert (retired.examples, retired.params["sum"]) == (("0109 Gamle A",), "400")
    assert (shapeless.examples, shapeless.params["sum"]) == (("9901 Uten adresse",), "500")
    assert without.examples == ("0202 D",)
    assert "sum i 2018: 600" in unknown.text("nn")


def test_what_unexpected_places_carry_is_of_the_last_period_and_never_small() -> None:
    cells = pl.concat([counts({"0777": 900}, period="2017"), counts({"0777": 3}, period="2018")])
    found = match(cells, town(), carries="numerator")[0]
    assert (found.params["first"], found.params["last"]) == ("2017", "2018")
    assert found.params["sum"] == "< 5"
    assert "3" not in found.text("nb").replace("0777", "")


def test_a_code_of_another_level_is_unknown() -> None:
    zone = inline("levekarssone", {"03011101": "LKS 1"})
    found = match(counts({"03011101": 5}, level="grunnkrets"), build_register((), [zone]))
    assert speaks(found) == ["match_unknown"]


def test_dates_decide_what_is_retired_and_what_was_not_there_yet() -> None:
    lists = [
        inline("delbydel", {"0101": "Før"}, valid_to=date(2017, 1, 1)),
        inline("delbydel", {"0102": "Etter"}, valid_from=date(2020, 1, 1)),
    ]
    register = build_register([squares("delbydel", ["0101", "0102"])], lists)
    assert speaks(match(counts({"0101": 5}, period="2016"), register)) == ["match_other_time"]
    late = speaks(match(counts({"0101": 5}, period="2017"), register))
    assert late == ["match_retired", "match_other_time"]
    assert speaks(match(counts({"0101": 5}, period="2021"), register)) == [
        "match_retired",
        "match_without_figures",
    ]


def test_areas_without_a_shape_matter_only_where_the_level_has_shapes() -> None:
    register = build_register(
        [squares("delbydel", ["0101"])],
        [inline("delbydel", {"0102": "B"}), inline("kommune", {"0301": "Byen"})],
    )
    cells = pl.concat([counts({"0101": 1, "0102": 2}), counts({"0301": 3}, level="kommune")])
    found = match(cells, register)
    assert speaks(found) == ["match_without_shape"]
    assert found[0].examples == ("0102 B",)
