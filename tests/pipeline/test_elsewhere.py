"""Files of figures that were published elsewhere: both styles of CSV, and what is wrong in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nabolag.core import LANGS, UserError
from nabolag.pipeline.elsewhere import read_elsewhere
from nabolag.publish.exports import csv_bytes
from nabolag.store import Release
from nabolag.store.ledger import SHOWN

HEAD = "level,area,indicator,period,group,value\n"


@pytest.mark.parametrize("style", ["no", "international"])
def test_what_is_exported_is_read_back(sample_release: Release, tmp_path: Path, style: Any) -> None:
    file = tmp_path / "tabell.csv"
    file.write_bytes(csv_bytes(sample_release, "nb", style))
    read = read_elsewhere(file).sort("level", "area", "indicator", "period", "group")
    told = sample_release.observations.drop_nulls("value").sort(
        "level", "area", "indicator", "period", "group"
    )
    assert read.columns == list(SHOWN)
    for name in ("area", "value", "numerator", "denominator", "lower", "upper"):
        assert read[name].to_list() == told[name].to_list()


def test_a_text_where_a_number_should_be_names_its_cell(tmp_path: Path) -> None:
    file = tmp_path / "tabell.csv"
    file.write_text(f"{HEAD}bydel,01,poor,2020,,7\nbydel,02,poor,2020,,sju\n", encoding="utf-8")
    with pytest.raises(UserError) as refused:
        read_elsewhere(file)
    (found,) = refused.value.findings
    assert (found.code, found.place.row, found.place.column) == ("ledger_no_number", 3, "value")
    assert all("sju" in found.text(lang) for lang in LANGS)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00\x81", b"", b'a,b\n"1,2\n'])
def test_what_is_no_table_is_told_without_the_words_of_a_library(
    tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "rot.csv"
    file.write_bytes(content)
    with pytest.raises(UserError) as refused:
        read_elsewhere(file)
    (found,) = refused.value.findings
    assert found.code in ("ledger_file_unreadable", "ledger_columns_absent")
    assert "schema" not in found.text("nb")
