from __future__ import annotations

from pathlib import Path

import pyogrio
import pytest

from nabolag.core import label
from nabolag.publish.exports import Selection, gpkg_bytes, write_gpkg
from nabolag.publish.exports.table import COLUMNS
from nabolag.store import Release


@pytest.fixture(scope="module")
def package(sample_release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_gpkg(sample_release, tmp_path_factory.mktemp("gpkg") / "x.gpkg", "nb")


def test_gdal_lists_layers_and_tables(package: Path) -> None:
    layers = dict(pyogrio.list_layers(package).tolist())
    assert layers == {
        "areas_delbydel": "MultiPolygon",
        "areas_bydel": "MultiPolygon",
        "areas_kommune": "MultiPolygon",
        "observations": None,
        "indicators": None,
        "sources": None,
        "about": None,
    }


def test_areas_have_shape_and_the_main_periods_figures(package: Path) -> None:
    frame = pyogrio.read_dataframe(package, layer="areas_delbydel").set_index("code")
    assert frame.crs.to_epsg() == 4326
    assert frame.geometry.is_valid.all()
    assert set(frame["period"]) == {"2017"}
    assert frame.loc["0101", "low_income_status"] == "suppressed_primary"
    assert frame["low_income"].isna().sum() == 1
    assert frame["low_income"].dtype == float
    assert frame.loc["0203", "name"] == "Fjæra"


def test_every_figure_is_in_the_table(package: Path, sample_release: Release) -> None:
    frame = pyogrio.read_dataframe(package, layer="observations")
    assert tuple(frame.columns) == COLUMNS
    assert len(frame) == sample_release.observations.height
    assert frame["value"].isna().sum() == sample_release.observations["value"].null_count()
    assert set(frame["release"]) == {sample_release.id}


def test_metadata_tell_release_and_caution(package: Path, sample_release: Release) -> None:
    about = pyogrio.read_dataframe(package, layer="about")
    assert ("release", sample_release.id) in set(zip(about["key"], about["text"], strict=True))
    assert label("publish.note.totals", "nb") in set(about["text"])
    info = pyogrio.read_info(package, layer="areas_delbydel")
    assert info["layer_metadata"]["RELEASE"] == sample_release.id
    sources = pyogrio.read_dataframe(package, layer="sources")
    assert list(sources["producer"]) == ["Eksempel kommune"]


def test_a_level_without_a_shown_figure_keeps_number_fields(
    sample_release: Release, tmp_path: Path
) -> None:
    wanted = Selection("delbydel", ("low_income",), ("2017",), ("0101",))
    path = write_gpkg(sample_release, tmp_path / "x.gpkg", "nb", wanted)
    frame = pyogrio.read_dataframe(path, layer="areas_delbydel")
    assert frame["low_income"].dtype == float
    assert frame["low_income"].isna().all()


def test_the_same_release_gives_the_same_bytes(sample_release: Release) -> None:
    wanted = Selection("delbydel", periods=("2017",))
    assert gpkg_bytes(sample_release, "nb", wanted) == gpkg_bytes(sample_release, "nb", wanted)
