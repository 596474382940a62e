"""PxWebApi version 2: Statistics Norway and any other service that follows the same description.

The service is described by `PxAPI-2.yml` of the public repository PxTools/PxApiSpecs (Apache 2.0):
`/config`, `/tables`, `/tables/{id}/metadata`, `/tables/{id}/data` and `/codelists/{id}`. Errors
are problems (RFC 7807); Statistics Norway answers 400 with «Non-existent table» where the
description says 404 (observed 25 April 2026).
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import polars as pl

from nabolag.core import Place, UserError, error
from nabolag.sources import jsonstat
from nabolag.sources.file_form import ReadOptions
from nabolag.sources.grid import RawTable
from nabolag.sources.producers import planning
from nabolag.sources.producers.protocol import (
    Answer,
    Ask,
    CodeList,
    Query,
    Request,
    TableDescription,
    TableInfo,
)
from nabolag.sources.producers.pxweb_describe import code_list, description_of, table_info
from nabolag.sources.producers.pxweb_select import Chosen, resolve
from nabolag.sources.producers.refusals import RefusedError

#: Addresses longer than this are sent as POST. A GET with 839 codes is refused by Statistics
#: Norway; servers commonly take 2 048 characters, and we stay below.
LONGEST_URL: Final = 1_900
_PAGE_SIZE: Final = 500
_MOST_PAGES: Final = 20
_NO_TABLE: Final = "non-existent table"


class PxWebApi:
    """A PxWebApi v2 at an address, asked with `ask`."""

    def __init__(self, name: str, ask: Ask, address: str) -> None:
        """Name the producer; `address` ends where `/tables` begins."""
        self.name = name
        self._ask = ask
        self._address = address.rstrip("/")

    def list(self, words: str) -> tuple[TableInfo, ...]:
        """Return the tables that the service finds for the words (title, variables, values)."""
        found: list[TableInfo] = []
        for page in range(1, _MOST_PAGES + 1):
            answer = self._object(
                self._about(f"tables-{page}", "/tables", self._search(words, page))
            )
            found += [table_info(entry) for entry in answer.get("tables") or ()]
            if page >= int((answer.get("page") or {}).get("totalPages") or 1):
                break
        return tuple(found)

    def describe(
        self, table: str, lists: Sequence[str] = (), language: str = ""
    ) -> TableDescription:
        """Return dimensions, codes, units, footnotes, stamp, licence and limits of a table."""
        config = self._object(self._about("config", "/config"))
        self._require_language(language, config)
        asked = self._about(
            "metadata", f"/tables/{quote(table, safe='')}/metadata", _spoken(language)
        )
        try:
            metadata = self._object(replace(asked, volatile=True))
        except RefusedError as refusal:
            raise self._no_table(table, refusal) from refusal
        named = _lists_of(metadata)
        filled = [self._list(name, language, table, named) for name in dict.fromkeys(lists)]
        url = f"{self._address}/tables/{quote(table, safe='')}"
        try:
            return description_of(table, metadata, config, filled, url)
        except (jsonstat.JsonStatError, KeyError, TypeError, ValueError) as wrong:
            raise error(
                "producer_form_unknown", Place(table), url=url, reason=str(wrong)
            ) from wrong

    def requests(self, query: Query, description: TableDescription) -> tuple[Request, ...]:
        """Return the fewest requests whose answers hold the selection, each within the limit."""
        chosen = resolve(query, description)
        parts = planning.split(
            {name: one.codes for name, one in chosen.items()}, description.max_cells
        )
        return tuple(
            self._data(f"part-{at:04}", query, chosen, part)
            for at, part in enumerate(parts, start=1)
        )

    def check(self, answer: Answer) -> None:
        """Refuse an answer that is no dataset, or holds other codes than were asked for."""
        asked = selection_in(answer.request)
        place = Place(answer.request.name)
        try:
            dataset = jsonstat.dataset_in(answer.document, "")
            held = {one.id: set(one.codes) for one in jsonstat.dimensions_of(dataset)}
            cells = prod(len(codes) for codes in held.values())
            jsonstat.values_of(dataset, cells)
        except (jsonstat.JsonStatError, KeyError, ValueError, AttributeError) as wrong:
            raise _unread(place, answer.request.url, str(wrong)) from wrong
        for name, codes in asked.items():
            if held.get(name) != set(codes):
                raise _other_codes(name, set(codes), held.get(name, set()), answer)
        beside = [name for name in held if name not in asked and len(held[name]) != 1]
        if beside:
            raise _other_codes(beside[0], set(), held[beside[0]], answer)

    def stamp(self, answer: Answer) -> str:
        """Return when the table was last updated, as the answer itself says."""
        document = answer.document
        return str(document.get("updated") or "") if isinstance(document, dict) else ""

    def read(self, answers: Sequence[Answer]) -> RawTable:
        """Return all parts as one table: codes, labels (`<dimension>.text`), value and status."""
        options = ReadOptions()
        tables = [
            jsonstat.table_in(answer.document, options, answer.request.name) for answer in answers
        ]
        return replace(tables[0], frame=pl.concat([table.frame for table in tables]))

    # What is asked, and how.

    def _about(self, name: str, path: str, query: Mapping[str, str] | None = None) -> Request:
        address = self._address + path + (f"?{urlencode(query)}" if query else "")
        return Request(name=name, url=address, purpose="about")

    def _search(self, words: str, page: int) -> dict[str, str]:
        searched = {"query": words} if words else {}
        return {**searched, "pageNumber": str(page), "pageSize": str(_PAGE_SIZE)}

    def _object(self, request: Request) -> dict[str, Any]:
        document = self._ask(request).document
        if not isinstance(document, dict):
            raise error(
                "producer_form_unknown",
                Place(request.name),
                url=request.url,
                reason="not an object",
            )
        return document

    def _list(self, name: str, language: str, table: str, named: Mapping[str, str]) -> CodeList:
        if name not in named:
            near = difflib.get_close_matches(name, named, n=3, cutoff=0.4) or [*named][:3]
            known = ", ".join(f"{one} ({label})" for one, label in named.items())
            raise error(
                "producer_list_unknown",
                Place(table),
                given=name,
                near=", ".join(near) or "–",
                known=known or "–",
            )
        path = f"/codelists/{quote(name, safe='')}"
        return code_list(self._object(self._about(f"codelist-{name}", path, _spoken(language))))

    def _require_language(self, language: str, config: Mapping[str, Any]) -> None:
        known = [str(one.get("id")) for one in config.get("languages") or ()]
        if language and known and language not in known:
            raise error("producer_language_unknown", given=language, known=", ".join(known))

    def _no_table(self, table: str, refusal: RefusedError) -> UserError:
        if refusal.status != 404 and _NO_TABLE not in refusal.said.lower():
            return refusal
        try:
            tables = self.list(table) or self.list("")
        except UserError:
            tables = ()
        labels = {one.id: one.label for one in tables}
        near = difflib.get_close_matches(table, labels, n=3, cutoff=0.5) or [*labels][:3]
        told = "; ".join(f"{one} ({labels[one]})" for one in near)
        return error("pxweb_table_unknown", Place(self.name), given=table, near=told or "–")

    def _data(
        self,
        name: str,
        query: Query,
        chosen: Mapping[str, Chosen],
        part: Mapping[str, Sequence[str]],
    ) -> Request:
        base = f"{self._address}/tables/{quote(query.table, safe='')}/data"
        fixed = {**_spoken(query.language), "outputFormat": "json-stat2"}
        lists = {name: one.code_list for name, one in chosen.items() if one.code_list}
        spelled = {
            **fixed,
            **{f"valueCodes[{name}]": ",".join(codes) for name, codes in part.items()},
            **{f"codelist[{name}]": given for name, given in lists.items()},
        }
        whole = Request(
            name, f"{base}?{urlencode(spelled, safe=',')}", format="jsonstat", cells=_cells(part)
        )
        if len(whole.url) <= LONGEST_URL and not _has_signs(part):
            return whole
        selection = [
            {"variableCode": name, "valueCodes": [*codes]}
            | ({"codelist": lists[name]} if name in lists else {})
            for name, codes in part.items()
        ]
        body = json.dumps({"selection": selection}, ensure_ascii=False)
        return replace(whole, method="POST", url=f"{base}?{urlencode(fixed)}", body=body)


def make(name: str, ask: Ask, address: str) -> PxWebApi:
    """Return the producer; the registry calls this."""
    return PxWebApi(name, ask, address)


def selection_in(request: Request) -> dict[str, tuple[str, ...]]:
    """Return the codes that a request for data asks for, by dimension."""
    if request.body:
        return {
            one["variableCode"]: tuple(one["valueCodes"])
            for one in json.loads(request.body)["selection"]
        }
    pairs = parse_qsl(urlsplit(request.url).query, keep_blank_values=True)
    return {
        key[len("valueCodes[") : -1]: tuple(value.split(","))
        for key, value in pairs
        if key.startswith("valueCodes[")
    }


def _unread(place: Place, url: str, reason: str) -> UserError:
    return error("producer_form_unknown", place, url=url, reason=reason)


def _cells(part: Mapping[str, Sequence[str]]) -> int:
    return prod(len(codes) for codes in part.values())


def _has_signs(part: Mapping[str, Sequence[str]]) -> bool:
    """Tell whether a code holds the comma that separates codes in an address."""
    return any("," in code for codes in part.values() for code in codes)


def _spoken(language: str) -> dict[str, str]:
    return {"lang": language} if language else {}


def _lists_of(metadata: Mapping[str, Any]) -> dict[str, str]:
    return {
        str(entry["id"]): str(entry.get("label") or "")
        for dimension in (metadata.get("dimension") or {}).values()
        for entry in (dimension.get("extension") or {}).get("codelists") or ()
    }


def _other_codes(name: str, asked: set[str], held: set[str], answer: Answer) -> UserError:
    absent, beside = sorted(asked - held), sorted(held - asked)
    return error(
        "producer_other_codes",
        Place(answer.request.name),
        dimension=name,
        absent=", ".join(absent[:10]) or "–",
        beside=", ".join(beside[:10]) or "–",
    )
