"""Housing allowance: what holds whatever the tables, and tables of one's own that cannot be."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nabolag import rules
from nabolag.core import LANGS, UserError
from nabolag.rules import HousingAllowanceTerms, RuleStatus

AT = date(2026, 11, 1)
KRONER = st.integers(0, 60_000).map(float)
PERSONS = st.integers(1, 9)

OWN: dict[str, Any] = {
    "from": "2026-01-01",
    "paid_percent": 73.7,
    "capital_free": 5502,
    "cost_ceilings": "[7000, 8000]",
    "income_limits": "[20000, 25000]",
    "own_share_from": "[0, 10000]",
    "own_share_to": "[10000, null]",
    "own_share_start": "[1500, 1500]",
    "own_share_percent": "[0, 30]",
    "reference": "Vedtak",
}


def own(folder: Path, **changed: Any) -> Path:
    lines = [f"    {key}: {value}" for key, value in {**OWN, **changed}.items()]
    text = "housing_allowance:\n" + "\n".join(lines).replace("    ", "  - ", 1) + "\n"
    path = folder / "regler.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def paid(cost: float, income: float, persons: int, book: rules.Book | None = None) -> float:
    facts = {"housing_cost": cost, "income": income, "persons": persons}
    found: float = rules.evaluate("housing_allowance", facts, AT, book)
    return found


@given(cost=KRONER, more=KRONER, income=KRONER, persons=PERSONS)
def test_more_cost_never_pays_less_and_nothing_is_negative(
    cost: float, more: float, income: float, persons: int
) -> None:
    assert 0 <= paid(cost, income, persons) <= paid(cost + more, income, persons)


@given(cost=KRONER, income=KRONER, more=KRONER, persons=PERSONS)
def test_more_income_never_pays_more(cost: float, income: float, more: float, persons: int) -> None:
    assert paid(cost, income + more, persons) <= paid(cost, income, persons) + 1e-9


@given(cost=KRONER, income=KRONER, persons=PERSONS)
def test_a_larger_household_never_gets_less(cost: float, income: float, persons: int) -> None:
    assert paid(cost, income, persons) <= paid(cost, income, persons + 1) + 1e-9


def test_the_share_that_is_paid_is_the_sources_and_the_tables_are_an_example() -> None:
    terms = HousingAllowanceTerms.at(AT)
    assert (terms.paid_percent, terms.capital_free) == (73.7, 5502)  # L6557, L6546
    assert terms.status is RuleStatus.EXAMPLE
    tables = {name for name in terms.numbers() if name.startswith(("own_share", "cost", "income"))}
    assert tables == set(terms.declared)


def test_ones_own_tables_take_the_place_of_the_example(tmp_path: Path) -> None:
    book = rules.read_book(own(tmp_path))
    assert paid(9000, 20_000, 2, book) == pytest.approx((8000 - 1500 - 3000) * 0.737)
    assert paid(9000, 20_001, 1, book) == 0


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"own_share_to": "[9000, null]"}, "rule_settings_bands_gap"),
        ({"own_share_to": "[12000, null]"}, "rule_settings_bands_overlap"),
        ({"own_share_to": "[null, null]"}, "rule_settings_band_endless"),
        ({"own_share_from": "[20000, 10000]"}, "rule_settings_band_backwards"),
        ({"own_share_percent": "[0]"}, "rule_settings_bands_unequal"),
        ({"own_share_start": "[1500, 900]"}, "rule_settings_own_share_falls"),
        ({"income_limits": "[25000, 20000]"}, "rule_settings_table_falls"),
        ({"cost_ceilings": "[]"}, "rule_settings_table_empty"),
        ({"paid_percent": 737}, "rule_settings_not_a_percentage"),
        ({"income_limits": '["mange"]'}, "rule_settings_value"),
    ],
)
def test_tables_that_cannot_be_are_refused_in_words(
    tmp_path: Path, changed: dict[str, Any], code: str
) -> None:
    with pytest.raises(UserError) as refused:
        rules.read_book(own(tmp_path, **changed))
    first = next(f for f in refused.value.findings if f.code == code)
    assert first.place.file == "regler.yaml"
    for lang in LANGS:
        words = first.text(lang)
        assert "housing_allowance" in words
        assert "{" not in words
