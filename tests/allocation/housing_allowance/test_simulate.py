"""A reform household by household: the report's table B12 replayed, and what always holds."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from nabolag.allocation.housing_allowance import (
    HOUSEHOLDS,
    HousingAllowanceSpec,
    Reform,
    of_sizes,
    percent_more,
    raised_for,
    simulate,
    steps,
    terms_of,
)
from nabolag.core import UserError
from nabolag.rules import HousingAllowanceTerms

TERMS = HousingAllowanceTerms.at(date(2024, 1, 1))
REFORM = Reform(reference="made", income_limit_raise=0.1, sizes=(4, 5, 6))
AFTER = REFORM.applied(TERMS, 8)

#: Households within the old and the new limit by size, such that shares and increases are those
#: that are printed (SØF-rapport 04/20 L6590–6658, L6713–6729); all households of the areas.
OSLO = {
    "inside": ({4: (1000, 1100), 5: (500, 551), 6: (300, 346)}, 112_500),
    "rest": ({4: (1000, 1105), 5: (600, 656), 6: (615, 676)}, 461_500),
}
PRINTED = {
    "inside": {4: 10.0, 5: 10.2, 6: 15.3, None: 10.9},
    "rest": {4: 10.5, 5: 9.3, 6: 9.9, None: 10.0},
}
SHARES = {"inside": (1.6, 1.8), "rest": (0.48, 0.53)}


def rows(group: str, persons: int, income: float, n: int) -> pl.DataFrame:
    """Return n households that are alike."""
    one = pl.DataFrame(
        {"group": [group], "persons": [persons], "income": [income], "housing_cost": [8_000.0]},
        schema=HOUSEHOLDS,
    )
    return pl.concat([one] * n) if n < 50 else one.select(pl.all().repeat_by(n).explode())


def town() -> pl.DataFrame:
    """Return the households of Oslo as the report's numbers have them."""
    pieces = []
    for group, (sizes, everybody) in OSLO.items():
        counted = 0
        for size, (old, new) in sizes.items():
            limit = TERMS.income_limits[size - 1]
            pieces += [rows(group, size, limit, old), rows(group, size, limit * 1.05, new - old)]
            counted += new
        pieces.append(rows(group, 1, 90_000.0, everybody - counted))
    return pl.concat(pieces)


@pytest.fixture(scope="module")
def simulated() -> pl.DataFrame:
    return simulate(town(), TERMS, AFTER)


def test_increases_are_those_of_table_b12(simulated: pl.DataFrame) -> None:
    found = {
        (group, size): percent_more(old, new)
        for group, size, old, new in of_sizes(simulated, (4, 5, 6))
        .select("group", "size", "old", "new")
        .rows()
    }
    for group, sizes in PRINTED.items():
        for size, printed in sizes.items():
            assert round(found[group, size] or 0, 1) == printed


def test_shares_of_all_households_are_those_printed_for_oslo(simulated: pl.DataFrame) -> None:
    every = simulated.group_by("group").agg(pl.col("households").sum())
    whole = dict(every.iter_rows())
    chosen = of_sizes(simulated, (4, 5, 6)).filter(pl.col("size").is_null())
    by = {group: (old, new) for group, old, new in chosen.select("group", "old", "new").rows()}
    for group, (before, after) in SHARES.items():
        decimals = 2 if group == "rest" else 1
        old, new = (round(100 * one / whole[group], decimals) for one in by[group])
        assert (old, new) == (before, after)
    town_old, town_new = (sum(pair) for pair in zip(*by.values(), strict=True))
    shares = [round(100 * one / sum(whole.values()), 1) for one in (town_old, town_new)]
    assert shares == [0.7, 0.8]


@pytest.mark.parametrize(
    ("inside", "rest", "difference"),
    [((200, 245), (500, 582), 6.1), ((1000, 1159), (1000, 1116), 4.3)],
)  # Stavanger and Bergen, L6681–6683
def test_differences_in_percentage_points_are_those_of_the_text(
    inside: tuple[int, int], rest: tuple[int, int], difference: float
) -> None:
    first, second = (percent_more(*pair) or 0.0 for pair in (inside, rest))
    assert round(first - second, 1) == difference


def test_unknown_income_is_in_no_count_and_is_counted() -> None:
    table = pl.concat([rows("a", 4, 20_000.0, 3), rows("a", 4, 20_000.0, 2).with_columns(
        income=pl.lit(None, pl.Float64))])  # fmt: skip
    row = simulate(table, TERMS, AFTER).row(0, named=True)
    assert (row["households"], row["unknown"], row["old"], row["new"]) == (5, 2, 3, 3)


def test_unknown_cost_counts_for_the_limit_and_is_paid_nothing() -> None:
    table = rows("a", 4, 20_000.0, 3).with_columns(housing_cost=pl.lit(None, pl.Float64))
    row = simulate(table, TERMS, AFTER).row(0, named=True)
    assert (row["old"], row["get_old"], row["paid_old"]) == (3, 0, 0)


