"""`[expenditure_need]`: delivered criteria or sector indices, and a table of published weights."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from nabolag.core import Level, Text
from nabolag.sources.file_form import Format, ReadOptions
from nabolag.sources.listed import Sourced
from nabolag.store import Section, Words

Standing = Literal["published", "own"]


class WeightsTable(Section):
    """A file of weights: a row for each sector, and one for each criterion of its cost key.

    A row whose `criterion` is blank has the sector's own weight. `standing` says whether the
    weights are published (Grønt hefte) or the workspace's own.
    """

    file: str = Field(min_length=1)
    format: Format | None = None
    read: ReadOptions = ReadOptions()
    sector: str = Field(min_length=1)
    criterion: str = ""
    weight: str = Field(min_length=1)
    standing: Standing
    source: Words


class ExpenditureNeedSpec(Sourced):
    """`[expenditure_need]`: a row for each area with a column for each criterion or sector.

    `columns` names them by the words of the weights. `of` says what they are; `values` whether
    they are indices (1 is the country) or counts, which are divided by `people` and held against
    all rows of the file. Own criteria are about people: counts hide those few stand behind;
    indices are told with who has published them (`published`), or `about_people = false`.
    """

    id: str = Field(default="expenditure_need", pattern=r"^[a-z][a-z0-9_]*$")
    name: Words | None = None
    file: str = Field(min_length=1)
    format: Format | None = None
    read: ReadOptions = ReadOptions()
    level: Level = Level.KOMMUNE
    area: str = Field(min_length=1)
    area_name: str = ""
    of: Literal["criteria", "sectors"]
    values: Literal["index", "count"] = "index"
    people: str = ""
    columns: dict[str, str] = Field(min_length=1)
    names: dict[str, Words] = Field(default_factory=dict)
    year: int
    standing: Standing
    about_people: bool = True
    published: Words | None = None
    weights: WeightsTable

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if (self.values == "count") != bool(self.people):
            raise ValueError("people is the column that counts are divided by, and for counts only")
        if self.values == "count" and self.of == "sectors":
            raise ValueError("counts are of criteria; sectors have indices")
        if self.of == "criteria" and not self.weights.criterion:
            raise ValueError("criteria need the column criterion in weights")
        told = self.published is not None
        if told and not self.about_people:
            raise ValueError("published is for figures about people")
        if self.about_people and self.values == "index" and not told:
            raise ValueError("indices about people say who has published them")
        return self

    def title_text(self) -> Text:
        """Return what it is called."""
        return self.name or self.title or Text.same(self.id)

    def as_dict(self) -> dict[str, Any]:
        """Return plain data for the release's description."""
        shown = {"id", "level", "of", "values", "year", "standing", "names", "about_people",
                 "published"}  # fmt: skip
        held = self.model_dump(mode="json", include=shown)
        return {**held, "weights": self.weights.model_dump(mode="json",
                include={"standing", "source"})}  # fmt: skip
