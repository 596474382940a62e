"""How unevenly groups live over areas, as an analysis that is declared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from nabolag.analysis.asked import PeriodText, refuse_twice, refuse_unknown
from nabolag.analysis.method import AnalysisSpec, Found, Given
from nabolag.analysis.segregation.counts import places
from nabolag.analysis.segregation.tables import changes, contacts_of, indexed, nested_of
from nabolag.analysis.sets import noticed
from nabolag.core import (
    Finding,
    Indicator,
    Lang,
    Level,
    Severity,
    Unit,
    label,
    raise_errors,
)


class Segregation(AnalysisSpec):
    """How unevenly a group, or several, live over the areas of a level inside each of `within`.

    Each of `indicators` is a share, and makes two groups: those it counts, and the rest. `by` is
    instead a grouping (such as `education`) of one indicator that counts persons: several groups
    at once. Background may be described so; no index is a score, and none flags an area.

    `size` names, for an indicator, another that counts whom it is counted among (persons or
    households) in each area, also where the figure is hidden: then the index is told as bounds,
    else not at all.
    `nest` is a level between, for M between and within. `neighbours` adds indices in which what
    lies beside a unit is around it as well, the unit itself weighing `own_weight` (not given: as
    much as each neighbour). `draws` of chance say what small units alone would give (0: none).
    `changes` splits the change from the first period to the last.
    """

    KIND: ClassVar[str] = "segregation"

    kind: Literal["segregation"] = "segregation"
    level: Level
    within: Level = Level.KOMMUNE
    indicators: tuple[str, ...] = Field(min_length=1)
    periods: tuple[PeriodText, ...] = ()
    by: str = ""
    size: dict[str, str] = Field(default_factory=dict)
    nest: Level | None = None
    neighbours: bool = False
    own_weight: float | None = Field(default=None, gt=0, le=1)
    changes: bool = True
    draws: int = Field(default=200, ge=0, le=100_000)
    seed: int = 1

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        refuse_twice("indicators", self.indicators)
        if stray := sorted(set(self.size) - set(self.indicators)):
            raise ValueError(f"size names {', '.join(stray)}, which is not among the indicators")
        if 0 < self.draws < 99:
            raise ValueError("draws must be 0, or at least 99")
        if self.nest in (self.level, self.within):
            raise ValueError("nest must be a level between level and within")
        if self.own_weight is not None and not self.neighbours:
            raise ValueError("own_weight needs neighbours = true")
        return self

    def analyse(self, given: Given) -> Found:
        """Return `indices`, `contacts`, and where asked `parts` and `changes` (see `tables`)."""
        named = [*self.indicators, *self.size.values()]
        refuse_unknown(self.id, named, given.catalogue, background=True)
        self._check_units(given.catalogue)
        sets = places(self, given)
        table = indexed(self, sets, given)
        tables = {"indices": table, "contacts": contacts_of(sets)}
        if self.nest is not None:
            tables |= {"parts": nested_of(self.nest.value, sets)}
        if self.changes:
            tables |= {"changes": changes(sets)}
        held = {one.indicator for one in sets}
        return Found(tables, {}, tuple(noticed(self, held, table, expected=("hidden",))))

    def explain(self, catalogue: Mapping[str, Indicator], lang: Lang) -> str:
        """Return the rule in words."""
        words: dict[str, Any] = {"level": self.level.plural.in_(lang)}
        said = [label("segregation.explain.what", lang, **words)]
        said.append(label(f"segregation.explain.{'several' if self.by else 'two'}", lang))
        said.append(label("segregation.explain.indices", lang))
        if self.nest is not None:
            nest = self.nest.plural.in_(lang)
            said.append(label("segregation.explain.nest", lang, nest=nest))
        if self.neighbours:
            said.append(label("segregation.explain.neighbours", lang))
        if self.changes:
            said.append(label("segregation.explain.changes", lang))
        if self.draws:
            words = {"draws": self.draws, "seed": self.seed}
            said.append(label("segregation.explain.chance", lang, **words))
        said.append(label("segregation.explain.hidden", lang))
        return " ".join(said)

    def _check_units(self, catalogue: Mapping[str, Indicator]) -> None:
        wanted = Unit.COUNT if self.by else Unit.SHARE
        must = dict.fromkeys(self.indicators, wanted) | dict.fromkeys(
            self.size.values(), Unit.COUNT
        )
        wrong = {iid: unit for iid, unit in must.items() if catalogue[iid].unit is not unit}
        raise_errors(
            Finding("segregation_unit", Severity.ERROR,
                    params={"id": self.id, "indicator": iid, "unit": unit.value})
            for iid, unit in wrong.items()
        )  # fmt: skip
