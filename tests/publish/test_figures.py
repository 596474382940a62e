"""Figures: valid, described, the same every time, and silent where nothing is known."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import pytest

from nabolag.core import LANGS
from nabolag.publish import figures
from nabolag.publish.figures.trend import every_period
from nabolag.publish.views import area_page, indicator_page, overview

SVG = "{http://www.w3.org/2000/svg}"
KINDS = ("trend", "gap", "ranking", "distribution", "history", "spine", "map", "classes")


def every_figure(release, lang) -> dict:
    area = area_page(release, "delbydel", "0202", lang)
    rows = {row.indicator: row for row in area.rows}
    indicator = indicator_page(release, "low_income", lang)
    classes = overview(release, lang)
    return {
        "trend": figures.trend(rows["low_income"], lang),
        "gap": figures.trend(rows["crowded"], lang),
        "ranking": figures.ranking(indicator, "0202"),
        "distribution": figures.distribution(indicator),
        "history": figures.spread_history(indicator),
        "spine": figures.spine(area),
        "map": figures.choropleth(release, indicator.map, indicator.sources, lang),
        "classes": figures.choropleth(release, classes.map, classes.sources, lang),
    }


@pytest.fixture(scope="module")
def drawn(sample_release):
    return {lang: every_figure(sample_release, lang) for lang in LANGS}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_is_described_and_cites_its_source(drawn, kind, lang):
    spec = drawn[lang][kind]
    root = ET.fromstring(figures.to_svg(spec, lang))
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert root.get("lang") == lang
    about = root.find(f"{SVG}desc").text
    assert root.get("aria-label") == about == spec["description"]
    assert len(about) > 40
    assert root.find(f"{SVG}title").text == " ".join(spec["title"]["text"])
    words = " ".join(root.itertext())
    assert {"nb": "Kilde:", "nn": "Kjelde:", "en": "Source:"}[lang] in words
    assert not any(bad in words for bad in ("NaN", "undefined", "None", "null"))


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_figure_is_drawn_twice_alike(drawn, sample_release, kind):
    again = every_figure(sample_release, "nb")[kind]
    assert json.dumps(again) == json.dumps(drawn["nb"][kind])
    assert figures.to_svg(again, "nb") == figures.to_svg(drawn["nb"][kind], "nb")


def test_png_is_a_picture_of_the_asked_size(drawn):
    small, large = (figures.to_png(drawn["nb"]["trend"], "nb", scale) for scale in (1, 2))
    assert small[:8] == large[:8] == b"\x89PNG\r\n\x1a\n"
    width = [int.from_bytes(picture[16:20]) for picture in (small, large)]
    assert abs(width[1] - 2 * width[0]) <= 2


def test_numbers_on_the_axes_follow_the_language(sample_release):
    told = {}
    for lang in LANGS:
        rows = {r.indicator: r for r in area_page(sample_release, "delbydel", "0202", lang).rows}
        svg = figures.to_svg(figures.trend(rows["mean_income"], lang), lang)
        told[lang] = " ".join(ET.fromstring(svg).itertext())
    assert "460\u00a0000" in told["nb"]
    assert "460\u00a0000" in told["nn"]
    assert "460,000" in told["en"]


def test_a_missing_year_is_a_gap_and_never_drawn(drawn):
    spec = drawn["nb"]["gap"]
    lines = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "line")
    assert lines["mark"]["invalid"].startswith("break-paths")
    own = [p for p in lines["data"]["values"] if p["role"] == "area"]
    assert [p["value"] is None for p in own] == [False, False, True]
    assert spec["title"]["subtitle"] == [
        "Grått felt: usikkerhetsintervallet for Skogly",
        "Hull i linjen: tall som mangler eller er skjult",
    ]


def test_years_that_nobody_delivered_stand_on_the_axis():
    assert every_period(["2014", "2016"]) == ["2014", "2015", "2016"]
    assert every_period(["2014-2016", "2016-2018"]) == ["2014-2016", "2016-2018"]


def test_a_year_that_nobody_delivered_is_a_gap_but_not_owed(sample_release):
    from dataclasses import replace

    rows = {r.indicator: r for r in area_page(sample_release, "delbydel", "0203", "nb").rows}
    row = rows["tenants"]
    without = tuple(
        replace(s, points=tuple(p for p in s.points if p.period != "2016")) for s in row.history
    )
    spec = figures.trend(replace(row, history=without), "nb")
    own = [p for p in spec["layer"][0]["data"]["values"] if p["role"] == "area"]
    assert [(p["period"], p["value"] is None) for p in own] == [
        ("2015", False), ("2016", True), ("2017", False),
    ]  # fmt: skip
    assert spec["title"]["subtitle"] == ["Grått felt: usikkerhetsintervallet for Fjæra"]


def test_hidden_areas_are_hatched_and_have_a_box_in_the_legend(drawn):
    layers = drawn["nb"]["map"]["layer"]
    assert [layer["mark"]["type"] for layer in layers] == ["geoshape", "geoshape", "text"]
    scale = layers[0]["encoding"]["fill"]["scale"]
    assert dict(zip(scale["domain"], scale["range"], strict=True))["Skjult"] == "#8b8f94"
    kinds = {f["properties"]["name"]: f["properties"]["kind"] for f in layers[0]["data"]["values"]}
    assert kinds["Åsen"] == "hidden"


def test_specifications_fetch_nothing(drawn):
    for spec in drawn["nb"].values():
        text = json.dumps({key: value for key, value in spec.items() if key != "$schema"})
        assert "http" not in text
        assert '"url"' not in text


def test_names_cannot_break_out_of_an_expression():
    from nabolag.publish.figures.base import names_expression

    told = names_expression({"01": "Å's \\ b"})
    assert told == "({'01': 'Å\\'s \\\\ b'})[datum.value]"


def test_hundreds_of_areas_still_fit_a_page(sample_release):
    from dataclasses import replace

    view = indicator_page(sample_release, "crowded", "nb")
    rows = tuple(replace(view.rows[0], code=f"{n:04d}") for n in range(400)) + view.rows[-1:]
    spec = figures.ranking(replace(view, rows=rows))
    root = ET.fromstring(figures.to_svg(spec, "nb"))
    assert float(root.get("height")) < 2200
    assert view.counts_sentence.rstrip(".") in " ".join(spec["title"]["subtitle"])
    data = [layer["data"]["values"] for layer in spec["layer"] if "data" in layer]
    assert max(len(values) for values in data) == 400


def test_nothing_to_show_is_said(sample_release):
    from dataclasses import replace

    view = replace(indicator_page(sample_release, "crowded", "nb"), rows=())
    root = ET.fromstring(figures.to_svg(figures.ranking(view), "nb"))
    assert "Ingen tall å vise" in " ".join(root.itertext())


def test_locales_are_whole():
    for lang in LANGS:
        assert len(figures.time_locale(lang)["months"]) == 12
        assert len(figures.time_locale(lang)["days"]) == 7
    assert figures.time_locale("nb")["days"][0] == "søndag"
    assert figures.number_locale("nn")["decimal"] == ","
