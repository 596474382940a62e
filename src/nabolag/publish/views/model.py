"""The pages: what each of them is given. The pieces they are made of stand in `pieces`."""

from __future__ import annotations

from dataclasses import dataclass, field

from nabolag.core import Lang
from nabolag.publish.shown import Shown
from nabolag.publish.text import Sentence
from nabolag.publish.views.area_pieces import (
    AreaRow,
    ClassView,
    HiddenItem,
    ReasonItem,
    StandOut,
    Theme,
)
from nabolag.publish.views.grouped import Breakdown, Grouping, GroupRow
from nabolag.publish.views.pieces import (
    AreaLink,
    Change,
    Choice,
    Difference,
    FindingLine,
    IndicatorLine,
    Legend,
    LegendItem,
    MapArea,
    MapLayer,
    Passage,
    RankRow,
    SearchHit,
    Series,
    SeriesBreak,
    SourceLine,
    Spread,
    SpreadPoint,
    StatusCount,
    strings_of,
)

__all__ = [
    "AreaLink",
    "AreaRow",
    "AreaView",
    "Breakdown",
    "Change",
    "Choice",
    "ClassView",
    "Difference",
    "FindingLine",
    "GroupRow",
    "Grouping",
    "HiddenItem",
    "IndicatorLine",
    "IndicatorView",
    "Legend",
    "LegendItem",
    "MapArea",
    "MapLayer",
    "MethodView",
    "OverviewView",
    "Passage",
    "RankRow",
    "ReasonItem",
    "SearchHit",
    "Series",
    "SeriesBreak",
    "Shown",
    "SourceLine",
    "Spread",
    "SpreadPoint",
    "StandOut",
    "StatusCount",
    "Theme",
    "strings_of",
]


@dataclass(frozen=True, slots=True)
class OverviewView:
    """The municipality: how people are doing, and where to look."""

    lang: Lang
    release_id: str
    name: str
    opening: Sentence
    level: str
    level_text: str
    level_plural: str
    indicator: str
    indicator_text: str
    indicator_definition: str
    period: str
    period_text: str
    levels: tuple[Choice, ...]
    indicators: tuple[Choice, ...]
    periods: tuple[Choice, ...]
    methods: tuple[Choice, ...]
    map: MapLayer
    rows: tuple[RankRow, ...]
    table_note: str
    better: tuple[Change, ...]
    worse: tuple[Change, ...]
    changes_title: str
    changes_note: str
    counts: tuple[StatusCount, ...]
    counts_sentence: str
    sources: tuple[SourceLine, ...]
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AreaView:
    """What life is like in one area: assets first, then challenges, background apart.

    `themes` hold the rows of `assets` and `challenges` by theme. `groups_note` says at which levels
    there are figures by group, where this one has none; `groups_at` is the nearest area with them.
    """

    lang: Lang
    release_id: str
    level: str
    level_text: str
    code: str
    name: str
    parents: tuple[AreaLink, ...]
    municipality_name: str
    country_name: str
    lead: tuple[Sentence, ...]
    standing_out: tuple[StandOut, ...]
    standing_out_note: str
    accumulation: ClassView | None
    accumulation_note: str
    assets: tuple[AreaRow, ...]
    challenges: tuple[AreaRow, ...]
    themes: tuple[Theme, ...]
    background: tuple[AreaRow, ...]
    background_note: str
    groups_note: str
    groups_at: AreaLink | None
    judged_note: str
    hidden: tuple[HiddenItem, ...]
    hidden_note: str
    sources: tuple[SourceLine, ...]
    siblings: tuple[AreaLink, ...]
    children: tuple[AreaLink, ...]
    period: str
    periods: tuple[Choice, ...]
    notices: tuple[str, ...]

    @property
    def rows(self) -> tuple[AreaRow, ...]:
        """Every row, in the order of the page."""
        return self.assets + self.challenges + self.background


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """What an indicator measures, and how it is spread.

    The figures, and `label`, are about `group`: empty for everybody. `groups` are those to choose
    from, `group_levels` the levels that have some where this level has none. `breakdown` has the
    municipality, or else the country, group by group.
    """

    lang: Lang
    release_id: str
    name: str
    indicator: str
    label: str
    short: str
    opening: Sentence
    definition: str
    numerator: str
    denominator: str
    population: str
    direction_text: str
    kind: str
    kind_text: str
    kind_note: str
    ring: str
    ring_text: str
    unit: str
    unit_text: str
    decimals: int
    reference: str
    version: str
    minimum_level_text: str
    level: str
    level_text: str
    level_plural: str
    period: str
    period_text: str
    levels: tuple[Choice, ...]
    periods: tuple[Choice, ...]
    indicators: tuple[Choice, ...]
    municipality: Shown | None
    country: Shown | None
    spread: Spread | None
    rows: tuple[RankRow, ...]
    table_note: str
    history: tuple[SpreadPoint, ...]
    breaks: tuple[SeriesBreak, ...]
    inequality: Sentence | None
    map: MapLayer
    group: str
    groups: tuple[Choice, ...]
    group_levels: tuple[Choice, ...]
    breakdown: Breakdown | None
    counts: tuple[StatusCount, ...]
    counts_sentence: str
    sources: tuple[SourceLine, ...]
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MethodView:
    """Whether the figures can be trusted: rules, sources, findings, release."""

    lang: Lang
    name: str
    release_id: str
    created: str
    code_version: str
    passages: tuple[Passage, ...]
    indicators: tuple[IndicatorLine, ...]
    sources: tuple[SourceLine, ...]
    findings: tuple[FindingLine, ...]
    findings_note: str
    counts: tuple[StatusCount, ...]
    facts: tuple[tuple[str, str], ...]
    notices: tuple[str, ...]
    history: tuple[tuple[str, str], ...] = field(default_factory=tuple)
