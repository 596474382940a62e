"""Amounts that few stand behind: the rules by hand, and what protects them."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from nabolag.core import LANGS, Status
from nabolag.disclosure import DisclosureRule, protect, read_again
from nabolag.disclosure.dominance import few_behind
from nabolag.disclosure.flows import steps
from nabolag.disclosure.primary import dominated
from nabolag.disclosure.system.spoken import ROUGHLY
from nabolag.disclosure.words import reason_text
from nabolag.store import conform
from nabolag.store.frames import CONTRIBUTIONS
from tests.disclosure.make import CATALOGUE, figure, frame, links

TOWN = links(*((f"delbydel:{a}", "kommune:K") for a in "ABCD"))
NK = DisclosureRule(dominance_n=1, dominance_k=80)


def behind(**had: list[float]) -> pl.DataFrame:
    """Contributors of the income of some areas: `A=[90, 6, 4]`."""
    rows = [
        {"level": "kommune" if area == "K" else "delbydel", "area": area, "indicator": "income",
         "period": "2020", "group": "", "source": "s", "contributor": f"{area}{n}", "amount": amount}
        for area, amounts in had.items()
        for n, amount in enumerate(amounts)
    ]  # fmt: skip
    return conform(pl.DataFrame(rows), CONTRIBUTIONS)


def is_dominated(amounts: list[float], **rule: float) -> bool:
    found = dominated(behind(A=amounts), [DisclosureRule(**rule)], "s")  # type: ignore[arg-type]
    return found.height == 1


@pytest.mark.parametrize(
    ("amounts", "n", "k", "hidden"),
    [
        ([90, 6, 4], 1, 80, True),
        ([90, 6, 4], 1, 90, False),  # not *more* than 90 per cent
        ([90, 6, 4], 2, 95, True),
        ([90, 6, 4], 2, 96, False),
        ([4, 90, 6], 2, 95, True),
        ([25, 25, 25, 25], 3, 74, True),
        ([25, 25, 25, 25], 3, 75, False),
        ([7], 1, 99, True),
        ([7, 7], 3, 99, True),  # fewer than three are there
        ([0, 0], 1, 50, False),  # nobody has anything
    ],
)
def test_the_n_largest_and_k_per_cent(amounts: list[float], n: int, k: float, hidden: bool) -> None:
    assert is_dominated(amounts, dominance_n=n, dominance_k=k) is hidden


@pytest.mark.parametrize(
    ("amounts", "p", "hidden"),
    [
        # The second knows its own 50, and takes it from 159: the largest has at most 109.
        ([100, 50, 9], 10, True),
        ([100, 50, 10], 10, False),
        ([100, 50, 4, 5], 10, True),
        ([100, 50], 1, True),  # nobody else: the second works the largest out exactly
        ([100], 1, True),
        ([60, 30, 6], 10, False),
        ([0, 0, 0], 10, False),
    ],
)
def test_p_per_cent(amounts: list[float], p: float, hidden: bool) -> None:
    assert is_dominated(amounts, dominance_p=p) is hidden


AMOUNTS = st.lists(st.integers(0, 10_000), min_size=1, max_size=8)
RULES = st.fixed_dictionaries(
    {"n": st.integers(1, 4), "k": st.integers(1, 100), "p": st.integers(1, 100)}
)


@given(AMOUNTS, RULES, st.randoms(use_true_random=False), st.integers(1, 1_000))
@settings(max_examples=150, deadline=None)
def test_both_rules_in_exact_fractions_in_any_order_and_at_any_scale(
    amounts: list[int], rule: dict[str, int], random: object, times: int
) -> None:
    ranked = sorted(map(Fraction, amounts), reverse=True)
    total, largest = sum(ranked), ranked[0]
    share = sum(ranked[: rule["n"]]) > Fraction(rule["k"], 100) * total
    rest = total - sum(ranked[:2])
    close = rest < Fraction(rule["p"], 100) * largest
    shuffled = [float(times * one) for one in amounts]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert is_dominated(shuffled, dominance_n=rule["n"], dominance_k=rule["k"]) is share
    assert is_dominated(shuffled, dominance_p=rule["p"]) is close
    both = {"dominance_n": rule["n"], "dominance_k": rule["k"], "dominance_p": rule["p"]}
    assert is_dominated(shuffled, **both) is (share or close)


def test_somebody_in_several_rows_is_one() -> None:
    three = behind(A=[30, 40, 30])
    assert dominated(three, [NK], "s").is_empty()
    one = three.with_columns(contributor=pl.lit("same"))
    assert dominated(one, [NK], "s")["area"].to_list() == ["A"]


def incomes(**amounts: float) -> pl.DataFrame:
    """The income of some areas (800 people in each), and of the whole town."""
    rows = [figure(f"delbydel:{a}", "income", x, 800.0) for a, x in amounts.items()]
    town = figure("kommune:K", "income", sum(amounts.values()), 800.0 * len(amounts))
    return frame([*rows, town])


FAIR = {"B": [20.0] * 4, "C": [30.0] * 4, "D": [25.0] * 4, "K": [100.0] * 10}
FIGURES = incomes(A=100.0, B=80.0, C=120.0, D=100.0)


def statuses(seen: pl.DataFrame) -> dict[str, str]:
    return dict(seen.select("area", "status").iter_rows())


def test_a_dominated_amount_is_hidden_with_its_reason_and_cannot_be_subtracted() -> None:
    had = behind(A=[90, 6, 4], **FAIR)
    done = protect(FIGURES, [NK], CATALOGUE, TOWN, contributions=had)
    told = done.observations.row(by_predicate=pl.col("area") == "A", named=True)
    assert (told["status"], told["reason"]) == (Status.SUPPRESSED_PRIMARY.value, "dominance")
    assert [told[n] for n in ("value", "numerator", "denominator")] == [None] * 3
    shown = dict(done.observations.filter(status="value").select("area", "numerator").iter_rows())
    assert "K" in shown
    left = shown.pop("K") - sum(shown.values())  # of A and whatever is hidden with it
    assert left >= 125.0  # the reader's upper end lies a fourth above
    assert set(done.audit.by_verdict.values()) == {0}


def test_nothing_is_hidden_where_many_stand_behind() -> None:
    done = protect(FIGURES, [NK], CATALOGUE, TOWN, contributions=behind(A=[25.0] * 4, **FAIR))
    assert set(done.observations["status"]) == {"value"}
    assert done.findings == ()


def test_as_much_is_hidden_as_the_rule_asks_room_for() -> None:
    """With k = 20 the reader's end must lie four times above: the town's total cannot stay."""
    had = behind(A=[90, 6, 4], **{**FAIR, **{a: [1.0] * 100 for a in "BCD"}})
    loose = protect(FIGURES, [NK], CATALOGUE, TOWN, contributions=had)
    strict = DisclosureRule(dominance_n=1, dominance_k=20)
    tight = protect(FIGURES, [strict], CATALOGUE, TOWN, contributions=had)
    assert statuses(loose.observations)["K"] == "value"
    assert statuses(tight.observations)["K"].startswith("suppressed")
    assert set(tight.audit.by_verdict.values()) == {0}


def test_hiding_somebody_small_beside_it_is_not_enough() -> None:
    """A is 100 and B is 1: from 101 in all, who has 6 of A knows that the largest has at most 95."""
    figures = incomes(A=100.0, B=1.0, C=120.0, D=100.0)
    had = behind(A=[90, 6, 4], **{**FAIR, "B": [0.25] * 4})
    done = protect(figures, [NK], CATALOGUE, TOWN, contributions=had)
    shown = dict(done.observations.filter(status="value").select("area", "numerator").iter_rows())
    assert "A" not in shown
    assert "K" not in shown or shown.pop("K") - sum(shown.values()) >= 125.0
    assert set(done.audit.by_verdict.values()) == {0}
    kept = {"A": "suppressed_primary", "B": "suppressed_secondary"}
    why = {"A": "dominance"}
    only = done.observations.with_columns(
        status=pl.col("area").replace_strict(kept, default="value"),
        reason=pl.col("area").replace_strict(why, default=""),
    )
    numbers = figures.select(
        "area", *(pl.col(n).alias(f"_{n}") for n in ("value", "numerator", "denominator"))
    )
    told = only.join(numbers, on="area", how="left", maintain_order="left").with_columns(
        pl.coalesce(n, f"_{n}").alias(n) for n in ("value", "numerator", "denominator")
    )
    seen = read_again(told.select(figures.columns), [NK], CATALOGUE, TOWN)
    assert seen.figures.select("area", "verdict").rows() == [("A", "narrow")]


NEST = {f"{b}{n}": b for b in "PQ" for n in range(3)}
TWO_LEVELS = links(
    *((f"delbydel:{a}", f"bydel:{b}") for a, b in NEST.items()),
    *((f"bydel:{b}", "kommune:K") for b in "PQ"),
)


@given(
    st.lists(
        st.lists(st.sampled_from([1, 2, 5, 20, 100, 500]), min_size=1, max_size=5),
        min_size=6, max_size=6,
    ),
    st.sampled_from([60.0, 75.0, 90.0]),
)  # fmt: skip
@settings(max_examples=25, deadline=None)
def test_a_reader_of_our_own_cannot_bound_a_dominated_amount(
    amounts: list[list[int]], k: float
) -> None:
    """The most that each can be, by linear programs over what is shown, lies as far above as asked."""
    inside = {"K": [True] * 6, **{b: [NEST[a] == b for a in NEST] for b in "PQ"}}
    inside |= {a: [a == other for other in NEST] for a in NEST}
    level = {"K": "kommune", "P": "bydel", "Q": "bydel"}
    rows, had = [], []
    for area, parts in inside.items():
        of = [(n, i, x) for n, own in enumerate(amounts) if parts[n] for i, x in enumerate(own)]
        at = level.get(area, "delbydel")
        rows.append(figure(f"{at}:{area}", "income", float(sum(x for *_, x in of)), 90.0 * len(of)))
        had += [
            {"level": at, "area": area, "indicator": "income", "period": "2020", "group": "",
             "source": "s", "contributor": f"{n}.{i}", "amount": float(x)} for n, i, x in of
        ]  # fmt: skip
    rule = DisclosureRule(numerator=0, complement=0, denominator=0, dominance_n=1, dominance_k=k)
    behind = conform(pl.DataFrame(had), CONTRIBUTIONS)
    done = protect(frame(rows), [rule], CATALOGUE, TWO_LEVELS, contributions=behind)
    few = set(dominated(behind, [rule], "s")["area"])
    shown = dict(done.observations.filter(status="value").select("area", "numerator").iter_rows())
    assert not few & set(shown)
    equal = [np.array(inside[a], float) for a in shown] or None
    values = list(shown.values()) or None
    for area in few:
        truth = sum(x for n, own in enumerate(amounts) if inside[area][n] for x in own)
        most = linprog(-np.array(inside[area], float), A_eq=equal, b_eq=values, method="highs")
        assert most.status == 3 or -most.fun >= truth * 100 / k - 1e-6  # 3: without bound


def test_an_amount_that_is_not_about_people_is_protected_too() -> None:
    rule = DisclosureRule(
        indicators=("income",), about_people=False, because="x", dominance_n=1, dominance_k=80
    )
    few = incomes(A=100.0, B=80.0).with_columns(denominator=pl.col("denominator") / 400)
    done = protect(few, [rule], CATALOGUE, TOWN, contributions=behind(A=[90, 6, 4], **FAIR))
    told = statuses(done.observations)
    assert told["A"] == "suppressed_primary"
    assert sorted(told.values()).count("value") == 1  # B or the town is hidden with it
    assert done.audit.exact == 0


def test_a_large_amount_does_not_take_for_ever() -> None:
    figures = incomes(A=9e9, B=4e9, C=5e9, D=6e9)
    had = behind(A=[8.9e9, 1e8], **{a: [1e9] * 5 for a in "BCDK"})
    done = protect(figures, [DisclosureRule(dominance_p=10)], CATALOGUE, TOWN, contributions=had)
    assert statuses(done.observations)["A"] == "suppressed_primary"
    assert set(done.audit.by_verdict.values()) == {0}


def test_needs_are_met_in_whole_steps_or_in_some_parts() -> None:
    assert steps(1.0) == []
    assert steps(4.0) == [1.0, 2.0, 3.0]
    many = steps(1e9)
    assert len(many) <= 16
    assert many == sorted(many)
    assert 0 < many[0] < many[-1] < 1e9


def test_an_amount_whose_contributors_nobody_knows_is_told_of() -> None:
    """Not where nothing is shown or there is nothing, and not of counts."""
    nothing = figure("delbydel:Z", "income", 0.0, 90.0)
    gone = figure("delbydel:Y", "income", 9.0, 90.0, status="missing")
    share = figure("delbydel:A", "born", 40.0, 90.0)
    figures = pl.concat([FIGURES, frame([nothing, gone, share])])
    keys, (told,) = few_behind(figures, behind(A=[50, 50], B=[40, 40]), [NK], CATALOGUE)
    assert (told.code, told.count) == ("disclosure_no_contributors", 3)
    assert keys is not None
    assert sorted(keys["area"]) == []
    assert len({told.text(lang) for lang in LANGS}) == 3
    assert all("income" in told.text(lang) and "contributors" in told.text(lang) for lang in LANGS)


def test_nobody_asks_nobody_tells() -> None:
    assert few_behind(FIGURES, behind(A=[1]), [DisclosureRule()], CATALOGUE) == (None, ())


def test_contributions_to_figures_of_another_source_count_for_nothing() -> None:
    other = behind(A=[90, 6, 4]).with_columns(source=pl.lit("t"))
    keys, _ = few_behind(FIGURES, other, [NK], CATALOGUE)
    assert keys is not None
    assert keys.is_empty()


def test_the_difference_between_two_own_areas_is_tried_too() -> None:
    """`outer` is `inner` and D; in D, which has no figure of its own, one has nearly everything."""
    places = links(
        *((f"delbydel:{a}", f"custom:{own}") for own in ("inner", "outer") for a in "ABC"),
        ("delbydel:D", "custom:outer"),
    )
    rows = [
        figure("custom:inner", "income", 300.0, 900.0),
        figure("custom:outer", "income", 400.0, 1_200.0),
    ]
    many = [(f"s{n}", 30.0) for n in range(10)]

    def told(*there: tuple[str, float]) -> dict[str, str]:
        had = [("inner", *one) for one in many] + [("outer", *one) for one in [*many, *there]]
        more = {
            "level": "custom",
            "indicator": "income",
            "period": "2020",
            "group": "",
            "source": "s",
        }
        named = [{"area": a, "contributor": c, "amount": x, **more} for a, c, x in had]
        behind = conform(pl.DataFrame(named), CONTRIBUTIONS)
        done = protect(frame(rows), [NK], CATALOGUE, places, contributions=behind)
        assert done.audit.exact == 0
        return dict(done.observations.select("area", "reason").iter_rows())

    assert told(("one", 90.0), ("two", 10.0)) == {"inner": "", "outer": "overlap"}
    assert told(("one", 60.0), ("two", 40.0)) == {"inner": "", "outer": ""}
    # Who has something in both has only the rest of it in the difference.
    assert told(("s0", 60.0), ("s1", 40.0)) == {"inner": "", "outer": ""}


def test_what_a_rule_asks() -> None:
    assert not DisclosureRule().asks_dominance
    assert NK.asks_dominance
    assert NK.dominance_reach == pytest.approx(0.25)
    assert DisclosureRule(dominance_p=10).dominance_reach == pytest.approx(0.1)
    assert DisclosureRule().dominance_reach < ROUGHLY


def test_the_reason_has_words() -> None:
    said = {reason_text("dominance", Status.SUPPRESSED_PRIMARY, lang) for lang in LANGS}
    assert len(said) == 3
    assert "dominance" not in said
