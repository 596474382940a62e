"""What the engine answers: by hand, and where something lacks."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from nabolag.core import LANGS, Level, Status, has_label
from nabolag.disclosure.words import reason_text
from nabolag.indicators import load_definitions
from nabolag.indicators.engine import (
    Counted,
    Counting,
    Measure,
    Measured,
    RegisterFiles,
    RegisterFrames,
    Statistic,
    measure_problems,
    measure_registers,
    parse,
    read_measure,
)
from nabolag.indicators.engine.intervals import exact_bounds
from nabolag.indicators.figures import wilson
from nabolag.registers import CONTRACTS, write_part
from nabolag.store.engine import PolarsEngine
from tests.indicators.engine.made import Definitions, links, registers

A, B, C = "11030101", "11030102", "11030103"
LEVELS = (Level.GRUNNKRETS, Level.KOMMUNE)


def frame(name: str, rows: list[dict]) -> pl.DataFrame:
    blank = dict.fromkeys(CONTRACTS[name].names)
    return pl.DataFrame([{**blank, **row} for row in rows], schema=CONTRACTS[name].schema)


def persons(year: int = 2020) -> dict[str, pl.DataFrame]:
    """Ten adults and a child in two grunnkretser; one adult's education is unknown."""
    people = [
        {"year": year, "person_id": n, "sex": "male" if n % 2 else "female",
         "birth_year": year - 41 if n < 10 else year - 6, "grunnkrets": A if n < 6 else B,
         "household_id": n, "role": "single", "immigration_category": "A", "country_group": "norway"}
        for n in range(11)
    ]  # fmt: skip
    levels = [2, 2, 7, 4, None, 2, 4, 4, 4, 4]
    schooling = [{"year": year, "person_id": n, "level": level, "in_education": False}
                 for n, level in enumerate(levels)]  # fmt: skip
    return {"person": frame("person", people), "education": frame("education", schooling)}


def run(made: dict[str, pl.DataFrame], asked: Definitions, **how) -> Measured:
    engine = PolarsEngine()
    taken = {name: engine.take(table) for name, table in made.items()}
    counting = Counting(**{"years": (2020,), "levels": LEVELS, **how})
    return measure_registers(RegisterFrames(engine, taken), asked, links(), counting)


def low_education(**changes) -> Definitions:
    rule = parse("low_education(level, age)")
    return Definitions({"low": replace(Measure(Counted.PERSON, Statistic.SHARE, rule), **changes)})


def only(found: Measured, area: str, group: str = "") -> dict:
    rows = found.observations.filter(area=area, group=group)
    assert rows.height == 1
    return rows.row(0, named=True)


def test_a_share_by_hand():
    found = run(persons(), low_education(), unreliable_above=0.2)
    first = only(found, A)
    # Six adults live in A; of one the education is unknown; three of the five have level 2.
    assert (first["numerator"], first["denominator"], first["value"]) == (3, 5, 3 / 5)
    assert first["status"] == "value"
    low, high = pl.select(wilson(pl.lit(3.0), pl.lit(5.0))).row(0)
    assert (first["lower"], first["upper"]) == (pytest.approx(low), pytest.approx(high))
    # The child of B is outside the rule's ages: neither counted nor unknown.
    assert (only(found, B)["numerator"], only(found, B)["denominator"]) == (0, 4)
    whole = only(found, "1103")
    assert (whole["numerator"], whole["denominator"]) == (3, 9)
    assert found.coverage.filter(area=A)["unknown"].to_list() == [1]
    assert found.coverage.filter(area=A)["population"].to_list() == [6]


def test_nobody_to_count_among_is_not_zero():
    found = run(persons(), low_education())
    empty = only(found, C)
    assert empty["status"] == "not_applicable"
    assert empty["value"] is None
    counted = Definitions({"n": Measure(Counted.PERSON, Statistic.COUNT)})
    assert only(run(persons(), counted), C)["value"] == 0


@pytest.mark.parametrize(
    ("unreliable", "missing", "status"),
    [(0.2, 0.5, "value"), (0.1, 0.5, "unreliable"), (0.1, 0.16, "missing")],
)
def test_too_many_unknown_facts_are_said(unreliable, missing, status):
    found = run(persons(), low_education(), unreliable_above=unreliable, missing_above=missing)
    row = only(found, A)
    assert row["status"] == status
    assert (row["value"] is None) == (status == "missing")
    assert row["reason"] == ("" if status == "value" else "unknown_facts")
    assert [f.code for f in found.findings] == (
        [] if status == "value" else ["measure_unknown_facts"]
    )


