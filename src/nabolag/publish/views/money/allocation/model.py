"""What the page of the budget workshop is given, beside what all pages about money are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nabolag.publish.views.model import Choice, MapLayer
from nabolag.publish.views.money.model import Field, MoneyView


@dataclass(frozen=True, slots=True)
class Slider:
    """A weight: its field, and what it comes to in words."""

    field: Field
    comes_to: str
    background: bool = False


@dataclass(frozen=True, slots=True)
class PresetLine:
    """A described model: what it is, what documents say of it, and whether it can be used here.

    `query` opens it; empty where a need is not delivered, which `lacks` names. `listed` are the
    figures that its zones are made of.
    """

    id: str
    name: str
    status: str
    words: str
    reference: str
    background: str
    lacks: str
    query: str
    current: bool
    listed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """A unit that may be left out."""

    id: str
    name: str
    out: bool


@dataclass(frozen=True, slots=True)
class SavedLine:
    """A scenario with a name: how it stands, and addresses that open it or take it away."""

    name: str
    words: str
    query: str
    without: str


@dataclass(frozen=True, slots=True)
class Wish:
    """One line of the question turned round: a unit, and what it is to get at least."""

    unit: Field
    kroner: Field


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to the question turned round: sentences, and an address that uses the weights."""

    words: tuple[str, ...]
    query: str = ""
    possible: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class AllocationView(MoneyView):
    """The workshop.

    `query` is the address's query, `hidden` what the form carries on, `open` the parts of the page
    that stand open. `columns` are the columns of a printed table that can be opened, and
    `uncertain` says what the coefficients give.
    """

    for_id: str = ""
    query: str = ""
    hidden: tuple[tuple[str, str], ...] = ()
    found: tuple[Choice, ...] = ()
    columns: tuple[Choice, ...] = ()
    sliders: tuple[Slider, ...] = ()
    points_note: str = ""
    more: tuple[Field, ...] = ()
    chosen: tuple[UnitChoice, ...] = ()
    presets: tuple[PresetLine, ...] = ()
    saved: tuple[SavedLine, ...] = ()
    wishes: tuple[Wish, ...] = ()
    answer: Answer | None = None
    coefficients: tuple[tuple[Field, Field], ...] = ()
    uncertain: tuple[str, ...] = ()
    problems: tuple[Mapping[str, str], ...] = ()
    ways_out: tuple[tuple[str, str], ...] = ()
    map: MapLayer | None = None
    open: tuple[str, ...] = ()
    background: str = ""
    workbook: bool = False
