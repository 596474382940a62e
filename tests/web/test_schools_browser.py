"""Schools and kindergartens in a real browser: drawn, found by a word, sorted, and on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import BUILT, overflow
from tests.support.requirements import lacking
from tests.support.served_schools import write_served_schools
from tests.web.serving import serving
from tests.web.test_pages_browser import visit

pytestmark = pytest.mark.browser
ADDRESS = "nb/omrade/kommune/9901/"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not (BUILT / ".vite" / "manifest.json").is_file():
        lacking("the front end is not built (cd frontend && npm ci && npm run build)")
    folder = tmp_path_factory.mktemp("schools")
    write_served_schools(folder)
    with serving(folder) as address:
        yield address


def names(page: Page) -> list[str]:
    shown = page.locator("#steder tbody tr:visible th")
    return [words.strip() for words in shown.all_inner_texts()]


def test_on_a_desk_and_from_the_keyboard(
    served: str, desktop: Page, axe: Callable[..., Any], screenshot: Any
) -> None:
    visit(desktop, served + ADDRESS)
    part = desktop.locator("section[aria-labelledby=skoler]")
    part.scroll_into_view_if_needed()
    part.locator("nb-chart svg, nb-chart canvas").first.wait_for()
    screenshot(desktop, "web-schools-desktop")
    assert axe(desktop) == []
    assert overflow(desktop) == 0
    field = desktop.get_by_label("Finn en skole eller barnehage")
    field.focus()
    desktop.keyboard.type("nordli")
    assert names(desktop) == ["Nordli skole"]
    field.fill("")
    assert len(names(desktop)) == 6
    heading = desktop.locator("#steder thead th").first.get_by_role("button")
    heading.focus()
    desktop.keyboard.press("Enter")
    assert names(desktop)[0].startswith("Barnehage K1")


def test_on_a_phone(served: str, phone: Page, axe: Callable[..., Any], screenshot: Any) -> None:
    visit(phone, served + ADDRESS)
    phone.locator("section[aria-labelledby=skoler]").scroll_into_view_if_needed()
    screenshot(phone, "web-schools-phone")
    assert axe(phone) == []
    assert overflow(phone) == 0