def test_groups_are_parts_of_everybody():
    found = run(persons(), low_education(groups=(("sex",),)), group_levels=LEVELS,
                unreliable_above=1, missing_above=1)  # fmt: skip
    men, women = only(found, A, "sex=male"), only(found, A, "sex=female")
    assert men["numerator"] + women["numerator"] == only(found, A)["numerator"]
    assert men["denominator"] + women["denominator"] == only(found, A)["denominator"]
    without = run(persons(), low_education(groups=(("sex",),)), breakdowns=False)
    assert set(without.observations["group"]) == {""}


def test_a_year_before_the_records_and_a_register_not_delivered_are_missing():
    measure = Measure(Counted.PERSON, Statistic.SHARE, parse("low_education(level, age)"), years=2)
    jobs = Measure(Counted.PERSON, Statistic.SHARE, parse("employed"))
    found = run(persons(), Definitions({"low": measure, "jobs": jobs}))
    by_name = found.observations.filter(area=A).rows_by_key("indicator", named=True)
    assert by_name["low"][0]["reason"] == "too_few_years"
    assert by_name["jobs"][0]["reason"] == "not_delivered"
    assert {row["status"] for rows in by_name.values() for row in rows} == {"missing"}
    assert {f.code for f in found.findings} == {"measure_too_few_years", "measure_not_delivered"}


def test_an_area_nobody_knows_is_reported_and_in_no_sum():
    made = persons()
    made["person"] = made["person"].with_columns(
        pl.when(person_id=3).then(pl.lit("99999999")).otherwise("grunnkrets").alias("grunnkrets")
    )
    found = run(made, Definitions({"n": Measure(Counted.PERSON, Statistic.COUNT)}))
    assert only(found, "1103")["value"] == 10
    assert "99999999" not in found.observations["area"]
    codes = {f.code: f.examples for f in found.findings}
    assert codes == {"registers_area_unknown": ("99999999",)}


def test_what_cannot_be_asked_is_left_out_with_the_nearest_choice():
    wrong = {
        "fact": Measure(Counted.PERSON, Statistic.SHARE, parse("employd")),
        "rule": Measure(Counted.PERSON, Statistic.SHARE, parse("low_educaton(level, age)")),
        "kind": Measure(Counted.PERSON, Statistic.SHARE, parse("age")),
        "word": Measure(Counted.PERSON, Statistic.SHARE, parse("sex == 1")),
        "few": Measure(Counted.PERSON, Statistic.SHARE, parse("low_education(level)")),
        "list": Measure(Counted.PERSON, Statistic.MEAN, parse("[age, level]")),
    }
    found = run(persons(), Definitions({**wrong, **low_education().measures}))
    codes = {f.params["indicator"]: f.code for f in found.findings if f.severity == "error"}
    assert codes == {
        "fact": "measure_fact_unknown", "rule": "measure_rule_unknown",
        "kind": "measure_kind_wrong", "word": "measure_kind_wrong",
        "few": "measure_rule_facts", "list": "measure_list_alone",
    }  # fmt: skip
    assert set(found.observations["indicator"]) == {"low"}
    for finding in found.findings:
        for lang in LANGS:
            assert "{" not in finding.text(lang)
    near = measure_problems("fact", wrong["fact"])[0]
    assert near.params["near"].split(", ")[0] == "employed"


def test_reasons_have_words():
    for reason in ("unknown_facts", "too_few_years", "not_delivered"):
        assert has_label(f"disclosure.reason.{reason}")
        texts = {reason_text(reason, Status.MISSING, lang) for lang in LANGS}
        assert len(texts) == 3
        assert reason not in texts


class Kept:
    """Finished years, in memory."""

    def __init__(self) -> None:
        self.years: dict[int, Measured] = {}

    def kept(self, year: int) -> Measured | None:
        return self.years.get(year)

    def keep(self, year: int, measured: Measured) -> None:
        self.years[year] = measured


