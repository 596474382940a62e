"""Every rule against its cases, and the properties that hold whatever the numbers."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from nabolag import rules

HERE = Path(__file__).parent
AT = date(2024, 1, 1)
COL = nw.col

#: How each rule is called on columns that have its own parameter names.
CALLS: dict[str, nw.Expr] = {
    "crowded": rules.crowded(
        COL("persons"), COL("rooms"), COL("area_m2"), rules.crowding_limits(AT)
    ),
    "persistent_low_income": rules.persistent_low_income(
        [COL(f"income{n}") for n in range(3)],
        [nw.lit(100.0)] * 3,
        rules.low_income_limits(AT),
    ),
    "outside_work_and_education": rules.outside_work_and_education(
        COL("age"),
        COL("employed"),
        COL("in_education"),
        COL("in_measure"),
        rules.outside_work_limits(AT),
    ),
    "low_education": rules.low_education(COL("level"), COL("age"), rules.low_education_limits(AT)),
    "single_parent_household": rules.single_parent_household(COL("household_type"), COL("children")),
    "consumption_units": rules.consumption_units(
        COL("adults"), COL("children"), rules.consumption_scale(AT)
    ),
}  # fmt: skip


def answers(frame: pl.DataFrame, rule: nw.Expr) -> list[Any]:
    return nw.from_native(frame).select(answer=rule)["answer"].to_list()


def cases() -> list[Any]:
    found = []
    for path in sorted(HERE.glob("*.yaml")):
        for case in yaml.safe_load(path.read_text(encoding="utf-8")):
            name = f"{path.stem}: {case['name']}"
            found.append(pytest.param(path.stem, case["given"], case["expect"], id=name))
    return found


def test_every_file_of_cases_is_of_a_rule() -> None:
    named = {path.stem for path in HERE.glob("*.yaml")}
    assert named == set(CALLS)
    assert named <= set(rules.RULES)


@pytest.mark.parametrize(("name", "facts", "expected"), cases())
def test_case(name: str, facts: dict[str, Any], expected: Any) -> None:
    # A column type for facts that may be absent, so that null is a null of the right kind.
    kinds = dict.fromkeys(("employed", "in_education", "in_measure"), pl.Boolean)
    kinds |= dict.fromkeys(("area_m2", "income0", "income1", "income2"), pl.Float64)
    kinds |= dict.fromkeys(("rooms", "level"), pl.Int64)
    frame = pl.DataFrame(
        {key: pl.Series([value], dtype=kinds.get(key)) for key, value in facts.items()}
    )
    answer = answers(frame, CALLS[name])[0]
    assert answer == (pytest.approx(expected) if isinstance(expected, float) else expected)


def test_every_rule_says_where_it_stands() -> None:
    assert all(info.reference and info.term for info in rules.RULES.values())


def test_low_income_of_one_year_is_strict() -> None:
    limits = rules.low_income_limits(AT)
    frame = pl.DataFrame({"income": [59.9, 60.0, None]})
    low = rules.low_income(COL("income"), nw.lit(100.0), limits)
    assert answers(frame, low) == [True, False, None]


def test_another_number_of_years_is_refused() -> None:
    with pytest.raises(ValueError, match="3 years"):
        rules.persistent_low_income([COL("a")], [COL("b")], rules.low_income_limits(AT))


def test_a_rule_cannot_be_written_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        rules.rule(term="x", reference="y")(rules.crowded)


def test_renting_follows_tenure_and_unknown_stays_unknown() -> None:
    frame = pl.DataFrame({"tenure": ["tenant", "owner", "cooperative", None]})
    assert answers(frame, rules.rents(COL("tenure"))) == [True, False, False, None]


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
    before, after = answers(frame, CALLS["crowded"])
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
