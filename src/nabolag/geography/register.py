"""The register of areas: which places there are, what they are called, what lies in what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from nabolag.core import Finding, Level
from nabolag.store import empty
from nabolag.store.frames import AREAS, LINKS, SHAPES

#: What is declared about single areas: `retired` (no longer exists), `shapeless` (never had
#: borders) and why, as text in three languages.
MARKS: dict[str, pl.DataType] = {
    "level": pl.String(),
    "code": pl.String(),
    "retired": pl.Boolean(),
    "shapeless": pl.Boolean(),
    "note_nb": pl.String(),
    "note_nn": pl.String(),
    "note_en": pl.String(),
}


@dataclass(frozen=True)
class AreaRegister:
    """Areas, links and shapes that belong together, keyed by level and code.

    `areas`, `links` (as declared) and `shapes` follow `core.columns`. A code says nothing
    without its level: a levekårssone and a grunnkrets with the same code never meet.
    `findings` tell what was noticed when the register was built; errors among them mean that
    it must not be used.
    """

    areas: pl.DataFrame
    links: pl.DataFrame
    shapes: pl.DataFrame
    marks: pl.DataFrame = field(default_factory=lambda: empty(MARKS))
    findings: tuple[Finding, ...] = ()

    @cached_property
    def levels(self) -> tuple[Level, ...]:
        """The levels that have areas, the finest first."""
        present = set(self.areas["level"].unique())
        return tuple(level for level in reversed(Level) if level.value in present)

    @cached_property
    def closed_links(self) -> pl.DataFrame:
        """Every link, also through levels between (columns of `core.columns.LINKS`)."""
        return closed(self.links)

    def name(self, level: Level, code: str) -> str | None:
        """Return an area's name, `None` where the register does not know the area."""
        return self._names.get((level.value, code))

    def children(self, level: Level, code: str, of: Level | None = None) -> pl.DataFrame:
        """Return the areas (`level`, `code`) that lie in one area, of one level or of all."""
        inside = self.closed_links.filter(
            pl.col("parent_level") == level.value, pl.col("parent_code") == code
        )
        if of is not None:
            inside = inside.filter(pl.col("level") == of.value)
        return inside.select("level", "code").sort("level", "code")

    def parents(self, level: Level, code: str) -> pl.DataFrame:
        """Return the areas (`level`, `code`) that one area lies in."""
        around = self.closed_links.filter(pl.col("level") == level.value, pl.col("code") == code)
        return around.select(level="parent_level", code="parent_code").sort("level", "code")

    def ancestor(self, level_from: Level, level_to: Level) -> pl.DataFrame:
        """Return `code` and `parent_code` for the areas of one level that lie in another.

        Areas without such a parent are not in the frame. An area's own level gives itself.
        """
        if level_from is level_to:
            own = self.areas.filter(pl.col("level") == level_from.value)
            return own.select("code", parent_code="code").sort("code")
        found = self.closed_links.filter(
            pl.col("level") == level_from.value, pl.col("parent_level") == level_to.value
        )
        return found.select("code", "parent_code").sort("code")

    @cached_property
    def _names(self) -> dict[tuple[str, str], str]:
        return {(level, code): name for level, code, name in self._name_rows()}

    def _name_rows(self) -> Iterable[tuple[str, str, str]]:
        return self.areas.select("level", "code", "name").iter_rows()


def closed(links: pl.DataFrame) -> pl.DataFrame:
    """Return links and the links that follow from them, each once.

    Ends because a register has no cycles between levels; a cycle would stop at 12 steps.
    """
    known = links.unique()
    for _ in Level:
        further = known.join(
            links.rename({"parent_level": "far_level", "parent_code": "far_code"}),
            left_on=["parent_level", "parent_code"],
            right_on=["level", "code"],
        ).select("level", "code", parent_level="far_level", parent_code="far_code")
        grown = pl.concat([known, further]).unique()
        if grown.height == known.height:
            break
        known = grown
    return known.sort("level", "code", "parent_level", "parent_code").select(list(LINKS))


def apart(inside: pl.DataFrame) -> list[pl.DataFrame]:
    """Return areas and what they lie in (`area`, `parent`) in parts without any area twice.

    One part where nothing overlaps. Each parent stands whole in one part, the first in which none
    of its areas is in another parent already.
    """
    if not inside.select(pl.col("area").is_duplicated().any()).item():
        return [inside]
    members = inside.group_by("parent").agg("area").sort("parent")
    taken: list[set[str]] = []
    chosen: list[list[str]] = []
    for parent, areas in members.iter_rows():
        at = next((n for n, seen in enumerate(taken) if seen.isdisjoint(areas)), len(taken))
        if at == len(taken):
            taken.append(set())
            chosen.append([])
        taken[at].update(areas)
        chosen[at].append(parent)
    return [inside.filter(pl.col("parent").is_in(parents)) for parents in chosen]


def ancestors_of(links: pl.DataFrame, level: Level) -> pl.DataFrame:
    """Return the one area of a level that each area lies in: level, code, parent_code.

    An area that lies in several of them has none.
    """
    up = closed(links).filter(pl.col("parent_level") == level.value)
    return up.select("level", "code", "parent_code").unique(["level", "code"], keep="none")


def empty_register() -> AreaRegister:
    """Return a register without areas."""
    return AreaRegister(empty(AREAS), empty(LINKS), empty(SHAPES))
