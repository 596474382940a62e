"""The real server and a real browser: drawn, accessible, quiet, and reachable from the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request

from tests.browser.conftest import BUILT, overflow, wait_drawn
from tests.support.requirements import lacking
from tests.support.wide import write_wide_release
from tests.web.serving import serving

pytestmark = pytest.mark.browser

PAGES = {
    "overview": "",
    "overview-indicator": "?indicator=low_income&period=2017",
    "area": "omrade/delbydel/0203/",
    "area-hidden": "omrade/delbydel/0101/",
    "area-open": "omrade/bydel/990101/?open=income,by-low_income,years-income",
    "kommune": "omrade/kommune/9901/?open=housing,background",
    "indicators": "indikator/",
    "indicator": "indikator/crowded/",
    "indicator-group": "indikator/low_income/?level=bydel&group=age_band%3D67%2B",
    "standard-set": "standardsett/",
    "standard-indicator": "standardsett/low_income_persistent/",
    "standard-broken": "standardsett/trusted_friend/",
    "method": "metode/",
    "search": "sok/?q=as",
    "own-area": "eget-omrade/",
    "own-area-chosen": "eget-omrade/?level=delbydel&area=0102&area=0103&area=0203&name=Sentrum",
    "feedback": "tilbakemelding/?level=delbydel&area=0203&indicator=crowded&period=2017",
    "not-found": "omrade/delbydel/0109/",
}
#: Bokmål everywhere; the other languages have the same structure and are seen on the two heaviest.
DESK = [(name, "nb") for name in PAGES] + [
    (name, lang)
    for name in ("overview", "area", "standard-set", "standard-indicator", "own-area-chosen")
    for lang in ("nn", "en")
]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `serve` over the wide sample, in a process of its own, as a user starts it."""
    if not (BUILT / ".vite" / "manifest.json").is_file():
        lacking("the front end is not built (cd frontend && npm ci && npm run build)")
    folder = tmp_path_factory.mktemp("served")
    write_wide_release(folder)
    with serving(folder) as address:
        yield address


def visit(page: Page, address: str) -> list[str]:
    """Open an address, wait until it is drawn, and return the hosts that were asked."""
    asked: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith(("data:", "blob:")):
            asked.append(urlsplit(request.url).netloc)

    page.on("request", note)
    page.goto(address)
    wait_drawn(page)
    return asked


@pytest.mark.parametrize(("name", "lang"), DESK)
def test_a_page_on_a_desk(
    served: str,
    desktop: Page,
    axe: Callable[..., Any],
    screenshot: Any,
    name: str,
    lang: str,
):
    complaints: list[str] = []
    desktop.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    asked = visit(desktop, f"{served}{lang}/{PAGES[name]}")
    if lang == "nb":
        screenshot(desktop, f"web-{name}-desktop")
    assert set(asked) == {urlsplit(served).netloc}
    assert axe(desktop) == []
    assert overflow(desktop) == 0
    # The browser itself reports the answer code of a page that is meant to be 404.
    assert [text for text in complaints if "404" not in text] == []
    assert desktop.locator("[data-state=failed]").count() == 0


@pytest.mark.parametrize("name", PAGES)
def test_a_page_on_a_phone(
    served: str,
    phone: Page,
    axe: Callable[..., Any],
    screenshot: Any,
    name: str,
):
    visit(phone, f"{served}nb/{PAGES[name]}")
    screenshot(phone, f"web-{name}-phone")
    assert axe(phone) == []
    assert overflow(phone) == 0


def test_at_200_per_cent_nothing_is_lost(served: str, open_page: Callable[..., Page]):
    page = open_page({"width": 640, "height": 450})
    for name in ("overview", "area", "indicator"):
        visit(page, f"{served}nb/{PAGES[name]}")
        assert overflow(page) == 0, name


def test_without_scripts_the_page_is_complete(served: str, open_page: Callable[..., Page]):
    page = open_page({"width": 1280, "height": 900}, java_script_enabled=False)
    page.goto(f"{served}nb/?indicator=crowded")
    assert page.locator("#omrader tbody tr").count() == 6
    assert page.locator("noscript img, img[src*='figur/map.svg']").first.is_visible()
    page.get_by_label("Periode").select_option("2015")
    page.get_by_role("button", name="Vis", exact=True).click()
    assert "period=2015" in page.url
    page.get_by_label("Sorter etter").select_option("name")
    page.get_by_role("button", name="Sorter", exact=True).click()
    assert "period=2015" in page.url
    assert "sort=name" in page.url
    assert page.locator("#omrader tbody th").first.inner_text() == "Brygga"
    page.get_by_role("link", name="Fjæra").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Fjæra"


