"""What is planted in the accounts of a synthetic country is found, and what is not is not."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from nabolag.spending import Inference, ModelSpec, Regression, estimate, kindergartens, schools
from nabolag.synthetic import CountrySpec, write_country

PLANTED = {"low_income": 380.0, "single_parent": 210.0, "immigrant_background": 140.0}
HOW = Inference(permutations=0, draws=999, many=30)


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("land")
    write_country(folder, CountrySpec(seed=5, persons=240_000, years=3, municipalities=16))
    return folder


@pytest.fixture(scope="module")
def truth(country: Path) -> dict:
    return json.loads((country / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def panel(country: Path, truth: dict) -> pl.DataFrame:
    lines = {int(year): one for year, one in truth["spending"]["low_income_below"].items()}
    exposed = [code for one in truth["municipalities"].values() for code in one["exposed"]]
    return schools(country / "registers", areas=exposed, lines=lines)


def test_the_truth_is_what_the_test_takes_it_for(truth):
    equation = next(one for one in truth["spending"]["equations"] if one["function"] == "202")
    assert equation["shares"] == {
        "low_income": 38_000.0, "single_parent": 21_000.0, "immigrant": 14_000.0,
    }  # fmt: skip
    assert equation["unit"] == 900_000.0


def test_planted_coefficients_lie_in_the_intervals(panel):
    """Kroner for each percentage point, for the school as such, and a rise by year."""
    terms = tuple(f"pupils_{trait}" for trait in PLANTED)
    column = Regression(
        outcome="spending_per_pupil",
        terms=(*terms, "schools_per_pupil", "analysis_area"),
        fixed_effects=("municipality",),
        year_dummies=True,
        errors="cluster",
        cluster="municipality",
    )
    found = estimate(ModelSpec(id="made", title="Made", columns=(column,)), panel, HOW)
    assert found.columns["lead"].to_list() == ["wild"]
    wanted = {f"pupils_{trait}": value for trait, value in PLANTED.items()}
    wanted |= {"schools_per_pupil": 900_000.0, "analysis_area": 0.0}
    inside = {
        term: found.coefficient(term, 1)["lower"] <= value <= found.coefficient(term, 1)["upper"]
        for term, value in wanted.items()
    }
    assert all(inside.values()), inside
    assert found.coefficient("pupils_low_income", 1)["lower"] > 0
    assert found.coefficient("schools_per_pupil", 1)["stars"] == 3
    assert found.coefficient("analysis_area", 1)["lower"] < 0


def test_teaching_follows_need_as_it_was_made_to(panel):
    """Other teaching is 6 hours, 45 more for low income and 20 more for immigrants (schools.py)."""
    column = Regression(
        outcome="other_hours_per_pupil",
        terms=("pupils_low_income", "pupils_immigrant_background", "pupils_single_parent"),
        errors="cluster",
        cluster="unit",
    )
    found = estimate(ModelSpec(id="made", title="Made", columns=(column,)), panel, HOW)
    assert found.coefficient("pupils_low_income", 1)["estimate"] == pytest.approx(0.45, rel=0.1)
    alike = found.coefficient("pupils_immigrant_background", 1)
    assert alike["estimate"] == pytest.approx(0.20, rel=0.15)
    nothing = found.coefficient("pupils_single_parent", 1)
    assert nothing["lower"] < 0 < nothing["upper"]


def test_spending_on_kindergartens_has_nothing_to_do_with_where_they_lie(country, truth):
    exposed = [code for one in truth["municipalities"].values() for code in one["exposed"]]
    frame = kindergartens(country / "registers", areas=exposed)
    column = Regression(
        outcome="spending_per_child",
        terms=("analysis_area", "private_kindergarten", "kindergartens_per_child"),
        fixed_effects=("municipality",),
        year_dummies=True,
        errors="cluster",
        cluster="unit",
    )
    found = estimate(ModelSpec(id="made", title="Made", columns=(column,)), frame, HOW)
    assert found.coefficient("analysis_area", 1)["stars"] == 0
    fixed = found.coefficient("kindergartens_per_child", 1)
    assert fixed["lower"] < 250_000 < fixed["upper"]


def test_schools_are_those_of_the_register(country, panel):
    register = pl.read_parquet(country / "registers" / "school" / "*" / "*.parquet")
    kept = register.filter(pl.col("pupils") > 0)
    assert panel.height == kept.height
    assert panel["pupils"].sum() == kept["pupils"].sum()
    whole = (kept["hours_other"].sum()) / (kept["hours_ordinary"] + kept["hours_other"]).sum()
    weight = panel["ordinary_hours_per_pupil"] + panel["other_hours_per_pupil"]
    weight = weight * panel["pupils"]
    assert (panel["other_hours_share"] * weight).sum() / weight.sum() == pytest.approx(whole)


def test_the_usual_line_of_low_income_is_sixty_per_cent_of_the_median(country, panel):
    plain = schools(country / "registers")
    assert "analysis_area" not in plain.columns
    assert plain["pupils_low_income"].mean() == pytest.approx(
        panel["pupils_low_income"].mean(), abs=6
    )
