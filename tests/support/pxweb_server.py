"""A PxWebApi v2 on a real socket, after the recorded OpenAPI description, with its bad days.

It knows nothing of the code it tests: selections, limits and errors are worked out here from the
description (`PxAPI-2.yml`) and from errors observed at Statistics Norway. `faults` are the bad
days: what goes wrong with the n-th question for figures (from 1), once.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from math import prod
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

ROOT = "/api/pxwebapi/v2"
LONGEST_URL = 2_048

#: A figure: its value, or `None` and the mark that says why.
Cell = tuple[float | int | None, str]


@dataclass
class Dim:
    """One dimension of a served table."""

    id: str
    label: str
    codes: dict[str, str]
    role: str = ""
    eliminates: bool = False
    lists: tuple[str, ...] = ()
    units: dict[str, dict[str, Any]] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Table:
    """A served table; `cell` gives the figure of one combination of codes."""

    id: str
    label: str
    dims: list[Dim]
    cell: Callable[[Mapping[str, str]], Cell]
    updated: str = "2026-03-16T07:00:00Z"
    notes: tuple[str, ...] = ()
    source: str = "Statistisk sentralbyrå"

    def dim(self, name: str) -> Dim | None:
        return next((one for one in self.dims if one.id == name), None)


class ProblemError(Exception):
    """An error answer."""

    def __init__(self, status: int, title: str, detail: str = "", **headers: str) -> None:
        super().__init__(title)
        self.status, self.headers = status, headers
        self.body = {"type": "Parameter error", "title": title, "status": status}
        if detail:
            self.body["detail"] = detail


class PxServer:
    """The service: its tables, limits, bad days, and everything that was asked of it."""

    def __init__(
        self,
        tables: Sequence[Table],
        *,
        max_cells: int = 800_000,
        calls: int = 1_000,
        window: int = 10,
        lists: Mapping[str, dict[str, Any]] | None = None,
    ) -> None:
        self.tables = {table.id: table for table in tables}
        self.max_cells, self.calls, self.window = max_cells, calls, window
        self.lists = dict(lists or {})
        self.faults: dict[int, str] = {}
        self.delay = 0.0
        self.enforced = calls
        self.seen: list[tuple[str, str]] = []
        self.open_now = self.open_most = 0
        self.on_data: Callable[[int], None] = lambda number: None
        self._times: list[float] = []
        self._lock = threading.Lock()
        self.url = ""

    def count(self, ending: str = "/data") -> int:
        """How many questions went to paths with this ending."""
        return sum(urlsplit(url).path.endswith(ending) for _, url in self.seen)

    @contextmanager
    def running(self) -> Iterator[PxServer]:
        handler = type("Handler", (_Handler,), {"px": self})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_address[1]}{ROOT}"
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()

    # What it answers.

    def answer(self, method: str, url: str, body: bytes) -> tuple[Any, str]:
        """Return the document for a question, and the fault it is answered with."""
        with self._lock:
            self.seen.append((method, url))
            self._limit_calls()
        parts = urlsplit(url)
        path = [unquote(part) for part in parts.path.removeprefix(ROOT).strip("/").split("/")]
        asked = dict(parse_qsl(parts.query, keep_blank_values=True))
        match path:
            case ["config"]:
                return self.config(), ""
            case ["tables"]:
                return self.listing(asked), ""
            case ["codelists", name]:
                return self.code_list(name), ""
            case ["tables", table, "metadata"]:
                return self.dataset(self._table(table), None), ""
            case ["tables", table, "data"]:
                number = self.count()
                self.on_data(number)
                fault = self.faults.pop(number, "")
                if fault.isdigit():
                    retry = {"Retry-After": "1"} if fault in ("429", "503") else {}
                    raise ProblemError(int(fault), "Trouble", **retry)
                if self.delay:
                    time.sleep(self.delay)
                return self.data(self._table(table), method, asked, url, body), fault
        raise ProblemError(404, "Not Found")

    def config(self) -> dict[str, Any]:
        return {
            "apiVersion": "2.0.0",
            "appVersion": "test",
            "languages": [{"id": "no", "label": "norsk"}, {"id": "en", "label": "English"}],
            "defaultLanguage": "no",
            "maxDataCells": self.max_cells,
            "maxCallsPerTimeWindow": self.calls,
            "timeWindow": self.window,
            "license": "https://creativecommons.org/licenses/by/4.0/",
            "sourceReferences": [{"language": "no", "text": "Kilde: SSB"}],
            "defaultDataFormat": "json-stat2",
            "dataFormats": ["json-stat2"],
        }

    def listing(self, asked: Mapping[str, str]) -> dict[str, Any]:
        words = asked.get("query", "").lower().split()
        size, page = int(asked.get("pageSize", "2")), int(asked.get("pageNumber", "1"))
        hits = [
            table
            for table in self.tables.values()
            if all(word in f"{table.id} {table.label}".lower() for word in words)
        ]
        shown = hits[(page - 1) * size : page * size]
        return {
            "language": "no",
            "tables": [self._entry(table) for table in shown],
            "page": {
                "pageNumber": page,
                "pageSize": size,
                "totalElements": len(hits),
                "totalPages": max(1, -(-len(hits) // size)),
                "links": [],
            },
            "links": [],
        }

    def _entry(self, table: Table) -> dict[str, Any]:
        times = next((list(d.codes) for d in table.dims if d.role == "time"), [""])
        return {
            "id": table.id,
            "label": table.label,
            "updated": table.updated,
            "firstPeriod": times[0],
            "lastPeriod": times[-1],
            "category": "public",
            "variableNames": [d.label for d in table.dims],
            "source": table.source,
            "links": [],
        }

    def code_list(self, name: str) -> dict[str, Any]:
        if name not in self.lists:
            raise ProblemError(404, "Non-existent codelist")
        return {
            "links": [],
            "language": "no",
            "languages": ["no", "en"],
            **self.lists[name],
            "id": name,
        }

    def data(
        self, table: Table, method: str, asked: Mapping[str, str], url: str, body: bytes
    ) -> dict[str, Any]:
        if len(url) > LONGEST_URL:
            raise ProblemError(414, "URI Too Long")
        if method == "POST":
            given = json.loads(body)["selection"]
            wanted = {one["variableCode"]: list(one["valueCodes"]) for one in given}
            lists = {one["variableCode"]: one["codelist"] for one in given if one.get("codelist")}
        else:
            lower = {key.lower(): (key, value) for key, value in asked.items()}
            wanted = {
                k[11:-1]: v.split(",")
                for key, (k, v) in lower.items()
                if key.startswith("valuecodes[")
            }
            lists = {k[9:-1]: v for key, (k, v) in lower.items() if key.startswith("codelist[")}
        chosen = {
            name: self._codes(table, name, codes, lists.get(name, ""))
            for name, codes in wanted.items()
        }
        for dim in table.dims:
            if dim.id not in chosen and not dim.eliminates:
                raise ProblemError(400, "Missing selection for mandantory variable")
        if prod(len(codes) for codes in chosen.values()) > self.max_cells:
            raise ProblemError(
                403, "Forbidden", "The query resulted in cell that exceeds the number of allowed."
            )
        return self.dataset(table, chosen, lists)

    def _codes(
        self, table: Table, name: str, codes: Sequence[str], code_list: str
    ) -> dict[str, str]:
        dim = table.dim(name)
        if dim is None:
            raise ProblemError(400, "Non-existent variable")
        if code_list and code_list not in dim.lists:
            raise ProblemError(400, "Non-existent codelist")
        known = (
            {v["code"]: v["label"] for v in self.lists[code_list]["values"]}
            if code_list
            else dim.codes
        )
        if list(codes) == ["*"]:
            return dict(known)
        for code in codes:
            if code not in known:
                raise ProblemError(400, "Non-existent value")
        return {code: known[code] for code in known if code in codes}

    def dataset(
        self,
        table: Table,
        chosen: Mapping[str, Mapping[str, str]] | None,
        lists: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        dims = [d for d in table.dims if chosen is None or d.id in chosen]
        codes = {d.id: dict(chosen[d.id]) if chosen else d.codes for d in dims}
        found: dict[str, Any] = {
            "version": "2.0",
            "class": "dataset",
            "label": f"{table.id}: {table.label}",
            "source": table.source,
            "updated": table.updated,
            "note": list(table.notes),
            "role": _roles(dims),
            "id": [d.id for d in dims],
            "size": [len(codes[d.id]) for d in dims],
            "dimension": {
                d.id: _described(d, codes[d.id], self.lists, chosen is None) for d in dims
            },
            "extension": {"px": {"tableid": table.id, "language": "no", "decimals": 0}},
            "value": [],
        }
        if chosen is not None:
            cells = [self._sum(table, dims, at, lists or {}) for at in product(*codes.values())]
            found["value"] = [value for value, _ in cells]
            marks = {str(at): mark for at, (_, mark) in enumerate(cells) if mark}
            if marks:
                found["status"] = marks
        return found

    def _sum(
        self, table: Table, dims: Sequence[Dim], at: Sequence[str], lists: Mapping[str, str]
    ) -> Cell:
        """Return a figure, summed over what an aggregation joins and over what is left out."""
        over: dict[str, list[str]] = {d.id: list(d.codes) for d in table.dims}
        for dim, code in zip(dims, at, strict=True):
            over[dim.id] = self._members(lists.get(dim.id, ""), code)
        cells = [table.cell(dict(zip(over, one, strict=True))) for one in product(*over.values())]
        if len(cells) == 1:
            return cells[0]
        known = [value for value, _ in cells if value is not None]
        return (sum(known), "") if known else (None, ".")

    def _members(self, code_list: str, code: str) -> list[str]:
        if not code_list:
            return [code]
        values = {v["code"]: v["valueMap"] for v in self.lists[code_list]["values"]}
        return list(values[code]) or [code]

    def _table(self, name: str) -> Table:
        if name not in self.tables:
            # Statistics Norway says 400 here, with 404 in the body; other services say 404.
            problem = ProblemError(400, "Non-existent table")
            problem.body["status"] = 404
            raise problem
        return self.tables[name]

    def _limit_calls(self) -> None:
        now = time.monotonic()
        self._times = [at for at in self._times if now - at < self.window]
        if len(self._times) >= self.enforced:
            raise ProblemError(429, "Too many requests", **{"Retry-After": "1"})
        self._times.append(now)


class _Handler(BaseHTTPRequestHandler):
    px: PxServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._serve("GET", b"")

    def do_POST(self) -> None:
        self._serve("POST", self.rfile.read(int(self.headers.get("Content-Length", "0"))))

    def _serve(self, method: str, body: bytes) -> None:
        with self.px._lock:
            self.px.open_now += 1
            self.px.open_most = max(self.px.open_most, self.px.open_now)
        try:
            document, fault = self.px.answer(method, self.path, body)
            self._send(200, json.dumps(document, ensure_ascii=False).encode(), fault)
        except ProblemError as problem:
            self._send(problem.status, json.dumps(problem.body).encode(), "", problem.headers)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            with self.px._lock:
                self.px.open_now -= 1

    def _send(
        self, status: int, content: bytes, fault: str, headers: Mapping[str, str] | None = None
    ) -> None:
        if fault == "reset":
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        if fault == "page":
            content = b"<!DOCTYPE html><html><body>Vedlikehold</body></html>"
        if fault == "half-json":
            content = content[: len(content) // 2]
        if fault == "empty":
            content = b""
        if fault == "other-codes":
            document = json.loads(content)
            document["dimension"][document["id"][0]]["category"]["index"] = {"x": 0}
            content = json.dumps(document).encode()
        self.send_response(status)
        kind = "application/json" if status == 200 else "application/problem+json"
        self.send_header("Content-Type", "text/html" if fault == "page" else kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        if fault == "truncated":
            self.wfile.write(content[: len(content) // 2])
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        self.wfile.write(content)

    def log_message(self, *words: object) -> None:
        """Say nothing."""


def _roles(dims: Sequence[Dim]) -> dict[str, list[str]]:
    roles: dict[str, list[str]] = {}
    for dim in dims:
        if dim.role:
            roles.setdefault(dim.role, []).append(dim.id)
    return roles


def _described(
    dim: Dim, codes: Mapping[str, str], lists: Mapping[str, dict[str, Any]], whole: bool
) -> dict[str, Any]:
    category: dict[str, Any] = {
        "index": {code: at for at, code in enumerate(codes)},
        "label": dict(codes),
    }
    notes = {code: told for code, told in dim.notes.items() if code in codes}
    units = {code: unit for code, unit in dim.units.items() if code in codes}
    if notes:
        category["note"] = notes
    if units:
        category["unit"] = units
    extension: dict[str, Any] = {"elimination": dim.eliminates, "show": "code_value"}
    if whole:
        extension["codelists"] = [
            {"id": name, "label": lists[name]["label"], "type": lists[name]["type"], "links": []}
            for name in dim.lists
        ]
    return {"label": dim.label, "category": category, "extension": extension}


def population(
    areas: Mapping[str, str] | None = None,
    years: Sequence[int] = (2022, 2023, 2024),
    updated: str = "2026-02-25T07:00:00Z",
) -> tuple[Table, dict[str, dict[str, Any]]]:
    """Return a small population table, invented, with a grouping and a subset of its areas."""
    here = dict(areas or {"9901": "Nordvik", "9902": "Sørvik", "9903": "Øyvær"})
    ages = {"000": "0 år", "001": "1 år", "002": "2 år eller eldre"}

    def cell(at: Mapping[str, str]) -> Cell:
        if at["Region"] == "9903" and at["Tid"] == "2022":
            return None, "." if at["Kjonn"] == "1" else ":"
        number = int(at["Tid"]) - 2000 + 10 * int(at["Alder"]) + int(at["Kjonn"])
        return number + list(here).index(at["Region"]) * 100, ""

    lists = {
        "agg_Landsdel": {
            "label": "Landsdel", "type": "Aggregation",
            "values": [{"code": "L-1", "label": "Fastlandet", "valueMap": list(here)[:2]},
                       {"code": "L-2", "label": "Øyene", "valueMap": list(here)[2:]}],
        },
        "vs_Fastland": {
            "label": "Fastlandet", "type": "Valueset",
            "values": [{"code": c, "label": here[c], "valueMap": [c]} for c in list(here)[:2]],
        },
    }  # fmt: skip
    dims = [
        Dim("Region", "region", here, "geo", lists=("agg_Landsdel", "vs_Fastland")),
        Dim("Kjonn", "kjønn", {"1": "Menn", "2": "Kvinner"}, eliminates=True),
        Dim("Alder", "alder", ages, eliminates=True, notes={"002": ["Åpen gruppe."]}),
        Dim("ContentsCode", "statistikkvariabel", {"Personer": "Personer"}, "metric",
            units={"Personer": {"base": "personer", "decimals": 0}}),
        Dim("Tid", "år", {str(year): str(year) for year in years}, "time"),
    ]  # fmt: skip
    table = Table("07459", "Befolkning, etter region, kjønn, alder og år", dims, cell, updated,
                  notes=("Tall per 1. januar.",))  # fmt: skip
    return table, lists


def recorded(dataset: Mapping[str, Any]) -> Table:
    """Return a table that answers as a recorded JSON-stat dataset does."""
    roles = {name: role for role, names in (dataset.get("role") or {}).items() for name in names}
    dims = []
    for name in dataset["id"]:
        told = dataset["dimension"][name]
        category = told["category"]
        codes = sorted(category["index"], key=category["index"].get)
        dims.append(
            Dim(
                name,
                told["label"],
                {code: category["label"][code] for code in codes},
                roles.get(name, ""),
                bool((told.get("extension") or {}).get("elimination")),
                units=category.get("unit", {}),
                notes=category.get("note", {}),
            )
        )
    values = dataset["value"]
    status = dataset.get("status") or {}
    places = {at: n for n, at in enumerate(product(*(d.codes for d in dims)))}

    def cell(at: Mapping[str, str]) -> Cell:
        n = places[tuple(at[d.id] for d in dims)]
        return values[n], status.get(str(n), "")

    code, _, label = str(dataset["label"]).partition(": ")
    return Table(code, label, dims, cell, dataset["updated"], tuple(dataset.get("note", ())))
