"""Counting with numbers of one's own: the answer by hand, year by year, and what lacks numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from nabolag.core import LANGS, Level, Status
from nabolag.disclosure.words import reason_text
from nabolag.indicators.engine import (
    Counted,
    Counting,
    Measure,
    Measured,
    RegisterFrames,
    Statistic,
    measure_registers,
    parse,
)
from nabolag.rules import HOUSE_NUMBERS, RuleNumbers, read_book
from nabolag.store.engine import PolarsEngine
from tests.indicators.engine.made import Definitions, links
from tests.indicators.engine.test_run import frame, only

AREA = "11030101"
#: Months with assistance of the ten who live there, the same in both years.
MONTHS = (2, 3, 5, 6, 6, 7, 8, 9, 12, 12)
OWN = """
long_term_social_assistance:
  - {from: 2021-01-01, minimum_months: 9, reference: Vedtak 12/26}
"""


def counted(numbers: RuleNumbers, rule: str = "long_term_social_assistance(assistance_months)"):
    """Count how many have a trait, of ten persons in one area, in 2020 and 2021."""
    years, engine = (2020, 2021), PolarsEngine()
    people = [
        {"year": year, "person_id": n, "sex": "male", "birth_year": year - 26, "grunnkrets": AREA,
         "household_id": n, "role": "single", "immigration_category": "A",
         "country_group": "norway"}
        for year in years for n in range(len(MONTHS))
    ]  # fmt: skip
    helped = [{"year": year, "person_id": n, "months": months, "amount": 1.0}
              for year in years for n, months in enumerate(MONTHS)]  # fmt: skip
    taken = {"person": frame("person", people),
             "social_assistance": frame("social_assistance", helped)}  # fmt: skip
    frames = RegisterFrames(engine, {name: engine.take(rows) for name, rows in taken.items()})
    asked = Definitions({"it": Measure(Counted.PERSON, Statistic.SHARE, parse(rule))}, numbers)
    return measure_registers(
        frames, asked, links(), Counting(years=years, levels=(Level.GRUNNKRETS,))
    )


def of_year(found: Measured, year: int) -> dict:
    return only(
        Measured(found.observations.filter(period=str(year)), found.coverage, found.findings), AREA
    )


def own(folder: Path, text: str, **how) -> RuleNumbers:
    (folder / "regler.yaml").write_text(text, encoding="utf-8")
    return RuleNumbers(read_book(folder / "regler.yaml"), **how)


def test_a_number_of_ones_own_holds_from_its_date(tmp_path: Path) -> None:
    found = counted(own(tmp_path, OWN))
    assert of_year(found, 2020)["numerator"] == sum(months >= 6 for months in MONTHS)
    assert of_year(found, 2021)["numerator"] == sum(months >= 9 for months in MONTHS)
    house = counted(HOUSE_NUMBERS)
    assert of_year(house, 2021)["numerator"] == sum(months >= 6 for months in MONTHS)


def test_a_rule_without_numbers_gives_missing_figures_and_says_what_to_write() -> None:
    """The house knows no child benefit before March 2019 nor after 2023: no number is taken."""
    text = "child_benefit(1, 0, assistance_months > 99) > 0"
    found = counted(HOUSE_NUMBERS, text)
    assert of_year(found, 2020)["status"] == "value"
    old = counted(RuleNumbers(house_numbers=False), text)
    for row in old.observations.iter_rows(named=True):
        assert (row["status"], row["reason"]) == ("missing", "rule_numbers_absent")
        assert row["value"] is None
    (told,) = old.findings
    assert told.examples == ("2020", "2021")
    assert told.params["entry"] == "child_benefit"
    for lang in LANGS:
        said = told.text(lang)
        assert "{" not in said
        assert "under_6" in said
        assert "nabolag.toml" in said
        assert reason_text("rule_numbers_absent", Status.MISSING, lang) != "rule_numbers_absent"


def test_numbers_written_down_are_enough(tmp_path: Path) -> None:
    """What no document gives may be given: then nothing is missing, and only from its date."""
    found = counted(own(tmp_path, OWN, house_numbers=False))
    assert of_year(found, 2020)["reason"] == "rule_numbers_absent"
    assert of_year(found, 2021)["numerator"] == sum(months >= 9 for months in MONTHS)
    assert [(f.code, f.examples) for f in found.findings] == [
        ("measure_rule_numbers_absent", ("2020",))
    ]


def test_a_number_that_ended_is_not_carried_on(tmp_path: Path) -> None:
    ended = OWN.replace("2021-01-01,", "2020-01-01, until: 2020-12-31,")
    found = counted(own(tmp_path, ended))
    assert of_year(found, 2020)["numerator"] == sum(months >= 9 for months in MONTHS)
    assert of_year(found, 2021)["reason"] == "rule_not_in_force"


@pytest.mark.parametrize("house", [True, False])
def test_a_rule_that_had_not_begun_is_told(house: bool) -> None:
    """The youth guarantee began in July 2023 (Meld. St. 28 L7812)."""
    found = counted(RuleNumbers(house_numbers=house), "youth_guarantee(age, true)")
    assert set(found.observations["reason"]) == {"rule_not_in_force"}
    assert {f.code for f in found.findings} == {"measure_rule_not_in_force"}
