"""A real browser for tests: desktop and phone pages, axe-core, screenshots, the pattern page.

Pages of a live Django server use the same fixtures (`desktop`, `phone`, `open_page`, `axe`,
`screenshot`). Playwright keeps an event loop in this thread, so such tests set
`DJANGO_ALLOW_ASYNC_UNSAFE=1` before Django opens its database.
"""

from __future__ import annotations

import atexit
import json
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.requirements import lacking

ROOT = Path(__file__).parents[2]
FRONTEND = ROOT / "frontend"
BUILT = ROOT / "src" / "nabolag" / "web" / "static" / "nabolag"
SCREENSHOTS = ROOT / "test-results" / "screenshots"
AXE = FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
#: What docs/frontend.md promises is enough. Tests run under it, so a page that needs more fails.
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'self'"
)
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 375, "height": 812}


def chromium_path() -> str:
    """Return the system's Chromium, or skip with what to install."""
    found = os.environ.get("NABOLAG_CHROMIUM") or shutil.which("chromium")
    if not found:
        lacking("Chromium is not installed (apt-get install chromium, or NABOLAG_CHROMIUM)")
    return found


@cache
def _launched(path: str) -> Browser:
    """Start Chromium once a process: its driver cannot run twice, and two folders use this."""
    driver = sync_playwright().start()
    atexit.register(driver.stop)
    return driver.chromium.launch(executable_path=path, args=FLAGS)


