"""Figures by group: what a page, a report or a figure is given to show them. Frozen."""

from __future__ import annotations

from dataclasses import dataclass

from nabolag.publish.shown import Shown


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group in one area, beside the municipality and the country where they have figures.

    `group` is as the release writes it, empty for everybody.
    """

    group: str
    text: str
    shown: Shown
    municipality: Shown | None = None
    country: Shown | None = None


@dataclass(frozen=True, slots=True)
class Grouping:
    """The groups of one grouping, in the order they are declared; never by their figures."""

    key: str
    text: str
    rows: tuple[GroupRow, ...]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """An indicator in one area and period, for everybody and group by group.

    `groupings` may be compared; `background` are those that describe who people are: they stand
    apart, with `background_note`, and are neither drawn nor ranked. `by` names them all: «Etter
    kjønn og alder».
    """

    level: str
    area: str
    name: str
    indicator: str
    label: str
    unit: str
    period: str
    period_text: str
    by: str
    everybody: GroupRow
    groupings: tuple[Grouping, ...]
    background: tuple[Grouping, ...]
    background_note: str
    municipality_name: str
    country_name: str
    source_text: str
