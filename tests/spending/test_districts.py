"""The panel of bydeler: counted as the registers say, and what is planted by bydel is found."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from nabolag.registers import scan_register
from nabolag.spending import Inference, ModelSpec, Regression, estimate, named_model
from nabolag.spending.districts import districts
from nabolag.synthetic import CountrySpec, MunicipalitySpec, write_country


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One municipality with fifteen bydeler."""
    folder = tmp_path_factory.mktemp("by")
    town = MunicipalitySpec(seed=3, persons=90_000, bydeler=15, grunnkretser=120, years=4)
    write_country(
        folder, CountrySpec(seed=3, persons=90_000, years=4, towns=(town,), municipalities=0)
    )
    return folder


@pytest.fixture(scope="module")
def panel(city: Path) -> pl.DataFrame:
    areas = pl.read_csv(city / "areas.csv", separator=";", infer_schema=False)
    inside = areas.filter(pl.col("Nivå") == "grunnkrets")
    bydeler = dict(inside.select("Kode", "Bydel").iter_rows())
    exposed = next(iter(json.loads((city / "truth.json").read_text())["municipalities"].values()))
    return districts(city / "registers", bydeler, areas=exposed["exposed"])


def test_every_resident_is_in_one_bydel(city, panel):
    assert panel.height == 15 * 4
    ages = panel.select(
        pl.col("share_age_0_19") + pl.col("share_age_20_66") + pl.col("share_age_67plus")
    )
    assert ages.to_series().to_list() == pytest.approx([1.0] * panel.height)


def test_spending_is_the_accounts_own(city, panel):
    people = scan_register(city / "registers", "person").collect()
    spent = (
        scan_register(city / "registers", "account_line")
        .filter(pl.col("function") == "231", pl.col("unit") == "")
        .group_by("year").agg(pl.col("amount").sum()).sort("year").collect()
    )  # fmt: skip
    counted = people.group_by("year").len().sort("year")
    whole = (spent["amount"] / counted["len"]).to_list()
    by_year = panel.group_by("year").agg(pl.col("activities_per_resident").mean()).sort("year")
    assert by_year["activities_per_resident"].to_list() == pytest.approx(whole, rel=0.03)


def test_what_is_planted_by_bydel_is_found_and_what_is_not_is_not(panel):
    """Child welfare rises with low income and single parents; immigrants mean nothing."""
    spec = named_model("table-16")
    found = estimate(spec, panel, Inference(draws=999, permutations=0))
    assert found.columns["clusters"].unique().to_list() == [15]
    assert found.coefficient("share_low_income", 1)["lower"] > 0
    joint = found.coefficient("share_immigrants", 5)
    assert joint["lower"] < 0 < joint["upper"]


def test_a_table_the_registers_do_not_hold_says_which_column_is_absent(panel):
    from nabolag.core import UserError

    with pytest.raises(UserError, match="municipal_housing_allowance"):
        estimate(named_model("table-18"), panel)
    column = Regression(outcome="prevention_per_resident", terms=("share_low_income", "analysis_bydel"),
                        cluster="unit", year_dummies=True)  # fmt: skip
    spec = ModelSpec(id="a", title="A", columns=(column,))
    found = estimate(spec, panel, Inference(draws=199, permutations=99))
    assert found.coefficient("share_low_income", 1)["estimate"] > 0