@pytest.fixture(scope="session")
def browser() -> Browser:
    """One Chromium for the whole run."""
    return _launched(chromium_path())


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return `open_page(viewport, **context_options)`, which makes pages that notice trouble.

    A page collects uncaught errors and refusals by the content security policy in
    `page.nabolag_trouble`; when the test ends, any of them fails it.
    """
    pages: list[Page] = []

    def make(viewport: dict[str, int], **options: Any) -> Page:
        pages.append(new_page(browser, viewport, **options))
        return pages[-1]

    yield make
    trouble = [line for page in pages for line in trouble_of(page)]
    for page in pages:
        page.context.close()
    assert not trouble, "\n".join(trouble)


def new_page(browser: Browser, viewport: dict[str, int], **options: Any) -> Page:
    """Open a page in a context of its own; `trouble_of(page)` tells what went wrong in it."""
    context = browser.new_context(viewport=viewport, locale="nb-NO", **options)
    context.set_default_timeout(15_000)
    page = context.new_page()
    collect_trouble(page)
    return page


def collect_trouble(page: Page) -> None:
    """Keep uncaught errors and policy refusals on the page object."""
    found: list[str] = []
    page.nabolag_trouble = found  # type: ignore[attr-defined]
    page.on("pageerror", lambda problem: found.append(f"uncaught: {problem}"))

    def listen(message: Any) -> None:
        if "Content Security Policy" in message.text:
            found.append(f"refused: {message.text}")

    page.on("console", listen)


def trouble_of(page: Page) -> list[str]:
    """Return what `collect_trouble` kept."""
    return list(getattr(page, "nabolag_trouble", []))


@pytest.fixture
def desktop(open_page: Callable[..., Page]) -> Page:
    """A page of 1280 × 900."""
    return open_page(DESKTOP)


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> Page:
    """A touch page of 375 × 812."""
    return open_page(PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)


@pytest.fixture(scope="session")
def axe() -> Callable[..., list[dict[str, Any]]]:
    """Return `axe(page)`: WCAG 2.2 A and AA and best-practice violations, ready to print."""
    if not AXE.is_file():
        lacking("axe-core is not installed (cd frontend && npm ci)")
    script = AXE.read_text(encoding="utf-8")

    def run(page: Page, include: str | None = None) -> list[dict[str, Any]]:
        page.evaluate(script)  # evaluated by the driver, outside the page's own policy
        result = page.evaluate(
            "where => axe.run(where || document, {resultTypes: ['violations']})", include
        )
        return [
            {
                "rule": found["id"],
                "impact": found["impact"],
                "help": found["help"],
                "where": [" ".join(map(str, node["target"])) for node in found["nodes"]],
            }
            for found in result["violations"]
        ]

    return run


@pytest.fixture(scope="session")
def screenshot() -> Callable[..., Path]:
    """Return `screenshot(page, name)`: the whole page as PNG under `test-results/screenshots`."""

    def take(page: Page, name: str, *, full: bool = True) -> Path:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        path = SCREENSHOTS / f"{name}.png"
        page.screenshot(path=path, full_page=full, scale="css")
        return path

    return take


def overflow(page: Page) -> int:
    """Return by how many CSS pixels the page is wider than its window."""
    return int(
        page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
    )


def wait_drawn(page: Page) -> None:
    """Scroll through the page and wait until every map and chart is drawn or has said why not.

    What stands in a part that is closed is not waited for: it is drawn when it is opened.
    """
    for element in page.locator("nb-map, nb-chart").all():
        if element.evaluate("e => e.checkVisibility()"):
            element.scroll_into_view_if_needed()
    page.wait_for_function(
        "() => [...document.querySelectorAll('nb-map, nb-chart')]"
        ".filter(e => e.checkVisibility())"
        ".every(e => ['drawn', 'failed'].includes(e.dataset.state))"
    )
    page.evaluate("() => window.scrollTo(0, 0)")


def built_tags() -> str:
    """Return the tags of the built entry, as a page carries them."""
    manifest = json.loads((BUILT / ".vite" / "manifest.json").read_text(encoding="utf-8"))
    entry = next(e for e in manifest.values() if e.get("isEntry") and e["name"] == "main")
    styles = [f'<link rel="stylesheet" href="/static/nabolag/{name}">' for name in entry["css"]]
    script = f'<script type="module" src="/static/nabolag/{entry["file"]}"></script>'
    return "\n".join([*styles, script])


class PatternHandler(SimpleHTTPRequestHandler):
    """Serves the pattern page with the built front end, under the promised policy."""

    def do_GET(self) -> None:
        """Answer the page itself, the search, or a file."""
        asked = urlsplit(self.path)
        if asked.path == "/pattern.html":
            self._send(self._page(), "text/html; charset=utf-8")
        elif asked.path == "/pattern/search.json":
            self._send(self._hits(parse_qs(asked.query).get("q", [""])[0]), "application/json")
        else:
            super().do_GET()

    def translate_path(self, path: str) -> str:
        """Map addresses to the repository's folders."""
        clean = urlsplit(path).path.lstrip("/")
        if clean.startswith("static/nabolag/"):
            return str(BUILT / clean.removeprefix("static/nabolag/"))
        if clean == "mark.svg":
            return str(FRONTEND / "public" / clean)
        return str(FRONTEND / clean)

    def end_headers(self) -> None:
        """Add the policy to every answer."""
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""

    def _page(self) -> str:
        text = (FRONTEND / "pattern.html").read_text(encoding="utf-8")
        source = '<script type="module" src="/src/main.ts"></script>'
        assert source in text
        text = text.replace(source, built_tags())
        asked = parse_qs(urlsplit(self.path).query)
        for name in ("indicator", "period"):
            for value in asked.get(name, []):
                text = _select(text, name, value)
        return text

    def _hits(self, text: str) -> str:
        document = json.loads((FRONTEND / "pattern" / "search.json").read_text(encoding="utf-8"))
        wanted = text.casefold()
        found = [hit for hit in document["results"] if wanted in hit["label"].casefold()]
        return json.dumps({"results": found[:8]})

    def _send(self, text: str, kind: str) -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _select(text: str, name: str, value: str) -> str:
    """Mark an option as chosen and say so in the page, as the real server would."""
    part = re.search(rf'<select[^>]*name="{name}".*?</select>', text, re.S)
    assert part
    options = re.sub(
        rf'<option( value="{value}")?>(?=[^<]*)',
        lambda m: f"<option{m.group(1) or ''} selected>" if m.group(1) else m.group(0),
        part.group(0),
    ).replace(f"<option>{value}<", f"<option selected>{value}<")
    return text.replace(part.group(0), options)


@pytest.fixture(scope="session")
def pattern_url() -> Iterator[str]:
    """The address of the pattern page, served with the built front end."""
    if not (BUILT / ".vite" / "manifest.json").is_file():
        lacking("the front end is not built (cd frontend && npm ci && npm run build)")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(PatternHandler, directory=str(FRONTEND)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/pattern.html"
    server.shutdown()
    server.server_close()
    thread.join()
