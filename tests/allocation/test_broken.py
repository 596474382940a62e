"""Input and models that are wrong: the message says where and what to change; nothing is lost."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from nabolag.allocation import Model, Need, allocate, bounded, read_units
from nabolag.allocation.units import Columns
from nabolag.core import LANGS, Status, UserError
from tests.allocation.support import schools, two_criteria

COLUMNS = Columns(
    "Nr", "Skole", {"size": "Elever"}, {"low_income": ("Lavinntekt", "rate")}, "I dag"
)


def table(**changes: list[str]) -> pl.DataFrame:
    held = {
        "Nr": ["1", "2", "3"],
        "Skole": ["Ås", "Berg", "Dal"],
        "Elever": ["200", "1 300", "90"],
        "Lavinntekt": ["0,10", "0.25", ":"],
        "I dag": ["100 000", "200000", ""],
    }
    return pl.DataFrame({**held, **changes})


def test_numbers_are_read_as_norwegians_write_them() -> None:
    units = read_units(table(), COLUMNS, "skoler.csv")
    assert [float(x) for x in units.sizes["size"]] == [200, 1300, 90]
    assert units.needs["low_income"].values[1] is not None
    assert units.needs["low_income"].statuses[2] is Status.SUPPRESSED_PRIMARY
    assert units.today == (100_000, 200_000, None)


@pytest.mark.parametrize(
    ("changes", "row", "column", "words"),
    [
        ({"Elever": ["200", "-3", "90"]}, 3, "Elever", "below zero"),
        ({"Elever": ["200", "", "90"]}, 3, "Elever", "absent"),
        ({"Elever": ["200", "mange", "90"]}, 3, "Elever", "not a number"),
        ({"Elever": ["200", "1.300", "90"]}, 3, "Elever", "in thousands"),
        ({"Nr": ["1", "2", "1"]}, 4, "Nr", "stands twice"),
        ({"Nr": ["1", "", "3"]}, 3, "Nr", "no code"),
        ({"Lavinntekt": ["0,1", "12,4,1", "0,2"]}, 3, "Lavinntekt", "12,4,1"),
        ({"Lavinntekt": ["0,1", "-0,4", "0,2"]}, 3, "Lavinntekt", "below zero"),
        ({"I dag": ["1", "2,5", "3"]}, 3, "I dag", "whole kroner"),
    ],
)
def test_a_wrong_cell_is_named(changes: Any, row: int, column: str, words: str) -> None:
    with pytest.raises(UserError) as wrong:
        read_units(table(**changes), COLUMNS, "skoler.csv")
    finding = wrong.value.findings[0]
    assert (finding.place.file, finding.place.row, finding.place.column) == (
        "skoler.csv",
        row,
        column,
    )
    assert words in finding.text("en")
    assert all(finding.text(lang) for lang in LANGS)


def test_every_mistake_is_told_at_once() -> None:
    changes = {"Elever": ["-1", "x", ""], "Nr": ["1", "1", ""]}
    with pytest.raises(UserError) as wrong:
        read_units(table(**changes), COLUMNS, "skoler.csv")
    assert len(wrong.value.findings) == 5


def test_an_absent_column_is_named_with_those_there_are() -> None:
    with pytest.raises(UserError, match=r"Lavinntekt.*Nr, Skole") as wrong:
        read_units(table().drop("Lavinntekt"), COLUMNS, "skoler.csv")
    assert wrong.value.findings[0].place.column == "Lavinntekt"


def test_weights_that_sum_to_nine_tenths() -> None:
    criteria = [{"need": "low_income", "weight": "0.5"}, {"need": "crowded", "weight": "0.4"}]
    with pytest.raises(UserError, match=r"add up to 0\.9.*0\.1 is left"):
        Model.model_validate({"pots": [{"criteria": criteria}]})


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ({"pots": [{"criteria": []}]}, "no criteria"),
        ({"pots": [{"share": "0.4", "pupils": 1}]}, r"0\.4 of what is left"),
        ({"pots": [{"share": "0.5", "pupils": 1}] * 2}, "same name"),
        ({"pots": [{"rule": "zone", "criteria": [{"need": "zone", "weight": 1}]}]}, "by zone"),
        ({"pots": [{"criteria": [{"need": "income", "weight": 1, "worse": "low"}]}]}, "gap"),
        ({"pots": [{"criteria": [{"need": "a", "weight": "0.5"}] * 2}]}, "stands twice"),
    ],
)
def test_a_model_that_is_wrong_says_why(model: Any, words: str) -> None:
    with pytest.raises(UserError, match=words):
        Model.model_validate(model)


def test_a_budget_below_the_base_amounts() -> None:
    with pytest.raises(UserError, match=r"budget of 50\s000 kroner is 10\s000 kroner too small"):
        allocate(two_criteria(base=10_000), schools(), 50_000)


def test_a_guarantee_above_the_budget() -> None:
    with pytest.raises(UserError, match="more than the budget"):
        allocate(two_criteria(guarantee={"share": 1}), schools(), 1_000_000)


def unknown(status: Status = Status.MISSING) -> Any:
    units = schools()
    need = units.needs["low_income"]
    values = (*need.values[:2], None, *need.values[3:])
    statuses = (*need.statuses[:2], status, *need.statuses[3:])
    return type(units)(units.ids, units.names, units.sizes,
                       {**units.needs, "low_income": Need(values, statuses)}, units.today)  # fmt: skip


@pytest.mark.parametrize(
    ("status", "words"), [(Status.MISSING, "not known"), (Status.SUPPRESSED_PRIMARY, "privacy")]
)
def test_a_school_without_need_is_named_and_gets_no_silent_zero(status: Status, words: str) -> None:
    with pytest.raises(UserError, match=rf"{words}.*Skole 03 \(03\)"):
        allocate(two_criteria(), unknown(status), 1_000_000)


def test_a_need_without_weight_may_be_unknown() -> None:
    criteria = [{"need": "low_income", "weight": 0}, {"need": "crowded", "weight": 1}]
    model = Model.model_validate({"pots": [{"criteria": criteria}]})
    assert allocate(model, unknown(), 1_000_000).sum == 1_000_000


def test_bounds_hold_whatever_the_unknown_need_is() -> None:
    units, model, budget = unknown(), two_criteria(), 1_000_000
    bounds = bounded(model, units, budget)
    assert bounds.unknown == {"low_income": ("03",)}
    known = [v for v in units.needs["low_income"].values if v is not None]
    for guess in (min(known), sum(known) / len(known), max(known)):
        need = units.needs["low_income"]
        filled = Need.known([guess if v is None else v for v in need.values])
        made = allocate(model, type(units)(units.ids, units.names, units.sizes,
                                           {**units.needs, "low_income": filled}), budget)  # fmt: skip
        for low, kroner, high in zip(bounds.low, made.kroner, bounds.high, strict=True):
            assert low - 1 <= kroner <= high + 1
    wide = bounds.high[2] - bounds.low[2]
    assert wide == max(h - lo for lo, h in zip(bounds.low, bounds.high, strict=True))


def test_an_undelivered_need_is_named() -> None:
    criteria = [{"need": "noise", "weight": 1}]
    with pytest.raises(UserError, match=r"noise.*Delivered are: low_income, crowded"):
        allocate(Model.model_validate({"pots": [{"criteria": criteria}]}), schools(), 1000)


def test_zones_without_weights_and_zones_nobody_weighed() -> None:
    units = schools()
    zones = Need.known([1, 2, 3, 1, 2, 3], "points")
    zoned = type(units)(units.ids, units.names, units.sizes, {"zone": zones}, units.today)
    pot = {"rule": "zone", "criteria": [{"need": "zone", "weight": 1}]}
    lacking = Model.model_validate({"pots": [{**pot, "zone": {"weights": {"1": 1, "2": 2}}}]})
    with pytest.raises(UserError, match="zones 3"):
        allocate(lacking, zoned, 1000)
    weighed = {**pot, "zone": {"weights": {"1": 0, "2": 1, "3": 2}}}
    made = allocate(Model.model_validate({"pots": [weighed]}), zoned, 1000)
    assert made.kroner[0] == made.kroner[3] == 0
    assert made.sum == 1000


def test_a_declared_decimal_and_thousands_are_held_to() -> None:
    from dataclasses import replace

    columns = replace(COLUMNS, decimal=",", thousands=".")
    units = read_units(
        table(Elever=["200", "1.300", "90"], Lavinntekt=["0,1", "0,25", ":"]), columns
    )
    assert [int(x) for x in units.sizes["size"]] == [200, 1300, 90]
    with pytest.raises(UserError, match=r"0\.25"):
        read_units(table(), replace(COLUMNS, decimal=","))


@pytest.mark.parametrize(
    ("ids", "sizes", "words"),
    [(("a", "a"), (1, 2), "more than once: a"), (("a", "b"), (1,), "1 values, but there are 2"),
     (("a", "b"), (1, -2), "below zero for b")],
)  # fmt: skip
def test_units_of_ones_own_are_checked_too(ids: Any, sizes: Any, words: str) -> None:
    from nabolag.allocation import Units
    from nabolag.allocation.numbers import exact

    with pytest.raises(UserError, match=words):
        Units(ids, ids, {"size": tuple(exact(n) for n in sizes)})