def test_a_build_that_was_stopped_goes_on_where_it_was(tmp_path):
    made = registers(5, persons=120)
    for name, table in made.items():
        for (year,), part in table.partition_by("year", as_dict=True).items():
            write_part(part, tmp_path, CONTRACTS[name], int(year))
    files = RegisterFiles(PolarsEngine(), tmp_path)
    incomes = "[income_per_unit, income_per_unit_1, income_per_unit_2]"
    medians = "[median_income, median_income_1, median_income_2]"
    rule = parse(f"persistent_low_income({incomes}, {medians})")
    asked = Definitions({"poor": Measure(Counted.PERSON, Statistic.SHARE, rule, years=3)})
    counting = Counting(
        years=(2010, 2011, 2012), levels=LEVELS, unreliable_above=1, missing_above=1
    )
    kept, told = Kept(), []

    def stop(year: int) -> None:
        if year == 2011:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        measure_registers(files, asked, links(), counting, years=kept, progress=stop)
    assert set(kept.years) == {2010, 2011}
    resumed = measure_registers(files, asked, links(), counting, years=kept, progress=told.append)
    whole = measure_registers(files, asked, links(), counting)
    assert resumed.observations.equals(whole.observations)
    assert resumed.findings == whole.findings
    assert told == [2010, 2011, 2012]
    assert whole.observations.filter(period="2012", status="value").height > 0


def test_every_measure_of_the_house_can_be_asked():
    for name, measure in load_definitions().measures.items():
        assert measure_problems(name, measure) == [], name


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("share", "catalogue_value_wrong"),
        ({"unit": "person"}, "catalogue_key_absent"),
        ({"unit": "cat", "statistic": "share", "numerator": "a"}, "catalogue_value_wrong"),
        ({"unit": "person", "statistic": "share"}, "catalogue_key_absent"),
        ({"unit": "person", "statistic": "share", "numerator": "a +"}, "measure_not_expression"),
        ({"unit": "person", "statistic": "count", "years": 0}, "catalogue_value_wrong"),
        ({"unit": "person", "statistic": "count", "groups": [3]}, "catalogue_value_wrong"),
        ({"unit": "person", "statistic": "count", "tail": 1}, "catalogue_key_unknown"),
        (
            {"unit": "person", "statistic": "share", "numerator": "a", "denominator": "b"},
            "measure_denominator_unused",
        ),
    ],
)
def test_a_wrong_measure_is_refused(given, code):
    measure, problems = read_measure(given, "own.yaml", "it")
    assert measure is None
    assert code in {p.code for p in problems}
    for problem in problems:
        assert problem.text("nn") != problem.text("nb") or problem.text("en")


@pytest.mark.parametrize(
    ("some", "of", "lower", "upper"),
    [
        # Closed forms: 1 − (α/2)^(1/n) where nobody or everybody has the trait.
        (0, 10, 0.0, 1 - 0.025 ** (1 / 10)),
        (10, 10, 0.025 ** (1 / 10), 1.0),
        # Half of two: the bounds are 1 − √(1 − α/2) and √(1 − α/2).
        (1, 2, 1 - 0.975**0.5, 0.975**0.5),
        (0, 5000, 0.0, 1 - 0.025 ** (1 / 5000)),
    ],
)
def test_exact_bounds_are_clopper_and_pearsons(some, of, lower, upper):
    counts = pl.DataFrame({"numerator": [float(some)], "denominator": [float(of)]})
    row = exact_bounds(counts, 0.95).row(0, named=True)
    assert row["lower"] == pytest.approx(lower, abs=1e-9)
    assert row["upper"] == pytest.approx(upper, abs=1e-9)


def test_exact_bounds_hold_the_binomial_tails():
    from math import comb

    counts = pl.DataFrame({"numerator": [3.0, 17.0], "denominator": [20.0, 40.0]})
    for row in exact_bounds(counts, 0.9).iter_rows(named=True):
        some, of = int(row["numerator"]), int(row["denominator"])
        above = sum(comb(of, k) * row["lower"] ** k * (1 - row["lower"]) ** (of - k)
                    for k in range(some, of + 1))  # fmt: skip
        below = sum(comb(of, k) * row["upper"] ** k * (1 - row["upper"]) ** (of - k)
                    for k in range(some + 1))  # fmt: skip
        assert above == pytest.approx(0.05, abs=1e-9)
        assert below == pytest.approx(0.05, abs=1e-9)


def test_a_mean_of_numbers_that_are_alike_has_no_width():
    """The difference of two sums of squares is then their rounding, which engines do not share."""
    asked = Definitions({"it": Measure(Counted.PERSON, Statistic.MEAN, parse("333333.1"))})
    row = only(run(persons(), asked), A)
    assert row["lower"] == row["upper"] == pytest.approx(row["value"], rel=1e-8)
    spread = Definitions({"it": Measure(Counted.PERSON, Statistic.MEAN, parse("1000 + age / 50"))})
    row = only(run(persons(), spread), "1103")
    assert row["lower"] < row["value"] < row["upper"]
