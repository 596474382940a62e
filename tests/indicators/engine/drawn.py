"""Definitions drawn at random, counted by an engine, and one engine's answer held to another's."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from nabolag.core import Level
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
from nabolag.indicators.engine.expressions import TRUE, Expression
from nabolag.store.engine import Engine
from tests.indicators.engine.made import Definitions, links

LEVELS = (Level.GRUNNKRETS, Level.BYDEL, Level.KOMMUNE, Level.LAND, Level.CUSTOM)
NUMBERS = {
    Counted.PERSON: ["age", "level", "rooms", "area_m2", "household_persons", "income_per_unit",
                     "income_per_unit_1", "income_per_unit_2", "median_income", "median_income_1",
                     "assistance_months", "grade_points", "total_income", "year"],
    Counted.HOUSEHOLD: ["persons", "children", "rooms", "area_m2", "income_per_unit",
                        "median_income", "total_income", "housing_costs"],
}  # fmt: skip
FLAGS = {Counted.PERSON: ["employed", "in_education", "moved_within"], Counted.HOUSEHOLD: []}
GROUPS = {Counted.PERSON: [("sex",), ("age_band",), ("age_band", "sex"), ("tenure",)],
          Counted.HOUSEHOLD: [("tenure",), ("household_type",)]}  # fmt: skip


def numbers(unit: Counted, depth: int) -> st.SearchStrategy[str]:
    leaf = st.sampled_from([*NUMBERS[unit], "0", "3", "17.5", "-2"])
    if depth == 0:
        return leaf
    below = numbers(unit, depth - 1)
    signed = st.tuples(below, st.sampled_from(["+", "-", "*", "/"]), below)
    return st.one_of(leaf, signed.map(lambda t: f"({t[0]} {t[1]} {t[2]})"))


def flags(unit: Counted, depth: int) -> st.SearchStrategy[str]:
    number = numbers(unit, min(depth, 1))
    compared = st.tuples(number, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), number)
    leaves = [
        compared.map(" ".join),
        st.sampled_from(NUMBERS[unit]).map(lambda f: f"known({f})"),
        number.map(lambda n: f"between({n}, 2, 40)"),
        st.sampled_from(["tenure in ('owner', 'tenant')", "tenure == 'tenant'",
                         "tenure not in ('owner')", "true", "false", *FLAGS[unit]]),
    ]  # fmt: skip
    if depth == 0:
        return st.one_of(leaves)
    below = flags(unit, depth - 1)
    many = st.tuples(st.integers(1, 3), st.lists(below, min_size=3, max_size=4))
    joined = st.tuples(below, st.sampled_from(["and", "or"]), below)
    return st.one_of(
        *leaves,
        joined.map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        below.map(lambda f: f"not ({f})"),
        many.map(lambda m: f"at_least({m[0]}, {', '.join(m[1])})"),
    )


@st.composite
def measures(
    draw: st.DrawFn, unit: Counted | None = None, statistic: Statistic | None = None
) -> Measure:
    unit = unit or draw(st.sampled_from([Counted.PERSON, Counted.HOUSEHOLD]))
    statistic = statistic or draw(st.sampled_from(list(Statistic)))
    flag, number = flags(unit, 2), numbers(unit, 2)
    top = flag if statistic in (Statistic.SHARE, Statistic.COUNT) else number
    own = None
    if statistic in (Statistic.MEAN, Statistic.RATE) and draw(st.booleans()):
        own = parse(draw(st.one_of(number, flag)))
    where: Expression = parse(draw(flag)) if draw(st.booleans()) else TRUE
    groups = tuple(draw(st.lists(st.sampled_from(GROUPS[unit]), max_size=2, unique=True)))
    return Measure(unit, statistic, parse(draw(top)), where, own, groups)


ASKED = Counting(years=(2011, 2012), levels=LEVELS, unreliable_above=1, missing_above=1)


def counted(engine: Engine, made: dict[str, pl.DataFrame], asked: Definitions, how=ASKED):
    frames = {name: engine.take(frame) for name, frame in made.items()}
    found = measure_registers(RegisterFrames(engine, frames), asked, links(), how)
    assert not [f for f in found.findings if f.severity == "error"]
    return found


#: Every statistic, rules with dated numbers, incomes of years before, crossings and medians.
STANDARD = {
    "share": ("person", "share", "low_education(level, age)", [("sex",), ("age_band", "sex")]),
    "poor": ("person", "share", "low_income(income_per_unit, median_income)", []),
    "persistent": ("person", "share", "persistent_low_income([income_per_unit, income_per_unit_1, "
                   "income_per_unit_2], [median_income, median_income_1, median_income_2])", []),
    "moved": ("person", "rate", "turnover(moved_in, moved_out, moved_within)", []),
    "points": ("person", "mean", "grade_points", [("sex",)]),
    "middle": ("person", "median", "income_per_unit", [("sex",)]),
    "crowded": ("household", "share", "crowded(persons, rooms, area_m2)", [("tenure",)]),
    "space": ("household", "mean", "area_m2 / persons", []),
    "homes": ("household", "count", "true", []),
}  # fmt: skip


@st.composite
def sheets(draw: st.DrawFn) -> Definitions:
    """Every statistic of persons and of households, and every standard measure of some of them."""
    drawn = {
        f"{unit}_{statistic}": draw(measures(unit, statistic))
        for unit in (Counted.PERSON, Counted.HOUSEHOLD)
        for statistic in Statistic
    }
    for name, measure in standard().measures.items():
        drawn[name] = replace(measure, where=parse(draw(flags(measure.unit, 1))))
    return Definitions(drawn)


def standard() -> Definitions:
    return Definitions({
        name: Measure(Counted(unit), Statistic(how), parse(top), groups=tuple(groups))
        for name, (unit, how, top, groups) in STANDARD.items()
    })  # fmt: skip


#: Below this a 64-bit float holds every whole number, and sums of them are exact.
EXACT = 2.0**53
BOUNDS = ["lower", "upper"]


def assert_same(one: Measured, other: Measured, *, exactly: bool = True) -> None:
    """Hold one engine's answer against another's.

    Figures are the same bytes as long as their sums are below 2⁵³; not `exactly` where an engine
    rounds the middle of two numbers in its own way. Bounds of means are given to nine digits, so
    that the last may fall to either side.
    """
    left, right = one.observations, other.observations
    assert_frame_equal(left.select(BOUNDS), right.select(BOUNDS), rel_tol=2e-9, abs_tol=0)
    left, right = left.drop(BOUNDS), right.drop(BOUNDS)
    assert_frame_equal(left, right, rel_tol=1e-12, abs_tol=0)
    if exactly:
        sums = pl.max_horizontal(pl.col("numerator", "denominator").abs()).fill_null(0)
        assert_frame_equal(*(f.filter(sums < EXACT) for f in (left, right)), check_exact=True)
    keys = ["level", "area", "indicator", "period", "group"]
    assert_frame_equal(one.coverage.sort(keys), other.coverage.sort(keys))
    assert one.findings == other.findings
