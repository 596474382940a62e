"""The examples with small counts rounded instead of hidden, held to what was delivered."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from nabolag.core import UserError
from nabolag.pipeline import build
from nabolag.store import Release, Workspace
from tests.conftest import ROOT
from tests.examples.conftest import Built

pytestmark = pytest.mark.data
OWNERS = {"kristiansand": "SSB", "oslo": "Oslo kommune"}
RULE = re.compile(r'owner = "(SSB|Oslo kommune)"\nnumerator = 5\ncomplement = 5\ndenominator = 5\n')


def rounding(name: str, folder: Path, rule: str) -> Path:
    """An example with its first disclosure rule replaced."""
    made = folder / name
    shutil.copytree(ROOT / "examples" / name, made)
    config = made / "nabolag.toml"
    text, replaced = RULE.subn(f'owner = "{OWNERS[name]}"\n{rule}', config.read_text("utf-8"))
    assert replaced == 1
    config.write_text(text, "utf-8")
    return made


def sums(release: Release, iid: str, column: str) -> pl.DataFrame:
    """What the smallest areas add up to in a year, beside what is told of the municipality."""
    mine = release.observations.filter(pl.col("indicator") == iid, pl.col("group") == "")
    of = pl.col(column).fill_null(0)
    by_level = mine.group_by("level", "period").agg(of.sum())
    return by_level.pivot("level", index="period", values=column).sort("period")


def lies_in(release: Release, figures: pl.DataFrame) -> pl.DataFrame:
    """Larger areas with `value`, and what the basic units in them add up to (`parts`)."""
    units = figures.filter(pl.col("level") == "grunnkrets").select(code="area", part="value")
    whole = figures.filter(pl.col("level") != "grunnkrets").select("level", "area", "value")
    found = release.links.filter(pl.col("level") == "grunnkrets").join(units, on="code")
    parts = found.group_by("parent_level", "parent_code").agg(parts=pl.col("part").sum())
    joined = whole.join(parts, left_on=["level", "area"], right_on=["parent_level", "parent_code"])
    assert joined.height == whole.height > 50
    return joined


def test_kristiansands_population_adds_up_and_hides_nothing(
    example: Callable[[str], Built], data_root: Path, tmp_path: Path
) -> None:
    folder = rounding("kristiansand", tmp_path, 'method = "round"\nbase = 3\nseed = 1\n')
    build(folder, data=data_root)
    release = Workspace(folder).release()
    people = release.observations.filter(pl.col("indicator") == "population")
    assert people["status"].unique().to_list() == ["value"]
    assert people.filter(pl.col("value").is_between(1, 2)).is_empty()
    total = sums(release, "population", "value").row(0, named=True)
    assert total["grunnkrets"] == total["kommune"]
    assert abs(total["kommune"] - 119_090) < 3  # what the file's rows sum to
    assert lies_in(release, people).filter(pl.col("parts") != pl.col("value")).is_empty()
    told = release.about["disclosure"]["rounding"]
    assert (told["inner_cells"], told["inner_changed"]) == (224, 5)
    hidden = example("kristiansand")[1].observations.filter(pl.col("indicator") == "population")
    assert hidden.filter(pl.col("value").is_null()).height > 0


def without_unknown_denominators(folder: Path) -> None:
    """Leave out the indicator whose file has a count and a per cent, but nobody to count among."""
    config = folder / "nabolag.toml"
    found = r'\[\[indicator\]\]\nid = "low_space_households".*?(?=\n\[\[indicator)'
    text, replaced = re.subn(found, "", config.read_text("utf-8"), flags=re.S)
    assert replaced == 2
    config.write_text(text, "utf-8")


def test_oslos_households_by_type_add_up_through_the_levels(
    data_root: Path, tmp_path: Path
) -> None:
    rule = 'sources = ["households"]\nmethod = "round"\nbase = 5\nseed = 7\n'
    folder = rounding("oslo", tmp_path, rule)
    with pytest.raises(UserError) as wrong:
        build(folder, data=data_root)
    assert wrong.value.findings[0].code == "rounding_hangs_together"
    without_unknown_denominators(folder)
    build(folder, data=data_root)
    release = Workspace(folder).release()
    told = release.about["disclosure"]["rounding"]
    assert told["inner_changed"] < told["inner_cells"] / 100
    assert told["largest_change"] < 5
    for iid in told["indicators"]:
        column = "value" if iid == "households" else "numerator"
        for year in sums(release, iid, column).to_dicts():
            assert year["bydel"] == pytest.approx(year["delbydel"], abs=1e-6), (iid, year)
    mine = release.observations.filter(pl.col("indicator").is_in(told["indicators"]))
    for name in ("numerator", "denominator"):
        assert mine.filter(pl.col(name).is_between(1e-6, 5 - 1e-6)).is_empty()


def test_shares_without_counts_are_refused_by_name(data_root: Path, tmp_path: Path) -> None:
    folder = rounding("oslo", tmp_path, 'method = "round"\nseed = 7\n')
    with pytest.raises(UserError) as wrong:
        build(folder, data=data_root)
    assert {f.code for f in wrong.value.findings} == {"rounding_without_counts"}
    named = {f.params["indicator"] for f in wrong.value.findings}
    assert {"owner_households", "tenant_households", "cooperative_households"} <= named
