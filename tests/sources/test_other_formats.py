"""Workbooks, Parquet, JSON records and GeoJSON properties."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from nabolag.core import UserError
from nabolag.sources.columnar import read_parquet
from nabolag.sources.file_form import ReadOptions
from nabolag.sources.grid import render
from nabolag.sources.records import read_geojson_properties, read_json_records
from nabolag.sources.spreadsheet import read_spreadsheet
from nabolag.sources.tables import read_table
from tests.sources.tables import spec, write


def workbook(folder: Path, rows: list[list[Any]], sheet: str = "Ark1") -> Path:
    path = folder / "levert.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        book.add_worksheet("Lesmeg").write(0, 0, "Om tabellen")
        page = book.add_worksheet(sheet)
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)
    return path


def test_sheet_by_name_and_number_with_titles_and_mixed_cells(tmp_path: Path) -> None:
    rows = [
        ["Tabell 1"],
        [],
        ["kode", "år", "tall"],
        [301, 2018, 12.5],
        ["1103", 2018, "*"],
        [],
        ["Kilde: Udir"],
    ]
    path = workbook(tmp_path, rows, "Tall")
    for sheet in ("Tall", 2):
        given = spec(
            area={"level": "kommune", "column": "kode", "transform": [{"pad": 4}]},
            read={"sheet": sheet, "header_row": 3, "ends_at": "Kilde"},
        )
        result = read_table(given, path, "levert.xlsx")
        assert result.cells.select("row", "area", "value", "status").rows() == [
            (4, "0301", 12.5, "value"),
            (5, "1103", None, "suppressed_primary"),
        ]
        assert result.facts.files[0].read["sheet"] == "Tall"


def test_sheet_that_is_not_there_lists_those_that_are(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["a"]])
    for sheet in ("Ark2", 3):
        with pytest.raises(UserError) as caught:
            read_spreadsheet(path, ReadOptions(sheet=sheet), "levert.xlsx")
        assert caught.value.findings[0].params["present"] == "«Lesmeg», «Ark1»"


def test_numbers_in_cells_are_written_as_the_declared_texts(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["n", "t", "d", "b"], [0.123456789, "12,5", dt.date(2018, 1, 1), True]]
    table = read_spreadsheet(workbook(tmp_path, rows), ReadOptions(sheet=2, decimal=","), "l.xlsx")
    assert table.frame.row(0) == (2, "0,123456789", "12,5", "2018-01-01", "true")


def test_a_failed_formula_is_no_blank(tmp_path: Path) -> None:
    path = tmp_path / "levert.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(3, 2, ["kode", "år", "tall"])
        page.write_row(4, 2, ["0101", 2018, 5])
        page.write_row(5, 2, ["0102", 2018])
        page.write_formula(5, 4, "=1/0", None, "#DIV/0!")
    options = {"header_row": 4}
    with pytest.raises(UserError) as caught:
        read_table(spec(read=options), path, "levert.xlsx")
    place = caught.value.findings[0].place
    assert (place.row, place.column, caught.value.findings[0].params["text"]) == (
        6,
        "tall",
        "#DIV/0!",
    )
    cells = read_table(
        spec(read=options, marks={"#DIV/0!": "not_applicable"}), path, "levert.xlsx"
    ).cells
    assert cells.select("status", "mark").rows()[1] == ("not_applicable", "#DIV/0!")


@pytest.mark.parametrize("number", [0.0, -3.0, 1e15, 1e22, 0.1, 123456.789, 1e-7, -2.5])
def test_rendered_numbers_read_back_exactly(number: float) -> None:
    assert float(render(number, ".")) == number


def test_parquet_types(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pl.DataFrame({
        "kode": ["0101", "0102", None],
        "år": [2018, 2018, 2018],
        "tall": [1.5, None, 3.0],
        "liten": pl.Series([0.1, 0.2, 0.3], dtype=pl.Float32),
    }).write_parquet(path)  # fmt: skip
    table = read_parquet(path, ReadOptions(decimal=","), "t.parquet")
    assert table.frame.rows() == [
        (1, "0101", "2018", "1,5", "0,1"),
        (2, "0102", "2018", "", "0,2"),
        (3, "", "2018", "3", "0,3"),
    ]
    nested = tmp_path / "n.parquet"
    pl.DataFrame({"a": [[1]]}).write_parquet(nested)
    with pytest.raises(UserError):
        read_parquet(nested, ReadOptions(), "n.parquet")


DOCUMENT = {
    "district": "01",
    "meta": {"heading": "Overskrift", "series": ["a", "b"]},
    "data": [
        {"geography": "Grønland", "values": [[{"value": 1, "date": 2017}, {"value": 2.5, "date": 2018}], [{"value": None}]]},
        {"geography": "Kampen", "values": [[{"value": 4, "total": True}]]},
    ],
}  # fmt: skip


def test_records_of_lists_in_lists_know_their_positions(tmp_path: Path) -> None:
    path = write(tmp_path, json.dumps(DOCUMENT), "t.json")
    table = read_json_records(path, ReadOptions(path=("data", "values")), "t.json")
    frame = table.frame.select(
        "_row", "district", "data.#", "data.geography", "values.#", "values.##", "values.value"
    )
    assert frame.rows() == [
        (1, "01", "1", "Grønland", "1", "1", "1"),
        (2, "01", "1", "Grønland", "1", "2", "2.5"),
        (3, "01", "1", "Grønland", "2", "1", ""),
        (4, "01", "2", "Kampen", "1", "1", "4"),
    ]
    assert table.frame["meta.heading"].unique().to_list() == ["Overskrift"]
    assert table.frame["values.total"].to_list() == ["", "", "", "true"]


def test_paths_that_lead_nowhere(tmp_path: Path) -> None:
    path = write(tmp_path, json.dumps(DOCUMENT), "t.json")
    for keys in (("tall",), ("data", "verdier"), ("district",)):
        with pytest.raises(UserError) as caught:
            read_json_records(path, ReadOptions(path=keys), "t.json")
        assert caught.value.findings[0].code == "source_path_absent"
    empty = write(tmp_path, '{"data": []}', "e.json")
    with pytest.raises(UserError) as caught:
        read_json_records(empty, ReadOptions(path=("data",)), "e.json")
    assert caught.value.findings[0].code == "source_no_rows"


def test_properties_of_features(tmp_path: Path) -> None:
    features = [
        {"type": "Feature", "geometry": None, "properties": {"gk": "42040101", "folketall": 10}},
        {"type": "Feature", "geometry": None, "properties": {"gk": "42040102", "folketall": None}},
    ]
    path = write(
        tmp_path, json.dumps({"type": "FeatureCollection", "features": features}), "t.geojson"
    )
    table = read_geojson_properties(path, ReadOptions(), "t.geojson")
    assert table.frame.rows() == [(1, "42040101", "10"), (2, "42040102", "")]
    other = write(tmp_path, "[1]", "x.geojson")
    with pytest.raises(UserError):
        read_geojson_properties(other, ReadOptions(), "x.geojson")
