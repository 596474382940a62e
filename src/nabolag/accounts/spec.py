"""`[[accounts]]`: a ledger or a budget, and what its columns mean."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from nabolag.core import Level, Text
from nabolag.sources.file_form import Format, ReadOptions
from nabolag.sources.given import Texts
from nabolag.sources.listed import Sourced
from nabolag.sources.row_rules import Condition, LeaveOut
from nabolag.sources.vector_codes import Code
from nabolag.store import Section, Words


class ServiceLines(Section):
    """A service: the functions (KOSTRA) whose lines are its, and who uses it.

    A function may end in `*`: `"24*"` is every function that begins so. `users` is an indicator
    that counts persons. Where that count is hidden in an area, so are the kroner (`about_people`).
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    name: Words
    functions: tuple[str, ...] = Field(min_length=1)
    users: str = ""
    about_people: bool = True


class AreaColumn(Section):
    """Which area a line is about: the words of a column, translated.

    Words in `whole` are about the municipality as a whole, as is a blank text.
    """

    column: str
    level: Level
    codes: dict[str, str] = Field(default_factory=dict)
    whole: tuple[str, ...] = ()


class Side(Section):
    """How the file tells expenses from incomes: the words of a column.

    `incomes_are` says whether incomes are written as negative numbers, or as positive ones that
    must be turned.
    """

    column: str
    expenses: Texts
    incomes: Texts
    incomes_are: Literal["negative", "positive"] = "negative"


class Deflator(Section):
    """A price index by year: amounts are told in the prices of `base`."""

    base: int
    index: dict[int, float] = Field(min_length=1)
    source: Words
    status: Literal["in_force", "proposed", "announced", "recommended", "example"]

    @model_validator(mode="after")
    def _has_base(self) -> Deflator:
        if self.base not in self.index:
            raise ValueError("the index has no number for its base year")
        if any(one <= 0 for one in self.index.values()):
            raise ValueError("numbers of a price index are above 0")
        return self

    def factor(self, year: int) -> float | None:
        """Return what an amount of a year is multiplied by; nothing for a year it lacks."""
        given = self.index.get(year)
        return None if given is None else self.index[self.base] / given


class AccountsSpec(Sourced):
    """An entry `[[accounts]]`: lines of one municipality, function × unit × area × year.

    The amount stands in `amount`, the year in `year`, or each year has a column of its own
    (`years = { "2012" = 2012 }`). `function` is a KOSTRA function, made of a column. `stage` says
    whether it is what was spent or what was planned. `balanced` declares that the lines of each
    year add up to 0. `inhabitants` is the indicator that amounts are divided by.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: Words | None = None
    file: Texts
    format: Format | None = None
    read: ReadOptions = ReadOptions()
    keep: tuple[Condition, ...] = ()
    leave_out: tuple[LeaveOut, ...] = ()
    municipality: str = Field(pattern=r"^\d{4}$")
    stage: Literal["accounts", "budget"] = "accounts"
    thousands_of_kroner: bool = False
    amount: str = ""
    year: str = ""
    years: dict[str, int] = Field(default_factory=dict)
    function: Code
    unit: str = ""
    area: AreaColumn | None = None
    side: Side | None = None
    balanced: bool = False
    service: tuple[ServiceLines, ...] = Field(min_length=1)
    inhabitants: str = "population"
    deflator: Deflator | None = None

    @model_validator(mode="after")
    def _hangs_together(self) -> AccountsSpec:
        if bool(self.years) == bool(self.amount and self.year):
            raise ValueError("give either amount and year, or years (a column for each)")
        ids = [one.id for one in self.service]
        functions = [code for one in self.service for code in one.functions]
        if len(set(ids)) != len(ids) or len(set(functions)) != len(functions):
            raise ValueError("something in service is named twice")
        return self

    @property
    def columns(self) -> dict[str, str]:
        """The columns that are read, by the key that names them."""
        named = {"function": self.function.column, "unit": self.unit, "amount": self.amount,
                 "year": self.year, "area": self.area.column if self.area else "",
                 "side": self.side.column if self.side else ""}  # fmt: skip
        named |= {f"years.{year}": column for column, year in self.years.items()}
        return {key: column for key, column in named.items() if column}

    def title_text(self) -> Text:
        """Return what it is called."""
        return self.name or self.title or Text.same(self.id)

    def as_dict(self) -> dict[str, Any]:
        """Return plain data for the release's description."""
        shown = {"id", "municipality", "stage", "service", "inhabitants", "deflator", "balanced"}
        return self.model_dump(mode="json", include=shown)
