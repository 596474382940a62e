"""Schools and kindergartens of a workspace get their area on every level, or it is said why not."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pyogrio
import pytest
from pyproj import Transformer

from nabolag.core import Level, UserError
from nabolag.geography import with_areas
from nabolag.pipeline import BuildSummary, build, check_deliveries
from nabolag.pipeline.fetching import fetch
from nabolag.publish.exports import Selection, write_gpkg
from nabolag.sources.producers.transport import Politeness
from nabolag.store import Release, Workspace
from tests.geography.places import speaks
from tests.support.delivery import write_delivery
from tests.support.producer_server import producer_server
from tests.support.schools import GARDENS, SCHOOLS, SECTION, write_schools

Built = tuple[BuildSummary, Release]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = write_schools(tmp_path_factory.mktemp("schools"))
    return build(folder), Workspace(folder).release()


def edit(folder: Path, old: str, new: str, name: str = "nabolag.toml") -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def table(release: Release) -> dict[str, dict[str, object]]:
    wide = with_areas(release.points, release.point_areas, release.areas)
    return {row["code"]: row for row in wide.iter_rows(named=True)}


def test_a_school_has_its_area_on_every_level(built: Built) -> None:
    rows = table(built[1])
    first = rows["S1"]
    assert (first["delbydel"], first["bydel"], first["kommune"]) == ("0101", "990101", "9901")
    assert (first["delbydel_name"], first["kommune_name"]) == ("Område 0101", "Prøvekommune")
    assert rows["S2"]["bydel"] == "990102"
    assert (rows["K1"]["level"], rows["K1"]["delbydel"]) == ("kindergarten", "0101")
    assert rows["K2"]["delbydel"] == "0203"
    assert first["how"] == "inside"
    assert first["to_border_m"] == pytest.approx(556, abs=3)


def test_what_is_unsure_is_kept_and_said(built: Built) -> None:
    rows = table(built[1])
    said = {code: (row["how"], row["delbydel"]) for code, row in rows.items()}
    assert said["S3"] == ("inside", "0101")  # four areas meet there: the first by code
    assert said["S4"] == ("near", "0101")
    assert said["S5"] == ("outside", None)
    assert said["S6"] == ("no_point", None)
    assert said["S7"] == ("outside", None)  # near, but of another municipality
    assert len(rows) == 9
    found = {f.code: f for f in built[0].findings if f.code.startswith("point")}
    speaks(tuple(found.values()))
    assert found["point_missing"].examples == ("S6 Ny skole",)
    assert found["points_nowhere"].examples == ("S5 Fjern skole", "S7 Nabo skole")
    assert found["point_near"].examples == ("S4 Brygga skole",)
    assert found["point_on_edge"].examples == ("S3 Hjørnet skole",)
    assert found["points_nowhere"].place.file == "skoler.csv"


def test_places_leave_with_the_release_and_say_whom_they_are_from(built: Built) -> None:
    release = built[1]
    assert release.sources["skoler"].file == "skoler.csv"
    assert release.sources["barnehager"].file == "barnehager/nord.geojson, barnehager/sør.geojson"
    assert "points_nowhere" in {f.code for f in release.findings}
    # Figures are never summed along where a school lies.
    assert set(release.links["level"].unique()).isdisjoint({"school", "kindergarten"})
    assert Level.SCHOOL.value not in set(release.areas["level"].unique())


def test_a_geopackage_has_a_layer_of_each_kind(built: Built, tmp_path: Path) -> None:
    path = write_gpkg(built[1], tmp_path / "x.gpkg", "nb")
    frame = pyogrio.read_dataframe(path, layer="points_school").set_index("code")
    assert frame.loc["S1", "delbydel"] == "0101"
    assert frame.geometry["S1"].x == pytest.approx(10.71)
    assert frame.geometry["S6"] is None
    assert len(pyogrio.read_dataframe(path, layer="points_kindergarten")) == 2
    level = write_gpkg(built[1], tmp_path / "y.gpkg", "nb", Selection(level="bydel"))
    assert "points_school" not in dict(pyogrio.list_layers(level).tolist())


def test_the_check_counts_places(tmp_path: Path) -> None:
    report = check_deliveries(Workspace(write_schools(tmp_path)))
    lines = report.text("en").splitlines()
    assert "Skoler (skoler.csv): places: 7, in an area: 4." in lines


def test_metres_and_blank_texts(tmp_path: Path) -> None:
    folder = write_schools(tmp_path, SECTION)
    x, y = Transformer.from_crs("EPSG:4326", "EPSG:25833", always_xy=True).transform(10.71, 59.905)
    rows = f"Nr;Skole;Lengde;Bredde;Kommune\nS1;Sørli;{x:.1f};{y:.1f};\nS2;Ukjent;0;0;9901\n"
    (folder / "skoler.csv").write_text(rows, encoding="utf-8")
    edit(folder, 'crs = "EPSG:4326"', 'crs = "EPSG:25833"\nblank = ["0"]')
    build(folder)
    placed = table(Workspace(folder).release())
    assert (placed["S1"]["delbydel"], placed["S1"]["lon"]) == ("0101", pytest.approx(10.71))
    assert placed["S2"]["how"] == "no_point"


BROKEN = {
    "metres read as degrees": (
        lambda f: edit(f, "10,71;59,905", "259000;6648000", "skoler.csv"),
        {"geometry_elsewhere"},
    ),
    "every place in another system": (
        lambda f: (f / "skoler.csv").write_text(
            "Nr;Skole;Lengde;Bredde;Kommune\nS1;A;259000;6648000;\n", encoding="utf-8"
        ),
        {"geometry_crs_impossible"},
    ),
    "axes exchanged": (
        lambda f: (f / "skoler.csv").write_text(
            "Nr;Skole;Lengde;Bredde;Kommune\nS1;A;59.9;10.7;\n", encoding="utf-8"
        ),
        {"geometry_axes"},
    ),
    "no number": (
        lambda f: edit(f, "10,71", "ukjent", "skoler.csv"),
        {"dated_number_unread"},
    ),
    "no such column": (lambda f: edit(f, 'x = "Lengde"', 'x = "X"'), {"area_column_absent"}),
    "no such system": (lambda f: edit(f, "EPSG:4326", "EPSG:99999"), {"geometry_crs_unknown"}),
    "one code, two places": (
        lambda f: edit(f, "S2;", "S1;", "skoler.csv"),
        {"points_code_twice"},
    ),
    "no code": (lambda f: edit(f, "S2;", ";", "skoler.csv"), {"area_code_blank"}),
    "no file": (lambda f: (f / "skoler.csv").unlink(), {"delivered_file_absent"}),
    "surfaces": (
        lambda f: edit(f, GARDENS, GARDENS.replace("barnehager/*", "grenser").replace('"nr"', '"KODE"').replace('"navn"', '"NAVN"')),
        {"points_not_points"},
    ),
    "a pattern that fits nothing": (
        lambda f: edit(f, "barnehager/*.geojson", "hager/*.geojson"),
        {"delivered_file_absent"},
    ),
    "persons": (lambda f: edit(f, 'level = "school"', 'level = "grunnkrets"'), {"config_part_wrong"}),
    "no system": (lambda f: edit(f, 'crs = "EPSG:4326"', ""), {"config_part_wrong"}),
    "no such fetch": (
        lambda f: edit(f, 'file = "barnehager/*.geojson"', 'fetch = "barnehagar"'),
        {"config_fetch_unknown"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_broken_places_stop_the_import_in_words(tmp_path: Path, name: str) -> None:
    spoil, codes = BROKEN[name]
    folder = write_schools(tmp_path)
    spoil(folder)
    with pytest.raises(UserError) as wrong:
        build(folder)
    assert set(speaks(wrong.value.findings)) == codes
    assert not (folder / "releases").exists()


def test_rows_that_say_the_same_are_one_place(tmp_path: Path) -> None:
    folder = write_schools(tmp_path, SECTION)
    (folder / "skoler.csv").write_text(SCHOOLS + SCHOOLS.splitlines()[1] + "\n", encoding="utf-8")
    edit(folder, "S2;Nordli skole;10,73;59,915", "S2;Nordli skole;10,71;59,905", "skoler.csv")
    report = check_deliveries(Workspace(folder))
    told = {f.code: f.examples for f in report.findings}
    assert told["points_row_twice"] == ("S1 Sørli skole",)
    assert told["points_same_place"] == ("S1 Sørli skole", "S2 Nordli skole")


def test_places_without_borders_are_refused(tmp_path: Path) -> None:
    folder = write_schools(tmp_path, SECTION)
    names = ", ".join(
        f'"{code}" = "x"' for code in (f"0{d}0{n}" for d in (1, 2) for n in range(1, 7))
    )
    text = (folder / "nabolag.toml").read_text(encoding="utf-8")
    before, rest = text.split("[[geometry]]")
    lists = f'[[areas]]\nid = "d"\nlevel = "delbydel"\nnames = {{ {names} }}\n'
    (folder / "nabolag.toml").write_text(
        before + lists + "[[source]]" + rest.split("[[source]]")[1]
    )
    with pytest.raises(UserError) as wrong:
        build(folder)
    assert speaks(wrong.value.findings) == ["points_no_borders"]


COARSE = """
[[geometry]]
id = "bydelsgrenser"
file = "bydeler.geojson"
level = "bydel"
geography = "2020"
code = "KODE"
"""


def with_districts(folder: Path, south: float) -> Path:
    """Give the districts borders of their own: the southern one reaches to a latitude."""
    bands = {"990101": (59.90, south), "990102": (south, 59.92)}
    features = [
        {
            "type": "Feature",
            "properties": {"KODE": code},
            "geometry": {"type": "Polygon", "coordinates": [
                [[10.70, low], [11.0, low], [11.0, high], [10.70, high], [10.70, low]]
            ]},
        }
        for code, (low, high) in bands.items()
    ]  # fmt: skip
    document = {"type": "FeatureCollection", "features": features}
    (folder / "bydeler.geojson").write_text(json.dumps(document), encoding="utf-8")
    config = folder / "nabolag.toml"
    config.write_text(config.read_text(encoding="utf-8") + COARSE, encoding="utf-8")
    return folder


def test_the_finest_borders_decide_and_others_are_asked_where_they_are_silent(
    tmp_path: Path,
) -> None:
    folder = with_districts(write_schools(tmp_path, SECTION), south=59.917)
    rows = SCHOOLS + "S8;Østre skole;10,95;59,905;9901\n"
    (folder / "skoler.csv").write_text(rows, encoding="utf-8")
    summary = build(folder)
    placed = table(Workspace(folder).release())
    # By its own borders the school lies in the south; its sub-district lies in the north.
    assert (placed["S2"]["delbydel"], placed["S2"]["bydel"]) == ("0202", "990102")
    # Outside every sub-district, but in a district.
    assert (placed["S8"]["delbydel"], placed["S8"]["bydel"]) == (None, "990101")
    assert (placed["S8"]["at_level"], placed["S8"]["kommune"]) == ("bydel", "9901")
    told = {f.code: f for f in summary.findings}
    assert told["points_borders_differ"].examples == ("S2 (990102 / 990101)",)
    assert told["points_not_on_level"].examples == ("S8 Østre skole",)
    assert told["points_not_on_level"].params["level"] == "delbydel"
    speaks(tuple(told[c] for c in ("points_borders_differ", "points_not_on_level")))


FETCH = """
[[fetch]]
id = "{register}"
producer = "udir"
address = "{address}"
table = "{register}"

