"""Which areas figures are made for, and the way up to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from nabolag.core import Finding, Level, Severity
from nabolag.geography import AreaRegister, roll_up
from nabolag.geography.register import empty_register
from nabolag.store import conform, empty
from nabolag.store.frames import AREAS
from nabolag.store.statuses import VALUE

_EXAMPLES = 8
_RANK = "rank"
_KEYS = ("level", "area", "group")


def register_of(links: pl.DataFrame) -> AreaRegister:
    """Return a register of the areas that links name, for when links are all there is."""
    ends = [links.select("level", "code"),
            links.select(level="parent_level", code="parent_code")]  # fmt: skip
    areas = conform(pl.concat(ends).unique(maintain_order=True), AREAS)
    return AreaRegister(areas, links, empty_register().shapes)


@dataclass(frozen=True)
class Ground:
    """The areas of a delivery, in the borders that all its years are made in."""

    register: AreaRegister

    def areas(self, levels: Iterable[Level], year: int) -> pl.DataFrame:
        """Return `level` and `area` of the areas of some levels that are not given up.

        An area counts for every year before it was given up, also before it was made: registers
        are delivered in the borders of one time.
        """
        retired = self.register.marks.filter(pl.col("retired")).select("level", "code")
        given_up = pl.col("valid_to") <= date(year, 1, 1)
        return (
            self.register.areas.filter(pl.col("level").is_in([level.value for level in levels]))
            .filter(~given_up.fill_null(value=False))
            .join(retired, on=["level", "code"], how="anti")
            .select("level", area="code")
            .unique(maintain_order=True)
        )

    def parents(self, own: Level, levels: Iterable[Level]) -> dict[Level, pl.DataFrame]:
        """Return for each level the areas (`area`) of a unit's level and their `parent`."""
        return {
            level: self.register.ancestor(own, level).select(area="code", parent="parent_code")
            for level in levels
        }

    def all_levels(self, sums: pl.DataFrame, levels: Sequence[Level]) -> pl.DataFrame:
        """Return sums of the smallest areas, added up to each of some levels.

        `sums` holds `level`, `area`, `group` and any number of sums. Added with
        `geography.roll_up`, as delivered figures are. Areas nobody knows are in no sum; `unknown`
        tells of them.
        """
        if sums.is_empty() or not levels:
            return sums.clear()
        amounts = [name for name in sums.columns if name not in _KEYS]
        known = self.register.areas.select("level", area="code").unique()
        own = Level(sums["level"][0])
        ranked = sums.with_columns(pl.lit(VALUE, pl.Int64).alias(_RANK))
        above = [level for level in levels if level is not own]
        rolled = roll_up(ranked, self.register, above, dict.fromkeys(amounts, _RANK), ("group",))
        found = [rolled.select(sums.columns)]
        if own in levels:
            found.insert(0, sums.join(known, on=["level", "area"], how="semi"))
        return pl.concat(found)

    def unknown(self, sums: pl.DataFrame, unit: str, levels: Sequence[Level]) -> list[Finding]:
        """Tell of areas with rows that the register does not know or that lie in nothing."""
        if sums.is_empty():
            return []
        own = Level(sums["level"][0])
        found = []
        for level in levels:
            inside = self.register.ancestor(own, level).select(area="code")
            if inside.is_empty() and level is not own:
                continue
            expected = self._expected(sums.select("area").unique(), own, inside)
            outside = expected.join(inside, on="area", how="anti")["area"].sort()
            if outside.is_empty():
                continue
            params = {"unit": unit, "level": own.value, "parent_level": level.value}
            examples = tuple(outside.head(_EXAMPLES))
            found.append(
                Finding("registers_area_unknown", Severity.WARNING, params=params,
                        count=outside.len(), examples=examples)
            )  # fmt: skip
        return found

    def _expected(self, areas: pl.DataFrame, own: Level, inside: pl.DataFrame) -> pl.DataFrame:
        """Leave out areas of municipalities that have no area of the level at all.

        Few municipalities are divided into bydeler; the others lack nothing.
        """
        towns = self.register.ancestor(own, Level.KOMMUNE).rename({"code": "area"})
        divided = towns.join(inside, on="area", how="semi").select("parent_code").unique()
        undivided = towns.join(divided, on="parent_code", how="anti")
        return areas.join(undivided, on="area", how="anti")


def no_areas() -> pl.DataFrame:
    """Return `level` and `area` without rows."""
    return empty({"level": pl.String(), "area": pl.String()})
