"""What `[[area_history]]`, `[[changes]]`, `[[crosswalk]]` and `[[area_population]]` declare."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from nabolag.geography.dated.crosswalk import Basis
from nabolag.sources.given import Texts, Words
from nabolag.sources.listed import ListFile
from nabolag.sources.vector_codes import Code, CodeRule
from nabolag.store import Section


class DatedFile(ListFile):
    """A file of dated geography: which rows, which level, where it comes from.

    In place of `file`, lists and changes may name a `fetch` of KLASS; its answers say level,
    columns and dates themselves.
    """

    file: str = ""
    fetch: str = ""

    @model_validator(mode="after")
    def _one_level(self) -> DatedFile:
        if self.fetch:
            self._only_fetched()
            return self
        self.refuse_unclear_level()
        if not self.file and not isinstance(self, CrosswalkSpec):
            raise ValueError("give either file or fetch")
        return self

    def _only_fetched(self) -> None:
        if self.file or not isinstance(self, AreaHistorySpec | ChangesSpec):
            raise ValueError("give either file or fetch")


class AreaHistorySpec(DatedFile):
    """`[[area_history]]`: which codes were in use when, as KLASS lists them.

    `valid_to` is the first day on which the code is no longer in use. `known_from` and
    `known_to` are columns that say when the list itself held the row, where it tells.
    """

    code: Code = CodeRule(column="code")
    name: str = "name"
    valid_from: str = "valid_from"
    valid_to: str = "valid_to"
    known_from: str = ""
    known_to: str = ""


class ChangesSpec(DatedFile):
    """`[[changes]]`: what became what on which day, as KLASS lists changes.

    A blank new code says that the area ended, a blank old one that it began. `share` is the
    column with the part of the old area's people that moved, where the file has one.
    """

    from_code: Code = CodeRule(column="from_code")
    to_code: Code = CodeRule(column="to_code")
    from_name: str = ""
    to_name: str = ""
    date: str = "date"
    share: str = ""


class Pair(Section):
    """An old area and a new one that it lies in, written by hand."""

    from_: str = Field(alias="from")
    to: str
    weight: float = Field(default=1.0, gt=0, le=1)


class CrosswalkSpec(DatedFile):
    """`[[crosswalk]]`: weights from the borders of one year, or of many, to those of `to`.

    Either a `file`, or `pairs` written by hand; these stand before the rows of any file. `note`
    says how they are known.

    `geography` is the year the rows lead from, or `year` the column that holds it. Without
    `weight` every old area goes whole to one new. `basis` says what the weights of divided areas
    are: `population` (people were counted) or `given` (the file does not say; the band is then
    as if all or nothing moved). `old_codes = "use"` takes a code that was given up before its year
    by the last year that has it. `same` are codes that stand for the same in every year, though
    the file does not have them («uoppgitt fylke»).
    """

    pairs: tuple[Pair, ...] = ()
    note: Words | None = None
    to: str
    from_code: Code = CodeRule(column="from_code")
    to_code: Code = CodeRule(column="to_code")
    weight: str = ""
    geography: str = ""
    year: str = ""
    basis: Literal["population", "given"] = "given"
    old_codes: Literal["refuse", "use"] = "refuse"
    same: Texts = ()

    @model_validator(mode="after")
    def _one_year(self) -> CrosswalkSpec:
        if bool(self.geography) == bool(self.year):
            raise ValueError("give either geography or year")
        if bool(self.file) == bool(self.pairs):
            raise ValueError("give either file (a table) or pairs (written by hand)")
        if self.pairs and not (self.level and self.geography):
            raise ValueError("pairs need level and geography")
        return self

    @property
    def weight_basis(self) -> Basis:
        """The basis as the crosswalk names it."""
        return Basis(self.basis)


class AreaPopulationSpec(DatedFile):
    """`[[area_population]]`: how many lived where, for the weights of divided areas.

    Rows of one area and year are added (ages, sexes).
    """

    code: Code = CodeRule(column="code")
    persons: str = "persons"
    year: str = "year"
