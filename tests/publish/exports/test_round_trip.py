"""Import → export → import: what a release hands on, another workspace reads as it was."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nabolag.core import LANGS, Lang, Status
from nabolag.publish.exports import Selection, export_bytes, select
from nabolag.sources.spec import SourceSpec
from nabolag.sources.tables import read_table
from nabolag.store import Release
from tests.publish.exports.rows import observation_frames, write_release
from tests.support import sample

#: What docs/exports.md tells a receiver to write.
MARKS = {
    "value": "value",
    "unreliable": "unreliable",
    "not_applicable": "not_applicable",
    "missing": "missing",
    "suppressed_primary": "suppressed",
    "suppressed_secondary": "suppressed",
    "suppressed_rule": "suppressed",
}
READ = {
    "csv": {"delimiter": ";", "decimal": ",", "encoding": "utf-8-sig"},
    "csv-international": {"delimiter": ",", "decimal": "."},
}
KEY = ["area", "measure", "period", "group"]


def spec(form: str) -> SourceSpec:
    measures: list[dict[str, Any]] = [
        {"id": i.id, "code": i.id, "column": "value", "mark_column": "status_code"}
        for i in sample.INDICATORS
    ]
    return SourceSpec.model_validate(
        {
            "id": "neighbour",
            "file": "delivered.csv",
            "producer": "Eksempel kommune",
            "title": "Levekår",
            "read": READ[form],
            "area": {"level": "delbydel", "column": "area"},
            "period": {"column": "period"},
            "measure_column": "indicator",
            "measure": measures,
            "dimensions": ["group"],
            "marks": MARKS,
        }
    )


def as_cells(release: Release, wanted: Selection) -> pl.DataFrame:
    """What the door should hand on: every kind of hidden is hidden for the receiver."""
    chosen = select(release, wanted)
    hidden = pl.col("status").str.starts_with("suppressed")
    return chosen.select(
        "area",
        pl.col("indicator").alias("measure"),
        "period",
        "group",
        "value",
        pl.when(hidden)
        .then(pl.lit(Status.SUPPRESSED_PRIMARY.value))
        .otherwise("status")
        .alias("status"),
    ).sort(KEY)


def read_back(
    release: Release, form: str, lang: Lang, wanted: Selection, folder: Path
) -> pl.DataFrame:
    path = folder / "delivered.csv"
    path.write_bytes(export_bytes(release, form, lang, wanted))
    cells = read_table(spec(form), path, "delivered.csv").cells
    return cells.select(*KEY, "value", "status").sort(KEY)


@pytest.mark.parametrize("form", READ)
def test_the_sample_is_imported_as_it_was(
    sample_release: Release, tmp_path: Path, form: str
) -> None:
    wanted = Selection("delbydel")
    back = read_back(sample_release, form, "nb", wanted, tmp_path)
    assert back.equals(as_cells(sample_release, wanted))


@given(
    frame=observation_frames(years_only=True),
    form=st.sampled_from(sorted(READ)),
    lang=st.sampled_from(LANGS),
)
@settings(max_examples=10, deadline=None)
def test_any_observations_are_imported_as_they_were(
    frame: pl.DataFrame, form: str, lang: Lang
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        release = write_release(Path(folder), frame)
        back = read_back(release, form, lang, Selection(), Path(folder))
        assert back.equals(as_cells(release, Selection()))
