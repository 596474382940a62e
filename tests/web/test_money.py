"""The pages about money: the list, a page, its table and figure as files, and wrong addresses."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import pytest
from django.test import Client

from nabolag.core import Lang
from nabolag.publish.views.analyses.model import Cell, Column, TableView
from nabolag.publish.views.model import Choice
from nabolag.publish.views.money import Field, MoneyView, TableFile
from nabolag.store import Release
from nabolag.web.money import pages, views
from nabolag.web.money.pages import MoneyPage


def _counted(release: Release, asked: Mapping[str, str], lang: Lang) -> MoneyView:
    count = int(asked.get("antall", "2"))
    rows = tuple((Cell(str(n), n), Cell(f"{n} kr", n)) for n in range(count))
    columns = (Column("n", "Nummer", numeric=True), Column("kroner", "Kroner", numeric=True))
    return MoneyView(
        lang,
        "Telling",
        "Hvor mange?",
        f"Det er {count}.",
        fields=(Field("antall", "Antall", "number", str(count)),
                Field("slag", "Slag", choices=(Choice("a", "A", selected=True),))),
        tables=(TableView("tall", "Tall", columns, rows),),
        files=(TableFile("tall", "Tall", pl.DataFrame({"n": range(count)})),),
    )  # fmt: skip


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let there be one page."""
    one = (MoneyPage("telling", _counted),)
    monkeypatch.setattr(pages, "PAGES", one)
    monkeypatch.setattr(views, "_OPENINGS", type(views._OPENINGS)(10))


@pytest.mark.usefixtures("counted")
def test_list_tells_what_each_page_answers(site: Client) -> None:
    shown = site.get("/nb/penger/").content.decode()
    assert "Det er 2." in shown
    assert 'href="/nb/penger/telling/"' in shown


@pytest.mark.usefixtures("counted")
def test_address_is_the_state(site: Client) -> None:
    shown = site.get("/nb/penger/telling/?antall=3").content.decode()
    assert "Det er 3." in shown
    assert 'value="3"' in shown
    assert "/nb/penger/telling/tabell/tall.xlsx?antall=3" in shown


@pytest.mark.usefixtures("counted")
def test_table_is_a_file(site: Client) -> None:
    answer = site.get("/nb/penger/telling/tabell/tall.csv-international?antall=3")
    assert answer.status_code == 200
    assert answer.content.decode("utf-8-sig").split() == ["n", "0", "1", "2"]


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize(
    "address",
    ["nei/", "telling/tabell/nei.csv", "telling/tabell/tall.doc", "telling/figur/nei.svg"],
)
def test_wrong_addresses_are_not_found(site: Client, address: str) -> None:
    answer = site.get(f"/nb/penger/{address}")
    assert answer.status_code == 404
