"""What the pages of the standard set are given: frozen, in one language, complete."""

from __future__ import annotations

from dataclasses import dataclass

from nabolag.core import Lang
from nabolag.publish.standard.measure_words import RuleLine
from nabolag.publish.views.pieces import Choice


@dataclass(frozen=True, slots=True)
class Choices:
    """What a reader has narrowed the set to; empty is everything.

    `figures` is `with` or `without`: whether the release has figures. `source` is a producer.
    """

    kind: str = ""
    level: str = ""
    source: str = ""
    figures: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class SetLine:
    """One indicator in the list of the set."""

    indicator: str
    label: str
    definition: str
    kind: str
    kind_text: str
    direction_text: str
    level_text: str
    sources_text: str
    counted: bool
    has_figures: bool
    has_breaks: bool


@dataclass(frozen=True, slots=True)
class SetGroup:
    """The indicators of one theme. `note` says why it has no asset, where it has none."""

    ring: str
    text: str
    note: str
    lines: tuple[SetLine, ...]


@dataclass(frozen=True, slots=True)
class StandardSetView:
    """The whole set in an edition, or what a reader has narrowed it to."""

    lang: Lang
    edition: str
    title: str
    opening: str
    edition_text: str
    note: str
    count: int
    shown: int
    shown_text: str
    groups: tuple[SetGroup, ...]
    editions: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    levels: tuple[Choice, ...]
    sources: tuple[Choice, ...]
    figures: tuple[Choice, ...]
    words: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetEntryView:
    """Everything that is known of one indicator of the set.

    `facts`, `sources`, `asked` and `breaks` are (heading, text) pairs. `counted` tells in words
    how it is counted from registers, `expressions` is the definition as it stands in the
    catalogue; both are empty where it is not counted from registers.
    """

    lang: Lang
    edition: str
    indicator: str
    label: str
    opening: str
    ring_text: str
    kind_text: str
    formula: str
    facts: tuple[tuple[str, str], ...]
    comparability: str
    comparability_text: str
    comparability_reason: str
    breaks: tuple[tuple[str, str], ...]
    sources: tuple[tuple[str, str], ...]
    asked: tuple[tuple[str, str], ...]
    counted: tuple[str, ...]
    expressions: tuple[tuple[str, str], ...]
    rules: tuple[RuleLine, ...]
    has_figures: bool
    figures_text: str
    version_note: str
