"""What the pages say in full: no bokmål in nynorsk, no torn sentences, nothing claimed too far."""

from __future__ import annotations

import re

import polars as pl
import pytest

from nabolag.core import LANGS
from nabolag.publish.views import area_page, indicator_page, method_page, overview, strings_of
from nabolag.store import Release, indicator_as_dict, write_bundle
from tests.support import sample
from tests.support.sample import AREA_NAMES

BOKMAL = re.compile(
    r"\b(ikke|hvor|hvilken|hvilket|noen|noe|fra|også|antall|områder|husholdninger|være|bare|"
    r"vises|skjules|telles|mangler|tall|tallet|flere|forskjellen|høyere|lavere|utgivelsen|kilde)\b"
)
NYNORSK = re.compile(r"\b(ikkje|kor|kva|nokon|noko|frå|berre|hushald|skilnaden|tal)\b")
TORN = re.compile(r" [,.;]|  |,,|\.\.| i \.|\{\w|^1 (områder|område|areas)\b|\b[1] områder\b")


def pages(release, lang):
    """Return every page of a release in one language."""
    level = release.main_level.value
    codes = release.areas.filter(pl.col("level") == level)["code"].to_list()
    indicators = list(release.indicators)
    return [
        overview(release, lang),
        method_page(release, lang),
        *(overview(release, lang, indicator=name) for name in indicators),
        *(indicator_page(release, name, lang) for name in indicators),
        *(area_page(release, level, code, lang) for code in codes),
        *(overview(release, lang, level="kommune", indicator=name) for name in indicators),
        area_page(release, "kommune", "9901", lang),
    ]


def bundle(folder, *, about, observations=None, accumulation=None, reasons=None, areas=None):
    """Return the sample release with some of it exchanged."""
    frames = {
        "observations": sample.observations() if observations is None else observations,
        "accumulation": sample.accumulation() if accumulation is None else accumulation,
        "reasons": sample.reasons() if reasons is None else reasons,
        "areas": sample.areas() if areas is None else areas,
        "links": sample.links(),
        "shapes": sample.shapes(),
    }
    documents = {
        "indicators": [indicator_as_dict(i) for i in sample.INDICATORS],
        "sources": [sample.SOURCE.as_dict()],
        "findings": [],
        "about": sample.about() | about,
    }
    return Release(write_bundle(folder / "releases", frames, documents, {}))


def with_country(folder, *, figures: bool):
    """Return the sample with a country, with or without figures for it."""
    land = pl.DataFrame({"level": ["land"], "code": ["0"], "name": ["Norge"]})
    town = pl.col("level") == "kommune"
    nation = sample.observations().filter(town)
    nation = nation.with_columns(pl.lit("land").alias("level"), pl.lit("0").alias("area"))
    seen = [sample.observations(), nation] if figures else [sample.observations()]
    return bundle(
        folder,
        about={"country": {"level": "land", "code": "0"}},
        observations=pl.concat(seen),
        areas=pl.concat([sample.areas(), land], how="diagonal_relaxed"),
    )


@pytest.mark.parametrize("lang", LANGS)
def test_sentences_are_whole(sample_release, lang):
    texts = {text for page in pages(sample_release, lang) for text in strings_of(page)}
    assert sorted(text for text in texts if TORN.search(text)) == []
    quoted = {text for text in texts if '"' in text} if lang != "en" else set()
    assert quoted == set()


def test_nynorsk_pages_hold_no_bokmal_and_bokmal_pages_no_nynorsk(sample_release):
    for lang, strange in (("nn", BOKMAL), ("nb", NYNORSK)):
        texts = {text for page in pages(sample_release, lang) for text in strings_of(page)}
        assert sorted(text for text in texts if strange.search(text.lower())) == [], lang


@pytest.mark.parametrize("lang", ["nb", "nn"])
def test_a_percentage_never_breaks_from_its_number(sample_release, lang):
    for page in pages(sample_release, lang):
        for text in strings_of(page):
            assert not re.search(r"[^\u00a0]%", text), text


def test_one_area_is_one_area(sample_release):
    view = overview(sample_release, "nb", level="kommune", indicator="low_income")
    assert view.counts_sentence == "Det ene området har tall."
    assert "Det ene området har tall." in view.map.description
    row = area_page(sample_release, "kommune", "9901", "nb").rows[0]
    assert row.spread is not None
    assert row.spread.text.startswith("Ett område med tall: ")


