"""What a look at a delivered file sees: layout, columns, levels, borders."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nabolag.core import Level, UserError
from nabolag.sources.sniff import is_number, look_at_table
from nabolag.sources.sniff_borders import look_at_borders
from nabolag.sources.sniff_columns import level_of, look_at_column
from tests.sources.tables import write
from tests.support.folder import NAMES, write_folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("levert"))


def test_a_table_between_titles_and_notes(folder: Path) -> None:
    seen = look_at_table(folder / "SSB lavinntekt.csv", "SSB lavinntekt.csv")
    assert seen.title == "Husholdninger med lavinntekt etter delbydel"
    assert seen.read["header_row"] == 4
    assert seen.read["encoding"] == "cp1252"
    assert (seen.read["decimal"], seen.read["thousands"]) == (",", " ")
    assert seen.table.frame.height == 27
    assert seen.unread == 2


def test_a_workbook_with_a_title_page_and_two_header_rows(folder: Path) -> None:
    seen = look_at_table(folder / "folketall.xlsx", "folketall.xlsx")
    assert seen.sheets == ("Forside", "Folketall")
    assert seen.read == {"sheet": "Folketall", "header_rows": 2, "header_fill": True}
    assert seen.table.columns == [
        "Område | Kode", "Område | Navn", "Personer | 2020", "Personer | 2021",
        "Personer | 2022", "I alt",
    ]  # fmt: skip


@pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_delimiter_and_encoding(tmp_path: Path, sign: str, encoding: str) -> None:
    rows = [["kode", "år", "tall på øya"], ["0101", "2018", "12"], ["0102", "2018", "13"]]
    text = "\n".join(sign.join(row) for row in rows)
    path = write(tmp_path, text.encode(encoding))
    seen = look_at_table(path, "levert.csv")
    assert seen.table.columns == ["kode", "år", "tall på øya"]
    assert seen.read.get("delimiter", ";") == sign
    assert seen.read.get("encoding", "utf-8") == encoding


def test_semicolons_with_decimal_commas_are_not_taken_for_commas(tmp_path: Path) -> None:
    path = write(tmp_path, "kode;andel, prosent\n0101;12,5\n0102;13,5\n")
    seen = look_at_table(path, "levert.csv")
    assert seen.read == {"decimal": ","}


def test_json_stat_is_told_from_records(tmp_path: Path) -> None:
    records = write(tmp_path, '{"data": [{"kode": "0101", "tall": 1}]}', "a.json")
    assert look_at_table(records, "a.json").read == {"path": ["data"]}
    cube = (
        '{"class": "dataset", "version": "2.0", "id": ["region"], "size": [1], "value": [4],'
        '"dimension": {"region": {"category": {"index": ["0101"], "label": {"0101": "A"}}}}}'
    )
    seen = look_at_table(write(tmp_path, cube, "b.json"), "b.json")
    assert seen.format == "jsonstat"


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "source_empty"), (b"bare en setning\n", "source_no_rows"), (b"PK\x03\x04", "source_w")],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(UserError) as caught:
        look_at_table(write(tmp_path, content), "levert.csv")
    assert caught.value.findings[0].code.startswith(code)


@pytest.mark.parametrize(
    ("name", "texts", "kind"),
    [
        ("delbydel", ["0101", "0102"], "code"),
        ("gk", ["42042112", "42042010"], "code"),
        ("kommunenr", ["301", "1201"], "code"),
        ("Personer | 2020", ["3000", "3500"], "number"),
        ("OBJECTID", ["1", "2", "3"], "number"),
        ("Andel", ["12,5", ":", "."], "number"),
        ("År", ["2018", "2019"], "period"),
        ("Skoleår", ["2018-19", "2019-20"], "period"),
        ("Område", ["Brygga", "Løkka"], "name"),
        ("kjønn", ["menn", "kvinner", "menn", "kvinner"], "text"),
        ("merknad", ["", ""], "blank"),
        ("region", ["030101 Gamle Oslo", "030102 Sagene"], "code"),
        ("Alder", ["18 - 29 år", "18 - 66 år"] * 5, "text"),
        ("Alder", ["18 år", "19 år"] * 5, "text"),
        ("År", ["2022-01-01", "2023-01-01"], "period"),
        ("Kommunenummer", ["40", "4001", "4003"], "code"),
        ("Antall i kommunen", ["40", "4001", "4003"], "number"),
        ("kretser_navn", ['[{"navn":"Lia"}]', '[{"navn":"Vik"}]'], "text"),
    ],
)
def test_what_a_column_seems_to_hold(name: str, texts: list[str], kind: str) -> None:
    assert look_at_column(name, pl.Series(texts, dtype=pl.String)).kind == kind


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["2022-01-01", "2023-01-01"], "year"),
        (["2022-01-01", "2022-02-01"], "month"),
        (["2021-2023", "2022-2024"], "span"),
        (["2021-2022", "2022-2023"], "school_year"),
        (["2022/23", "2023/24"], "school_year"),
    ],
)
def test_which_kind_of_time_a_column_holds(texts: list[str], kind: str) -> None:
    seen = look_at_column("År", pl.Series(texts, dtype=pl.String))
    assert (seen.kind, seen.period_kind) == ("period", kind)


def test_sparse_rows_with_figures_are_no_notes(tmp_path: Path) -> None:
    """Municipalities of a few years stand last, half empty; only the source line is a note."""
    whole = "".join(f"K010{n};Sted {n};{n}1;{n}2;{n}3;{n}4;{n}5;{n}6\n" for n in range(1, 8))
    sparse = "K3805;Larvik;;;;;25;26\nK3811;Færder;;;;;15;16\n"
    head = "Region;Navn;2015;2016;2017;2018;2019;2020\n"
    path = write(tmp_path, (head + whole + sparse + "Kilde: SSB\n").encode())
    seen = look_at_table(path, "levert.csv")
    assert seen.table.frame.height == 9
    assert seen.unread == 1
    assert seen.read["ends_at"] == "Kilde: SSB"


@pytest.mark.parametrize(
    ("texts", "codes", "suffix"),
    [
        (["030101a Gamle Oslo", "030102a Sagene"], ["030101", "030102"], "a"),
        (["030101a", "030102a"], ["030101", "030102"], "a"),
        (["030100aa Oslo i alt", *(f"0301{n:02}a Bydel" for n in range(1, 9))],
         ["030100a", *(f"0301{n:02}" for n in range(1, 9))], "a"),
        (["030101a Gamle Oslo", "030102b Sagene"], ["030101a", "030102b"], ""),
        (["030101 Gamle Oslo", "030102 Sagene"], ["030101", "030102"], ""),
    ],
)  # fmt: skip
def test_a_letter_after_a_code_is_no_part_of_it(
    texts: list[str], codes: list[str], suffix: str
) -> None:
    seen = look_at_column("region", pl.Series(texts, dtype=pl.String))
    assert (seen.kind, seen.suffix, seen.generations) == ("code", suffix, False)
    assert seen.codes(texts) == codes


def test_a_letter_that_tells_areas_apart_is_kept() -> None:
    """Oslo's 030101 until 2003 and its 030101a since are not the same district."""
    texts = ["030101 Bygdøy-Frogner (1988-2003)", "030101a Gamle Oslo", "030102a Grünerløkka"]
    seen = look_at_column("region", pl.Series(texts, dtype=pl.String))
    assert (seen.kind, seen.suffix, seen.generations) == ("code", "", True)
    assert len(set(seen.codes(texts))) == 3


