"""One place, indicator and period of an analysis that measures many places."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from nabolag.core import Indicator, Lang, Level, label
from nabolag.publish.numbers import format_period, per_cent
from nabolag.publish.text import Sentence, say, together
from nabolag.publish.views.analyses.common import (
    area_cell,
    area_choice,
    choices_of,
    columns_of,
    number_cell,
    share_cell,
)
from nabolag.publish.views.analyses.model import Asked, Cell, Choosing, Column, TableView
from nabolag.publish.views.facts import Facts
from nabolag.store import Analysed


@dataclass(frozen=True, slots=True)
class Shown:
    """What one page shows. Words of the kind of analysis stand under its name in the labels."""

    facts: Facts
    analysed: Analysed
    place: tuple[str, str]
    indicator: str
    period: str
    lang: Lang

    @property
    def entry(self) -> Indicator:
        """The indicator."""
        return self.facts.release.indicators[self.indicator]

    @property
    def named(self) -> dict[str, Any]:
        """The words that stand in most sentences."""
        return {
            "indicator": self.entry.label.in_(self.lang),
            "place": self.facts.name(*self.place, self.lang),
            "period": format_period(self.period, self.lang),
        }

    def has(self, table: str) -> bool:
        """Tell whether the analysis has a table."""
        return table in self.analysed.tables

    def rows(self, table: str, *, every_period: bool = False) -> pl.DataFrame:
        """Return the rows of a table about the place and indicator."""
        held = self.analysed.table(table).filter(
            pl.col("level") == self.place[0],
            pl.col("area") == self.place[1],
            pl.col("indicator") == self.indicator,
        )
        return held if every_period else held.filter(pl.col("period") == self.period)

    def columns(self, keys: Sequence[str], numeric: Sequence[str]) -> tuple[Column, ...]:
        """Return columns with the headings of the kind."""
        return columns_of(self.analysed.kind, keys, numeric, self.lang)

    def table(
        self, name: str, columns: tuple[Column, ...], rows: Sequence[tuple[Cell, ...]], **words: str
    ) -> TableView:
        """Return a table with the title and note of the kind."""
        kind, lang = self.analysed.kind, self.lang
        note = label(f"{kind}.note.{name}", lang, n=None, **words)
        return TableView(name, label(f"{kind}.table.{name}", lang), columns, tuple(rows), note)


def what_is_shown(
    facts: Facts, analysed: Analysed, table: str, asked: Asked, lang: Lang
) -> tuple[Shown | None, tuple[Choosing, ...]]:
    """Return the place, indicator and period to show, of those in a table, and the choices."""
    every = analysed.table(table)
    place, places = area_choice(facts, every, asked, lang)
    inside = every.filter(pl.col("area") == place[1]) if place else every
    held = inside.select("indicator", "period").unique(maintain_order=True).to_dicts()
    indicator, period, choosing = choices_of(facts, held, asked, lang)
    if place is None or indicator is None or period is None:
        return None, ()
    return Shown(facts, analysed, place, indicator, period, lang), (*places, *choosing)


def led_by(said: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """Return sentences as one paragraph, or nothing where none of them says anything."""
    return (together(*said),) if any(sentence.text for sentence in said) else ()


def parts_sentence(shown: Shown) -> Sentence:
    """Say how large a part lies between the areas of the level `nest`; empty where not known."""
    if not shown.has("parts"):
        return Sentence("")
    between = shown.rows("parts").filter(pl.col("part_area") == "")
    if between.is_empty() or between["share"][0] is None:
        return Sentence("")
    share = per_cent(between["share"][0], shown.lang)
    return say(f"{shown.analysed.kind}.parts", shown.lang, share=share, nest=_nest(shown))


def parts_table(shown: Shown, **more: Callable[[Mapping[str, Any]], Cell]) -> TableView:
    """Return what lies between the areas of the level `nest`, and within each.

    `more` are further columns: what stands there, told from the row.
    """
    between = Cell(label(f"{shown.analysed.kind}.note.between", shown.lang, nest=_nest(shown)))
    cells = []
    for row in shown.rows("parts").iter_rows(named=True):
        place = (row["part_level"], row["part_area"])
        first = area_cell(shown.facts, *place, shown.lang) if row["part_area"] else between
        value = number_cell(row["value"], shown.lang, 4)
        further = (cell(row) for cell in more.values())
        cells.append((first, value, share_cell(row["share"], shown.lang), *further))
    numbers = ("value", "share", *more)
    columns = shown.columns(("part", *numbers), numbers)
    return shown.table("parts", columns, cells)


def _nest(shown: Shown) -> str:
    return Level(shown.analysed.spec["nest"]).plural.in_(shown.lang)
