"""Catchments of a workspace: held against areas and schools, kept, and used without losing anyone."""

from __future__ import annotations

from pathlib import Path

import pytest

from nabolag.core import UserError
from nabolag.pipeline import build, check_deliveries
from nabolag.store import Workspace
from tests.geography.places import speaks
from tests.pipeline.test_points import edit
from tests.support.delivery import CODES, write_delivery
from tests.support.schools import SECTION as SCHOOLS
from tests.support.schools import write_schools

SECTION = """
[[catchments]]
id = "barneskoler"
file = "inntak.csv"
level = "delbydel"
school = "Skole"
area = "Delbydel"
share = "Andel"
from_year = "Fra"
to_year = "Til"
producer = "Prøvekommune"
"""
#: The south belongs to S1, the north to S2 until 2019 and from 2020 half to S3 in one area.
ROWS = "Skole;Delbydel;Andel;Fra;Til\n" + "".join(
    [f"S1;{code};;;\n" for code in CODES[:6]]
    + [f"S2;{code};1;;\n" for code in CODES[7:]]
    + ["S2;0201;1;;2019\n", "S2;0201;0,5;2020;\n", "S3;0201;0,5;2020;\n"]
)


def write_catchments(folder: Path, rows: str = ROWS, schools: str = SCHOOLS) -> Path:
    write_schools(folder, schools, SECTION)
    (folder / "inntak.csv").write_text(rows, encoding="utf-8")
    return folder


def told(folder: Path) -> dict[str, tuple[str, ...]]:
    found = [f for f in check_deliveries(Workspace(folder)).findings if f.code[:9] == "catchment"]
    speaks(tuple(found))
    assert all(f.place.file == "inntak.csv" for f in found)
    return {f.code: f.examples for f in found}


def test_a_whole_table_leaves_with_the_release(tmp_path: Path) -> None:
    folder = write_catchments(tmp_path)
    assert told(folder) == {}
    build(folder)
    release = Workspace(folder).release()
    kept = release.catchments
    assert kept.height == 14
    assert set(kept["source"]) == {"barneskoler"}
    assert kept.filter(school="S1")["share"].to_list() == [1.0] * 6
    divided = kept.filter(area="0201").select("school", "share", "from_year", "to_year").rows()
    assert divided == [("S2", 1.0, None, 2019), ("S2", 0.5, 2020, None), ("S3", 0.5, 2020, None)]
    assert release.sources["barneskoler"].producer == "Prøvekommune"


def test_gaps_overlaps_and_strange_schools_are_said(tmp_path: Path) -> None:
    without = ROWS.replace("S1;0103;;;\n", "").replace("S3;0201", "S9;0201")
    assert told(write_catchments(tmp_path, without)) == {
        "catchment_gap": ("0103",),
        "catchment_school_unknown": ("S9",),
    }
    (tmp_path / "inntak.csv").write_text(ROWS + "S3;0206;0,2;;\n", encoding="utf-8")
    assert told(tmp_path) == {"catchment_overlap": ("0206",)}
    with pytest.raises(UserError):
        build(tmp_path)
    assert not (tmp_path / "releases").exists()
    (tmp_path / "inntak.csv").write_text(ROWS + "S2;0206;1;;\nS3;0101;;;\n", encoding="utf-8")
    assert told(tmp_path) == {
        "catchment_row_twice": ("S2 – 0206",),
        "catchment_equal": ("0101",),
    }


def test_without_a_list_of_schools_none_is_strange(tmp_path: Path) -> None:
    write_delivery(tmp_path)
    config = tmp_path / "nabolag.toml"
    config.write_text(config.read_text(encoding="utf-8") + SECTION, encoding="utf-8")
    (tmp_path / "inntak.csv").write_text(ROWS.replace("S1", "X1"), encoding="utf-8")
    assert told(tmp_path) == {}


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("S1;0101", ";0101", ["catchment_blank"]),
        ("S1;0101", "S1;0777", ["catchment_unknown", "catchment_gap"]),
        ("0,5;2020", "halv;2020", ["dated_number_unread"]),
        ("0,5;2020", "1,5;2020", ["catchment_share", "catchment_overlap"]),
        (";2019", ";i fjor", ["dated_number_unread"]),
        ("Skole;", "Skule;", ["area_column_absent"]),
    ],
)
def test_broken_tables_stop_the_import_in_words(
    tmp_path: Path, old: str, new: str, codes: list[str]
) -> None:
    assert old in ROWS
    folder = write_catchments(tmp_path, ROWS.replace(old, new, 1))
    with pytest.raises(UserError) as wrong:
        build(folder)
    assert set(speaks(wrong.value.findings)) <= set(codes)
    assert wrong.value.findings[0].code == codes[0]


def test_a_level_must_be_said_and_a_file_be_there(tmp_path: Path) -> None:
    folder = write_catchments(tmp_path)
    edit(folder, 'level = "delbydel"\nschool', "school")
    with pytest.raises(UserError) as wrong:
        build(folder)
    assert speaks(wrong.value.findings) == ["config_part_wrong"]
    edit(folder, 'school = "Skole"', 'level = "delbydel"\nschool = "Skole"')
    (folder / "inntak.csv").unlink()
    with pytest.raises(UserError) as absent:
        build(folder)
    assert speaks(absent.value.findings) == ["delivered_file_absent"]