def test_from_the_keyboard_alone_to_an_area(served: str, desktop: Page):
    visit(desktop, f"{served}nb/")
    desktop.keyboard.press("Tab")
    assert desktop.evaluate("document.activeElement.textContent") == "Hopp til innholdet"
    desktop.keyboard.press("Enter")
    assert desktop.evaluate("document.activeElement.id") == "innhold"
    for _ in range(40):
        desktop.keyboard.press("Tab")
        if desktop.evaluate("document.activeElement.closest('#omrader tbody a') !== null"):
            break
    ring = "getComputedStyle(document.activeElement).outlineStyle"
    assert desktop.evaluate(ring) != "none"
    name = desktop.evaluate("document.activeElement.textContent")
    desktop.keyboard.press("Enter")
    desktop.wait_for_url("**/omrade/delbydel/**")
    assert desktop.get_by_role("heading", level=1).inner_text() == name


def test_a_choice_takes_effect_at_once_and_stands_in_the_address(served: str, desktop: Page):
    visit(desktop, f"{served}nb/")
    desktop.get_by_label("Hva vil du se?").select_option("crowded")
    desktop.wait_for_url("**indicator=crowded**")
    desktop.locator("h2#se-pa", has_text="Husholdninger som bor trangt").wait_for()
    address = desktop.url
    visit(desktop, address)
    assert desktop.get_by_label("Hva vil du se?").input_value() == "crowded"
    desktop.get_by_role("link", name="Nynorsk").click()
    desktop.wait_for_url("**/nn/**")
    assert "indicator=crowded" in desktop.url


def test_search_suggests_and_leads(served: str, desktop: Page):
    visit(desktop, f"{served}nb/")
    desktop.get_by_role("combobox", name="Søk etter område eller indikator").fill("kirk")
    desktop.get_by_role("option", name="Kirkehaugen").click()
    desktop.wait_for_url("**/omrade/delbydel/0103/")


def test_a_figure_is_reported_from_where_it_stands(served: str, desktop: Page):
    visit(desktop, f"{served}nb/omrade/delbydel/0203/")
    desktop.locator("summary", has=desktop.get_by_role("heading", name="Bolig")).click()
    desktop.get_by_role("link", name="Si fra: Husholdninger som bor trangt").click()
    assert "Husholdninger som bor trangt, Fjæra (delbydel), 2017" in desktop.content()
    desktop.get_by_role("button", name="Send").click()
    wrong = desktop.get_by_label("Hva ser feil ut, og hvorfor?")
    assert wrong.get_attribute("aria-invalid") == "true"
    wrong.fill("Vi har telt færre trangbodde enn dette.")
    desktop.get_by_role("button", name="Send").click()
    desktop.wait_for_url("**/takk/**")
    assert desktop.get_by_role("heading", level=1).inner_text() == "Takk. Meldingen er kommet fram."


def test_the_map_opens_an_area_from_the_keyboard(served: str, desktop: Page):
    visit(desktop, f"{served}nb/?indicator=crowded")
    view = desktop.locator("nb-map .nb-map__view")
    view.focus()
    desktop.keyboard.press("Home")
    desktop.keyboard.press("Enter")
    desktop.wait_for_url("**/omrade/delbydel/**")


def test_a_theme_opens_from_the_keyboard_and_stands_in_the_address(served: str, desktop: Page):
    visit(desktop, f"{served}nb/omrade/bydel/990101/")
    assert "open=" not in desktop.url
    desktop.locator("summary", has=desktop.get_by_role("heading", name="Inntekt")).focus()
    desktop.keyboard.press("Enter")
    desktop.wait_for_url("**open=income")
    desktop.locator("summary", has_text="Etter kjønn og alder").first.focus()
    desktop.keyboard.press("Space")
    desktop.wait_for_url("**open=income%2Cby-low_income")
    wait_drawn(desktop)
    assert desktop.locator("#tema-income nb-chart[data-state=drawn]").count() >= 3
    visit(desktop, desktop.url)
    assert desktop.locator("details[data-part=by-low_income]").get_attribute("open") is not None
    desktop.get_by_role("link", name="Bolig").click()
    desktop.wait_for_url("**housing**")
    assert desktop.evaluate("document.activeElement.closest('details').id") == "tema-housing"
    desktop.get_by_role("button", name="Lukk alle").click()
    assert desktop.locator("details.nb-part[open]").count() == 0


def test_a_figure_is_found_by_a_word_and_all_comes_back(served: str, desktop: Page):
    visit(desktop, f"{served}nb/omrade/bydel/990101/?open=income")
    field = desktop.get_by_label("Finn et tall")
    field.fill("leier")
    desktop.locator("tr[data-find]:visible", has_text="Husholdninger som leier").wait_for()
    assert desktop.locator("tr[data-find]:visible").count() == 1
    assert (
        desktop.locator("tr[data-find]:visible").inner_text().startswith("Husholdninger som leier")
    )
    assert desktop.locator("details.nb-part:visible").count() == 1
    assert "filter=leier" in desktop.url
    field.fill("finnes ikke")
    assert desktop.locator("#alle-tall [data-no-match]").is_visible()
    field.fill("")
    assert desktop.locator("details.nb-part:visible").count() > 3
    assert desktop.locator("details.nb-part[open]").count() == 1
    desktop.wait_for_function("() => !location.search.includes('filter=')")
    assert "open=income" in desktop.url


