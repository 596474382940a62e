"""The pages of norm, allowance and schemes in a real browser: desk, keyboard and phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from nabolag.store import Release
from tests.browser.conftest import BUILT, overflow
from tests.support.requirements import lacking
from tests.web.serving import serving
from tests.web.test_pages_browser import visit

pytestmark = pytest.mark.browser
PAGES = ("larernorm", "bostotte", "ordninger")


@pytest.fixture(scope="module")
def served(norm_release: Release) -> Iterator[str]:
    if not (BUILT / ".vite" / "manifest.json").is_file():
        lacking("the front end is not built (cd frontend && npm ci && npm run build)")
    with serving(norm_release.bundle.path.parents[1]) as address:
        yield address


@pytest.mark.parametrize("name", PAGES)
def test_on_a_desk(
    served: str, desktop: Page, axe: Callable[..., Any], screenshot: Any, name: str
) -> None:
    visit(desktop, f"{served}nb/penger/{name}/")
    desktop.locator("nb-chart svg, nb-chart canvas").first.wait_for()
    screenshot(desktop, f"web-{name}-desktop")
    assert axe(desktop) == []
    assert overflow(desktop) == 0


@pytest.mark.parametrize("name", PAGES)
def test_on_a_phone(
    served: str, phone: Page, axe: Callable[..., Any], screenshot: Any, name: str
) -> None:
    visit(phone, f"{served}nn/penger/{name}/")
    screenshot(phone, f"web-{name}-phone")
    assert axe(phone) == []
    assert overflow(phone) == 0


def test_a_household_is_computed_from_the_keyboard(served: str, desktop: Page) -> None:
    visit(desktop, served + "nb/penger/bostotte/")
    field = desktop.get_by_label("Inntekt som teller (kr i måneden)")
    field.focus()
    field.fill("40 000")
    desktop.keyboard.press("Enter")
    desktop.wait_for_url("**inntekt=40**")
    opening = desktop.locator(".nb-sentence").inner_text().replace("\u00a0", " ")
    assert "40 000 kroner i inntekt" in opening
    steps = desktop.locator("#analyse-utregning tbody tr").last.inner_text()
    assert "2 211" in steps.replace("\u00a0", " ")


def test_what_applied_is_asked_by_date(served: str, desktop: Page) -> None:
    visit(desktop, served + "nb/penger/ordninger/?sok=ungdomsgarantien&dato=2023-06-30")
    row = desktop.locator("#analyse-ordninger tbody tr")
    assert "ikke ennå" in row.inner_text()
    desktop.get_by_label("Dato", exact=True).fill("2023-07-01")
    desktop.get_by_role("button", name="Vis", exact=True).click()
    desktop.wait_for_url("**dato=2023-07-01**")
    assert "gjelder" in desktop.locator("#analyse-ordninger tbody tr").inner_text()
