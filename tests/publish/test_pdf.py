"""The profile as a PDF: readable by everybody, one page, nothing leaked, nothing run."""

from __future__ import annotations

import io
import re
import time
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pypdf
import pytest

from nabolag.core import LANGS, Indicator, Kind, Lang, Text, UserError, Worse, label
from nabolag.publish.pdf import area_profile_pdf, areas_pdf
from nabolag.store import Release, indicator_as_dict, write_bundle
from tests.publish.exports.rows import write_release
from tests.support import sample

#: Names that would be markup, code or mathematics if they were read as Typst.
HOSTILE = (
    '#panic("x")',
    "*Åsen* _vest_",
    "[Brygga] $x^2$ \\ `kode` <etikett> @ref",
    "= Overskrift //",
    '"sitat" \'og\' «anførsel» {page} & <svg onload="x">',
)


def read(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


def words(content: bytes) -> str:
    text = " ".join(page.extract_text() for page in read(content).pages)
    return re.sub(r"\s+", " ", text.replace("\u00ad", "").replace("\u00a0", " "))


def tags(content: bytes) -> list[dict[str, Any]]:
    """Every structure element of the document, in order."""
    found: list[dict[str, Any]] = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for part in node:
                walk(part)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append(node)
            walk(node.get("/K", []))

    walk(read(content).trailer["/Root"]["/StructTreeRoot"])
    return found


@pytest.fixture(scope="module")
def profile(sample_release: Release) -> bytes:
    return area_profile_pdf(sample_release, "delbydel", "0101", "nb")


@pytest.mark.parametrize("lang", LANGS)
def test_the_document_is_tagged_titled_and_in_a_language(
    sample_release: Release, lang: Lang
) -> None:
    content = area_profile_pdf(sample_release, "delbydel", "0203", lang)
    reader = read(content)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).startswith(lang)
    assert reader.metadata is not None
    assert reader.metadata.title == label("report.title", lang, name="Fjæra")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    declared = root["/Metadata"].get_object().get_data()
    assert b"<pdfuaid:part>1<" in declared
    assert b"<pdfaid:part>2<" in declared
    assert b"<pdfaid:conformance>A<" in declared
    assert len(reader.pages) == 1
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]


def test_every_drawing_says_what_it_shows(profile: bytes) -> None:
    figures = [tag for tag in tags(profile) if tag["/S"] == "/Figure"]
    told = [str(tag.get("/Alt", "")) for tag in figures]
    assert len(figures) == 1 + 6 + 6
    assert all(told)
    assert told[0] == label("report.map_alt", "nb", name="Åsen", town="Eksempel")
    assert any("Åsen 20,0\u00a0%, Eksempel 27,6\u00a0%" in words for words in told)


def test_headings_tables_and_lists_are_what_they_are(profile: bytes) -> None:
    kinds = [tag["/S"] for tag in tags(profile)]
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") >= 4
    assert kinds.count("/Table") == 3
    assert kinds.count("/TH") == 3 * 5
    assert "/LI" in kinds


def test_sections_are_bookmarks_assets_first_and_background_apart(profile: bytes) -> None:
    outline = read(profile).outline
    assert outline[0].title == "Åsen"
    assert [entry.title for entry in outline[1]] == [
        label(f"report.{name}", "nb")
        for name in ("assets", "challenges", "background", "hidden", "sources")
    ]


def test_figures_are_written_the_norwegian_way(profile: bytes) -> None:
    text = words(profile)
    assert "630 000 kr" in text
    assert "90,0 %" in text
    assert "82,4 %" in text


@pytest.mark.parametrize("lang", LANGS)
def test_a_hidden_figure_is_named_with_its_reason(sample_release: Release, lang: Lang) -> None:
    text = words(area_profile_pdf(sample_release, "delbydel", "0101", lang))
    assert label("publish.status.privacy_below", lang, threshold=5) in text
    assert label("report.hidden", lang) in text


def test_what_is_known_of_a_hidden_figure_stays_in_the_house(
    sample_release: Release, profile: bytes
) -> None:
    held = sample_release.observations.filter(
        (pl.col("area") == "0101") & (pl.col("indicator") == "low_income")
    )
    shown = held.filter(pl.col("period") == "2017")
    assert shown["value"].to_list() == [None]
    trend = next(
        str(tag["/Alt"]) for tag in tags(profile) if "lavinntekt over tid" in str(tag.get("/Alt"))
    )
    assert not re.search(r"\d+,\d", trend)


@pytest.mark.parametrize("lang", LANGS)
def test_source_release_date_and_cautions_are_on_the_page(
    sample_release: Release, lang: Lang
) -> None:
    content = area_profile_pdf(sample_release, "delbydel", "0203", lang, date(2026, 11, 22))
    text = words(content)
    assert sample_release.id in text
    assert "Eksempel kommune" in text
    assert {"nb": "22. november 2026", "nn": "22. november 2026", "en": "22 November 2026"}[
        lang
    ] in text
    assert label("publish.note.synthetic", lang) in text
    assert label("publish.note.totals", lang) in text


