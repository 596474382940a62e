"""A wrong file of each kind gives a message that a person can act on, and no table."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from nabolag.core import LANGS, Finding, UserError
from nabolag.sources.tables import read_table
from tests.sources.tables import refused, spec, write

GOOD = "kode;år;tall\n0101;2018;12,5\n0102;2018;13\n"
COMMA = {"read": {"decimal": ","}}


def only(found: tuple[Finding, ...], code: str) -> Finding:
    assert [f.code for f in found] == [code]
    for lang in LANGS:
        assert found[0].text(lang)
    return found[0]


def test_letters_in_a_number_read_like_the_style_guide(tmp_path: Path) -> None:
    found = only(refused(tmp_path, GOOD.replace("12,5", "12,4,1"), **COMMA), "source_not_number")
    words = found.text("en")
    assert words.startswith("levert.csv, row 2, column «tall»: «12,4,1» is not a number")
    assert 'marks = { "12,4,1" = "missing" }' in words
    assert words.endswith("Nothing was imported from this file.")


def test_every_wrong_cell_is_named_with_its_rows(tmp_path: Path) -> None:
    text = "kode;år;tall\n0101;2018;x\n0102;2018;3\n0103;2018;x\n0104;2018;y\n"
    found = refused(tmp_path, text)
    assert [(f.place.row, f.count, f.examples) for f in found] == [
        (2, 2, ("2", "4")),
        (5, 1, ("5",)),
    ]


def test_many_wrong_texts_are_counted_not_listed(tmp_path: Path) -> None:
    text = "kode;år;tall\n" + "".join(f"0{n};2018;x{n}\n" for n in range(100, 130))
    found = refused(tmp_path, text)
    assert len(found) == 21
    assert (found[-1].code, found[-1].count) == ("source_more_texts", 10)


@pytest.mark.parametrize(("sign", "fits"), [(",", ","), ("\t", "\\t"), ("|", "|")])
def test_wrong_delimiter_says_which_one_the_file_has(tmp_path: Path, sign: str, fits: str) -> None:
    found = only(refused(tmp_path, GOOD.replace(",", ".").replace(";", sign)), "source_delimiter")
    assert found.params["fits"] == fits
    assert found.place.row == 1


def test_wrong_delimiter_that_occurs_in_a_heading(tmp_path: Path) -> None:
    text = '"kode";"år";"tall, personer; i alt";"merknad"\n0101;2018;5;x, y\n'
    found = refused(tmp_path, text, read={"delimiter": ","}, measure={"id": "n", "column": "tall"})
    assert only(found, "source_delimiter_splits").params["fits"] == ";"
    plain = text.replace('"', "").replace("; i alt", "")
    hit = only(refused(tmp_path, plain, read={"delimiter": ","}), "source_delimiter_splits")
    assert (hit.params["given"], hit.params["fits"]) == (",", ";")


def test_latin_1_read_as_utf_8_says_which_encoding_fits(tmp_path: Path) -> None:
    data = "kode;år;navn;tall\n0101;2018;Grønland;12\n".encode("cp1252")
    found = only(refused(tmp_path, data), "source_encoding")
    assert (found.params["fits"], found.place.row) == ("cp1252", 1)


def test_mac_letters_are_told_from_windows_letters(tmp_path: Path) -> None:
    data = "kode;ar;navn;tall\n0101;2018;Grünerløkka;12\n".encode("mac_roman")
    found = only(refused(tmp_path, data), "source_encoding")
    assert (found.params["fits"], found.place.row) == ("mac_roman", 2)


def test_utf_8_read_as_latin_1_says_utf_8(tmp_path: Path) -> None:
    text = "kode;år;navn;tall\n0101;2018;Grønland;12\n"
    found = only(refused(tmp_path, text, read={"encoding": "latin-1"}), "source_encoding")
    assert found.params["fits"] == "utf-8"


def test_letters_broken_before_delivery(tmp_path: Path) -> None:
    broken = "kode;år;navn;tall\n0101;2018;Grønland;12\n".encode().decode("cp1252")
    found = only(refused(tmp_path, broken), "source_letters_broken")
    assert found.place.row == 1
    lost = only(
        refused(tmp_path, "kode;år;navn;tall\n0101;2018;Gr\ufffdnland;1\n"), "source_letters_broken"
    )
    assert lost.place.row == 2


def test_utf_16_is_recognised(tmp_path: Path) -> None:
    found = only(refused(tmp_path, GOOD.encode("utf-16")), "source_encoding")
    assert found.params["fits"] == "utf-16"


def test_unknown_encoding(tmp_path: Path) -> None:
    only(refused(tmp_path, GOOD, read={"encoding": "norsk"}), "source_encoding_unknown")


def test_missing_column_names_the_nearest(tmp_path: Path) -> None:
    near = only(refused(tmp_path, GOOD.replace("tall", "tal")), "source_column_near")
    assert near.params["near"] == "tal"
    far = only(refused(tmp_path, GOOD.replace("tall", "zzz")), "source_column_absent")
    assert "«kode», «år», «zzz»" in far.text("nb")


def test_all_missing_columns_are_named_at_once(tmp_path: Path) -> None:
    found = refused(tmp_path, "a;b;c\n1;2;3\n")
    assert {f.params["column"] for f in found} == {"kode", "år", "tall"}


def test_duplicate_keys_name_their_rows(tmp_path: Path) -> None:
    found = only(refused(tmp_path, GOOD + "0101;2018;7\n", **COMMA), "source_duplicate")
    assert found.params["rows"] == "2, 4"
    assert "0101" in found.params["key"]


def test_duplicate_column_that_is_used(tmp_path: Path) -> None:
    only(refused(tmp_path, "kode;år;tall;tall\n0101;2018;1;2\n"), "source_column_twice")


def test_empty_and_headless_files(tmp_path: Path) -> None:
    only(refused(tmp_path, ""), "source_empty")
    only(refused(tmp_path, " \n\n"), "source_empty")
    only(refused(tmp_path, "kode;år;tall\n"), "source_no_rows")
    only(refused(tmp_path, GOOD, read={"header_row": 9}), "source_header_absent")


def test_header_twice(tmp_path: Path) -> None:
    codes = [f.code for f in refused(tmp_path, GOOD + GOOD, **COMMA)]
    assert "source_header_again" in codes


def test_more_and_fewer_fields_are_told_by_row(tmp_path: Path) -> None:
    found = refused(tmp_path, GOOD + "0103;2018\n0104;2018;5;6\n", **COMMA)
    assert [(f.code, f.place.row) for f in found] == [
        ("source_fields_more", 5),
        ("source_fields_fewer", 4),
    ]


def test_unclosed_quote(tmp_path: Path) -> None:
    only(refused(tmp_path, 'kode;år;tall\n"0101;2018;3\n0102;2018;4\n'), "source_quotes")


def test_decimal_comma_not_declared(tmp_path: Path) -> None:
    found = only(refused(tmp_path, GOOD), "source_decimal_other")
    assert 'decimal = ","' in found.text("nb")


def test_thousands_not_declared(tmp_path: Path) -> None:
    only(refused(tmp_path, "kode;år;tall\n0101;2018;326\u00a0618\n"), "source_thousands_undeclared")


def test_groups_of_thousands_must_have_three_digits(tmp_path: Path) -> None:
    options = {"read": {"decimal": ",", "thousands": "."}}
    only(refused(tmp_path, "kode;år;tall\n0101;2018;12.5\n", **options), "source_decimal_other")


@pytest.mark.parametrize("mark", ["-", "–", "...", "!"])
def test_mark_that_is_not_declared_is_refused(tmp_path: Path, mark: str) -> None:
    found = only(refused(tmp_path, f"kode;år;tall\n0101;2018;{mark}\n"), "source_mark_undeclared")
    assert found.params["text"] == mark


@pytest.mark.parametrize(
    "text", ["1e999", "12.", "--3", "0x10", "NaN", "inf", "1_000", "٣", "12 %"]
)
def test_what_programs_might_take_for_a_number_is_refused(tmp_path: Path, text: str) -> None:
    only(refused(tmp_path, f"kode;år;tall\n0101;2018;{text}\n"), "source_not_number")


def test_byte_order_mark_is_no_part_of_the_header(tmp_path: Path) -> None:
    path = write(tmp_path, b"\xef\xbb\xbf" + GOOD.encode())
    assert read_table(spec(**COMMA), path, "levert.csv").cells.height == 2


def test_code_that_cannot_be_of_its_level(tmp_path: Path) -> None:
    found = only(
        refused(tmp_path, GOOD, area={"level": "grunnkrets", "column": "kode"}, **COMMA),
        "source_code_shape",
    )
    assert (found.params["code"], found.params["level"]) == ("0101", "grunnkrets")


def test_row_without_place(tmp_path: Path) -> None:
    found = only(refused(tmp_path, GOOD + ";2018;9\n", **COMMA), "source_area_nowhere")
    assert found.place.row == 4


def test_period_that_is_none(tmp_path: Path) -> None:
    found = only(refused(tmp_path, GOOD.replace("2018", "18"), **COMMA), "source_period_unread")
    assert (found.params["text"], found.count) == ("18", 2)


def test_truncated_workbook(tmp_path: Path) -> None:
    path = tmp_path / "levert.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_row(0, 0, ["kode", "år", "tall"])
    for data in (path.read_bytes()[:2000], b"PK\x03\x04not a workbook", b"\0\1 no zip at all"):
        write(tmp_path, data, "kort.xlsx")
        with pytest.raises(UserError) as caught:
            read_table(spec(), tmp_path / "kort.xlsx", "kort.xlsx")
        only(caught.value.findings, "source_workbook_broken")


def test_broken_documents_of_other_formats(tmp_path: Path) -> None:
    cases = {
        "levert.json": (b'{"data": [', "source_not_json"),
        "levert.parquet": (b"PAR1 no parquet", "source_parquet_broken"),
        "levert.px": (
            b'CHARSET="ANSI";\nSTUB="a";\nVALUES("a")="x","y";\nDATA=\n1\n;',
            "source_px_wrong",
        ),
        "levert.xyz": (b"anything", "source_format_unknown"),
    }
    for name, (data, code) in cases.items():
        with pytest.raises(UserError) as caught:
            read_table(spec(), write(tmp_path, data, name), name)
        only(caught.value.findings, code)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    from nabolag.sources.tables import read_source

    with pytest.raises(UserError) as caught:
        read_source(spec(), tmp_path)
    only(caught.value.findings, "delivered_file_absent")
    with pytest.raises(UserError):
        read_source(spec(file="*.csv"), tmp_path)


def test_a_workbook_named_csv_and_text_named_xlsx_are_told_apart(tmp_path: Path) -> None:
    for name, data, code in (
        ("a.csv", b"PK\x03\x04 and then", "source_workbook_instead"),
        ("b.csv", b"kode;tall\n\0\1\2;3\n", "source_not_text"),
        ("c.xlsx", b"<html><table></table></html>", "source_text_instead"),
    ):
        write(tmp_path, data, name)
        with pytest.raises(UserError) as caught:
            read_table(spec(), tmp_path / name, name)
        only(caught.value.findings, code)


def test_a_column_written_with_another_decimal_sign_is_one_message(tmp_path: Path) -> None:
    text = "kode;år;tall\n" + "".join(f"010{n};2018;{n},5\n" for n in range(1, 9))
    found = only(refused(tmp_path, text), "source_decimal_other")
    assert (found.count, found.place.row, found.params["text"]) == (8, 2, "1,5")


def test_the_delimiter_that_fits_is_told_where_headings_hold_the_wrong_one(tmp_path: Path) -> None:
    text = "kode;år;tall, antall\n0101;2018;3\n0102;2018;4\n"
    found = only(refused(tmp_path, text, read={"delimiter": ","}), "source_delimiter_splits")
    assert (found.params["given"], found.params["fits"]) == (",", ";")


def test_an_open_quotation_mark_is_not_taken_for_another_delimiter(tmp_path: Path) -> None:
    text = 'kode;år;tall, antall\n0101;2018;"3\n0102;2018;4\n'
    assert only(refused(tmp_path, text), "source_quotes").place.row == 2


def test_merged_headings_do_not_flow_into_the_total_column(tmp_path: Path) -> None:
    rows = ["Område;;Personer;;I alt", "kode;navn;2020;2021;", "0101;A;3;4;7"]
    read = {"header_rows": 2, "header_fill": True}
    write(tmp_path, "\n".join(rows).encode(), "b.csv")
    wide = spec(
        area={"level": "delbydel", "column": "Område | kode"},
        period={},
        measure={"id": "personer", "columns": r"(Personer|I alt) \| (?P<period>\d{4})"},
        read=read,
    )
    found = read_table(wide, tmp_path / "b.csv", "b.csv")
    assert found.cells.select("period", "value").rows() == [("2020", 3.0), ("2021", 4.0)]


def test_windows_letters_read_as_dos_letters_are_told(tmp_path: Path) -> None:
    text = "kode;år;tall\n0101;2018;3\n".encode("cp1252")
    found = only(refused(tmp_path, text, read={"encoding": "cp865"}), "source_encoding")
    assert found.params["fits"] == "cp1252"
