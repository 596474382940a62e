"""The written `nabolag.toml` is valid in every part, and the planted truth comes out at the end."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from pydantic import BaseModel

from nabolag.analysis import Accumulation
from nabolag.core import Kind, Level, Severity
from nabolag.disclosure import DisclosureRule
from nabolag.geography import AreaListSpec
from nabolag.indicators import BindingSpec, load_catalogue
from nabolag.pipeline import build
from nabolag.sources.geometry import GeometrySpec, read_geometry
from nabolag.sources.tables import SourceSpec, read_table
from nabolag.store import CONFIG_NAME, Release, Workspace, parse_section, read_toml
from nabolag.synthetic import INDICATOR_OF
from tests.synthetic.conftest import Town


def config(town: Town) -> dict[str, Any]:
    return read_toml(town.folder / CONFIG_NAME)


@pytest.mark.parametrize(
    ("part", "model", "count"),
    [
        ("source", SourceSpec, 8),
        ("geometry", GeometrySpec, 2),
        ("areas", AreaListSpec, 2),
        ("indicator", BindingSpec, 14),
        ("disclosure", DisclosureRule, 2),
    ],
)
def test_every_part_is_valid(town: Town, part: str, model: type[BaseModel], count: int) -> None:
    entries = config(town)[part]
    assert len(entries) == count
    for number, entry in enumerate(entries):
        parse_section(model, entry, CONFIG_NAME, f"{part}[{number}]")


def test_the_accumulation_counts_challenges_only(town: Town) -> None:
    method = parse_section(Accumulation, config(town)["accumulation"], CONFIG_NAME, "accumulation")
    catalogue = load_catalogue()
    assert set(INDICATOR_OF.values()) <= set(method.indicators)
    assert all(catalogue[iid].kind is Kind.CHALLENGE for iid in method.indicators)


def test_there_are_challenges_assets_and_background(town: Town) -> None:
    catalogue = load_catalogue()
    kinds = [catalogue[entry["id"]].kind for entry in config(town)["indicator"]]
    assert {kind: kinds.count(kind) >= 2 for kind in Kind} == dict.fromkeys(Kind, True)


def test_every_delivery_is_read_without_errors(town: Town) -> None:
    for entry in config(town)["source"]:
        spec = parse_section(SourceSpec, entry, CONFIG_NAME, "source")
        read = read_table(spec, town.folder / spec.file[0], spec.file[0])
        assert read.cells.height > 0
        assert {f.severity for f in read.findings} <= {Severity.INFO}, read.findings
        levels = set(read.cells["level"].unique())
        assert levels <= {"grunnkrets", "bydel"}


def test_the_borders_are_read_without_anything_to_mend(town: Town) -> None:
    for entry in config(town)["geometry"]:
        spec = parse_section(GeometrySpec, entry, CONFIG_NAME, "geometry")
        read = read_geometry(spec, town.folder / spec.file[0], spec.file[0])
        assert read.shapes.height == (80 if spec.level is Level.GRUNNKRETS else 12)
        assert {f.code for f in read.findings} == {"geometry_not_kept"}


@pytest.fixture(scope="module")
def release(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release built from a copy of the delivered files alone: neither records nor truth."""
    folder: Path = tmp_path_factory.mktemp("built")
    for name in town.facts.files:
        if name != "truth.json":
            (folder / name).parent.mkdir(exist_ok=True)
            shutil.copy(town.folder / name, folder / name)
    build(folder)
    return Workspace(folder).release()


def test_the_build_goes_through_and_says_that_it_is_synthetic(release: Release) -> None:
    assert release.about["synthetic"] is True
    assert release.main_level is Level.GRUNNKRETS
    assert not [f for f in release.findings if f.severity is Severity.ERROR]
    # The code that went out of use is told of as that, not as a mistake.
    codes = {f.code for f in release.findings}
    assert "match_retired" in codes
    assert not codes & {"match_unknown", "match_without_shape", "match_without_figures"}


def test_the_exposed_areas_come_out_and_the_decoys_do_not(town: Town, release: Release) -> None:
    classes = release.accumulation.filter(pl.col("level") == "grunnkrets")
    for period in ("2018", "2021", "2024"):
        found = classes.filter(pl.col("period") == period)
        by_area = {r["area"]: r for r in found.iter_rows(named=True)}
        for code, planted in town.truth["exposed"].items():
            assert by_area[code]["class"] in ("2-3", "4+")
            assert by_area[code]["count"] >= 2
            missed = set(planted["indicators"]) - set(by_area[code]["reasons"].split(";"))
            assert len(missed) <= 1, (period, code, missed)
        for code in town.truth["decoys"]:
            assert by_area[code]["class"] != "4+"
    latest = classes.filter(pl.col("period") == "2024")
    heaviest = set(latest.filter(pl.col("class") == "4+")["area"])
    assert len(heaviest & set(town.truth["exposed"])) >= 5


def test_hidden_missing_and_impossible_figures_are_all_there(town: Town, release: Release) -> None:
    figures = release.observations.filter(pl.col("level") == "grunnkrets")
    statuses = set(figures["status"].unique())
    wanted = {"value", "suppressed_primary", "missing", "not_applicable", "unreliable"}
    assert wanted <= statuses
    missing = town.truth["deliveries"]["missing"]
    one = figures.filter(
        pl.col("area") == missing["area"],
        pl.col("period") == str(missing["year"]),
        pl.col("indicator").is_in(["low_income_persistent", "mean_household_income"]),
    )
    assert one["status"].to_list() == ["missing", "missing"]
    assert one["value"].null_count() == 2


def test_the_population_of_the_municipality_is_that_of_the_records(
    town: Town, release: Release
) -> None:
    told = release.observations.filter(
        pl.col("indicator") == "population", pl.col("level") == "kommune"
    )
    figures = {int(p): v for p, v in told.select("period", "value").iter_rows()}
    assert figures == town.facts.persons