def test_the_same_release_and_date_give_the_same_bytes(sample_release: Release) -> None:
    day = date(2026, 1, 2)
    first = area_profile_pdf(sample_release, "delbydel", "0203", "nb", day)
    assert first == area_profile_pdf(sample_release, "delbydel", "0203", "nb", day)
    assert first != area_profile_pdf(sample_release, "delbydel", "0203", "nb", date(2026, 1, 3))
    meta = read(first).metadata
    assert meta is not None
    assert str(meta.creation_date).startswith("2026-01-02")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_text_whatever_it_looks_like(tmp_path: Path, name: str) -> None:
    release = write_release(tmp_path, names={"0203": name, "9901": name[::-1]})
    content = area_profile_pdf(release, "delbydel", "0203", "nb")
    assert read(content).outline[0].title == name
    assert re.sub(r"\s", "", name) in re.sub(r"\s", "", words(content))


def test_a_long_name_stays_on_the_page(tmp_path: Path) -> None:
    name = "Nordre og Søndre Kirkehaugbakken-Storelva med Ytre Fjæreøyene statistikkområde"
    release = write_release(tmp_path, names={"0203": name, "9901": f"{name} kommune"})
    content = area_profile_pdf(release, "delbydel", "0203", "nn")
    assert re.sub(r"\s", "", name) in re.sub(r"\s", "", words(content))
    assert len(read(content).pages) == 1


def many_indicators(folder: Path, copies: int) -> Release:
    """The sample with each challenge several times over, each time with a longer name."""
    kinds = [i for i in sample.INDICATORS if i.kind is Kind.CHALLENGE]
    more: list[Indicator] = list(sample.INDICATORS)
    frames = [sample.observations()]
    for copy in range(copies):
        for source in kinds:
            iid = f"{source.id}_{copy}"
            named = Text.same(f"{source.label.nb} i aldersgruppe nummer {copy}")
            more.append(
                Indicator(
                    iid,
                    named,
                    source.definition,
                    source.unit,
                    Kind.CHALLENGE,
                    Worse.HIGH,
                    source.ring,
                )
            )
            own = frames[0].filter(pl.col("indicator") == source.id)
            frames.append(own.with_columns(pl.lit(iid).alias("indicator")))
    tables = {
        "observations": pl.concat(frames), "accumulation": sample.accumulation(),
        "reasons": sample.reasons(), "areas": sample.areas(), "links": sample.links(),
        "shapes": sample.shapes(),
    }  # fmt: skip
    documents = {
        "indicators": [indicator_as_dict(i) for i in more], "sources": [sample.SOURCE.as_dict()],
        "findings": [], "about": sample.about(),
    }  # fmt: skip
    return Release(write_bundle(folder / "releases", tables, documents, {"kind": "release"}))


def test_ten_indicators_fit_one_page_and_more_flow_to_the_next(tmp_path: Path) -> None:
    ten = area_profile_pdf(many_indicators(tmp_path / "a", 1), "delbydel", "0203", "nb")
    assert len(read(ten).pages) == 1
    many = area_profile_pdf(many_indicators(tmp_path / "b", 6), "delbydel", "0203", "nb")
    pages = [page.extract_text() for page in read(many).pages]
    assert len(pages) == 2
    assert "side 2 av 2" in pages[1]
    assert label("report.column.indicator", "nb") in pages[1]


def test_an_area_without_shape_has_a_profile_without_map(sample_release: Release) -> None:
    content = area_profile_pdf(sample_release, "kommune", "9901", "nb")
    alts = [str(tag.get("/Alt")) for tag in tags(content) if tag["/S"] == "/Figure"]
    assert not any(alt.startswith("Kart") for alt in alts)
    assert "Eksempel" in words(content)


def test_several_areas_make_one_document(sample_release: Release) -> None:
    content = areas_pdf(sample_release, [("delbydel", "0101"), ("delbydel", "0203")], "en")
    reader = read(content)
    assert len(reader.pages) == 2
    assert [e.title for e in reader.outline if not isinstance(e, list)] == ["Åsen", "Fjæra"]
    with pytest.raises(ValueError, match="at least one"):
        areas_pdf(sample_release, [], "en")


def test_an_unknown_area_is_refused_in_words(sample_release: Release) -> None:
    with pytest.raises(UserError):
        area_profile_pdf(sample_release, "delbydel", "0999", "nb")


def test_fonts_are_inside_the_file(profile: bytes) -> None:
    fonts = read(profile).pages[0]["/Resources"]["/Font"]
    names = {str(font.get_object()["/BaseFont"]) for font in fonts.values()}
    assert names
    assert all("+Inter" in name for name in names)


def test_a_warm_profile_takes_less_than_a_second(sample_release: Release, profile: bytes) -> None:
    begun = time.perf_counter()
    area_profile_pdf(sample_release, "delbydel", "0102", "nb")
    assert time.perf_counter() - begun < 1
