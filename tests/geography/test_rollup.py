"""Adding up: totals are conserved, statuses are never lost, the way does not matter."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nabolag.core import Figure, Level, Status, UserError, add
from nabolag.geography import AreaRegister, build_register, roll_up
from tests.geography.places import counts, inline, speaks, town


def up(
    values: pl.DataFrame, register: AreaRegister, level: Level, **more: Any
) -> tuple[dict[str, tuple[float | None, str]], list[str]]:
    frame, findings = roll_up(values, register, level, sums=["numerator"], **more)
    assert frame["level"].unique().to_list() in ([level.value], [])
    rows = frame.select("area", "numerator", "status").iter_rows()
    return {area: (value, status) for area, value, status in rows}, speaks(findings)


def test_sums_and_the_unmapped() -> None:
    values = counts({"0101": 10, "0102": 20, "0201": 30, "0202": 40, "9901": 7})
    got, told = up(values, town(), Level.BYDEL)
    assert got == {"030101": (30.0, "value"), "030102": (70.0, "value")}
    assert told == ["rollup_unmapped"]
    whole, told = up(values, town(), Level.KOMMUNE)
    assert whole == {"0301": (107.0, "value")}
    assert told == []


def test_the_unmapped_are_named_with_what_they_carry() -> None:
    _, findings = roll_up(
        counts({"0101": 10, "0102": 1, "9901": 7}), town(), Level.BYDEL, sums=["numerator"]
    )
    unmapped = findings[0]
    assert (unmapped.examples, unmapped.params["sums"]) == (("9901 Uten adresse",), "numerator: 7")


@pytest.mark.parametrize("status", [s.value for s in Status if not s.has_value])
def test_one_part_without_a_number_leaves_no_partial_sum(status: str) -> None:
    got, _ = up(counts({"0101": 10, "0102": status, "0201": 30, "0202": 40}), town(), Level.BYDEL)
    assert got == {"030101": (None, status), "030102": (70.0, "value")}


def test_a_row_that_is_not_there_is_missing_unless_the_source_leaves_out_zeros() -> None:
    values = counts({"0101": 10, "0201": 30, "0202": 40})
    got, told = up(values, town(), Level.BYDEL)
    assert got["030101"] == (None, "missing")
    assert told == ["rollup_incomplete"]
    got, told = up(values, town(), Level.BYDEL, absent="zero")
    assert got["030101"] == (10.0, "value")
    assert told == []


def test_a_hidden_part_stays_hidden_though_another_is_absent() -> None:
    got, _ = up(counts({"0101": "suppressed_primary"}), town(), Level.BYDEL)
    assert got["030101"] == (None, "suppressed_primary")


def test_retired_areas_count_where_they_have_rows_and_are_not_waited_for() -> None:
    values = counts({"0101": 10, "0102": 20, "0109": 5, "0201": 1, "0202": 1})
    got, _ = up(values, town(), Level.BYDEL)
    assert got["030101"] == (35.0, "value")


def test_dates_say_which_areas_a_year_waits_for() -> None:
    lies = {"level": "bydel", "constant": "030101"}
    register = build_register((), [
        inline("bydel", {"030101": "Øst"}),
        inline("delbydel", {"0101": "Gammel"}, retired=True, valid_to=date(2017, 1, 1), parents=[lies]),
        inline("delbydel", {"0102": "Ny"}, valid_from=date(2017, 1, 1), parents=[lies]),
    ])  # fmt: skip

    def rows(period: str, **values: float) -> pl.DataFrame:
        return counts({code[1:]: value for code, value in values.items()}, period=period)

    assert up(rows("2016", a0101=4), register, Level.BYDEL)[0] == {"030101": (4.0, "value")}
    assert up(rows("2017", a0102=4), register, Level.BYDEL)[0] == {"030101": (4.0, "value")}
    assert up(rows("2017", a0101=4), register, Level.BYDEL)[0] == {"030101": (None, "missing")}


def test_a_blank_for_an_area_that_is_no_more_says_nothing() -> None:
    values = counts({"0101": 10, "0102": 20, "0109": "missing", "9901": "missing"})
    got, _ = up(values, town(), Level.BYDEL)
    assert got == {"030101": (30.0, "value")}
    hidden = counts({"0101": 10, "0102": 20, "0109": "suppressed_primary"})
    assert up(hidden, town(), Level.BYDEL)[0] == {"030101": (None, "suppressed_primary")}


def test_areas_without_borders_are_not_waited_for() -> None:
    values = counts({"0101": 10, "0102": 20, "0201": 30, "0202": 40})
    assert up(values, town(), Level.KOMMUNE)[0] == {"0301": (100.0, "value")}


def test_two_rows_for_one_figure_and_two_levels_at_once_are_refused() -> None:
    values = counts({"0101": 10})
    with pytest.raises(UserError) as caught:
        up(pl.concat([values, values]), town(), Level.BYDEL)
    assert speaks(caught.value.findings) == ["rollup_repeated"]
    with pytest.raises(ValueError, match="one level"):
        up(pl.concat([values, counts({"030101": 10}, level="bydel")]), town(), Level.KOMMUNE)
    with pytest.raises(ValueError, match="lacking"):
        up(values.drop("period"), town(), Level.BYDEL)


def test_a_null_sum_beside_a_value_is_unknown_and_not_less() -> None:
    values = counts({"0101": 10, "0102": 20}).with_columns(denominator=pl.Series([100.0, None]))
    frame, _ = roll_up(values, town(), Level.BYDEL)
    assert frame.select("numerator", "denominator", "status").rows() == [(30.0, None, "value")]


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
    straight, _ = up(values, COUNTRY, Level.KOMMUNE)
    assert up(values[order], COUNTRY, Level.KOMMUNE)[0] == straight
    for middle in (Level.LEVEKARSSONE, Level.DELOMRADE):
        halfway, _ = roll_up(values, COUNTRY, middle, sums=["numerator"])
        assert up(halfway, COUNTRY, Level.KOMMUNE)[0] == straight
    oracle = add(Figure(None, Status(p)) if isinstance(p, str) else Figure(float(p)) for p in parts)
    assert straight == {"0301": (oracle.value, oracle.status.value)}


@given(st.lists(st.integers(0, 10_000), min_size=6, max_size=6))
@settings(max_examples=40, deadline=None)
def test_totals_are_conserved(parts: list[int]) -> None:
    values = counts(dict(zip(CODES, parts, strict=True)), level="grunnkrets")
    for level in (Level.LEVEKARSSONE, Level.DELOMRADE, Level.KOMMUNE):
        frame, _ = roll_up(values, COUNTRY, level, sums=["numerator"])
        assert frame["numerator"].sum() == sum(parts)
