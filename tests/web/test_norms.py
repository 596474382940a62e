"""The pages of the teacher norm, housing allowance and dated schemes, as a reader asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from nabolag.core import LANGS
from nabolag.store import Release
from nabolag.web import releases

PAGES = ("larernorm", "bostotte", "ordninger")


@pytest.fixture
def town_site(norm_release: Release, settings: Any) -> Iterator[Client]:
    settings.NABOLAG_WORKSPACE = norm_release.bundle.path.parents[1]
    yield Client()
    releases._opened.clear()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_in_every_language_with_its_files(
    town_site: Client, page: str, lang: str
) -> None:
    answer = town_site.get(f"/{lang}/penger/{page}/")
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert f"/{lang}/penger/{page}/tabell/" in shown
    assert f"/{lang}/penger/{page}/figur/" in shown


def test_the_list_of_pages_about_money_names_them(town_site: Client) -> None:
    shown = town_site.get("/nb/penger/").content.decode()
    assert all(f'href="/nb/penger/{page}/"' in shown for page in PAGES)


@pytest.mark.parametrize(
    "address",
    [
        "larernorm/tabell/norm.xlsx?styrke=20",
        "larernorm/tabell/for_etter.csv",
        "larernorm/figur/tak.svg",
        "larernorm/figur/utvikling.png",
        "bostotte/tabell/reform.csv",
        "bostotte/tabell/utregning.json?personer=3",
        "bostotte/figur/inntekt.svg",
        "ordninger/tabell/ordninger.xlsx?dato=2023-06-15",
        "ordninger/figur/tidslinje.svg?dato=2023-06-15",
    ],
)
def test_tables_and_figures_are_files(town_site: Client, address: str) -> None:
    answer = town_site.get(f"/nb/penger/{address}")
    assert answer.status_code == 200
    assert len(answer.content) > 60


def test_the_address_is_the_state(town_site: Client) -> None:
    shown = town_site.get("/nb/penger/larernorm/?styrke=25&trinn=5-7").content.decode()
    assert 'value="25"' in shown
    assert "/nb/penger/larernorm/tabell/norm.csv?styrke=25&amp;trinn=5-7" in shown


def test_what_is_wrong_is_told_beside_its_field(town_site: Client) -> None:
    shown = town_site.get("/nb/penger/bostotte/?personer=mange").content.decode()
    assert "«mange» kan ikke brukes" in shown
    assert 'aria-invalid="true"' in shown


def test_no_number_that_is_hidden_is_in_the_page(town_site: Client) -> None:
    shown = town_site.get("/nb/penger/bostotte/tabell/reform.csv").content.decode("utf-8-sig")
    lines = [line for line in shown.splitlines() if "suppressed" in line]
    assert lines
    assert all(";;" in line for line in lines)
