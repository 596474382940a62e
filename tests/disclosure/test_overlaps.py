"""The difference between areas of one's own that lie within one another shows no few either."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nabolag.core import LANGS, Level, Status
from nabolag.disclosure import DisclosureRule, protect
from nabolag.disclosure.overlaps import Nested, nested_areas
from nabolag.disclosure.words import reason_text
from nabolag.store.frames import LINKS
from tests.disclosure.test_protect import CATALOGUE, frame, row


def links(**areas: tuple[str, ...]) -> pl.DataFrame:
    rows = [("delbydel", one, "custom", code) for code, members in areas.items() for one in members]
    return pl.DataFrame(rows, schema=LINKS, orient="row")


PROGRAMME = {"fjell": ("1", "2"), "studie": ("1", "2", "3")}


def own(area: str, **more: Any) -> dict[str, Any]:
    return row(level="custom", area=area, **more)


def shown(
    *rows: dict[str, Any], rules: tuple[DisclosureRule, ...] = (), **areas: Any
) -> dict[str, str]:
    told = protect(frame(*rows), rules, CATALOGUE, links(**(areas or PROGRAMME)))
    for finding in told.findings:
        assert all(finding.text(lang) for lang in LANGS)
    return dict(told.observations.select("area", "status").rows())


def test_who_holds_whom() -> None:
    """`alle` holds both; they overlap, and stand in rows of their own."""
    found = nested_areas(links(**PROGRAMME, alle=("1", "2", "3", "4"), annet=("3", "4")))
    assert found == [
        Nested("studie", ("fjell",)), Nested("alle", ("annet", "fjell")), Nested("alle", ("studie",)),
    ]  # fmt: skip
    assert nested_areas(links(a=("1", "2"), b=("2", "1"))) == []
    assert nested_areas(links(a=("1", "2"), b=("2", "3"))) == []


def test_the_finest_common_level_decides() -> None:
    rows = [
        ("bydel", "B", "custom", "stor"), ("delbydel", "1", "custom", "stor"),
        ("delbydel", "2", "custom", "stor"), ("delbydel", "1", "custom", "liten"),
    ]  # fmt: skip
    held = nested_areas(pl.DataFrame(rows, schema=LINKS, orient="row"))
    assert held == [Nested("stor", ("liten",))]


def test_a_difference_of_few_hides_the_larger_area() -> None:
    few = (
        own("fjell", numerator=40, denominator=200),
        own("studie", numerator=43, denominator=230),
    )
    assert shown(*few) == {"fjell": "value", "studie": "suppressed_secondary"}
    many = (
        own("fjell", numerator=40, denominator=200),
        own("studie", numerator=48, denominator=230),
    )
    assert set(shown(*many).values()) == {"value"}
    all_of = (
        own("fjell", numerator=40, denominator=200),
        own("studie", numerator=68, denominator=230),
    )
    assert shown(*all_of)["studie"] == "suppressed_secondary"  # nearly all of the difference


def test_a_count_is_held_to_its_own_threshold() -> None:
    few = (own("fjell", iid="people", value=200), own("studie", iid="people", value=203))
    assert shown(*few)["studie"] == "suppressed_secondary"
    same = (own("fjell", iid="people", value=200), own("studie", iid="people", value=200))
    assert set(shown(*same).values()) == {"value"}
    loose = DisclosureRule(numerator=2, denominator=2, complement=2)
    assert set(shown(*few, rules=(loose,)).values()) == {"value"}


def test_nobody_in_the_difference_says_nothing_of_anyone() -> None:
    nobody = (
        own("fjell", numerator=40, denominator=200),
        own("studie", numerator=40, denominator=200),
    )
    assert set(shown(*nobody).values()) == {"value"}


def test_several_inside_are_taken_together() -> None:
    areas = {"a": ("1", "2"), "b": ("3",), "stor": ("1", "2", "3", "4")}
    rows = (
        own("a", numerator=40, denominator=200), own("b", numerator=20, denominator=90),
        own("stor", numerator=63, denominator=320),
    )  # fmt: skip
    assert shown(*rows, **areas)["stor"] == "suppressed_secondary"
    hidden = (
        own("b", numerator=3, denominator=90),
        rows[0],
        own("stor", numerator=46, denominator=320),
    )
    # What is hidden cannot be taken away; what then is left is b and the rest: six people.
    assert shown(*hidden, **areas) == {"b": "suppressed_primary", "a": "value", "stor": "value"}


def test_a_hidden_area_hides_no_further() -> None:
    areas = {**PROGRAMME, "alle": ("1", "2", "3", "4")}
    rows = (
        own("fjell", numerator=40, denominator=200), own("studie", numerator=43, denominator=230),
        own("alle", numerator=53, denominator=300),
    )  # fmt: skip
    assert shown(*rows, **areas) == {
        "fjell": "value", "studie": "suppressed_secondary", "alle": "value",
    }  # fmt: skip


def test_the_figure_keeps_its_reason_and_loses_its_numbers() -> None:
    few = (
        own("fjell", numerator=40, denominator=200),
        own("studie", numerator=43, denominator=230),
    )
    told = protect(frame(*few), (), CATALOGUE, links(**PROGRAMME))
    large = told.observations.filter(area="studie").row(0, named=True)
    numbers = ("value", "numerator", "denominator", "lower", "upper")
    assert [large[name] for name in numbers] == [None] * 5
    assert large["reason"] == "overlap"
    for lang in LANGS:
        assert reason_text("overlap", Status.SUPPRESSED_SECONDARY, lang) != "overlap"
    [found] = [f for f in told.findings if f.code == "overlap_hidden"]
    assert (found.count, found.examples) == (1, ("studie",))
    again = protect(told.observations, (), CATALOGUE, links(**PROGRAMME))
    assert again.observations.equals(told.observations)


def test_other_levels_are_left_as_they_are() -> None:
    rows = (
        row(area="1", numerator=40, denominator=200),
        row(area="2", numerator=43, denominator=230),
    )
    assert set(shown(*rows).values()) == {"value"}


MEMBERS = st.sets(st.sampled_from("123456"), min_size=1)
PEOPLE = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=6, max_size=6)


@given(MEMBERS, MEMBERS, PEOPLE)
def test_no_pair_shows_a_difference_of_few(
    one: set[str], other: set[str], people: list[tuple[int, int]]
) -> None:
    by_code = dict(zip("123456", people, strict=True))
    areas = {"a": tuple(sorted(one)), "b": tuple(sorted(other))}
    sums = {
        code: (sum(by_code[m][0] for m in inside), sum(sum(by_code[m]) for m in inside))
        for code, inside in areas.items()
    }
    rows = [own(code, numerator=n, denominator=d) for code, (n, d) in sums.items() if d]
    if not rows:
        return
    told = shown(*rows, **areas)
    if len(told) == 2 and set(told.values()) == {"value"} and (one < other or other < one):
        n, d = (abs(sums["a"][k] - sums["b"][k]) for k in (0, 1))
        assert d == 0 or ((n == 0 or n >= 5) and d - n >= 5 and d >= 5)


@pytest.mark.parametrize("level", [Level.BYDEL, Level.KOMMUNE])
def test_links_of_other_levels_hold_nothing(level: Level) -> None:
    assert (
        nested_areas(
            pl.DataFrame([("delbydel", "1", level.value, "x")], schema=LINKS, orient="row")
        )
        == []
    )
