"""Nothing hidden can be subtracted: a printed case, tables tried by force, and planted leaks."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nabolag.disclosure import DisclosureRule
from nabolag.disclosure.audit import Audit, audit
from nabolag.disclosure.primary import primarily
from nabolag.disclosure.reading import UNTOLD, read
from nabolag.disclosure.secondary import Secondary, protect_linked
from nabolag.disclosure.system import System, linear_system
from tests.disclosure.make import CATALOGUE, figure, frame, in_span, links, tables

Rows = list[dict[str, Any]]


def judged(rows: Rows, linked: pl.DataFrame, *rules: DisclosureRule) -> System:
    """The system of a release that only has primary suppression."""
    told, _ = primarily(frame(rows), rules, CATALOGUE, linked)
    return linear_system(told, CATALOGUE, linked, rules)


def protected(
    rows: Rows, linked: pl.DataFrame, *rules: DisclosureRule
) -> tuple[pl.DataFrame, Audit]:
    """Figures with what is hidden, numbers and all, and the audit of it."""
    system = judged(rows, linked, *rules)
    done = protect_linked(system, read(system))
    return _stated(system, done), audit(system, done.readings)


def _stated(system: System, done: Secondary) -> pl.DataFrame:
    status = system.figures["status"].to_list()
    reason = system.figures["reason"].to_list()
    for row in done.rows(system):
        status[row], reason[row] = "suppressed_secondary", "secondary"
    for row in done.untold(system):
        status[row], reason[row] = "suppressed_primary", UNTOLD
    return system.figures.with_columns(pl.Series("status", status), pl.Series("reason", reason))


# SØF-rapport, table B12 (L6590–L6658): the increase in persons below the income limit for housing
# allowance. For Trondheim the analysis areas are «-», because the change is of too few (L6697), but
# the whole city (13.7 per cent) and the rest of it (12.7) are printed beside, and the authors read
# the hidden figure's direction off the two (L6699–L6705). The report gives no counts: these are
# made up so that the printed per cents come out.
TRONDHEIM = links(
    ("custom:analyseomrader", "kommune:5001"), ("custom:resten", "kommune:5001"),
)  # fmt: skip
HOUSING_ALLOWANCE = [
    figure("kommune:5001", "born", 41, 300),
    figure("custom:resten", "born", 37, 291),
    figure("custom:analyseomrader", "born", 4, 9),
]


def test_the_per_cents_of_the_housing_allowance_table_are_those_printed() -> None:
    assert [round(row["value"] * 100, 1) for row in HOUSING_ALLOWANCE[:2]] == [13.7, 12.7]


def test_trondheims_housing_allowance_is_undone_by_subtraction_in_print() -> None:
    system = judged(HOUSING_ALLOWANCE, TRONDHEIM)
    assert system.figures["status"].to_list() == ["value", "value", "suppressed_primary"]
    seen = audit(system, read(system))
    assert seen.exact == 1
    assert seen.figures["area"].to_list() == ["analyseomrader"]


def test_trondheims_housing_allowance_comes_out_protected() -> None:
    stated, seen = protected(HOUSING_ALLOWANCE, TRONDHEIM)
    assert seen.exact == 0
    assert seen.by_verdict["narrow"] == 0
    shown = stated.filter(status="value")
    assert "analyseomrader" not in shown["area"].to_list()
    # One of the two others had to go, and only one.
    assert shown.height == 1


TREE = links(
    *((f"grunnkrets:{n}", f"bydel:{n[0]}") for n in ("a1", "a2", "a3", "b1", "b2")),
    *((f"bydel:{n}", "kommune:K") for n in "ab"),
)  # fmt: skip
LEAVES = ("a1", "a2", "a3", "b1", "b2")
PLACES = {
    **{f"grunnkrets:{n}": [m == n for m in LEAVES] for n in LEAVES},
    **{f"bydel:{x}": [m[0] == x for m in LEAVES] for x in "ab"},
    "kommune:K": [True] * len(LEAVES),
}
GROUPS = {"sex=1": [True, False], "sex=2": [False, True], "": [True, True]}


def table(cells: np.ndarray) -> Rows:
    """Figures of every place and group of a table of smallest areas × two sexes."""
    rows = []
    for (place, areas), (group, sexes) in product(PLACES.items(), GROUPS.items()):
        total = float(cells[np.ix_(areas, sexes)].sum())
        rows.append(figure(place, "people", total, group=group))
    return rows


def combination(row: dict[str, Any]) -> list[int]:
    """Which smallest cells a figure is the sum of."""
    areas = PLACES[f"{row['level']}:{row['area']}"]
    sexes = GROUPS[row["group"]]
    return [int(a and s) for a in areas for s in sexes]


CELLS = st.lists(st.integers(0, 12), min_size=10, max_size=10).map(
    lambda xs: np.array(xs, dtype=float).reshape(5, 2)
)


@given(CELLS)
@settings(max_examples=60, deadline=None)
def test_no_hidden_figure_is_a_combination_of_shown_ones(cells: np.ndarray) -> None:
    stated, seen = protected(table(cells), TREE)
    assert seen.exact == 0
    rows = list(stated.iter_rows(named=True))
    known = [combination(row) for row in rows if row["status"] == "value"]
    for row in rows:
        if row["status"] != "value" and row["value"] < 5:
            assert not in_span(combination(row), known), row


@given(CELLS, st.integers(1, 3))
@settings(max_examples=25, deadline=None)
def test_trying_every_table_leaves_every_small_count_open(cells: np.ndarray, width: int) -> None:
    """Two areas × two sexes, so that all tables that a reader cannot rule out can be listed."""
    cells = cells[:2]
    places = {"grunnkrets:a1": [0], "grunnkrets:a2": [1], "bydel:a": [0, 1]}
    rows, sums = [], []
    for (place, areas), (group, sexes) in product(places.items(), GROUPS.items()):
        total = float(cells[areas][:, sexes].sum())
        rows.append(figure(place, "people", total, group=group))
        sums.append([int(a in areas and s) for a in (0, 1) for s in sexes])
    rule = DisclosureRule(width=width)
    stated, seen = protected(
        rows, links(("grunnkrets:a1", "bydel:a"), ("grunnkrets:a2", "bydel:a")), rule
    )
    said = list(stated.iter_rows(named=True))
    known = [
        (s, row["value"]) for s, row in zip(sums, said, strict=True) if row["status"] == "value"
    ]
    inner = {tuple(s): row for s, row in zip(sums, said, strict=True) if sum(s) == 1}
    order = [inner[tuple(int(k == j) for k in range(4))] for j in range(4)]
    bounds = [
        {"value": (0, 60), "suppressed_secondary": (5, 60)}.get(row["status"], (1, 4))
        if row["reason"] != UNTOLD else (1, 60)
        for row in order
    ]  # fmt: skip
    possible = np.array(list(tables(known, bounds)))
    assert len(possible), "the true table is always possible"
    assert seen.exact == 0
    verdict = {(r["area"], r["group"]) for r in seen.figures.iter_rows(named=True)}
    for k, row in enumerate(order):
        if 0 < row["value"] < 5:
            least, most = possible[:, k].min(), possible[:, k].max()
            asked = min(width, 3 if row["reason"] != UNTOLD else width)
            assert most - least >= asked or (row["area"], row["group"]) in verdict


@given(CELLS)
@settings(max_examples=25, deadline=None)
def test_shown_numbers_stay_and_statuses_only_get_stricter(cells: np.ndarray) -> None:
    rows = table(cells)
    before, _ = primarily(frame(rows), [], CATALOGUE, TREE)
    stated, _ = protected(rows, TREE)
    assert stated["value"].to_list() == [row["value"] for row in rows]
    for was, now in zip(before["status"], stated["status"], strict=True):
        assert now == was or (was, now) in {
            ("value", "suppressed_secondary"), ("value", "suppressed_primary"),
        }  # fmt: skip


@st.composite
def shares(draw: st.DrawFn) -> tuple[Rows, list[tuple[int, int]]]:
    """Shares of five areas in two districts: numerators and denominators."""
    counts = []
    for _ in LEAVES:
        everybody = draw(st.integers(6, 40))
        counts.append((draw(st.integers(0, everybody)), everybody))
    rows = []
    for place, areas in PLACES.items():
        some = sum(n for (n, _), a in zip(counts, areas, strict=True) if a)
        all_ = sum(d for (_, d), a in zip(counts, areas, strict=True) if a)
        rows.append(figure(place, "poor", float(some), float(all_)))
    return rows, counts


@given(shares())
@settings(max_examples=60, deadline=None)
def test_a_shown_share_with_its_denominator_gives_no_hidden_numerator_away(
    drawn: tuple[Rows, list[tuple[int, int]]],
) -> None:
    rows, _ = drawn
    stated, seen = protected(rows, TREE)
    assert seen.exact == 0
    said = list(stated.iter_rows(named=True))
    known = []
    for row in said:
        if row["status"] == "value":
            areas = [int(a) for a in PLACES[f"{row['level']}:{row['area']}"]]
            known += [areas + [0] * 5, [0] * 5 + areas]  # numerators, then denominators
    for row in said:
        if row["status"] == "value":
            continue
        areas = [int(a) for a in PLACES[f"{row['level']}:{row['area']}"]]
        few, rest = 0 < row["numerator"] < 5, row["denominator"] - row["numerator"] < 5
        if few:
            assert not in_span(areas + [0] * 5, known), row
        if rest:
            assert not in_span([-a for a in areas] + areas, known), row


def test_a_planted_leak_is_found_and_named() -> None:
    cells = np.array([[3, 30], [20, 30], [20, 30], [20, 30], [20, 30]], dtype=float)
    system = judged(table(cells), TREE)
    done = protect_linked(system, read(system))
    assert audit(system, done.readings).exact == 0
    (reading,) = done.readings
    (hidden,) = done.hidden
    planted = reading.shown | hidden
    leaking = audit(system, [reading.showing(planted)])
    assert leaking.exact == 1
    assert leaking.figures.row(0, named=True)["area"] == "a1"
    assert leaking.figures.row(0, named=True)["group"] == "sex=1"


def test_two_small_counts_that_can_only_be_one_each_are_exact_for_the_audit() -> None:
    pair = links(("grunnkrets:1", "bydel:a"), ("grunnkrets:2", "bydel:a"))
    rows = [figure("grunnkrets:1", "people", 4), figure("grunnkrets:2", "people", 4),
            figure("bydel:a", "people", 8)]  # fmt: skip
    system = judged(rows, pair)
    # 8 is two numbers of at most four each: both are four, though no sum says so.
    assert audit(system, read(system)).exact == 2
    _, seen = protected(rows, pair)
    assert seen.exact == 0


def test_a_count_that_nothing_can_protect_is_reported() -> None:
    rows = [figure("grunnkrets:1", "people", 3), figure("bydel:a", "people", 3)]
    one = links(("grunnkrets:1", "bydel:a"))
    told, _ = primarily(frame(rows), [], CATALOGUE, one)
    system = linear_system(told, CATALOGUE, one)
    shown_before = pl.DataFrame(
        {"level": ["bydel"], "area": ["a"], "indicator": ["people"], "role": ["count"],
         "period": ["2020"], "group": [""], "x": [3.0], "blur": [0.0],
         "status": ["value"]}
    )  # fmt: skip
    readings = read(system, [shown_before])
    done = protect_linked(system, readings)
    seen = audit(system, done.readings)
    # It came out with the earlier release, not with this one.
    assert seen.by_verdict["before"] == 2
    assert seen.exact == 0


def test_what_was_shown_before_stays_known_and_is_worked_around() -> None:
    three = links(*((f"grunnkrets:{n}", "bydel:a") for n in "123"))
    rows = [figure("grunnkrets:1", "people", 3), figure("grunnkrets:2", "people", 50),
            figure("grunnkrets:3", "people", 60), figure("bydel:a", "people", 113)]  # fmt: skip
    system = judged(rows, three)
    shown_before = pl.DataFrame(
        {"level": ["grunnkrets"], "area": ["2"], "indicator": ["people"], "role": ["count"],
         "period": ["2020"], "group": [""], "x": [50.0], "blur": [0.0],
         "status": ["value"]}
    )  # fmt: skip
    done = protect_linked(system, read(system, [shown_before]))
    hidden = system.figures[done.rows(system).tolist()]["area"].to_list()
    assert "2" not in hidden
    assert hidden
    assert audit(system, done.readings).exact == 0


def test_what_a_producer_hides_is_protected_though_nobody_here_knows_it() -> None:
    three = links(*((f"grunnkrets:{n}", "bydel:a") for n in "123"))
    secret = figure("grunnkrets:1", "people", None, status="suppressed_primary", reason="producer")
    rows = [secret, figure("grunnkrets:2", "people", 50), figure("grunnkrets:3", "people", 60),
            figure("bydel:a", "people", 113)]  # fmt: skip
    system = judged(rows, three)
    assert audit(system, read(system)).exact == 1
    assert protected(rows, three)[1].exact == 0


def test_a_large_part_of_a_release_with_primary_suppression_only_comes_out() -> None:
    chance = np.random.default_rng(3)
    cells = chance.poisson(6, size=(5, 2)).astype(float) + 1
    cells[0, 0], cells[3, 1] = 2, 3
    system = judged(table(cells), TREE)
    hidden = system.figures.filter(pl.col("status") != "value").height
    assert audit(system, read(system)).exact == hidden > 0


@pytest.mark.parametrize("width", [1, 2, 3])
def test_a_wider_interval_hides_more(width: int) -> None:
    chance = np.random.default_rng(7)
    cells = chance.poisson(5, size=(5, 2)).astype(float)
    rule = DisclosureRule(width=width)
    stated, seen = protected(table(cells), TREE, rule)
    assert seen.exact == 0
    wider, _ = protected(table(cells), TREE, DisclosureRule(width=width + 2))
    assert (wider["status"] != "value").sum() >= (stated["status"] != "value").sum()
