"""The page about spending models over HTTP: the page, the list, files, and wrong addresses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from nabolag.pipeline import build
from nabolag.web import releases
from tests.support.models import write_models


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = write_models(tmp_path_factory.mktemp("nettsted"))
    build(made)
    return made


@pytest.fixture
def served(folder: Path, settings: Any) -> Iterator[Client]:
    settings.NABOLAG_WORKSPACE = folder
    yield Client()
    releases._opened.clear()


def test_the_list_of_money_leads_to_the_page(served: Client) -> None:
    shown = served.get("/nb/penger/").content.decode()
    assert 'href="/nb/penger/utgiftsmodeller/"' in shown
    every = served.get("/nb/penger/utgiftsmodeller/").content.decode()
    assert 'href="/nb/penger/utgiftsmodeller/?modell=egen"' in every


@pytest.mark.parametrize("lang", ["nb", "nn", "en"])
def test_the_page_offers_the_table_as_files(served: Client, lang: str) -> None:
    shown = served.get(f"/{lang}/penger/utgiftsmodeller/?modell=aktiviteter").content.decode()
    for form in ("docx", "xlsx", "tex", "html"):
        address = f"/{lang}/penger/utgiftsmodeller/oppsett/aktiviteter.{form}"
        assert f'href="{address}"' in shown
        answer = served.get(address)
        assert answer.status_code == 200
        assert "attachment" in answer["Content-Disposition"]
    assert "/tabell/coefficients.csv" in shown


@pytest.mark.parametrize("tail", ["nei.docx", "aktiviteter.pdf"])
def test_wrong_files_are_not_found(served: Client, tail: str) -> None:
    assert served.get(f"/nb/penger/utgiftsmodeller/oppsett/{tail}").status_code == 404


def test_a_release_without_models_lists_no_such_page(site: Client) -> None:
    shown = site.get("/nb/penger/").content.decode()
    assert "utgiftsmodeller" not in shown
