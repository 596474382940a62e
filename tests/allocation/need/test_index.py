"""The expenditure-need index: published totals, invariants, what is absent, and wrong weights."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nabolag.allocation.need import (
    NeedModel,
    criterion_indices,
    equalisation,
    from_mapping,
    need_index,
    sector_indices,
    total_index,
)
from nabolag.core import UserError

MODEL = NeedModel({"skole": 0.6, "helse": 0.4}, {"skole": {"barn": 1.0}, "helse": {"barn": 0.3, "eldre": 0.7}})  # fmt: skip


@pytest.mark.data
def test_totals_of_every_municipality_from_sector_indices(data_root: Path):
    folder = data_root / "3-expenditure-allocation" / "dki"
    held = json.loads((folder / "dki-2026_tabell-E-k_sektor.json").read_text("utf-8"))
    official = json.loads((folder / "dki-2026_tabell-A-k_samlet.json").read_text("utf-8"))
    weights = {k: v for k, v in held["sektorvekter"].items() if not k.startswith("_")}
    rows = [
        {"area": code, "sector": sector, "index": one[sector]}
        for code, one in held["kommuner"].items()
        for sector in weights
    ]
    found = total_index(pl.DataFrame(rows), NeedModel(weights))
    totals = dict(found.select("area", "index").iter_rows())
    assert len(totals) == 352
    assert max(abs(totals[code] - one["samlet"]) for code, one in held["kommuner"].items()) < 0.0005
    both = {c: v for c, v in official["kommuner"].items() if isinstance(v, float) and c in totals}
    assert len(both) > 345
    assert max(abs(totals[code] - value) for code, value in both.items()) <= 0.0006


@pytest.mark.data
def test_published_weights_are_accepted(data_root: Path):
    path = data_root / "3-expenditure-allocation" / "dki" / "delkostnadsnokler_2026.json"
    given = json.loads(path.read_text("utf-8"))
    model = from_mapping(
        {
            "sectors": given["sektorvekter_2026"],
            "keys": given["delkostnadsnokler_2026"],
            "year": 2026,
        }
    )
    assert len(model.sectors) == 7
    assert "opphoping" in model.criteria


def test_by_hand():
    criteria = pl.DataFrame(
        {"area": ["a", "a"], "criterion": ["barn", "eldre"], "index": [1.2, 0.5]}
    )
    sectors, total = need_index(criteria, MODEL)
    assert dict(sectors.select("sector", "index").iter_rows()) == pytest.approx(
        {"skole": 1.2, "helse": 0.3 * 1.2 + 0.7 * 0.5}
    )
    assert total["index"][0] == pytest.approx(0.6 * 1.2 + 0.4 * 0.71)


@given(st.lists(st.tuples(st.integers(1, 10_000), st.integers(1, 500), st.integers(1, 500)),
                min_size=2, max_size=12))  # fmt: skip
def test_the_country_has_the_index_one_and_equalisation_sums_to_nothing(rows):
    people = [p for p, _, _ in rows]
    counts = pl.DataFrame(
        [
            {"area": f"k{n}", "criterion": name, "count": count, "people": p}
            for n, (p, barn, eldre) in enumerate(rows)
            for name, count in (("barn", barn), ("eldre", eldre))
        ]
    )
    _, total = need_index(criterion_indices(counts), MODEL)
    assert np.average(total["index"].to_numpy(), weights=people) == pytest.approx(1)
    heads = pl.DataFrame({"area": [f"k{n}" for n in range(len(rows))], "people": people})
    moved = equalisation(total, heads, 60_000)["kroner"]
    assert moved.sum() == pytest.approx(0, abs=1e-3 * sum(people))


def test_what_is_absent_stays_unknown_and_names_itself():
    criteria = pl.DataFrame(
        {"area": ["a", "a", "b"], "criterion": ["barn", "eldre", "barn"], "index": [1.0, 2.0, 1.1]}
    )
    sectors, total = need_index(criteria, MODEL)
    row = sectors.filter(pl.col("area") == "b", pl.col("sector") == "helse").row(0, named=True)
    assert (row["index"], row["status"], row["absent"]) == (None, "missing", "eldre")
    assert total.filter(pl.col("area") == "b")["index"][0] is None
    assert total.filter(pl.col("area") == "b")["absent"][0] == "helse"
    assert total.filter(pl.col("area") == "a")["status"][0] == "value"


def test_a_hidden_criterion_gives_bounds_and_keeps_its_status():
    criteria = pl.DataFrame(
        {
            "area": ["a", "a"],
            "criterion": ["barn", "eldre"],
            "index": [1.0, None],
            "lower": [None, 0.5],
            "upper": [None, 1.5],
            "status": ["value", "suppressed_primary"],
        }
    )
    _, total = need_index(criteria, MODEL)
    row = total.row(0, named=True)
    assert row["index"] is None
    assert row["status"] == "suppressed_primary"
    assert (row["lower"], row["upper"]) == pytest.approx((0.6 + 0.4 * 0.65, 0.6 + 0.4 * 1.35))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"sectors": {"a": 0.5, "b": 0.4}}, "sum to 0.9"),
        ({"sectors": {"a": 1.2, "b": -0.2}}, "zero or more"),
        ({"sectors": {"a": 1.0}, "keys": {"b": {"x": 1.0}}}, "no sector weight"),
        ({"sectors": {"a": 1.0}, "keys": {"a": {"x": 0.7}}}, "sector: a"),
        ({"sectors": {"a": "mye"}}, "not numbers: a"),
        ({}, "«sectors»"),
        ({"sectors": {"a": 1.0}, "keys": [1]}, "«keys»"),
    ],
)
def test_weights_that_will_not_do(given, words):
    with pytest.raises(UserError, match=words):
        from_mapping(given)


def test_tables_that_will_not_do():
    with pytest.raises(UserError, match="criterion"):
        sector_indices(pl.DataFrame({"area": ["a"], "index": [1.0]}), MODEL)
    twice = pl.DataFrame({"area": ["a", "a"], "criterion": ["barn", "barn"], "index": [1.0, 2.0]})
    with pytest.raises(UserError, match="a · barn"):
        sector_indices(twice, MODEL)
    with pytest.raises(UserError, match="no cost key: helse"):
        need_index(twice, NeedModel({"skole": 0.6, "helse": 0.4}, {"skole": {"barn": 1.0}}))
