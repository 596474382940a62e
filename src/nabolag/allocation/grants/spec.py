"""`[[grants]]`: a delivered list of grants, or of what there is, and what its columns mean."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from nabolag.core import Level, Text
from nabolag.sources.file_form import Format, ReadOptions
from nabolag.sources.given import Texts
from nabolag.sources.listed import Sourced
from nabolag.sources.row_rules import Condition, LeaveOut
from nabolag.sources.vector_codes import Code
from nabolag.store import Section, Words


class GrantArea(Section):
    """Which area a line is about: the words of a column, translated.

    All lines are of one `level`, or `level_column` has words that `levels` translates. Words in
    `whole` are about `municipality` as a whole. A blank cell is a line without a place.
    """

    column: str = Field(min_length=1)
    level: Level | None = None
    level_column: str = ""
    levels: dict[str, Level] = Field(default_factory=dict)
    codes: dict[str, str] = Field(default_factory=dict)
    whole: tuple[str, ...] = ()
    municipality: str = Field(default="", pattern=r"^(\d{4})?$")

    @model_validator(mode="after")
    def _clear(self) -> Self:
        if (self.level is None) == (not self.level_column):
            raise ValueError("give either level or level_column")
        if self.level_column and not self.levels:
            raise ValueError("level_column needs levels, which translates its words")
        if bool(self.whole) != bool(self.municipality):
            raise ValueError("whole and municipality are given together")
        return self


class GrantsSpec(Sourced):
    """An entry `[[grants]]`: grants by place, funder, scheme and year, or a list of what is there.

    `counts` says that the list counts something (facilities, places in a service) rather than
    kroner, and what; without `amount` each line is then one. `funder`, `scheme` and `year` are
    columns, or constants. `municipal` is the column of the municipality's own money beside.

    Amounts are about people unless `about_people = false`. Then the list says who is behind them:
    `users`, an indicator that counts persons in each area; `persons`, a column of how many stand
    behind a line; or `published`, who has made the amounts public already.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: Words | None = None
    file: Texts
    format: Format | None = None
    read: ReadOptions = ReadOptions()
    keep: tuple[Condition, ...] = ()
    leave_out: tuple[LeaveOut, ...] = ()
    counts: Words | None = None
    thousands_of_kroner: bool = False
    amount: str = ""
    municipal: str = ""
    year: Code
    funder: Code
    scheme: Code | None = None
    unit: str = ""
    conditions: str = ""
    area: GrantArea | None = None
    about_people: bool = True
    users: str = ""
    persons: str = ""
    published: Words | None = None
    accounts: str = ""
    status: Literal["granted", "paid", "applied", "budget", "example"] = "granted"

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if not self.amount and self.counts is None:
            raise ValueError("amount is needed where the list does not say what it counts")
        if self.counts is not None and (self.thousands_of_kroner or self.municipal):
            raise ValueError("thousands_of_kroner and municipal are for lists of kroner")
        if self.area is None and not self.unit:
            raise ValueError("give area, unit or both")
        behind = [self.users, self.persons, self.published]
        if sum(map(bool, behind)) != int(self.about_people):
            raise ValueError(
                "amounts about people need one of users, persons and published; others none"
            )
        if self.users and (self.unit or self.area is None):
            raise ValueError("users counts persons of areas; with unit, give persons")
        return self

    @property
    def columns(self) -> dict[str, str]:
        """The columns that are read, by the key that names them."""
        named = {"amount": self.amount, "municipal": self.municipal, "unit": self.unit,
                 "conditions": self.conditions, "persons": self.persons,
                 "year": self.year.column, "funder": self.funder.column,
                 "scheme": self.scheme.column if self.scheme else "",
                 "area": self.area.column if self.area else "",
                 "area.level_column": self.area.level_column if self.area else ""}  # fmt: skip
        return {key: column for key, column in named.items() if column}

    def title_text(self) -> Text:
        """Return what it is called."""
        return self.name or self.title or Text.same(self.id)

    def as_dict(self) -> dict[str, Any]:
        """Return plain data for the release's description."""
        shown = {"id", "counts", "status", "about_people", "users", "persons", "published",
                 "municipal", "accounts"}  # fmt: skip
        return self.model_dump(mode="json", include=shown)
