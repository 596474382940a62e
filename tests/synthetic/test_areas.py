"""The map: a clean coverage with shared borders, at sea, of eighty areas in twelve districts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from nabolag.core import Level, code_fits
from nabolag.synthetic import MunicipalitySpec
from nabolag.synthetic.areas import ZONES, as_wgs84, build_areas
from tests.synthetic.conftest import Town


@pytest.mark.parametrize("seed", range(6))
def test_any_seed_gives_a_clean_coverage(seed: int) -> None:
    spec = MunicipalitySpec(seed)
    areas = build_areas(spec)
    shapes = np.array(as_wgs84(areas.shapes, spec))
    assert len(shapes) == 80
    assert len(set(areas.codes)) == len(set(areas.names)) == 80
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    assert {shape.geom_type for shape in shapes} == {"Polygon"}
    assert set(np.unique(areas.bydel)) == set(range(12))


def test_the_pieces_make_up_the_land(town: Town) -> None:
    areas = town.ground.areas
    whole = shapely.union_all(list(areas.shapes))
    assert shapely.area(whole) == pytest.approx(
        shapely.area(np.array(areas.shapes)).sum(), rel=1e-9
    )
    # The mainland in one piece without holes, and two islands.
    parts = shapely.get_parts(whole)
    assert len(parts) == 3
    assert all(len(part.interiors) == 0 for part in parts)


def test_every_area_but_the_islands_has_neighbours(town: Town) -> None:
    areas = town.ground.areas
    alone = ~areas.neighbours.any(axis=1)
    assert (areas.zone[alone] == ZONES.index("island")).all()
    assert alone.sum() == 2
    assert (areas.neighbours == areas.neighbours.T).all()


def test_districts_hang_together(town: Town) -> None:
    areas = town.ground.areas
    island = areas.zone == ZONES.index("island")
    for number in range(12):
        inside = [
            s
            for s, b, i in zip(areas.shapes, areas.bydel, island, strict=True)
            if b == number and not i
        ]
        assert shapely.union_all(inside).geom_type == "Polygon"


def test_codes_fit_their_level_and_lie_in_their_district(town: Town) -> None:
    areas = town.ground.areas
    assert all(code_fits(Level.GRUNNKRETS, code) for code in areas.codes)
    assert all(code_fits(Level.BYDEL, code) for code in areas.bydel_codes)
    assert all(
        code.startswith(areas.bydel_codes[b])
        for code, b in zip(areas.codes, areas.bydel, strict=True)
    )
    assert list(areas.codes) == sorted(areas.codes)


def test_areas_are_smaller_in_the_middle(town: Town) -> None:
    areas = town.ground.areas
    size = shapely.area(np.array(areas.shapes))
    typical = [np.median(size[areas.zone == zone]) for zone in range(4)]
    assert typical == sorted(typical)
    assert np.bincount(areas.zone, minlength=5).min() > 0


def test_the_place_is_at_sea_inside_norways_longitudes(town: Town) -> None:
    spec = MunicipalitySpec(1)
    bounds = shapely.total_bounds(as_wgs84(town.ground.areas.shapes, spec))
    west, south, east, north = bounds
    assert 4.5 < west < east < 31
    # The nearest coast, Helgeland, begins east of 10.5 degrees at this latitude.
    assert east < 10
    assert 65 < south < north < 66


def test_the_municipality_is_not_a_norwegian_one(data_root: Path) -> None:
    spec = MunicipalitySpec(1)
    history = data_root / "1-geography" / "region-history"
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in history.iterdir()]
    assert texts
    assert not any(spec.name.lower() in text.lower() for text in texts)
    assert not any(f"nor{spec.code}" in text for text in texts)
