"""What a page about a projection shows: the area, alternative and year, and their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import polars as pl

from nabolag.core import Lang, Status, label
from nabolag.projection.axes import OLDEST, Ages
from nabolag.projection.explaining import ages_text
from nabolag.publish.numbers import format_count, spanned
from nabolag.publish.views.analyses.model import Cell
from nabolag.publish.views.facts import Facts
from nabolag.store import Analysed

EVERYBODY: Final = Ages(0, OLDEST)
#: What tells that a figure is hidden, by its status.
_HIDDEN: Final = {
    Status.SUPPRESSED_PRIMARY.value: "projection.shown.hidden",
    Status.SUPPRESSED_RULE.value: "projection.shown.few",
}


@dataclass(frozen=True)
class Shown:
    """A projection with what the address chooses."""

    facts: Facts
    analysed: Analysed
    lang: Lang
    level: str
    area: str
    scenario: str
    year: int

    @property
    def spec(self) -> Mapping[str, Any]:
        """How the projection was declared."""
        return self.analysed.spec

    @property
    def base(self) -> int:
        """The last registered year."""
        return int(self.analysed.facts["base"])

    @property
    def last(self) -> int:
        """The last year that is projected."""
        return int(self.analysed.facts["last"])

    @cached_property
    def place(self) -> str:
        """What the area is called."""
        return self.facts.name(self.level, self.area, self.lang)

    @property
    def scenarios(self) -> dict[str, str]:
        """What each alternative is called, in the order they were declared."""
        return {one["id"]: one["name"][self.lang] for one in self.analysed.facts["scenarios"]}

    def table(self, name: str) -> pl.DataFrame:
        """Return the rows of a table about the area; no rows where the table is not there."""
        if name not in self.analysed.tables:
            return pl.DataFrame()
        table = self.analysed.table(name)
        return table.filter(pl.col("level") == self.level, pl.col("area") == self.area)

    @cached_property
    def people(self) -> pl.DataFrame:
        """Everybody in the area, by year, alternative, sex and age."""
        return self.table("people")

    def of_ages(self, ages: Ages, sex: str = "") -> dict[tuple[str, int], dict[str, Any]]:
        """Return the rows of an age group by (alternative, year); registered ones have «»."""
        rows = self.people.filter(
            pl.col("sex") == sex,
            pl.col("ages_from") == ages.start,
            pl.col("ages_to") == ages.to,
        )
        return {(row["scenario"], row["year"]): row for row in rows.iter_rows(named=True)}

    @cached_property
    def totals(self) -> dict[tuple[str, int], dict[str, Any]]:
        """Everybody of both sexes by (alternative, year)."""
        return self.of_ages(EVERYBODY)

    @property
    def milestones(self) -> list[int]:
        """The years that tables show: every fifth from the base, the one chosen, and the last."""
        fifth = range(self.base, self.last + 1, 5)
        return sorted({*fifth, self.year, self.last})

    def at(
        self, rows: Mapping[tuple[str, int], dict[str, Any]], scenario: str, year: int
    ) -> dict[str, Any] | None:
        """Return a row of an alternative; the registered one up to the base year."""
        return rows.get(("" if year <= self.base else scenario, year))

    def band_choices(self) -> list[Ages]:
        """Return the coarse age bands."""
        edges = list(self.spec["release"]["bands"])
        ends = [*(edge - 1 for edge in edges[1:]), OLDEST]
        return [Ages(low, high) for low, high in zip(edges, ends, strict=True)]

    def ages_words(self, ages: Ages) -> str:
        """Return an age group in words."""
        return ages_text(ages, self.lang)


def count_cell(row: Mapping[str, Any] | None, lang: Lang, key: str = "persons") -> Cell:
    """Return a number of persons, with its bounds where it has some, or why there is none."""
    if row is None:
        return Cell(label("analysis.unknown_cell", lang))
    if row[key] is None:
        return Cell(label(_HIDDEN.get(row["status"], "analysis.unknown_cell"), lang))
    number = format_count(round(row[key]), lang)
    low, high = row.get("lower"), row.get("upper")
    if low is None or high is None:
        return Cell(number, row[key])
    span = spanned(format_count(low, lang), format_count(high, lang))
    return Cell(label("projection.shown.within", lang, number=number, span=span), row[key])
