"""The pages about the years to come and the accounts in a real browser: desk, phone, no scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from nabolag.pipeline import build
from tests.browser.conftest import BUILT, overflow, wait_drawn
from tests.support.ledger import DECLARED, ROWS, WRONG
from tests.support.projected import PROJECTION, write_projected
from tests.support.requirements import lacking
from tests.web.serving import serving

pytestmark = pytest.mark.browser

AHEAD, LEDGER = "nb/penger/framskriving/", "nb/penger/regnskap/"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with a projection and a ledger."""
    if not (BUILT / ".vite" / "manifest.json").is_file():
        lacking("the front end is not built (cd frontend && npm ci && npm run build)")
    folder = write_projected(tmp_path_factory.mktemp("served") / "town", PROJECTION, DECLARED)
    (folder / "regnskap.csv").write_text(ROWS + WRONG, encoding="utf-8")
    build(folder)
    with serving(folder) as address:
        yield address


def test_a_reader_chooses_an_area_and_the_address_keeps_it(
    served: str, desktop: Page, screenshot: Any
) -> None:
    desktop.goto(f"{served}{AHEAD}")
    desktop.select_option("#felt-omrade", "kommune:9902")
    desktop.select_option("#felt-ar", "2027")
    desktop.get_by_role("button", name="Vis", exact=True).click()
    desktop.wait_for_url("**omrade=kommune%3A9902**ar=2027**")
    expect(desktop.locator(".nb-sentence")).to_contain_text("Sørby hadde")
    expect(desktop.locator(".nb-sentence")).to_contain_text("i 2027")
    wait_drawn(desktop)
    screenshot(desktop, "framskriving-desktop")


@pytest.mark.parametrize("page", [AHEAD, LEDGER])
def test_a_phone_never_scrolls_sideways(served: str, phone: Page, page: str) -> None:
    phone.goto(f"{served}{page}")
    wait_drawn(phone)
    assert overflow(phone) <= 0


@pytest.mark.parametrize("page", [AHEAD, LEDGER])
def test_nothing_stands_in_the_way_of_a_screen_reader(
    served: str, desktop: Page, axe: Callable[[Page], list[str]], page: str
) -> None:
    desktop.goto(f"{served}{page}")
    wait_drawn(desktop)
    assert axe(desktop) == []
