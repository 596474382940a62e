"""Whom a figure is about, in words and in order."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nabolag.core import Kind, Text, Unit, Worse
from nabolag.core.indicator import Indicator
from nabolag.publish.groups import (
    about_group,
    group_words,
    grouping_of,
    grouping_words,
    in_order,
    is_background,
    parts_of,
)
from nabolag.registers import BACKGROUND, CONTRACTS

SHARE = Indicator(
    "low_income", Text("Vedvarende lavinntekt", "Vedvarande låginntekt", "Persistent low income"),
    Text.same("x"), Unit.SHARE, Kind.CHALLENGE, Worse.HIGH, "income",
)  # fmt: skip
COUNT = Indicator(
    "population", Text("Innbyggere", "Innbyggjarar", "Residents"),
    Text.same("x"), Unit.COUNT, Kind.BACKGROUND, Worse.NEITHER, "population",
)  # fmt: skip


@pytest.mark.parametrize(
    ("group", "nb", "nn", "en"),
    [
        ("", "Alle", "Alle", "Everybody"),
        ("sex=female", "Kvinner", "Kvinner", "Women"),
        ("age_band=0-5", "0–5 år", "0–5 år", "0–5 years"),
        ("age_band=80+", "80 år og over", "80 år og over", "80 years and over"),
        ("age_band=0-5;sex=male", "Menn, 0–5 år", "Menn, 0–5 år", "Men, 0–5 years"),
        ("tenure=tenant", "Leier", "Leiger", "Tenant"),
        ("employed=true", "Ja", "Ja", "Yes"),
        ("Boform=Eier selv", "Eier selv", "Eier selv", "Eier selv"),
    ],
)
def test_a_group_in_words(group: str, nb: str, nn: str, en: str):
    assert group_words(group, "nb") == nb
    assert group_words(group, "nn") == nn
    assert group_words(group, "en") == en


def test_a_grouping_in_words():
    assert grouping_words(("sex",), "nb") == "Kjønn"
    assert grouping_words(("age_band", "sex"), "nn") == "Kjønn og alder"
    assert grouping_words(("boform",), "nb") == "Boform"


@pytest.mark.parametrize(
    ("entry", "group", "nb", "en"),
    [
        (SHARE, "sex=female", "Vedvarende lavinntekt blant kvinner",
         "Persistent low income among women"),
        (SHARE, "age_band=0-5", "Vedvarende lavinntekt blant personer i alderen 0–5 år",
         "Persistent low income among people aged 0–5"),
        (SHARE, "age_band=80+;sex=male", "Vedvarende lavinntekt blant menn på 80 år og over",
         "Persistent low income among men aged 80 and over"),
        (SHARE, "tenure=tenant", "Vedvarende lavinntekt: Leier", "Persistent low income: Tenant"),
        (COUNT, "sex=female", "Innbyggere: Kvinner", "Residents: Women"),
    ],
)  # fmt: skip
def test_an_indicator_says_whom_it_is_about(entry: Indicator, group: str, nb: str, en: str):
    told = about_group(entry, group)
    assert (told.label.nb, told.label.en) == (nb, en)
    assert told.id == entry.id


def test_everybody_is_the_indicator_itself():
    assert about_group(SHARE, "") is SHARE


def test_the_order_is_that_of_the_contracts_and_of_age():
    given_ = ["age_band=6-15", "age_band=16-19", "age_band=80+", "sex=female", "age_band=0-5",
              "sex=male", "age_band=0-5;sex=male", "tenure=tenant", "tenure=owner"]  # fmt: skip
    expected = ["sex=male", "sex=female", "age_band=0-5", "age_band=6-15", "age_band=16-19",
                "age_band=80+", "tenure=owner", "tenure=tenant", "age_band=0-5;sex=male"]  # fmt: skip
    assert in_order(given_) == expected


words = st.text(st.characters(codec="utf-8", exclude_characters=";="), min_size=1, max_size=6)


@given(st.lists(st.tuples(words, words), min_size=1, max_size=3, unique_by=lambda pair: pair[0]))
def test_what_is_written_is_read_again(pairs: list[tuple[str, str]]):
    assert parts_of(";".join(f"{name}={value}" for name, value in pairs)) == tuple(pairs)


@given(st.lists(st.builds("{}={}".format, words, words), unique=True), st.randoms())
def test_the_order_depends_on_the_groups_alone(groups: list[str], chance: Random):
    mixed = list(groups)
    chance.shuffle(mixed)
    assert in_order(mixed) == in_order(groups)
    assert sorted(in_order(groups)) == sorted(groups)


def test_a_value_may_hold_the_signs_that_join():
    assert parts_of("type=Par; uten barn") == (("type", "Par; uten barn"),)
    assert parts_of("grense=x=1") == (("grense", "x=1"),)


def test_background_is_declared_on_columns_that_exist():
    columns = {column.name for spec in CONTRACTS.values() for column in spec.columns}
    assert columns >= BACKGROUND
    assert is_background(grouping_of("immigration_category=B;sex=male"), BACKGROUND)
    assert not is_background(grouping_of("age_band=0-5;sex=male"), BACKGROUND)
