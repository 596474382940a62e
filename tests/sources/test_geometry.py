"""Borders: real files, every kind of broken file, and what simplification may not break."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyogrio import raw

from nabolag.core import LANGS, Severity, UserError
from nabolag.sources.geometry import GeometryRead, GeometrySpec, read_geometries, read_geometry
from nabolag.sources.vector_coverage import overlapping
from nabolag.sources.vector_shapes import (
    METRES,
    geometry_of,
    reprojected,
    shapes_frame,
    simplify,
)
from nabolag.store.frames import AREAS, LINKS, SHAPES

LEFT = [[10.0, 59.0], [10.01, 59.0], [10.01, 59.01], [10.0, 59.01], [10.0, 59.0]]
RIGHT = [[10.01, 59.0], [10.02, 59.0], [10.02, 59.01], [10.01, 59.01], [10.01, 59.0]]
BOW_TIE = [[10.0, 59.0], [10.01, 59.01], [10.01, 59.0], [10.0, 59.01], [10.0, 59.0]]


def polygon(*rings: list[list[float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def feature(code: Any, shape: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"kode": code, "navn": f"Sted {code}", **more},
        "geometry": shape,
    }


def write(folder: Path, *features: dict[str, Any], crs: str = "", name: str = "a.geojson") -> Path:
    document: dict[str, Any] = {"type": "FeatureCollection"}
    if crs:
        document["crs"] = {"type": "name", "properties": {"name": crs}}
    path = folder / name
    path.write_text(json.dumps(document | {"features": list(features)}), encoding="utf-8")
    return path


def read(path: Path, **more: Any) -> GeometryRead:
    spec = {
        "id": "x",
        "file": path.name,
        "level": "delbydel",
        "geography": "2019",
        "code": "kode",
        "name": "navn",
    }
    return read_geometry(GeometrySpec(**(spec | more)), path, path.name)


def refused(path: Path, **more: Any) -> UserError:
    with pytest.raises(UserError) as caught:
        read(path, **more)
    for finding in caught.value.findings:
        assert finding.severity is Severity.ERROR
        for lang in LANGS:
            assert finding.text(lang)
    return caught.value


def codes(result: GeometryRead | UserError) -> list[str]:
    for finding in result.findings:
        assert all(finding.text(lang) for lang in LANGS)
    return [finding.code for finding in result.findings]


def test_frames_follow_the_contract_and_area_is_right(tmp_path: Path) -> None:
    path = write(tmp_path, feature("0101", polygon(LEFT)), feature("0102", polygon(RIGHT)))
    got = read(path, parents=[{"level": "bydel", "transform": [{"first": 2}, {"prefix": "0301"}]}])
    assert dict(got.shapes.schema) == SHAPES
    assert dict(got.areas.schema) == AREAS
    assert dict(got.links.schema) == LINKS
    assert got.areas["name"].to_list() == ["Sted 0101", "Sted 0102"]
    assert got.links.rows() == [("delbydel", c, "bydel", "030101") for c in ("0101", "0102")]
    # 0.01° × 0.01° at 59° N: 1.1139 km north to south, 0.5747 km west to east on the ellipsoid.
    assert got.shapes["area_km2"].to_list() == pytest.approx([0.6405, 0.6405], rel=0.003)
    assert codes(got) == ["geometry_crs_assumed"]


def test_metres_give_the_same_shapes_as_degrees(tmp_path: Path) -> None:
    degrees = read(write(tmp_path, feature("0101", polygon(LEFT))))
    plane = reprojected(geometry_of(degrees.shapes), "EPSG:4326", METRES)
    path = write(
        tmp_path,
        feature("0101", json.loads(shapely.to_geojson(plane[0]))),
        crs="urn:ogc:def:crs:EPSG::25833",
        name="m.geojson",
    )
    metres = read(path)
    assert shapely.equals_exact(geometry_of(metres.shapes), geometry_of(degrees.shapes), 1e-7).all()
    assert codes(metres) == []
    assert metres.facts["files"][0]["crs"] == "EPSG:25833"


def test_gpkg_and_gml_and_geojson_agree(tmp_path: Path) -> None:
    shape = np.array([shapely.Polygon(LEFT), shapely.Polygon(RIGHT)])
    fields = [np.array(["0101", "0102"], dtype=object), np.array(["A", "B"], dtype=object)]
    got = {}
    for driver, suffix in (("GPKG", "gpkg"), ("GML", "gml"), ("GeoJSON", "geojson")):
        path = tmp_path / f"b.{suffix}"
        raw.write(
            path,
            shapely.to_wkb(shape),
            fields,
            ["kode", "navn"],
            crs="EPSG:4326",
            geometry_type="Polygon",
            driver=driver,
        )
        got[suffix] = read(path)
    assert got["gpkg"].areas.equals(got["gml"].areas)
    for one in ("gml", "geojson"):
        assert shapely.equals_exact(
            geometry_of(got[one].shapes), geometry_of(got["gpkg"].shapes), 1e-6
        ).all()


def test_reading_leaves_nothing_beside_the_file(tmp_path: Path) -> None:
    path = gml(tmp_path, "urn:ogc:def:crs:EPSG::4258", "59 10 59 11 60 11 60 10 59 10")
    read(path, name="")
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def gml(folder: Path, srs: str, positions: str) -> Path:
    path = folder / "x.gml"
    path.write_text(
        '<?xml version="1.0"?><gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2" '
        'xmlns:app="http://x" gml:id="a"><gml:featureMember><app:Bydel gml:id="b"><app:kode>0301</app:kode>'
        f'<app:geom><gml:Polygon gml:id="p" srsName="{srs}"><gml:exterior><gml:LinearRing><gml:posList>{positions}'
        "</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></app:geom></app:Bydel></gml:featureMember></gml:FeatureCollection>",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(
    ("srs", "positions"),
    [
        ("urn:ogc:def:crs:EPSG::4258", "59 10 59 11 60 11 60 10 59 10"),
        ("EPSG:4258", "10 59 11 59 11 60 10 60 10 59"),
    ],
)
def test_gml_axis_order_follows_the_way_the_system_is_written(
    tmp_path: Path, srs: str, positions: str
) -> None:
    got = read(gml(tmp_path, srs, positions), name="")
    assert geometry_of(got.shapes)[0].bounds == pytest.approx((10, 59, 11, 60))
    assert got.areas["code"].to_list() == ["0301"]


def test_gml_with_axes_against_its_own_word_is_refused_until_declared(tmp_path: Path) -> None:
    path = gml(tmp_path, "urn:ogc:def:crs:EPSG::4258", "10 59 11 59 11 60 10 60 10 59")
    assert codes(refused(path, name="")) == ["geometry_axes"]
    got = read(path, name="", axes="swapped")
    assert geometry_of(got.shapes)[0].bounds == pytest.approx((10, 59, 11, 60))


def test_self_crossing_polygon_is_repaired_and_told(tmp_path: Path) -> None:
    got = read(write(tmp_path, feature("0101", polygon(BOW_TIE))))
    repair = next(f for f in got.findings if f.code == "geometry_repaired_self_crossing")
    assert repair.params["area"] == "0101 Sted 0101"
    assert (repair.params["lon"], repair.params["lat"]) == ("10.00500", "59.00500")
    assert repair.place.row == 1
    # Two equal triangles: their signed areas cancel before, and add up after.
    assert repair.params["m2_before"] < 1_000
    assert repair.params["m2_after"] == pytest.approx(0.6405e6 / 2, rel=0.01)
    assert "0101 Sted 0101" in repair.text("nb")
    assert "10.00500, 59.00500" in repair.text("nb")
    assert shapely.is_valid(geometry_of(got.shapes)).all()


def test_many_repairs_are_told_as_a_sum_after_the_first_fifty(tmp_path: Path) -> None:
    bows = [
        feature(f"{n:04d}", polygon([[x + 0.02 * n, y] for x, y in BOW_TIE])) for n in range(60)
    ]
    got = read(write(tmp_path, *bows))
    told = [c for c in codes(got) if c.startswith("geometry_repaired")]
    assert told.count("geometry_repaired_self_crossing") == 50
    rest = next(f for f in got.findings if f.code == "geometry_repaired_more")
    assert rest.count == 10
    assert got.shapes.height == 60


def test_empty_point_and_collapsed_geometry_keep_their_area_without_a_shape(tmp_path: Path) -> None:
    flat = [[10.0, 59.0], [10.01, 59.0], [10.02, 59.0], [10.0, 59.0]]
    path = write(
        tmp_path,
        feature("0101", polygon(LEFT)),
        feature("0102", None),
        feature("0103", {"type": "Point", "coordinates": [10.0, 59.0]}),
        feature("0104", polygon(flat)),
        feature(
            "0105",
            {
                "type": "GeometryCollection",
                "geometries": [polygon(RIGHT), {"type": "Point", "coordinates": [10.0, 59.0]}],
            },
        ),
    )
    got = read(path)
    assert got.areas["code"].to_list() == ["0101", "0102", "0103", "0104", "0105"]
    assert got.shapes["code"].to_list() == ["0101", "0105"]
    found = {f.code: f.examples for f in got.findings}
    assert found["geometry_empty"] == ("0102 Sted 0102",)
    assert found["geometry_not_polygon"] == ("0103 Sted 0103",)
    assert found["geometry_collapsed"] == ("0104 Sted 0104",)
    assert found["geometry_mixed"] == ("0105 Sted 0105",)


def test_heights_are_dropped_and_said(tmp_path: Path) -> None:
    got = read(write(tmp_path, feature("0101", polygon([[x, y, 12.5] for x, y in LEFT]))))
    assert "geometry_z_dropped" in codes(got)
    assert not shapely.has_z(geometry_of(got.shapes)).any()


def test_same_code_twice_is_refused_or_merged_when_declared(tmp_path: Path) -> None:
    path = write(tmp_path, feature("0101", polygon(LEFT)), feature("0101", polygon(RIGHT)))
    assert codes(refused(path)) == ["geometry_code_twice"]
    got = read(path, duplicates="merge")
    assert got.areas["code"].to_list() == ["0101"]
    assert got.shapes["area_km2"][0] == pytest.approx(2 * 0.6405, rel=0.003)
    assert "geometry_merged" in codes(got)


def test_two_codes_with_the_same_shape_are_told(tmp_path: Path) -> None:
    turned = [LEFT[1], LEFT[2], LEFT[3], LEFT[0], LEFT[1]]
    got = read(write(tmp_path, feature("0101", polygon(LEFT)), feature("0102", polygon(turned))))
    assert next(f for f in got.findings if f.code == "geometry_same_shape").count == 2


def test_overlap_above_the_tolerance_is_told_and_below_is_not(tmp_path: Path) -> None:
    def shifted(metres: float) -> list[list[float]]:
        step = metres / 57_300  # a degree of longitude at 59° N is about 57.3 km
        return [[x - step if x < 10.015 else x, y] for x, y in RIGHT]

    wide = read(
        write(tmp_path, feature("0101", polygon(LEFT)), feature("0102", polygon(shifted(5))))
    )
    found = next(f for f in wide.findings if f.code == "geometry_overlap")
    assert found.params["m2"] == pytest.approx(5 * 1114, rel=0.02)
    assert found.examples[0].startswith("0101–0102")
    thin = read(
        write(tmp_path, feature("0101", polygon(LEFT)), feature("0102", polygon(shifted(0.5))))
    )
    assert "geometry_overlap" not in codes(thin)


def test_a_hole_between_areas_is_told(tmp_path: Path) -> None:
    hole = [
        [10.002, 59.002],
        [10.002, 59.004],
        [10.006, 59.004],
        [10.006, 59.002],
        [10.002, 59.002],
    ]
    got = read(write(tmp_path, feature("0101", polygon(LEFT, hole))))
    gap = next(f for f in got.findings if f.code == "geometry_gap")
    assert gap.severity is Severity.INFO
    assert gap.params["km2"] == pytest.approx(0.4 * 0.2 * 0.6405, rel=0.02)


@pytest.mark.parametrize("share", [0.3, 0.9, 0.999])
@pytest.mark.parametrize("suffix", ["geojson", "gml", "gpkg"])
def test_a_file_that_is_cut_off_is_refused(tmp_path: Path, suffix: str, share: float) -> None:
    shape = np.array([shapely.Polygon(LEFT), shapely.Polygon(RIGHT)] * 40)
    fields = [np.array([f"{n:04d}" for n in range(80)], dtype=object)]
    driver = {"geojson": "GeoJSON", "gml": "GML", "gpkg": "GPKG"}[suffix]
    whole = tmp_path / f"whole.{suffix}"
    raw.write(
        whole,
        shapely.to_wkb(shape),
        fields,
        ["kode"],
        crs="EPSG:4326",
        geometry_type="Polygon",
        driver=driver,
    )
    data = whole.read_bytes()
    cut = tmp_path / f"cut.{suffix}"
    cut.write_bytes(data[: int(len(data) * share)])
    wrong = refused(cut, name="")
    assert codes(wrong) == ["geometry_broken"]
    assert str(tmp_path) not in str(wrong)


def test_files_of_other_kinds_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "a.docx"
    other.write_text("hei")
    assert codes(refused(other)) == ["geometry_format"]
    empty = tmp_path / "b.geojson"
    empty.write_text("")
    assert codes(refused(empty)) == ["source_empty"]
    page = tmp_path / "side.geojson"
    page.write_text("<html>404</html>")
    assert codes(refused(page)) == ["geometry_unrecognized"]
    assert codes(refused(write(tmp_path, name="c.geojson"), name="")) in (
        ["geometry_no_rows"],
        ["geometry_column_absent"],
    )


def test_metres_read_as_degrees_are_refused_with_the_systems_that_fit(tmp_path: Path) -> None:
    ring = [[250_000, 6_640_000], [251_000, 6_640_000], [251_000, 6_641_000], [250_000, 6_640_000]]
    path = write(tmp_path, feature("0101", polygon(ring)))
    wrong = refused(path)
    assert codes(wrong) == ["geometry_crs_impossible"]
    assert "EPSG:25833" in wrong.findings[0].params["fits"]
    assert read(path, crs="EPSG:25833").shapes.height == 1


def test_degrees_read_as_metres_and_places_elsewhere_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, feature("0101", polygon(LEFT)))
    assert codes(refused(path, crs="EPSG:25833")) == ["geometry_crs_impossible"]
    far = write(
        tmp_path, feature("0101", polygon([[x + 100, y - 30] for x, y in LEFT])), name="far.geojson"
    )
    assert codes(refused(far)) == ["geometry_elsewhere"]
    assert read(far, bounds=(100, 20, 120, 40)).shapes.height == 1
    assert codes(refused(path, crs="EPSG:0")) == ["geometry_crs_unknown"]


def test_one_area_that_lies_elsewhere_is_named_by_its_row(tmp_path: Path) -> None:
    nowhere = polygon([[x - 10, y - 59] for x, y in LEFT])
    path = write(tmp_path, feature("0101", polygon(LEFT)), feature("0102", nowhere))
    wrong = refused(path)
    assert codes(wrong) == ["geometry_elsewhere"]
    assert (wrong.findings[0].place.row, wrong.findings[0].count) == (2, 1)
    keep = [{"column": "kode", "equals": "0101"}]
    assert read(path, keep=keep).areas["code"].to_list() == ["0101"]


def test_a_declared_system_against_the_files_word_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, feature("0101", polygon(LEFT)), crs="EPSG:4258")
    assert "geometry_crs_replaced" in codes(read(path, crs="EPSG:4326"))


def test_codes_that_lost_their_zero_are_refused_and_padded_when_declared(tmp_path: Path) -> None:
    path = write(tmp_path, feature(301, polygon(LEFT)), feature(1103, polygon(RIGHT)))
    wrong = refused(path, level="kommune")
    assert codes(wrong) == ["geometry_code_unfit"]
    assert wrong.findings[0].examples == ("301 Sted 301",)
    got = read(path, level="kommune", code={"column": "kode", "transform": [{"pad": 4}]})
    assert got.areas["code"].to_list() == ["0301", "1103"]


def test_blank_codes_and_absent_columns_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, feature(None, polygon(LEFT)), feature("0102", polygon(RIGHT)))
    assert codes(refused(path)) == ["geometry_code_blank"]
    wrong = refused(path, code="nummer")
    assert codes(wrong) == ["geometry_column_absent"]
    assert "kode" in wrong.findings[0].params["columns"]


def test_rows_are_kept_and_left_out_by_declaration_and_counted(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        feature("0101", polygon(LEFT), by="Oslo"),
        feature("0102", polygon(RIGHT), by="Oslo"),
        feature("0103", polygon(RIGHT), by="Bergen"),
    )
    reason = {"nb": "Sjø", "nn": "Sjø", "en": "Sea"}
    rules = {
        "keep": [{"column": "by", "equals": "Oslo"}],
        "leave_out": [{"reason": reason, "where": [{"column": "kode", "equals": "0102"}]}],
    }
    got = read(path, **rules)
    assert got.areas["code"].to_list() == ["0101"]
    assert {f.code: f.count for f in got.findings} == {
        "geometry_left_out": 1, "geometry_not_kept": 1, "geometry_crs_assumed": 1,
    }  # fmt: skip
    assert codes(refused(path, keep=[{"column": "by", "equals": "Bodø"}])) == [
        "geometry_no_rows_kept"
    ]


def test_a_layer_must_be_named_where_there_are_several(tmp_path: Path) -> None:
    path = tmp_path / "b.gpkg"
    for layer, ring in (("gamle", LEFT), ("nye", RIGHT)):
        raw.write(path, shapely.to_wkb([shapely.Polygon(ring)]), [np.array(["0101"], dtype=object)], ["kode"], layer=layer,
                  crs="EPSG:4326", geometry_type="Polygon", driver="GPKG", append=path.exists())  # fmt: skip
    assert codes(refused(path, name="")) == ["geometry_layer_unnamed"]
    assert codes(refused(path, name="", layer="andre")) == ["geometry_layer_absent"]
    got = read(path, name="", layer="nye")
    assert geometry_of(got.shapes)[0].bounds[0] == pytest.approx(10.01)


def test_several_files_are_judged_together(tmp_path: Path) -> None:
    one = write(tmp_path, feature("0101", polygon(LEFT)), name="1.geojson")
    two = write(tmp_path, feature("0101", polygon(RIGHT)), name="2.geojson")
    spec = GeometrySpec(
        id="x", file=["1.geojson", "2.geojson"], level="delbydel", geography="2019", code="kode"
    )
    with pytest.raises(UserError) as caught:
        read_geometries(spec, {"1.geojson": one, "2.geojson": two})
    assert codes(caught.value) == ["geometry_code_twice"]


@given(seed=st.integers(0, 10_000), tolerance=st.floats(1, 400))
@settings(max_examples=25, deadline=None)
def test_simplified_neighbours_still_share_their_borders(seed: int, tolerance: float) -> None:
    shapes = wavy_coverage(seed)
    simple = simplify(shapes, tolerance)
    assert simple["code"].to_list() == shapes["code"].to_list()
    assert simple["area_km2"].to_list() == shapes["area_km2"].to_list()
    geometry = geometry_of(simple)
    assert shapely.is_valid(geometry).all()
    assert not shapely.is_empty(geometry).any()
    plane = reprojected(geometry, "EPSG:4326", METRES)
    assert shapely.coverage_is_valid(plane)
    assert len(overlapping(plane, 0.01)[1]) == 0
    assert sum(map(len, simple["wkb"])) <= sum(map(len, shapes["wkb"]))


def test_a_hole_of_nothing_at_all_stops_no_simplification() -> None:
    """A sum of neighbours that do not quite meet holds such holes; the library refuses them."""
    at, speck = (10.005, 59.005), 1e-14
    hole = [at, (at[0] + speck, at[1]), (at[0], at[1] + speck), at]
    holed = shapely.Polygon([tuple(point) for point in LEFT], [hole])
    whole = np.array([holed, shapely.Polygon([tuple(point) for point in RIGHT])])
    with pytest.raises(shapely.GEOSException):
        shapely.coverage_simplify(reprojected(whole, "EPSG:4326", METRES), 5)
    codes_of = pl.Series(["a", "b"])
    simple = geometry_of(simplify(shapes_frame(pl.Series(["kommune"] * 2), codes_of, whole), 5))
    assert shapely.is_valid(simple).all()
    assert shapely.area(simple) == pytest.approx(shapely.area(whole), rel=1e-5)
    assert all(not polygon.interiors for polygon in simple)


def wavy_coverage(seed: int, side: int = 3) -> pl.DataFrame:
    """A grid of areas of 1 km whose shared borders wind the same way for both."""
    rng = np.random.default_rng(seed)
    noise = rng.normal(0, 12, (side + 1, side + 1, 2, 12, 2))

    def edge(i: int, j: int, way: int) -> np.ndarray:
        start = np.array([i, j]) * 1000.0
        end = start + (np.array([1000.0, 0]) if way == 0 else np.array([0, 1000.0]))
        points = start + (end - start) * np.linspace(0, 1, 12)[:, None] + noise[i, j, way]
        points[0], points[-1] = start, end
        return points + np.array([600_000, 6_640_000])

    rings = [
        np.vstack(
            [
                edge(i, j, 0)[:-1],
                edge(i + 1, j, 1)[:-1],
                edge(i, j + 1, 0)[::-1][:-1],
                edge(i, j, 1)[::-1],
            ]
        )
        for i in range(side)
        for j in range(side)
    ]
    degrees = reprojected(
        shapely.polygons([shapely.linearrings(r) for r in rings]), METRES, "EPSG:4326"
    )
    rows = [("delbydel", f"{n:04d}", shapely.to_wkb(g), 1.0) for n, g in enumerate(degrees)]
    return pl.DataFrame(rows, schema=SHAPES, orient="row")


# --- Real files ------------------------------------------------------------------------------


@pytest.mark.data
def test_oslo_2019(data_root: Path) -> None:
    got = real(
        data_root,
        "oslo-delbydeler-2019/oslo_delbydeler.geojson",
        code="DELBYDEL",
        name="DELBYDELSN",
    )
    assert got.shapes.height == got.areas.height == 97
    assert codes(got) == ["geometry_z_dropped"]
    assert got.facts["repaired"] == 0
    assert got.areas.filter(pl.col("code") == "0102")["name"].to_list() == ["Grønland"]


@pytest.mark.data
def test_oslo_2026_has_five_invalid_polygons(data_root: Path) -> None:
    got = real(
        data_root, "oslo-delbydeler-2026/oslo_delbydeler_simplified.geojson",
        code={"column": "id", "transform": [{"slice": [6, 10]}]}, name="name",
    )  # fmt: skip
    repairs = [f for f in got.findings if f.code.startswith("geometry_repaired")]
    assert len(repairs) == 5 == got.facts["repaired"]
    assert {f.params["area"][:4] for f in repairs} == {"0501", "0109", "1401", "1403", "0603"}
    assert "geometry_overlap" in codes(got)
    assert shapely.is_valid(geometry_of(got.shapes)).all()


@pytest.mark.data
@pytest.mark.parametrize(
    ("file", "spec", "rows", "repaired"),
    [
        ("kommuner-historic-readymaps/kommuner_simp_17.geojson", {"code": "kommunenr"}, 424, 0),
        ("kommuner-2024-robhop/Kommuner-S.geojson", {"code": "kommunenummer"}, 357, 28),
    ],
)
def test_municipalities(
    data_root: Path, file: str, spec: dict[str, Any], rows: int, repaired: int
) -> None:
    got = real(data_root, file, level="kommune", name="", **spec)
    assert (got.shapes.height, got.facts["repaired"]) == (rows, repaired)
    assert got.facts["area_km2"] == pytest.approx(323_500, rel=0.005)


@pytest.mark.data
def test_one_file_a_county(data_root: Path) -> None:
    folder = data_root / "1-geography" / "kommuner-2024-ssb-mimir"
    files = {p.name: p for p in sorted(folder.glob("no-fylke-*.geo.json"))}
    if not files:
        pytest.skip("the county files are not here")
    spec = GeometrySpec(
        id="x", file=list(files), level="kommune", geography="2024", code="KOMMUNENR", name="NAVN"
    )
    got = read_geometries(spec, files)
    assert got.shapes.height == 357
    assert codes(got) == []


@pytest.mark.data
def test_bydeler_gml(data_root: Path) -> None:
    got = real(
        data_root, "bydeler-2020-oslo-bergen-trondheim-stavanger/bydel2020_mednavn.gml", level="bydel",
        code="bydelnr", name="bydelnavn", keep=[{"column": "bydelnr", "matches": "0301.*"}],
    )  # fmt: skip
    assert got.shapes["code"].sort().to_list() == [f"0301{n:02d}" for n in range(1, 18)]
    # Oslo is 454 km² of land; the districts reach out into the fjord.
    assert 454 < got.facts["area_km2"] < 500


def real(data_root: Path, file: str, **spec: Any) -> GeometryRead:
    path = data_root / "1-geography" / file
    if not path.is_file():
        pytest.skip(f"{file} is not here")
    whole = {"id": "x", "file": file, "level": "delbydel", "geography": "2019"} | spec
    return read_geometry(GeometrySpec(**whole), path, file)
