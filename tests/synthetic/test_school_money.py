"""The school office's table: true to the registers, and today's amounts as planted."""

from __future__ import annotations

from fractions import Fraction

import polars as pl

from nabolag.allocation import Model, allocate, read_units
from nabolag.allocation.units import Columns
from nabolag.synthetic.school_money import BUDGET, FILE, TODAY_BY_PUPILS
from tests.synthetic.conftest import Town


def delivered(town: Town) -> pl.DataFrame:
    path = town.folder / "leveranse" / FILE
    return pl.read_csv(path, separator=";", infer_schema=False)


def test_pupils_and_needs_are_those_of_the_registers(town: Town) -> None:
    table, pupils = delivered(town), town.frames["pupil"]
    year = pupils["year"].max()
    counted = dict(pupils.filter(pl.col("year") == year).group_by("school_id").len().iter_rows())
    for row in table.iter_rows(named=True):
        assert int(row["Elever"]) == counted[int(row["Skolenummer"])]
        poor, share = (
            int(row["Elever i lavinntekt"]),
            float(row["Andel i lavinntekt"].replace(",", ".")),
        )
        assert abs(poor / int(row["Elever"]) - share) < 0.0001


def test_todays_amounts_are_found_again_by_the_planted_model(town: Town) -> None:
    columns = Columns(
        "Skolenummer", "Skole", {"size": "Elever"}, today="Tildeling i dag", decimal=","
    )
    units = read_units(delivered(town), columns)
    assert sum(amount or 0 for amount in units.today) == BUDGET
    alike = BUDGET * (100 - TODAY_BY_PUPILS) // 100 // len(units)
    model = Model.model_validate({"base": alike, "pots": [{"pupils": Fraction(1)}]})
    made = allocate(model, units, BUDGET)
    assert max(abs(step or 0) for step in made.difference) <= len(units)
