"""Registers on disk."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from nabolag.core import UserError
from nabolag.registers import PERSON, scan_register, write_part
from tests.registers.test_validate import people


def test_written_parts_are_read_back_in_key_order(tmp_path: Path) -> None:
    later = people().with_columns(year=pl.lit(2021))
    write_part(people(person_id=[3, 1, 2]), tmp_path, PERSON, 2020)
    write_part(later, tmp_path, PERSON, 2021)
    read = scan_register(tmp_path, "person").collect()
    assert dict(read.schema) == PERSON.schema
    assert read["person_id"].to_list() == [1, 2, 3, 1, 2, 3]
    assert read["year"].to_list() == [2020] * 3 + [2021] * 3


def test_equal_rows_give_equal_bytes(tmp_path: Path) -> None:
    one = write_part(people(), tmp_path / "a", PERSON, 2020)
    other = write_part(people().reverse(), tmp_path / "b", PERSON, 2020)
    assert one.read_bytes() == other.read_bytes()


def test_an_absent_register_is_a_mistake_the_user_can_mend(tmp_path: Path) -> None:
    with pytest.raises(UserError) as wrong:
        scan_register(tmp_path, "person")
    assert wrong.value.findings[0].code == "register_absent"
    assert "person" in str(wrong.value)
