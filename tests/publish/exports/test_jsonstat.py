from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings

from nabolag.core import LANGS, Lang, Status, UserError
from nabolag.publish.exports import EVERYTHING, Selection, jsonstat_bytes, select, write_jsonstat
from nabolag.sources.file_form import ReadOptions
from nabolag.sources.jsonstat import read_jsonstat
from nabolag.store import Release
from tests.publish.exports.rows import observation_frames, write_release

FIGURE = ["area", "indicator", "period", "group", "value", "status"]


def read_by_the_door(content: bytes, folder: Path) -> pl.DataFrame:
    """Read with the reader of deliveries, which knows nothing of our exports."""
    path = folder / "delivered.json"
    path.write_bytes(content)
    table = read_jsonstat(path, ReadOptions(), "delivered.json").frame
    held = table.filter((pl.col("value") != "") | (pl.col("status") != ""))
    return held.select(
        "area",
        "indicator",
        "period",
        pl.when(pl.col("group") == "all").then(pl.lit("")).otherwise("group").alias("group"),
        pl.when(pl.col("value") == "")
        .then(None)
        .otherwise("value")
        .cast(pl.Float64)
        .alias("value"),
        pl.when(pl.col("status") == "").then(pl.lit("value")).otherwise("status").alias("status"),
    ).sort("area", "indicator", "period", "group")


def figures(release: Release, selection: Selection = EVERYTHING) -> pl.DataFrame:
    chosen = select(release, selection).select(FIGURE)
    return chosen.sort("area", "indicator", "period", "group")


def dense(document: dict[str, Any]) -> dict[int, Any]:
    values = document["value"]
    if isinstance(values, list):
        return dict(enumerate(values))
    return {int(at): value for at, value in values.items()}


@given(frame=observation_frames())
@settings(max_examples=12, deadline=None)
def test_what_is_written_reads_back_the_same(frame: pl.DataFrame) -> None:
    with tempfile.TemporaryDirectory() as folder:
        release = write_release(Path(folder), frame)
        back = read_by_the_door(jsonstat_bytes(release, "en"), Path(folder))
        assert back.equals(figures(release))


def test_the_sample_reads_back_the_same(sample_release: Release, tmp_path: Path) -> None:
    wanted = Selection(level="delbydel")
    back = read_by_the_door(jsonstat_bytes(sample_release, "nb", wanted), tmp_path)
    assert back.equals(figures(sample_release, wanted))


@pytest.mark.parametrize("lang", LANGS)
def test_the_dataset_says_what_it_is(sample_release: Release, lang: Lang) -> None:
    document = json.loads(jsonstat_bytes(sample_release, lang, Selection("delbydel")))
    assert document["version"] == "2.0"
    assert document["class"] == "dataset"
    assert document["id"] == ["area", "indicator", "period", "group"]
    assert document["size"] == [6, 6, 3, 1]
    assert document["role"] == {"geo": ["area"], "time": ["period"], "metric": ["indicator"]}
    assert "Eksempel kommune" in document["source"]
    assert document["extension"]["release"] == sample_release.id
    assert document["extension"]["levels"] == ["delbydel"]
    assert document["extension"]["statuses"]["missing"] == Status.MISSING.label.in_(lang)
    assert document["dimension"]["area"]["category"]["label"]["0203"] == "Fjæra"
    assert len(document["note"]) == 3
    units = document["dimension"]["indicator"]["category"]["unit"]
    assert units["crowded"]["decimals"] == 3
    assert units["mean_income"]["decimals"] == 0


def test_full_cubes_are_lists_and_sparse_ones_positions(sample_release: Release) -> None:
    full = json.loads(jsonstat_bytes(sample_release, "nb", Selection("delbydel")))
    assert isinstance(full["value"], list)
    assert len(full["value"]) == 6 * 6 * 3
    sparse = json.loads(jsonstat_bytes(sample_release, "nb"))
    assert sparse["dimension"]["area"]["category"]["index"][-1] == "kommune:9901"
    assert len(dense(sparse)) == sample_release.observations[
        "value"
    ].drop_nulls().len() or isinstance(sparse["value"], list)


def test_hidden_missing_and_absent_stay_apart(sample_release: Release) -> None:
    document = json.loads(jsonstat_bytes(sample_release, "nb", Selection("delbydel")))
    assert sorted(document["status"].values()) == [
        "missing",
        "not_applicable",
        "suppressed_primary",
    ]
    for at in document["status"]:
        assert dense(document).get(int(at)) is None


def test_reasons_follow_the_cells(sample_release: Release) -> None:
    document = json.loads(jsonstat_bytes(sample_release, "nb", Selection("delbydel")))
    reasons = document["extension"]["reasons"]
    assert reasons["most"] == ""
    assert list(reasons["others"].values()) == ["numerator<5"]
    (at,) = reasons["others"]
    assert document["status"][at] == "suppressed_primary"


def test_an_empty_selection_is_refused_in_words(sample_release: Release) -> None:
    with pytest.raises(UserError, match="no figures"):
        jsonstat_bytes(sample_release, "nb", Selection(areas=()))


def test_the_file_is_the_bytes(sample_release: Release, tmp_path: Path) -> None:
    path = write_jsonstat(sample_release, tmp_path / "x.json", "nb")
    assert path.read_bytes() == jsonstat_bytes(sample_release, "nb")
