"""`[[spending]]`: a model of the workspace, which of the report's or one's own, and on what."""

from __future__ import annotations

from typing import Any, Final, Literal, Self

from pydantic import Field, model_validator

from nabolag.core import Lang, error, label
from nabolag.sources.file_form import Format, ReadOptions
from nabolag.sources.listed import Sourced
from nabolag.spending.named import named_model, named_models
from nabolag.spending.spec import Inference, ModelSpec, Regression
from nabolag.store import Words

#: What can be made of the registers of a workspace.
Data = Literal["schools", "kindergartens", "districts"]
OWN: Final = "own"


class SpendingSpec(Sourced):
    """A model and what it is estimated on.

    `model` is one of the report's tables (`table-02`); without it `column` describes the table's
    columns, `main` the terms it is about. `columns` keeps some of a named table's columns,
    counted from 1; `years` is the first and last year in place of the report's. `where` keeps
    only rows with these values in a column, in every column of the table.

    `data` says what is made of the workspace's registers; without it `file` is a delivered table
    with a row for each unit and year, `variables` says which of its columns each variable is
    (those not named have the variable's own name). `analysis_areas` are the grunnkretser that
    make up the analysis areas, where registers are used. `inference` says how certainty is told.
    """

    name: Words | None = None
    model: str = ""
    column: tuple[Regression, ...] = ()
    columns: tuple[int, ...] = ()
    main: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    where: dict[str, tuple[str | int, ...]] = Field(default_factory=dict)
    data: Data | None = None
    file: str = ""
    format: Format | None = None
    read: ReadOptions = ReadOptions()
    variables: dict[str, str] = Field(default_factory=dict)
    analysis_areas: tuple[str, ...] = ()
    inference: Inference = Inference()

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if bool(self.model) == bool(self.column):
            raise ValueError("give either model or column")
        if bool(self.data) == bool(self.file):
            raise ValueError("give either data or file")
        if self.column and self.name is None:
            raise ValueError("a model of one's own has a name")
        if self.column and self.columns:
            raise ValueError("columns choose among those of a named model")
        if self.file and self.analysis_areas:
            raise ValueError("analysis_areas belong to data; a file has a column of its own")
        known = named_models()
        if self.model in known and any(
            not 1 <= one <= len(known[self.model].columns) for one in self.columns
        ):
            raise ValueError(f"columns are 1 to {len(known[self.model].columns)}")
        return self

    def spec(self) -> ModelSpec:
        """Return the model. Raises `UserError` for a named model that is not there."""
        if self.column and self.name is not None:
            made = ModelSpec(
                id=self.id, title=self.name, columns=self.column, main=self.main, unit=OWN
            )
        else:
            named = named_model(self.model)
            made = named.only(self.columns) if self.columns else named
        columns = tuple(self._of(one) for one in made.columns)
        return made.model_copy(update={"columns": columns})

    def _of(self, column: Regression) -> Regression:
        """Return a column of the model with the rows that are chosen here."""
        years = self.years or column.years
        return column.model_copy(update={"years": years, "where": {**column.where, **self.where}})

    def headings(self) -> dict[str, str]:
        """Return what the model is called, by language."""
        return (self.name or self.spec().title).as_dict()

    def as_dict(self) -> dict[str, Any]:
        """Return plain data for the release's description, without what names single areas."""
        return self.model_dump(mode="json", exclude={"name", "title", "analysis_areas", "read"})

    def check(self) -> None:
        """Raise `UserError` where the model or a variable of it cannot be."""
        used = {name for one in self.spec().columns for name in (one.outcome, *one.variables)}
        strange = sorted(set(self.variables) - used - _groupings(self.spec()))
        if strange:
            raise error("spending_variable_unused", id=self.id, given=", ".join(strange),
                        known=", ".join(sorted(used)))  # fmt: skip


def _groupings(spec: ModelSpec) -> set[str]:
    named = {name for one in spec.columns for name in (*one.groupings, *one.where, one.weight)}
    return {*named, "year", "unit"}


def explain(declared: SpendingSpec, lang: Lang) -> str:
    """Return the rule in words: which model, how it is estimated, how certainty is told."""
    how = declared.inference
    first = (
        label("spending.explain.own", lang)
        if declared.column
        else label("spending.explain.named", lang, table=declared.spec().table,
                   lines=declared.spec().lines)
    )  # fmt: skip
    told = label("spending.explain.certainty", lang, many=how.many, floor=how.floor,
                 draws=how.draws, seed=how.seed)  # fmt: skip
    safe = label("spending.explain.safe", lang, least=how.least, group=how.least_in_group)
    return " ".join((first, label("spending.explain.estimated", lang), told, safe))
