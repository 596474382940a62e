"""Pieces that several pages have: choice lists, sources, notices, counts in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from nabolag.core import Indicator, Kind, Lang, Level, Provenance, label
from nabolag.publish.figures.breaks import Method
from nabolag.publish.groups import group_words, grouping_of, grouping_words
from nabolag.publish.numbers import format_date, format_period
from nabolag.publish.rounding import rounding_notes
from nabolag.publish.text import ACCUMULATION, capital, inside
from nabolag.publish.views.asked import choosable
from nabolag.publish.views.facts import Facts
from nabolag.publish.views.layer import status_counts
from nabolag.publish.views.model import Choice, Shown, SourceLine, StatusCount
from nabolag.publish.views.naming import how_many_known
from nabolag.publish.views.themes import in_order as rings_in_order
from nabolag.publish.views.themes import theme_text


def level_choices(
    facts: Facts, selected: str, lang: Lang, indicator: str = ""
) -> tuple[Choice, ...]:
    """Return the levels to choose from, large to small: of an indicator those it has rows for."""
    held = [x for x in facts.levels if not indicator or facts.has_figures(indicator, x)]
    return tuple(
        Choice(level, Level(level).plural.in_(lang), level == selected)
        for level in facts.levels
        if level in held or level == selected
    )


def indicator_choices(
    facts: Facts, level: str, selected: str, lang: Lang, *, with_classes: bool
) -> tuple[Choice, ...]:
    """Return the indicators that the level has, grouped by ring, accumulation first."""
    first = []
    if with_classes and facts.class_periods(level):
        words = label("publish.map.accumulation", lang)
        group = label("publish.group.accumulation", lang)
        first = [Choice(ACCUMULATION, words, selected == ACCUMULATION, group)]
    held = [i for i in facts.release.indicators.values() if facts.has_figures(i.id, level)]
    rest = [
        Choice(i.id, i.label.in_(lang), i.id == selected, theme_text(ring, lang))
        for ring in rings_in_order(i.ring for i in held)
        for i in held
        if i.ring == ring
    ]
    return (*first, *rest)


def group_choices(
    facts: Facts, indicator: str, level: str, selected: str, lang: Lang
) -> tuple[Choice, ...]:
    """Return the groups to choose from at a level, by grouping, everybody first; none for none."""
    groups = choosable(facts, indicator, [level])
    if not groups:
        return ()
    everybody = Choice("", group_words("", lang), not selected)
    return everybody, *(
        Choice(g, group_words(g, lang), g == selected, grouping_words(grouping_of(g), lang))
        for g in groups
    )


def period_choices(periods: Sequence[str], selected: str, lang: Lang) -> tuple[Choice, ...]:
    """Return the periods to choose from, the latest first."""
    return tuple(
        Choice(period, format_period(period, lang, short=True), period == selected)
        for period in reversed(periods)
    )


def method_choices(selected: str, lang: Lang) -> tuple[Choice, ...]:
    """Return the methods of setting breaks."""
    return tuple(
        Choice(m.value, label(f"publish.method.{m.value}", lang), m.value == selected)
        for m in Method
    )


def counts_of(figures: Iterable[Shown], lang: Lang) -> tuple[StatusCount, ...]:
    """Count figures by status."""
    return status_counts([(shown.status, shown.kind) for shown in figures], lang)


def counts_sentence(counts: Sequence[StatusCount], lang: Lang) -> str:
    """Say how many areas have figures, and why the others have none."""
    everything = sum(count.count for count in counts)
    absent = [count for count in counts if count.kind not in ("value", "unreliable")]
    if not absent:
        return how_many_known(everything, everything, lang)
    parts = [
        label("sentence.counts.part", lang, status=inside(count.text), count=count.count)
        for count in absent
    ]
    joined = ", ".join(parts)
    known = everything - sum(count.count for count in absent)
    return f"{how_many_known(known, everything, lang)} {capital(joined)}."


def notices(facts: Facts, lang: Lang) -> tuple[str, ...]:
    """Return what every page must say first: made-up figures, what is not yet protected."""
    about = facts.release.about
    said = []
    if about.get("synthetic"):
        said.append(label("publish.note.synthetic", lang))
    if (about.get("disclosure") or {}).get("totals_beside_hidden"):
        said.append(label("publish.note.totals", lang))
    named = {iid: inside(entry.label.in_(lang)) for iid, entry in facts.release.indicators.items()}
    return (*said, *rounding_notes(about, named, lang))


def own_number_notices(facts: Facts, indicator: str, lang: Lang) -> tuple[str, ...]:
    """Say which numbers of its own a workspace has counted an indicator with."""
    known = (facts.release.sources[name] for name in facts.source_ids(indicator))
    return tuple(own_numbers_caution(source, lang) for source in known if source.is_own_numbers)


def own_numbers_caution(source: Provenance, lang: Lang) -> str:
    """Say that figures are counted with numbers of one's own, and what that means."""
    return label("rule_numbers.caution", lang, title=source.title.in_(lang))


def source_lines(facts: Facts, ids: Iterable[str], lang: Lang) -> tuple[SourceLine, ...]:
    """Return sources as cited, each once, in the order given."""
    known = facts.release.sources
    return tuple(source_line(known[name], lang) for name in dict.fromkeys(ids) if name in known)


def source_line(source: Provenance, lang: Lang) -> SourceLine:
    """Return one source as cited, with its provenance for a table."""
    title = source.title.in_(lang)
    retrieved = format_date(source.retrieved_at, lang)
    taken = f"{inside(label('publish.source.retrieved', lang))} {retrieved}"
    if not source.retrieved_at:
        taken = "" if source.definition_version else label("publish.source.no_date", lang)
    parts = [source.producer, title, source.table, taken, source.licence]
    words = ", ".join(part for part in parts if part)
    return SourceLine(
        source=source.source,
        producer=source.producer,
        title=title,
        text=label("publish.source.line", lang, parts=words),
        retrieved=retrieved,
        updated=format_date(source.updated_at, lang),
        licence=source.licence or label("publish.source.not_stated", lang),
        url=source.url,
        geography=source.geography,
        note=source.note.in_(lang) if source.note else "",
        rows=_provenance_rows(source, lang),
    )


def _provenance_rows(source: Provenance, lang: Lang) -> tuple[tuple[str, str], ...]:
    facts: dict[str, Any] = {
        "producer": source.producer,
        "title": source.title.in_(lang),
        "table": source.table,
        "file": source.file,
        "retrieved": format_date(source.retrieved_at, lang),
        "updated": format_date(source.updated_at, lang),
        "licence": source.licence or label("publish.source.not_stated", lang),
        "url": source.url,
        "geography": source.geography,
        "sha256": source.sha256,
        "definition_version": source.definition_version,
        "code_version": source.code_version,
        "note": source.note.in_(lang) if source.note else "",
    }
    return tuple(
        (label(f"publish.source.{name}", lang), text) for name, text in facts.items() if text
    )


def cited(facts: Facts, ids: Sequence[str], lang: Lang) -> str:
    """Return the source lines behind a figure as one text."""
    lines = (source_line(facts.release.sources[name], lang).text for name in ids)
    return " ".join(f"{line}." for line in lines) if len(ids) > 1 else "".join(lines)


def direction_words(entry: Indicator, lang: Lang) -> str:
    """Say what a high or a low figure means: a challenge, an asset, or neither."""
    if entry.kind is not Kind.ASSET or entry.worse.value == "neither":
        return label(f"publish.direction.{entry.worse.value}", lang)
    better = "high" if entry.worse.value == "low" else "low"
    return label(f"publish.direction.asset_{better}", lang)
