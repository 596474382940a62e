"""Residents within ten minutes: by hand, by what must always hold, and a planted reach found."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
import shapely
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from nabolag.analysis.access import Access
from nabolag.analysis.access.minutes import within
from nabolag.analysis.method import Given
from nabolag.core import LANGS, Level, UserError, label
from nabolag.geography.destinations import (
    DESTINATIONS,
    DestinationsSpec,
    of_points,
    read_destinations,
)
from nabolag.publish.text import listed, say
from nabolag.publish.views.analyses import Asked, analysis_page, area_findings
from nabolag.sources.vector_shapes import DEGREES, METRES, reprojected
from nabolag.store import conform
from nabolag.store.frames import AREAS, LINKS, OBSERVATIONS, POINTS
from tests.analysis.space.planted import catalogue, codes, grid
from tests.support.analysed import release_of

TOWN = ("kommune", "9901")


def given(side: int, people: list[float | None], destinations: pl.DataFrame) -> Given:
    """A grid of kilometre squares with residents (None hidden) in one municipality."""
    known = [n for n in people if n is not None]
    rows = [("grunnkrets", code, n) for code, n in zip(codes(side), people, strict=True)]
    rows.append((*TOWN, float(sum(known)) + 100 * (len(people) - len(known))))
    frame = pl.DataFrame(
        [{"level": level, "area": area, "indicator": "population", "period": "2024", "group": "",
          "value": n, "status": "value" if n is not None else "suppressed_primary"}
         for level, area, n in rows]
    )  # fmt: skip
    areas = pl.DataFrame(
        [("grunnkrets", c, c) for c in codes(side)] + [(*TOWN, "Byen")],
        schema=["level", "code", "name"], orient="row",
    )  # fmt: skip
    links = pl.DataFrame([("grunnkrets", c, *TOWN) for c in codes(side)], schema=LINKS,
                         orient="row")  # fmt: skip
    return Given(conform(frame, OBSERVATIONS), catalogue(), conform(links, LINKS),
                 conform(areas, AREAS), grid(side), TOWN, None, destinations)  # fmt: skip


def table(rows: list[tuple[str, float | None]], goal: str = "school", **more) -> pl.DataFrame:
    made = [{"source": "t", "goal": goal, "level": "grunnkrets", "area": a, "minutes": m, **more}
            for a, m in rows]  # fmt: skip
    schema = {name: DESTINATIONS[name] for name in made[0]}
    return conform(pl.DataFrame(made, schema=schema), DESTINATIONS)


def access(**more) -> Access:
    return Access(**{"id": "n", "level": Level.GRUNNKRETS, "goals": ("school",), **more})


def share(found) -> dict:
    return found.tables["shares"].row(0, named=True)


def test_by_hand_with_a_table():
    # 100 at 5 minutes, 200 at 12, 300 at 10 (to the nearest of two), 400 hidden as 100.
    four = codes(2)
    ways = table([(four[0], 5.0), (four[1], 12.0), (four[2], 30.0), (four[2], 10.0),
                  (four[3], 1.0)])  # fmt: skip
    found = access().analyse(given(2, [100.0, 200.0, 300.0, None], ways))
    row = share(found)
    assert (row["reached"], row["counted"], row["everybody"]) == (400, 600, 700)
    assert row["share"] == pytest.approx(400 / 600)
    assert (row["lower"], row["upper"]) == pytest.approx((400 / 700, 500 / 700))
    assert (row["areas"], row["areas_unknown"]) == (4, 1)
    assert found.tables["areas"]["residents"].to_list() == [100, 200, 300, None]


def test_an_area_without_a_row_is_unknown_unless_the_table_says_it_is_complete():
    four = codes(2)
    rows = [(four[0], 5.0), (four[1], None)]
    people = [100.0] * 4
    open_ended = access().analyse(given(2, people, table(rows))).tables["areas"]
    assert open_ended["within"].to_list() == [True, None, None, None]
    complete = access().analyse(given(2, people, table(rows, complete_to=30.0))).tables["areas"]
    assert complete["within"].to_list() == [True, None, False, False]
    short = access().analyse(given(2, people, table(rows, complete_to=5.0))).tables["areas"]
    assert short["within"].to_list() == [True, None, None, None]


def school_at(x: float, y: float) -> pl.DataFrame:
    spot = reprojected(shapely.points([[260_000 + x, 6_640_000 + y]]), METRES, DEGREES)
    lon, lat = shapely.get_coordinates(spot)[0]
    row = {"source": "s", "goal": "school", "lon": [lon], "lat": [lat]}
    return conform(pl.DataFrame(row), DESTINATIONS)


def test_a_planted_reach_is_found_again():
    # Squares of a kilometre, a school in the middle of one: 12 minutes at 6 km/h with detour 1.2
    # reach a kilometre, so the school's own square and the four beside it.
    ways = school_at(2500, 2500)
    spec = access(speed_km_h=6, detour=1.2, minutes=12.001)
    areas = spec.analyse(given(5, [10.0] * 25, ways)).tables["areas"]
    near = areas.filter("within")["area"].to_list()
    assert near == [codes(5)[n] for n in (7, 11, 12, 13, 17)]
    assert areas["minutes"][12] == pytest.approx(0, abs=1e-3)
    assert areas["minutes"][11] == pytest.approx(12, abs=1e-3)
    assert set(areas["basis"]) == {"line"}
    assert share(spec.analyse(given(5, [10.0] * 25, ways)))["share"] == pytest.approx(5 / 25)


def test_a_table_goes_before_a_line():
    ways = pl.concat([table([(codes(2)[0], 3.0)]), school_at(500, 500)])
    found = access(speed_km_h=5, detour=1.3).analyse(given(2, [10.0] * 4, ways))
    assert found.facts["basis"] == {"school": "table"}
    assert found.tables["areas"]["within"].to_list() == [True, None, None, None]


def test_placed_schools_are_destinations():
    rows = [("school", "S1", 10.7, 59.9), ("kindergarten", "K1", 10.8, 59.9),
            ("school", "S2", None, None)]  # fmt: skip
    points = pl.DataFrame(rows, schema=["level", "code", "lon", "lat"], orient="row")
    found = of_points(conform(points.with_columns(source=pl.lit("udir")), POINTS))
    assert found.select("goal", "point").rows() == [("school", "S1"), ("kindergarten", "K1")]


def test_what_is_not_known_is_told():
    one = given(2, [10.0] * 4, school_at(500, 500))
    bare = access(goals=("school", "green")).analyse(one)
    said = [(f.code, f.params["goal"]) for f in bare.findings]
    assert said == [("access_no_speed", "school"), ("access_no_places", "green")]
    assert share(bare)["share"] is None
    nobody = access(period="1999", speed_km_h=5, detour=1.3).analyse(one)
    assert [f.code for f in nobody.findings] == ["access_no_residents"]


@settings(max_examples=40, deadline=None)
@drawn(
    st.lists(st.one_of(st.none(), st.floats(0, 60)), min_size=9, max_size=9),
    st.lists(st.one_of(st.none(), st.integers(0, 500)), min_size=9, max_size=9),
    st.floats(1, 30),
)
def test_the_share_lies_in_its_bounds_and_grows_with_the_minutes(minutes, people, more):
    persons = [None if n is None else float(n) for n in people]
    held = given(3, persons, table(list(zip(codes(3), minutes, strict=True))))
    rows = [share(access(minutes=limit).analyse(held)) for limit in (10.0, 10.0 + more)]
    for row in rows:
        if row["lower"] is not None:
            assert 0 <= row["lower"] <= row["share"] + 1e-12
            assert row["share"] <= row["upper"] + 1e-12 <= 1 + 1e-9
    assert rows[0]["reached"] <= rows[1]["reached"]
    assert rows[0]["counted"] == rows[1]["counted"]


def test_unknown_ways_are_neither_within_nor_beyond():
    frame = pl.DataFrame({"minutes": [None, 10.0, 10.1], "beyond": [None, None, None]},
                         schema={"minutes": pl.Float64, "beyond": pl.Float64})  # fmt: skip
    assert frame.select(within(10.0))[:, 0].to_list() == [None, True, False]


@pytest.mark.parametrize(
    ("more", "code"),
    [({"population": "nothing"}, "analysis_unknown_indicator"),
     ({"population": "low_income_households"}, "access_no_count")],
)  # fmt: skip
def test_refusals(more, code):
    with pytest.raises(UserError) as refused:
        access(**more).analyse(given(2, [1.0] * 4, school_at(0, 0)))
    assert [f.code for f in refused.value.findings] == [code]
    with pytest.raises(ValueError, match="both speed"):
        access(speed_km_h=5)


def write(folder: Path, text: str) -> Path:
    path = folder / "reise.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_travel_time_table_is_read_and_its_mistakes_are_named(tmp_path):
    spec = DestinationsSpec(id="reise", file="reise.csv", goal="green", level=Level.GRUNNKRETS,
                            code={"column": "krets"}, minutes="min", point="park")  # fmt: skip
    good = write(tmp_path, "krets;park;min\n99010001;A;4,5\n99010002;A;\n")
    read = read_destinations(spec, good, "reise.csv").table
    assert read["minutes"].to_list() == [4.5, None]
    assert set(read["goal"]) == {"green"}
    for text, code in (("x", "dated_number_unread"), ("-2", "destinations_negative")):
        bad = write(tmp_path, f"krets;park;min\n99010001;A;{text}\n")
        with pytest.raises(UserError) as refused:
            read_destinations(spec, bad, "reise.csv")
        (finding,) = refused.value.findings
        assert (finding.code, finding.place.column) == (code, "min")


def test_places_are_read_in_the_system_they_are_in(tmp_path):
    spec = DestinationsSpec(id="parker", file="reise.csv", goal="green", x="øst", y="nord",
                            crs="EPSG:25833", point="navn")  # fmt: skip
    path = write(tmp_path, "navn;øst;nord\nParken;262000;6649000\nUkjent;;\n")
    read = read_destinations(spec, path, "reise.csv")
    assert read.table.height == 1
    assert read.table["lon"][0] == pytest.approx(10.7, abs=0.1)
    assert read.table["lat"][0] == pytest.approx(59.9, abs=0.1)
    assert [f.code for f in read.findings] == ["destinations_nowhere"]
    with pytest.raises(UserError):
        read_destinations(spec.model_copy(update={"crs": "EPSG:4326"}), path, "reise.csv")
    with pytest.raises(ValueError, match="give either minutes"):
        DestinationsSpec(id="a", file="b", goal="green", x="x")


def school(lang: str) -> str:
    return label("access.goal.school", lang)


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_says_how_many_and_how_it_is_known(lang, tmp_path):
    people = [100.0, 200.0, 300.0, 400.0]
    ways = pl.concat([table([(c, float(m)) for c, m in zip(codes(2), (5, 12, 9, 30), strict=True)],
                            "green"), school_at(500, 500)])  # fmt: skip
    spec = access(goals=("school", "green", "meeting"), speed_km_h=5, detour=1.3)
    release = release_of(tmp_path, given(2, people, ways), [spec])
    view = analysis_page(release, "n", lang, Asked(group="green"))
    assert "Byen" in view.opening.text
    assert "40" in view.opening.text  # 100 + 300 of 1 000 have a green area
    assert view.map is not None
    assert [area.class_index for area in view.map.areas] == [0, 1, 0, 1]
    shares, areas = view.tables
    assert len(shares.rows) == 3
    assert len(areas.rows) == 4
    assert len(view.sure) == 4
    far = area_findings(release, "grunnkrets", codes(2)[1], lang)[0].sentence.text
    green = label("access.goal.green", lang)
    assert far == say("access.far", lang, goals=listed([school(lang), green], lang)).text
    town = area_findings(release, *TOWN, lang)[0].sentence
    assert "40" in town.text
    assert np.isclose(release.analyses["n"].table("shares").filter(goal="green")["share"][0], 0.4)
