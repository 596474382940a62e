"""The parts of the pages in a real browser, under the promised content security policy."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import (
    DESKTOP,
    FRONTEND,
    PHONE,
    ROOT,
    new_page,
    overflow,
    trouble_of,
    wait_drawn,
)

pytestmark = pytest.mark.browser

AREAS = json.loads((FRONTEND / "pattern" / "areas.json").read_text(encoding="utf-8"))
OPTIONS = ".nb-search__list [role=option]"
BY_NAME = {f["properties"]["name"]: f["properties"] for f in AREAS["features"]}


@pytest.fixture
def page(desktop: Page, pattern_url: str) -> Page:
    desktop.goto(pattern_url)
    return desktop


@pytest.fixture(scope="module")
def drawn_once(browser: Browser, pattern_url: str) -> Iterator[Page]:
    page = new_page(browser, DESKTOP)
    page.goto(pattern_url)
    wait_drawn(page)
    yield page
    page.context.close()


@pytest.fixture
def drawn(drawn_once: Page) -> Iterator[Page]:
    """The page with everything drawn, for tests that leave it as it was."""
    drawn_once.mouse.move(0, 0)
    drawn_once.evaluate("() => { document.activeElement.blur(); window.scrollTo(0, 0); }")
    yield drawn_once
    assert trouble_of(drawn_once) == []


@pytest.fixture
def light(desktop: Page, pattern_url: str) -> Page:
    """The page without drawings, for everything that has nothing to do with them."""
    for chunk in ("choropleth", "figure"):
        desktop.route(f"**/assets/{chunk}-*.js", lambda route: route.abort())
    desktop.goto(pattern_url)
    return desktop


def names(page: Page) -> list[str]:
    return page.locator("#omrader tbody tr:visible th").all_inner_texts()


def column(page: Page, number: int) -> list[str]:
    return page.locator(f"#omrader tbody tr td:nth-child({number})").all_inner_texts()


def focus_map(page: Page) -> None:
    """Come to the map as the keyboard does: by Tab from the field before it."""
    page.locator("#ar").focus()
    page.keyboard.press("Tab")
    expect(page.locator(".nb-map__view")).to_be_focused()


def point_of(page: Page, code: str) -> tuple[float, float]:
    """Where on the screen the middle of an area lies."""
    x, y = page.evaluate(
        """code => {
            const map = document.querySelector('nb-map').drawing;
            const at = map.map.project(map.places.get(code));
            const box = map.view.getBoundingClientRect();
            return [box.x + at.x, box.y + at.y];
        }""",
        code,
    )
    return x, y


# The whole page ---------------------------------------------------------------------------------


def test_no_page_scrolls_sideways(
    open_page: Callable[..., Page], pattern_url: str, screenshot: Callable[..., Path]
) -> None:
    page = open_page({"width": 320, "height": 700})
    page.goto(pattern_url)
    wait_drawn(page)
    wider = {}
    for width in (320, 375, 480, 768, 1024, 1280, 1600):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(300)  # charts are drawn anew 120 ms after the last change
        wider[width] = overflow(page)
        screenshot(page, f"pattern-{width}")
    assert set(wider.values()) == {0}, wider


def test_at_200_per_cent_zoom_nothing_scrolls_sideways(
    open_page: Callable[..., Page], pattern_url: str
) -> None:
    # Browser zoom halves the window in CSS pixels and doubles what a pixel measures.
    page = open_page({"width": 640, "height": 450}, device_scale_factor=2)
    page.goto(pattern_url)
    wait_drawn(page)
    assert overflow(page) == 0


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing(
    open_page: Callable[..., Page],
    pattern_url: str,
    axe: Callable[..., list[dict[str, Any]]],
    screenshot: Callable[..., Path],
    size: dict[str, int],
) -> None:
    page = open_page(size)
    page.goto(pattern_url)
    wait_drawn(page)
    assert axe(page) == []
    shot = screenshot(page, f"pattern-{size['width']}")
    assert shot.stat().st_size > 20_000


def test_axe_finds_nothing_in_the_dark(
    desktop: Page, pattern_url: str, axe: Callable[..., list[dict[str, Any]]]
) -> None:
    desktop.goto(pattern_url)
    desktop.evaluate("document.documentElement.dataset.colorScheme = 'dark'")
    wait_drawn(desktop)
    assert axe(desktop) == []


def test_axe_helper_finds_a_planted_fault(
    light: Page, axe: Callable[..., list[dict[str, Any]]]
) -> None:
    light.evaluate("document.querySelector('main').append(document.createElement('img'))")
    assert "image-alt" in {found["rule"] for found in axe(light)}


def test_page_is_whole_without_script(open_page: Callable[..., Page], pattern_url: str) -> None:
    page = open_page(DESKTOP, java_script_enabled=False)
    page.goto(pattern_url)
    assert len(names(page)) == 24
    expect(page.locator("nb-map")).to_be_hidden()
    expect(page.get_by_role("button", name="Vis")).to_be_visible()
    expect(page.locator("[data-copy-link]")).to_be_hidden()
    page.locator("#indikator").select_option("tenants")
    page.get_by_role("button", name="Vis").click()
    assert "indicator=tenants" in page.url


def test_first_load_is_light_and_map_waits_until_it_is_near(
    desktop: Page, pattern_url: str
) -> None:
    asked: list[str] = []
    desktop.on("request", lambda request: asked.append(request.url))
    desktop.set_viewport_size({"width": 1280, "height": 300})
    desktop.goto(pattern_url)
    desktop.wait_for_load_state("networkidle")
    assert not [url for url in asked if "figure-" in url]
    wait_drawn(desktop)
    assert [url for url in asked if "figure-" in url]
    hosts = {url.split("/")[2] for url in asked if url.startswith("http")}
    assert hosts == {pattern_url.split("/")[2]}


def test_every_script_word_is_on_the_page_and_in_three_languages(light: Page) -> None:
    held = json.loads(light.locator("#nb-words").text_content() or "")
    path = ROOT / "src" / "nabolag" / "core" / "labels" / "frontend.toml"
    labels = tomllib.loads(path.read_text(encoding="utf-8"))["frontend"]
    assert held == {key: words["nb"] for key, words in labels.items()}
    assert all(set(words) == {"nb", "nn", "en"} for words in labels.values())
    used = "".join(p.read_text(encoding="utf-8") for p in (FRONTEND / "src").rglob("*.ts"))
    families = ("sorted_", "legend_")
    unused = [k for k in labels if f'"{k}"' not in used and not k.startswith(families)]
    assert unused == []


def test_class_colours_are_those_of_the_publications(light: Page) -> None:
    from nabolag.publish.figures.palette import ACCUMULATION

    for name, color in ACCUMULATION.items():
        shown = light.locator(f".nb-class[data-class='{name}']").first.evaluate(
            "e => getComputedStyle(e, '::before').backgroundColor"
        )
        wanted = ", ".join(str(int(color[i : i + 2], 16)) for i in (1, 3, 5))
        assert shown == f"rgb({wanted})", name


# Map --------------------------------------------------------------------------------------------


def test_map_shows_legend_with_hidden_and_missing_apart(drawn: Page) -> None:
    legend = drawn.locator(".nb-legend li").all_inner_texts()
    assert legend[:5] == [part["label"] for part in AREAS["legend"]]
    assert legend[5:] == [
        "Skjult av hensyn til personvern",
        "Mangler",
        "Ikke aktuelt",
        "Usikkert tall",
    ]


def test_map_is_painted_in_the_colours_of_the_legend(drawn: Page) -> None:
    from io import BytesIO

    from PIL import Image

    drawn.wait_for_timeout(300)
    picture = Image.open(BytesIO(drawn.locator(".nb-map__view").screenshot())).convert("RGB")
    colors = {c for n, c in picture.getcolors(1 << 20) or [] if n > 300}
    for part in AREAS["legend"]:
        wanted = tuple(int(part["color"][i : i + 2], 16) for i in (1, 3, 5))
        assert any(
            max(abs(a - b) for a, b in zip(wanted, seen, strict=True)) <= 2 for seen in colors
        ), part["color"]


def test_arrow_keys_walk_between_areas_and_are_announced(drawn: Page) -> None:
    focus_map(drawn)
    live = drawn.locator("#nb-live")
    first = drawn.locator("nb-map").get_attribute("data-highlighted")
    assert first
    seen = [first]
    for key in ("ArrowRight", "ArrowUp", "ArrowLeft", "ArrowDown"):
        drawn.keyboard.press(key)
        seen.append(drawn.locator("nb-map").get_attribute("data-highlighted") or "")
    assert len(set(seen)) >= 3
    here = next(p for p in BY_NAME.values() if p["code"] == seen[-1])
    expect(live).to_have_text(f"{here['name']}: {here['text']}")
    expect(drawn.locator(".nb-tip")).to_contain_text(here["name"])
    expect(drawn.locator(f"#omrader tr[data-code='{here['code']}']")).to_have_attribute(
        "data-highlighted", ""
    )


def test_home_end_and_escape_on_the_map(drawn: Page) -> None:
    focus_map(drawn)
    host = drawn.locator("nb-map")
    drawn.keyboard.press("End")
    expect(host).to_have_attribute("data-highlighted", BY_NAME["Holmen"]["code"])
    expect(drawn.locator("#nb-live")).to_have_text(f"Holmen: {BY_NAME['Holmen']['text']}")
    drawn.keyboard.press("Home")
    expect(host).to_have_attribute("data-highlighted", BY_NAME["Åsen"]["code"])
    drawn.keyboard.press("Escape")
    expect(host).to_have_attribute("data-highlighted", "")


def test_arrow_keys_never_lose_an_area(drawn: Page) -> None:
    """From any area, every other one can be reached with the arrows."""
    focus_map(drawn)
    steps: dict[str, list[str]] = drawn.evaluate(
        """() => {
            const host = document.querySelector('nb-map');
            const step = (code, key) => {
                host.drawing.choose(code, 'keys');
                host.drawing.view.dispatchEvent(new KeyboardEvent('keydown', {key}));
                return host.dataset.highlighted;
            };
            const keys = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'];
            const codes = [...host.drawing.places.keys()];
            return Object.fromEntries(codes.map(c => [c, keys.map(k => step(c, k))]));
        }"""
    )
    assert len(steps) == 24
    for start in steps:
        reached, queue = {start}, [start]
        while queue:
            found = set(steps[queue.pop()]) - reached
            reached |= found
            queue += found
        assert reached == set(steps), start


def test_enter_opens_the_area(page: Page) -> None:
    wait_drawn(page)
    focus_map(page)
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**#{BY_NAME['Åsen']['code']}")


def test_map_is_one_tab_stop_before_its_buttons(drawn: Page) -> None:
    focus_map(drawn)
    drawn.keyboard.press("Tab")
    expect(drawn.get_by_role("button", name="Zoom inn")).to_be_focused()
    drawn.keyboard.press("Enter")
    drawn.get_by_role("button", name="Zoom ut").click()
    drawn.get_by_role("button", name="Vis hele kartet").click()


def test_pointer_on_the_map_marks_the_row_and_the_reverse(drawn: Page) -> None:
    code = BY_NAME["Sandvika"]["code"]
    drawn.locator("nb-map").scroll_into_view_if_needed()
    drawn.mouse.move(*point_of(drawn, code))
    row = drawn.locator(f"#omrader tr[data-code='{code}']")
    expect(row).to_have_attribute("data-highlighted", "")
    expect(row).to_be_in_viewport()
    expect(drawn.locator(".nb-tip")).to_contain_text(BY_NAME["Sandvika"]["text"])
    drawn.locator("#omrader tbody tr:visible").first.hover()
    first = drawn.locator("#omrader tbody tr").first.get_attribute("data-code")
    expect(drawn.locator("nb-map")).to_have_attribute("data-highlighted", first or "")


def test_mouse_click_opens_the_area(page: Page) -> None:
    wait_drawn(page)
    page.locator("nb-map").scroll_into_view_if_needed()
    code = BY_NAME["Brekka"]["code"]
    page.mouse.click(*point_of(page, code))
    page.wait_for_url(f"**#{code}")


def test_finger_sees_a_link_before_it_leaves(phone: Page, pattern_url: str) -> None:
    phone.goto(pattern_url)
    wait_drawn(phone)
    view = phone.locator(".nb-map__view")
    view.scroll_into_view_if_needed()
    box = view.bounding_box()
    assert box
    phone.touchscreen.tap(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.5)
    link = phone.locator(".nb-tip a")
    expect(link).to_be_visible()
    assert "#" not in phone.url
    link.tap()
    phone.wait_for_url("**#0*")


def test_failed_answer_leaves_a_sentence_and_the_table(desktop: Page, pattern_url: str) -> None:
    desktop.route("**/areas.json", lambda route: route.fulfill(status=500, body=""))
    desktop.goto(pattern_url)
    wait_drawn(desktop)
    expect(desktop.locator("nb-map .nb-empty")).to_have_text(
        "Kartet kunne ikke lastes. Tallene står i tabellen."
    )
    assert len(names(desktop)) == 24


def test_no_webgl_shows_the_page_s_own_message(
    desktop: Page, pattern_url: str, axe: Callable[..., list[dict[str, Any]]]
) -> None:
    desktop.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    desktop.goto(pattern_url)
    wait_drawn(desktop)
    message = desktop.locator("nb-map").get_attribute("data-nowebgl")
    expect(desktop.locator("nb-map .nb-empty")).to_have_text(message or "?")
    assert axe(desktop) == []


def test_map_without_areas_says_so(desktop: Page, pattern_url: str) -> None:
    def nothing(route: Route) -> None:
        route.fulfill(json={"type": "FeatureCollection", "features": [], "legend": []})

    desktop.route("**/areas.json", nothing)
    desktop.goto(pattern_url)
    wait_drawn(desktop)
    expect(desktop.locator("nb-map .nb-empty")).to_contain_text("Ingen områder har grenser")


# Charts -----------------------------------------------------------------------------------------


def test_charts_are_pictures_with_a_description(drawn: Page) -> None:
    chart = drawn.locator("nb-chart").first
    expect(chart).to_have_attribute("role", "img")
    assert "12,1 til 14,2 prosent" in (chart.get_attribute("aria-label") or "")
    expect(chart.locator("svg")).to_have_attribute("aria-hidden", "true")


def test_charts_write_numbers_the_norwegian_way(drawn: Page) -> None:
    words = drawn.locator("nb-chart svg text").all_text_contents()
    assert "10\u00a0%" in words or "10 %" in words
    assert not [text for text in words if text.endswith("%") and "." in text]
    box = drawn.locator("nb-chart svg .mark-symbol path").first
    box.scroll_into_view_if_needed()
    box.hover()
    tip = drawn.locator("nb-chart .nb-tip").first
    expect(tip).to_contain_text(",")
    expect(tip).to_contain_text("Andel")


def test_chart_follows_the_width_of_the_window(page: Page) -> None:
    wait_drawn(page)
    svg = page.locator("nb-chart svg").first
    wide = svg.bounding_box()
    page.set_viewport_size(PHONE)
    page.wait_for_timeout(500)
    narrow = page.locator("nb-chart svg").first.bounding_box()
    assert wide
    assert narrow
    assert narrow["width"] < 345
    assert narrow["width"] < wide["width"]
    # It was drawn anew, not shrunk: letters keep their size.
    assert narrow["height"] > 0.8 * wide["height"]


PAPER_FIGURE = {
    "description": "Stolper med tall ved siden av.",
    "width": 320,
    "height": {"step": 34},
    "layer": [
        {
            "data": {"values": [{"key": "Husholdninger med vedvarende lavinntekt", "v": 3}]},
            "mark": "bar",
            "encoding": {
                "x": {"field": "v", "type": "quantitative", "axis": None},
                "y": {"field": "key", "type": "nominal", "title": None},
            },
        },
        {
            "data": {"values": [{"word": "3 av 4"}]},
            "mark": {"type": "text", "align": "left"},
            "encoding": {"text": {"field": "word"}, "x": {"value": 340}, "y": {"value": 17}},
        },
    ],
}


def add_chart(page: Page, spec: dict[str, Any]) -> None:
    page.evaluate(
        """spec => {
            const data = document.createElement('script');
            data.type = 'application/json';
            data.id = 'paper';
            data.textContent = JSON.stringify({spec});
            const chart = document.createElement('nb-chart');
            chart.id = 'paper-chart';
            chart.dataset.specId = 'paper';
            document.querySelector('main').prepend(data, chart);
        }""",
        spec,
    )
    expect(page.locator("#paper-chart")).to_have_attribute("data-state", "drawn")


def test_figure_for_paper_fills_the_page_and_its_columns_move_along(page: Page) -> None:
    add_chart(page, PAPER_FIGURE)
    host = page.locator("#paper-chart").bounding_box()
    svg = page.locator("#paper-chart svg").bounding_box()
    bar = page.locator("#paper-chart .mark-rect path").bounding_box()
    word = page.locator("#paper-chart .mark-text text", has_text="3 av 4").bounding_box()
    assert host
    assert svg
    assert bar
    assert word
    assert abs(svg["width"] - host["width"]) < 4
    assert bar["width"] > 600
    assert word["x"] >= bar["x"] + bar["width"]


def test_figure_for_paper_on_a_phone_breaks_names_and_drops_columns(
    open_page: Callable[..., Page], pattern_url: str
) -> None:
    page = open_page(PHONE)
    page.goto(pattern_url)
    add_chart(page, PAPER_FIGURE)
    svg = page.locator("#paper-chart svg").bounding_box()
    bar = page.locator("#paper-chart .mark-rect path").bounding_box()
    assert svg
    assert bar
    assert svg["width"] <= 343
    assert bar["width"] > 120
    assert page.locator("#paper-chart text", has_text="3 av 4").count() == 0
    assert page.locator("#paper-chart .role-axis-label tspan").count() == 2
    natural = float(page.locator("#paper-chart svg").get_attribute("width") or 0)
    assert natural <= 343 * 1.05  # letters are not shrunk


@pytest.mark.parametrize("hoisted", [False, True])
def test_names_in_two_lines_have_room_for_two_lines(
    open_page: Callable[..., Page], pattern_url: str, hoisted: bool
) -> None:
    """Pages put a figure's rows in one place; names are found there as well."""
    page = open_page(PHONE)
    page.goto(pattern_url)
    names = [f"Strømdalsjordet – Nyhus – Ravnåsen {n}" for n in range(4)]
    rows = [{"name": name, "n": n} for n, name in enumerate(names, 1)]
    y = {"field": "name", "type": "nominal", "sort": names, "axis": {"labelLimit": 220}}
    x = {"field": "n", "type": "quantitative"}
    layer = {"mark": "point", "encoding": {"y": y, "x": x}}
    data = {"name": "d0"} if hoisted else {"values": rows}
    spec: dict[str, Any] = {
        "width": 420,
        "height": {"step": 22},
        "layer": [{**layer, "data": data}],
    }
    if hoisted:
        spec["datasets"] = {"d0": rows}
    add_chart(page, spec)
    labels = page.locator("#paper-chart .role-axis-label text", has_text="Ravnåsen")
    boxes = [labels.nth(n).bounding_box() for n in range(4)]
    assert page.locator("#paper-chart .role-axis-label tspan").count() == 8
    for above, below in pairwise(boxes):
        assert above
        assert below
        assert above["y"] + above["height"] <= below["y"] + 1


