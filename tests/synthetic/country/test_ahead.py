"""The demo's tables by age and its ledger say what its registers say, and every year adds up."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from nabolag.core import UserError
from nabolag.pipeline.ledgers import ledger_inside
from nabolag.pipeline.projecting import projected_inside
from nabolag.registers import scan_register
from nabolag.store import Workspace
from nabolag.synthetic import write_demo_country

CODE = "9901"
TEXT = {"Grunnkrets": pl.String, "Kommune": pl.String}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ahead")
    write_demo_country(folder, seed=5, persons=8_000)
    return folder


def _table(demo: Path, name: str) -> pl.DataFrame:
    return pl.read_csv(demo / "leveranse" / f"{name}.csv", separator=";", schema_overrides=TEXT)


def test_every_year_adds_up_to_the_next(demo: Path) -> None:
    people = _table(demo, "folketall_alder").group_by("År").agg(pl.col("Personer").sum()).sort("År")
    happened = _table(demo, "hendelser_alder").filter(pl.col("Kommune") == CODE)
    sums = happened.group_by("År").agg(pl.col("Fødte", "Døde", "Flyttet ut", "Flyttet inn").sum())
    both = people.join(sums, on="År", how="left").sort("År")
    after = both.select(
        pl.col("Personer")
        + pl.col("Fødte")
        - pl.col("Døde")
        - pl.col("Flyttet ut")
        + pl.col("Flyttet inn")
    ).to_series()
    assert both.height == 10
    assert after[:-1].to_list() == both["Personer"][1:].to_list()
    assert after[-1] is None, "what happened in the last year is not known yet"


def test_areas_events_are_the_municipalitys(demo: Path) -> None:
    happened = _table(demo, "hendelser_alder")
    for name in ("Fødte", "Døde", "Flyttet ut", "Flyttet inn"):
        town = happened.filter(pl.col("Kommune") == CODE)[name].sum()
        assert happened.filter(pl.col("Kommune").is_null())[name].sum() == town > 0


def test_the_ledger_is_the_register_and_three_planted_lines(demo: Path) -> None:
    found = ledger_inside(Workspace(demo))
    lines = scan_register(demo / "registers", "account_line").filter(
        pl.col("municipality") == CODE, pl.col("unit") == ""
    )
    whole = lines.select(pl.col("amount").sum()).collect().item()
    assert found.lines["ore"].sum() == pytest.approx(
        round(whole * 100) + 125_000_000 + 8_400_050, abs=200
    )
    assert found.problems.select("problem", "text").rows() == [
        ("amount", "12 O00"),
        ("service", "1250000,00"),
        ("area", "84000,50"),
    ]


def test_the_demo_can_look_ahead(demo: Path) -> None:
    """What is projected from four years back meets the town within five per cent."""
    result = projected_inside(Workspace(demo))
    assert result.backtest is not None
    assert abs(result.backtest.whole) < 5
    with pytest.raises(UserError):
        projected_inside(Workspace(demo), "nei")
