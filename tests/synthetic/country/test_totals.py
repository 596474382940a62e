"""Published population: every cell of every 1 January is met, and what cannot be is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from nabolag.core import UserError
from nabolag.registers import CONTRACTS, scan_register, validate_all
from nabolag.synthetic import CountrySpec, read_population, write_country

KEY = ["year", "municipality", "sex", "age"]


def totals(years: range, sizes: dict[str, int], seed: int = 1) -> pl.DataFrame:
    """Return an invented population that grows or shrinks by a few per cent a year, by chance."""
    rng = np.random.default_rng(seed)
    age = np.arange(106)
    shape = np.where(age < 70, 1.0, np.exp(-(((age - 70) / 13.0) ** 2)))
    parts = []
    for code, size in sizes.items():
        for sex in ("male", "female"):
            for number, year in enumerate(years):
                mean = size / 2 * shape / shape.sum() * (1 + 0.02 * number)
                parts.append(
                    pl.DataFrame({"age": age, "persons": rng.poisson(mean)}).select(
                        pl.lit(year, dtype=pl.Int16).alias("year"),
                        pl.lit(code).alias("municipality"),
                        pl.lit(sex).alias("sex"),
                        pl.col("age", "persons").cast(pl.Int64),
                    )
                )
    return pl.concat(parts)


def counted(folder: Path) -> pl.DataFrame:
    age = (pl.col("year") - 1 - pl.col("birth_year")).clip(0, 105).cast(pl.Int64)
    return (
        scan_register(folder / "registers", "person")
        .with_columns(age=age, municipality=pl.col("grunnkrets").str.slice(0, 4))
        .group_by(KEY)
        .agg(pl.len().cast(pl.Int64).alias("counted"))
        .collect()
    )


@pytest.mark.parametrize("given_after_last", [True, False])
def test_every_cell_of_every_year_is_met_exactly(tmp_path: Path, given_after_last: bool) -> None:
    years = range(2018, 2022 if given_after_last else 2021)
    # Chance moves every cell of the smallest by far more than any real municipality.
    wanted = totals(years, {"9950": 9_000, "9951": 1_500, "9952": 250})
    spec = CountrySpec(seed=3, first_year=2018, years=3, totals=wanted)
    facts = write_country(tmp_path, spec)
    both = wanted.filter(pl.col("year") < 2021).join(
        counted(tmp_path), on=KEY, how="full", coalesce=True
    )
    assert both.select((pl.col("persons") == pl.col("counted").fill_null(0)).all()).item()
    frames = {n: scan_register(tmp_path / "registers", n) for n in CONTRACTS if facts.rows[n]}
    for report in validate_all(frames, CONTRACTS):
        assert report.findings == (), [f.text("en") for f in report.findings]


def test_every_child_lives_with_an_adult(tmp_path: Path) -> None:
    spec = CountrySpec(
        seed=3, first_year=2018, years=2, totals=totals(range(2018, 2021), {"9950": 4_000})
    )
    write_country(tmp_path, spec)
    person = scan_register(tmp_path / "registers", "person").collect()
    eldest = person.group_by("year", "household_id").agg(pl.col("birth_year").min(), pl.len())
    assert (eldest["year"] - 1 - eldest["birth_year"]).min() >= 18  # type: ignore[operator]
    assert eldest["len"].max() <= 14  # type: ignore[operator]


def test_a_year_that_nobody_gave_is_refused() -> None:
    wanted = totals(range(2018, 2020), {"9950": 900})
    with pytest.raises(ValueError, match="9950"):
        write_country(Path("nowhere"), CountrySpec(1, first_year=2018, years=4, totals=wanted))


def test_the_published_file_is_read_and_met(data_root: Path, tmp_path: Path) -> None:
    path = data_root / "2-statistics/ssb-population/population_age_sex_b2024.parquet"
    wanted = read_population(path, range(2022, 2025), ["1151", "5610"])
    assert wanted.filter(pl.col("year") == 2024)["persons"].sum() < 10_000
    write_country(tmp_path, CountrySpec(1, first_year=2022, years=2, totals=wanted))
    both = wanted.filter(pl.col("year") < 2024).join(
        counted(tmp_path), on=KEY, how="full", coalesce=True
    )
    assert both.select((pl.col("persons") == pl.col("counted").fill_null(0)).all()).item()
    # Years that only repeat the last known one are no figures.
    with pytest.raises(UserError) as wrong:
        read_population(path, range(2025, 2031))
    assert wrong.value.findings[0].code == "synthetic_totals_years"
    with pytest.raises(UserError) as wrong:
        read_population(path, [2024], ["9999"])
    assert wrong.value.findings[0].code == "synthetic_totals_municipality"


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.parquet"
    pl.DataFrame({"a": [1]}).write_parquet(path)
    with pytest.raises(UserError) as wrong:
        read_population(path, [2020])
    assert wrong.value.findings[0].code == "synthetic_totals_columns"
