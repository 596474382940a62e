"""What `[[areas]]` in `nabolag.toml` declares: code lists, and areas written by hand."""

from __future__ import annotations

from datetime import date

from pydantic import Field, model_validator

from nabolag.core import Level
from nabolag.sources.given import Pattern, Words
from nabolag.sources.listed import ListFile
from nabolag.sources.row_rules import Step
from nabolag.sources.vector_codes import Code, CodeRule, ParentRule
from nabolag.store import Section


class Reclassify(Section):
    """Rows of one level that really are of another: `matches` fits the whole code.

    SSB's lists hold delområder among the grunnkretser, as codes that end in 00.
    """

    level: Level
    matches: Pattern
    to: Level
    transform: tuple[Step, ...] = ()


class AreaListSpec(ListFile):
    """One `[[areas]]` entry: a code list (`file`) or areas written inline (`names`).

    `valid_from` and `valid_to` name columns, or are dates for every row; a date is the first day
    on which a code is in use or no longer in use (as KLASS writes them), a bare year is the first
    or the last year of use.

    `retired` says that the areas no longer exist, `shapeless` that they never had borders
    («uten registrert adresse»); `note` says why. `shapes_from = { bydel = "delbydel" }` draws
    the list's areas of the first level that have no shape of their own as the union of the
    areas of the second which lie in them.
    """

    file: str = ""
    names: dict[str, str] = Field(default_factory=dict)
    reclassify: tuple[Reclassify, ...] = ()
    code: Code = CodeRule(column="code")
    name: str = "name"
    valid_from: date | str = ""
    valid_to: date | str = ""
    geography: str = ""
    parents: tuple[ParentRule, ...] = ()
    retired: bool = False
    shapeless: bool = False
    shapes_from: dict[Level, Level] = Field(default_factory=dict)
    note: Words | None = None

    @property
    def borders_of(self) -> str:
        """The year of the division."""
        return self.geography

    @model_validator(mode="after")
    def _consistent(self) -> AreaListSpec:
        if bool(self.file) == bool(self.names):
            raise ValueError("give either file (a code list) or names (areas by code)")
        self.refuse_unclear_level()
        if self.names and self.level is None:
            raise ValueError("names needs level")
        if self.names and any(isinstance(d, str) and d for d in (self.valid_from, self.valid_to)):
            raise ValueError("beside names, write a date without quotation marks: 2017-01-01")
        return self
