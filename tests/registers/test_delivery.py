"""How delivered files are described, and how their cells are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from nabolag.core import UserError
from nabolag.registers import (
    DWELLING,
    EMPLOYMENT,
    INCOME_YEAR,
    Column,
    RegisterSpec,
    check_workspace,
    read_deliveries,
    read_settings,
)
from nabolag.registers.conform import UNREAD, Reading, as_texts, conformed
from nabolag.sources.file_form import ReadOptions
from nabolag.store import Workspace


def refused(config: dict[str, Any]) -> tuple[str, str]:
    with pytest.raises(UserError) as wrong:
        read_deliveries(config)
    found = wrong.value.findings[0]
    return found.code, str(found.params.get("near") or found.params.get("key"))


def test_a_delivery_names_a_register_and_columns_that_there_are() -> None:
    assert refused({"register": [{"register": "persons", "file": "a"}]}) == (
        "register_unknown",
        "person",
    )
    with_names = {"register": "person", "file": "a", "rename": {"kjonn": "gender"}}
    assert refused({"register": [with_names]})[0] == "register_no_such_column"
    with_codes = {"register": "person", "file": "a", "codes": {"birthyear": {"1": "2"}}}
    assert refused({"register": with_codes}) == ("register_no_such_column", "birth_year")


def test_unknown_keys_are_refused_with_their_place() -> None:
    assert refused({"register": [{"register": "person", "file": "a", "renames": {}}]}) == (
        "config_unknown_key",
        "register[1].renames",
    )


def test_the_limits_are_declared_and_have_a_default() -> None:
    assert read_settings({}).limits.share("person") == 0.01
    limits = read_settings(
        {"registers": {"max_rejected_share": 0, "max_rejected_shares": {"person": 0.1}}}
    ).limits
    assert (limits.share("person"), limits.share("household")) == (0.1, 0)
    with pytest.raises(UserError):
        read_settings({"registers": {"max_rejected_share": 1.5}})
    with pytest.raises(UserError):
        read_settings({"registers": {"max_rejected_shares": {"persons": 0.5}}})


SMALL = RegisterSpec(
    "small",
    (
        Column("year", "i16", minimum=1960, maximum=2100),
        Column("n", "i64", nullable=True),
        Column("x", "f64", nullable=True),
        Column("yes", "bool", nullable=True),
        Column("word", "str", nullable=True),
        Column("unit", "str", empty_text=True),
    ),
    ("year",),
)


def read(column: str, cells: list[Any], reading: Reading | None = None) -> list[tuple[Any, bool]]:
    """Return each cell as it is read, and whether it could not be."""
    frame = pl.LazyFrame({column: cells}).with_row_index("__row", 1)
    found = conformed(frame, SMALL, reading or Reading()).collect()
    return list(zip(found[column], found[UNREAD + column], strict=True))


NORWEGIAN = Reading(ReadOptions(decimal=",", thousands=" "))


@pytest.mark.parametrize(
    ("column", "cells", "reading", "expected"),
    [
        ("n", ["1", " 2 ", "", None, "tre"], None, [1, 2, None, None, "?"]),
        ("n", ["1.0", "1.5", "1e3", "+7"], None, [1, "?", "?", 7]),
        ("n", ["12 345", "12 34", "1,0"], NORWEGIAN, [12345, "?", 1]),
        ("n", ["9007199254740993"], None, [9007199254740993]),  # more than a float holds
        ("n", [1.0, 2.5, float("nan")], None, [1, "?", "?"]),
        ("x", ["1,5", "1.5", "1 000,25"], NORWEGIAN, [1.5, "?", 1000.25]),
        ("x", [1, None], None, [1.0, None]),
        ("yes", ["true", "0", "ja"], None, [True, False, "?"]),
        ("yes", [1, 0, 2], None, [True, False, "?"]),
        ("word", ["", "a", "."], Reading(unknown=(".",)), [None, "a", None]),
        ("word", [7, 12], None, ["7", "12"]),
        ("unit", ["", "0301"], None, ["", "0301"]),
        ("n", ["1", "9", "x"], Reading(codes={"n": {"9": "", "x": "4"}}), [1, None, 4]),
        ("n", [1, 9], Reading(codes={"n": {"9": ""}}), [1, None]),
        ("yes", ["J", "N"], Reading(codes={"yes": {"J": "true", "N": "false"}}), [True, False]),
        ("n", [-9, 5], Reading(unknown=("-9",)), [None, 5]),
    ],
)
def test_cells_are_read_and_never_guessed(
    column: str, cells: list[Any], reading: Reading | None, expected: list[Any]
) -> None:
    assert read(column, cells, reading) == [
        (None, True) if value == "?" else (value, False) for value in expected
    ]


def test_delivered_values_are_kept_as_texts_that_read_back_the_same() -> None:
    numbers = [0.1, 1e-300, 123456789.125, -3.0]
    texts = as_texts(pl.DataFrame({"x": numbers}), SMALL)["x"]
    assert [float(text) for text in texts] == numbers
    assert texts[3] == "-3"


def test_columns_of_the_wrong_name_are_asked_for(tmp_path: Path) -> None:
    (tmp_path / "nabolag.toml").write_text(
        '[[register]]\nregister = "employment"\nfile = "arbeid.csv"\nyear = 2020\n',
        encoding="utf-8",
    )
    (tmp_path / "arbeid.csv").write_text("person;employed;in_measure\n1;1;0\n", encoding="utf-8")
    (year,) = check_workspace(Workspace(tmp_path)).years
    assert year.refused
    assert {(n.code, n.column) for n in year.noted if n.outcome == "set_apart"} == {
        ("register_column_absent", "person_id")
    }
    assert EMPLOYMENT.key[1] == "person_id"


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "nabolag.toml").write_text(
        '[[register]]\nregister = "employment"\nfile = "arbeid.csv"\n', encoding="utf-8"
    )
    with pytest.raises(UserError) as wrong:
        check_workspace(Workspace(tmp_path))
    assert wrong.value.findings[0].place.file == "arbeid.csv"


def test_rename_never_makes_two_columns_of_one_name(tmp_path: Path) -> None:
    (tmp_path / "nabolag.toml").write_text(
        '[[register]]\nregister = "employment"\nfile = "a.parquet"\nyear = 2020\n'
        'rename = { id = "person_id" }\n',
        encoding="utf-8",
    )
    pl.DataFrame({"id": [1], "person_id": [2]}).write_parquet(tmp_path / "a.parquet")
    with pytest.raises(UserError) as wrong:
        check_workspace(Workspace(tmp_path))
    assert wrong.value.findings[0].code == "source_column_twice"


def test_private_columns_are_identities_and_amounts_of_one_person_or_household() -> None:
    assert [c.name for c in DWELLING.columns if c.private] == ["dwelling_id"]
    shown = [c.name for c in INCOME_YEAR.columns if not c.private]
    assert shown == ["year", "consumption_units"]
