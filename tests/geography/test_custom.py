"""Areas of one's own: listed or drawn, whole, and summed like any other."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
import shapely
from pydantic import ValidationError

from nabolag.core import Level, Severity
from nabolag.geography import (
    CustomAreaSpec,
    custom_areas,
    drawn,
    listed,
    read_outline,
    roll_up,
    too_few,
    with_custom,
)
from tests.geography.places import counts, ranked, speaks, town


def spec(**more: object) -> CustomAreaSpec:
    return CustomAreaSpec.model_validate({"code": "sentrum", "level": "delbydel", **more})


def test_a_listed_area_has_its_members_and_hangs_together() -> None:
    area = listed(spec(members=["0101", "0102"]), town())
    assert area.members["code"].to_list() == ["0101", "0102"]
    assert area.findings == ()


def test_an_area_across_districts_may_hang_together() -> None:
    """The SØF report's analysis areas do (L962–L966)."""
    assert listed(spec(members=["0102", "0201"]), town()).findings == ()


def test_parts_that_do_not_touch_are_named() -> None:
    told = listed(spec(members=["0101", "0201", "0202"]), town()).findings
    assert speaks(told) == ["custom_apart"]
    assert told[0].severity is Severity.WARNING
    assert told[0].examples == ("0201 + 0202", "0101")


def test_members_that_do_not_exist_stop_and_repetitions_do_not() -> None:
    told = listed(spec(members=["0101", "0101", "0777"]), town()).findings
    assert speaks(told) == ["custom_member_unknown", "custom_member_twice"]
    assert told[0].severity is Severity.ERROR
    none = listed(spec(members=["0777"]), town()).findings
    assert "custom_empty" in speaks(none)


def test_a_member_of_another_level_with_the_same_code_is_not_a_member() -> None:
    told = listed(spec(members=["030101"]), town())
    assert told.members.is_empty()


def test_members_without_borders_are_told_of() -> None:
    told = listed(spec(members=["0101", "9901"]), town()).findings
    assert speaks(told) == ["custom_unshaped"]


def test_a_drawn_area_takes_what_lies_mostly_inside() -> None:
    """Four squares from 10.00 to 10.08; the outline holds 3/4 of the first, 1/4 of the third."""
    outline = shapely.box(10.005, 58.9, 10.045, 59.1)
    area = drawn(spec(file="x.geojson"), outline, town())
    assert area.members["code"].to_list() == ["0101", "0102"]
    assert area.members["inside"].to_list() == pytest.approx([0.75, 1.0], abs=0.001)
    assert speaks(area.findings) == ["custom_cut"]
    assert area.findings[0].examples == ("0101 (0.75)", "0201 (0.25)")
    all_of = drawn(spec(file="x.geojson", least=0.2), outline, town())
    assert all_of.members["code"].to_list() == ["0101", "0102", "0201"]
    centre = drawn(spec(file="x.geojson", rule="centre"), outline, town())
    assert centre.members["code"].to_list() == ["0101", "0102"]


def test_an_outline_elsewhere_holds_nothing() -> None:
    area = drawn(spec(file="x.geojson"), shapely.box(5, 60, 5.1, 60.1), town())
    assert speaks(area.findings) == ["custom_empty"]


def test_an_outline_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "omriss.geojson"
    ring = [[10.0, 58.9], [10.04, 58.9], [10.04, 59.1], [10.0, 59.1], [10.0, 58.9]]
    feature = {"type": "Feature", "properties": {},
               "geometry": {"type": "Polygon", "coordinates": [ring]}}  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    asked = spec(file="omriss.geojson")
    _, outline = read_outline(asked, path, "omriss.geojson")
    areas = custom_areas([asked], {"sentrum": outline}, town())
    assert areas[0].members["code"].to_list() == ["0101", "0102"]


def test_sums_to_an_area_of_ones_own_follow_from_its_members() -> None:
    register = town()
    area = listed(spec(members=["0102", "0201"], name="Midt i byen"), register)
    own = with_custom(register, [area])
    assert own.name(Level.CUSTOM, "sentrum") == "Midt i byen"
    assert own.shapes.filter(level="custom")["area_km2"].item() == pytest.approx(2.56, abs=0.02)
    figures = ranked(counts({"0101": 1.0, "0102": 10.0, "0201": 5.0, "0202": 100.0}))
    figures = figures.rename({"numerator": "value"})
    summed = roll_up(figures, own, [Level.CUSTOM], {"value": "rank"}, ("period", "indicator"))
    assert summed.select("area", "value").rows() == [("sentrum", 15.0)]
    hidden = ranked(counts({"0102": "suppressed_primary", "0201": 5.0})).rename(
        {"numerator": "value"}
    )
    told = roll_up(hidden, own, [Level.CUSTOM], {"value": "rank"}, ("period", "indicator"))
    assert told["value"].to_list() == [None]


def test_an_area_in_two_areas_of_ones_own_is_counted_once_and_refused() -> None:
    register = town()
    one = listed(spec(members=["0101", "0102"]), register)
    other = listed(spec(code="annet", members=["0102", "0201"]), register)
    own = with_custom(register, [one, other])
    assert "custom_overlap" in speaks(own.findings)
    assert own.ancestor(Level.DELBYDEL, Level.CUSTOM).height == 3


def test_one_code_twice_is_refused() -> None:
    register = town()
    areas = [listed(spec(members=[code]), register) for code in ("0101", "0102")]
    assert "custom_code_twice" in speaks(with_custom(register, areas).findings)


def test_too_few_people_are_told_of_and_unknown_people_are_not_few() -> None:
    register = town()
    area = listed(spec(members=["0101", "0102"], minimum_population=1000), register)
    rows = {"level": ["delbydel"] * 2, "code": ["0101", "0102"], "persons": [300.0, 400.0]}
    people = pl.DataFrame(rows)
    assert speaks(tuple(too_few([area], people))) == ["custom_few"]
    assert too_few([area], people.head(1)) == []
    assert too_few([area], people.with_columns(persons=pl.lit(500.0))) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"level": "delbydel"},
        {"level": "delbydel", "members": ["0101"], "file": "x.geojson"},
        {"level": "custom", "members": ["0101"]},
    ],
)
def test_what_contradicts_itself_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        CustomAreaSpec.model_validate({"code": "a", **wrong})
    with pytest.raises(ValidationError, match="no spaces"):
        CustomAreaSpec.model_validate({"code": "a b", "level": "delbydel", "members": ["0101"]})