AMOUNTS = st.none() | st.floats(-1e5, 2e5)


@given(
    households=st.lists(
        st.tuples(st.sampled_from("ab"), st.integers(1, 9), AMOUNTS, AMOUNTS), max_size=40
    ),
    share=st.floats(0, 1),
    less=st.floats(0, 3000),
)
def test_a_reform_for_the_better_leaves_nobody_worse(
    households: list[tuple[str, int, float | None, float | None]], share: float, less: float
) -> None:
    reform = Reform(reference="made", income_limit_raise=share, own_share_less=less + 1)
    table = pl.DataFrame(households, schema=HOUSEHOLDS, orient="row")
    found = simulate(table, TERMS, reform.applied(TERMS, 9))
    assert (found["added"] >= 0).all()
    assert (found["get_new"] >= found["get_old"]).all()
    assert (found["paid_new"] >= found["paid_old"] - 1e-6).all()
    assert found["households"].sum() == len(households)
    assert (found["paid_old"] >= 0).all()


def test_only_the_sizes_that_are_named_are_raised() -> None:
    assert AFTER.income_limits[:3] == TERMS.income_limits[:3]
    assert AFTER.income_limits[3] == pytest.approx(TERMS.income_limits[3] * 1.1)
    # Seven and eight persons had the limit of six, and are not named.
    assert AFTER.income_limits[6:] == (TERMS.income_limits[-1],) * 2


def test_the_steps_of_one_household_are_the_simulations() -> None:
    one = steps(4, 25_000.0, 12_000.0, TERMS)
    assert (one.approved, one.own_share, one.left) == (9_000, 2_750, 6_250)
    assert one.paid == pytest.approx(6_250 * 0.737)
    table = rows("a", 4, 25_000.0, 1).with_columns(housing_cost=pl.lit(12_000.0))
    assert simulate(table, TERMS, AFTER)["paid_old"][0] == pytest.approx(one.paid * 12)


def test_terms_come_back_from_plain_data() -> None:
    plain = {name: list(v) if isinstance(v := getattr(TERMS, name), tuple) else v
             for name in (*TERMS.numbers(), "reference", "declared")}  # fmt: skip
    assert terms_of(plain).income_limits == TERMS.income_limits


@pytest.mark.parametrize(
    "wrong",
    [
        {"reform": {"reference": "x"}},
        {"reform": {"reference": "x", "income_limit_raise": -0.1}},
        {"reform": {"reference": "", "income_limit_raise": 0.1}},
        {"sizes": [4, 4]},
        {"sizes": [0]},
        {"inside": []},
    ],
)
def test_what_cannot_be_asked_is_refused(wrong: dict[str, object]) -> None:
    sound = {
        "level": "bydel", "inside": ["01"], "inside_name": "Områdene",
        "reform": {"reference": "x", "income_limit_raise": 0.1},
    }  # fmt: skip
    HousingAllowanceSpec.model_validate(sound)
    with pytest.raises(ValidationError):
        HousingAllowanceSpec.model_validate({**sound, **wrong})


def test_no_percentage_of_nothing() -> None:
    assert percent_more(0, 5) is None
    assert percent_more(None, 5) is None


def near_limit(n: int) -> pl.DataFrame:
    """Return households of four whose incomes lie from the limit and upwards, 25 kroner apart."""
    limit = TERMS.income_limits[3]
    return pl.DataFrame(
        {
            "group": ["a"] * n,
            "persons": [4] * n,
            "income": [limit + 25.0 * k for k in range(n)],
            "housing_cost": [12_000.0] * n,
        },
        schema=HOUSEHOLDS,
    )


def test_a_budget_raises_the_limit_as_far_as_it_reaches() -> None:
    households = near_limit(200)
    wanted = Reform(reference="made", budget=250_000, sizes=(4,))
    reform, cost = raised_for(households, TERMS, wanted)
    assert 0 < cost <= 250_000
    further = reform.model_copy(update={"income_limit_raise": reform.income_limit_raise + 0.001})
    more = simulate(households, TERMS, further.applied(TERMS, 8))
    assert (more["paid_new"] - more["paid_old"]).sum() > 250_000


def test_what_else_a_reform_changes_is_paid_first() -> None:
    households = pl.concat([near_limit(50), rows("a", 4, 10_000.0, 20)])
    with pytest.raises(UserError, match="not enough"):
        raised_for(households, TERMS, Reform(reference="x", budget=1000, own_share_less=500))
    rich, cost = raised_for(households, TERMS, Reform(reference="x", budget=1e9))
    assert rich.income_limit_raise == 5
    assert cost < 1e9


def test_a_budget_and_a_raise_are_not_given_together() -> None:
    with pytest.raises(ValidationError, match="either budget or income_limit_raise"):
        Reform(reference="x", budget=1000, income_limit_raise=0.1)