def test_broken_specification_is_said(desktop: Page, pattern_url: str) -> None:
    desktop.goto(pattern_url)
    desktop.evaluate(
        "() => { const chart = document.createElement('nb-chart');"
        " chart.dataset.specId = 'absent'; chart.id = 'broken';"
        " document.querySelector('main').append(chart); }"
    )
    desktop.locator("#broken").scroll_into_view_if_needed()
    expect(desktop.locator("#broken .nb-empty")).to_contain_text("kunne ikke tegnes")


# Tables -----------------------------------------------------------------------------------------


def test_numbers_sort_as_numbers_and_statuses_last_both_ways(light: Page) -> None:
    given = {p["name"]: p["value"] for p in BY_NAME.values()}
    known = sorted((v for v in given.values() if v is not None), reverse=True)
    unknown = sum(v is None for v in given.values())
    head = light.locator("#omrader th[data-key=value]")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    shown = [given[name] for name in names(light)]
    assert shown == known + [None] * unknown
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert [given[name] for name in names(light)] == known[::-1] + [None] * unknown
    expect(light.locator("#nb-live")).to_have_text("Sortert etter Bor trangt, stigende.")


def test_names_sort_by_the_norwegian_alphabet(light: Page) -> None:
    light.locator("#omrader th[data-key=name] button").click()
    shown = names(light)
    alphabet = "abcdefghijklmnopqrstuvwxyzæøå"
    order = [[alphabet.find(c) for c in name.lower()] for name in shown]
    assert order == sorted(order)
    assert shown[-1] == "Åsen"


