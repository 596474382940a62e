"""A norm that follows need: within the budget, within its limits, and what it does to the link."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nabolag.allocation.norm import (
    Differentiated,
    Differentiation,
    differentiate,
    judge,
    links,
    strengths,
)
from nabolag.core import LANGS, UserError
from nabolag.rules import HOUSE_NUMBERS
from tests.allocation.norm.made import HOURS, school, schools


def how(**changed: Any) -> Differentiation:
    usual: dict[str, Any] = {
        "strength": 0.1, "ceiling": 1.1, "floor": 0.7, "basis": "added", "budget": None,
        "cost_per_fte": 700_000.0, "hours_per_fte": HOURS,
    }  # fmt: skip
    return Differentiation(**{**usual, **changed})


def made(sizes: list[float], need: list[float | None]) -> pl.DataFrame:
    rows = [
        school(school=str(at), pupil_hours=size * 1_000.0, stage=("1-4", "5-7")[at % 2])
        for at, size in enumerate(sizes)
    ]
    judged = judge(schools(*rows), HOURS, HOUSE_NUMBERS)
    wanted = pl.DataFrame({"school": [str(at) for at in range(len(need))], "need": need}).cast(
        {"need": pl.Float64()}
    )
    return judged.join(wanted, on="school", how="left", maintain_order="left")


SIZES = st.lists(st.floats(8, 28), min_size=2, max_size=25)


@settings(deadline=None)
@given(
    sizes=SIZES,
    data=st.data(),
    strength=st.floats(0, 0.5),
    ceiling=st.floats(1, 1.5),
    basis=st.sampled_from(["added", "shared"]),
)
def test_costs_stay_within_the_budget_and_ceilings_within_their_limits(
    sizes: list[float], data: st.DataObject, strength: float, ceiling: float, basis: str
) -> None:
    known = st.none() | st.floats(0, 1)
    need = data.draw(st.lists(known, min_size=len(sizes), max_size=len(sizes)))
    chosen = how(strength=strength, ceiling=ceiling, basis=basis)
    # Where all hours are shared anew, today's must be enough for the common minimum standard.
    sizes = sizes if basis == "added" else [min(size, 15.0) for size in sizes]
    found = differentiate(made(sizes, need), chosen)
    assert found.cost <= found.budget + 1
    assert found.budget == (found.cost_equal if basis == "added" else found.cost_now)
    relative = found.table["ceiling"] / found.table["equal"]
    assert relative.is_between(0.7 - 1e-12, ceiling + 1e-12).all()
    if basis == "added":
        assert (found.table["fte_new"] >= 0).all()
        assert (found.table["group_new"] <= found.table["group_now"] + 1e-9).all()


@settings(deadline=None)
@given(sizes=SIZES, data=st.data())
def test_more_need_never_has_a_higher_ceiling(sizes: list[float], data: st.DataObject) -> None:
    numbers = st.lists(st.floats(0, 1), min_size=len(sizes), max_size=len(sizes))
    found = differentiate(made(sizes, list(data.draw(numbers))), how(strength=0.3))
    for _, part in found.table.partition_by("stage", as_dict=True).items():
        ordered = part.sort("need", descending=True)
        assert (np.diff(ordered["ceiling"].to_numpy()) >= -1e-9).all()


@settings(deadline=None)
@given(sizes=SIZES, more=st.floats(0, 3e6))
def test_more_money_never_means_higher_ceilings(sizes: list[float], more: float) -> None:
    need = [float(at % 3) for at in range(len(sizes))]
    table = made(sizes, list(need))
    usual = differentiate(table, how())
    richer = differentiate(table, how(budget=usual.budget + more))
    assert (richer.table["ceiling"] <= usual.table["ceiling"] + 1e-6).all()


def test_without_strength_it_is_the_equal_norm() -> None:
    found = differentiate(made([18, 22, 14, 25], [0.1, 0.9, 0.4, 0.2]), how(strength=0.0))
    assert found.factor == pytest.approx(1)
    assert found.table["group_new"].to_list() == pytest.approx(found.table["group_equal"].to_list())
    assert found.cost == pytest.approx(found.cost_equal)


def test_money_moves_to_need_and_todays_hours_are_enough() -> None:
    found = differentiate(made([16.0] * 4, [0.0, 0.0, 1.0, 1.0]), how(basis="shared"))
    assert found.cost == pytest.approx(found.cost_now, abs=1)
    for stage, part in found.table.partition_by("stage", as_dict=True).items():
        by_need = part.sort("need")
        assert by_need["group_new"][0] > by_need["group_new"][1], stage
        assert by_need["fte_new"][0] < by_need["fte_new"][1], stage
    assert found.table["fte_new"].sum() == pytest.approx(0, abs=1e-4)


def test_unknown_need_has_the_factor_of_average_need() -> None:
    found = differentiate(made([18, 22, 14, 25], [0.1, None, 0.9, 0.2]), how(strength=0.05))
    row = found.table.filter(pl.col("school") == "1").row(0, named=True)
    assert row["standard"] is None
    assert row["ceiling"] == pytest.approx(row["equal"] * found.factor)


def test_a_budget_below_the_common_minimum_standard_is_refused_with_what_to_change() -> None:
    with pytest.raises(UserError) as refused:
        differentiate(made([25, 30], [0.1, 0.9]), how(budget=1000.0))
    finding = refused.value.findings[0]
    assert finding.code == "norm_budget_too_small"
    least = float(finding.params["least"].replace("\u00a0", ""))
    assert differentiate(made([25, 30], [0.1, 0.9]), how(budget=least)).cost <= least
    assert all(finding.params["least"] in finding.text(lang) for lang in LANGS)


def test_nobody_to_judge_is_said() -> None:
    table = judge(schools(school(owner="private")), HOURS, HOUSE_NUMBERS)
    with pytest.raises(UserError, match="public school"):
        differentiate(table.with_columns(pl.lit(0.0).alias("need")), how())


def test_the_planted_effect_on_the_link_is_found() -> None:
    """Groups do not follow need at all; a norm shared by need makes them, by its strength."""
    rng = np.random.default_rng(3)
    n = 400
    rows = [school(school=str(at), pupil_hours=14_000.0 + 0.0 * at) for at in range(n)]
    need = pl.DataFrame({"school": [str(at) for at in range(n)], "need": rng.normal(0, 1, n)})
    table = judge(schools(*rows), HOURS, HOUSE_NUMBERS).join(need, on="school")
    found = differentiate(table, how(basis="shared", ceiling=2.0, floor=0.1))
    assert found.cost == pytest.approx(found.cost_now, abs=1)
    by = {
        row["when"]: row
        for row in links(found.table).iter_rows(named=True)
        if row["stage"] == "1-4"
    }
    assert by["now"]["slope"] == pytest.approx(0)
    assert by["equal"]["slope"] == pytest.approx(0)
    # d/dz 15·k·exp(−0.1 z) at the average is −1.5·k.
    assert by["new"]["slope"] == pytest.approx(-1.5 * found.factor, rel=0.03)
    assert by["new"]["correlation"] < -0.99


def test_result_is_plain() -> None:
    found = differentiate(made([18, 22], [0.1, 0.9]), how(budget=1e9))
    assert isinstance(found, Differentiated)
    assert found.left > 0
    assert found.table["ceiling"].to_list() == pytest.approx((found.table["equal"] * 0.7).to_list())


def test_stronger_norms_move_posts_to_the_third_with_most_need() -> None:
    rng = np.random.default_rng(5)
    n = 60
    table = made(list(rng.uniform(14, 22, n)), list(rng.normal(0, 1, n)))
    found = strengths(table, how(ceiling=1.3), 2020)
    assert found["strength"].to_list() == [0.0, 0.05, 0.1, 0.15, 0.2]
    assert found["most_need"].is_sorted()
    assert found["least_need"].is_sorted(descending=True)
    first = found.row(0, named=True)
    assert (first["lowest"], first["highest"]) == (pytest.approx(1), pytest.approx(1))
    posts = found.select("most_need", "middle", "least_need", "unknown").sum_horizontal()
    assert (posts * 700_000 <= differentiate(table, how()).budget + 1).all()


def test_a_strength_that_no_budget_allows_is_told_as_unknown() -> None:
    found = strengths(made([25.0, 30.0], [0.1, 0.9]), how(budget=1.0), 2020)
    assert found["most_need"].null_count() == 5
