"""A whole country: sound, the same for the same seed, and hanging together."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from nabolag.core import Level, UserError, code_fits
from nabolag.registers import CONTRACTS, scan_register, validate_all
from nabolag.synthetic import CountryFacts, CountrySpec, write_country

SPEC = CountrySpec(seed=4, persons=120_000, years=4, municipalities=4, block_persons=50_000)
SMALL = CountrySpec(seed=4, persons=9_000, years=2, municipalities=3, block_persons=4_000)
NOVEMBER, OCTOBER = 1 << 10, 1 << 9


@dataclass(frozen=True)
class Country:
    folder: Path
    facts: CountryFacts

    @cached_property
    def frames(self) -> dict[str, pl.DataFrame]:
        return {n: scan_register(self.folder / "registers", n).collect() for n in CONTRACTS}

    @cached_property
    def truth(self) -> dict[str, Any]:
        return dict(json.loads((self.folder / "truth.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Country:
    folder = tmp_path_factory.mktemp("country")
    return Country(folder, write_country(folder, SPEC))


def hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_every_register_keeps_its_contract(country: Country) -> None:
    for report in validate_all(country.frames, CONTRACTS):
        assert report.findings == (), [f.text("en") for f in report.findings]
        assert report.rows == country.facts.rows[report.register] > 0


def test_identities_are_unique_over_the_country(country: Country) -> None:
    for name, key in (
        ("person", "person_id"),
        ("dwelling", "dwelling_id"),
        ("school", "school_id"),
    ):
        now = country.frames[name].filter(pl.col("year") == 2018)
        assert now[key].n_unique() == now.height
    assert (
        country.frames["person"].filter(pl.col("year") == 2018).height
        == country.facts.persons[2018]
    )


def test_events_explain_every_person_of_the_country(country: Country) -> None:
    person, events = country.frames["person"], country.frames["population_event"]
    for year in (2015, 2016, 2017):
        here = set(person.filter(pl.col("year") == year)["person_id"])
        then = set(person.filter(pl.col("year") == year + 1)["person_id"])
        during = events.filter(pl.col("year") == year)
        came = set(during.filter(pl.col("event").is_in(["birth", "in_migration"]))["person_id"])
        went = set(during.filter(pl.col("event").is_in(["death", "out_migration"]))["person_id"])
        assert (then - here, here - then) == (came, went)
        assert during["person_id"].n_unique() == during.height


def test_people_move_between_municipalities_and_stay_themselves(country: Country) -> None:
    moves = country.frames["population_event"].filter(
        (pl.col("event") == "internal_move")
        & (pl.col("from_grunnkrets").str.slice(0, 4) != pl.col("to_grunnkrets").str.slice(0, 4))
    )
    assert moves.height > 1_000
    person = country.frames["person"]
    before = moves.join(person, on=["year", "person_id"], how="left")
    assert (before["grunnkrets"] == before["from_grunnkrets"]).all()
    after = moves.filter(pl.col("year") < 2018).with_columns(pl.col("year") + 1)
    after = after.join(person, on=["year", "person_id"], how="left")
    assert (after["grunnkrets"] == after["to_grunnkrets"]).all()
    constant = person.group_by("person_id").agg(pl.col("sex", "birth_year").n_unique())
    assert constant["sex"].max() == constant["birth_year"].max() == 1


def test_a_school_has_the_pupils_it_says_and_they_live_near(country: Country) -> None:
    pupils, schools = country.frames["pupil"], country.frames["school"]
    counted = pupils.group_by("year", "school_id").agg(pl.len().alias("counted"))
    both = schools.join(counted, on=["year", "school_id"], how="left").fill_null(0)
    assert (both["pupils"] == both["counted"]).all()
    placed = (
        pupils.join(country.frames["person"], on=["year", "person_id"], how="left")
        .join(schools, on=["year", "school_id"], how="left", suffix="_school")
        .with_columns(age=pl.col("year") - pl.col("birth_year"))
    )
    assert (placed["grade"] == placed["age"] - 5).all()
    assert placed["grade"].is_between(placed["first_grade"], placed["last_grade"]).all()
    home, school = pl.col("grunnkrets"), pl.col("grunnkrets_school")
    assert placed.select((home.str.slice(0, 4) == school.str.slice(0, 4)).all()).item()
    # One grunnkrets sends its pupils of a grade to one public school, and some to a private one.
    public = placed.filter(pl.col("owner") == "public")
    spread = public.group_by("year", "grunnkrets", "grade").agg(pl.col("school_id").n_unique())
    assert spread["school_id"].max() == 1


def test_the_autumn_of_the_months_agrees(country: Country) -> None:
    on = ["year", "person_id"]
    both = (
        country.frames["activity"]
        .join(country.frames["employment"], on=on, how="left")
        .join(country.frames["education"], on=on, how="left")
    )
    bits = both.select(
        ((pl.col("employed_months") & NOVEMBER) > 0).alias("employed"),
        ((pl.col("measure_months") & NOVEMBER) > 0).alias("in_measure"),
        ((pl.col("education_months") & OCTOBER) > 0).alias("in_education"),
    )
    for name in bits.columns:
        assert (bits[name] == both[name]).all(), name
    overlap = pl.col("unemployed_months") & (pl.col("employed_months") | pl.col("measure_months"))
    assert both.select(overlap.max()).item() == 0


def test_assistance_comes_from_low_income_and_is_part_of_transfers(country: Country) -> None:
    person = country.frames["person"].select("year", "person_id", "household_id")
    on = ["year", "household_id"]
    income = country.frames["income_year"]
    helped = country.frames["social_assistance"].join(person, on=["year", "person_id"], how="left")
    helped = helped.join(income, on=on, how="left")
    lines = country.truth["spending"]["low_income_below"]
    line = pl.col("year").cast(pl.String).replace_strict(lines, return_dtype=pl.Float64)
    per_unit = pl.col("income_after_tax") / pl.col("consumption_units")
    assert helped.select((per_unit < line).all()).item()
    assert (helped["amount"] <= helped["transfers"] + 1).all()
    assert (income["transfers"] <= income["total_income"]).all()
    assert (income["income_after_tax"] <= income["total_income"]).all()
    burden = (income["housing_costs"] / income["income_after_tax"] > 0.25).mean()
    assert 0.1 < burden < 0.4  # type: ignore[operator]


def test_upper_secondary_agrees_with_age_and_level(country: Country) -> None:
    people = country.frames["person"].select("year", "person_id", "birth_year")
    table = country.frames["education"].join(people, on=["year", "person_id"], how="left")
    done = table.drop_nulls("upper_secondary_completed")
    assert (done["level"] >= 4).all()
    assert (done["upper_secondary_start"] == done["birth_year"] + 16).all()
    years = done["upper_secondary_completed"] - done["upper_secondary_start"]
    assert set(years) == {3, 4, 5}
    begun = table.filter(
        pl.col("upper_secondary_start").is_not_null()
        & pl.col("upper_secondary_completed").is_null()
    )
    assert (begun["level"] <= 3).all()


def test_account_lines_add_up_to_the_municipality(country: Country) -> None:
    lines = country.frames["account_line"]
    keys = ["year", "municipality", "function", "kind"]
    units = lines.filter(pl.col("unit") != "").group_by(keys).agg(pl.col("amount").sum())
    whole = lines.filter(pl.col("unit") == "")
    both = units.join(whole, on=keys, how="left", suffix="_whole")
    assert both["amount_whole"].null_count() == 0
    assert (both["amount"] - both["amount_whole"]).abs().max() < 1  # type: ignore[operator]
    paid = country.frames["social_assistance"]["amount"].sum()
    assert whole.filter(pl.col("function") == "281")["amount"].sum() == pytest.approx(paid)


def test_the_list_of_areas_holds_every_code_in_use(country: Country) -> None:
    table = pl.read_csv(country.folder / "areas.csv", separator=";", infer_schema=False)
    for level, code in table.select("Nivå", "Kode").iter_rows():
        assert code_fits(Level(level), code)
    listed = set(table.filter(pl.col("Nivå") == "grunnkrets")["Kode"])
    assert set(country.frames["person"]["grunnkrets"]) <= listed
    assert len(listed) == country.facts.grunnkretser
    assert table.filter(pl.col("Nivå") == "kommune").height == country.facts.municipalities == 4


def test_bytes_do_not_depend_on_who_works(tmp_path: Path) -> None:
    write_country(tmp_path / "one", SMALL)
    write_country(tmp_path / "two", SMALL, workers=2)
    assert hashes(tmp_path / "one") == hashes(tmp_path / "two")
    write_country(tmp_path / "other", replace(SMALL, seed=5))
    other = hashes(tmp_path / "other")
    assert other["truth.json"] != hashes(tmp_path / "one")["truth.json"]


def test_a_run_that_is_cut_off_leaves_no_country_and_the_next_is_whole(tmp_path: Path) -> None:
    write_country(tmp_path / "whole", SMALL)

    def stop(key: str, done: int, total: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    cut = tmp_path / "cut"
    write_country(cut, replace(SMALL, seed=9))
    with pytest.raises(KeyboardInterrupt):
        write_country(cut, SMALL, progress=stop)
    assert not (cut / "country.json").exists()
    write_country(cut, SMALL)
    assert hashes(cut) == hashes(tmp_path / "whole")


def test_a_whole_country_is_left_alone_until_a_part_is_lost(tmp_path: Path) -> None:
    first = write_country(tmp_path, SMALL)
    part = next((tmp_path / "registers" / "person").glob("*/*.parquet"))
    stamp = part.stat().st_mtime_ns
    assert write_country(tmp_path, SMALL) == first
    assert part.stat().st_mtime_ns == stamp
    part.unlink()
    assert write_country(tmp_path, SMALL) == first
    assert part.exists()


def test_a_workspace_of_ones_own_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "nabolag.toml").write_text('[workspace]\nname = "Vår"\n', encoding="utf-8")
    with pytest.raises(UserError):
        write_country(tmp_path, SMALL)


def test_one_district_is_a_country_too(tmp_path: Path) -> None:
    facts = write_country(tmp_path, CountrySpec(seed=1, persons=2_500, years=1))
    assert facts.municipalities == 1
    assert facts.persons[2015] == pytest.approx(2_500, rel=0.1)


def test_the_planted_coefficients_of_spending_can_be_recovered(country: Country) -> None:
    """Least squares within school and year, with shares counted from the registers."""
    truth = country.truth["spending"]
    lines = truth["low_income_below"]
    line = pl.col("year").cast(pl.String).replace_strict(lines, return_dtype=pl.Float64)
    facts = (
        country.frames["pupil"]
        .join(country.frames["person"], on=["year", "person_id"], how="left")
        .join(country.frames["household"], on=["year", "household_id"], how="left")
        .join(country.frames["income_year"], on=["year", "household_id"], how="left")
        .group_by("year", "school_id")
        .agg(
            pl.len().alias("pupils"),
            (pl.col("income_after_tax") / pl.col("consumption_units") < line).mean().alias("low"),
            (pl.col("household_type") == "single_parent").mean().alias("alone"),
            (pl.col("immigration_category") != "A").mean().alias("came"),
        )
    )
    spent = (
        country.frames["account_line"]
        .filter((pl.col("function") == "202") & (pl.col("unit") != ""))
        .group_by("year", pl.col("unit").cast(pl.Int64).alias("school_id"))
        .agg(pl.col("amount").sum())
    )
    table = spent.join(facts, on=["year", "school_id"], how="left")
    (equation,) = (e for e in truth["equations"] if e["function"] == "202")
    table = table.with_columns(
        each=(pl.col("amount") - equation["unit"]) / pl.col("pupils")
    ).filter(pl.col("pupils") > 40)
    columns = ["low", "alone", "came", "each"]
    within = table.with_columns(
        pl.col(c)
        - pl.col(c).mean().over("school_id")
        - pl.col(c).mean().over("year")
        + pl.col(c).mean()
        for c in columns
    )
    x, y = within.select(columns[:3]).to_numpy(), within["each"].to_numpy()
    found, *_ = np.linalg.lstsq(x, y, rcond=None)
    left = y - x @ found
    spread = np.sqrt(np.diag(np.linalg.inv(x.T @ x)) * left.var() * len(y) / (len(y) * 0.7))
    planted = np.array(
        [equation["shares"][n] for n in ("low_income", "single_parent", "immigrant")]
    )
    assert (np.abs(found - planted) < 4 * spread).all(), (found, planted, spread)
    assert left.std() < 1.3 * truth["chance"] * equation["base"]
    assert found[0] > 3 * spread[0]


def test_initiatives_did_what_is_planted_and_nothing_where_it_is_zero(country: Country) -> None:
    told = [e for one in country.truth["municipalities"].values() for e in one["realised_effects"]]
    work = [e for e in told if e["kind"] == "work_programme"]
    none = [e for e in told if e["kind"] == "information_campaign"]
    assert work
    assert none
    assert all(e["effect_on_share"] == 0 for e in none)
    assert (
        np.average([e["effect_on_share"] for e in work], weights=[e["persons"] for e in work])
        > 0.02
    )
    # The shares told of are those of the registers.
    one = work[0]
    people = country.frames["person"].filter(
        (pl.col("year") == one["year"])
        & (pl.col("grunnkrets") == one["area"])
        & (one["year"] - pl.col("birth_year")).is_between(20, 66)
    )
    employed = people.join(country.frames["employment"], on=["year", "person_id"], how="left")
    assert employed.height == one["persons"]
    assert employed["employed"].mean() == pytest.approx(one["employed_share"], abs=1e-6)


def test_more_segregation_asked_for_is_more_segregation_found(tmp_path: Path) -> None:
    found = []
    for spread in (0.0, 0.9):
        spec = CountrySpec(seed=2, persons=30_000, years=1, municipalities=1, segregation=spread)
        folder = tmp_path / str(spread)
        write_country(folder, spec)
        (one,) = json.loads((folder / "truth.json").read_text())["municipalities"].values()
        told = one["segregation"][0]["immigrants_between_areas"]
        person = scan_register(folder / "registers", "person").collect()
        counts = person.group_by("grunnkrets").agg(
            inside=(pl.col("immigration_category") != "A").sum(),
            outside=(pl.col("immigration_category") == "A").sum(),
        )
        inside, outside = (
            counts["inside"] / counts["inside"].sum(),
            counts["outside"] / counts["outside"].sum(),
        )
        assert 0.5 * (inside - outside).abs().sum() == pytest.approx(told, abs=1e-6)
        found.append(told)
    assert found[1] > 1.5 * found[0]
