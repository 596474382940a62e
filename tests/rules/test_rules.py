"""Every rule against its cases on each engine, and properties that hold whatever the numbers."""

from __future__ import annotations

from datetime import date
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nabolag import rules
from nabolag.rules.calling import one_case
from nabolag.rules.examples import NOT_IN_FORCE, Case, all_cases
from tests.rules.engines import ENGINES, answers

AT = date(2024, 1, 1)
COL = nw.col
CASES = [pytest.param(case, id=f"{case.rule}: {case.name}") for case in all_cases()]


def answer(case: Case, engine: str) -> Any:
    frame = one_case(rules.signature(case.rule), case.given).to_native()
    rule = rules.call(case.rule, [COL(name) for name in frame.columns], case.at)
    return answers(frame, rule, engine)[0]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", CASES)
def test_case(case: Case, engine: str) -> None:
    if case.expect == NOT_IN_FORCE:
        with pytest.raises(rules.NotInForceError):
            answer(case, engine)
        return
    found = answer(case, engine)
    if isinstance(case.expect, bool | str) or case.expect is None:
        assert found is case.expect or found == case.expect
        assert type(found) is type(case.expect)
    else:
        assert found == pytest.approx(case.expect, abs=1e-9)
        assert not isinstance(found, bool)


def test_every_rule_has_cases_and_every_case_a_rule() -> None:
    assert {case.rule for case in all_cases()} == set(rules.RULES)


@pytest.mark.parametrize("name", sorted(rules.RULES))
def test_every_rule_has_a_case_of_the_unknown(name: str) -> None:
    assert any(case.rule == name and case.expect is None for case in all_cases())


def test_no_two_cases_of_a_rule_have_one_name() -> None:
    names = [(case.rule, case.name) for case in all_cases()]
    assert len(set(names)) == len(names)


def test_every_rule_says_where_it_stands() -> None:
    assert all(info.reference and info.term for info in rules.RULES.values())


def test_another_number_of_years_is_refused() -> None:
    with pytest.raises(ValueError, match="3 years"):
        rules.persistent_low_income([COL("a")], [COL("b")], rules.low_income_limits(AT))


def test_a_rule_cannot_be_written_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        rules.rule(term="x", reference="y")(rules.crowded)


crowded = rules.crowded(COL("persons"), COL("rooms"), COL("area_m2"), rules.crowding_limits(AT))


@given(
    persons=st.integers(1, 12),
    rooms=st.integers(1, 12),
    area=st.floats(8, 400),
    more=st.floats(0, 200),
)
def test_more_space_never_makes_a_home_crowded(
    persons: int, rooms: int, area: float, more: float
) -> None:
    frame = pl.DataFrame(
        {"persons": persons, "rooms": [rooms, rooms], "area_m2": [area, area + more]}
    )
    before, after = answers(frame, crowded)
    assert before or not after


@given(incomes=st.lists(st.floats(0, 1e6), min_size=3, max_size=3), factor=st.floats(0.01, 100))
def test_low_income_is_relative(incomes: list[float], factor: float) -> None:
    """Twice the income beside twice the median is the same answer (away from the line)."""
    limits = rules.low_income_limits(AT)
    if abs(sum(incomes) / 3 - 60_000) < 1:
        return

    def low(scale: float) -> Any:
        columns = {f"i{n}": [income * scale] for n, income in enumerate(incomes)}
        rule = rules.persistent_low_income(
            [COL(f"i{n}") for n in range(3)], [nw.lit(100_000 * scale)] * 3, limits
        )
        return answers(pl.DataFrame(columns), rule)[0]

    assert low(1.0) == low(factor)


@given(employed=st.integers(0, 4095), education=st.integers(0, 4095), measure=st.integers(0, 4095))
def test_neet_months_are_the_months_that_are_neet(
    employed: int, education: int, measure: int
) -> None:
    """The count equals the months one by one, which equal a reading of the rule in plain Python."""
    masks = {"employed": employed, "education": education, "measure": measure}
    frame = pl.DataFrame({"month": range(1, 13)}).with_columns(
        *(pl.lit(mask, dtype=pl.Int16).alias(name) for name, mask in masks.items()),
        age=pl.lit(20, dtype=pl.Int16),
    )
    names = [COL(name) for name in ("age", "employed", "education", "measure")]
    by_month = answers(frame, rules.call("neet_in_month", [COL("month"), *names], AT))
    assert by_month == [plainly_neet(month, **masks) for month in range(1, 13)]
    assert answers(frame, rules.call("neet_months", names, AT)) == [sum(by_month)] * 12


def plainly_neet(month: int, employed: int, education: int, measure: int) -> bool:
    months = {
        name: {m for m in range(1, 13) if mask >> (m - 1) & 1}
        for name, mask in {"any": employed | education | measure, "education": education}.items()
    }
    student = months["education"] & {1, 2, 3, 4, 5} and months["education"] & {9, 10, 11, 12}
    return month not in months["any"] and not (student and month in {6, 7, 8})


@given(
    incomes=st.lists(st.floats(-1e6, 5e6), min_size=2, max_size=2),
    child=st.integers(1, 6),
    at=st.dates(date(2021, 1, 1), date(2024, 7, 31)),
)
def test_payment_grows_with_income_and_shrinks_with_siblings(
    incomes: list[float], child: int, at: date
) -> None:
    """Never below 0, above the maximum price or above six per cent; never more for a later child."""
    frame = pl.DataFrame({"income": sorted(incomes) * 2, "child": [child] * 2 + [child + 1] * 2})
    facts = [COL("income"), COL("child")]
    low, high, next_low, next_high = answers(frame, rules.call("kindergarten_payment", facts, at))
    numbers = rules.rule_at("kindergarten_payment", at).numbers
    ceiling = numbers["max_price_a_month"] * numbers["months_a_year"]
    assert 0 <= low <= high <= min(ceiling, max(0.06 * max(incomes), 0)) + 1e-6
    assert next_low <= low
    assert next_high <= high


@given(facts=st.lists(st.sampled_from([True, False, None]), min_size=3, max_size=3))
def test_more_activity_never_puts_anybody_outside(facts: list[bool | None]) -> None:
    """Becoming employed ends being outside, whatever is known of the rest."""
    names = ("employed", "in_education", "in_measure")
    for rule in ("outside_work_and_education", "neet"):
        case = dict(zip(names, facts, strict=True)) | {"age": 25}
        assert rules.evaluate(rule, case | {"employed": True}, AT) is False
        if rules.evaluate(rule, case, AT) is True:
            assert not any(facts)
            assert None not in facts


@given(start=st.integers(2000, 2030), completed=st.none() | st.integers(2000, 2040))
def test_a_cohort_is_judged_in_one_year_and_either_completed_or_not(
    start: int, completed: int | None
) -> None:
    case = {"upper_secondary_start": start, "upper_secondary_completed": completed}
    judged = {
        year: rules.evaluate("not_completed_upper_secondary", case | {"year": year}, AT)
        for year in (start + 4, start + 5, start + 6)
    }
    assert judged[start + 4] is None
    assert judged[start + 6] is None
    assert judged[start + 5] is (completed is None or completed > start + 5)
