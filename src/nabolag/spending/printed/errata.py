"""Errors of the report that are known, and which of them the check finds by itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from nabolag.core import Lang, label
from nabolag.spending.printed.checking import Checked
from nabolag.spending.printed.facts import packaged


@dataclass(frozen=True, slots=True)
class Erratum:
    """An error or ambiguity of the report, with the lines it stands on.

    `tables` and `reasons` say where and by what kind of mark a check of numbers could find it;
    both are empty for what only a reader of the text sees.
    """

    id: str
    lines: str
    tables: tuple[str, ...]
    reasons: tuple[str, ...]

    def words(self, lang: Lang) -> str:
        """Say what is wrong."""
        return label(f"printed.erratum.{self.id}", lang)

    def found(self, checked: Checked) -> tuple[str, ...]:
        """Return the tables of it in which the check found it."""
        marked = {mark.table for mark in checked.marks if mark.reason.value in self.reasons}
        return tuple(table for table in self.tables if table in marked)


@cache
def errata() -> tuple[Erratum, ...]:
    """Return the known errors, in the order of the extract (E1–E16)."""
    return tuple(
        Erratum(
            row["erratum"],
            row["lines"],
            tuple(row["tables"].split()),
            tuple(row["reasons"].split()),
        )
        for row in packaged("errata.csv")
    )
