"""The pages of analyses, and their tables and figures as files."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.test import Client

from nabolag.core import LANGS, label

PAGE = "analyse/ligner/"


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_says_rule_answer_and_certainty(site: Client, lang: str):
    page = site.get(f"/{lang}/{PAGE}").content.decode()
    for key in ("analysis.rule", "analysis.sure"):
        assert label(key, lang) in page
    assert f'href="/{lang}/omrade/delbydel/0101/"' in page
    assert f"/{lang}/analyse/ligner/tabell/neighbours.csv" in page


def test_the_list_leads_to_each(site: Client):
    page = site.get("/nb/analyse/").content.decode()
    assert 'href="/nb/analyse/ligner/"' in page
    assert site.get("/nb/").content.decode().count('href="/nb/analyse/"') == 1


def test_the_area_page_tells_what_analyses_say(site: Client):
    page = site.get("/nb/omrade/delbydel/0101/").content.decode()
    assert "ligner området mest på" in page


@pytest.mark.parametrize("form", ["csv", "csv-international", "xlsx", "json"])
def test_tables_are_files(site: Client, form: str):
    answer = site.get(f"/nb/analyse/ligner/tabell/neighbours.{form}")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
        assert rows[0]["name"] == "Åsen"
        assert "," in rows[0]["distance"] or rows[0]["distance"].isdigit()
    if form == "json":
        document = json.loads(answer.content)
        assert document["parameters"]["traits"] == ["crowded", "tenants"]
        assert document["rows"][0]["area"] == "0101"


@pytest.mark.parametrize(
    "path",
    ["analyse/nothing/", "analyse/ligner/tabell/nothing.csv", "analyse/ligner/tabell/traits.doc",
     "analyse/ligner/figur/nothing.svg", "analyse/ligner/kart.geojson"],
)  # fmt: skip
def test_what_is_not_there_is_told(site: Client, path: str):
    answer = site.get(f"/nb/{path}")
    assert answer.status_code in (400, 404)
    assert "nothing" in answer.content.decode() or "kart" in path or "doc" in path