def test_only_one_column_is_sorted(light: Page) -> None:
    light.locator("#omrader th[data-key=value] button").click()
    light.locator("#omrader th[data-key=change] button").click()
    sorts = [th.get_attribute("aria-sort") for th in light.locator("#omrader thead th").all()]
    assert sorts == ["none", "none", "descending", "none"]


def test_address_holds_sort_and_filter(light: Page, pattern_url: str) -> None:
    light.locator("#omrader th[data-key=value] button").click()
    light.locator("#filter").fill("en")
    expect(light).to_have_url(re.compile(r"sort=-value.*filter=en"))
    first = names(light)
    light.goto(light.url)
    assert names(light) == first
    expect(light.locator("#omrader th[data-key=value]")).to_have_attribute(
        "aria-sort", "descending"
    )


def test_filter_hides_rows_and_says_how_many_are_left(light: Page) -> None:
    light.locator("#filter").fill("øya")
    assert names(light) == ["Nordre Øya"]
    expect(light.locator("#nb-live")).to_have_text("Rader som vises: 1.")
    light.locator("#filter").fill("xyz")
    expect(light.locator("[data-no-match]")).to_have_text("Ingen rader passer til «xyz».")
    light.locator("#filter").fill("")
    assert len(names(light)) == 24
    assert "filter" not in light.url


