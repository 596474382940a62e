"""The segregation that was planted in a synthetic country is the segregation that is measured."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from nabolag.analysis.segregation.chance import by_chance
from nabolag.analysis.segregation.indices import dissimilarity, units
from nabolag.registers import scan_register
from nabolag.synthetic.country import CountrySpec, write_country


def test_planted_segregation_is_measured_and_told_from_chance(tmp_path: Path) -> None:
    spec = CountrySpec(seed=3, persons=20_000, years=1, municipalities=1, segregation=0.9)
    write_country(tmp_path, spec)
    (truth,) = json.loads((tmp_path / "truth.json").read_text())["municipalities"].values()
    person = scan_register(tmp_path / "registers", "person").collect()
    counted = person.group_by("grunnkrets").agg(
        inside=(pl.col("immigration_category") != "A").sum(),
        outside=(pl.col("immigration_category") == "A").sum(),
    )
    counts = counted.sort("grunnkrets").select("inside", "outside").to_numpy().astype(float)
    found = dissimilarity(units(counts, np.array([0])))[0]
    planted = truth["segregation"][0]["immigrants_between_areas"]
    assert found == pytest.approx(planted, abs=1e-6)
    against = by_chance(counts, ["dissimilarity"], 199, 1)["dissimilarity"]
    assert against.p_value == pytest.approx(1 / 200)
    assert against.expected < planted / 2
