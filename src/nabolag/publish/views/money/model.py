"""What a page about money is given: the answer, what can be chosen, picture, table, how sure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import polars as pl

from nabolag.core import Lang, error
from nabolag.publish.views.analyses.model import Picture, TableView
from nabolag.publish.views.model import Choice, SourceLine

FieldKind: TypeAlias = Literal["select", "number", "range", "text", "date", "check"]


@dataclass(frozen=True, slots=True)
class Field:
    """Something a reader may choose or write, by the name it has in the address.

    `value` is what stands in it, as written in the address; a field of kind `select` has its
    `choices` instead. `problem` says what is wrong with what was given and what to write.
    """

    name: str
    heading: str
    kind: FieldKind = "select"
    value: str = ""
    choices: tuple[Choice, ...] = ()
    help: str = ""
    problem: str = ""
    lowest: str = ""
    highest: str = ""
    step: str = "any"
    unit: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class TableFile:
    """A table to take away: its name in addresses, what it is called, and its rows.

    Columns have the same names in every language and hold codes and numbers.
    """

    name: str
    title: str
    frame: pl.DataFrame


@dataclass(frozen=True, slots=True, eq=False)
class MoneyView:
    """A page: the question, the answer in one sentence, and what stands under it."""

    lang: Lang
    title: str
    question: str
    opening: str
    lead: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    pictures: tuple[Picture, ...] = ()
    tables: tuple[TableView, ...] = ()
    sure: tuple[str, ...] = ()
    rule: str = ""
    sources: tuple[SourceLine, ...] = ()
    files: tuple[TableFile, ...] = ()

    def file(self, name: str) -> TableFile:
        """Return a table to take away by its name. Raises `UserError` for another."""
        known = {one.name: one for one in self.files}
        if name not in known:
            raise error("money_table_unknown", given=name, known=", ".join(known) or "–")
        return known[name]


@dataclass(frozen=True, slots=True)
class AreaMoney:
    """What a page about money says of one area, in a sentence; `asked` opens the page there."""

    page: str
    title: str
    text: str
    asked: Mapping[str, str]
