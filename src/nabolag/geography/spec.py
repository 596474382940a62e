"""What `[[areas]]` in `nabolag.toml` declares: code lists, and areas written by hand."""

from __future__ import annotations

from datetime import date

from pydantic import Field, model_validator

from nabolag.core import Level, Provenance, Text
from nabolag.sources.spec import Condition, LeaveOut, Pattern, ReadOptions, Step, Words
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


class AreaListSpec(Section):
    """One `[[areas]]` entry: a code list (`file`) or areas written inline (`names`).

    A file has one `level`, or a `level_column` whose words `levels` translates; rows with
    other words are left out and reported. `valid_from` and `valid_to` name columns, or are
    dates for every row; a date is the first day on which a code is in use or no longer in use
    (as KLASS writes them), a bare year is the first or the last year of use.

    `retired` says that the areas no longer exist, `shapeless` that they never had borders
    («uten registrert adresse»); `note` says why. `shapes_from = { bydel = "delbydel" }` draws
    the list's areas of the first level that have no shape of their own as the union of the
    areas of the second which lie in them.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    file: str = ""
    names: dict[str, str] = Field(default_factory=dict)
    level: Level | None = None
    level_column: str = ""
    levels: dict[str, Level] = Field(default_factory=dict)
    reclassify: tuple[Reclassify, ...] = ()
    code: Code = CodeRule(column="code")
    name: str = "name"
    valid_from: date | str = ""
    valid_to: date | str = ""
    geography: str = ""
    parents: tuple[ParentRule, ...] = ()
    keep: tuple[Condition, ...] = ()
    leave_out: tuple[LeaveOut, ...] = ()
    read: ReadOptions = ReadOptions()
    retired: bool = False
    shapeless: bool = False
    shapes_from: dict[Level, Level] = Field(default_factory=dict)
    note: Words | None = None
    producer: str = ""
    title: Words | None = None
    licence: str = ""
    url: str = ""
    retrieved: str = ""

    def provenance(self, sha256: str = "", code_version: str = "") -> Provenance:
        """Return where the areas come from."""
        return Provenance(
            source=self.id,
            producer=self.producer,
            title=self.title or Text.same(self.id),
            file=self.file,
            sha256=sha256,
            retrieved_at=self.retrieved,
            licence=self.licence,
            url=self.url,
            geography=self.geography,
            code_version=code_version,
        )

    @model_validator(mode="after")
    def _consistent(self) -> AreaListSpec:
        if bool(self.file) == bool(self.names):
            raise ValueError("give either file (a code list) or names (areas by code)")
        if (self.level is None) == (not self.level_column):
            raise ValueError("give either level or level_column")
        if self.level_column and not self.levels:
            raise ValueError("level_column needs levels, which translates its words")
        if self.names and self.level is None:
            raise ValueError("names needs level")
        if self.names and any(isinstance(d, str) and d for d in (self.valid_from, self.valid_to)):
            raise ValueError("beside names, write a date without quotation marks: 2017-01-01")
        return self
