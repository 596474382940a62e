"""Neighbours by shared border."""

from __future__ import annotations

import polars as pl
import pytest
import shapely

from nabolag.core import Level
from nabolag.geography import AreaRegister, contiguity
from nabolag.store import empty
from nabolag.store.frames import AREAS, LINKS, SHAPES
from tests.geography.places import town


def register_of(**boxes: shapely.Polygon) -> AreaRegister:
    rows = [("delbydel", code, shapely.to_wkb(box), 1.0) for code, box in boxes.items()]
    return AreaRegister(empty(AREAS), empty(LINKS), pl.DataFrame(rows, schema=SHAPES, orient="row"))


def test_a_row_of_squares() -> None:
    got = contiguity(town(), Level.DELBYDEL)
    pairs = set(got.select("code", "neighbour").iter_rows())
    one_way = {("0101", "0102"), ("0102", "0201"), ("0201", "0202")}
    assert pairs == one_way | {(b, a) for a, b in one_way}
    assert got["border_km"].to_list() == pytest.approx([1.114] * 6, rel=0.01)


def test_corners_do_not_make_neighbours_and_slivers_do_not_part_them() -> None:
    a = shapely.box(10.00, 59.00, 10.01, 59.01)
    corner = shapely.box(10.01, 59.01, 10.02, 59.02)
    beside = shapely.box(10.010005, 59.00, 10.02, 59.01)  # about 0.3 m away
    far = shapely.box(10.0101, 59.00, 10.02, 59.01)  # about 6 m away
    assert contiguity(register_of(a=a, corner=corner), Level.DELBYDEL).is_empty()
    assert contiguity(register_of(a=a, beside=beside), Level.DELBYDEL).height == 2
    assert contiguity(register_of(a=a, far=far), Level.DELBYDEL).is_empty()
    assert contiguity(register_of(a=a), Level.BYDEL).is_empty()
