"""The real budgets of Bergen for 2012–2015, as they were published: every øre is placed or listed."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from nabolag.accounts import AccountsSpec, summed
from nabolag.accounts.lines import read_lines
from nabolag.accounts.sums import AccountsResult

FOLDER = "3-expenditure-allocation/budgets"
YEARS = {str(year): year for year in range(2012, 2016)}
SERVICES = [
    {"id": "admin", "name": "Administrasjon", "functions": ["1*"]},
    {
        "id": "children",
        "name": "Barnehage, skole, barnevern",
        "functions": ["20*", "21*", "22*", "24*"],
    },
    {
        "id": "care",
        "name": "Helse, omsorg og sosiale tjenester",
        "functions": ["23*", "25*", "26*", "27*", "28*"],
    },
    {"id": "town", "name": "Byutvikling, teknisk, kultur", "functions": ["3*"]},
    {"id": "finance", "name": "Skatt, rammetilskudd og finans", "functions": ["8*"]},
]
DISTRICTS = {"ARNA": "460101", "BERGENHUS": "460102", "FANA": "460103", "FYLLINGSDALEN": "460104",
             "LAKSEVÅG": "460105", "YTREBYGDA": "460106", "ÅRSTAD": "460107", "ÅSANE": "460108"}  # fmt: skip


def _read(data_root: Path, name: str, **changed: Any) -> AccountsResult:
    path = data_root / FOLDER / name
    if not path.is_file():
        pytest.skip(f"{FOLDER}/{name} is not in the folder of real data")
    known: dict[str, Any] = {
        "id": "budsjett", "file": name, "municipality": "4601", "stage": "budget", "years": YEARS,
        "read": {"delimiter": ";", "encoding": "utf-8-sig", "decimal": ",", "thousands": " "},
        "function": {"column": "tjeneste", "transform": [{"first": 3}]}, "unit": "avdeling-tekst",
        "balanced": True, "service": SERVICES,
    }  # fmt: skip
    spec = AccountsSpec.model_validate({**known, **changed})
    return summed(spec, *read_lines(spec, [(path, name)]))


def _by_hand(path: Path, column: str) -> int:
    """Return the sum in øre as the standard library reads the file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        texts = [row[column] for row in csv.DictReader(file, delimiter=";")]
    total = 0
    for text in texts:
        clean = "".join(text.split()).replace("\u00a0", "")
        whole, _, part = clean.lstrip("-").partition(",")
        ore = int(whole or 0) * 100 + int((part + "00")[:2])
        total += -ore if clean.startswith("-") else ore
    return total


@pytest.mark.data
def test_the_operating_budget_is_read_to_the_ore_and_is_a_little_out_of_balance(
    data_root: Path,
) -> None:
    """As published, expenses and incomes differ by 110, 371, 471 and 437 kroner."""
    side = {"column": "inntekt-utgift", "expenses": ["Utgift"], "incomes": ["Inntekt"]}
    result = _read(data_root, "bergen_budsjett_2012_dataset.csv", side=side)
    assert result.lines.height == 1944 * 4
    assert result.problems.is_empty()
    assert [finding.code for finding in result.findings] == ["accounts_unbalanced"]
    assert result.balance["ore"].to_list() == [-11000, -37100, -47100, -43700]
    assert result.balance["expense_ore"][0] == 1_670_046_302_000
    path = data_root / FOLDER / "bergen_budsjett_2012_dataset.csv"
    for year in YEARS:
        own = result.lines.filter(pl.col("year") == int(year))["ore"].sum()
        assert own == _by_hand(path, year)
    assert result.table["ore"].sum() == result.units["ore"].sum() == result.lines["ore"].sum()


@pytest.mark.data
def test_a_service_left_out_is_listed_and_stays_in_the_sum(data_root: Path) -> None:
    side = {"column": "inntekt-utgift", "expenses": ["Utgift"], "incomes": ["Inntekt"]}
    some = [one for one in SERVICES if one["id"] != "finance"]
    result = _read(data_root, "bergen_budsjett_2012_dataset.csv", side=side, service=some)
    assert set(result.problems["problem"]) == {"service"}
    outside = result.table.filter(pl.col("service") == "")
    assert outside["ore"].sum() == result.problems["ore"].sum() != 0
    assert result.table["ore"].sum() == -138_900


@pytest.mark.data
def test_investments_are_placed_in_districts(data_root: Path) -> None:
    side = {"column": "sumart1-tekst", "expenses": ["Sum utgifter"], "incomes": ["Sum inntekter"]}
    area = {
        "column": "geografisk-bydel-tekst",
        "level": "bydel",
        "codes": DISTRICTS,
        "whole": ["BYDEKKENDE"],
    }
    result = _read(data_root, "bergen_investering_2012_dataset.csv", side=side, area=area)
    assert result.balance["ore"].to_list() == [0, 0, 0, 0]
    assert result.problems.is_empty()
    placed = result.table.filter(pl.col("area") != "")
    assert set(placed["area"]) == set(DISTRICTS.values())
    assert result.table["ore"].sum() == result.lines["ore"].sum() == 0
    lacking = {name: code for name, code in DISTRICTS.items() if name != "ARNA"}
    unplaced = _read(
        data_root, "bergen_investering_2012_dataset.csv", side=side, area={**area, "codes": lacking}
    )
    assert set(unplaced.problems["problem"]) == {"area"}
    assert unplaced.table["ore"].sum() == 0
