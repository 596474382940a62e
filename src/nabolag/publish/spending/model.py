"""An estimated model, whether it left with a release or was estimated a moment ago."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from nabolag.core import LANGS, Finding, Lang
from nabolag.spending import SpendingResult, uses_background
from nabolag.spending.result import CONSTANT
from nabolag.store import Analysed


@dataclass(frozen=True)
class Model:
    """What an estimated model holds: its tables, and what is told of it.

    `choices` are plain data (`text` by language, `stated`, `lines`).
    """

    id: str
    title: Mapping[str, str]
    table: str
    lines: str
    main: tuple[str, ...]
    columns: pl.DataFrame
    coefficients: pl.DataFrame
    inference: pl.DataFrame
    choices: tuple[Mapping[str, Any], ...] = ()
    findings: tuple[Finding, ...] = ()
    sources: tuple[str, ...] = ()
    background: bool = False
    years_changed: bool = False
    level: float = 0.95
    floor: int = 6
    rule: Mapping[str, str] | None = None

    def heading(self, lang: Lang) -> str:
        """Return what the model is called."""
        return self.title[lang]

    @property
    def outcomes(self) -> tuple[str, ...]:
        """What is explained, each once, in the order of the columns."""
        return tuple(dict.fromkeys(self.columns["outcome"]))

    def numbers(self, outcome: str) -> list[int]:
        """Return the columns that explain an outcome, by number."""
        return self.columns.filter(pl.col("outcome") == outcome)["column"].to_list()

    def column(self, number: int) -> Mapping[str, Any]:
        """Return the facts of a column."""
        return self.columns.filter(pl.col("column") == number).row(0, named=True)

    def cell(self, term: str, number: int) -> Mapping[str, Any] | None:
        """Return a coefficient, nothing where the column has no such term."""
        own = self.coefficients.filter(pl.col("term") == term, pl.col("column") == number)
        return own.row(0, named=True) if own.height else None

    @property
    def terms(self) -> tuple[str, ...]:
        """Every term in the order of the column that has most of them, the constant last."""
        columns = self.coefficients.partition_by("column", maintain_order=True)
        longest = sorted(columns, key=lambda frame: -frame.height)
        every = dict.fromkeys(term for frame in longest for term in frame["term"])
        return (*(one for one in every if one != CONSTANT), CONSTANT)


def model_of(analysed: Analysed) -> Model:
    """Return a model that left with a release."""
    facts = analysed.facts
    name = analysed.name
    return Model(
        id=analysed.id,
        title=name.as_dict() if name else dict.fromkeys(LANGS, analysed.id),
        table=facts["table"],
        lines=facts["lines"],
        main=tuple(facts["main"]),
        columns=analysed.table("columns"),
        coefficients=analysed.table("coefficients"),
        inference=analysed.table("inference"),
        choices=tuple(facts["choices"]),
        findings=tuple(Finding.from_dict(one) for one in facts["told"]),
        sources=tuple(facts["sources"]),
        background=facts["background"],
        years_changed=facts["years_changed"],
        level=facts["level"],
        floor=facts["floor"],
        rule=analysed.text,
    )


def model_of_result(result: SpendingResult) -> Model:
    """Return a model that was estimated here."""
    declared = result.spec
    return Model(
        id=declared.id,
        title=declared.title.as_dict(),
        table=declared.table,
        lines=declared.lines,
        main=declared.leading,
        columns=result.columns,
        coefficients=result.coefficients,
        inference=result.inference,
        choices=tuple(
            {"text": one.text.as_dict(), "stated": one.stated, "lines": one.lines}
            for one in declared.choices
        ),
        findings=result.findings,
        background=uses_background(declared),
    )
