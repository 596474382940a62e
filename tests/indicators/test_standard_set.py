"""The set: every entry is whole, editions hold together, and every measure can be asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from nabolag.core import (
    LANGS,
    Comparability,
    DefinitionChange,
    Indicator,
    Kind,
    Period,
    Text,
    UserError,
    Worse,
    has_label,
)
from nabolag.indicators import (
    Asked,
    Edition,
    Member,
    load_catalogue,
    load_definitions,
    load_editions,
    standard_set,
)
from nabolag.indicators.engine import measure_problems
from nabolag.indicators.engine.facts import registers_of
from nabolag.indicators.standard_set import changes_since, read_editions, set_problems
from tests.core.test_text import BOKMAL_ONLY, NOT_CHOSEN, prose
from tests.indicators.make import indicator

SET = standard_set()
CATALOGUE = load_catalogue()
#: The indicators that stood in the catalogue before the set had editions. An id never goes away.
FIRST_IDS = {
    "aged_0_17", "aged_67_plus", "cooperative_households", "crowded_households", "employed_share",
    "estimated_house_value_m2", "families_with_three_children", "grunnskolepoeng",
    "house_price_m2", "households", "households_with_children", "immigrants", "immigrants_sof",
    "low_education", "low_income_children", "low_income_households", "low_income_persistent",
    "low_space_households", "mean_household_income", "mean_income", "meeting_place_access",
    "outside_work_education_20_29", "owner_households", "perceived_safety", "population",
    "safe_recreation_access", "single_parent_households", "single_person_households",
    "social_assistance_recipients", "social_assistance_share", "tenant_households", "turnout",
    "upper_secondary_not_completed",
}  # fmt: skip


def texts(entry: Indicator) -> list[Text]:
    """Every text of an entry."""
    plain = (entry.label, entry.definition, entry.numerator, entry.denominator, entry.population)
    found = [*plain, entry.short, *(change.what for change in entry.changed)]
    found.append(entry.comparability.reason if entry.comparability else None)
    return [text for text in found if text is not None]


def test_no_id_has_gone_away() -> None:
    assert set(CATALOGUE) >= FIRST_IDS
    assert set(CATALOGUE) >= {name for edition in load_editions() for name in edition.members}


def test_the_set_is_as_large_as_asked_for_and_covers_the_themes() -> None:
    """At least 45 indicators, at least 25 of them counted from registers."""
    assert len(SET.indicators) >= 45
    assert len(SET.measures) >= 25
    assert {entry.ring for entry in SET.indicators.values()} == {
        "income", "work", "education", "upbringing", "health", "housing", "environment",
        "participation", "safety", "population",
    }  # fmt: skip
    kinds = [entry.kind for entry in SET.indicators.values()]
    assert kinds.count(Kind.ASSET) >= 15


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=lambda entry: entry.id)
def test_every_entry_is_whole(entry: Indicator) -> None:
    assert entry.minimum_level is not None
    assert entry.sources
    assert all(has_label(f"origin.{origin.producer}") for origin in entry.sources)
    assert entry.comparability is not None
    if entry.comparability.status is not Comparability.COMPARABLE:
        assert entry.comparability.reason is not None
    assert entry.population or entry.numerator
    assert [change.version for change in entry.changed] == list(range(2, entry.version + 1))
    for change in entry.changed:
        assert Period.parse(change.from_period)
        assert change.reference


def test_nynorsk_is_nynorsk_throughout_the_catalogue() -> None:
    found = [
        (entry.id, words)
        for entry in CATALOGUE.values()
        for text in texts(entry)
        if (words := BOKMAL_ONLY.findall(prose(text.nn).lower()))
        or (words := NOT_CHOSEN.findall(prose(text.nn).lower()))
    ]
    assert found == []


def test_no_text_is_left_in_another_language() -> None:
    """What reads the same in Norwegian and English is a mistake, but for names and short forms."""
    same = {
        (entry.id, text.en)
        for entry in CATALOGUE.values()
        for text in texts(entry)
        if text.en == text.nb and " " in text.en
    }
    assert same == set()


def test_background_never_counts() -> None:
    for entry in CATALOGUE.values():
        if entry.kind is Kind.BACKGROUND:
            assert entry.worse is Worse.NEITHER
            assert not entry.may_flag


def test_labels_are_unique_also_the_short_ones() -> None:
    for lang in LANGS:
        labels = [entry.label.in_(lang).casefold() for entry in CATALOGUE.values()]
        assert len(set(labels)) == len(labels)
        short = [entry.heading.in_(lang).casefold() for entry in CATALOGUE.values()]
        assert len(set(short)) == len(short)


def test_every_indicator_is_asked_for_by_a_document_with_lines() -> None:
    for member in SET.edition.members.values():
        assert member.asked
        for asked in member.asked:
            assert asked.by == "oslo" or asked.reference.startswith("L"), member


def test_who_counts_from_registers_names_those_registers() -> None:
    for name, measure in load_definitions().measures.items():
        named = {r for origin in CATALOGUE[name].sources for r in origin.registers}
        assert registers_of(measure.unit, measure.facts) <= named | {"household", "person"}, name
        assert named, name


def test_every_measure_fits_the_register_contracts() -> None:
    found = {
        name: [finding.text("en") for finding in problems]
        for name, measure in load_definitions().measures.items()
        if (problems := measure_problems(name, measure))
    }
    assert found == {}


def test_an_unknown_edition_is_told_with_those_that_are() -> None:
    with pytest.raises(UserError) as wrong:
        standard_set("1999-1")
    assert load_editions()[-1].id in wrong.value.findings[0].text("nb")


def edition(name: str, day: int, **versions: int) -> Edition:
    """An edition with the given versions of some indicators."""
    asked = (Asked("sof", "L1"),)
    words = Text.same("note")
    members = {iid: Member(iid, version, asked) for iid, version in versions.items()}
    return Edition(name, date(2030, 1, day), words, members, {"income": words})


CHANGE = DefinitionChange(2, "2029", Text.same("new"), "L1")


def test_an_edition_tells_what_it_changed() -> None:
    first = edition("a", 1, one=1, two=1)
    second = edition("b", 2, one=2, three=1)
    changes = changes_since(second, first)
    assert changes.added == ("three",)
    assert changes.changed == (("one", 1, 2),)
    assert changes.removed == ("two",)
    assert changes_since(first, None).added == ("one", "two")


@pytest.mark.parametrize(
    ("editions", "code"),
    [
        ((edition("a", 1, gone=1),), "set_indicator_gone"),
        ((edition("a", 1, one=3),), "set_version_unknown"),
        ((edition("a", 1, one=2), edition("b", 2, one=1)), "set_version_backward"),
        ((edition("a", 1, one=1, alike=1),), "set_label_twice"),
        ((edition("a", 1, one=1, house=1),), "set_ring_without_asset"),
    ],
)
def test_what_contradicts_the_catalogue_is_found(editions, code) -> None:
    one = replace(indicator("one"), version=2, changed=(CHANGE,))
    known = {
        "one": one,
        "alike": replace(indicator("alike"), label=one.label),
        "house": replace(indicator("house"), ring="housing"),
    }
    found = [finding.code for finding in set_problems(editions, known)]
    assert code in found
    sound = (edition("a", 1, one=1), edition("b", 2, one=2))
    assert set_problems(sound, known) == []


def test_nobody_asking_and_an_unknown_document_are_found() -> None:
    whole = edition("a", 1, one=1)
    nobody = replace(whole, members={"one": Member("one", 1, ())})
    strange = replace(whole, members={"one": Member("one", 1, (Asked("moon", "L1"),))})
    known = {"one": indicator("one")}
    assert [f.code for f in set_problems((nobody,), known)] == ["set_nobody_asks"]
    assert [f.code for f in set_problems((strange,), known)] == ["set_asker_unknown"]
    for finding in set_problems((strange,), known):
        assert all("moon" in finding.text(lang) for lang in LANGS)


def test_editions_are_read_oldest_first() -> None:
    text = """
