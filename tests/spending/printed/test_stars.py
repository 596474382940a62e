"""Stars against t: what rounding allows, which scale is found, and what is left alone."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nabolag.core import Text
from nabolag.spending.printed import Cell, Column, Key, Printed, PrintedTable, Reason, check
from nabolag.spending.printed.numerals import numeral, starred
from nabolag.spending.printed.stars import agrees, critical, t_range

TRUE_T = (0.4, 1.2, 1.85, 2.3, 4.1, 7.7)
ROW = "share_low_income"


def stars_of(t: float, df: int | None) -> int:
    return sum(abs(t) >= least for least in critical(df))


def cell(term: str, model: int, coefficient: str, error: str, stars: int) -> Cell:
    return Cell(Key("1", model, term), term, numeral(coefficient), numeral(error), stars)


def printed(cells: list[Cell], observations: int = 500, groups: int | None = None) -> Printed:
    models = sorted({c.key.model for c in cells})
    estimator = "fixed" if groups else "ols"
    columns = tuple(
        Column("1", m, "", "", "", estimator, observations, None, groups) for m in models
    )
    return Printed((PrintedTable("1", Text.same("1"), None, columns, tuple(cells)),))


def a_table(df: int, error_power: int = 0, only: str = "") -> list[Cell]:
    """Three variables in two columns with known t, their errors shifted (all, or of one row)."""
    cells = []
    for row, term in enumerate(("share_low_income", "share_immigrants", "const")):
        for model in (1, 2):
            t = TRUE_T[(2 * row + model - 1) % len(TRUE_T)]
            error = Decimal(f"{0.0123 * (row + 1):.5f}")
            coefficient = Decimal(f"{float(error) * t:.6f}")
            shift = error_power if only in ("", term) else 0
            shown = f"{error.scaleb(shift):f}"
            cells.append(cell(term, model, f"{coefficient:f}", shown, stars_of(t, df)))
    return cells


@given(st.integers(3, 400))
def test_a_table_that_is_right_is_left_alone(df):
    checked = check(printed(a_table(df), observations=df + 3))
    assert checked.changed() == ()
    assert checked.conflicts() == ()


@given(st.sampled_from([-4, -3, -2, 2, 3, 4]))
def test_a_table_on_another_scale_is_found_and_mended(power):
    checked = check(printed(a_table(497, error_power=power)))
    marks = [mark for mark in checked.marks if mark.reason is Reason.TABLE_SCALE]
    assert [mark.error_power for mark in marks] == [-power]
    assert all(one.t == pytest.approx(one.t_printed * 10**power) for one in checked.changed())


@given(st.sampled_from([-3, -2, 2, 3]))
def test_a_row_on_another_scale_is_found_alone(power):
    shifted = a_table(497, error_power=power, only="share_immigrants")
    checked = check(printed(shifted))
    assert {one.cell.key.term for one in checked.changed()} == {"share_immigrants"}
    assert {mark.error_power for mark in checked.marks if mark.moves} == {-power}


def test_stars_of_few_clusters_are_not_taken_for_errors():
    cells = [cell(c.key.term, c.key.model, c.coefficient.text, c.error.text, stars_of(t, 3))
             for c, t in zip(a_table(3), TRUE_T, strict=True)]  # fmt: skip
    checked = check(printed(cells, groups=4))
    assert checked.followed[0].convention.df == 3
    assert checked.conflicts() == ()


def test_stars_that_no_power_of_ten_mends_are_told_and_nothing_is_proposed():
    # One star needs t between 1.65 and 1.96, and no power of ten takes 0.50 there.
    lonely = cell("share_low_income", 1, "0.250", "0.500", 1)
    checked = check(printed([lonely, *a_table(497)[2:]]))
    assert [m.reason for m in checked.marks] == [Reason.STARS]
    assert checked.changed() == ()


@given(
    st.decimals("0.001", "9999", places=3),
    st.decimals("0.001", "9999", places=3),
    st.integers(-5, 5),
)
def test_the_range_of_t_holds_t_and_moves_with_scale(coefficient, error, power):
    one = cell(ROW, 1, f"{coefficient:f}", f"{error:f}", 0)
    low, high = t_range(one)
    assert low <= float(coefficient / error) <= high
    two = cell(ROW, 1, f"{coefficient:f}", f"{error.scaleb(power):f}", 0)
    assert agrees(one, 30) == agrees(two, 30, -power)


def test_rounding_decides_for_agreement_at_the_border():
    # 1.96 × 0.5 is 0.98; printed as 1.0 and 0.5 the t may be 1.73 to 2.33.
    assert agrees(cell(ROW, 1, "1.0", "0.5", 1), None)
    assert agrees(cell(ROW, 1, "1.0", "0.5", 2), None)
    assert not agrees(cell(ROW, 1, "1.000", "0.500", 1), None)


@pytest.mark.parametrize(
    ("text", "value", "slack"),
    [
        ("0,0304", "0.0304", "0.00005"),
        ("2.07e-05", "0.0000207", "0.00000005"),
        ("(1182)", "1182", "0.5"),
        ("\N{MINUS SIGN}9873", "-9873", "0.5"),
        ("005.86", "5.86", "0.005"),
    ],
)
def test_printed_numbers_are_read_with_their_rounding(text, value, slack):
    read = numeral(text)
    assert read.value == Decimal(value)
    assert read.slack == Decimal(slack)


def test_form():
    assert not numeral("005.86").well_formed
    assert all(numeral(t).well_formed for t in ("0.5", "-12", "2.07e-05", ".5"))


@pytest.mark.parametrize("text", ["", "abc", "1,2,3", "NaN", "Infinity"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        numeral(text)


def test_stars_are_taken_from_the_number():
    assert starred("-2,62***") == ("-2,62", 3)
    assert starred("0,1") == ("0,1", 0)
