"""A walk through the budget workshop in a real browser: mouse, keyboard, phone, without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import BUILT, overflow, wait_drawn
from tests.support.requirements import lacking
from tests.support.shared_schools import write_shared_schools
from tests.web.serving import serving

pytestmark = pytest.mark.browser

HERE = "nb/penger/fordeling/"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site whose schools share a budget."""
    if not (BUILT / ".vite" / "manifest.json").is_file():
        lacking("the front end is not built (cd frontend && npm ci && npm run build)")
    folder = tmp_path_factory.mktemp("served")
    write_shared_schools(folder)
    with serving(folder) as address:
        yield address


def opening(page: Page) -> str:
    """Return the answer in one sentence."""
    return page.locator(".nb-sentence").inner_text()


def open_part(page: Page, name: str) -> None:
    """Open a part of the page that is closed."""
    page.locator(f"details[data-part={name}] > summary").click()


def test_a_slider_changes_everything_at_once(served: str, desktop: Page, screenshot: Any) -> None:
    desktop.goto(f"{served}{HERE}")
    before, cells = opening(desktop), desktop.locator("#analyse-enheter tbody tr").all_inner_texts()
    slider = desktop.locator("#dra-elever")
    slider.focus()
    for _ in range(10):
        desktop.keyboard.press("ArrowRight")
    expect(desktop.locator("#felt-elever")).to_have_value("35")
    desktop.wait_for_url("**elever=35**")
    expect(desktop.locator(".nb-sentence")).not_to_have_text(before)
    assert desktop.locator("#analyse-enheter tbody tr").all_inner_texts() != cells
    expect(desktop.locator("#dra-elever")).to_be_focused()
    wait_drawn(desktop)
    screenshot(desktop, "fordeling-desktop")


def test_the_address_is_the_scenario(
    served: str, desktop: Page, open_page: Callable[..., Page]
) -> None:
    desktop.goto(f"{served}{HERE}")
    desktop.locator("#felt-v_low_income").fill("20")
    desktop.locator("#felt-v_low_income").press("Tab")
    desktop.wait_for_url("**v_low_income=20**")
    expect(desktop.get_by_text("Poengene er til sammen 60")).to_be_visible()
    other = open_page({"width": 1280, "height": 900})
    other.goto(desktop.url)
    assert opening(other) == opening(desktop)


def test_name_compare_and_take_away(served: str, desktop: Page, screenshot: Any) -> None:
    desktop.goto(f"{served}{HERE}?elever=60")
    open_part(desktop, "behold")
    desktop.get_by_label("Navn på alternativet").fill("Flest elever")
    desktop.get_by_role("button", name="Ta vare på").click()
    expect(desktop.get_by_role("heading", name="Alternativene side om side")).to_be_visible()
    desktop.locator("#felt-elever").fill("10")
    desktop.locator("#felt-elever").press("Tab")
    desktop.wait_for_url("**elever=10**")
    assert "Flest elever" in unquote(desktop.url).replace("+", " ")
    open_part(desktop, "belop")
    desktop.get_by_label("Sammenlign med").select_option("Flest elever")
    expect(desktop.locator(".nb-sentence")).to_contain_text("Sammenlignet med Flest elever")
    with desktop.expect_download() as waiting:
        desktop.get_by_role("link", name="Last ned som regneark med formler (XLSX)").click()
    content = waiting.value.path().read_bytes()
    assert "<f>" in ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    screenshot(desktop, "fordeling-alternativer")


def test_the_question_turned_round(served: str, desktop: Page, screenshot: Any) -> None:
    desktop.goto(f"{served}{HERE}")
    open_part(desktop, "snu")
    desktop.locator("#felt-enhet1").select_option(label="Berg")
    desktop.wait_for_url("**enhet1=2**")
    desktop.locator("#felt-minst1").fill("900 000")
    desktop.get_by_role("button", name="Finn vekter").click()
    expect(desktop.get_by_text("Disse vektene gjør det").or_(
        desktop.get_by_text("gir dem allerede så mye"))).to_be_visible()  # fmt: skip
    desktop.locator("#felt-minst1").fill("9900000")
    desktop.get_by_role("button", name="Finn vekter").click()
    expect(desktop.get_by_text("Ingen vekter gir alle dette")).to_be_visible()
    screenshot(desktop, "fordeling-snudd")


def test_what_is_wrong_is_said_and_can_be_mended(served: str, desktop: Page) -> None:
    desktop.goto(f"{served}{HERE}?grunn=3000000&v_low_income=45")
    alert = desktop.get_by_role("alert")
    expect(alert).to_contain_text("for lite")
    expect(desktop.locator("#felt-v_low_income")).to_have_value("45")
    desktop.locator("#felt-grunn").fill("0")
    desktop.locator("#felt-grunn").press("Tab")
    expect(desktop.locator("#analyse-enheter")).to_be_visible()
    expect(desktop.locator("#felt-v_low_income")).to_have_value("45")


def test_without_scripts_it_is_a_form(served: str, open_page: Callable[..., Page]) -> None:
    page = open_page({"width": 1280, "height": 900}, java_script_enabled=False)
    page.goto(f"{served}{HERE}")
    assert page.locator("#dra-elever").is_hidden()
    page.locator("#felt-elever").fill("70")
    page.get_by_role("button", name="Vis", exact=True).click()
    assert "elever=70" in page.url
    assert page.locator("#felt-elever").input_value() == "70"


@pytest.mark.parametrize(
    "address",
    [HERE, f"{HERE}?for=b11&elever=25", f"{HERE}?grunn=3000000", "nn/penger/fordeling/?aar=3"],
)
def test_phone_and_desk_are_accessible(
    served: str,
    open_page: Callable[..., Page],
    axe: Callable[..., Any],
    screenshot: Any,
    address: str,
) -> None:
    for width, name in ((390, "phone"), (1280, "desk")):
        page = open_page({"width": width, "height": 844})
        page.goto(f"{served}{address}")
        wait_drawn(page)
        assert axe(page) == []
        assert overflow(page) == 0
        kind = "".join(c for c in address.rsplit("/", maxsplit=1)[-1] if c.isalnum()) or "start"
        screenshot(page, f"fordeling-{name}-{kind}")


def test_what_was_swapped_in_follows_too(served: str, desktop: Page) -> None:
    desktop.goto(f"{served}{HERE}")
    desktop.locator("#felt-elever").fill("80")
    desktop.locator("#felt-elever").press("Tab")
    desktop.wait_for_url("**elever=80**")
    expect(desktop.locator("#dra-elever")).to_have_value("80")
    desktop.locator("#dra-v_crowded").focus()
    desktop.keyboard.press("End")
    expect(desktop.locator("#felt-v_crowded")).to_have_value("100")
    desktop.wait_for_url("**v_crowded=100**")
