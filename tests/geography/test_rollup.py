"""Adding up: totals are conserved, statuses are never lost, the way does not matter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nabolag.core import Figure, Level, Status, add
from nabolag.geography import AreaRegister, account_for, build_register, roll_up, unlinked
from nabolag.store.statuses import status_of
from tests.geography.places import KEYS, counts, inline, ranked, town

AMOUNTS = {"numerator": "rank"}


def summed(
    figures: pl.DataFrame, register: AreaRegister, level: Level, absent: str = "missing"
) -> pl.DataFrame:
    """Sum ranked figures; an area without a row is missing, or nobody."""
    accounted = account_for(figures, register, KEYS)
    parts = accounted.whole if absent == "missing" else accounted.given
    return roll_up(parts, register, [level], AMOUNTS, KEYS)


def up(
    values: pl.DataFrame, register: AreaRegister, level: Level, absent: str = "missing"
) -> dict[str, tuple[float | None, str]]:
    frame = summed(ranked(values), register, level, absent)
    assert frame["level"].unique().to_list() in ([level.value], [])
    rows = frame.select("area", "numerator", status_of("rank")).iter_rows()
    return {area: (value, status) for area, value, status in rows}


def test_sums_and_the_unmapped() -> None:
    values = counts({"0101": 10, "0102": 20, "0201": 30, "0202": 40, "9901": 7})
    assert up(values, town(), Level.BYDEL) == {"030101": (30.0, "value"), "030102": (70.0, "value")}
    assert unlinked(values, town(), [Level.BYDEL]).select("area", "numerator").rows() == [
        ("9901", 7.0)
    ]
    assert up(values, town(), Level.KOMMUNE) == {"0301": (107.0, "value")}
    assert unlinked(values, town(), [Level.KOMMUNE]).is_empty()
    assert unlinked(values, town(), [Level.BYDEL, Level.KOMMUNE]).is_empty()


def test_a_level_that_is_never_summed_has_nothing_unlinked() -> None:
    assert unlinked(counts({"0301": 10}, level="kommune"), town(), [Level.BYDEL]).is_empty()


@pytest.mark.parametrize("status", [s.value for s in Status if not s.has_value])
def test_one_part_without_a_number_leaves_no_partial_sum(status: str) -> None:
    got = up(counts({"0101": 10, "0102": status, "0201": 30, "0202": 40}), town(), Level.BYDEL)
    assert got == {"030101": (None, status), "030102": (70.0, "value")}


def test_a_row_that_is_not_there_is_missing_unless_the_source_leaves_out_zeros() -> None:
    values = counts({"0101": 10, "0201": 30, "0202": 40})
    assert up(values, town(), Level.BYDEL)["030101"] == (None, "missing")
    assert up(values, town(), Level.BYDEL, absent="zero")["030101"] == (10.0, "value")


def test_a_hidden_part_stays_hidden_though_another_is_absent() -> None:
    got = up(counts({"0101": "suppressed_primary"}), town(), Level.BYDEL)
    assert got == {"030101": (None, "suppressed_primary"), "030102": (None, "missing")}


def test_retired_areas_count_where_they_have_rows_and_are_not_waited_for() -> None:
    values = counts({"0101": 10, "0102": 20, "0109": 5, "0201": 1, "0202": 1})
    assert up(values, town(), Level.BYDEL)["030101"] == (35.0, "value")


def test_dates_say_which_areas_a_year_waits_for() -> None:
    lies = {"level": "bydel", "constant": "030101"}
    register = build_register((), [
        inline("bydel", {"030101": "Øst"}),
        inline("delbydel", {"0101": "Gammel"}, retired=True, valid_to=date(2017, 1, 1), parents=[lies]),
        inline("delbydel", {"0102": "Ny"}, valid_from=date(2017, 1, 1), parents=[lies]),
    ])  # fmt: skip

    def rows(period: str, **values: float) -> pl.DataFrame:
        return counts({code[1:]: value for code, value in values.items()}, period=period)

    assert up(rows("2016", a0101=4), register, Level.BYDEL) == {"030101": (4.0, "value")}
    assert up(rows("2017", a0102=4), register, Level.BYDEL) == {"030101": (4.0, "value")}
    assert up(rows("2017", a0101=4), register, Level.BYDEL) == {"030101": (None, "missing")}


def test_a_blank_for_an_area_that_is_no_more_says_nothing() -> None:
    values = counts({"0101": 10, "0102": 20, "0109": "missing", "9901": "missing"})
    assert up(values, town(), Level.BYDEL)["030101"] == (30.0, "value")
    hidden = counts({"0101": 10, "0102": 20, "0109": "suppressed_primary"})
    assert up(hidden, town(), Level.BYDEL)["030101"] == (None, "suppressed_primary")


def test_areas_without_borders_are_not_waited_for_but_a_figure_said_to_be_missing_is() -> None:
    rest: dict[str, float | str] = {"0101": 10, "0102": 20, "0201": 30, "0202": 40}
    assert up(counts(rest), town(), Level.KOMMUNE) == {"0301": (100.0, "value")}
    said = counts({**rest, "9901": "missing"})
    assert up(said, town(), Level.KOMMUNE) == {"0301": (None, "missing")}


def test_each_delivered_level_gives_a_sum_of_its_own() -> None:
    fine = counts({"0101": 10, "0102": 20, "0201": 30, "0202": 40})
    coarse = counts({"030101": 31, "030102": 70}, level="bydel")
    got = summed(ranked(pl.concat([fine, coarse])), town(), Level.KOMMUNE)
    sums = dict(got.select("from_level", "numerator").iter_rows())
    assert sums == {"delbydel": 100.0, "bydel": 101.0}


def test_each_number_has_a_status_of_its_own() -> None:
    values = ranked(counts({"0101": 10, "0102": 20})).with_columns(
        denominator=pl.Series([100.0, None]),
        denominator_rank=pl.Series([Status.VALUE.rank, Status.SUPPRESSED_PRIMARY.rank]),
    )
    got = roll_up(
        values, town(), [Level.BYDEL], {**AMOUNTS, "denominator": "denominator_rank"}, KEYS
    )
    shown = got.select("numerator", "denominator", status_of("denominator_rank"))
    assert shown.rows() == [(30.0, None, "suppressed_primary")]


def test_a_null_sum_beside_a_value_is_unknown_and_not_less() -> None:
    values = ranked(counts({"0101": 10, "0102": 20}))
    values = values.with_columns(denominator=pl.Series([100.0, None]))
    got = roll_up(values, town(), [Level.BYDEL], {**AMOUNTS, "denominator": "rank"}, KEYS)
    assert got.select("numerator", "denominator").rows() == [(30.0, None)]


def test_what_would_be_counted_twice_is_refused() -> None:
    values = counts({"0101": 10})
    with pytest.raises(ValueError, match="two rows"):
        up(pl.concat([values, values]), town(), Level.BYDEL)
    places = town()
    link = [("delbydel", "0101", "bydel", "030102")]
    also = pl.DataFrame(link, schema=places.links.schema, orient="row")
    with pytest.raises(ValueError, match="two areas"):
        up(values, replace(places, links=pl.concat([places.links, also])), Level.BYDEL)


# --- Properties ------------------------------------------------------------------------------

STATUSES = st.sampled_from([s.value for s in Status if not s.has_value])
PARTS = st.lists(st.one_of(st.integers(0, 10_000), STATUSES), min_size=6, max_size=6)
CODES = [f"0301{zone:02d}{unit:02d}" for zone in (1, 2, 3) for unit in (1, 2)]


def country() -> AreaRegister:
    """Six grunnkretser in three zones (and three delområder across them) in one kommune."""
    kommune = {"level": "kommune", "constant": "0301"}
    zones = {code: f"0301{code[4:6]}" for code in CODES}
    across = {code: f"0301{code[6:8]}" for code in CODES}
    return build_register((), [
        inline("kommune", {"0301": "Byen"}),
        inline("levekarssone", dict.fromkeys(zones.values(), "Sone"), parents=[kommune]),
        inline("delomrade", dict.fromkeys(across.values(), "Omr"), parents=[kommune]),
        *(inline("grunnkrets", {code: "G"}, parents=[
            {"level": "levekarssone", "constant": zones[code]}, {"level": "delomrade", "constant": across[code]},
        ]) for code in CODES),
    ])  # fmt: skip


COUNTRY = country()


@given(PARTS, st.permutations(range(6)))
@settings(max_examples=60, deadline=None)
def test_any_way_up_and_any_order_gives_the_same_total(
    parts: list[int | str], order: list[int]
) -> None:
    values = counts(dict(zip(CODES, parts, strict=True)), level="grunnkrets")
    straight = up(values, COUNTRY, Level.KOMMUNE)
    assert up(values[order], COUNTRY, Level.KOMMUNE) == straight
    for middle in (Level.LEVEKARSSONE, Level.DELOMRADE):
        halfway = summed(ranked(values), COUNTRY, middle)
        again = halfway.with_columns(status_of("rank").alias("status")).drop("rank")
        assert up(again, COUNTRY, Level.KOMMUNE) == straight
    oracle = add(Figure(None, Status(p)) if isinstance(p, str) else Figure(float(p)) for p in parts)
    assert straight == {"0301": (oracle.value, oracle.status.value)}


@given(st.lists(st.integers(0, 10_000), min_size=6, max_size=6))
@settings(max_examples=40, deadline=None)
def test_totals_are_conserved(parts: list[int]) -> None:
    values = counts(dict(zip(CODES, parts, strict=True)), level="grunnkrets")
    for level in (Level.LEVEKARSSONE, Level.DELOMRADE, Level.KOMMUNE):
        frame = summed(ranked(values), COUNTRY, level)
        assert frame["numerator"].sum() == sum(parts)