def test_paper_has_every_theme_open_and_every_chart(served: str, desktop: Page):
    visit(desktop, f"{served}nb/omrade/bydel/990101/?open=by-low_income")
    closed = "document.querySelectorAll('.nb-part:not([open])').length"
    before = desktop.evaluate(closed)
    assert before > 3
    desktop.evaluate(
        "() => { window.print = () => { window.printed = ["
        f"{closed}, [...document.querySelectorAll('nb-chart')].filter("
        "e => !e.closest('details:not([open])') && e.dataset.state !== 'drawn').length]; }; }"
    )
    desktop.get_by_role("button", name="Skriv ut").click()
    desktop.wait_for_function("() => window.printed")
    assert desktop.evaluate("window.printed") == [0, 0]
    desktop.evaluate("() => { window.dispatchEvent(new Event('afterprint')); }")
    assert desktop.evaluate(closed) == before
    assert desktop.url.endswith("?open=by-low_income")


def chosen(page: Page) -> list[str]:
    return page.evaluate(
        "[...document.querySelectorAll('#omradeliste input:checked')].map(e => e.value)"
    )


def test_an_area_of_ones_own_is_put_together_on_the_map_and_in_the_list(served: str, desktop: Page):
    visit(desktop, f"{served}nb/eget-omrade/")
    view = desktop.locator("nb-map .nb-map__view")
    view.focus()
    desktop.keyboard.press("Home")
    desktop.keyboard.press("Enter")
    assert len(chosen(desktop)) == 1
    desktop.keyboard.press("Space")
    assert chosen(desktop) == []
    desktop.get_by_label("Brygga").check()
    assert desktop.locator("[data-picked]").inner_text() == "Valgt: 1"
    field = desktop.get_by_label("Finn et område i listen")
    field.fill("kirke")
    assert desktop.locator("#omradeliste li:visible").count() == 1
    field.press("Enter")
    assert "area=" not in desktop.url
    desktop.get_by_label("Kirkehaugen").check()
    desktop.get_by_label("Navn på området").fill("Sentrum")
    desktop.get_by_role("button", name="Vis tallene").click()
    desktop.wait_for_url("**area=0102&area=0103**")
    assert desktop.get_by_role("heading", level=1).inner_text() == "Sentrum"
    assert "to delbydeler som henger sammen" in desktop.locator(".nb-sentence").inner_text()
    assert desktop.locator("#tall-tabell tbody tr[data-find]").count() == 5


def test_a_rectangle_chooses_the_areas_whose_middle_is_inside(served: str, desktop: Page):
    visit(desktop, f"{served}nb/eget-omrade/")
    desktop.get_by_role("button", name="Tegn et rektangel").click()
    box = desktop.locator("nb-map .nb-map__view").bounding_box()
    assert box is not None
    # The southern half: three squares beside one another, the northern ones above them.
    left, top = box["x"] + 4, box["y"] + box["height"] * 0.52
    desktop.mouse.move(left, top)
    desktop.mouse.down()
    desktop.mouse.move(left + 200, top + 60, steps=4)
    assert desktop.locator(".nb-map__frame").is_visible()
    desktop.mouse.move(box["x"] + box["width"] - 4, box["y"] + box["height"] - 80, steps=4)
    desktop.mouse.up()
    assert sorted(chosen(desktop)) == ["0101", "0102", "0103"]
    assert desktop.locator("[data-picked]").inner_text() == "Valgt: 3"
    pressed = desktop.get_by_role("button", name="Tegn et rektangel").get_attribute("aria-pressed")
    assert pressed == "false"
    # The map is itself again: a press on a chosen area lets it go.
    desktop.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.6)
    assert sorted(chosen(desktop)) == ["0101", "0103"]


def test_a_finger_chooses_on_the_map(served: str, open_page: Callable[..., Page]):
    page = open_page({"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    visit(page, f"{served}nn/eget-omrade/")
    view = page.locator("nb-map .nb-map__view")
    view.scroll_into_view_if_needed()
    box = view.bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2 - 40)
    page.wait_for_function("() => document.querySelectorAll('#omradeliste input:checked').length")
    assert len(chosen(page)) == 1
    assert page.locator("[data-picked]").inner_text() == "Valde: 1"


def test_without_scripts_an_area_is_put_together_in_the_list(
    served: str, open_page: Callable[..., Page]
):
    page = open_page({"width": 1280, "height": 900}, java_script_enabled=False)
    page.goto(f"{served}nb/eget-omrade/")
    page.get_by_label("Fjæra").check()
    page.get_by_label("Skogly").check()
    page.get_by_role("button", name="Vis tallene").click()
    assert "area=0203&area=0202" in page.url
    assert "to delbydeler" in page.locator(".nb-sentence").inner_text()
    page.locator("summary", has_text="Endre området").click()
    page.get_by_label("Nivå").select_option("bydel")
    page.get_by_role("button", name="Vis", exact=True).click()
    assert "area=" not in page.url
    page.get_by_label("Nordre").check()
    page.get_by_role("button", name="Vis tallene").click()
    assert "på siden for Nordre" in page.locator(".nb-note").last.inner_text()
