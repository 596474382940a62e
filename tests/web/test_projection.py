"""The page about the years to come: the answer, the choices, the tables and the files."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from nabolag.pipeline import build
from nabolag.publish.views.money.projection import projection_page
from nabolag.store import Release, Workspace
from nabolag.web import releases
from tests.support.projected import write_projected

PAGE = "/nb/penger/framskriving/"


@pytest.fixture(scope="module")
def projected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_projected(tmp_path_factory.mktemp("ahead"))
    build(folder)
    return folder


@pytest.fixture
def reader(projected: Path, settings: Any) -> Iterator[Client]:
    settings.NABOLAG_WORKSPACE = projected
    yield Client()
    releases._opened.clear()


@pytest.fixture(scope="module")
def release(projected: Path) -> Release:
    return Workspace(projected).release()


def test_the_page_opens_with_the_answer(reader: Client) -> None:
    shown = reader.get(PAGE).content.decode()
    assert re.search(
        r"Nordby hadde [\d\s]+ innbyggere 1\. januar 2023 og får [\d\s]+ i 2029", shown
    )
    for heading in ("Innbyggere i hvert alternativ", "Aldersgrupper nå og senere", "Behov for plasser",
                    "Forsørgerbyrde", "Hvor mye framskrivingen har bommet", "Hvor sikre er vi?"):  # fmt: skip
        assert heading in shown
    assert "eksempel, ikke kommunens egne tall" in shown


def test_the_address_chooses_area_alternative_and_year(reader: Client) -> None:
    shown = reader.get(f"{PAGE}?omrade=kommune:9902&alternativ=high&ar=2026").content.decode()
    assert "Sørby hadde" in shown
    assert "i 2026 etter høy vekst" in shown
    assert 'href="/nb/penger/framskriving/tabell/people.xlsx?omrade=kommune' in shown


def test_the_areas_own_page_tells_and_leads_there(reader: Client) -> None:
    shown = reader.get("/nb/omrade/kommune/9902/").content.decode()
    part = shown[shown.index('id="penger"') :]
    found = re.search(r'href="(/nb/penger/framskriving/[^"]*9902)">[^<]+</a>: (Sørby hadde)', part)
    assert found
    there = reader.get(found[1].replace("&amp;", "&")).content.decode()
    assert "Sørby hadde" in there


def test_an_area_of_few_says_so(reader: Client, release: Release) -> None:
    people = release.reckoned["framskriving"].table("people")
    few = people.filter(people["status"] == "suppressed_rule")["area"][0]
    shown = reader.get(f"{PAGE}?omrade=grunnkrets:{few}").content.decode()
    assert "til at framskrivingen vises" in shown
    assert "Skjult (få innbyggere)" in shown
    assert ">0<" not in shown.split("Innbyggere i hvert alternativ")[1].split("</table>")[0]


@pytest.mark.parametrize("lang", ["nb", "nn", "en"])
def test_the_page_is_in_three_languages(release: Release, lang: Any) -> None:
    view = projection_page(release, {}, lang)
    said = " ".join([view.opening, *view.lead, *view.sure, view.rule])
    assert "{" not in said
    assert view.tables
    assert all(table.note for table in view.tables)


@pytest.mark.parametrize("table", ["people", "dependency", "demand", "cost", "flows", "errors"])
def test_every_table_is_a_file(reader: Client, table: str) -> None:
    for form in ("csv", "csv-international", "xlsx", "json"):
        answer = reader.get(f"{PAGE}tabell/{table}.{form}")
        assert answer.status_code == 200
        assert answer.content


def test_the_file_has_what_the_page_shows(reader: Client, release: Release) -> None:
    text = reader.get(f"{PAGE}tabell/people.csv-international").content.decode("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert len(rows) == release.reckoned["framskriving"].table("people").height
    hidden = [row for row in rows if row["status"] != "value"]
    assert hidden
    assert all(row["persons"] == "" for row in hidden)


@pytest.mark.parametrize("picture", ["innbyggere", "aldre", "plasser"])
def test_pictures_are_files(reader: Client, picture: str) -> None:
    answer = reader.get(f"{PAGE}figur/{picture}.svg?omrade=kommune:9901")
    assert answer.status_code == 200
    assert b"<svg" in answer.content


def test_pictures_tell_in_words_what_they_show(release: Release) -> None:
    for picture in projection_page(release, {}, "nb").pictures:
        assert "Nordby" in picture.spec["description"]


def test_a_release_without_a_projection_says_how_to_get_one(
    site: Client, sample_release: Release
) -> None:
    shown = site.get(PAGE).content.decode()
    assert "[[projection]]" in shown


def test_areas_that_were_hidden_have_no_bars(release: Release) -> None:
    people = release.reckoned["framskriving"].table("people")
    few = people.filter(people["status"] == "suppressed_rule")["area"][0]
    view = projection_page(release, {"omrade": f"grunnkrets:{few}"}, "nb")
    assert [picture.name for picture in view.pictures] == []
