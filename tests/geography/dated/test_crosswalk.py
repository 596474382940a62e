"""Weights between two years' borders: they sum to 1, compose, and lead back."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nabolag.core import Severity
from nabolag.geography.dated import (
    Basis,
    Crosswalk,
    crosswalk_between,
    crosswalk_of,
    no_areas,
    stacked,
    weights_from_parts,
)
from tests.geography.dated.country import LEVEL, changes, lists, people, steps
from tests.geography.places import speaks


def between(start: str, end: str, population: pl.DataFrame | None = None) -> Crosswalk:
    return crosswalk_between(lists(), changes(), start, end, population)


def weights(way: Crosswalk) -> dict[tuple[str, str], float]:
    pairs = way.table.select("from_code", "to_code", "weight").iter_rows()
    return {(a, b): round(w, 9) for a, b, w in pairs}


def bases(way: Crosswalk) -> dict[tuple[str, str], str]:
    return {(a, b): c for a, b, c in way.table.select("from_code", "to_code", "basis").iter_rows()}


def sums(way: Crosswalk) -> list[float]:
    source = ["geography", "level", "from_code"]
    return way.table.group_by(source).agg(pl.col("weight").sum())["weight"].round(9).to_list()


def test_steps_are_composed_and_unmentioned_areas_go_on() -> None:
    way = between("2005", "2018")
    assert weights(way) == {
        ("0101", "0103"): 1.0,
        ("0102", "0103"): 1.0,
        ("0201", "0301"): 1.0,
        ("0401", "0401"): 1.0,
        ("0402", "0402"): 1.0,
    }
    assert set(bases(way).values()) == {"whole"}
    assert way.findings == ()


def test_a_split_is_divided_by_the_people_of_the_new_areas() -> None:
    way = between("2005", "2024", people())
    assert weights(way)["0101", "0104"] == 0.7
    assert weights(way)["0102", "0105"] == 0.3
    assert bases(way)["0101", "0104"] == "population"
    assert weights(way)["0401", "0402"] == 0.1
    assert weights(way)["0401", "0401"] == 0.9
    assert bases(way)["0401", "0402"] == "parts"
    assert sums(way) == [1.0] * 5


def test_without_people_a_split_is_equal_parts_and_told() -> None:
    way = between("2005", "2024")
    assert weights(way)["0101", "0104"] == 0.5
    assert bases(way)["0101", "0104"] == "equal"
    assert speaks(way.findings) == ["crosswalk_guessed"]
    row = way.table.filter(from_code="0101", to_code="0104")
    assert row.select("low", "high").row(0) == (0.0, 1.0)


def test_a_part_that_joins_another_is_the_rest_of_its_people() -> None:
    """0103 splits to 0104 and 0402; 0402 had 2000 and has 2300 after: 300 came."""
    rows = steps(
        [
            ("0103", "Åsvik", "0104", "Nye Ås", "2020-01-01", None),
            ("0103", "Åsvik", "0402", "Berg", "2020-01-01", None),
        ]
    )
    counted = pl.DataFrame(
        [(LEVEL, "0104", 2020, 700.0), (LEVEL, "0402", 2019, 2000.0), (LEVEL, "0402", 2020, 2300.0)],
        schema=people().schema, orient="row",
    )  # fmt: skip
    from nabolag.geography.dated import changes_of

    areas = lists()
    way = crosswalk_between(areas, changes_of(rows, areas), "2015", "2020", counted)
    assert weights(way)["0103", "0402"] == 0.3
    assert weights(way)["0402", "0402"] == 1.0
    assert bases(way)["0103", "0104"] == "population"


def test_back_in_time_a_merger_is_undone_by_the_people_of_then() -> None:
    back = between("2018", "2005", people())
    assert weights(back)["0103", "0101"] == 0.6
    assert bases(back)["0103", "0101"] == "population"
    assert weights(back)["0301", "0201"] == 1.0
    assert bases(back)["0301", "0201"] == "whole"
    assert bases(between("2018", "2005"))["0103", "0101"] == "equal"


def test_there_and_back_gives_the_people_of_then() -> None:
    there = between("2005", "2024", people())
    back = there.inverse(people(2005).drop("year"))
    home = there.then(back)
    assert sums(home) == pytest.approx([1.0] * 5)
    old = people(2005).select(from_code="code", persons="persons")
    moved = (
        home.table.join(old, on="from_code")
        .group_by("to_code")
        .agg((pl.col("weight") * pl.col("persons")).sum().alias("persons"))
    )
    assert dict(moved.sort("to_code").iter_rows()) == pytest.approx(dict(old.iter_rows()))


def test_ways_that_part_and_meet_again_move_the_whole() -> None:
    rows = {
        "geography": ["2000"] * 2, "level": [LEVEL] * 2, "from_code": ["0101"] * 2,
        "to_code": ["0102", "0103"], "weight": [0.4, 0.6],
    }  # fmt: skip
    first = crosswalk_of(pl.DataFrame(rows), "2010")
    rows |= {"geography": ["2010"] * 2, "from_code": ["0102", "0103"], "to_code": ["0104"] * 2}
    rows |= {"weight": [1.0, 1.0]}
    whole = first.then(crosswalk_of(pl.DataFrame(rows), "2020"))
    assert whole.table.select("weight", "low", "high", "basis").rows() == [(1.0, 1.0, 1.0, "whole")]


def test_what_cannot_follow_is_an_error_and_not_lost() -> None:
    frame = {"geography": ["2000"], "level": [LEVEL], "from_code": ["0101"], "to_code": ["0102"]}
    first = crosswalk_of(pl.DataFrame({**frame, "weight": [1.0]}), "2010")
    on = pl.DataFrame({**frame, "geography": ["2010"], "from_code": ["0999"], "weight": [1.0]})
    through = first.then(crosswalk_of(on, "2020"))
    assert [f.severity for f in through.findings] == [Severity.ERROR]
    assert speaks(through.findings) == ["crosswalk_lost"]
    with pytest.raises(ValueError, match="starts from 2000"):
        first.then(first)
    with pytest.raises(ValueError, match="different geographies"):
        stacked([first, between("2005", "2024")])


@pytest.mark.parametrize(
    ("weight", "code"), [([0.5, 0.4], "crosswalk_sum"), ([1.5, -0.5], "crosswalk_weight")]
)
def test_wrong_weights_are_errors(weight: list[float], code: str) -> None:
    rows = {
        "geography": ["2000"] * 2, "level": [LEVEL] * 2, "from_code": ["0101"] * 2,
        "to_code": ["0102", "0103"], "weight": weight,
    }  # fmt: skip
    told = crosswalk_of(pl.DataFrame(rows), "2010").findings
    assert code in speaks(told)
    assert any(finding.severity is Severity.ERROR for finding in told)


def test_levels_never_meet() -> None:
    rows = {
        "geography": ["2000"] * 2, "level": ["levekarssone", "grunnkrets"],
        "from_code": ["03010101"] * 2, "to_code": ["03010101", "03010199"], "weight": [1.0, 1.0],
    }  # fmt: skip
    way = crosswalk_of(pl.DataFrame(rows), "2010")
    onward = pl.DataFrame({**rows, "geography": ["2010"] * 2, "from_code": rows["to_code"],
                           "to_code": ["03010102", "03010103"]})  # fmt: skip
    through = way.then(crosswalk_of(onward, "2020")).table
    assert through.select("level", "to_code").rows() == [
        ("grunnkrets", "03010103"),
        ("levekarssone", "03010102"),
    ]


def test_without_lists_codes_that_changes_name_are_enough() -> None:
    way = crosswalk_between(no_areas(), changes(areas=no_areas()), "2005", "2024", people())
    assert ("0401", "0402") in weights(way)
    assert weights(way)["0101", "0104"] == 0.7
    # 0402 itself is never given up, and no list says that it was there.
    assert ("0402", "0402") not in weights(way)


def test_weights_are_counted_in_smaller_areas() -> None:
    parts = pl.DataFrame(
        {
            "level": [LEVEL] * 4,
            "from_code": ["1850", "1850", "1850", "9999"],
            "to_code": ["1806", "1875", "1875", "1806"],
            "persons": [300.0, 500.0, 200.0, 0.0],
        }
    )
    rows = weights_from_parts(parts).select("from_code", "to_code", "weight", "basis").rows()
    assert rows == [
        ("1850", "1806", 0.3, Basis.PARTS.value),
        ("1850", "1875", 0.7, Basis.PARTS.value),
        ("9999", "1806", 1.0, Basis.EQUAL.value),
    ]


CODES = st.sampled_from(["0101", "0102", "0103", "0104", "0105"])
MOVES = st.lists(st.tuples(CODES, CODES, st.sampled_from(["2001", "2005", "2010"])), max_size=12)


@given(MOVES, st.booleans())
def test_weights_sum_to_one_whatever_changed(moves: list[tuple[str, str, str]], turn: bool) -> None:
    rows = [(a, a, b, b, f"{year}-01-01", None) for a, b, year in moves]
    areas = lists([(code, code, None, None) for code in ("0101", "0102", "0103", "0104", "0105")])
    from nabolag.geography.dated import changes_of

    told = changes_of(steps(rows), areas)
    way = crosswalk_between(areas, told, "2020" if turn else "2000", "2000" if turn else "2020")
    assert sums(way) == pytest.approx([1.0] * len(sums(way)))
    assert way.table.select((pl.col("low") <= pl.col("weight") + 1e-9).all()).item()
    assert way.table.select((pl.col("high") >= pl.col("weight") - 1e-9).all()).item()
