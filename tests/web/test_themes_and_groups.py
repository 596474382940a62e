"""An area's page by theme, and figures by group: complete without scripts, state in the address."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from nabolag.core import LANGS
from tests.web.test_pages import Outline, assert_whole

PAGES = {
    "area": "omrade/bydel/990101/",
    "area_open": "omrade/bydel/990102/?open=income,by-low_income,years-income,background",
    "country": "omrade/land/0/?open=income",
    "everybody": "indikator/low_income/",
    "group": "indikator/low_income/?level=bydel&group=sex%3Dfemale",
    "age": "indikator/tenants/?group=age_band%3D67%2B&period=2016",
    "municipalities": "indikator/low_income/?level=kommune",
}
AREA = "/nb/omrade/bydel/990101/"


def page_of(site: Client, address: str) -> str:
    answer = site.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def open_parts(page: str) -> list[str]:
    return re.findall(r'<details [^>]*data-part="([^"]+)" open>', page)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_every_page_is_whole_in_every_language(wide_site: Client, lang: str, path: str):
    assert_whole(wide_site, lang, path)


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_no_cell_is_a_dash_or_empty_and_rows_have_the_columns_of_their_heads(
    wide_site: Client, path: str
):
    page = page_of(wide_site, f"/nb/{path}")
    for table in re.findall(r"<table.*?</table>", page, re.DOTALL):
        rows = re.findall(r"<tr[ >].*?</tr>", table, re.DOTALL)
        widths = {_width(row) for row in rows}
        assert len(widths) == 1, table[:200]
        for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", table, re.DOTALL):
            assert re.sub(r"<[^>]*>", "", cell).strip() not in {"", "-", "–", "—"}


def _width(row: str) -> int:
    cells = re.findall(r"<t[dh]([^>]*)>", row)
    spans = [re.search(r'colspan="(\d+)"', cell) for cell in cells]
    return sum(int(span.group(1)) if span else 1 for span in spans)


def test_themes_are_closed_until_the_address_opens_them(wide_site: Client):
    assert open_parts(page_of(wide_site, AREA)) == []
    opened = page_of(wide_site, f"{AREA}?open=income,by-low_income,nobody-knows")
    assert open_parts(opened) == ["income", "by-low_income"]


@pytest.mark.parametrize("path", [AREA, "/nn/omrade/kommune/9901/", "/en/omrade/delbydel/0203/"])
def test_the_contents_lead_to_places_that_are_there_and_open(wide_site: Client, path: str):
    page = page_of(wide_site, path)
    contents = re.search(r'<nav class="nb-contents".*?</nav>', page, re.DOTALL)
    assert contents
    links = [unescape(link) for link in re.findall(r'href="([^"]+)"', contents.group(0))]
    assert len(links) > 5
    facts = re.findall(r'<dt><a href="([^"]+)" data-opens', page)
    for link in [*links, *map(unescape, facts)]:
        address, _, anchor = link.partition("#")
        there = page_of(wide_site, address)
        assert anchor in Outline(there).ids, link
        wanted = re.search(r"open=([a-z_]+)", address)
        assert not wanted or wanted.group(1) in open_parts(there), link


def test_assets_stand_before_challenges_and_background_after_all(wide_site: Client):
    page = page_of(wide_site, "/nb/omrade/delbydel/0203/?open=safety,income,background")
    assert page.index('id="skiller"') < page.index('id="opphopning"') < page.index('id="alle-tall"')
    background = page.index('id="bakgrunn"')
    assert all(page.index(f'id="tema-{ring}"') < background for ring in ("income", "safety"))
    assert 'scope="rowgroup"' in page


def test_a_chart_is_fetched_from_its_own_address(wide_site: Client):
    page = page_of(wide_site, f"{AREA}?open=income,by-low_income")
    charts = [unescape(a) for a in re.findall(r'<nb-chart data-src="([^"]+)"', page)]
    assert any("figur/trend.json" in chart for chart in charts)
    assert any("figur/groups.json" in chart for chart in charts)
    for chart in charts:
        told = wide_site.get(chart)
        assert told.status_code == 200
        source = told.json()
        assert set(source) == {"spec", "formatLocale", "timeLocale"}
        assert source["spec"]["layer"]
    again = wide_site.get(charts[0], headers={"if-none-match": wide_site.get(charts[0])["ETag"]})
    assert again.status_code == 304


def test_data_that_layers_share_are_sent_once(wide_site: Client):
    chart = "/nb/last-ned/figur/trend.json?level=bydel&area=990101&indicator=low_income"
    spec = wide_site.get(chart).json()["spec"]
    used = [layer["data"]["name"] for layer in spec["layer"] if "name" in layer.get("data", {})]
    assert len(used) > len(spec["datasets"])
    assert set(used) == set(spec["datasets"])


@pytest.mark.parametrize("form", ["svg", "json"])
def test_the_spine_of_one_theme_has_that_theme_alone(wide_site: Client, form: str):
    address = f"/nb/last-ned/figur/spine.{form}?level=bydel&area=990101&theme=housing"
    told = wide_site.get(address).content.decode()
    assert "Husholdninger som leier" in told
    assert "lavinntekt" not in told


def test_groups_stand_in_words_with_their_statuses(wide_site: Client):
    page = page_of(wide_site, f"{AREA}?open=income,by-low_income")
    table = re.search(r'<table[^>]*id="grupper-low_income".*?</table>', page, re.DOTALL)
    assert table
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", table.group(0)))
    assert "Etter kjønn og alder" in words
    assert words.index("Menn") < words.index("Kvinner") < words.index("0–17 år")
    assert "Skjult av hensyn til personvern (færre enn 5)" in words
    assert "sex=" not in words


def test_background_groups_stand_in_a_table_of_their_own(wide_site: Client):
    page = page_of(wide_site, "/nb/omrade/kommune/9901/?open=income,by-low_income")
    first = re.search(r'<table[^>]*id="grupper-low_income".*?</table>', page, re.DOTALL)
    apart = re.search(r'<table[^>]*id="grupper-low_income-bakgrunn".*?</table>', page, re.DOTALL)
    assert first
    assert apart
    assert "Innvandrere" not in first.group(0)
    assert "Innvandrere" in apart.group(0)
    assert "Gruppene blir ikke rangert" in page


def test_the_group_stands_in_the_address_the_form_the_map_and_the_files(wide_site: Client):
    page = page_of(wide_site, "/nb/indikator/low_income/?level=bydel&group=sex%3Dfemale")
    assert '<option value="sex=female" selected>Kvinner</option>' in page
    assert "<h1>Husholdninger med lavinntekt blant kvinner</h1>" in page
    layer = re.search(r'data-src="([^"]+kart.geojson[^"]+)"', page)
    assert layer
    drawn = wide_site.get(unescape(layer.group(1))).json()
    assert drawn["legendTitle"].startswith("Husholdninger med lavinntekt blant kvinner")
    texts = [feature["properties"]["text"] for feature in drawn["features"]]
    assert len(texts) == 2
    assert all(text in page for text in texts)
    files = [unescape(a) for a in re.findall(r'href="([^"]+tall\.csv[^"]+)"', page)]
    assert files
    table = wide_site.get(files[0]).content.decode("utf-8-sig")
    assert "sex=female" in table
    assert "sex=male" not in table


def test_a_level_without_groups_leads_to_those_that_have(wide_site: Client):
    page = page_of(wide_site, "/nb/indikator/low_income/?level=delbydel")
    assert 'id="gruppe"' not in page
    assert "Kart og tabell etter kjønn og alder finnes for:" in page
    assert '"/nb/indikator/low_income/?level=bydel"' in page


@pytest.mark.parametrize(
    ("address", "suggested"),
    [
        ("indikator/low_income/?level=bydel&group=sex%3Dx", ">Kvinner</a>"),
        ("indikator/low_income/?level=delbydel&group=sex%3Dmale", ">bydeler</a>"),
        ("indikator/low_income/?level=kommune&group=immigration_category%3DB", ""),
        ("last-ned/figur/groups.svg?level=bydel&area=990101&indicator=crowded", ""),
        ("last-ned/figur/spine.svg?level=bydel&area=990101&theme=nope", ""),
    ],
)
def test_what_cannot_be_shown_is_told(wide_site: Client, address: str, suggested: str):
    answer = wide_site.get(f"/nb/{address}")
    assert answer.status_code == 400
    assert suggested in answer.content.decode()
    assert "Traceback" not in answer.content.decode()


def test_a_page_of_many_indicators_stays_small(wide_site: Client):
    page = page_of(wide_site, AREA)
    drawn = re.findall(r'<script type="application/json" id="figur-', page)
    themes = re.findall(r'class="ds-details nb-part" id="tema-', page)
    assert len(drawn) <= len(themes)  # spines alone are on the page; the rest is fetched


def test_a_cube_names_its_groups(wide_site: Client):
    cube = wide_site.get("/nb/last-ned/tall.jsonstat?level=bydel&indicator=low_income").json()
    labels = cube["dimension"]["group"]["category"]["label"]
    assert labels["sex=female"] == "Kvinner"
    assert labels["age_band=67+"] == "67 år og over"
    assert "Alle" in labels.values()
