"""Schools and kindergartens on an area's page: list, map, files, and nothing where none are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from nabolag.core import LANGS, label
from nabolag.store import Release
from nabolag.web import releases
from tests.support.served_schools import write_served_schools


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return write_served_schools(tmp_path_factory.mktemp("schools"))


@pytest.fixture
def schools_site(built: Release, settings: Any) -> Iterator[Client]:
    settings.NABOLAG_WORKSPACE = built.bundle.path.parents[1]
    yield Client()
    releases._opened.clear()


def text_of(site: Client, address: str) -> str:
    answer = site.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("lang", LANGS)
def test_an_area_lists_its_places(schools_site: Client, lang: Any) -> None:
    page = text_of(schools_site, f"/{lang}/omrade/kommune/9901/")
    assert label("web.area.schools", lang) in page
    for name in ("Sørli skole", "Nordli skole", "Barnehage K1", "Barnehage K2"):
        assert name in page
    assert f'href="/{lang}/omrade/delbydel/0202/"' in page
    assert 'data-filter-for="steder"' in page
    assert "#skoler" in page
    assert label("web.schools.served", lang, name="Prøvekommune") in page


def test_the_map_is_a_figure_of_the_page(schools_site: Client) -> None:
    page = text_of(schools_site, "/nb/omrade/delbydel/0101/")
    drawn = "/nb/last-ned/figur/schools.json?level=delbydel&amp;area=0101"
    assert drawn in page
    answer = schools_site.get(drawn.replace("&amp;", "&"))
    assert answer.status_code == 200
    assert len(answer.json()["spec"]["datasets"]) >= 2
    svg = text_of(schools_site, "/nn/last-ned/figur/schools.svg?level=delbydel&area=0101")
    assert "<svg" in svg


@pytest.mark.parametrize("form", ["csv", "csv-international", "xlsx", "geojson"])
def test_every_file_that_is_offered_is_there(schools_site: Client, form: str) -> None:
    address = f"/nb/last-ned/steder/kommune/9901.{form}"
    assert address in text_of(schools_site, "/nb/omrade/kommune/9901/")
    answer = schools_site.get(address)
    assert answer.status_code == 200
    assert "steder-9901-nb" in answer.headers["Content-Disposition"]
    assert len(answer.content) > 100


def test_what_is_not_there_is_told_of(schools_site: Client) -> None:
    assert schools_site.get("/nb/last-ned/steder/kommune/9901.pdf").status_code == 404


def test_a_release_without_places_says_nothing_of_them(site: Client) -> None:
    page = text_of(site, "/nb/omrade/delbydel/0203/")
    assert label("web.area.schools", "nb") not in page
    for address in ("steder/delbydel/0203.csv", "figur/schools.svg?level=delbydel&area=0203"):
        assert site.get(f"/nb/last-ned/{address}").status_code in (400, 404)
