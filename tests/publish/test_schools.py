"""Schools and kindergartens of an area: the list, the map, the files, and whose catchment it is."""

from __future__ import annotations

import io
import json

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from nabolag.core import LANGS, Lang, UserError
from nabolag.publish import figures
from nabolag.publish.exports.points import PLACE_FORMS, places_bytes
from nabolag.publish.views import SchoolsView, schools, schools_of, search
from nabolag.store import Release
from tests.support.served_schools import write_served_schools


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return write_served_schools(tmp_path_factory.mktemp("schools"))


def of(release: Release, level: str, code: str, lang: Lang = "nb") -> SchoolsView:
    view = schools_of(release, level, code, lang)
    assert view is not None
    return view


def test_the_places_of_an_area_schools_first(release: Release):
    view = of(release, "delbydel", "0101")
    assert [place.code for place in view.places] == ["S4", "S3", "S1", "K1"]
    assert [place.kind for place in view.places] == ["skole"] * 3 + ["barnehage"]
    assert view.lead == "I Område 0101 ligger 3 skoler og én barnehage."
    notes = {place.code: place.note for place in view.places}
    assert [code for code, note in notes.items() if note] == ["S4"]
    assert all(place.area is None for place in view.places)


def test_a_larger_area_says_where_in_it_each_lies(release: Release):
    view = of(release, "kommune", "9901")
    where = {place.code: place.area.code for place in view.places if place.area}
    assert where == dict.fromkeys(("S1", "S3", "S4", "K1"), "0101") | {"S2": "0202", "K2": "0203"}
    # Places outside the municipality, and those without coordinates, lie in no area.
    assert {"S5", "S6", "S7"}.isdisjoint(place.code for place in view.places)


def test_an_area_without_places_says_so(release: Release):
    for lang in LANGS:
        view = of(release, "delbydel", "0106", lang)
        assert not view.places
        assert "0106" in view.lead
    assert len({of(release, "delbydel", "0106", lang).lead for lang in LANGS}) == len(LANGS)


def test_whose_catchment_an_area_is_in(release: Release):
    """What held until 2019 holds no more; a school elsewhere is told as such."""
    assert [s.name for s in of(release, "delbydel", "0101").served] == ["Sørli skole"]
    [north] = of(release, "delbydel", "0201").served
    assert (north.name, north.inside, north.division) == ("Hjørnet skole", False, "Inntaksområder")
    town = {s.code: s.areas for s in of(release, "kommune", "9901").served}
    assert town == {"S1": "6 delbydeler", "S2": "5 delbydeler", "S3": "1 delbydel"}


def test_nothing_is_told_of_pupils(release: Release):
    """A place has its name, kind, position and source; shares of pupils stay in the files."""
    assert set(schools.SchoolPlace.__dataclass_fields__) == {
        "level", "code", "name", "kind", "lon", "lat", "area", "note",
    }  # fmt: skip
    assert "share" not in schools.SchoolServed.__dataclass_fields__


def test_a_release_without_places_has_no_such_part(sample_release: Release):
    assert schools_of(sample_release, "delbydel", "0203", "nb") is None


def test_an_unknown_area_is_told_of(release: Release):
    with pytest.raises(UserError):
        schools_of(release, "delbydel", "9999", "nb")


def test_very_many_are_left_to_smaller_areas(release: Release, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(schools, "MOST", 3)
    view = of(release, "kommune", "9901")
    assert not view.listed
    assert "6" in view.more
    assert len(view.places) == 6
    assert of(release, "delbydel", "0203").listed


@pytest.mark.parametrize("lang", LANGS)
def test_the_map_marks_every_place_with_a_point(release: Release, lang: Lang):
    """The municipality has no shape of its own: it is drawn as the areas in it."""
    for level, code, shapes in (("kommune", "9901", 12), ("delbydel", "0101", 1)):
        view = of(release, level, code, lang)
        spec = figures.schools(release, view, lang)
        [marks] = [x["data"]["values"] for x in spec["layer"] if x["mark"].get("type") == "point"]
        assert {mark["name"] for mark in marks} == {place.name for place in view.places}
        assert len(spec["layer"][0]["data"]["values"]) == shapes
        assert view.lead in spec["description"]
        assert "<svg" in figures.to_svg(spec, lang)


def test_the_files_hold_the_places_and_their_areas(release: Release):
    view = of(release, "kommune", "9901")
    rows = pl.read_csv(places_bytes(release, view, "csv-international", "nb"), infer_schema=False)
    assert rows["code"].to_list() == [place.code for place in view.places]
    assert dict(rows.select("code", "delbydel").iter_rows())["S2"] == "0202"
    assert set(rows["source"]) == {"skoler", "barnehager"}
    features = json.loads(places_bytes(release, view, "geojson", "nb"))["features"]
    spots = {f["properties"]["code"]: f["geometry"]["coordinates"] for f in features}
    assert spots["S1"] == pytest.approx([10.71, 59.905])
    book = CalamineWorkbook.from_filelike(io.BytesIO(places_bytes(release, view, "xlsx", "nn")))
    table, about = (book.get_sheet_by_index(n).to_python() for n in (0, 1))
    assert len(table) == 1 + len(view.places)
    assert release.id in {str(cell) for row in about for cell in row}
    for form in PLACE_FORMS:
        assert places_bytes(release, view, form, "en") == places_bytes(release, view, form, "en")
    with pytest.raises(UserError):
        places_bytes(release, view, "pdf", "nb")


def test_a_school_is_found_and_leads_to_its_area(release: Release):
    first = search(release, "nordli", "nb")[0]
    assert (first.text, first.level, first.code) == ("Nordli skole", "delbydel", "0202")
    assert first.detail == "skole, Område 0202"
    assert not [hit for hit in search(release, "fjern skole", "nb") if hit.text == "Fjern skole"]