# Forms ------------------------------------------------------------------------------------------


def test_choice_takes_effect_at_once_and_keeps_focus_scroll_and_sort(page: Page) -> None:
    page.locator("#omrader th[data-key=value] button").click()
    page.evaluate("window.marker = 1")
    page.evaluate("window.scrollTo(0, 420)")
    field = page.locator("#indikator")
    field.focus()
    before = page.evaluate("window.scrollY")
    field.select_option("low_income")
    page.wait_for_url("**indicator=low_income**")
    assert "sort=-value" in page.url
    assert "period=2017" in page.url
    expect(page.locator("#nb-live")).to_have_text("Siden er oppdatert.")
    expect(page.locator("#indikator")).to_be_focused()
    expect(page.locator("#indikator")).to_have_value("low_income")
    assert page.evaluate("window.marker") == 1
    assert abs(page.evaluate("window.scrollY") - before) < 2
    expect(page.locator("#omrader th[data-key=value]")).to_have_attribute("aria-sort", "descending")
    assert page.locator("#omrader th[data-key=value] button").count() == 1
    wait_drawn(page)
    assert page.locator(".nb-map__view").count() == 1


def test_back_returns_to_the_former_choice(page: Page) -> None:
    page.locator("#indikator").select_option("tenants")
    page.wait_for_url("**indicator=tenants**")
    page.go_back()
    page.wait_for_url(lambda url: "tenants" not in url)
    expect(page.locator("#indikator")).to_have_value("crowded")
    wait_drawn(page)
    assert page.locator("nb-map").get_attribute("data-state") == "drawn"


