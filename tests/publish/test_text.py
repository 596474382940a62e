"""Sentences: runs of years, gaps, doubt, and the words of three languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nabolag.core import LANGS, Indicator, Kind, Status, Text, Unit, Worse
from nabolag.publish.numbers import format_period, format_value
from nabolag.publish.text import (
    Ref,
    Sentence,
    inside,
    listed,
    place,
    subject,
    together,
    trend_sentence,
    years_in_row,
)
from nabolag.publish.views import Shown


def indicator(unit=Unit.SHARE, words="Husholdninger som bor trangt") -> Indicator:
    text = Text(words, words.replace("Husholdninger", "Hushald"), "Crowded households")
    return Indicator("crowded", text, text, unit, Kind.CHALLENGE, Worse.HIGH, "housing")


def points(values, *, lang="nb", unit=Unit.SHARE, half=0.0001, start=2010):
    return [
        _point(str(start + place), value, lang, unit, half) for place, value in enumerate(values)
    ]


def _point(period, value, lang="nb", unit=Unit.SHARE, half=0.0001) -> Shown:
    words = "" if value is None else format_value(value, indicator(unit), lang)
    bounded = value is not None and half is not None
    return Shown(
        level="delbydel", area="0101", name="Åsen", indicator="crowded", period=period,
        period_text=format_period(period, lang), text=words,
        kind="missing" if value is None else "value",
        status=Status.MISSING.value if value is None else Status.VALUE.value, value=value,
        lower=value - half if bounded else None, upper=value + half if bounded else None,
    )  # fmt: skip


def trend(values, lang="nb", **more):
    told = trend_sentence(points(values, lang=lang, **more), indicator(more.get("unit", Unit.SHARE)),
                          lang)  # fmt: skip
    return told.text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("nb", "Har økt i tre år, fra 10,0 % i 2011 til 13,0 % i 2014."),
        ("nn", "Har auka i tre år, frå 10,0 % i 2011 til 13,0 % i 2014."),
        ("en", "Has risen for three years, from 10.0% in 2011 to 13.0% in 2014."),
    ],
)
def test_three_years_of_rise(lang, words):
    assert trend([0.2, 0.10, 0.11, 0.12, 0.13], lang) == words


def test_a_gap_ends_the_run():
    assert trend([0.10, None, 0.12, 0.13]) == "Har økt fra 12,0 % i 2012 til 13,0 % i 2013."
    assert trend([0.10, None, 0.12]).startswith("Vi har bare tall for 2012")
    assert trend([0.10, 0.12, None]).startswith("Vi vet ikke hvordan dette har endret seg")


def test_years_that_nobody_asked_in_are_named_not_counted():
    """A survey every second year rises «from 2010 to 2014», not «for two years»."""
    series = [_point("2010", 0.1), _point("2012", 0.2), _point("2014", 0.3)]
    told = trend_sentence(series, indicator(), "nb")
    assert told.text.startswith("Har økt fra 10,0\xa0% i 2010 til 30,0\xa0% i 2014.")
    assert "to år" not in told.text


def test_doubt_is_said():
    assert "kan skyldes tilfeldigheter" in trend([0.10, 0.11], half=0.05)
    assert "Vi vet ikke hvor sikker endringen er" in trend([0.10, 0.11], half=None)
    assert "tilfeldigheter" not in trend([0.10, 0.11])
    assert "ikke justert for prisvekst" in trend([100.0, 110.0], unit=Unit.NOK)


def test_movement_below_what_is_shown_is_no_movement():
    assert trend([0.10001, 0.10002]) == "Er 10,0 % både i 2010 og 2011."
    assert trend([0.1, 0.1, 0.1], "nn") == "Har vore 10,0 % frå 2010 til 2012."


def test_trends_refer_to_both_ends():
    told = trend_sentence(points([0.1, 0.2, 0.3]), indicator(), "nb")
    assert [ref.period for ref in told.refs] == ["2010", "2012"]


VALUES = st.lists(st.one_of(st.none(), st.integers(0, 1000).map(lambda n: n / 1000)), max_size=8)


@given(VALUES, st.sampled_from(LANGS))
def test_a_trend_never_shows_a_figure_that_is_not_known(values, lang):
    series = points(values, lang=lang)
    told = trend_sentence(series, indicator(), lang)
    known = {point.period for point in series if point.value is not None}
    assert all(ref.period in known for ref in told.refs)
    assert "None" not in told.text


@given(VALUES)
def test_the_run_of_years_is_the_run(values):
    series = points(values)
    holds = {p.period: p.value is not None and p.value > 0.5 for p in series}
    expected = 0
    for point in reversed(series):
        if not holds[point.period]:
            break
        expected += 1
    assert years_in_row(series, holds) == expected


def test_small_words():
    assert [listed(list("abc"), lang) for lang in LANGS] == ["a, b og c", "a, b og c", "a, b and c"]
    assert listed(["a"], "nb") == "a"
    assert inside("Husholdninger") == "husholdninger"
    assert inside("NAV-stønad") == "NAV-stønad"
    assert place("Skogly", "nn") == "i Skogly"
    assert place("Grønland", "nb", "på") == "på Grønland"
    assert place("Grønland", "en", "på") == "in Grønland"
    assert [subject(indicator(), lang) for lang in LANGS] == [
        "andelen husholdninger som bor trangt",
        "andelen hushald som bor trangt",
        "the share of crowded households",
    ]
    assert subject(indicator(words="Andel trangbodde"), "nb") == "andelen trangbodde"
    having = indicator(words="Vedvarende lavinntekt")
    assert subject(having, "nb") == "andelen med vedvarende lavinntekt"
    people = indicator(Unit.COUNT, words="Innbyggere")
    assert subject(people, "nb") == "antallet innbyggere"
    assert subject(indicator(words="Trygg ferdsel"), "nb") == "tallet for trygg ferdsel"


def test_joined_sentences_keep_each_reference_once():
    ref = Ref("delbydel", "0101", "crowded", "2017")
    both = together(Sentence("A.", (ref,)), Sentence(""), Sentence("B.", (ref,)))
    assert both == Sentence("A. B.", (ref,))
    assert str(both) == "A. B."
