"""The page about spending models in a real browser: chosen, drawn, and on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from nabolag.pipeline import build
from tests.browser.conftest import BUILT, overflow
from tests.support.models import write_models
from tests.support.requirements import lacking
from tests.web.serving import serving
from tests.web.test_pages_browser import visit

pytestmark = pytest.mark.browser
ADDRESS = "nb/penger/utgiftsmodeller/"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not (BUILT / ".vite" / "manifest.json").is_file():
        lacking("the front end is not built (cd frontend && npm ci && npm run build)")
    folder = write_models(tmp_path_factory.mktemp("modeller"))
    build(folder)
    with serving(folder) as address:
        yield address


def test_from_the_list_to_a_model_and_another(
    served: str, desktop: Page, axe: Callable[..., Any], screenshot: Any
) -> None:
    visit(desktop, served + ADDRESS)
    assert axe(desktop) == []
    desktop.get_by_role("link", name="aktivitetstilbud").click()
    desktop.locator("nb-chart svg, nb-chart canvas").first.wait_for()
    screenshot(desktop, "web-spending-desktop")
    assert axe(desktop) == []
    assert overflow(desktop) == 0
    desktop.get_by_label("Modell", exact=True).select_option("egen")
    desktop.get_by_role("button", name="Vis", exact=True).click()
    desktop.wait_for_url("**?modell=egen")
    assert desktop.locator("h1").inner_text() == "Vår egen modell"
    assert "bare 4 grupper" in desktop.locator(".nb-sentence").inner_text()


def test_on_a_phone(served: str, phone: Page, axe: Callable[..., Any], screenshot: Any) -> None:
    visit(phone, served + ADDRESS + "?modell=aktiviteter")
    phone.locator("nb-chart").first.scroll_into_view_if_needed()
    phone.locator("nb-chart svg, nb-chart canvas").first.wait_for()
    screenshot(phone, "web-spending-phone")
    assert overflow(phone) == 0
    assert axe(phone) == []
