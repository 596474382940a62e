"""What holds for every format."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import polars as pl
import pytest

from nabolag.core import LANGS, Lang, Status, UserError, label, label_keys
from nabolag.publish.exports import FORMATS, Selection, export_bytes, write_export
from nabolag.store import Release
from tests.publish.exports.rows import write_release
from tests.support import sample

#: A figure that is easily found, and what it may look like in a file.
HIDDEN = {"value": 0.48151623, "numerator": 4815.0, "denominator": 16234.0}
TRACES = ("0.48151623", "0,48151623", "48,151623", "48.151623", "4815", "16234")


def text_of(content: bytes) -> str:
    if not content.startswith(b"PK"):
        return content.decode("utf-8", errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode("utf-8") for name in book.namelist())


def with_known_figure(status: Status) -> pl.DataFrame:
    """The sample with one planted figure, hidden the way `disclosure` hides or shown."""
    here = (
        (pl.col("area") == "0203")
        & (pl.col("indicator") == "tenants")
        & (pl.col("period") == "2017")
    )
    planted = {name: number if status.has_value else None for name, number in HIDDEN.items()}
    return sample.observations().with_columns(
        pl.when(here).then(pl.lit(status.value)).otherwise("status").alias("status"),
        *(
            pl.when(here)
            .then(pl.lit(planted.get(name), dtype=pl.Float64))
            .otherwise(name)
            .alias(name)
            for name in ("value", "numerator", "denominator", "lower", "upper")
        ),
    )


@pytest.mark.parametrize("form", FORMATS)
def test_a_hidden_number_is_in_no_byte(tmp_path: Path, form: str) -> None:
    shown = write_release(tmp_path / "shown", with_known_figure(Status.VALUE))
    hidden = write_release(tmp_path / "hidden", with_known_figure(Status.SUPPRESSED_PRIMARY))
    wanted = Selection("delbydel", periods=("2017",))
    if form != "gpkg":
        assert any(trace in text_of(export_bytes(shown, form, "nb", wanted)) for trace in TRACES)
    content = export_bytes(hidden, form, "nb", wanted).replace(b"0" * 64, b"")
    text = text_of(content).replace(hidden.id, "")
    assert not [trace for trace in TRACES if trace in text]
    for number in HIDDEN.values():
        for order in (">d", "<d"):
            assert struct.pack(order, number) not in content


def test_the_search_for_hidden_numbers_would_find_them_in_a_geopackage(tmp_path: Path) -> None:
    shown = write_release(tmp_path, with_known_figure(Status.VALUE))
    content = export_bytes(shown, "gpkg", "nb", Selection("delbydel", periods=("2017",)))
    assert struct.pack(">d", HIDDEN["value"]) in content


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("lang", LANGS)
def test_every_format_names_release_and_source_and_warns(
    sample_release: Release, form: str, lang: Lang
) -> None:
    text = text_of(export_bytes(sample_release, form, lang))
    assert sample_release.id in text
    assert "Eksempel kommune" in text
    assert label("publish.note.totals", lang) in text


@pytest.mark.parametrize("form", FORMATS)
def test_a_second_export_is_the_same(sample_release: Release, form: str) -> None:
    wanted = Selection("delbydel")
    assert export_bytes(sample_release, form, "nb", wanted) == export_bytes(
        sample_release, form, "nb", wanted
    )


@pytest.mark.parametrize("form", FORMATS)
def test_a_refused_selection_leaves_no_file(
    sample_release: Release, tmp_path: Path, form: str
) -> None:
    path = tmp_path / "x"
    with pytest.raises(UserError):
        write_export(sample_release, path, form, "nb", Selection(level="planet"))
    assert not path.exists()
    assert write_export(sample_release, path, form, "nb", Selection("bydel")).stat().st_size > 100


def test_an_unknown_format_is_refused_in_words(sample_release: Release) -> None:
    with pytest.raises(UserError, match="csv-international"):
        export_bytes(sample_release, "docx", "nb")


def test_every_label_of_the_exports_is_there() -> None:
    assert len([key for key in label_keys() if key.startswith("export.")]) > 60
