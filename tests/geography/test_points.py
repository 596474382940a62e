"""Schools and kindergartens find their area."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from pyproj import Transformer

from nabolag.core import Level
from nabolag.geography import empty_register, place_points
from tests.geography.places import speaks, town

SPOTS = {
    "id": ["skole", "hage", "brygge", "hytte", "ukjent"],
    "x": [10.01, 10.07, 9.9990, 12.0, None],
    "y": [59.005, 59.005, 59.005, 59.0, 59.0],
}


def placed(**more: Any) -> pl.DataFrame:
    return place_points(pl.DataFrame(SPOTS), town(), Level.DELBYDEL, **more).points


def test_points_lie_in_areas_near_them_or_outside() -> None:
    told = place_points(pl.DataFrame(SPOTS), town(), Level.DELBYDEL)
    assert told.points["area"].to_list() == ["0101", "0202", "0101", None, None]
    assert told.points["how"].to_list() == ["inside", "inside", "near", "outside", "no_point"]
    assert told.points["to_border_m"][0] == pytest.approx(556, abs=3)
    assert told.points["to_border_m"][2] == pytest.approx(57, abs=2)
    assert speaks(told.findings) == ["point_missing", "point_outside", "point_near"]


def test_how_near_is_near_is_declared() -> None:
    assert placed(near_m=50)["how"].to_list()[2] == "outside"


def test_metres_are_placed_as_degrees_are() -> None:
    move = Transformer.from_crs("EPSG:4326", "EPSG:25833", always_xy=True)
    x, y = move.transform([10.01, 10.07], [59.005, 59.005])
    spots = pl.DataFrame({"id": ["skole", "hage"], "x": x, "y": y})
    told = place_points(spots, town(), Level.DELBYDEL, crs="EPSG:25833")
    assert told.points["area"].to_list() == ["0101", "0202"]


def test_a_point_on_a_border_has_one_area_and_is_told_of() -> None:
    spots = pl.DataFrame({"id": ["midt"], "x": [10.02], "y": [59.005]})
    told = place_points(spots, town(), Level.DELBYDEL)
    assert told.points["area"].to_list() == ["0101"]
    assert speaks(told.findings) == ["point_on_edge"]


def test_no_points_and_no_shapes() -> None:
    nothing = pl.DataFrame(SPOTS).clear().cast({"x": pl.Float64, "y": pl.Float64})
    assert place_points(nothing, town(), Level.DELBYDEL).points.is_empty()
    with pytest.raises(ValueError, match="no shapes"):
        place_points(pl.DataFrame(SPOTS), empty_register(), Level.DELBYDEL)
