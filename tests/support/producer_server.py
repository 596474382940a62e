"""A producer on this machine: KLASS, kommuneinfo, Geonorge, FHI and Udir, with their errors.

Paths begin with the producer's name. Answers have the forms the producers describe (sources in
the modules that read them); places and figures are made up, apart from names of municipalities.
`fail` makes the next answers to a path wrong in one of the ways of `Fault`.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

from tests.support.producer_answers import answer

Fault = Literal[
    "400",
    "404",
    "429",
    "429-long",
    "500",
    "truncated",
    "cut-line",
    "html",
    "empty",
    "renamed",
    "fewer",
    "twice",
]


#: How many features the services of features usually have.
FEATURES = 5


def nothing(_number: int) -> None:
    """Do nothing when something is asked."""


@dataclass
class Served:
    """What the server was asked, and how its next answers go wrong."""

    address: str = ""
    asked: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    faults: deque[tuple[str, Fault]] = field(default_factory=deque)
    #: How many features the services of features have now.
    features: int = FEATURES
    #: Called with the number of each question before it is answered.
    on_ask: Callable[[int], None] = nothing

    def at(self, path: str) -> str:
        """Return an address at the server."""
        return f"{self.address}/{path}"

    def fail(self, path: str, *kinds: Fault) -> None:
        """Make the next answers to paths with this text wrong, one after the other."""
        self.faults.extend((path, kind) for kind in kinds)

    def fault_for(self, path: str) -> Fault | None:
        """Return and spend the next fault of a path."""
        for fault in self.faults:
            if fault[0] in path:
                self.faults.remove(fault)
                return fault[1]
        return None


@contextmanager
def producer_server() -> Iterator[Served]:
    """Serve until the block ends."""
    served = Served()

    class Handler(_Handler):
        state = served

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    state: Served

    def do_GET(self) -> None:
        self._serve("")

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _serve(self, body: str) -> None:
        parts = urlsplit(self.path)
        path = unquote(parts.path).strip("/")
        asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
        self.state.asked.append(unquote(self.path))
        if body:
            self.state.bodies.append(body)
        asked["accept"] = self.headers.get("Accept", "")
        self.state.on_ask(len(self.state.asked))
        asked["host"] = self.state.address
        asked["features"] = str(self.state.features)
        status, content = answer(path, asked, body)
        self._send(*spoiled(status, content, self.state.fault_for(unquote(self.path))))

    def _send(self, status: int, content: bytes, retry_after: str, missing: int) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if retry_after:
            self.send_header("Retry-After", retry_after)
        self.send_header("Content-Length", str(len(content) + missing))
        self.end_headers()
        self.wfile.write(content)


def spoiled(status: int, content: bytes, fault: Fault | None) -> tuple[int, bytes, str, int]:
    """Return status, bytes, a `Retry-After` and how many bytes are promised but not sent."""
    half = content[: len(content) // 2]
    problem = json.dumps({"title": "Bad Request", "detail": "from er ikke en dato"}).encode()
    page = b"<!DOCTYPE html><html><body>Logg inn</body></html>"
    ways: dict[Fault, Callable[[], tuple[int, bytes, str, int]]] = {
        "400": lambda: (400, problem, "", 0),
        "404": lambda: (404, b'{"status": 404, "error": "Not Found"}', "", 0),
        "429": lambda: (429, b"{}", "0", 0),
        "429-long": lambda: (429, b"{}", "3600", 0),
        "500": lambda: (500, b"{}", "", 0),
        "truncated": lambda: (200, half, "", 0),
        "cut-line": lambda: (200, half, "", 100),
        "html": lambda: (200, page, "", 0),
        "empty": lambda: (200, _emptied(content), "", 0),
        "renamed": lambda: (200, _renamed(content), "", 0),
        "fewer": lambda: (200, _without_last(content), "", 0),
        "twice": lambda: (200, content.replace(b'gml:id="k3"', b'gml:id="k1"'), "", 0),
    }
    return ways[fault]() if fault else (status, content, "", 0)


def _without_last(content: bytes) -> bytes:
    """Leave out the last feature of a collection."""
    start, end = content.rindex(b"<wfs:member>"), content.rindex(b"</wfs:member>")
    return content[:start] + content[end + len(b"</wfs:member>") :]


def _emptied(content: bytes) -> bytes:
    document = json.loads(content)
    if isinstance(document, list):
        return b"[]"
    return json.dumps({k: [] if isinstance(v, list) else v for k, v in document.items()}).encode()


def _renamed(content: bytes) -> bytes:
    """Give every field another name: of the records, or of the one record there is."""

    def other(record: dict[str, Any]) -> dict[str, Any]:
        return {f"x_{key}": value for key, value in record.items()}

    def listed(node: Any) -> bool:
        return isinstance(node, list) and all(isinstance(one, dict) for one in node)

    document = json.loads(content)
    if listed(document):
        return json.dumps([other(one) for one in document]).encode()
    if any(listed(value) for value in document.values()):
        made = {k: [other(one) for one in v] if listed(v) else v for k, v in document.items()}
        return json.dumps(made).encode()
    return json.dumps(other(document)).encode()
