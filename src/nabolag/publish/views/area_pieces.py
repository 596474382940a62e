"""What an area's page, profile and figures are made of: one row an indicator, and the class."""

from __future__ import annotations

from dataclasses import dataclass

from nabolag.publish.shown import Shown
from nabolag.publish.text import Sentence
from nabolag.publish.views.grouped import Breakdown
from nabolag.publish.views.pieces import Difference, Series, SeriesBreak, Spread


@dataclass(frozen=True, slots=True)
class ReasonItem:
    """One challenge that counts in an area's class."""

    indicator: str
    label: str
    text: str
    years: int
    shown: Shown


@dataclass(frozen=True, slots=True)
class ClassView:
    """An area's class of accumulated challenges, in words."""

    class_code: str
    text: str
    index: int
    color: str
    period: str
    period_text: str
    sentence: Sentence
    reasons: tuple[ReasonItem, ...]
    years: int
    years_text: str
    count: int
    known: int
    of: int
    known_text: str


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One indicator in one area, beside its municipality, country and other parents."""

    indicator: str
    label: str
    definition: str
    kind: str
    ring: str
    ring_text: str
    direction_text: str
    period: str
    period_text: str
    shown: Shown
    municipality: Shown | None
    country: Shown | None
    parents: tuple[Shown, ...]
    difference: Difference
    trend: Sentence
    flagged: bool | None
    history: tuple[Series, ...]
    spread: Spread | None
    source: str
    source_text: str
    decimals: int
    unit: str
    breaks: tuple[SeriesBreak, ...] = ()
    breakdown: Breakdown | None = None


@dataclass(frozen=True, slots=True)
class HiddenItem:
    """A figure that is not shown, and why."""

    indicator: str
    label: str
    period_text: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class StandOut:
    """A figure that certainly differs from the one it is compared with.

    `meaning` is `easier` or `harder`; `since` says for how many years in a row, or is empty.
    """

    indicator: str
    label: str
    ring: str
    meaning: str
    shown: Shown
    other: Shown
    words: str
    since: str


@dataclass(frozen=True, slots=True)
class Theme:
    """What belongs together: the indicators of one determinant ring, assets before challenges.

    `summary` says how many figures there are, how many certainly differ, how many are hidden.
    """

    ring: str
    text: str
    summary: str
    assets: tuple[AreaRow, ...]
    challenges: tuple[AreaRow, ...]

    @property
    def rows(self) -> tuple[AreaRow, ...]:
        """Every row, in the order of the page."""
        return self.assets + self.challenges