def test_submit_button_is_for_readers_without_script(light: Page) -> None:
    expect(light.locator("[data-noscript]")).to_be_hidden()


# Search -----------------------------------------------------------------------------------------


def test_search_suggests_and_opens_with_the_keyboard(
    light: Page, axe: Callable[..., list[dict[str, Any]]]
) -> None:
    field = light.get_by_role("combobox", name="Søk etter område eller indikator")
    field.fill("trangt")
    option = light.locator(OPTIONS)
    expect(option).to_have_count(1)
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(light.locator("#nb-live")).to_contain_text("1 forslag")
    field.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == option.get_attribute("id")
    assert axe(light, "header") == []
    field.press("Enter")
    light.wait_for_url("**#trangt")


def test_search_arrows_go_round_through_the_field(light: Page) -> None:
    field = light.locator("#q")
    field.fill("b")
    expect(light.locator(OPTIONS).first).to_be_visible()
    count = light.locator(OPTIONS).count()
    field.press("ArrowUp")
    expect(light.locator(OPTIONS).nth(count - 1)).to_have_attribute("aria-selected", "true")
    field.press("ArrowDown")
    expect(field).not_to_have_attribute("aria-activedescendant", "x")
    assert field.get_attribute("aria-activedescendant") is None


def test_escape_closes_and_enter_submits_the_plain_form(light: Page) -> None:
    field = light.locator("#q")
    field.fill("brygga")
    expect(light.locator(OPTIONS)).to_have_count(1)
    field.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("brygga")
    field.press("Enter")
    light.wait_for_url("**q=brygga")


