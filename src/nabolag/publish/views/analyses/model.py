"""What the page of an analysis is given; every kind of analysis has the same page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from nabolag.core import Lang
from nabolag.publish.text import Sentence
from nabolag.publish.views.model import Choice, MapLayer, SourceLine


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address chooses; `None` leaves the choice to the page."""

    level: str | None = None
    period: str | None = None
    indicator: str | None = None
    area: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `sort` is what it is sorted by, `None` where nothing is known.

    `area` (level, code) or `indicator` is what its words lead to.
    """

    text: str
    sort: float | str | None = None
    area: tuple[str, str] | None = None
    indicator: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key, its heading, and whether its cells are numbers."""

    key: str
    heading: str
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class TableView:
    """A table as a reader sees it. The first cell of a row names the row."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Download:
    """A table to take away, whether the page shows it or not: its name, and what it is called."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure: its name in addresses, its title, and its Vega-Lite specification."""

    name: str
    title: str
    spec: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Choosing:
    """One choice on the page, by the name it has in the address."""

    name: str
    heading: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class AnalysisView:
    """An analysis: the answer, the picture, the table, how sure we are, and the rule."""

    lang: Lang
    release_id: str
    id: str
    kind: str
    kind_text: str
    question: str
    title: str
    opening: Sentence
    rule: str
    lead: tuple[Sentence, ...] = ()
    sure: tuple[str, ...] = ()
    choosing: tuple[Choosing, ...] = ()
    map: MapLayer | None = None
    pictures: tuple[Picture, ...] = ()
    tables: tuple[TableView, ...] = ()
    downloads: tuple[Download, ...] = ()
    sources: tuple[SourceLine, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnalysisLine:
    """An analysis in the list of all: what it asks and what it answers, in a sentence each."""

    id: str
    kind: str
    title: str
    question: str
    opening: str


@dataclass(frozen=True, slots=True)
class AreaFinding:
    """What an analysis says of one area, for the area's own page."""

    analysis: str
    title: str
    sentence: Sentence = field(default_factory=lambda: Sentence(""))
