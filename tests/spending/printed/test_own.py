"""A reader's own table: what can be written, and messages for what cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from nabolag.core import UserError
from nabolag.spending.printed import Reason, check, read_own

HEAD = "table;model;term;coefficient;error;observations"


def write(folder: Path, *rows: str, head: str = HEAD) -> Path:
    path = folder / "egen.csv"
    path.write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")
    return path


def test_a_table_with_commas_brackets_and_stars_is_read_and_checked(tmp_path):
    path = write(
        tmp_path,
        "X;1;trangboddhet;419,95***;(3591);60",
        "X;2;trangboddhet;156,59***;(5845);60",
        "X;1;konstant;231,0;(195,1);60",
    )
    checked = check(read_own(path))
    assert [mark.reason for mark in checked.marks] == [Reason.ROW_SCALE]
    assert str(checked.at("x", 2, "trangboddhet").error) == "58.45"
    assert checked.printed.source == "egen.csv"


def test_stars_may_stand_in_a_column_of_their_own(tmp_path):
    path = write(tmp_path, "X,1,a,4.0,1.0,100,3", head=HEAD.replace(";", ",") + ",stars")
    assert check(read_own(path)).conflicts() == ()


def test_groups_of_fixed_effects_are_tried(tmp_path):
    head = f"{HEAD};groups;estimator"
    path = write(tmp_path, "X;1;a;3,0**;1,0;200;4;fixed", "X;1;b;2,5*;1,0;200;4;fixed", head=head)
    # t(3) gives 2.35, 3.18 and 5.84; the normal distribution would give 3.0 three stars.
    told = check(read_own(path)).followed[0]
    assert told.convention.df in (3, None)


def test_everything_wrong_is_told_with_row_and_column(tmp_path):
    path = write(
        tmp_path,
        "X;1;a;tre;1,0;100",
        "X;null;b;2,0;-1;100",
        "X;1;c;2,0;0;100",
        "X;1;c;2,0;1;mange",
    )
    with pytest.raises(UserError) as wrong:
        read_own(path)
    told = {(f.place.row, f.place.column, f.code) for f in wrong.value.findings}
    assert (2, "coefficient", "printed_number") in told
    assert (3, "model", "printed_whole") in told
    assert (4, "error", "printed_positive") in told
    assert (5, "observations", "printed_whole") in told
    assert (5, "term", "printed_once") in told
    assert all("egen.csv" in f.text("nb") for f in wrong.value.findings)


@pytest.mark.parametrize("stars", ["****", "4", "x", "-1"])
def test_stars_that_are_none(tmp_path, stars):
    path = write(tmp_path, f"X;1;a;2,0;1;100;{stars}", head=HEAD + ";stars")
    with pytest.raises(UserError, match="stars"):
        read_own(path)


def test_columns_that_are_absent_are_named(tmp_path):
    path = write(tmp_path, "X;1;a;2,0", head="table;model;term;coefficient")
    with pytest.raises(UserError, match="error, observations"):
        read_own(path)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(UserError, match="does not exist"):
        read_own(tmp_path / "borte.csv")


def test_an_unknown_estimator(tmp_path):
    path = write(tmp_path, "X;1;a;2,0;1;100;magi", head=HEAD + ";estimator")
    with pytest.raises(UserError, match="ols or fixed"):
        read_own(path)
