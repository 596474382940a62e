"""What is asked: a regression, a table of them, and how sure one wants to be told.

The method source is SØF-rapport 04/20. Lines in parentheses are lines of that report.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, Self

from pydantic import Field, model_validator

from nabolag.store import Section, Words

#: Between the two variables of a product in a term.
TIMES: Final = ":"
Errors = Literal["robust", "cluster"]
Weights = Literal["auto", "rademacher", "webb"]


class Inference(Section):
    """How uncertainty is told, and when it is not.

    With at least `many` groups the cluster-robust error with t(G−1) leads. With fewer the wild
    cluster restricted bootstrap leads: `draws` draws, or every sign there is where that is fewer;
    `weights` are Rademacher's, or Webb's where signs are so few that nothing could be found
    (`auto`). With fewer groups than `floor` nothing is said of certainty. `permutations` is how
    many times a 0/1 variable is dealt out anew (0: not at all). `least` is the fewest degrees of
    freedom, and `least_in_group` the fewest units on each side of a 0/1 variable, that a result
    may leave the house with. None of these stands in the report: they are choices.
    """

    level: float = Field(default=0.95, gt=0.5, lt=1)
    many: int = Field(default=40, ge=2)
    floor: int = Field(default=6, ge=2)
    draws: int = Field(default=9_999, ge=99)
    weights: Weights = "auto"
    permutations: int = Field(default=1_999, ge=0)
    least: int = Field(default=10, ge=1)
    least_in_group: int = Field(default=3, ge=1)
    seed: int = 1

    @property
    def alpha(self) -> float:
        """The share of intervals that may miss."""
        return 1 - self.level


class Regression(Section):
    """One column of a table: what is explained, by what, among whom.

    `terms` are variables, or two with a colon between them for their product. `fixed_effects`
    and `cluster` name columns that divide rows into groups; `unit` names the one whose rows
    belong together over time. `errors` are those the report uses. `year_dummies` adds one 0/1
    variable for each year but the first. `years` (first, last) and `where` (column, the values
    that are kept) choose rows. `weight` is a column of weights.
    """

    outcome: str
    terms: tuple[str, ...] = Field(min_length=1)
    fixed_effects: tuple[str, ...] = ()
    errors: Errors = "robust"
    cluster: str = ""
    unit: str = "unit"
    year_dummies: bool = False
    years: tuple[int, int] | None = None
    where: dict[str, tuple[str | int, ...]] = Field(default_factory=dict)
    weight: str = ""

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        _refuse_twice("terms", self.terms)
        _refuse_twice("fixed_effects", self.fixed_effects)
        for term in self.terms:
            if not all(parts_of(term)) or len(parts_of(term)) > 2:
                raise ValueError(f"terms: «{term}» is neither a variable nor a product of two")
        if self.outcome in self.variables:
            raise ValueError("terms never hold the outcome itself")
        if self.errors == "cluster" and not self.cluster:
            raise ValueError("cluster names the groups that errors are clustered by")
        if self.years is not None and self.years[0] > self.years[1]:
            raise ValueError("years are the first and the last")
        if self.year_dummies and "year" in self.fixed_effects:
            raise ValueError("year_dummies and a fixed effect of the year are the same twice")
        return self

    @property
    def variables(self) -> tuple[str, ...]:
        """Every variable that the terms are made of, once."""
        return tuple(dict.fromkeys(part for term in self.terms for part in parts_of(term)))

    @property
    def groupings(self) -> tuple[str, ...]:
        """Every column that divides rows into groups, once."""
        named = (*self.fixed_effects, self.cluster)
        return tuple(dict.fromkeys(one for one in named if one))


class Choice(Section):
    """One choice a model rests on, in words: stated in the report, or made here because it is not.

    `lines` are the report's, also where they only say what the choice was read from.
    """

    text: Words
    stated: bool
    lines: str = ""


class ModelSpec(Section):
    """A table: its columns, where in the report it stands, and what was chosen.

    `main` are the terms that the table is about; pages open with the first of them. `preset`
    says that background is among the variables, as it was in the report: a historical model,
    never a default. `unit` is what a row is.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    title: Words
    table: str = ""
    lines: str = ""
    family: str = ""
    unit: str = "unit"
    columns: tuple[Regression, ...] = Field(min_length=1)
    main: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    errata: Words | None = None

    @model_validator(mode="after")
    def _main_is_there(self) -> Self:
        absent = [one for one in self.main if one not in self.terms]
        if absent:
            raise ValueError(f"main: no column has {', '.join(absent)}")
        return self

    @property
    def terms(self) -> tuple[str, ...]:
        """Every term of any column, in the order they first stand in."""
        return tuple(dict.fromkeys(term for column in self.columns for term in column.terms))

    @property
    def leading(self) -> tuple[str, ...]:
        """The terms the table is about: those declared, else all."""
        return self.main or self.terms

    def only(self, columns: Iterable[int]) -> ModelSpec:
        """Return the table with some of its columns, counted from 1. Raises `IndexError`."""
        chosen = tuple(columns)
        if any(not 1 <= one <= len(self.columns) for one in chosen):
            raise IndexError(f"columns are 1 to {len(self.columns)}")
        kept = tuple(self.columns[one - 1] for one in chosen)
        there = {term for column in kept for term in column.terms}
        main = tuple(one for one in self.main if one in there)
        return self.model_copy(update={"columns": kept, "main": main})


def parts_of(term: str) -> tuple[str, ...]:
    """Return the variables of a term."""
    return tuple(term.split(TIMES))


def _refuse_twice(name: str, given: Iterable[str]) -> None:
    listed = list(given)
    if len(set(listed)) < len(listed):
        raise ValueError(f"{name}: the same one twice")