[[points]]
id = "fra_udir"
fetch = "{register}"
"""


def test_udirs_register_gives_places_and_origin(tmp_path: Path) -> None:
    write_delivery(tmp_path)
    config = tmp_path / "nabolag.toml"
    delivery = config.read_text(encoding="utf-8")
    with producer_server() as served:
        more = FETCH.format(address=served.at("data-nsr/v4"), register="grunnskoler")
        config.write_text(delivery + more, encoding="utf-8")
        with pytest.raises(UserError) as before:
            build(tmp_path)
        assert speaks(before.value.findings) == ["fetch_absent"]
        [done] = fetch(Workspace(tmp_path), politeness=Politeness(first_pause=0.01, timeout=5))
    assert done.state == "fetched"
    summary = build(tmp_path)
    release = Workspace(tmp_path).release()
    rows = table(release)
    assert (rows["974552124"]["name"], rows["974552124"]["how"]) == ("Hosle skole", "inside")
    assert rows["974552125"]["how"] == "no_point"
    told = {f.code: f for f in summary.findings}
    # The register says Oslo; the place lies in the invented municipality.
    assert told["points_municipality_differs"].examples[0] == "974552124 Hosle skole (0301 / 9901)"
    assert "udir_unplaced" in told
    origin = release.sources["fra_udir"]
    assert (origin.producer, origin.licence) == ("Utdanningsdirektoratet", "NLOD")
    assert origin.retrieved_at
    assert origin.file.startswith("raw/fetched/grunnskoler/")


def test_a_fetch_that_tells_of_no_places_needs_columns(tmp_path: Path) -> None:
    folder = write_schools(tmp_path, SECTION)
    with producer_server() as served:
        more = FETCH.format(address=served.at("kommuneinfo"), register="kommuner")
        config = folder / "nabolag.toml"
        text = config.read_text(encoding="utf-8") + more.replace("udir", "kartverket", 1)
        config.write_text(text, encoding="utf-8")
        [done] = fetch(Workspace(folder), politeness=Politeness(first_pause=0.01, timeout=5))
    assert done.state == "fetched"
    with pytest.raises(UserError) as wrong:
        build(folder)
    assert speaks(wrong.value.findings) == ["points_unplaced_fetch"]


def test_a_file_of_points_in_a_grid_is_found_whole() -> None:
    """Every square of the delivery holds the point in its middle: an oracle of twelve."""
    from nabolag.geography import PointsRead, PointsSpec, build_register, place_everywhere
    from nabolag.store import conform
    from nabolag.store.frames import POINTS
    from tests.geography.places import squares

    codes = [f"{n:04d}" for n in range(1, 30)]
    spec = PointsSpec(id="p", file="p.csv", level="school", x="x", y="y", crs="EPSG:4326")
    middle = {"level": "school", "code": codes, "name": "", "lat": 59.005, "source": "p"}
    frame = pl.DataFrame({**middle, "lon": [10.01 + 0.02 * n for n in range(29)]})
    register = build_register([squares("delbydel", codes)])
    placed = place_everywhere([PointsRead(spec, conform(frame, POINTS))], register)
    assert placed.areas["code"].to_list() == placed.areas["parent_code"].to_list() == codes
    assert placed.findings == ()


@pytest.mark.data
def test_every_basic_statistical_unit_of_kristiansand_holds_its_own_point(data_root: Path) -> None:
    """224 units with real borders; a point in the midst of each is found in it, and no other."""
    import shapely

    from nabolag.geography import PointsRead, PointsSpec, build_register, place_everywhere
    from nabolag.sources.geometry import GeometrySpec, read_geometry
    from nabolag.sources.vector_shapes import geometry_of
    from nabolag.store import conform
    from nabolag.store.frames import POINTS

    name = "1-geography/kristiansand-grunnkretser-2026/grunnkretser.geojson"
    spec = GeometrySpec(id="g", file=name, level="grunnkrets", geography="2026", code="gk")
    read = read_geometry(spec, data_root / name, name)
    middle = shapely.point_on_surface(geometry_of(read.shapes))
    places = {
        "lon": shapely.get_x(middle),
        "lat": shapely.get_y(middle),
        "code": read.shapes["code"],
    }
    frame = pl.DataFrame(places).with_columns(level=pl.lit("school"), source=pl.lit("p"))
    asked = PointsSpec(id="p", file="p.csv", level="school", x="x", y="y", crs="EPSG:4326")
    placed = place_everywhere([PointsRead(asked, conform(frame, POINTS))], build_register([read]))
    assert placed.areas.height == 224
    assert placed.areas["code"].to_list() == placed.areas["parent_code"].to_list()
