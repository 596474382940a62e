"""Pages that read the report, in a real browser: drawn, no hindrance, keyboard, phone, no scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from nabolag.store import Release
from tests.browser.conftest import BUILT, DESKTOP, overflow
from tests.support.requirements import lacking
from tests.web.serving import serving
from tests.web.test_pages_browser import visit

pytestmark = pytest.mark.browser
PAGES = (
    "trykte-tabeller/?table=14",
    "utgiftsulempe/",
    "regneeksempler/",
    "sporsmal/",
    "statlige-tilskudd/",
    "utgiftsbehov/",
)


@pytest.fixture(scope="module")
def served(sample_release: Release) -> Iterator[str]:
    if not (BUILT / ".vite" / "manifest.json").is_file():
        lacking("the front end is not built (cd frontend && npm ci && npm run build)")
    with serving(sample_release.bundle.path.parents[1]) as address:
        yield address


@pytest.mark.parametrize("page", PAGES)
def test_on_a_desk(served: str, page: str, desktop: Page, axe: Callable[..., Any]) -> None:
    visit(desktop, f"{served}nb/penger/{page}")
    assert axe(desktop) == []
    assert overflow(desktop) == 0


@pytest.mark.parametrize("page", PAGES)
def test_on_a_phone(served: str, page: str, phone: Page, axe: Callable[..., Any]) -> None:
    visit(phone, f"{served}nn/penger/{page}")
    assert axe(phone) == []
    assert overflow(phone) == 0


def test_a_scenario_is_written_from_the_keyboard_and_kept(
    served: str, desktop: Page, screenshot: Any
) -> None:
    visit(desktop, f"{served}nb/penger/utgiftsulempe/")
    desktop.locator("nb-chart svg, nb-chart canvas").first.wait_for()
    field = desktop.get_by_label("Hvor mange? (innbyggere)")
    field.focus()
    field.fill("20 000")
    desktop.keyboard.press("Enter")
    desktop.wait_for_url("**n_inhabitants=20*000**")
    assert "3,13 millioner kr" in desktop.locator(".nb-sentence").inner_text()
    assert field.input_value() == "20 000"
    screenshot(desktop, "web-extra-cost")


def test_without_scripts_the_figure_is_a_picture(
    served: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(DESKTOP, java_script_enabled=False)
    page.goto(f"{served}nb/penger/statlige-tilskudd/")
    assert "221,6 millioner" in page.content()
    assert page.locator("table").count() == 2