@given(st.lists(st.sampled_from(["0101", "12,5", ":", "", "Brygga", "2018", "3 000"]), max_size=30))
def test_how_often_a_text_stands_counts(texts: list[str]) -> None:
    """Looking once at each different text sees what looking at every row would."""
    seen = look_at_column("verdi", pl.Series(texts, dtype=pl.String))
    held = [text for text in texts if text]
    figures = [text for text in held if text != ":"]
    numbers = sum(is_number(text) for text in figures)
    assert (seen.kind == "blank") == (not held)
    if seen.kind == "number":
        assert numbers >= 0.8 * len(figures)


@pytest.mark.parametrize(
    ("heading", "codes", "level"),
    [
        ("DELBYDELNR", ["0101"], Level.DELBYDEL),
        ("bydel_id", ["030101"], Level.BYDEL),
        ("bydel", ["0101"], Level.DELBYDEL),
        ("gk", ["42042112"], Level.GRUNNKRETS),
        ("kommunenummer", ["0301"], Level.KOMMUNE),
        ("krets", ["K-12"], Level.CUSTOM),
        ("levekaarssone_aggregert", ["400101"], Level.LEVEKARSSONE),
    ],
)
def test_the_level_is_guessed_from_heading_and_shape(
    heading: str, codes: list[str], level: Level
) -> None:
    assert level_of(heading, codes) is level


def test_borders_show_system_code_and_name(folder: Path) -> None:
    (seen,) = look_at_borders(folder / "delbydeler.geojson", "delbydeler.geojson")
    assert (seen.code, seen.label, seen.level) == ("DELBYDELNR", "DELBYDELNAVN", Level.DELBYDEL)
    assert seen.crs == "EPSG:25833"
    assert seen.names == NAMES
    assert not seen.several


def test_borders_that_do_not_state_their_system(folder: Path, tmp_path: Path) -> None:
    text = (folder / "delbydeler.geojson").read_text().replace('"crs"', '"was"')
    path = tmp_path / "uten.geojson"
    path.write_text(text)
    (seen,) = look_at_borders(path, "uten.geojson")
    assert seen.crs == ""
    assert "EPSG:25833" in seen.fits
    assert "EPSG:4326" not in seen.fits
