"""JSON-stat: what the format allows, what contradicts itself, and the recorded answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from nabolag.core import UserError
from nabolag.sources.file_form import ReadOptions
from nabolag.sources.grid import RawTable
from nabolag.sources.jsonstat import read_jsonstat
from nabolag.sources.tables import read_table
from tests.sources.tables import spec, write


def cube(**over: Any) -> dict[str, Any]:
    """Return a dataset of two areas and two years."""
    return {
        "version": "2.0",
        "class": "dataset",
        "id": ["area", "year"],
        "size": [2, 2],
        "dimension": {
            "area": {"category": {"index": ["0301", "4601"], "label": {"0301": "Oslo", "4601": "Bergen"}}},
            "year": {"category": {"index": {"2019": 1, "2018": 0}}},
        },
        "value": [1, 2, 3.5, 4],
        **over,
    }  # fmt: skip


def table(folder: Path, document: Any, **options: Any) -> RawTable:
    path = write(folder, json.dumps(document), "t.json")
    return read_jsonstat(path, ReadOptions(**options), "t.json")


def test_order_of_the_cube_and_of_an_index_written_as_a_table(tmp_path: Path) -> None:
    frame = table(tmp_path, cube()).frame
    assert frame.select("area", "area.text", "year", "value").rows() == [
        ("0301", "Oslo", "2018", "1"),
        ("0301", "Oslo", "2019", "2"),
        ("4601", "Bergen", "2018", "3.5"),
        ("4601", "Bergen", "2019", "4"),
    ]


@pytest.mark.parametrize(
    ("value", "status", "values", "statuses"),
    [
        ([1, None, 3, None], {"1": ":", "3": "."}, ["1", "", "3", ""], ["", ":", "", "."]),
        ({"0": 1, "3": 4}, None, ["1", "", "", "4"], ["", "", "", ""]),
        ({}, ":", [""] * 4, [":"] * 4),
        ([1, 2, 3, 4], ["", "e", "", ""], ["1", "2", "3", "4"], ["", "e", "", ""]),
        ([None] * 4, [".."], [""] * 4, [".."] * 4),
    ],
)
def test_sparse_values_and_every_form_of_status(
    tmp_path: Path, value: Any, status: Any, values: list[str], statuses: list[str]
) -> None:
    document = cube(value=value) if status is None else cube(value=value, status=status)
    frame = table(tmp_path, document).frame
    assert frame["value"].to_list() == values
    assert frame["status"].to_list() == statuses


def test_version_1_and_collections(tmp_path: Path) -> None:
    new = cube()
    old = {
        "dimension": {**new["dimension"], "id": new["id"], "size": new["size"]},
        "value": new["value"],
    }
    assert table(tmp_path, {"a": old}).frame.equals(table(tmp_path, new).frame)
    both = {"a": old, "b": {**old, "value": [9, 9, 9, 9]}}
    assert table(tmp_path, both, dataset="b").frame["value"][0] == "9"
    with pytest.raises(UserError):
        table(tmp_path, both)
    with pytest.raises(UserError):
        table(tmp_path, both, dataset="c")
    collection = {"class": "collection", "link": {"item": [{"label": "X", **new}, {"href": "y"}]}}
    assert table(tmp_path, collection).frame.height == 4


def test_a_dimension_of_one_category_needs_no_index(tmp_path: Path) -> None:
    one = cube(id=["area", "year", "what"], size=[2, 2, 1])
    one["dimension"] = {**one["dimension"], "what": {"category": {"label": {"n": "Antall"}}}}
    assert set(table(tmp_path, one).frame["what.text"]) == {"Antall"}


@pytest.mark.parametrize(
    "over",
    [
        {"value": [1, 2, 3]},
        {"value": {"9": 1}},
        {"value": "1"},
        {"size": [2, 3]},
        {"size": [2]},
        {"id": ["area", "month"]},
        {"status": {"7": ":"}},
        {"dimension": {"area": {"category": {"index": {"a": 0, "b": 2}}}, "year": {}}},
    ],
)
def test_documents_that_contradict_themselves_are_refused(tmp_path: Path, over: Any) -> None:
    with pytest.raises(UserError) as caught:
        table(tmp_path, cube(**over))
    assert caught.value.findings[0].code == "source_jsonstat_wrong"


def test_a_whole_source_with_suppressed_cells(tmp_path: Path) -> None:
    path = write(tmp_path, json.dumps(cube(value=[1, None, 3.5, 4], status={"1": ":"})), "t.json")
    given = spec(
        format="jsonstat",
        area={"level": "kommune", "column": "area"},
        period={"column": "year"},
        measure={"id": "n", "column": "value"},
    )
    cells = read_table(given, path, "t.json").cells
    assert cells.select("area", "period", "value", "status").rows()[1] == (
        "0301", "2019", None, "suppressed_primary",
    )  # fmt: skip


def test_recorded_answer_of_statistics_norway(data_root: Path) -> None:
    path = data_root / "6-api-recorded/ssb/v0_table_05300_data_jsonstat2.json"
    raw = read_jsonstat(path, ReadOptions(), path.name)
    document = json.loads(path.read_text(encoding="utf-8"))
    document = document.get("dataset", document)
    assert raw.frame.height == len(document["value"]) == 432
    # The status table of the answer, position by position, is the oracle.
    marked = {at: sign for at, sign in enumerate(raw.frame["status"]) if sign}
    assert marked == {int(at): sign for at, sign in document["status"].items()}
    for position, value in enumerate(document["value"]):
        assert raw.frame["value"][position] == ("" if value is None else f"{value:g}")


def test_sums_of_galicia(data_root: Path) -> None:
    """Totals over the last, the middle and the first dimension only fit if the order is right."""
    path = data_root / "6-api-recorded/jsonstat/galicia-2.0.json"
    frame = read_jsonstat(path, ReadOptions(), path.name).frame.with_columns(
        pl.col("value").cast(pl.Float64, strict=False)
    )
    everyone = frame.filter(birth="T", age="T", gender="T", time="2001")
    assert dict(everyone.select("residence", "value").iter_rows())["15"] == 1_096_027
    # The 2001 figures of the age group 90 do not add up over gender in the file itself.
    sound = frame.filter(pl.col("time") == "2011")
    for dimension, rows in (("residence", frame), ("gender", sound), ("birth", sound)):
        index = [c for c in ("birth", "age", "gender", "time", "residence") if c != dimension]
        parts = pl.col("value").filter(pl.col(dimension) != "T")
        sums = rows.group_by(index).agg(
            pl.col("value").filter(pl.col(dimension) == "T").first().alias("whole"),
            parts.sum().alias("parts"),
            parts.null_count().alias("blank"),
        )
        sums = sums.filter(pl.col("blank") == 0, pl.col("whole").is_not_null())
        assert sums.height > 300
        assert (sums["whole"] - sums["parts"]).abs().max() <= 3


@pytest.mark.parametrize(
    ("name", "rows"), [("ons.json", 261), ("us-labor-ds.json", 12880), ("statswe.json", 1120)]
)
def test_other_producers(data_root: Path, name: str, rows: int) -> None:
    path = data_root / "6-api-recorded/jsonstat" / name
    assert read_jsonstat(path, ReadOptions(), name).frame.height == rows


def test_a_bundle_of_two_datasets(data_root: Path) -> None:
    path = data_root / "6-api-recorded/jsonstat/oecd-canada.json"
    canada = read_jsonstat(path, ReadOptions(dataset="canada"), path.name).frame
    document = json.loads(path.read_text(encoding="utf-8"))["canada"]
    values = document["value"]
    sparse = values if isinstance(values, dict) else dict(enumerate(values))
    assert canada.height == pl.Series(document["dimension"]["size"]).product()
    assert sum(float(v) for v in canada["value"] if v) == pytest.approx(
        sum(v for v in sparse.values() if v is not None)
    )


def test_recorded_documents_that_are_no_tables(data_root: Path) -> None:
    folder = data_root / "6-api-recorded/jsonstat"
    for name in ("dimension.json", "collection.json", "QS104EW.json"):
        with pytest.raises(UserError):
            read_jsonstat(folder / name, ReadOptions(), name)