def test_search_that_fails_stays_a_plain_form(desktop: Page, pattern_url: str) -> None:
    desktop.route("**/search.json**", lambda route: route.abort())
    desktop.goto(pattern_url)
    desktop.locator("#q").fill("brygga")
    desktop.wait_for_timeout(400)
    expect(desktop.locator("#q")).to_have_attribute("aria-expanded", "false")


# Small helps ------------------------------------------------------------------------------------


def test_copy_link_copies_the_address(open_page: Callable[..., Page], pattern_url: str) -> None:
    page = open_page(DESKTOP, permissions=["clipboard-read", "clipboard-write"])
    page.goto(pattern_url + "?sort=-value")
    page.get_by_role("button", name="Kopier lenke").click()
    expect(page.locator("#nb-live")).to_have_text("Lenken er kopiert")
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_skip_link_leads_to_main(light: Page) -> None:
    light.keyboard.press("Tab")
    expect(light.locator(".ds-skip-link")).to_be_focused()
    light.keyboard.press("Enter")
    expect(light.locator("main")).to_be_focused()


def test_print_shows_every_row(light: Page) -> None:
    light.emulate_media(media="print")
    region = light.locator(".nb-table-region")
    assert region.evaluate("e => e.scrollHeight - e.clientHeight") == 0
    expect(light.locator(".nb-nav")).to_be_hidden()
