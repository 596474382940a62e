"""The page of an area of one's own, as a reader without scripts meets it."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape
from urllib.parse import quote

import pytest
from django.test import Client

from nabolag.core import LANGS, label

HERE = "eget-omrade/"
TWO = "level=delbydel&area=0101&area=0203"


def text(site: Client, address: str, status: int = 200) -> str:
    answer = site.get(address)
    assert answer.status_code == status, address
    return unescape(answer.content.decode())


def links(page: str) -> list[str]:
    return re.findall(r'href="([^"]+)"', page)


@pytest.mark.parametrize("lang", LANGS)
def test_an_empty_page_is_a_form_to_choose_on(site: Client, lang: str):
    page = text(site, f"/{lang}/{HERE}")
    assert label("own.empty", lang) in page
    assert page.count('type="checkbox"') == 6
    assert "checked" not in page
    assert label("own.figures", lang, name=label("own.unnamed", lang)) not in page
    assert f'action="/{lang}/{HERE}"' in page


def test_areas_stand_under_the_area_they_lie_in_in_the_order_of_the_alphabet(site: Client):
    page = text(site, f"/nb/{HERE}")
    assert re.findall(r"<legend>([^<]+)", page) == ["Nordre", "Søndre"]
    names = re.findall(r"<span>(\S[^<]*?) <small>", page)
    assert names == ["Fjæra", "Nordre Øya", "Skogly", "Brygga", "Kirkehaugen", "Åsen"]


@pytest.mark.parametrize("lang", LANGS)
def test_chosen_areas_have_figures_beside_the_municipality(site: Client, lang: str):
    page = text(site, f"/{lang}/{HERE}?{TWO}")
    assert page.count(" checked") == 2
    for key in ("own.how_sums", "own.how_absent", "own.how_safe", "own.keep_lead"):
        assert label(key, lang) in page
    assert page.index(label("web.area.assets", lang)) < page.index(
        label("web.area.challenges", lang)
    )
    assert "Eksempel" in page
    assert label("own.status.hidden", lang, n=1, of="2") in page
    assert 'members = ["0101", "0203"]' in page


def test_the_address_is_the_state(site: Client):
    page = text(site, f"/nb/{HERE}?{TWO}&name={quote('Ved fjorden')}")
    assert "<h1>Ved fjorden</h1>" in page
    assert f"/nn/{HERE}?{TWO}&name=" in page
    once = text(site, f"/nb/{HERE}?level=delbydel&area=0203&area=0101&area=0203")
    again = text(site, f"/nb/{HERE}?{TWO}")
    table = re.compile(r'<table class="nb-table" id="tall-tabell".*?</table>', re.DOTALL)
    assert table.findall(once) == table.findall(again) != []


def test_every_address_on_the_page_answers(site: Client):
    page = text(site, f"/nb/{HERE}?{TWO}&name=Her")
    wanted = [one for one in links(page) if "eget-omrade/" in one]
    wanted += re.findall(r'data-src="([^"]+eget-omrade[^"]+)"', page)
    assert len(wanted) > 20
    for address in dict.fromkeys(wanted):
        assert site.get(address).status_code == 200, address


def test_the_file_has_the_figures_of_the_page(site: Client):
    page = text(site, f"/nb/{HERE}?{TWO}")
    (address,) = [one for one in links(page) if "tall.csv?" in one]
    answer = site.get(address)
    assert "eget-omrade-nb.csv" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert {row["area"] for row in rows} == {"0101+0203"}
    tenants = next(r for r in rows if (r["indicator"], r["period"]) == ("tenants", "2017"))
    shown = f"{float(tenants['value'].replace(',', '.')) * 100:.1f}".replace(".", ",")
    assert f"{shown}\u00a0%" in page


def test_the_map_draws_what_can_be_chosen_and_no_figure(site: Client):
    drawn = json.loads(site.get(f"/nb/{HERE}kart.geojson?level=delbydel").content)
    assert {f["properties"]["code"] for f in drawn["features"]} == {
        "0101", "0102", "0103", "0201", "0202", "0203"}  # fmt: skip
    assert all("value" not in feature["properties"] for feature in drawn["features"])
    assert [entry["label"] for entry in drawn["legend"]] == ["Kan velges", "Valgt"]


def test_a_long_list_is_narrowed_by_a_word_and_the_map_with_it(
    site: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("nabolag.publish.views.own_area.LISTED", 2)
    page = text(site, f"/nb/{HERE}?area=0203&find=sko")
    assert 'name="find" value="sko"' in page
    assert "Listen viser 2 av 6" in page
    assert page.count('type="checkbox"') == 2
    (address,) = re.findall(r'<nb-map[^>]*data-src="([^"]+)"', page)
    drawn = json.loads(site.get(address).content)
    assert {f["properties"]["code"] for f in drawn["features"]} == {"0202", "0203"}


def test_all_of_a_district_is_led_to_the_district(site: Client):
    page = text(site, f"/nb/{HERE}?area=0101&area=0102&area=0103")
    assert "til sammen hele Søndre" in page
    assert 'href="/nb/omrade/bydel/990101/"' in page


def test_it_is_reached_from_where_areas_are(site: Client):
    assert f'href="/nb/{HERE}"' in text(site, "/nb/metode/")
    assert f'href="/nb/{HERE}?level=bydel"' in text(site, "/nb/?level=bydel&indicator=crowded")
    assert f'href="/nb/{HERE}?level=delbydel&area=0203"' in text(site, "/nb/omrade/delbydel/0203/")
    town = text(site, "/nb/omrade/kommune/9901/")
    assert label("own.add", "nb") not in town


def test_an_unknown_code_is_told_with_the_nearest_and_the_others_stay(site: Client):
    page = text(site, f"/nb/{HERE}?area=0203&area=0109", 404)
    assert "«0109»" in page
    near = [one for one in links(page) if one.startswith(f"/nb/{HERE}?") and "0109" not in one]
    assert f"/nb/{HERE}?area=0203&area=0101" in near
    assert all(site.get(address).status_code == 200 for address in near)
    assert "Åsen (0101)" in page


def test_a_code_of_another_level_is_told(site: Client):
    page = text(site, f"/nb/{HERE}?level=delbydel&area=990101", 400)
    assert "«990101» er bydel, men du har valgt nivået delbydel." in page
    assert "bydel, delbydel" in text(site, f"/nb/{HERE}?level=kommune", 400)


@pytest.mark.parametrize(
    "query", ["area=0101&" * 201, "name=" + "a" * 4001, "area=0101&" * 1500, "a&" * 3000]
)
def test_a_long_address_is_told(site: Client, query: str):
    page = text(site, f"/nb/{HERE}?{query}", 400)
    assert "Adressen er for lang" in page
    assert "200 områder" in page


def test_words_of_the_reader_are_only_words(site: Client):
    page = site.get(f"/nb/{HERE}?{TWO}&name=" + quote('<b>"x"\n\u202e</b>')).content.decode()
    assert "<b>" not in page
    assert "\u202e" not in page
    assert "&lt;b&gt;&quot;x&quot;&lt;/b&gt;" in page


@pytest.mark.parametrize(
    ("path", "status"),
    [("tall.csv", 400), (f"tall.gpkg?{TWO}", 404), (f"figur/utvikling.pdf?{TWO}", 404),
     (f"figur/utvikling.svg?{TWO}", 400), (f"figur/utvikling.svg?{TWO}&indicator=x", 404),
     ("figur/utvikling.svg?indicator=crowded", 400)],
)  # fmt: skip
def test_what_is_not_there_is_told(site: Client, path: str, status: int):
    text(site, f"/nb/{HERE}{path}", status)