def test_a_class_with_unknown_challenges_says_so(tmp_path):
    area = (pl.col("area") == "0101") & (pl.col("period") == "2017")
    some = sample.accumulation().with_columns(
        pl.when(area).then(pl.lit(3)).otherwise(pl.col("known")).cast(pl.Int64).alias("known"),
        pl.when(area).then(pl.lit("0")).otherwise(pl.col("class")).alias("class"),
        pl.when(area).then(pl.lit(0)).otherwise(pl.col("count")).cast(pl.Int64).alias("count"),
        pl.when(area).then(pl.lit("")).otherwise(pl.col("reasons")).alias("reasons"),
    )
    release = bundle(tmp_path, about={}, accumulation=some)
    classed = area_page(release, "delbydel", "0101", "nb").accumulation
    assert classed.text == "Ingen av de tre vi har tall for (av fire utfordringer)"
    assert "noen av de tre utfordringene vi har tall for" in classed.sentence.text
    row = next(row for row in overview(release, "nb").rows if row.code == "0101")
    assert row.accumulation_text == classed.text


def test_the_class_tells_when_it_rests_on_another_year(tmp_path):
    older = sample.reasons().with_columns(
        pl.when(pl.col("indicator") == "tenants")
        .then(pl.lit("2016"))
        .otherwise(pl.col("period"))
        .alias("used_period")
    )
    release = bundle(tmp_path, about={}, reasons=older)
    classed = area_page(release, "delbydel", "0203", "nb").accumulation
    assert "(2016 i klassen, 2017 i tabellen)" in classed.known_text
    assert any("i 2016" in reason.text for reason in classed.reasons)


def test_low_figures_that_count_are_said_to_be_low(sample_release):
    sentence = area_page(sample_release, "delbydel", "0203", "nb").accumulation.sentence.text
    assert "gjennomsnittsinntekt (lavt tall)" in sentence
    assert "husholdninger med lavinntekt (lavt tall)" not in sentence


def test_a_country_without_figures_has_no_column(tmp_path):
    view = area_page(with_country(tmp_path / "a", figures=False), "delbydel", "0203", "nb")
    assert view.country_name == ""
    assert all(row.country is None for row in view.rows)


@pytest.mark.parametrize(("lang", "name"), [("nb", "Norge"), ("nn", "Noreg"), ("en", "Norway")])
def test_the_country_has_its_name_in_each_language(tmp_path, lang, name):
    release = with_country(tmp_path, figures=True)
    assert area_page(release, "delbydel", "0203", lang).country_name == name


def test_a_municipality_is_judged_against_the_country(tmp_path):
    release = with_country(tmp_path, figures=True)
    low = release.observations.with_columns(
        pl.when(pl.col("level") == "land").then(pl.col("value") / 2).otherwise(pl.col("value"))
    )
    half = bundle(
        tmp_path / "half",
        about={"country": {"level": "land", "code": "0"}},
        observations=low,
        areas=release.areas,
    )
    lead = " ".join(s.text for s in area_page(half, "kommune", "9901", "nb").lead)
    assert "enn i resten av Norge" in lead
    assert "i hele landet" in lead
    assert "fra landet" in lead
    assert "kommunen" not in lead


def test_a_release_without_a_municipality_names_no_place(tmp_path):
    about = {"municipality": None, "name": dict.fromkeys(LANGS, "Utvalg 2013")}
    view = overview(bundle(tmp_path, about=about), "nb")
    assert "Utvalg" not in view.opening.text
    assert "Utvalg" not in view.map.description


def test_an_indicator_that_a_level_never_had_is_a_whole_sentence(tmp_path):
    gone = sample.observations().filter(
        (pl.col("indicator") != "crowded") | (pl.col("level") != "bydel")
    )
    release = bundle(tmp_path, about={}, observations=gone)
    for lang in LANGS:
        view = overview(release, lang, level="bydel", indicator="crowded")
        for text in strings_of(view):
            assert not TORN.search(text), text


def test_the_lead_says_nothing_twice(sample_release):
    for code in AREA_NAMES:
        said = [s.text for s in area_page(sample_release, "delbydel", code, "nb").lead]
        assert len(said) == len(set(said))
