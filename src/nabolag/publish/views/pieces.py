"""What a page, a report or a figure is given: frozen, worded in one language, complete.

The pages render these objects and compute nothing. Every `text` is ready to be shown. `value`
and the other plain numbers stand beside for sorting, colouring and drawing, in the unit of the
observations (a share is a fraction of 1). A figure that is hidden has `value` `None` everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nabolag.publish.shown import Shown
from nabolag.publish.text import Sentence


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a list to choose from. `group` heads entries that belong together."""

    value: str
    text: str
    selected: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class AreaLink:
    """An area to go to."""

    level: str
    code: str
    name: str
    level_text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """How an area's figure stands to another's, and how that was judged.

    `side` is `above`, `below`, `level` or `unknown`; `certainty` is `certain`, `uncertain` or
    `unknown`; `meaning` is `harder`, `easier` or empty (no difference, no direction, background
    or not certain). `words` is a short phrase without subject; `basis` says how it was judged.
    `against` is whom it is compared with: `municipality`, `country`, or empty for nobody.
    """

    side: str
    certainty: str
    words: str
    basis: str
    meaning: str = ""
    value: float | None = None
    text: str = ""
    against: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a history: an area, the municipality or the country.

    `points` has one entry for every period that anyone in the chart has, in time order; a
    point without value is a gap, with its reason in words. `role` is `area`, `parent`,
    `municipality` or `country`.
    """

    role: str
    name: str
    points: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class SeriesBreak:
    """A break in a series: figures from `period` on follow another definition than those before.

    `text` says what changed and that figures on either side are not compared.
    """

    period: str
    period_text: str
    text: str


@dataclass(frozen=True, slots=True)
class Spread:
    """How a figure is spread over the areas of a level: how many, and five numbers."""

    count: int
    lowest: float
    lower_quartile: float
    median: float
    upper_quartile: float
    highest: float
    text: str


@dataclass(frozen=True, slots=True)
class LegendItem:
    """One box of a legend. `kind` as in `Shown`; `index` counts the classes from 0."""

    kind: str
    label: str
    color: str
    count: int
    index: int | None = None
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class Legend:
    """A legend with the name of the method that set its breaks."""

    title: str
    unit: str
    method: str
    method_text: str
    items: tuple[LegendItem, ...]


@dataclass(frozen=True, slots=True)
class MapArea:
    """One area on the map."""

    code: str
    name: str
    text: str
    kind: str
    color: str
    value: float | None = None
    class_index: int | None = None
    status: str = "value"
    status_words: str = ""


@dataclass(frozen=True, slots=True)
class MapLayer:
    """What the map shows. `bounds` is west, south, east, north in degrees."""

    level: str
    level_text: str
    indicator: str
    title: str
    period: str
    period_text: str
    description: str
    areas: tuple[MapArea, ...]
    legend: Legend
    without_shape: tuple[AreaLink, ...] = ()
    bounds: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class RankRow:
    """One row of the table beside the map. `sort_value` is `None` where there is no number.

    Where the map shows classes, `reasons` are the challenges that are met, by short label, and
    `years` how many periods in a row the area has had its class or a heavier one.
    """

    code: str
    name: str
    shown: Shown
    sort_value: float | None
    difference: Difference
    class_index: int | None
    color: str
    accumulation: str = ""
    accumulation_text: str = ""
    reasons: tuple[str, ...] = ()
    years: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A change in the municipality's figure between two periods that both have one."""

    indicator: str
    label: str
    sentence: Sentence
    before: Shown
    after: Shown
    certain: bool


@dataclass(frozen=True, slots=True)
class StatusCount:
    """How many figures have a status."""

    status: str
    kind: str
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source as it is cited. `rows` are (heading, text) pairs for a table of provenance."""

    source: str
    producer: str
    title: str
    text: str
    retrieved: str
    updated: str
    licence: str
    url: str
    geography: str
    note: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SpreadPoint:
    """The spread over areas and the municipality's figure in one period."""

    period: str
    period_text: str
    spread: Spread | None
    municipality: Shown | None


@dataclass(frozen=True, slots=True)
class Passage:
    """A headed piece of text on the method page."""

    key: str
    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """An indicator in the catalogue table."""

    indicator: str
    label: str
    definition: str
    kind_text: str
    ring_text: str
    direction_text: str
    unit_text: str
    version: str


@dataclass(frozen=True, slots=True)
class FindingLine:
    """Something noticed on the way from files to release."""

    severity: str
    severity_text: str
    text: str
    count: int
    code: str


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One answer to a search. `kind` is `area` or `indicator`; `level` is empty for the latter."""

    kind: str
    level: str
    code: str
    text: str
    detail: str
    score: float


def strings_of(view: Any) -> list[str]:
    """Return every text anywhere in a view, for checks that look at all of it."""
    if isinstance(view, str):
        return [view]
    if isinstance(view, (list, tuple)):
        return [words for part in view for words in strings_of(part)]
    if isinstance(view, dict):
        return [words for part in view.values() for words in strings_of(part)]
    slots = getattr(type(view), "__dataclass_fields__", None)
    if slots is None:
        return []
    return [words for name in slots for words in strings_of(getattr(view, name))]
