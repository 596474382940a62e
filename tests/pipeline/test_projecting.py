"""A projection from deliveries to the release: protected, adding up, and refused in words."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from nabolag.core import UserError
from nabolag.pipeline import build
from nabolag.pipeline.projecting import projected_inside
from nabolag.store import Release, Workspace
from tests.support.projected import PROJECTION, write_projected


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = write_projected(tmp_path_factory.mktemp("projected"))
    build(made)
    return made


@pytest.fixture(scope="module")
def release(folder: Path) -> Release:
    return Workspace(folder).release()


def test_a_projection_leaves_with_the_release(release: Release) -> None:
    one = release.reckoned["framskriving"]
    assert one.kind == "projection"
    assert set(one.tables) == {"people", "dependency", "demand", "cost", "errors", "flows"}
    assert one.facts["base"] == 2023
    assert "2023" in one.text["nb"]


def test_nothing_single_or_small_leaves(folder: Path, release: Release) -> None:
    """Every file of the release: no single ages, no unrounded people, no area of few."""
    people = release.reckoned["framskriving"].table("people")
    assert (people["persons"].drop_nulls() % 5 == 0).all()
    small = people.filter(pl.col("level") == "grunnkrets")
    assert set(small["sex"]) == {""}
    assert {tuple(pair) for pair in small.select("ages_from", "ages_to").unique().rows()} == {
        (0, 105), (0, 19), (20, 66), (67, 105), (1, 5), (20, 64)
    }  # fmt: skip
    whole = projected_inside(Workspace(folder)).table
    few = whole.filter(pl.col("kind") == "registered", pl.col("ages_to") == 105, pl.col("ages_from") == 0,
                       pl.col("sex") == "", pl.col("persons") < 300)["area"].unique()  # fmt: skip
    assert few.len()
    hidden = people.filter(pl.col("area").is_in(few.to_list()), pl.col("level") == "grunnkrets")
    assert hidden["persons"].null_count() == hidden.height
    for name in release.reckoned["framskriving"].tables:
        table = release.reckoned["framskriving"].table(name)
        if {"area", "status"} <= set(table.columns):
            mine = table.filter(pl.col("area").is_in(few.to_list()))
            numbers = [
                c for c in ("persons", "ratio", "places", "kroner", "change") if c in mine.columns
            ]
            assert mine.select(numbers).null_count().row(0) == (mine.height,) * len(numbers)


def test_flows_of_small_areas_stay_inside(release: Release) -> None:
    flows = release.reckoned["framskriving"].table("flows")
    assert flows["level"].unique().to_list() == ["kommune"]
    assert (flows.select("births", "deaths", "arrived", "left").to_numpy() % 5 == 0).all()


def test_the_house_has_single_ages(folder: Path) -> None:
    ages = projected_inside(Workspace(folder), "framskriving").ages_table()
    assert ages["age"].n_unique() == 106
    with pytest.raises(UserError, match="no projection called"):
        projected_inside(Workspace(folder), "nei")


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("years = 6", "years = 0", "config_value_wrong"),
        ('source = "folketall", measure', 'source = "borte", measure', "projection_source_unknown"),
        ("since = 2020", "since = 2040", "projection_backtest_year"),
        ('id = "main"', 'id = "mid"', "config_part_wrong"),
        ("ages = [1, 5]", "ages = [5, 1]", "config_part_wrong"),
    ],
)
def test_a_wrong_declaration_is_told_of(tmp_path: Path, before: str, after: str, code: str) -> None:
    assert before in PROJECTION
    made = write_projected(tmp_path, PROJECTION.replace(before, after))
    with pytest.raises(UserError) as told:
        build(made)
    assert code in [finding.code for finding in told.value.findings]
    for finding in told.value.findings:
        assert finding.place.file == "nabolag.toml"
        assert finding.text("nb")


def test_a_wrong_row_stops_the_build_with_its_number(tmp_path: Path) -> None:
    made = write_projected(tmp_path)
    lines = (made / "folketall.csv").read_text(encoding="utf-8").splitlines()
    lines[7] = lines[7].replace(";6;", ";5-9 år;")
    (made / "folketall.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(UserError) as told:
        build(made)
    (finding,) = told.value.findings
    assert (finding.code, finding.place.file, finding.place.row) == (
        "projection_age_unread",
        "folketall.csv",
        8,
    )
    assert not (made / "releases").exists()
