from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pyogrio
import pytest
import shapely

from nabolag.core import LANGS, Lang, label
from nabolag.publish.exports import Selection, geojson_bytes, write_geojson
from nabolag.publish.exports.geojson import Layout
from nabolag.store import Release
from tests.publish.exports.rows import write_release
from tests.support import sample

LATEST = Selection("delbydel", periods=("2017",))


def document(release: Release, wanted: Selection = LATEST, layout: Layout = "wide") -> Any:
    return json.loads(geojson_bytes(release, "nb", wanted, layout))


def test_each_area_is_one_feature_with_its_figures(sample_release: Release) -> None:
    features = document(sample_release)["features"]
    assert [f["id"] for f in features] == [f"delbydel:{code}" for code in sample.AREA_NAMES]
    first = features[0]["properties"]
    assert first["name"] == "Åsen"
    assert first["low_income"] is None
    assert first["low_income_status"] == "suppressed_primary"
    assert first["low_income_status_text"] == "Skjult av hensyn til personvern"
    assert first["crowded_status"] == "value"
    assert "crowded_status_text" not in first


def test_rings_follow_the_right_hand_rule_in_degrees(sample_release: Release) -> None:
    for feature in document(sample_release)["features"]:
        shape = shapely.geometry.shape(feature["geometry"])
        assert shape.exterior.is_ccw
        west, south, east, north = shape.bounds
        assert 10 < west < east < 11
        assert 59 < south < north < 60
    assert "crs" not in document(sample_release)


def test_clockwise_shapes_are_turned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    turned = sample.shapes().with_columns(
        pl.Series(
            "wkb",
            [shapely.to_wkb(shapely.reverse(shapely.from_wkb(w))) for w in sample.shapes()["wkb"]],
        )
    )
    assert not shapely.from_wkb(turned["wkb"][0]).exterior.is_ccw
    monkeypatch.setattr(sample, "shapes", lambda: turned)
    for feature in document(write_release(tmp_path))["features"]:
        assert shapely.geometry.shape(feature["geometry"]).exterior.is_ccw


def test_several_periods_have_their_own_fields(sample_release: Release) -> None:
    properties = document(sample_release, Selection("delbydel"))["features"][1]["properties"]
    assert {"crowded_2015", "crowded_2016", "crowded_2017", "crowded_2017_status"} <= set(
        properties
    )


def test_long_layout_lists_the_observations(sample_release: Release) -> None:
    properties = document(sample_release, Selection("delbydel"), "long")["features"][0][
        "properties"
    ]
    listed = properties["observations"]
    assert len(listed) == 18
    hidden = [o for o in listed if o["status"] == "suppressed_primary"]
    assert [(o["indicator"], o["period"], o["value"], o["numerator"]) for o in hidden] == [
        ("low_income", "2017", None, None)
    ]


def test_an_area_without_shape_is_not_lost(sample_release: Release) -> None:
    features = document(sample_release, Selection("kommune"))["features"]
    assert [(f["id"], f["geometry"]) for f in features] == [("kommune:9901", None)]


@pytest.mark.parametrize("lang", LANGS)
def test_source_release_and_cautions_are_told(sample_release: Release, lang: Lang) -> None:
    told = json.loads(geojson_bytes(sample_release, lang, LATEST))["nabolag"]
    assert told["release"] == sample_release.id
    assert told["sources"][0]["producer"] == "Eksempel kommune"
    assert label("publish.note.totals", lang) in told["notes"]


def test_gdal_reads_it(sample_release: Release, tmp_path: Path) -> None:
    path = write_geojson(sample_release, tmp_path / "x.geojson", "nb", LATEST)
    frame = pyogrio.read_dataframe(path)
    assert len(frame) == 6
    assert frame.crs.to_epsg() == 4326
    assert frame["crowded"].notna().sum() == 5
    assert set(frame["crowded_status"]) == {"value", "missing"}
