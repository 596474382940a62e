"""View models: what they say, and what they may never say."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass

import polars as pl
import pytest

from nabolag.core import LANGS, Status, UserError
from nabolag.publish.text import ACCUMULATION, Sentence
from nabolag.publish.views import (
    area_page,
    indicator_page,
    method_page,
    overview,
    search,
    strings_of,
)
from nabolag.publish.views.compare import quantile
from nabolag.store import Release, indicator_as_dict, write_bundle
from tests.support import sample
from tests.support.sample import AREA_NAMES


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def parts(view, kind):
    """Every object of a class anywhere in a view."""
    if isinstance(view, kind):
        yield view
    if isinstance(view, (tuple, list)):
        for part in view:
            yield from parts(part, kind)
    elif is_dataclass(view):
        for field in fields(view):
            yield from parts(getattr(view, field.name), kind)


def changed_release(
    folder, *, observations=None, about=None, areas=None, accumulation=None
) -> Release:
    frames = {
        "observations": sample.observations() if observations is None else observations,
        "accumulation": sample.accumulation() if accumulation is None else accumulation,
        "reasons": sample.reasons(),
        "areas": sample.areas() if areas is None else areas,
        "links": sample.links(), "shapes": sample.shapes(),
    }  # fmt: skip
    documents = {
        "indicators": [indicator_as_dict(i) for i in sample.INDICATORS],
        "sources": [sample.SOURCE.as_dict()],
        "findings": [],
        "about": sample.about() | (about or {}),
    }
    return Release(write_bundle(folder / "releases", frames, documents, {}))


# What must hold for every text of every view


def test_no_text_shows_a_program_s_nothing(views):
    _, pages = views
    for page in pages:
        for text in strings_of(page):
            assert not re.search(r"\bNone\b|\bnan\b|\bNaN\b|\{\w*\}|\binf\b", text), text
            assert text not in ("-", "–", "—")


def test_no_text_names_people_or_places_carelessly(views):
    _, pages = views
    words = " ".join(text.lower() for page in pages for text in strings_of(page))
    for careless in ("dårlig område", "problemområde", "verst", "worst", "bad area", "dårleg"):
        assert careless not in words


def test_every_sentence_rests_on_rows_of_the_release(views, sample_release):
    _, pages = views
    key = ["level", "area", "indicator", "period"]
    held = set(sample_release.observations.select(key).rows())
    classes = sample_release.accumulation.select("level", "area", "period").rows()
    held |= {(level, area, ACCUMULATION, period) for level, area, period in classes}
    told = [s for page in pages for s in parts(page, Sentence)]
    assert len(told) > 100
    for sentence in told:
        for ref in sentence.refs:
            assert (ref.level, ref.area, ref.indicator, ref.period) in held, sentence
        if any(c.isdigit() for c in sentence.text.replace("2017", "")):
            assert sentence.refs or "%" not in sentence.text, sentence


def test_a_figure_without_number_says_why(views):
    _, pages = views
    shown = [s for page in pages for s in parts(page, _shown_class())]
    absent = [s for s in shown if not Status(s.status).has_value]
    assert absent
    for figure in absent:
        assert figure.value is None
        assert (figure.lower, figure.upper, figure.numerator) == (None, None, None)
        assert len(figure.text) > 5
        assert figure.text == figure.status_words


def _shown_class():
    from nabolag.publish.views import Shown

    return Shown


#: The planted numbers as they would be written, and as they are; no true figure reads so.
_TRACES = (
    "77,8",
    "77.8",
    "6 363",
    "6363.0",
    "6,363",
    "8 181",
    "8181.0",
    "0.7777",
    "0.7171",
    "0.7979",
)


def test_a_hidden_number_is_nowhere(tmp_path):
    """Plant numbers under hidden rows, as a fault upstream would, and look for them everywhere."""
    planted = {"value": 0.7777, "numerator": 6363.0, "denominator": 8181.0, "lower": 0.7171,
               "upper": 0.7979}  # fmt: skip
    seen = sample.observations()
    hidden = pl.col("status").is_in(["suppressed_primary", "missing", "not_applicable"])
    seen = seen.with_columns(
        pl.when(hidden).then(pl.lit(number)).otherwise(pl.col(name)).alias(name)
        for name, number in planted.items()
    )
    release = changed_release(tmp_path, observations=seen)
    from tests.publish.conftest import every_view

    for lang in LANGS:
        for page in every_view(release, lang):
            told = plain(repr(page))
            for trace in _TRACES:
                assert trace not in told


# The overview


@pytest.mark.parametrize(
    ("lang", "opening"),
    [
        ("nb", "I én av 6 delbydeler i Eksempel møtes alle fire utfordringene vi teller, i 2017."),
        (
            "nn",
            "I éin av 6 delbydelar i Eksempel møtest alle dei fire utfordringane vi tel, i 2017.",
        ),
        (
            "en",
            "In one of 6 sub-districts in Eksempel, all four challenges that we count meet in 2017.",
        ),
    ],
)
def test_overview_opens_with_accumulation(sample_release, lang, opening):
    view = overview(sample_release, lang)
    assert view.opening.text == opening
    assert view.indicator == ACCUMULATION
    assert [row.code for row in view.rows][:2] == ["0203", "0202"]
    assert [item.count for item in view.map.legend.items] == [2, 2, 1, 1]


@pytest.mark.parametrize(
    ("lang", "opening"),
    [
        ("nb", "I Eksempel er andelen husholdninger med lavinntekt 15,6 % i 2017; blant 5 "
               "delbydeler med tall går tallet fra 11,8 % til 24,6 %."),
        ("nn", "I Eksempel er andelen hushald med lavinntekt 15,6 % i 2017; blant 5 delbydelar med "
               "tal går talet frå 11,8 % til 24,6 %."),
        ("en", "In Eksempel, the share of low-income households is 15.6% in 2017; among 5 "
               "sub-districts with figures it runs from 11.8% to 24.6%."),
    ],
)  # fmt: skip
def test_overview_of_an_indicator(sample_release, lang, opening):
    view = overview(sample_release, lang, indicator="low_income")
    assert plain(view.opening.text) == opening
    assert {ref.area for ref in view.opening.refs} == {"9901", "0102", "0203"}


def test_overview_rows_map_and_legend_agree(sample_release):
    view = overview(sample_release, "nb", indicator="low_income")
    drawn = {area.code: area for area in view.map.areas}
    assert [row.name for row in view.rows][-1] == "Åsen"
    for row in view.rows:
        assert row.color == drawn[row.code].color
        assert row.class_index == drawn[row.code].class_index
    counted = {i.index: i.count for i in view.map.legend.items if i.kind == "value"}
    for index, count in counted.items():
        assert count == sum(row.class_index == index for row in view.rows)
    assert [i.label for i in view.map.legend.items if i.kind == "hidden"] == ["Skjult"]
    assert view.counts_sentence.startswith("5 av 6 områder har tall. Skjult")


def test_better_and_worse_follow_the_direction(sample_release):
    view = overview(sample_release, "nb")
    assert [change.indicator for change in view.worse] == ["crowded", "low_income", "tenants"]
    assert {change.indicator for change in view.better + view.worse}.isdisjoint(
        {"immigrants", "mean_income"}
    )
    words = plain(view.worse[0].sentence.text)
    assert words == (
        "I Eksempel har andelen husholdninger som bor trangt økt fra 11,9 % i 2016 til 12,6 % i "
        "2017. Endringen kan skyldes tilfeldigheter."
    )


def test_no_change_is_told_where_a_period_is_hidden(tmp_path):
    seen = sample.observations()
    town = (pl.col("level") == "kommune") & (pl.col("period") == "2017")
    numbers = ["value", "numerator", "denominator", "lower", "upper"]
    seen = seen.with_columns(
        *(pl.when(town).then(None).otherwise(pl.col(n)).alias(n) for n in numbers),
        pl.when(town).then(pl.lit("missing")).otherwise(pl.col("status")).alias("status"),
    )
    view = overview(changed_release(tmp_path, observations=seen), "nb")
    assert (view.better, view.worse) == ((), ())
    assert "kan derfor ikke si" in view.changes_note


@pytest.mark.parametrize(("lang", "title", "of"), [
    ("nb", "Hva har endret seg i kommunen?", "tallene for kommunen"),
    ("nn", "Kva har endra seg i kommunen?", "tala for kommunen"),
    ("en", "What has changed in the municipality?", "figures for the municipality"),
])  # fmt: skip
def test_changes_are_told_of_the_municipality(sample_release, lang, title, of):
    view = overview(sample_release, lang)
    assert view.changes_title == title
    assert of in view.changes_note


def test_changes_of_another_place_than_a_municipality_have_its_name(tmp_path):
    about = {"municipality": {"level": "bydel", "code": "990101"}}
    view = overview(changed_release(tmp_path, about=about), "nb")
    name = view.changes_title.removeprefix("Hva har endret seg i ").removesuffix("?")
    assert name in set(sample.areas().filter(level="bydel", code="990101")["name"])
    assert f"tallene for {name}" in view.changes_note
    assert "kommunen" not in view.changes_title + view.changes_note


def test_what_cannot_be_classified_is_not_called_missing(tmp_path):
    from nabolag.web.places.maps import feature_collection

    nobody = pl.when(pl.col("area") == "0101").then(0).otherwise(pl.col("known"))
    release = changed_release(
        tmp_path, accumulation=sample.accumulation().with_columns(known=nobody)
    )
    view = overview(release, "nb")
    assert view.counts_sentence == "5 av 6 områder har tall. Kan ikke klassifiseres: 1."
    drawn = feature_collection(release, view.map, "nb")
    assert drawn["absent"] == {"missing": "Kan ikke klassifiseres"}
    figures = overview(release, "nb", indicator="crowded")
    assert feature_collection(release, figures.map, "nb")["absent"] == {}


def test_opening_tells_of_fewer_where_four_cannot_meet(tmp_path):
    rules = sample.about()["accumulation"] | {"indicators": ["low_income", "crowded", "tenants"]}
    view = overview(changed_release(tmp_path, about={"accumulation": rules}), "nb")
    assert view.opening.text == (
        "I to av 6 delbydeler i Eksempel møtes to eller flere av tre utfordringer i 2017."
    )


def test_an_area_that_has_ended_is_not_counted_as_missing(tmp_path):
    from datetime import date

    last = pl.when(pl.col("code") == "0202").then(pl.lit(date(2017, 1, 1))).otherwise(None)
    ended = sample.areas().with_columns(last.alias("valid_to"))
    after = (pl.col("area") == "0202") & (pl.col("period") == "2017")
    gone = changed_release(
        tmp_path / "a", areas=ended, observations=sample.observations().filter(~after)
    )
    codes = {row.code for row in overview(gone, "nb", indicator="crowded", period="2017").rows}
    assert "0202" not in codes
    codes = {row.code for row in overview(gone, "nb", indicator="crowded", period="2016").rows}
    assert "0202" in codes
    told = changed_release(tmp_path / "b", areas=ended)
    codes = {row.code for row in overview(told, "nb", indicator="tenants", period="2017").rows}
    assert "0202" in codes, "an area with a number is never lost"


# The area


def test_area_puts_assets_first_and_background_apart(sample_release):
    view = area_page(sample_release, "delbydel", "0202", "nb")
    assert [row.indicator for row in view.assets] == ["feels_safe"]
    assert [row.indicator for row in view.background] == ["immigrants"]
    assert [p.name for p in view.parents] == ["Eksempel", "Nordre"]
    assert {p.name for p in view.siblings} == {"Nordre Øya", "Fjæra"}
    assert all(row.difference.meaning == "" for row in view.background)
    assert all("immigrants" not in {r.indicator for r in s.refs} for s in view.lead)


def test_area_differences_are_judged_by_the_interval(sample_release):
    rows = {r.indicator: r for r in area_page(sample_release, "delbydel", "0202", "nb").rows}
    low = rows["low_income"].difference
    assert (low.side, low.certainty, low.meaning) == ("above", "certain", "harder")
    assert low.words == "ligger over kommunen"
    assert plain(low.basis) == ("Områdets intervall er 18,3–23,3 %; tallet for kommunen er 15,6 %.")
    income = rows["mean_income"].difference
    assert income.certainty == "unknown"
    assert "vi vet ikke hvor sikker forskjellen er" in income.words
    assert rows["crowded"].difference.side == "unknown"
    same = area_page(sample_release, "delbydel", "0201", "nn").rows
    words = {r.indicator: r.difference.words for r in same}
    assert words["low_income"] == "kan ikkje skiljast frå resten av kommunen"


def test_area_class_reasons_duration_and_what_is_known(sample_release):
    classed = area_page(sample_release, "delbydel", "0202", "nb").accumulation
    assert classed.class_code == "2-3"
    assert [r.indicator for r in classed.reasons] == ["low_income", "tenants", "mean_income"]
    assert classed.years_text == "to år på rad med så mange utfordringer eller flere"
    assert classed.known_text == (
        "Vi har tall for tre av de fire utfordringene vi teller, så det kan være flere."
    )
    assert "møttes her to år på rad" in classed.sentence.text


def test_area_lists_what_is_hidden_and_why(sample_release):
    for lang, words in [
        ("nb", "Skjult av hensyn til personvern (færre enn 5)"),
        ("nn", "Skjult av omsyn til personvern (færre enn 5)"),
        ("en", "Hidden for privacy (fewer than 5)"),
    ]:
        hidden = area_page(sample_release, "delbydel", "0101", lang).hidden
        assert [(h.indicator, h.words) for h in hidden] == [("low_income", words)]
    missing = area_page(sample_release, "delbydel", "0202", "nb").hidden
    assert missing[0].words == "Ikke levert av Eksempel kommune for 2017"
    other = area_page(sample_release, "delbydel", "0102", "en").hidden
    assert other[0].words == "Not applicable here"


def test_area_history_keeps_its_gap(sample_release):
    rows = {r.indicator: r for r in area_page(sample_release, "delbydel", "0202", "nb").rows}
    own = rows["crowded"].history[0]
    assert own.role == "area"
    assert [p.period for p in own.points] == ["2015", "2016", "2017"]
    assert own.points[2].value is None
    assert own.points[2].status_words.startswith("Ikke levert")


def test_area_with_a_period_asked_for(sample_release):
    view = area_page(sample_release, "delbydel", "0101", "nb", period="2016")
    assert {row.period for row in view.rows} == {"2016"}
    assert view.accumulation.period == "2016"
    assert view.hidden == ()


def test_a_municipality_is_not_compared_with_itself(sample_release):
    view = area_page(sample_release, "kommune", "9901", "nb")
    assert all(row.municipality is None for row in view.rows)
    words = {row.indicator: row.difference.words for row in view.rows}
    assert words["crowded"] == "kan ikke sammenlignes: vi har ikke tall for landet"
    assert view.accumulation is None
    assert view.accumulation_note
    assert {child.code for child in view.children} == {"990101", "990102"}


def test_areas_with_the_same_name_say_where_they_lie(tmp_path):
    """«Sentrum» stands in two districts; each is told by the smallest area around it."""
    areas = sample.areas().with_columns(
        name=pl.when(pl.col("code").is_in(["0101", "0201"]))
        .then(pl.lit("Sentrum"))
        .otherwise("name")
    )
    release = changed_release(tmp_path, areas=areas)
    districts = dict(areas.filter(level="bydel").select("code", "name").iter_rows())
    view = overview(release, "nb", level="delbydel", indicator="crowded")
    names = {row.code: row.name for row in view.rows}
    assert names["0101"] == f"Sentrum ({districts['990101']})"
    assert names["0201"] == f"Sentrum ({districts['990102']})"
    assert not [
        name for code, name in names.items() if code not in ("0101", "0201") and "(" in name
    ]
    assert area_page(release, "delbydel", "0201", "nb").name == names["0201"]


def test_an_area_that_is_the_whole_municipality_has_no_rest_to_differ_from(tmp_path, monkeypatch):
    only = sample.links().filter(pl.col("code") == "990101")
    monkeypatch.setattr(sample, "links", lambda: only)
    told = sample.observations()
    town = told.filter(level="kommune").with_columns(
        level=pl.lit("bydel"), area=pl.lit("990101"), lower=pl.lit(0.0), upper=pl.lit(1.0)
    )
    seen = pl.concat([told.filter(pl.col("area") != "990101"), town])
    view = area_page(changed_release(tmp_path, observations=seen), "bydel", "990101", "nb")
    words = {row.indicator: row.difference.words for row in view.rows}
    assert words["crowded"] == words["low_income"] == "er hele kommunen"
    assert not [s for s in view.lead if "resten" in s.text]


# The indicator, the method, the search


def test_indicator_page(sample_release):
    view = indicator_page(sample_release, "crowded", "nb")
    assert view.direction_text == "Høyere tall betyr større utfordring"
    assert [p.period for p in view.history] == ["2015", "2016", "2017"]
    assert [p.spread.count for p in view.history] == [6, 6, 5]
    assert plain(view.inequality.text) == (
        "Tallet er 21,6 % i Fjæra og 5,0 % i Åsen; den midterste halvdelen av områdene ligger "
        "mellom 8,7 % og 14,0 %."
    )
    assert [(c.kind, c.count) for c in view.counts] == [("value", 5), ("missing", 1)]
    asset = indicator_page(sample_release, "feels_safe", "nn")
    assert asset.direction_text == "Høgare tal tyder meir av ein ressurs"


def test_quartiles_are_those_of_the_textbook():
    assert [quantile([1.0, 2.0, 3.0, 4.0], q) for q in (0, 0.25, 0.5, 1)] == [1, 1.75, 2.5, 4]


def test_method_page_says_the_rules_and_what_is_not_protected(sample_release):
    view = method_page(sample_release, "nb")
    words = plain(" ".join(p for passage in view.passages for p in passage.paragraphs))
    assert "25 %" in words
    assert "husholdninger som leier og gjennomsnittsinntekt" in words
    assert "under 5" in words
    assert "Utgivelsen er laget uten vern mot dette" in words
    assert view.history[0][0] == sample_release.id
    assert view.sources[0].rows[0] == ("Produsent", "Eksempel kommune")
    assert view.findings_note == "Ingen merknader fra innlesing og kontroll."


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Åsen", "0101"), ("asen", "0101"), ("FJÆRA", "0203"), ("fjaera", "0203"),
        ("øya", "0201"), ("nordre oya", "0201"), ("skogli", "0202"), ("0103", "0103"),
        ("lavintekt", "low_income"), ("bor trangt", "crowded"),
    ],
)  # fmt: skip
def test_search_finds(sample_release, text, code):
    assert search(sample_release, text, "nb")[0].code == code


def test_search_answers_nothing_with_nothing(sample_release):
    assert search(sample_release, "  ", "nb") == []
    assert search(sample_release, "xyzzyx", "nb") == []


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda r: area_page(r, "delbydel", "0109", "nb"), "0101"),
        (lambda r: area_page(r, "delbydell", "0101", "nb"), "delbydel"),
        (lambda r: indicator_page(r, "lowincome", "nb"), "low_income"),
        (lambda r: overview(r, "nb", indicator="crowdet"), "crowded"),
        (lambda r: overview(r, "nb", period="1999"), "2017"),
        (lambda r: overview(r, "nb", indicator="crowded", method="jenks"), "natural"),
    ],
)
def test_what_is_unknown_gets_the_nearest(sample_release, ask, words):
    with pytest.raises(UserError) as wrong:
        ask(sample_release)
    for lang in LANGS:
        assert words in wrong.value.findings[0].text(lang)
    assert words in " ".join(wrong.value.findings[0].params["suggestions"])


def test_the_facts_are_the_same_in_every_language(sample_release):
    for code in AREA_NAMES:
        pages = [area_page(sample_release, "delbydel", code, lang) for lang in LANGS]
        refs = [[s.refs for s in page.lead] for page in pages]
        assert refs[0] == refs[1] == refs[2]
        sides = [[r.difference.side for r in page.rows] for page in pages]
        assert sides[0] == sides[1] == sides[2]


def test_the_table_of_classes_gives_reasons_and_years(sample_release):
    rows = {row.code: row for row in overview(sample_release, "nb", period="2017").rows}
    assert set(rows["0203"].reasons) == {
        sample_release.indicators[iid].heading.nb
        for iid in ("low_income", "crowded", "tenants", "mean_income")
    }
    assert rows["0203"].years == 3
    assert rows["0101"].reasons == ()
    assert rows["0101"].years is None


def test_of_a_first_period_nothing_is_said_about_years(sample_release):
    rows = overview(sample_release, "nb", period="2015").rows
    assert {row.years for row in rows} == {None}
