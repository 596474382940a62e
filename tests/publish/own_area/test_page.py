"""The page of an area of one's own: what it opens with, what may be chosen, what is refused."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from nabolag.core import LANGS, Kind, Level, Status, Unit, UserError
from nabolag.geography.custom import CustomAreaSpec
from nabolag.publish.views import own_area
from nabolag.publish.views.model import strings_of
from nabolag.publish.views.own_area import OwnAsked, own_area_page, own_area_row
from nabolag.store import conform, parse_section
from nabolag.store.frames import OBSERVATIONS
from tests.publish.test_views import changed_release, plain
from tests.support import sample
from tests.support.sample import AREA_NAMES, INDICATORS, SOURCE, write_sample_release

CODES = tuple(AREA_NAMES)


def page(release, *codes, lang="nb", **more):
    return own_area_page(release, OwnAsked(codes=codes, **more), lang)


def test_nothing_chosen_is_a_page_to_choose_on(sample_release):
    view = page(sample_release)
    assert view.page is None
    assert view.opening.text == "Velg områdene du vil se samlet, på kartet eller i listen."
    assert {area.value for area in view.areas} == set(CODES)
    assert {area.group for area in view.areas} == {"Søndre", "Nordre"}
    assert [choice.value for choice in view.levels] == ["bydel", "delbydel"]
    assert view.toml == ""


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (("0101",), "Området består av 1 delbydel."),
        (CODES[:3], "Området består av tre delbydeler som henger sammen."),
        (("0101", "0203"), "Området består av to delbydeler i to deler som ikke henger sammen."),
    ],
)
def test_the_opening_says_how_many_and_whether_they_hang_together(sample_release, codes, said):
    assert page(sample_release, *codes).opening.text == said


def with_residents(folder):
    """The sample with residents of each sub-district; those of 0203 are not delivered."""
    count = replace(INDICATORS[0], id="population", unit=Unit.COUNT, decimals=0,
                    kind=Kind.BACKGROUND)  # fmt: skip
    rows = [
        {"level": "delbydel", "area": code, "geography": "2020", "indicator": "population",
         "period": "2017", "group": "", "value": None if code == "0203" else 1000.0 + place,
         "status": "missing" if code == "0203" else "value", "source": SOURCE.source}
        for place, code in enumerate(CODES)
    ]  # fmt: skip
    more = conform(pl.DataFrame(rows), OBSERVATIONS)
    return write_sample_release(folder, (*INDICATORS, count), more=more)


def test_the_opening_says_how_many_live_there_or_that_it_cannot(tmp_path):
    release = with_residents(tmp_path)
    view = page(release, "0102", "0103")
    assert plain(view.opening.text) == (
        "Området består av to delbydeler som henger sammen, med 2 003 innbyggere i 2017."
    )
    assert [ref.indicator for ref in view.opening.refs] == ["population"]
    without = page(release, "0202", "0203").opening.text
    assert without == (
        "Området består av to delbydeler som henger sammen. Hvor mange som bor der, kan vi ikke si."
    )


def test_areas_without_borders_are_not_said_to_hang_together(sample_release):
    view = page(sample_release, "990101", "990102", level="bydel")
    assert "vi vet ikke om de henger sammen" in view.opening.text


def test_assets_challenges_and_background_stand_apart_beside_the_municipality(sample_release):
    view = page(sample_release, "0102", "0103", name="Sentrum")
    told = view.page
    assert [row.indicator for row in told.assets] == ["feels_safe"]
    assert [row.indicator for row in told.background] == ["immigrants"]
    crowded = next(row for row in told.challenges if row.indicator == "crowded")
    assert crowded.shown.name == "Sentrum"
    assert crowded.municipality.area == "9901"
    assert crowded.shown.interval_text
    assert crowded.difference.against == "municipality"
    assert len(crowded.history[0].points) == 3
    # Seen among the areas it is made from, not among areas of one's own.
    assert crowded.spread.count == 5


def test_a_figure_of_the_year_that_others_have_is_said_to_be_hidden(sample_release):
    told = page(sample_release, "0101", "0102").page
    hidden = next(item for item in told.hidden if item.indicator == "low_income")
    assert (hidden.period_text, hidden.words) == (
        "2017", "Summen sies ikke: tallet er skjult for 1 av 2 områder")  # fmt: skip


def test_all_of_the_municipality_is_not_held_against_itself(sample_release, wide_release):
    alone = page(sample_release, *CODES)
    assert alone.same.name == "Eksempel"
    assert "hele Eksempel" in alone.same_note
    assert {row.difference.side for row in alone.page.rows} == {"unknown"}
    beside = page(wide_release, *CODES).page
    assert {row.difference.against for row in beside.challenges} == {"country"}
    assert beside.municipality_name == ""


def test_one_area_leads_to_its_own_page(sample_release):
    view = page(sample_release, "0203")
    assert (view.same.level, view.same.code) == ("delbydel", "0203")
    assert "Fjæra" in view.same_note


def test_a_row_by_itself_is_the_row_of_the_page(sample_release):
    asked = OwnAsked(codes=("0102", "0103"))
    rows = {row.indicator: row for row in own_area_page(sample_release, asked, "nb").page.rows}
    assert own_area_row(sample_release, asked, "crowded", "nb") == rows["crowded"]
    assert own_area_row(sample_release, OwnAsked(), "crowded", "nb") is None


@pytest.mark.parametrize("lang", LANGS)
def test_every_text_is_finished(sample_release, lang):
    for codes in ((), ("0101",), ("0101", "0203"), CODES):
        view = page(sample_release, *codes, lang=lang)
        for text in strings_of(view):
            assert "None" not in text
            assert "{" not in text.replace("[[custom_area]]", "")
        shown = [row.shown for row in view.page.rows] if view.page else []
        for figure in shown:
            assert Status(figure.status).has_value or figure.text == figure.status_words


def test_the_snippet_is_what_a_workspace_reads(sample_release):
    name = 'Øvre «by» "1" \\ \x7f'
    text = page(sample_release, "0201", "0102", name=name).toml
    (section,) = tomllib.loads(text)["custom_area"]
    spec = parse_section(CustomAreaSpec, section, "nabolag.toml", "custom_area[1]")
    assert (spec.level, spec.members, spec.name) == (Level.DELBYDEL, ("0102", "0201"), name)


@pytest.mark.parametrize(
    ("asked", "code", "words"),
    [
        (OwnAsked(codes=("0109",)), "publish_unknown_area", "0109"),
        (OwnAsked(codes=("990101",)), "own_area_other_level", "bydel"),
        (OwnAsked(level="kommune"), "own_area_level_unfit", "kommune"),
        (OwnAsked(level="custom"), "own_area_level_unfit", "bydel, delbydel"),
        (OwnAsked(level="sogn"), "own_area_level_unfit", "sogn"),
    ],
)
def test_what_cannot_be_chosen_is_said(sample_release, asked, code, words):
    with pytest.raises(UserError) as refused:
        own_area_page(sample_release, asked, "nb")
    (finding,) = refused.value.findings
    assert finding.code == code
    assert words in finding.text("nb")


def test_a_long_list_is_narrowed_and_keeps_what_is_chosen(sample_release, monkeypatch):
    monkeypatch.setattr(own_area, "LISTED", 2)
    view = page(sample_release, "0203")
    assert len(view.areas) == 3
    assert "3 av 6" in view.listed_note
    found = page(sample_release, "0203", find="skog")
    assert {area.text for area in found.areas} == {"Skogly", "Fjæra"}
    assert plain(found.listed_note).startswith("Listen viser 2 av 6")


def test_an_area_that_ended_is_not_offered_but_may_be_named(tmp_path):
    gone = pl.col("code") == "0201"
    ended = sample.areas().with_columns(
        pl.when(gone).then(date(2016, 1, 1)).otherwise(pl.col("valid_to")).alias("valid_to")
    )
    kept = sample.observations().filter((pl.col("area") != "0201") | (pl.col("period") == "2015"))
    release = changed_release(tmp_path, observations=kept, areas=ended)
    assert {area.value for area in page(release).areas} == {*CODES} - {"0201"}
    view = page(release, "0201", "0202")
    assert {area.value for area in view.areas} == {*CODES}
    tenants = next(row for row in view.page.rows if row.indicator == "tenants")
    assert tenants.shown.text == "Summen sies ikke: tallet er ikke levert for 1 av 2 områder"
    assert tenants.history[0].points[0].has_value
