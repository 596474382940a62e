"""Areas of one's own: listed or drawn, whole, and summed like any other."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from nabolag.core import Level, Severity
from nabolag.geography import (
    CustomAreaSpec,
    apart,
    build_register,
    custom_areas,
    drawn,
    listed,
    read_outline,
    roll_up,
    with_custom,
)
from tests.geography.places import counts, inline, ranked, speaks, town


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


def test_an_area_in_two_areas_of_one_set_is_refused() -> None:
    register = town()
    one = listed(spec(members=["0101", "0102"]), register)
    other = listed(spec(code="annet", members=["0102", "0201"]), register)
    own = with_custom(register, [one, other])
    told = [f for f in own.findings if f.code == "custom_overlap"]
    assert [f.examples for f in told] == [("0102 (annet, sentrum)",)]
    assert told[0].severity is Severity.ERROR


def test_an_area_within_a_member_of_another_of_the_set_is_refused() -> None:
    register = town()
    one = listed(spec(level="bydel", members=["030101"], set="satsing"), register)
    other = listed(spec(code="annet", members=["0102", "0201"], set="satsing"), register)
    told = [f for f in with_custom(register, [one, other]).findings if f.code == "custom_overlap"]
    assert [(f.examples, f.params["set"]) for f in told] == [
        (("0102 (annet, sentrum)",), "satsing")
    ]


def test_sets_may_overlap_and_each_is_summed_for_itself() -> None:
    register = town()
    one = listed(spec(members=["0101", "0102"], set="satsing"), register)
    other = listed(spec(code="annet", members=["0102", "0201"], set="studie"), register)
    own = with_custom(register, [one, other])
    assert speaks(own.findings) == [*speaks(register.findings), "custom_sets_share"]
    figures = ranked(counts({"0101": 1.0, "0102": 10.0, "0201": 5.0, "0202": 100.0}))
    figures = figures.rename({"numerator": "value"})
    asked = ({"value": "rank"}, ("period", "indicator"))
    summed = roll_up(figures, own, [Level.CUSTOM, Level.BYDEL, Level.KOMMUNE], *asked)
    told = {
        (level, area): value
        for level, area, value in summed.select("level", "area", "value").rows()
    }
    assert told["custom", "sentrum"] == 11.0
    assert told["custom", "annet"] == 15.0
    assert told["bydel", "030101"] == 11.0
    # Nobody is counted twice in what lies above.
    assert told["kommune", "0301"] == 116.0


SETS = st.lists(st.sampled_from(["sentrum", "annet", ""]), min_size=4, max_size=4)


@given(SETS, SETS, st.lists(st.integers(0, 99), min_size=4, max_size=4))
def test_whatever_the_sets_the_municipality_is_the_same(
    first: list[str], second: list[str], persons: list[int]
) -> None:
    """Each of four areas lies in at most one area of each of two sets, drawn at random."""
    register, codes = town(), ["0101", "0102", "0201", "0202"]
    areas = [
        listed(spec(code=f"{name}_{of}", members=inside, set=of), register)
        for of, chosen in (("a", first), ("b", second))
        for name in ("sentrum", "annet")
        if (inside := [c for c, at in zip(codes, chosen, strict=True) if at == name])
    ]
    figures = ranked(counts(dict(zip(codes, map(float, persons), strict=True))))
    figures = figures.rename({"numerator": "value"})
    asked = ([Level.CUSTOM, Level.KOMMUNE], {"value": "rank"}, ("period", "indicator"))
    summed = roll_up(figures, with_custom(register, areas), *asked)
    told = dict(summed.select("area", "value").rows())
    assert told.pop("0301") == sum(persons)
    by_code = dict(zip(codes, persons, strict=True))
    assert told == {area.spec.code: sum(by_code[c] for c in area.members["code"]) for area in areas}


def test_parts_are_apart_and_whole() -> None:
    inside = pl.DataFrame(
        [("1", "a"), ("2", "a"), ("2", "b"), ("3", "b"), ("3", "c"), ("4", "d")],
        schema=["area", "parent"], orient="row",
    )  # fmt: skip
    parts = apart(inside)
    assert [sorted(set(part["parent"])) for part in parts] == [["a", "c", "d"], ["b"]]
    assert all(not part["area"].is_duplicated().any() for part in parts)
    assert sum(part.height for part in parts) == inside.height
    assert apart(inside.head(2))[0].equals(inside.head(2))


def test_one_code_twice_is_refused() -> None:
    register = town()
    areas = [listed(spec(members=[code]), register) for code in ("0101", "0102")]
    assert "custom_code_twice" in speaks(with_custom(register, areas).findings)
    named = build_register(
        [], [inline("delbydel", {"0101": "A"}), inline("custom", {"sentrum": "S"})]
    )
    taken = with_custom(named, [listed(spec(members=["0101"]), named)])
    assert "custom_code_twice" in speaks(taken.findings)


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
