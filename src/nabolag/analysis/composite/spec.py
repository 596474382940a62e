"""`kind = "index"`: several indicators as one number, every choice stated and tried otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, ClassVar, Literal

import numpy as np
import polars as pl
from pydantic import Field

from nabolag.analysis.asked import PeriodOrNone, refuse_undirected, refuse_unknown
from nabolag.analysis.composite import tables
from nabolag.analysis.composite.editions import Edition, Surely, changes
from nabolag.analysis.composite.explaining import explained
from nabolag.analysis.composite.gather import Asked, Gathered, figures, gathered, latest
from nabolag.analysis.composite.recipe import Made, Recipe
from nabolag.analysis.composite.redrawing import Redraw, redrawn
from nabolag.analysis.errors import Basis
from nabolag.analysis.method import AnalysisSpec, Found, Given
from nabolag.core import (
    Finding,
    Indicator,
    Lang,
    Level,
    Severity,
    Unit,
    error,
    raise_errors,
)


class Index(AnalysisSpec, Recipe):
    """An index of the areas of a level: the steps of `Recipe`, redrawn as `redraw` says.

    `period` is the edition that is shown (not given: the last with enough figures). Places of two
    editions are never compared (`change = "rank"` is refused, and told why). With `base`, a
    period, the edition stands on the scale of that one, and `change = "score"` tells which areas
    moved by more than chance (`false_discovery`). `leave_out` names areas that are no places.
    `basis` is where figures' standard errors come from.

    An index is one description of many, its weights a choice. Background is never a part of it.
    """

    KIND: ClassVar[str] = "index"

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    kind: Literal["index"] = "index"
    level: Level
    period: PeriodOrNone = ""
    base: PeriodOrNone = ""
    change: Literal["no", "score", "rank"] = "no"
    false_discovery: float = Field(default=0.05, gt=0, lt=1)
    leave_out: tuple[str, ...] = ()
    redraw: Redraw = Redraw()
    basis: tuple[Basis, ...] = Field(default=("bounds", "counts"), min_length=1)

    def analyse(self, given: Given) -> Found:
        """Return `areas`, `parts`, `groups` and `changes` (`tables`), and what was done."""
        self._check(given.catalogue)
        asked = Asked(self.level, self.leave_out, self.basis)
        held = figures(self, asked, given)
        period = self.period or latest(held, self)
        found = gathered(held, period, self, asked, given)
        if not np.isfinite(found.columns.values).any():
            return self._nothing()
        before = self._before(held, asked, given, period)
        made = self.make(found.columns, before.made if before else None)
        drawn = redrawn(self, made, self.redraw, before.made if before else None)
        areas = tables.areas_table(self.level, found, made, drawn, self.redraw.top)
        parts = tables.parts_table(self, self.level, found, made, tables.contributions(self, made))
        left = {"areas": areas, "parts": parts}
        groups = tables.groups_table(self, self.level, found, made)
        if groups is not None:
            left["groups"] = groups
        if before is not None and self.change == "score":
            left["changes"] = self._changes(before, found, made)
        importance = {name: asdict(share) for name, share in drawn.importance.items()}
        return Found(left, self._facts(found, made) | {"importance": importance}, self._told(made))

    def explain(self, catalogue: Mapping[str, Indicator], lang: Lang) -> str:
        """Return the rule in words, with its parameters."""
        return explained(self, catalogue, lang)

    def _check(self, catalogue: Mapping[str, Indicator]) -> None:
        refuse_unknown(self.id, self.indicators, catalogue, background=False)
        refuse_unknown(self.id, self.per.values(), catalogue, background=True)
        refuse_undirected(self.id, self.indicators, catalogue)
        raise_errors(
            Finding("index_not_a_count", Severity.ERROR, params={"indicator": i, "id": self.id})
            for i in self.per.values()
            if catalogue[i].unit is not Unit.COUNT
        )
        if self.change == "rank":
            raise error("index_change_of_rank", id=self.id, before=self.base, after=self.period)
        if self.change == "score" and not self.base:
            raise error("index_change_without_base", id=self.id)
        joins = {node.aggregate or self.aggregate for node in self.tree.nodes}
        if self.base and "copeland" in joins:
            raise error("index_copeland_over_time", id=self.id)

    def _before(
        self, held: pl.DataFrame, asked: Asked, given: Given, period: str
    ) -> Edition | None:
        """Return the edition whose scale is kept. Raises `UserError` where it cannot be."""
        if not self.base:
            return None
        raise_errors(
            Finding("index_definition_changed", Severity.ERROR,
                    params={"indicator": i, "id": self.id, "before": self.base, "after": period})
            for i in self.indicators
            if given.catalogue[i].breaks_between(self.base, period)
        )  # fmt: skip
        found = gathered(held, self.base, self, asked, given)
        made = None if not len(found.areas) else self.make(found.columns)
        if made is None or not made.enough.any():
            raise error("index_base_without_figures", id=self.id, before=self.base)
        return Edition(self.base, self.base, found.areas.to_list(), made)

    def _changes(self, before: Edition, found: Gathered, made: Made) -> pl.DataFrame:
        after = Edition(found.period, before.scale, found.areas.to_list(), made)
        told = changes(self, before, after, Surely(self.false_discovery, self.redraw.seed))
        return tables.changes_table(told, self.level, before, after)

    def _facts(self, found: Gathered, made: Made) -> dict[str, Any]:
        known = np.isfinite(made.columns.values)
        sure = np.isfinite(made.columns.errors)
        bare = [bool(k.any() and not s.any()) for k, s in zip(known, sure, strict=True)]
        part = tables.shares(self, made)
        return {
            "period": found.period,
            "base": self.base,
            "weights": {iid: part[iid] for iid in self.indicators},
            "groups": {group.id: part[group.id] for group in self.groups},
            "placed": int(np.isfinite(made.score).sum()),
            "unplaced": int((~np.isfinite(made.score)).sum()),
            "filled": int((~known & np.isfinite(made.filled) & made.enough).sum()),
            "outliers": tables.treatment(self, made),
            "without_error": [i for i, none in zip(self.indicators, bare, strict=True) if none],
        }

    def _told(self, made: Made) -> tuple[Finding, ...]:
        """Return what was noticed: columns that are lopsided still."""
        return tuple(
            Finding("index_stays_lopsided", Severity.WARNING,
                    params={"indicator": one["indicator"], "id": self.id})
            for one in tables.treatment(self, made) if one["lopsided"]
        )  # fmt: skip

    def _nothing(self) -> Found:
        told = Finding("index_no_figures", Severity.WARNING, params={"id": self.id})
        facts = {"period": "", "base": self.base, "weights": {}, "groups": {}, "importance": {},
                 "placed": 0, "unplaced": 0, "filled": 0, "outliers": [],
                 "without_error": []}  # fmt: skip
        return Found({"areas": pl.DataFrame(schema=tables.AREAS)}, facts, (told,))
