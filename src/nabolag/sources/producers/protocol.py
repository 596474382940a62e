"""What a producer is: tables that can be listed, described, asked for and read.

A producer never opens a connection. It is given `ask`, which takes a `Request` and returns an
`Answer`: over the network, from what was kept, or from a recorded file in a test. Everything a
producer does is therefore a function of answers, and offline gives the same bytes as online.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable

from nabolag.sources.file_form import Format
from nabolag.sources.grid import RawTable

#: What an answer is asked for: figures that become a table, or knowledge about them.
Purpose = Literal["data", "about"]
#: What an answer must be, in the words of `sources.file_form`; `zip` holds files for other readers,
#: and `gml` is XML.
AnswerFormat: TypeAlias = Format | Literal["zip", "gml"]
Role = Literal["time", "geo", "metric", ""]


@dataclass(frozen=True, slots=True)
class TableInfo:
    """One table in a producer's list. `updated` is the producer's own stamp, as written."""

    id: str
    label: str
    updated: str = ""
    first_period: str = ""
    last_period: str = ""
    variables: tuple[str, ...] = ()
    source: str = ""
    discontinued: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """One value of a dimension. `unit` and `decimals` stand at values of the metric only."""

    code: str
    label: str
    unit: str = ""
    decimals: int | None = None
    notes: tuple[str, ...] = ()
    #: Of an aggregation: the codes of the dimension that this value is made of.
    made_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeList:
    """Another set of values a dimension may be asked in: a grouping, or a subset.

    `codes` is empty until the list's content has been asked for.
    """

    id: str
    label: str
    aggregates: bool
    codes: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class Dimension:
    """One dimension of a table. Where `eliminates`, it may be left out of a query."""

    id: str
    label: str
    codes: tuple[Code, ...]
    role: Role = ""
    eliminates: bool = False
    code_lists: tuple[CodeList, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def values(self) -> tuple[str, ...]:
        """The codes alone, in the producer's order."""
        return tuple(code.code for code in self.codes)


@dataclass(frozen=True, slots=True)
class TableDescription:
    """What a producer says of one table.

    `updated` is the stamp that tells whether the figures are newer than those kept; empty where
    the producer states none. `max_cells` is the most cells one answer may hold, and `max_calls`
    the most questions within `window_seconds`; 0 for no limit. `source` is whom to cite.
    """

    table: str
    label: str
    dimensions: tuple[Dimension, ...] = ()
    updated: str = ""
    licence: str = ""
    source: str = ""
    url: str = ""
    language: str = ""
    notes: tuple[str, ...] = ()
    max_cells: int = 0
    max_calls: int = 0
    window_seconds: float = 0.0
    discontinued: bool = False

    def dimension(self, name: str) -> Dimension | None:
        """Return the dimension with an id, or `None`."""
        return next((one for one in self.dimensions if one.id == name), None)


@dataclass(frozen=True, slots=True)
class Selection:
    """What is wanted of one dimension: codes or the producer's expressions, by a code list."""

    codes: tuple[str, ...]
    code_list: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """What is wanted of one table. `options` are the producer's own, as text."""

    table: str
    select: Mapping[str, Selection] = field(default_factory=dict)
    language: str = ""
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """A hash that is the same for the same query, however its tables are ordered."""
        lists = {name: [*one.codes, "", one.code_list] for name, one in self.select.items()}
        return digest_of([self.table, lists, self.language, dict(self.options)])

    def text(self) -> str:
        """Return the query as one readable line, for provenance."""
        parts = [
            f"{name}={one.code_list + ':' if one.code_list else ''}{','.join(one.codes)}"
            for name, one in self.select.items()
        ]
        parts += [f"{name}={value}" for name, value in self.options.items()]
        return "; ".join(parts)


@dataclass(frozen=True)
class Request:
    """One question to a producer's address.

    `name` is what the answer's file is called within a fetch; it differs between requests of
    one fetch. `body` is sent as it is (JSON unless `content_type` says otherwise). `format` is
    what the answer must be, in the words of `sources.file_form`. `volatile` answers are asked for
    anew each time, for they tell whether the rest is still valid. `cells` counts the figures.
    """

    name: str
    url: str
    method: Literal["GET", "POST"] = "GET"
    body: str = ""
    content_type: str = "application/json"
    accept: str = "application/json"
    format: AnswerFormat = "json"
    purpose: Purpose = "data"
    cells: int = 0
    volatile: bool = False

    @cached_property
    def key(self) -> str:
        """A hash of what is asked: the same question has the same key."""
        return digest_of([self.method, self.url, self.body, self.accept])

    def as_dict(self) -> dict[str, Any]:
        """Return plain data, for the file beside a kept answer."""
        return {
            "name": self.name,
            "method": self.method,
            "url": self.url,
            "body": self.body,
            "content_type": self.content_type,
            "accept": self.accept,
            "format": self.format,
            "purpose": self.purpose,
            "cells": self.cells,
            "volatile": self.volatile,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Request:
        """Read what `as_dict` wrote."""
        return cls(**data)


@dataclass(frozen=True)
class Answer:
    """What came back, untouched: the bytes, and the headers that tell something of them.

    `retrieved_at` is the time in UTC, `2026-11-23T00:10:00Z`.
    """

    request: Request
    content: bytes
    retrieved_at: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def sha256(self) -> str:
        """The hash of the bytes."""
        return hashlib.sha256(self.content).hexdigest()

    @cached_property
    def document(self) -> Any:
        """The bytes read as JSON. Raises `ValueError` where they are not."""
        return json.loads(self.content)


#: Ask one question and get one whole answer. Raises `UserError` where there is none to get.
Ask: TypeAlias = Callable[[Request], Answer]


@runtime_checkable
class Producer(Protocol):
    """One producer behind one address. Built with the `ask` it shall use."""

    name: str

    def list(self, words: str) -> tuple[TableInfo, ...]:
        """Return the tables that fit the words; with no words, those the producer opens with."""

    def describe(
        self, table: str, lists: Sequence[str] = (), language: str = ""
    ) -> TableDescription:
        """Return what the producer says of a table, with the content of the code lists named.

        Raises `UserError` naming the nearest tables where there is no such table.
        """

    def requests(self, query: Query, description: TableDescription) -> tuple[Request, ...]:
        """Return the questions that together give the whole query, none of them over the limits.

        Asks nothing. Raises `UserError` for a selection that the description does not hold.
        """

    def check(self, answer: Answer) -> None:
        """Refuse an answer that is not what was asked for. Raises `UserError`."""

    def stamp(self, answer: Answer) -> str:
        """Return the `updated` stamp an answer with figures carries, empty where it has none."""

    def read(self, answers: Sequence[Answer]) -> RawTable:
        """Return the answers as one table of texts, rows in the order of the answers."""


@runtime_checkable
class InPages(Protocol):
    """A producer whose answers are parts of one list, and are only whole together."""

    def together(self, answers: Iterable[Answer]) -> None:
        """Refuse answers that do not make one list. Raises `UserError`."""


def digest_of(parts: Any) -> str:
    """Return a hash of plain data that is the same on every machine."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