editions:
  - {id: b, date: 2030-02-01, note: {nb: n, nn: n, en: n}, indicators: {one: {version: 1, asked: {sof: L1}}}}
  - {id: a, date: 2030-01-01, note: {nb: n, nn: n, en: n}, indicators: {}}
"""
    assert [one.id for one in read_editions(text)] == ["a", "b"]


def test_periods_on_either_side_of_a_break_are_parted() -> None:
    entry = replace(indicator("one"), version=2, changed=(CHANGE,))
    assert entry.breaks_between("2028", "2029") == (CHANGE,)
    assert entry.breaks_between("2029", "2028") == (CHANGE,)
    assert entry.breaks_between("2026", "2028") == ()
    assert entry.breaks_between("2029", "2031") == ()
    assert entry.breaks_between("2026-2028", "2027-2029") == (CHANGE,)
    assert entry.breaks_between("2028K4", "2029K1") == (CHANGE,)


def test_the_documented_breaks_stand_in_the_catalogue() -> None:
    """SØF L5473–5483: the norm is stricter from 2019/2020; Status Kommune L3731–3739: from 2023."""
    norm, friend = CATALOGUE["teacher_norm_met"], CATALOGUE["trusted_friend"]
    assert norm.breaks_between("2018/2019", "2019/2020")
    assert not norm.breaks_between("2019/2020", "2020/2021")
    assert friend.breaks_between("2022", "2023")
