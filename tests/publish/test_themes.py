"""An area's page of many indicators: themes, what stands out, and how sure we are of it all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nabolag.core import LANGS
from nabolag.publish.views import area_page
from nabolag.publish.views.facts import facts_of
from nabolag.publish.views.lead import lead_sentences
from nabolag.publish.views.standout import standing_out
from nabolag.publish.views.themes import in_order, summary, theme_text
from nabolag.store import Release

AREAS = [("delbydel", "0101"), ("delbydel", "0103"), ("delbydel", "0203"), ("bydel", "990102"),
         ("kommune", "9901"), ("land", "0")]  # fmt: skip


@pytest.mark.parametrize(("level", "code"), AREAS)
def test_every_row_stands_in_one_theme_and_background_in_none(
    wide_release: Release, level: str, code: str
):
    view = area_page(wide_release, level, code, "nb")
    told = [row.indicator for theme in view.themes for row in theme.rows]
    assert sorted(told) == sorted(row.indicator for row in (*view.assets, *view.challenges))
    assert all(row.ring == theme.ring for theme in view.themes for row in theme.rows)
    for theme in view.themes:
        kinds = [row.kind for row in theme.rows]
        assert kinds == sorted(kinds, key=["asset", "challenge"].index)


def test_themes_have_an_order_and_unknown_ones_come_last():
    assert in_order(["safety", "zzz", "income", "housing", "income"]) == [
        "income", "housing", "safety", "zzz",
    ]  # fmt: skip
    assert theme_text("housing", "nn") == "Bustad"
    assert theme_text("zzz", "nb") == "Zzz"


@pytest.mark.parametrize(("level", "code"), AREAS)
def test_what_stands_out_is_certain_and_the_lighter_first(
    wide_release: Release, level: str, code: str
):
    view = area_page(wide_release, level, code, "nb")
    rows = {row.indicator: row for row in view.rows}
    assert len(view.standing_out) <= 3
    meanings = [told.meaning for told in view.standing_out]
    assert meanings == sorted(meanings)  # «easier» before «harder»
    for told in view.standing_out:
        row = rows[told.indicator]
        assert row.difference.certainty == "certain"
        assert row.kind != "background"
        assert told.shown is row.shown
        assert told.words.endswith("kommunen." if level != "kommune" else "landet.")
    if not view.standing_out and level != "land":
        assert view.standing_out_note.startswith("Ingen av tallene skiller seg sikkert")


def test_both_sides_are_told_where_both_exist(wide_release: Release):
    view = area_page(wide_release, "delbydel", "0203", "nb")
    rows = list(view.rows)
    lighter = [
        replace(row, difference=replace(row.difference, meaning="easier", certainty="certain"))
        if row.kind == "asset"
        else row
        for row in rows
    ]
    told = standing_out(facts_of(wide_release), lighter, "nb")
    assert told[0].meaning == "easier"
    assert "harder" in [one.meaning for one in told]
    assert told[0].indicator == "feels_safe"
    assert told[0].words == "Mer av en ressurs enn i resten av kommunen."


@pytest.mark.parametrize("lang", LANGS)
def test_a_theme_in_a_few_words(wide_release: Release, lang):
    view = area_page(wide_release, "delbydel", "0203", lang)
    theme = next(theme for theme in view.themes if theme.ring == "housing")
    expected = {
        "nb": "2 tall, 2 skiller seg sikkert fra kommunen",
        "nn": "2 tal, 2 skil seg sikkert frå kommunen",
        "en": "2 figures, 2 certainly differ from the municipality",
    }
    assert theme.summary == expected[lang]


def test_a_theme_says_how_much_is_hidden(wide_release: Release):
    view = area_page(wide_release, "delbydel", "0101", "nb")
    theme = next(theme for theme in view.themes if theme.ring == "income")
    assert theme.summary.endswith("ett er skjult eller mangler")
    assert summary([], "nb") == "0 tall"


def test_many_differences_are_counted_not_named(wide_release: Release):
    view = area_page(wide_release, "delbydel", "0203", "nb")
    row = next(row for row in view.challenges if row.difference.certainty == "certain")
    chance = replace(row, difference=replace(row.difference, certainty="uncertain"))
    few = lead_sentences(facts_of(wide_release), ("delbydel", "0203"), [row] * 3, None, "nb")
    name = row.label[0].lower() + row.label[1:]
    assert few[-1].text == f"For {name}, {name} og {name} er forskjellen fra kommunen sikker."
    many = lead_sentences(
        facts_of(wide_release), ("delbydel", "0203"), [row] * 5 + [chance] * 2, None, "nb"
    )
    assert many[-1].text == (
        "For fem av sju tall er forskjellen fra kommunen sikker. "
        "For to kan den skyldes tilfeldigheter."
    )
    none = lead_sentences(facts_of(wide_release), ("delbydel", "0203"), [chance] * 4, None, "nn")
    assert none[-1].text == (
        "For ingen av fire tal er skilnaden frå kommunen sikker. For fire kan han vere tilfeldig."
    )
