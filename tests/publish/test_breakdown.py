"""Figures by group: on the area's page, on the indicator's page, and as a figure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nabolag.core import LANGS, UserError
from nabolag.publish import figures
from nabolag.publish.views import area_page, area_row, indicator_page, strings_of
from nabolag.publish.views.asked import Asked
from nabolag.publish.views.facts import facts_of
from nabolag.store import Release
from tests.support.wide import AGES, GROUPED, ORIGINS, SEXES, write_wide_release

WOMEN = Asked(level="bydel", group="sex=female")


def row_of(release: Release, indicator: str = "low_income", area: str = "990101", lang="nb"):
    view = area_page(release, "bydel", area, lang)
    return next(row for row in view.rows if row.indicator == indicator)


def test_groups_stand_as_declared_and_not_by_their_figures(wide_release: Release):
    told = row_of(wide_release).breakdown
    assert told is not None
    assert [g.text for g in told.groupings] == ["Kjønn", "Alder"]
    assert [row.group for row in told.groupings[0].rows] == ["sex=male", "sex=female"]
    assert [row.group for row in told.groupings[1].rows] == list(AGES)
    assert told.by == "Etter kjønn og alder"
    assert told.everybody.text == "Alle"
    assert told.municipality_name == "Eksempel"
    assert told.country_name == "Landet"


def test_a_group_s_figure_is_the_release_s_own(wide_release: Release):
    told = row_of(wide_release).breakdown
    stated = wide_release.observations
    for row in told.groupings[0].rows:
        one = stated.filter(
            level="bydel", area="990101", indicator="low_income", period="2017", group=row.group
        )
        assert [row.shown.value] == one["value"].to_list()
        assert row.shown.group == row.group
        assert row.municipality.area == "9901"
        assert row.country.area == "0"


def test_why_a_group_has_no_number_stands_in_words(wide_release: Release):
    hidden = row_of(wide_release).breakdown.groupings[1].rows[2].shown
    assert hidden.value is None
    assert hidden.text == "Skjult av hensyn til personvern (færre enn 5)"
    other = row_of(wide_release, area="990102").breakdown.groupings[1].rows
    assert other[2].shown.text == "Ikke levert av Eksempel kommune for 2017"
    assert other[0].shown.status_words == "Usikkert tall"


def test_background_is_described_apart_and_never_drawn_or_chosen(wide_release: Release):
    page = indicator_page(wide_release, "low_income", "nb")
    told = page.breakdown
    assert told is not None
    assert told.area == "9901"
    assert [row.group for g in told.background for row in g.rows] == list(ORIGINS)
    assert not {row.group for g in told.groupings for row in g.rows} & set(ORIGINS)
    drawn = json.dumps(figures.groups(told, "nb"), ensure_ascii=False)
    assert "immigration_category" not in drawn
    assert "Innvandrere" not in drawn
    chosen = indicator_page(wide_release, "low_income", "nb", Asked(level="kommune"))
    assert {choice.value for choice in chosen.groups} == {"", *SEXES, *AGES}


def test_areas_are_not_put_in_order_by_background(wide_release: Release):
    with pytest.raises(UserError) as wrong:
        indicator_page(wide_release, "low_income", "nb", Asked("kommune", group=ORIGINS[1]))
    assert wrong.value.findings[0].code == "publish_group_background"


def test_a_declared_background_grouping_is_one(wide_release: Release, tmp_path: Path):
    assert facts_of(wide_release).background == {"immigration_category", "country_group"}
    declared = write_wide_release(tmp_path, background_groups=["age_band"])
    told = row_of(declared).breakdown
    assert [g.text for g in told.groupings] == ["Kjønn"]
    assert [g.text for g in told.background] == ["Alder"]
    with pytest.raises(UserError):
        indicator_page(declared, "low_income", "nb", Asked("bydel", group=AGES[0]))


def test_the_page_about_a_group_says_so_everywhere(wide_release: Release):
    page = indicator_page(wide_release, "low_income", "nb", WOMEN)
    assert page.label == "Husholdninger med lavinntekt blant kvinner"
    assert page.map.title == page.label
    assert "blant kvinner" in page.opening.text
    assert {ref.group for ref in page.opening.refs} == {"sex=female"}
    stated = wide_release.observations.filter(
        level="bydel", indicator="low_income", period="2017", group="sex=female"
    )
    assert {r.code: r.shown.value for r in page.rows} == dict(
        stated.select("area", "value").iter_rows()
    )
    assert all(point.municipality.group == "sex=female" for point in page.history)


@pytest.mark.parametrize("lang", LANGS)
def test_no_group_is_left_in_the_house_s_own_code(wide_release: Release, lang):
    page = indicator_page(wide_release, "tenants", lang, WOMEN)
    codes = {choice.value for choice in page.groups} | set(ORIGINS)
    shown = [text for text in strings_of(page) if "=" in text and text not in codes]
    assert shown == []


def test_a_level_without_groups_names_those_that_have(wide_release: Release):
    page = indicator_page(wide_release, "low_income", "nb")
    assert page.level == "delbydel"
    assert page.groups == ()
    assert [choice.value for choice in page.group_levels] == ["bydel", "kommune", "land"]
    with pytest.raises(UserError) as wrong:
        indicator_page(wide_release, "low_income", "nb", Asked("delbydel", group="sex=male"))
    assert wrong.value.findings[0].code == "publish_unknown_group_level"
    assert wrong.value.findings[0].params["suggestions"] == ["land", "kommune", "bydel"]


def test_without_a_level_the_smallest_that_has_the_group_is_shown(wide_release: Release):
    assert (
        indicator_page(wide_release, "low_income", "nb", Asked(group="sex=male")).level == "bydel"
    )


@pytest.mark.parametrize("group", ["sex=unknown", "nonsense", "sex=male;age_band=0-17"])
def test_a_group_nobody_has_is_told_with_those_there_are(wide_release: Release, group: str):
    with pytest.raises(UserError) as wrong:
        indicator_page(wide_release, "low_income", "nb", Asked(group=group))
    assert wrong.value.findings[0].code == "publish_unknown_group"


def test_an_area_whose_level_has_none_says_where_they_are(wide_release: Release):
    small = area_page(wide_release, "delbydel", "0103", "nb")
    assert all(row.breakdown is None for row in small.rows)
    assert small.groups_note == (
        "Tall etter kjønn, alder og innvandringskategori finnes for bydeler, kommuner og land."
    )
    assert small.groups_at.code == "990101"
    large = area_page(wide_release, "bydel", "990101", "nb")
    assert (large.groups_note, large.groups_at) == ("", None)


def test_only_indicators_with_groups_have_a_breakdown(wide_release: Release):
    view = area_page(wide_release, "bydel", "990101", "nb")
    assert {row.indicator for row in view.rows if row.breakdown} == set(GROUPED)


def test_one_row_by_itself_is_the_page_s_row(wide_release: Release):
    view = area_page(wide_release, "bydel", "990101", "nn", "2016")
    for row in view.rows:
        assert area_row(wide_release, ("bydel", "990101"), row.indicator, "nn", "2016") == row


def test_the_figure_has_a_line_a_group_and_everybody_s_line(wide_release: Release):
    told = row_of(wide_release).breakdown
    spec = figures.groups(told, "nb", "sex=male")
    rows = next(
        layer["data"]["values"] for layer in spec["layer"] if "x2" in layer.get("encoding", {})
    )
    named = [row for row in rows if row["name"]]
    assert [row["key"] for row in named] == ["sex=male", "sex=female", *AGES]
    assert [row["key"] for row in named if row["strong"]] == ["sex=male"]
    assert rows[2]["name"] == ""
    assert named[-1]["value"] is None
    assert "Skjult av hensyn" in named[-1]["text"]
    assert "Kvinner: 12" in figures.groups(told, "nb")["description"].replace("\u00a0", " ")
    assert figures.to_svg(spec, "nb").startswith("<svg")
