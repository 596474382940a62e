"""The register: what lies in what, and what does not fit together."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from pydantic import ValidationError

from nabolag.core import Level, Severity, UserError
from nabolag.geography import AreaListSpec, build_register, read_area_list
from nabolag.store.frames import AREAS, LINKS, SHAPES
from tests.geography.places import BYDEL_OF, inline, speaks, squares, town


def test_levels_names_children_parents_and_ancestors() -> None:
    register = town()
    assert register.levels == (Level.DELBYDEL, Level.BYDEL, Level.KOMMUNE)
    assert register.name(Level.BYDEL, "030101") == "Øst"
    assert register.name(Level.DELBYDEL, "030101") is None
    assert register.children(Level.BYDEL, "030101")["code"].to_list() == ["0101", "0102", "0109"]
    assert register.children(Level.KOMMUNE, "0301", of=Level.BYDEL)["code"].to_list() == [
        "030101",
        "030102",
    ]
    assert register.parents(Level.DELBYDEL, "0201").rows() == [
        ("bydel", "030102"),
        ("kommune", "0301"),
    ]
    up = dict(register.ancestor(Level.DELBYDEL, Level.KOMMUNE).iter_rows())
    assert up == dict.fromkeys(["0101", "0102", "0109", "0201", "0202", "9901"], "0301")
    assert register.ancestor(Level.KOMMUNE, Level.KOMMUNE).rows() == [("0301", "0301")]
    for frame, schema in (
        (register.areas, AREAS),
        (register.closed_links, LINKS),
        (register.shapes, SHAPES),
    ):
        assert dict(frame.schema) == schema
    assert speaks(register.findings) == ["area_name_differs", "area_parent_absent"]
    assert register.findings[1].examples == ("9901 Uten adresse",)


def test_the_same_code_at_two_levels_stays_two_areas() -> None:
    zones = inline(
        "levekarssone", {"03011101": "LKS 1"}, parents=[{"level": "kommune", "constant": "0301"}]
    )
    units = inline(
        "grunnkrets",
        {"03011101": "Rode 1", "03011102": "Rode 2"},
        parents=[{"level": "bydel", "constant": "030104"}],
    )
    top = inline("kommune", {"0301": "Byen"})
    district = inline("bydel", {"030104": "Nord"})
    register = build_register((), [zones, units, top, district])
    assert register.name(Level.LEVEKARSSONE, "03011101") == "LKS 1"
    assert register.name(Level.GRUNNKRETS, "03011101") == "Rode 1"
    assert register.parents(Level.GRUNNKRETS, "03011101").rows() == [("bydel", "030104")]
    assert register.parents(Level.LEVEKARSSONE, "03011101").rows() == [("kommune", "0301")]


def test_an_unknown_parent_is_told_and_not_invented() -> None:
    register = build_register((), [inline("delbydel", {"0101": "A"}, parents=[BYDEL_OF])])
    assert speaks(register.findings) == ["area_parent_unknown"]
    assert register.findings[0].examples == ("030101",)
    assert register.links.is_empty()


def test_two_parents_of_one_level_are_an_error_also_through_another_level() -> None:
    one = inline(
        "grunnkrets",
        {"03010101": "A"},
        parents=[
            {"level": "bydel", "constant": "030101"},
            {"level": "delomrade", "constant": "030102"},
        ],
    )
    middle = inline(
        "delomrade", {"030102": "M"}, parents=[{"level": "bydel", "constant": "030102"}]
    )
    top = inline("bydel", {"030101": "Øst", "030102": "Vest"})
    register = build_register((), [one, middle, top])
    wrong = [f for f in register.findings if f.severity is Severity.ERROR]
    assert speaks(tuple(wrong)) == ["area_two_parents"]
    assert "030101, 030102" in wrong[0].examples[0]
    assert register.ancestor(Level.GRUNNKRETS, Level.BYDEL).is_empty()


def test_levels_in_a_ring_are_an_error() -> None:
    a = inline("bydel", {"030101": "A"}, parents=[{"level": "delomrade", "constant": "030101"}])
    b = inline("delomrade", {"030101": "B"}, parents=[{"level": "bydel", "constant": "030101"}])
    register = build_register((), [a, b])
    assert speaks(register.findings) == ["area_level_cycle"]
    assert register.findings[0].severity is Severity.ERROR
    assert register.closed_links.is_empty()


def test_shapes_twice_are_an_error() -> None:
    register = build_register([squares("delbydel", ["0101"]), squares("delbydel", ["0101"])])
    assert "area_shape_twice" in speaks(register.findings)
    assert register.shapes.is_empty()


def test_different_years_at_one_level_are_told() -> None:
    listed = inline("delbydel", {"0101": "Sted 0101"}, geography="2024")
    register = build_register([squares("delbydel", ["0101"], "2026")], [listed])
    found = next(f for f in register.findings if f.code == "area_geography_differs")
    assert found.params["years"] == "2024, 2026"
    assert register.areas["geography"].to_list() == ["2026"]


def test_shapes_are_drawn_from_children() -> None:
    lists = [
        inline("bydel", {"030101": "Øst", "030102": "Vest"}, shapes_from={"bydel": "delbydel"}),
        inline(
            "delbydel", {"0101": "A", "0102": "B", "0201": "C", "0202": "D"}, parents=[BYDEL_OF]
        ),
    ]
    register = build_register([squares("delbydel", ["0101", "0102", "0201"])], lists)
    drawn = register.shapes.filter(pl.col("level") == "bydel")
    assert drawn["code"].to_list() == ["030101", "030102"]
    assert drawn["area_km2"].to_list() == pytest.approx([2 * 1.28, 1.28], rel=0.01)
    told = {f.code: f for f in register.findings}
    assert told["area_shape_made"].count == 2
    assert told["area_shape_partial"].examples == ("030102 Vest",)


# --- Code lists ------------------------------------------------------------------------------


def listed(tmp_path: Path, text: str, **spec: Any) -> Any:
    path = tmp_path / "liste.csv"
    path.write_text(text, encoding="utf-8")
    return read_area_list(AreaListSpec(id="liste", file="liste.csv", **spec), path, "liste.csv")


LIST = "code;name;level;kommune;sone;to\n0301;Byen;kommune;0301;;2024\n03010101;A;gk;0301;03010001;2019\n03010102;B;gk;0301;;2020-01-01\n03010100;Sentrum;gk;;;\n03010001;Sone 1;levekaar;0301;;\n03;Fylket;fylke;;;\n"
LEVELS = {"gk": "grunnkrets", "kommune": "kommune", "levekaar": "levekarssone"}


def test_a_code_list_with_levels_parents_dates_and_reclassified_rows(tmp_path: Path) -> None:
    got = listed(
        tmp_path, LIST, level_column="level", levels=LEVELS, valid_to="to",
        parents=[{"level": "kommune", "column": "kommune"}, {"level": "levekarssone", "column": "sone"}],
        reclassify=[{"level": "grunnkrets", "matches": r"\d{6}00", "to": "delomrade", "transform": [{"first": 6}]}],
    )  # fmt: skip
    found = {
        (level, code): to
        for level, code, to in got.areas.select("level", "code", "valid_to").iter_rows()
    }
    assert found == {
        ("kommune", "0301"): date(2025, 1, 1),  # a year is in use until its end
        ("grunnkrets", "03010101"): date(2020, 1, 1),
        ("grunnkrets", "03010102"): date(2020, 1, 1),  # a date is the first day without it
        ("delomrade", "030101"): None,
        ("levekarssone", "03010001"): None,
    }
    assert got.links.rows() == [
        ("grunnkrets", "03010101", "kommune", "0301"),
        ("grunnkrets", "03010102", "kommune", "0301"),
        ("levekarssone", "03010001", "kommune", "0301"),
        ("grunnkrets", "03010101", "levekarssone", "03010001"),
    ]
    assert speaks(got.findings) == ["area_level_unknown", "area_reclassified"]
    assert got.findings[0].examples == ("fylke (1)",)


@pytest.mark.parametrize(
    ("text", "spec", "code"),
    [
        ("code;name\n0301;A\n0301;B\n", {"level": "kommune"}, "area_code_twice"),
        ("code;name\n;A\n0301;B\n", {"level": "kommune"}, "area_code_blank"),
        ("code;name\n301;A\n", {"level": "kommune"}, "area_code_unfit"),
        ("kode;name\n0301;A\n", {"level": "kommune"}, "area_column_absent"),
        (
            "code;name;to\n0301;A;i fjor\n",
            {"level": "kommune", "valid_to": "to"},
            "area_date_unread",
        ),
        (
            "code;name\n0301;A\n",
            {"level": "kommune", "keep": [{"column": "code", "equals": "1"}]},
            "area_no_rows_kept",
        ),
    ],
)
def test_a_broken_code_list_is_refused(
    tmp_path: Path, text: str, spec: dict[str, Any], code: str
) -> None:
    with pytest.raises(UserError) as caught:
        listed(tmp_path, text, **spec)
    assert speaks(caught.value.findings) == [code]


def test_rules_for_one_level_of_a_list_leave_the_others_alone(tmp_path: Path) -> None:
    got = listed(
        tmp_path, LIST, level_column="level", levels=LEVELS,
        parents=[{"level": "delomrade", "transform": [{"first": 6}], "of": ["grunnkrets"]}],
    )  # fmt: skip
    assert set(got.links["level"]) == {"grunnkrets"}


@pytest.mark.parametrize(
    "spec",
    [
        {"level": "kommune"},
        {"level": "kommune", "file": "a.csv", "names": {"0301": "A"}},
        {"file": "a.csv"},
        {"file": "a.csv", "level_column": "level"},
        {"names": {"0301": "A"}, "level_column": "level", "levels": {"a": "kommune"}},
        {"names": {"0301": "A"}, "level": "kommune", "ukjent": 1},
        {"names": {"0301": "A"}, "level": "kommune", "valid_to": "2017-01-01"},
    ],
)
def test_contradictory_declarations_are_refused(spec: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        AreaListSpec(id="x", **spec)


def test_a_list_may_be_a_workbook(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "liste.xlsx") as book:
        sheet = book.add_worksheet("Soner")
        for at, row in enumerate([["code", "name"], ["0101", "Vik"], ["0102", "Nes"]]):
            sheet.write_row(at, 0, row)
    spec = AreaListSpec(id="liste", file="liste.xlsx", level="delbydel")
    read = read_area_list(spec, tmp_path / "liste.xlsx", "liste.xlsx")
    assert read.areas.select("code", "name").rows() == [("0101", "Vik"), ("0102", "Nes")]
    (tmp_path / "liste.dat").write_text("code;name\n0101;Vik\n")
    with pytest.raises(UserError) as wrong:
        read_area_list(spec, tmp_path / "liste.dat", "liste.dat")
    assert [f.code for f in wrong.value.findings] == ["source_format_unknown"]
