"""Catchments give every pupil to one school, or say to none."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nabolag.core import Severity, Status
from nabolag.geography import Catchments, catchments_of
from nabolag.store.statuses import MISSING
from tests.geography.places import speaks, town

AREAS = ["0101", "0102", "0201", "0202"]


def table(rows: list[tuple[str, str, float | None, int | None, int | None]]) -> pl.DataFrame:
    made = [(school, "delbydel", area, *rest) for school, area, *rest in rows]
    names = ["school", "level", "area", "share", "from_year", "to_year"]
    kinds = [pl.String] * 3 + [pl.Float64, pl.Int64, pl.Int64]
    return pl.DataFrame(made, schema=dict(zip(names, kinds, strict=True)), orient="row")


def made(rows: list[tuple[str, str, float | None, int | None, int | None]]) -> Catchments:
    return catchments_of(table(rows), town(), (2020, 2023))


def pupils(counts: dict[str, float | None]) -> pl.DataFrame:
    rows = {"level": ["delbydel"] * len(counts), "area": list(counts), "persons": list(counts.values())}  # fmt: skip
    return pl.DataFrame(rows, schema_overrides={"persons": pl.Float64})


WHOLE = [("A", "0101", None, None, None), ("A", "0102", None, None, None),
         ("B", "0201", None, None, None), ("B", "0202", None, None, None)]  # fmt: skip


def test_a_whole_table_has_nothing_to_tell() -> None:
    told = made(WHOLE)  # type: ignore[arg-type]
    assert told.findings == ()
    shared = told.pupils(pupils({"0101": 10, "0102": 20, "0201": 5, "0202": 1}), 2021)
    assert shared.rows() == [("A", 30.0, 0), ("B", 6.0, 0)]


def test_shares_that_are_not_given_are_equal_and_told() -> None:
    told = made([*WHOLE, ("C", "0101", None, None, None)])  # type: ignore[list-item]
    assert speaks(told.findings) == ["catchment_equal"]
    shared = told.pupils(pupils({"0101": 10}), 2021)
    assert shared.rows() == [("A", 5.0, 0), ("C", 5.0, 0)]


def test_years_decide_who_belongs_where() -> None:
    rows = [("A", "0101", None, None, 2021), ("B", "0101", None, 2022, None), *WHOLE[1:]]
    told = made(rows)  # type: ignore[arg-type]
    assert told.findings == ()
    assert told.of(2021).filter(area="0101")["school"].to_list() == ["A"]
    assert told.of(2022).filter(area="0101")["school"].to_list() == ["B"]


def test_gaps_and_overlaps_are_told_with_their_years() -> None:
    rows = [("A", "0101", None, None, 2020), ("B", "0101", None, 2022, None), *WHOLE[1:]]
    gap = made(rows).findings  # type: ignore[arg-type]
    assert speaks(gap) == ["catchment_gap"]
    assert "2021" in gap[0].text("nb")
    assert gap[0].examples == ("0101",)
    rows = [("A", "0101", None, None, 2022), ("B", "0101", None, 2022, None), *WHOLE[1:]]
    over = made(rows).findings  # type: ignore[arg-type]
    assert speaks(over) == ["catchment_overlap"]
    assert over[0].severity is Severity.ERROR


def test_wrong_shares_and_areas_are_errors() -> None:
    told = made([("A", "0101", 1.4, None, None), ("A", "0999", None, None, None)])
    codes = speaks(told.findings)
    assert {"catchment_share", "catchment_unknown"} <= set(codes)


def test_a_hidden_area_makes_the_schools_number_unknown_not_smaller() -> None:
    shared = made(WHOLE).pupils(pupils({"0101": 10, "0102": None, "0201": 5}), 2021)  # type: ignore[arg-type]
    assert shared.rows() == [("A", None, MISSING), ("B", 5.0, 0)]


def test_the_strongest_status_of_the_parts_is_the_schools() -> None:
    hidden = Status.SUPPRESSED_PRIMARY.rank
    counts = pupils({"0101": None, "0102": None, "0201": 5, "0202": 2}).with_columns(
        rank=pl.Series([hidden, MISSING, 0, Status.UNRELIABLE.rank])
    )
    shared = made(WHOLE).pupils(counts, 2021)  # type: ignore[arg-type]
    assert shared.rows() == [("A", None, hidden), ("B", 7.0, Status.UNRELIABLE.rank)]


def test_a_part_of_nothing_hides_nothing() -> None:
    rows = [("A", "0101", 1.0, None, None), ("B", "0101", 0.0, None, None), ("B", "0102", 1.0, None, None)]  # fmt: skip
    shared = made(rows).pupils(pupils({"0101": None, "0102": 4}), 2021)  # type: ignore[arg-type]
    assert shared.rows() == [("A", None, MISSING), ("B", 4.0, 0)]


def test_groups_are_shared_out_each_for_itself() -> None:
    counts = pl.concat(
        [pupils({"0101": n, "0201": 2 * n}).with_columns(age=pl.lit(age)) for age, n in (("6", 10.0), ("7", 3.0))]
    )  # fmt: skip
    shared = made(WHOLE).pupils(counts, 2021, ["age"])  # type: ignore[arg-type]
    assert shared.select("school", "age", "persons").rows() == [
        ("A", "6", 10.0), ("A", "7", 3.0), ("B", "6", 20.0), ("B", "7", 6.0),
    ]  # fmt: skip


SHARES = st.lists(st.floats(0, 1), min_size=4, max_size=4)


@given(SHARES, st.lists(st.integers(0, 500), min_size=4, max_size=4))
def test_no_pupil_is_lost_or_counted_twice(shares: list[float], persons: list[int]) -> None:
    rows = [("A", area, share, None, None) for area, share in zip(AREAS, shares, strict=True)]
    rows += [("B", area, (1 - share) / 2, None, None) for area, share in zip(AREAS, shares, strict=True)]  # fmt: skip
    counts = dict(zip(AREAS, map(float, persons), strict=True))
    shared = made(rows).pupils(pupils(counts), 2021)  # type: ignore[arg-type]
    assert shared["persons"].sum() == pytest.approx(sum(persons))
