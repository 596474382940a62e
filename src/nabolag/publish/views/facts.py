"""What a release says, looked up by area, indicator and period.

Everything the view builders know about a release goes through `Facts`. They are about everybody
(group "") or, `of_group`, about one group; only rows that the release states or clearly lacks are
told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

import polars as pl

from nabolag.core import Lang, Period, Status, source_ids
from nabolag.core.columns import OBSERVATIONS
from nabolag.publish.views.areas import Areas
from nabolag.publish.views.model import Shown
from nabolag.publish.views.showing import shown_of
from nabolag.registers import BACKGROUND
from nabolag.store import Release
from nabolag.store.statuses import without_numbers

Key = tuple[str, str, str]
#: One page asks for the reasons of one area and period once for each of its indicators.
_KEPT_REASONS = 64


@dataclass(frozen=True)
class Facts(Areas):
    """A release, indexed for lookups. Indexes are made when first asked for and kept.

    `group` is whom the figures are about. `everybody` are the facts these were made from.
    """

    group: str = ""
    everybody: Facts | None = None

    @cached_property
    def _told(self) -> pl.DataFrame:
        """Observations, with no number under a status that allows none, whatever was written."""
        if self.everybody is not None:
            return self.everybody._told
        return without_numbers(self.release.observations)

    @cached_property
    def _own(self) -> pl.DataFrame:
        """The rows about the group these facts are of."""
        return self._told.filter(pl.col("group").fill_null("") == self.group)

    @cached_property
    def _by_indicator(self) -> Mapping[str, pl.DataFrame]:
        parts = self._own.partition_by("indicator", as_dict=True)
        return {str(key[0]): part for key, part in parts.items()}

    def of_group(self, group: str) -> Facts:
        """Return the facts about a group, made once; `""` is everybody."""
        whole = self.everybody or self
        if group == whole.group:
            return whole
        if group not in whole._others:
            whole._others[group] = Facts(self.release, group, whole)
        return whole._others[group]

    @cached_property
    def _others(self) -> dict[str, Facts]:
        return {}

    def groups(self, indicator: str, level: str) -> tuple[str, ...]:
        """Return the groups that an indicator has rows for at a level, unordered by meaning."""
        whole = self.everybody or self
        return whole._groups.get((indicator, level), ())

    @cached_property
    def _groups(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        apart = self._told.filter(pl.col("group").fill_null("") != "")
        parts = apart.group_by("indicator", "level").agg(pl.col("group").unique().sort())
        return {(name, level): tuple(groups) for name, level, groups in parts.iter_rows()}

    @cached_property
    def _cells(self) -> dict[str, dict[Key, dict[str, Any]]]:
        return {}

    def cells(self, indicator: str) -> Mapping[Key, Mapping[str, Any]]:
        """Return an indicator's observations by (level, area, period)."""
        if indicator not in self._cells:
            frame = self._by_indicator.get(indicator)
            rows = frame.iter_rows(named=True) if frame is not None else ()
            self._cells[indicator] = {(r["level"], r["area"], r["period"]): r for r in rows}
        return self._cells[indicator]

    def areas_at(self, level: str, period: str) -> list[str]:
        """Return the codes of a level that exist in a period, or have a number in it anyway."""
        kept = self._with_number.get((level, period), frozenset())
        return [c for c in self.areas(level) if c in kept or self._exists((level, c), period)]

    @cached_property
    def _with_number(self) -> dict[tuple[str, str], frozenset[str]]:
        known = self._told.filter(pl.col("value").is_not_null())
        parts = known.group_by("level", "period").agg(pl.col("area").unique())
        return {(level, when): frozenset(codes) for level, when, codes in parts.iter_rows()}

    @cached_property
    def _validity(self) -> dict[tuple[str, str], tuple[date | None, date | None]]:
        frame = self.release.areas.select("level", "code", "valid_from", "valid_to")
        return {(level, code): (start, end) for level, code, start, end in frame.iter_rows()}

    def _exists(self, area: tuple[str, str], period: str) -> bool:
        """Tell whether an area exists at some time in a period; `valid_to` is the day it ended."""
        try:
            when = Period.parse(period)
        except ValueError:
            return True
        start, end = self._validity.get(area, (None, None))
        begun = start is None or start.year <= when.end
        return begun and (end is None or end > date(when.start, 1, 1))

    def periods(self, indicator: str, level: str | None = None) -> list[str]:
        """Return the periods of an indicator, in time order, at one level or at any."""
        if level is not None:
            return list(self._periods.get((indicator, level), ()))
        held = self._periods.items()
        return in_time_order(p for (name, _), periods in held if name == indicator for p in periods)

    @cached_property
    def _periods(self) -> Mapping[tuple[str, str], list[str]]:
        return _periods_of(self._own)

    @cached_property
    def _periods_with_number(self) -> Mapping[tuple[str, str], list[str]]:
        return _periods_of(self._own.filter(pl.col("value").is_not_null()))

    def has_figures(self, indicator: str, level: str) -> bool:
        """Tell whether an indicator has any row at a level."""
        return bool(self.periods(indicator, level))

    def producer(self, indicator: str) -> str:
        """Return who delivers an indicator; several are joined; empty where nobody is known."""
        known = (self.release.sources[s] for s in self.source_ids(indicator))
        names = (source.producer for source in known if not source.definition_version)
        return ", ".join(dict.fromkeys(names))

    def source_ids(self, indicator: str) -> list[str]:
        """Return the sources behind an indicator's figures, in order."""
        return list(self._sources.get(indicator, ()))

    @cached_property
    def _sources(self) -> Mapping[str, list[str]]:
        stated = self._own.drop_nulls("source").group_by("indicator")
        return {
            name: self._known_sources(texts)
            for name, texts in stated.agg(pl.col("source").unique().sort()).iter_rows()
        }

    def _known_sources(self, texts: Iterable[str]) -> list[str]:
        ids = dict.fromkeys(part for text in texts for part in source_ids(text))
        return [part for part in ids if part in self.release.sources]

    def latest(self, indicator: str, level: str) -> str | None:
        """Return the latest period in which any area of the level has a number."""
        told = self._periods_with_number.get((indicator, level))
        listed = told or self.periods(indicator, level)
        return listed[-1] if listed else None

    def row(self, level: str, area: str, indicator: str, period: str) -> Mapping[str, Any]:
        """Return an observation; a figure that the release lacks is a missing one."""
        found = self.cells(indicator).get((level, area, period))
        if found is not None:
            return found
        blank: dict[str, Any] = dict.fromkeys(OBSERVATIONS)
        key = {"level": level, "area": area, "indicator": indicator, "period": period}
        return blank | key | {"group": self.group, "status": Status.MISSING.value}

    def shown(self, level: str, area: str, indicator: str, period: str, lang: Lang) -> Shown:
        """Return an observation as it is shown."""
        entry = self.release.indicators[indicator]
        row = self.row(level, area, indicator, period)
        return shown_of(
            row, entry, self.name(level, area, lang), self._owed_by(row, indicator), lang
        )

    def _owed_by(self, row: Mapping[str, Any], indicator: str) -> str:
        known = (self.release.sources.get(one) for one in source_ids(row.get("source")))
        source = next(filter(None, known), None)
        return source.producer if source else self.producer(indicator)

    @cached_property
    def classes(self) -> Mapping[Key, Mapping[str, Any]]:
        """Rows of accumulation by (level, area, period)."""
        frame = self.release.accumulation
        return {(r["level"], r["area"], r["period"]): r for r in frame.to_dicts()}

    def class_periods(self, level: str) -> list[str]:
        """Return the periods for which a level has classes, in time order."""
        return in_time_order({period for lev, _, period in self.classes if lev == level})

    def reasons_of(self, level: str, area: str, period: str) -> dict[str, Mapping[str, Any]]:
        """Return rows of reasons by indicator, for one area and period; the last ones are kept."""
        key = (level, area, period)
        found = self._reasons.get(key)
        if found is None:
            if len(self._reasons) >= _KEPT_REASONS:
                self._reasons.clear()
            frame = self.release.reasons.filter(
                (pl.col("level") == level) & (pl.col("area") == area) & (pl.col("period") == period)
            )
            found = self._reasons[key] = {row["indicator"]: row for row in frame.to_dicts()}
        return found

    @cached_property
    def _reasons(self) -> dict[Key, dict[str, Mapping[str, Any]]]:
        return {}

    @cached_property
    def background(self) -> frozenset[str]:
        """The groupings that describe background: those of the registers, and those declared."""
        return BACKGROUND.union(self.release.about.get("background_groups") or ())

    @property
    def counted(self) -> tuple[str, ...]:
        """The indicators that count in the classes, as the release states them."""
        stated = (self.release.about.get("accumulation") or {}).get("indicators") or ()
        return tuple(str(name) for name in stated)


def facts_of(release: Release) -> Facts:
    """Return the facts of a release; a release is immutable, so they are kept between calls."""
    key = str(release.bundle.path)
    kept = _kept(key)
    if not kept:
        kept.append(Facts(release))
    return kept[0]


@lru_cache(maxsize=4)
def _kept(path: str) -> list[Facts]:
    return []


def _periods_of(frame: pl.DataFrame) -> dict[tuple[str, str], list[str]]:
    """Return the periods of each indicator at each level, in time order."""
    parts = frame.group_by("indicator", "level").agg(pl.col("period").unique())
    return {(name, level): in_time_order(periods) for name, level, periods in parts.iter_rows()}


def in_time_order(periods: Iterable[str]) -> list[str]:
    """Return periods in time order; what is no period comes first, by its letters."""
    return sorted(set(periods), key=_time)


def _time(period: str) -> tuple[int, int, int, str]:
    try:
        parsed = Period.parse(period)
    except ValueError:
        return (0, 0, 0, period)
    return (parsed.end, parsed.part, parsed.start, period)
