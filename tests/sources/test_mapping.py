"""How rows become cells: places, times, measures, dimensions, marks and what is left out."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from nabolag.core import Severity, Status, UserError
from nabolag.core.columns import CELLS
from nabolag.sources.tables import find_files, provenance, read_files, read_source, read_table
from tests.sources.tables import read, refused, spec, write


def rows(cells: pl.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return cells.select(columns).rows()


def test_cells_have_the_agreed_columns_and_types(tmp_path: Path) -> None:
    cells = read(tmp_path, "kode;år;tall;kjønn\n0101;2018;3;alle\n", dimensions=["kjønn"]).cells
    assert cells.columns == [*CELLS, "kjønn"]
    assert cells.dtypes[:2] == [pl.Int64, pl.String]
    assert cells.row(0) == (2, "delbydel", "0101", "2018", "tall", 3.0, "value", "", "alle")


def test_row_numbers_count_titles_blank_lines_and_quoted_line_breaks(tmp_path: Path) -> None:
    text = 'Tittel\n\nkode;år;"ta\nll"\n0101;2018;3\n\n0102;2018;"4"\n'
    read_it = read(
        tmp_path, text, read={"header_row": 3}, measure={"id": "tall", "column": "ta ll"}
    )
    assert rows(read_it.cells, "row", "area") == [(4, "0101"), (6, "0102")]
    assert read_it.facts.files[0].blank_rows == 1


def test_default_marks_and_blank(tmp_path: Path) -> None:
    signs = [":", "*", ".", "..", "", "  :", "7"]
    text = "kode;år;tall\n" + "".join(f"010{n};2018;{s}\n" for n, s in enumerate(signs))
    result = read(tmp_path, text)
    expected = ["suppressed_primary", "suppressed_primary", "not_applicable", "missing", "missing"]
    assert result.cells["status"].to_list() == [*expected, "suppressed_primary", "value"]
    assert result.cells["mark"].to_list() == [":", "*", ".", "..", "", ":", ""]
    assert result.cells["value"].to_list() == [None] * 6 + [7.0]
    assert result.facts.statuses == {
        "missing": 2,
        "not_applicable": 1,
        "suppressed_primary": 3,
        "value": 1,
    }
    assert result.facts.marks == {"": 1, "*": 1, ".": 1, "..": 1, ":": 2}


def test_declared_marks(tmp_path: Path) -> None:
    text = "kode;år;tall\n0101;2018;-\n0102;2018;-999\n0103;2018;u\n"
    cells = read(tmp_path, text, marks={"-": "zero", "-999": "missing", "u": "suppressed"}).cells
    assert rows(cells, "value", "status", "mark") == [
        (0.0, "value", "-"),
        (None, "missing", "-999"),
        (None, "suppressed_primary", "u"),
    ]


def test_a_blank_declared_to_be_zero_is_said_aloud(tmp_path: Path) -> None:
    result = read(tmp_path, "kode;år;tall\n0101;2018;\n0102;2018;0\n", marks={"": "zero"})
    assert rows(result.cells, "value", "status") == [(0.0, "value"), (0.0, "value")]
    told = [f for f in result.findings if f.code == "source_blank_zero"]
    assert [(f.severity, f.count, f.place.row) for f in told] == [(Severity.WARNING, 1, 2)]


@pytest.mark.parametrize(("meaning", "words"), [
    ("suppressed", "Tomme celler lest som «skjult av produsenten», slik marks sier: 1."),
    ("not_applicable", "Tomme celler lest som «ikke aktuelt», slik marks sier: 1."),
])  # fmt: skip
def test_a_blank_is_told_of_as_what_it_was_declared_to_be(
    tmp_path: Path, meaning: str, words: str
) -> None:
    result = read(tmp_path, "kode;år;tall\n0101;2018;\n0102;2018;7\n", marks={"": meaning})
    told = [f.text("nb") for f in result.findings if f.code.startswith("source_blank")]
    assert [text.partition(": ")[2] for text in told] == [words]


def test_a_mark_beside_the_number(tmp_path: Path) -> None:
    text = (
        "kode;år;tall;m\n0101;2018;5;e\n0102;2018;6;:\n0103;2018;;:\n0104;2018;7;\n0105;2018;8;p\n"
    )
    measure = {"id": "tall", "column": "tall", "mark_column": "m"}
    cells = read(tmp_path, text, measure=measure, marks={"e": "unreliable", "p": "value"}).cells
    # A hidden figure never carries its number, even where the producer left it in the file.
    assert rows(cells, "value", "status", "mark") == [
        (5.0, "unreliable", "e"),
        (None, "suppressed_primary", ":"),
        (None, "suppressed_primary", ":"),
        (7.0, "value", ""),
        (8.0, "value", "p"),
    ]
    found = refused(tmp_path, text, measure=measure, marks={"e": "unreliable"})
    assert [(f.code, f.params["text"]) for f in found] == [("source_mark_undeclared", "p")]


def test_one_sign_may_mean_different_things_for_two_measures(tmp_path: Path) -> None:
    text = "kode;år;n;snitt\n0101;2018;-;-\n"
    measures = [
        {"id": "n", "column": "n", "marks": {"-": "zero"}},
        {"id": "snitt", "column": "snitt", "marks": {"-": "not_applicable"}},
    ]
    cells = read(tmp_path, text, measure=measures).cells
    assert rows(cells, "value", "status") == [(0.0, "value"), (None, "not_applicable")]


def test_number_formats(tmp_path: Path) -> None:
    numbers = {
        "326\u00a0618,00": 326618.0,
        "1 234,5": 1234.5,
        "−7": -7.0,
        "+8": 8.0,
        "12": 12.0,
        "1\u202f000": 1000.0,
    }
    text = "kode;år;tall\n" + "".join(f"01{n:02};2018;{t}\n" for n, t in enumerate(numbers))
    cells = read(tmp_path, text, read={"decimal": ",", "thousands": " "}).cells
    assert cells["value"].to_list() == list(numbers.values())


@pytest.mark.parametrize(
    ("unit", "value"),
    [("percent", 0.3274), ("permille", 0.03274), ("thousands", 32740.0), ("as_is", 32.74)],
)
def test_units(tmp_path: Path, unit: str, value: float) -> None:
    measure = {"id": "tall", "column": "tall", "unit": unit}
    cells = read(tmp_path, "kode;år;tall\n0101;2018;32.74\n", measure=measure).cells
    assert cells["value"][0] == pytest.approx(value, rel=1e-14)


def test_several_levels_in_one_file(tmp_path: Path) -> None:
    text = "b;k;f;år;tall\n030101;NULL;NULL;2013;1\nNULL;0101;NULL;2013;2\nNULL;NULL;00;2013;3\nNULL;NULL;03;2013;4\n"
    area = [
        {"level": "bydel", "column": "b", "blank": "NULL"},
        {"level": "kommune", "column": "k", "blank": ["NULL"]},
        {"level": "land", "column": "f", "codes": {"00": "0"}},
        {"level": "fylke", "column": "f", "blank": "NULL"},
    ]
    cells = read(tmp_path, text, area=area).cells
    assert rows(cells, "level", "area") == [
        ("bydel", "030101"), ("kommune", "0101"), ("land", "0"), ("fylke", "03"),
    ]  # fmt: skip


def test_levels_by_length_pattern_and_column(tmp_path: Path) -> None:
    text = "nivå;kode;år;tall\nx;0301;2018;1\nx;030101;2018;2\nx;K-3001;2018;3\nSum;alt;2018;4\n"
    area = [
        {"level": "kommune", "column": "kode", "length": 4},
        {"level": "bydel", "column": "kode", "length": [6], "matches": "[0-9]+"},
        {
            "level": "kommune",
            "column": "kode",
            "matches": "K-.*",
            "transform": [{"strip_prefix": "K-"}],
        },
        {"level": "land", "code": "0", "when": [{"column": "nivå", "equals": "Sum"}]},
    ]
    cells = read(tmp_path, text, area=area).cells
    assert rows(cells, "level", "area") == [
        ("kommune", "0301"), ("bydel", "030101"), ("kommune", "3001"), ("land", "0"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "steps", "code"),
    [
        ("0301010102", [{"last": 4}], "0102"),
        ("0301010102", [{"first": 4}], "0301"),
        ("0301010102", [{"slice": [4, 8]}], "0101"),
        ("1010101", [{"pad": 8}], "01010101"),
        ("030101 Gamle Oslo", [{"before": " "}], "030101"),
        ("Gamle Oslo (0101)", [{"after": "("}, {"strip_suffix": ")"}], "0101"),
        ("030101a", [{"strip_suffix": "a"}, {"last": 4}], "0101"),
        ("01.01", [{"replace": [".", ""]}], "0101"),
        ("01", [{"prefix": "03"}], "0301"),
    ],
)
def test_steps_from_text_to_code(
    tmp_path: Path, text: str, steps: list[dict[str, object]], code: str
) -> None:
    area = {"level": "custom", "column": "kode", "transform": steps}
    assert read(tmp_path, f"kode;år;tall\n{text};2018;1\n", area=area).cells["area"][0] == code


NAMES = "navn;kode\nGrønland;0102\nKampen;0105\nSentrum;1601\nSENTRUM;0301\n"


def named(unknown: str = "refuse", **same: str) -> dict[str, object]:
    lookup = {"file": "navn.csv", "name": "navn", "code": "kode", "same": same, "unknown": unknown}
    return {"level": "delbydel", "column": "sted", "lookup": lookup}


def test_names_are_looked_up(tmp_path: Path) -> None:
    write(tmp_path, NAMES, "navn.csv")
    text = "sted;år;tall\nGrønland;2018;1\nkampen ;2018;2\nGrl;2018;3\n"
    cells = read(tmp_path, text.replace("Grl;2018", "Grl;2019"), area=named(Grl="Grønland")).cells
    assert cells["area"].to_list() == ["0102", "0105", "0102"]


def test_unknown_and_double_names(tmp_path: Path) -> None:
    write(tmp_path, NAMES, "navn.csv")
    unknown = "sted;år;tall\nGrønland;2018;1\nØya;2018;2\n"
    assert [f.code for f in refused(tmp_path, unknown, area=named())] == ["source_name_unknown"]
    result = read(tmp_path, unknown, area=named("leave_out"))
    assert result.cells["area"].to_list() == ["0102"]
    warning = next(f for f in result.findings if f.code == "source_name_unknown")
    assert (warning.severity, warning.params["names"]) == (Severity.WARNING, "Øya")
    assert [(left.rows, left.reason.nb) for left in result.facts.left_out] == [
        (1, "Navnet står ikke i oppslagstabellen")
    ]
    double = refused(tmp_path, "sted;år;tall\nSentrum;2018;1\n", area=named("leave_out"))
    assert [f.code for f in double] == ["source_name_several"]


def test_rows_left_out_are_counted_with_their_sum(tmp_path: Path) -> None:
    text = "kode;år;tall;type\n0101;2018;5;a\n;2018;9,5;a\n;2018;:;a\n0102;2018;4;b\n"
    leave = [
        {
            "reason": {"nb": "Summer", "nn": "Summar", "en": "Totals"},
            "where": [{"column": "kode", "blank": True}],
        }
    ]
    result = read(
        tmp_path,
        text,
        read={"decimal": ","},
        leave_out=leave,
        keep=[{"column": "type", "in": ["a"]}],
    )
    assert result.cells["area"].to_list() == ["0101"]
    assert [(p.reason.en, p.rows, dict(p.sums)) for p in result.facts.left_out] == [
        ("Totals", 2, {"tall": 9.5}),
        ("Rows that «keep» does not take", 1, {"tall": 4.0}),
    ]
    assert (result.facts.rows, result.facts.rows_kept) == (4, 1)
    told = [f.text("nn") for f in result.findings if f.code == "source_left_out"]
    assert (
        told[0]
        == "levert.csv: Rader som ikkje er importerte: 2. Grunn: Summar. Sum av tala i dei: tall 9,5."
    )


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ({"equals": "a"}, 1),
        ({"in": ["a", "b"]}, 2),
        ({"not_in": ["a", ""]}, 1),
        ({"matches": "[ab]"}, 2),
        ({"blank": True}, 1),
        ({"blank": False}, 2),
    ],
)
def test_conditions(tmp_path: Path, condition: dict[str, object], kept: int) -> None:
    text = "kode;år;tall;type\n0101;2018;5;a\n0102;2018;5;b\n0103;2018;5;\n"
    assert read(tmp_path, text, keep=[{"column": "type", **condition}]).cells.height == kept


def test_wide_measures_and_years_in_columns(tmp_path: Path) -> None:
    wide = [{"id": "a", "column": "a"}, {"id": "b", "column": "b"}]
    cells = read(tmp_path, "kode;år;a;b\n0101;2018;1;2\n", measure=wide).cells
    assert rows(cells, "measure", "value") == [("a", 1.0), ("b", 2.0)]
    years = {"id": "folk", "columns": r"Persons (?P<period>\d{4})"}
    text = "kode;alder;Persons 2001;Persons 2002\n0101;0;5;6\n"
    cells = read(tmp_path, text, measure=years, period={}, dimensions={"age": "alder"}).cells
    assert rows(cells, "period", "value", "age") == [("2001", 5.0, "0"), ("2002", 6.0, "0")]


def test_dimensions_from_a_header_of_several_rows(tmp_path: Path) -> None:
    text = "kode;kjønn.1;kjønn.2\n;enhet.n;enhet.n\n0101;3;4\n"
    measure = {"id": "n", "columns": r"kjønn\.(?P<sex>\d) \| enhet\.n"}
    cells = read(
        tmp_path, text, read={"header_rows": 2}, measure=measure, period={"value": "2013"}
    ).cells
    assert rows(cells, "sex", "value", "row") == [("1", 3.0, 3), ("2", 4.0, 3)]


def test_merged_heading_cells_are_filled(tmp_path: Path) -> None:
    text = "kode;2018;;2019;\n;a;b;a;b\n0101;1;2;3;4\n"
    measure = {"id": "n", "columns": r"(?P<period>\d{4}) \| (?P<type>[ab])"}
    options = {"header_rows": 2, "header_fill": True}
    area = {"level": "delbydel", "column": "kode"}
    cells = read(tmp_path, text, read=options, measure=measure, area=area, period={}).cells
    assert rows(cells, "period", "type", "value") == [
        ("2018", "a", 1.0), ("2018", "b", 2.0), ("2019", "a", 3.0), ("2019", "b", 4.0),
    ]  # fmt: skip


def test_measures_named_in_a_column(tmp_path: Path) -> None:
    text = "kode;år;enhet;tall\n0101;2018;personer;12\n0101;2018;prosent;40\n"
    measures = [
        {"id": "n", "code": "personer", "column": "tall"},
        {"id": "share", "code": "prosent", "column": "tall", "unit": "percent"},
    ]
    cells = read(tmp_path, text, measure_column="enhet", measure=measures).cells
    assert rows(cells, "measure", "value") == [("n", 12.0), ("share", 0.4)]
    found = refused(tmp_path, text, measure_column="enhet", measure=measures[:1])
    assert [(f.code, f.place.row) for f in found] == [("source_measure_unknown", 3)]


def test_code_lists_and_constants(tmp_path: Path) -> None:
    text = "kode;år;kjønn;tall\n0101;2018;1;5\n0101;2018;9;6\n"
    result = read(
        tmp_path,
        text,
        dimensions={"sex": "kjønn"},
        codes={"sex": {"1": "menn"}},
        constants={"age": "alle"},
    )
    assert rows(result.cells, "sex", "age") == [("menn", "alle"), ("9", "alle")]
    assert any(f.code == "source_code_unlisted" and f.examples == ("9",) for f in result.findings)


def test_footers_and_short_rows(tmp_path: Path) -> None:
    text = "kode;år;tall\n0101;2018;5\n\nKilde: SSB\n"
    assert read(tmp_path, text, read={"ends_at": "Kilde"}).cells.height == 1
    assert read(tmp_path, text, read={"footer_rows": 1}).cells.height == 1
    short = "kode;år;tall\n0101;2018\n"
    assert read(tmp_path, short, read={"short_rows": "fill"}).cells["status"][0] == "missing"
    # A delimiter at the end of each row adds a field that holds nothing.
    assert read(tmp_path, "kode;år;tall\n0101;2018;5;\n").cells["value"][0] == 5.0


def test_several_files_make_one_table_and_keys_may_not_repeat(tmp_path: Path) -> None:
    write(tmp_path, "kode;år;tall\n0101;2018;5\n", "a/1.csv")
    write(tmp_path, "kode;aar;tall\n0102;2018;6\n", "a/2.csv")
    given = spec(file="a/*.csv", read={"rename": {"aar": "år"}})
    result = read_source(given, tmp_path)
    assert result.cells["area"].to_list() == ["0101", "0102"]
    assert [file.name for file in result.facts.files] == ["a/1.csv", "a/2.csv"]
    told = [f.params["files"] for f in result.findings if f.code == "source_files"]
    assert told == ["1.csv, 2.csv"]
    write(tmp_path, "kode;år;tall\n0101;2018;7\n", "a/3.csv")
    with pytest.raises(UserError) as caught:
        read_source(given, tmp_path)
    assert caught.value.findings[0].params["rows"] == "a/1.csv: 2, a/3.csv: 2"


def test_what_several_files_leave_out_is_one_note(tmp_path: Path) -> None:
    for n in (1, 2):
        write(tmp_path, f"kode;år;tall;ekstra\n010{n};2018;5;x\n;2018;9;y\n", f"{n}.csv")
    leave = [{"reason": "Sum", "where": [{"column": "kode", "blank": True}]}]
    result = read_source(spec(file="*.csv", leave_out=leave), tmp_path)
    assert [(p.rows, dict(p.sums)) for p in result.facts.left_out] == [(2, {"tall": 18.0})]
    codes = [f.code for f in result.findings]
    assert codes == ["source_files", "source_left_out", "source_columns_unused"]
    assert result.facts.rows_kept == 2


def test_the_first_root_that_has_the_file_is_taken(tmp_path: Path) -> None:
    write(tmp_path / "data", "x", "levert.csv")
    found = find_files(spec(), tmp_path / "workspace", tmp_path / "data")
    assert found == [(tmp_path / "data" / "levert.csv", "levert.csv")]


def test_parts_of_one_figure_are_added_only_where_declared(tmp_path: Path) -> None:
    text = "kode;år;tall\n9901;2018;5\n9901;2018;6\n9902;2018;1\n9902;2018;:\n"
    declared = [{"column": "kode", "in": ["9901", "9902"]}]
    cells = read(tmp_path, text, add_up=declared).cells
    assert rows(cells, "row", "area", "value", "status", "mark") == [
        (2, "9901", 11.0, "value", ""),
        (4, "9902", None, Status.SUPPRESSED_PRIMARY.value, ":"),
    ]
    assert {f.code for f in refused(tmp_path, text)} == {"source_duplicate"}


def test_what_is_not_used_is_said(tmp_path: Path) -> None:
    result = read(tmp_path, "kode;år;tall;ekstra\n0101;2018;5;x\n")
    assert [f.params["columns"] for f in result.findings] == ["«ekstra»"]


def test_provenance_answers_where_a_number_comes_from(tmp_path: Path) -> None:
    given = spec(licence="NLOD", retrieved="2026-11-01", geography="2019", note="Merk.")
    path = write(tmp_path, "kode;år;tall\n0101;2018;5\n", "mappe/levert.csv")
    result = read_table(given, path, "mappe/levert.csv")
    told = provenance(given, result, code_version="1")
    assert (told.source, told.file, told.licence, told.geography) == (
        "test",
        "mappe/levert.csv",
        "NLOD",
        "2019",
    )
    assert len(told.sha256) == 64
    assert told.note is not None
    several = read_files(given, [(path, "a.csv")], [tmp_path])
    assert several.facts.files[0].sha256 == told.sha256
    assert result.facts.as_dict()["rows"] == 1
