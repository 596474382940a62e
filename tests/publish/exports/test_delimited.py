from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nabolag.core import LANGS, Lang, Status, label
from nabolag.core.columns import OBSERVATION_NUMBERS
from nabolag.publish.exports import Selection, csv_bytes, select, write_csv
from nabolag.publish.exports.delimited import FORMS, Style, guarded, number_text, unguarded
from nabolag.publish.exports.table import COLUMNS
from nabolag.store import Release, conform
from nabolag.store.frames import OBSERVATIONS
from tests.publish.exports.rows import observation_frames, write_release

STYLES: tuple[Style, ...] = ("no", "international")


def read(content: bytes, style: Style) -> list[dict[str, str]]:
    form = FORMS[style]
    text = content.decode("utf-8-sig" if form.mark else "utf-8")
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=form.delimiter)
    return list(reader)


def observations_in(content: bytes, style: Style) -> pl.DataFrame:
    """Read the figures back, knowing only the documented columns."""
    decimal = FORMS[style].decimal
    rows = []
    for line in read(content, style):
        numbers = {
            name: float(line[name].replace(decimal, ".")) if line[name] else None
            for name in OBSERVATION_NUMBERS
        }
        texts = {
            name: unguarded(line[name])
            for name in ("level", "area", "indicator", "period", "group", "reason", "geography")
        }
        rows.append(
            texts | numbers | {"status": line["status_code"], "source": line["source_code"]}
        )
    return conform(pl.DataFrame(rows, infer_schema_length=None), OBSERVATIONS)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("lang", LANGS)
def test_figures_words_and_origin_stand_in_every_row(
    sample_release: Release, style: Style, lang: Lang
) -> None:
    lines = read(csv_bytes(sample_release, lang, style), style)
    assert tuple(lines[0]) == COLUMNS
    assert len(lines) == sample_release.observations.height
    assert {line["release"] for line in lines} == {sample_release.id}
    assert all("Eksempel kommune" in line["source"] for line in lines)
    assert {line["status"] for line in lines} >= {
        Status.SUPPRESSED_PRIMARY.label.in_(lang),
        Status.MISSING.label.in_(lang),
    }


def test_the_norwegian_way_is_what_norwegian_excel_reads(sample_release: Release) -> None:
    content = csv_bytes(sample_release, "nb", "no", Selection("delbydel", ("crowded",), ("2017",)))
    assert content.startswith(b"\xef\xbb\xbflevel;area;name;")
    line = next(line for line in read(content, "no") if line["area"] == "0203")
    assert line["name"] == "Fjæra"
    assert line["value"] == str(line["value"]).replace(".", ",")
    assert float(line["value"].replace(",", ".")) == pytest.approx(
        float(line["numerator"]) / float(line["denominator"])
    )
    assert line["unit"] == "andel av 1"


def test_the_international_way_has_points_and_no_mark(sample_release: Release) -> None:
    content = csv_bytes(sample_release, "en", "international")
    assert content.startswith(b"level,area,name,")
    polars = pl.read_csv(content, infer_schema_length=None)
    assert polars.schema["value"] == pl.Float64
    assert polars.height == sample_release.observations.height


def test_a_figure_without_number_has_empty_cells_and_its_status(sample_release: Release) -> None:
    lines = read(csv_bytes(sample_release, "nn", "no", Selection("delbydel")), "no")
    hidden = [line for line in lines if line["status_code"] == "suppressed_primary"]
    assert [(h["area"], h["indicator"], h["period"]) for h in hidden] == [
        ("0101", "low_income", "2017")
    ]
    assert all(hidden[0][name] == "" for name in OBSERVATION_NUMBERS)
    assert hidden[0]["reason"] == "numerator<5"
    assert hidden[0]["status"] == "Skjult av omsyn til personvern"


def test_totals_beside_hidden_figures_are_spoken_of_where_they_stand(
    sample_release: Release, tmp_path: Path
) -> None:
    lines = read(csv_bytes(sample_release, "en", "international"), "international")
    caution = label("publish.note.totals", "en")
    warned = {(x["indicator"], x["period"]) for x in lines if x["note"] == caution}
    assert warned == {("low_income", "2017")}
    quiet = write_release(tmp_path, about={"disclosure": {"totals_beside_hidden": False}})
    assert not any(x["note"] for x in read(csv_bytes(quiet, "en", "no"), "no"))


@given(frame=observation_frames(), style=st.sampled_from(STYLES), lang=st.sampled_from(LANGS))
@settings(max_examples=12, deadline=None)
def test_what_is_written_reads_back_the_same(frame: pl.DataFrame, style: Style, lang: Lang) -> None:
    with tempfile.TemporaryDirectory() as folder:
        release = write_release(Path(folder), frame)
        back = observations_in(csv_bytes(release, lang, style), style)
        assert back.drop("mark").equals(select(release).drop("mark"))


@pytest.mark.parametrize("name", ["=1+1", "+47", "-2", "@SUM(A1)", "\t=x", "'=x", "''@", "'plain"])
def test_no_name_runs_as_a_formula(tmp_path: Path, name: str) -> None:
    release = write_release(tmp_path, names={"0101": name})
    for style in STYLES:
        lines = read(csv_bytes(release, "nb", style), style)
        written = next(line["name"] for line in lines if line["area"] == "0101")
        assert written[0] not in "=+-@\t\r\n"
        assert unguarded(written) == name


@given(st.text(alphabet="'=+-@\t\r\nab", max_size=6))
def test_guarding_is_undone_for_every_text(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_keep_every_digit(number: float) -> None:
    assert float(number_text(number, ",").replace(",", ".")) == number


def test_negative_numbers_are_numbers(sample_release: Release) -> None:
    assert number_text(-0.25, ",") == "-0,25"
    assert number_text(590000.0, ",") == "590000"
    assert number_text(None, ",") == ""


def test_the_file_is_the_bytes(sample_release: Release, tmp_path: Path) -> None:
    path = write_csv(sample_release, tmp_path / "x.csv", "nb")
    assert path.read_bytes() == csv_bytes(sample_release, "nb")
