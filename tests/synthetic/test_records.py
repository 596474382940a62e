"""The records: sound by contract, in balance from year to year, and plausible."""

from __future__ import annotations

import polars as pl
import pytest

from nabolag.registers import CONTRACTS, validate_all
from tests.synthetic.conftest import Town

YEARS = range(2015, 2025)


def test_every_register_keeps_its_contract(town: Town) -> None:
    reports = validate_all(town.frames, CONTRACTS)
    assert {report.register for report in reports} >= {"person", "household", "dwelling"}
    for report in reports:
        assert report.findings == (), [f.text("en") for f in report.findings]
        assert report.rows == town.facts.rows[report.register] > 0


def test_about_sixty_thousand_persons_in_ten_years(town: Town) -> None:
    counted = dict(town.frames["person"].group_by("year").len().iter_rows())
    assert counted == town.facts.persons
    assert set(counted) == set(YEARS)
    assert counted[2015] == pytest.approx(60_000, rel=0.02)
    assert 1.02 < counted[2024] / counted[2015] < 1.12


def test_every_area_has_people_and_some_have_few(town: Town) -> None:
    latest = town.frames["person"].filter(pl.col("year") == 2024).group_by("grunnkrets").len()
    assert latest.height == 80
    assert latest["len"].min() < 150  # type: ignore[operator]
    assert latest["len"].max() > 1200  # type: ignore[operator]


def balance(frame: pl.DataFrame, event: str) -> int:
    return frame.filter(pl.col("event") == event).height


@pytest.mark.parametrize("year", range(2015, 2024))
def test_births_deaths_and_moves_explain_every_person(town: Town, year: int) -> None:
    person, events = town.frames["person"], town.frames["population_event"]
    here = set(person.filter(pl.col("year") == year)["person_id"])
    next_ = set(person.filter(pl.col("year") == year + 1)["person_id"])
    during = events.filter(pl.col("year") == year)
    came = set(during.filter(pl.col("event").is_in(["birth", "in_migration"]))["person_id"])
    went = set(during.filter(pl.col("event").is_in(["death", "out_migration"]))["person_id"])
    assert next_ - here == came
    assert here - next_ == went
    assert balance(during, "birth") > 300
    assert balance(during, "death") > 200


@pytest.mark.parametrize("year", [2015, 2019, 2023])
def test_every_area_balances_too(town: Town, year: int) -> None:
    person = town.frames["person"].group_by("year", "grunnkrets").len()
    before, after = (person.filter(pl.col("year") == y).drop("year") for y in (year, year + 1))
    during = town.frames["population_event"].filter(pl.col("year") == year)
    into = (
        during.drop_nulls("to_grunnkrets")
        .group_by(pl.col("to_grunnkrets").alias("grunnkrets"))
        .len()
    )
    out = (
        during.drop_nulls("from_grunnkrets")
        .group_by(pl.col("from_grunnkrets").alias("grunnkrets"))
        .len()
    )
    table = before.join(after, on="grunnkrets", how="full", coalesce=True, suffix="_after")
    table = table.join(into, on="grunnkrets", how="left", suffix="_in")
    table = table.join(out, on="grunnkrets", how="left", suffix="_out").fill_null(0)
    left = table["len"] + table["len_in"] - table["len_out"] - table["len_after"]
    assert left.abs().sum() == 0


def test_people_grow_older_and_stay_themselves(town: Town) -> None:
    constant = ("sex", "birth_year", "immigration_category", "country_group")
    changes = town.frames["person"].group_by("person_id").agg(pl.col(constant).n_unique())
    assert all(changes[name].max() == 1 for name in constant)


def test_newborns_are_born_in_the_year_and_live_with_an_adult(town: Town) -> None:
    events = town.frames["population_event"].filter(pl.col("event") == "birth")
    assert (events["birth_year"] == events["year"]).all()
    person = town.frames["person"].with_columns(age=pl.col("year") - 1 - pl.col("birth_year"))
    eldest = person.group_by("year", "household_id").agg(pl.col("age").max())
    assert eldest["age"].min() >= 18


def test_the_age_pyramid_is_plausible(town: Town) -> None:
    """Near Norway's own shape: about a fifth children, a sixth from 67 (SSB 07459)."""
    for year in (2015, 2024):
        person = town.frames["person"].filter(pl.col("year") == year)
        age = year - 1 - person["birth_year"]
        share = [
            ((age >= low) & (age < high)).mean()
            for low, high in ((0, 18), (18, 30), (30, 50), (50, 67), (67, 80), (80, 120))
        ]
        assert sum(share) == pytest.approx(1)
        for value, (low, high) in zip(
            share,
            ((0.17, 0.25), (0.11, 0.18), (0.24, 0.35), (0.15, 0.27), (0.07, 0.15), (0.025, 0.07)),
            strict=True,
        ):
            assert low < value < high, (year, share)
        assert 0.47 < (person["sex"] == "female").mean() < 0.53


def test_no_cohort_appears_from_nowhere(town: Town) -> None:
    """A cohort of adults changes between years by no more than people die and move."""
    person = town.frames["person"].filter(pl.col("birth_year").is_between(1950, 1980))
    sizes = (
        person.group_by("birth_year", "year")
        .agg(pl.len().cast(pl.Int64))
        .sort("birth_year", "year")
    )
    change = sizes.with_columns(last=pl.col("len").shift().over("birth_year")).drop_nulls()
    assert ((change["len"] - change["last"]).abs() / change["last"]).max() < 0.15


def test_household_types_are_what_their_members_say(town: Town) -> None:
    person = town.frames["person"]
    roles = person.group_by("year", "household_id").agg(
        partners=(pl.col("role") == "partner").sum(),
        adults=(pl.col("role") != "child").sum(),
        children=(pl.col("role") == "child").sum(),
        under_18=(pl.col("year") - 1 - pl.col("birth_year") < 18).sum(),
    )
    both = town.frames["household"].join(
        roles, on=["year", "household_id"], how="full", coalesce=True
    )
    assert both["household_type"].null_count() == both["partners"].null_count() == 0
    assert (both["children"] == both["under_18"]).all()
    kind = pl.col("household_type")
    wrong = both.filter(
        ((kind == "single") & (pl.col("persons") != 1))
        | ((kind == "couple") & ((pl.col("partners") != 2) | (pl.col("children_right") > 0)))
        | (
            (kind == "couple_with_children")
            & ((pl.col("partners") != 2) | (pl.col("children_right") == 0))
        )
        | ((kind == "single_parent") & ((pl.col("adults") != 1) | (pl.col("children_right") == 0)))
    )
    assert wrong.height == 0


def test_persons_and_households_live_in_the_same_place(town: Town) -> None:
    joined = town.frames["person"].join(
        town.frames["household"], on=["year", "household_id"], how="left"
    )
    assert (joined["grunnkrets"] == joined["grunnkrets_right"]).all()
    homes = town.frames["household"].join(
        town.frames["dwelling"], on=["year", "dwelling_id"], how="inner"
    )
    assert (homes["grunnkrets"] == homes["grunnkrets_right"]).all()
    assert homes.select(pl.struct("year", "dwelling_id").is_duplicated().any()).item() is False


def test_some_facts_are_unknown_and_stay_unknown(town: Town) -> None:
    household, dwelling = town.frames["household"], town.frames["dwelling"]
    assert 0.002 < household["dwelling_id"].is_null().mean() < 0.012
    assert (household["dwelling_id"].is_null() == household["tenure"].is_null()).all()
    assert 0.005 < dwelling["area_m2"].is_null().mean() < 0.03
    assert 0.01 < town.frames["education"]["level"].is_null().mean() < 0.05
    per_home = dwelling.group_by("dwelling_id").agg(pl.col("rooms").is_null().n_unique())
    assert per_home["rooms"].max() == 1


def test_low_income_lasts(town: Town) -> None:
    """Most of those under the line one year are under it the next: incomes have memory."""
    income = town.frames["income_year"].with_columns(
        per_unit=pl.col("income_after_tax") / pl.col("consumption_units")
    )
    low = income.with_columns(
        low=pl.col("per_unit") < 0.6 * pl.col("per_unit").median().over("year")
    )
    later = low.select(pl.col("year") - 1, "household_id", again="low")
    pairs = low.join(later, on=["year", "household_id"], how="inner")
    again = pairs.filter(pl.col("low"))["again"].mean()
    assert again is not None
    assert pairs["low"].mean() * 3 < again < 0.95  # type: ignore[operator]
