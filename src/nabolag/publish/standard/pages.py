"""The pages of the standard set: the list, narrowed as the reader asks, and one per indicator."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nabolag.core import Indicator, Kind, Lang, Level, error, label
from nabolag.indicators import StandardSet, load_editions, standard_set
from nabolag.indicators.engine.measures import Measure
from nabolag.indicators.entry_parts import REGISTER
from nabolag.publish.numbers import format_date, format_period
from nabolag.publish.standard.measure_words import measure_sentences, rule_lines
from nabolag.publish.standard.model import (
    Choices,
    SetEntryView,
    SetGroup,
    SetLine,
    StandardSetView,
)
from nabolag.publish.standard.written import written
from nabolag.publish.text import listed
from nabolag.publish.views.asked import fold, nearest
from nabolag.publish.views.pieces import Choice
from nabolag.publish.views.shared import direction_words
from nabolag.store import Release

EVERYTHING = Choices()
_WITH, _WITHOUT = "with", "without"
_LEVELS = list(Level)


def set_page(
    lang: Lang,
    release: Release | None = None,
    edition: str | None = None,
    chosen: Choices = EVERYTHING,
) -> StandardSetView:
    """Return the set in an edition, the newest where none is named, narrowed to the choices.

    `release` tells which indicators have figures. Raises `UserError` for an unknown edition.
    """
    held = standard_set(edition)
    known = _with_figures(release)
    entries = list(held.indicators.values())
    shown = [entry for entry in entries if _is_chosen(entry, chosen, entry.id in known, lang)]
    count, counted = len(entries), len(held.measures)
    return StandardSetView(
        lang=lang,
        edition=held.edition.id,
        title=label("set.title", lang),
        opening=label("set.opening", lang, n=count, counted=counted),
        edition_text=label(
            "set.edition", lang, id=held.edition.id, date=format_date(held.edition.date, lang)
        ),
        note=held.edition.note.in_(lang),
        count=count,
        shown=len(shown),
        shown_text=label("set.shown", lang, n=len(shown), total=count),
        groups=_groups(held, shown, known, lang),
        editions=tuple(Choice(e.id, e.id, e.id == held.edition.id) for e in load_editions()),
        kinds=_choices(((k.value, label(f"kind.{k.value}", lang)) for k in Kind), chosen.kind),
        levels=_choices(_levels_of(entries, lang), chosen.level),
        sources=_choices(_producers_of(entries, lang), chosen.source),
        figures=_choices(
            ((name, label(f"set.figures.{name}", lang)) for name in (_WITH, _WITHOUT)),
            chosen.figures,
        ),
        words=chosen.words,
        changes=change_lines(held, lang),
    )


def _choices(named: Iterable[tuple[str, str]], selected: str) -> tuple[Choice, ...]:
    return tuple(Choice(value, text, value == selected) for value, text in named)


def _levels_of(entries: Sequence[Indicator], lang: Lang) -> list[tuple[str, str]]:
    """Return the levels that some indicator is made for, large to small."""
    least = {entry.minimum_level for entry in entries if entry.minimum_level}
    deepest = max(_LEVELS.index(level) for level in least) if least else -1
    return [(level.value, level.label.in_(lang)) for level in _LEVELS[: deepest + 1]]


def _producers_of(entries: Sequence[Indicator], lang: Lang) -> list[tuple[str, str]]:
    held = {origin.producer for entry in entries for origin in entry.sources}
    named = [(producer, label(f"origin.{producer}", lang)) for producer in held]
    return sorted(named, key=lambda pair: (pair[0] != REGISTER, pair[1]))


def _is_chosen(entry: Indicator, chosen: Choices, has_figures: bool, lang: Lang) -> bool:
    if chosen.kind and entry.kind.value != chosen.kind:
        return False
    if chosen.level and not reaches(entry, chosen.level):
        return False
    if chosen.source and chosen.source not in {origin.producer for origin in entry.sources}:
        return False
    if chosen.figures and (chosen.figures == _WITH) != has_figures:
        return False
    return not chosen.words or fold(chosen.words) in fold(_searched(entry, lang))


def _searched(entry: Indicator, lang: Lang) -> str:
    texts = (entry.label, entry.heading, entry.definition)
    return " ".join([entry.id, *(text.in_(lang) for text in texts)])


def reaches(entry: Indicator, level: str) -> bool:
    """Tell whether an indicator may be shown for a level; one without a least level for any."""
    if entry.minimum_level is None:
        return True
    known = [one.value for one in _LEVELS]
    return level in known and known.index(level) <= _LEVELS.index(entry.minimum_level)


def _with_figures(release: Release | None) -> frozenset[str]:
    return frozenset(release.indicators) if release is not None else frozenset()


def _groups(
    held: StandardSet, shown: Sequence[Indicator], known: frozenset[str], lang: Lang
) -> tuple[SetGroup, ...]:
    rings = dict.fromkeys(entry.ring for entry in shown)
    why = held.edition.without_asset
    return tuple(
        SetGroup(
            ring=ring,
            text=label(f"ring.{ring}", lang),
            note=why[ring].in_(lang) if ring in why else "",
            lines=tuple(
                _line(entry, entry.id in held.measures, entry.id in known, lang)
                for entry in shown
                if entry.ring == ring
            ),
        )
        for ring in rings
    )


def _line(entry: Indicator, counted: bool, has_figures: bool, lang: Lang) -> SetLine:
    return SetLine(
        indicator=entry.id,
        label=entry.label.in_(lang),
        definition=entry.definition.in_(lang),
        kind=entry.kind.value,
        kind_text=label(f"kind.{entry.kind.value}", lang),
        direction_text=direction_words(entry, lang),
        level_text=level_words(entry, lang),
        sources_text=", ".join(dict.fromkeys(p for p, _ in origin_lines(entry, lang))),
        counted=counted,
        has_figures=has_figures,
        has_breaks=bool(entry.changed),
    )


def level_words(entry: Indicator, lang: Lang) -> str:
    """Return the smallest geography an indicator may be shown for, in words."""
    if entry.minimum_level is None:
        return label("set.any_level", lang)
    return entry.minimum_level.label.in_(lang)


def origin_lines(entry: Indicator, lang: Lang) -> list[tuple[str, str]]:
    """Return who could give the figures: (producer, table or registers with the reference)."""
    lines = []
    for origin in entry.sources:
        told = []
        if origin.table:
            tables = origin.table.split(", ")
            told.append(label("set.tables", lang, n=len(tables), tables=listed(tables, lang)))
        told += [label(f"set.register.{name}", lang) for name in origin.registers]
        told += [label("set.stands_in", lang, where=origin.reference)] if origin.reference else []
        lines.append((label(f"origin.{origin.producer}", lang), ", ".join(told)))
    return lines


def change_lines(held: StandardSet, lang: Lang) -> tuple[str, ...]:
    """Say what the edition changed since the one before."""
    if held.previous is None:
        return (label("set.change.first", lang),)
    changes = held.changes
    names = {name: entry.label.in_(lang) for name, entry in held.indicators.items()}
    told = []
    if changes.added:
        added = [names[name] for name in changes.added]
        told.append(label("set.change.added", lang, names=listed(added, lang)))
    told += [
        label("set.change.version", lang, name=names[name], before=before, after=after)
        for name, before, after in changes.changed
    ]
    if changes.removed:
        told.append(label("set.change.removed", lang, names=", ".join(changes.removed)))
    return tuple(told) or (label("set.change.none", lang),)


def entry_page(
    indicator: str, lang: Lang, release: Release | None = None, edition: str | None = None
) -> SetEntryView:
    """Return one indicator's page in the set, also where the release has no figures for it.

    Raises `UserError` with the nearest names for an indicator that the edition does not hold.
    """
    held = standard_set(edition)
    if indicator not in held.indicators:
        words = {name: name for name in held.indicators}
        words |= {e.label.in_(lang): name for name, e in held.indicators.items()}
        near = list(dict.fromkeys(words[text] for text in nearest(indicator, words)))
        raise error(
            "set_indicator_unknown",
            given=indicator,
            edition=held.edition.id,
            nearest=", ".join(near),
            suggestions=near,
        )
    entry, measure = held.indicators[indicator], held.measures.get(indicator)
    known = indicator in _with_figures(release)
    compared = entry.comparability
    reason = compared.reason.in_(lang) if compared and compared.reason else ""
    return SetEntryView(
        lang=lang,
        edition=held.edition.id,
        indicator=entry.id,
        label=entry.label.in_(lang),
        opening=entry.definition.in_(lang),
        ring_text=label(f"ring.{entry.ring}", lang),
        kind_text=label(f"kind.{entry.kind.value}", lang),
        formula=formula(entry, lang),
        facts=_facts(entry, held, lang),
        comparability=compared.status.value if compared else "",
        comparability_text=label(f"comparability.{compared.status.value}", lang)
        if compared
        else "",
        comparability_reason=reason,
        breaks=break_lines(entry, lang),
        sources=tuple(origin_lines(entry, lang)),
        asked=tuple(
            (label(f"asked.{one.by}", lang), one.reference)
            for one in held.edition.members[indicator].asked
        ),
        counted=measure_sentences(measure, lang) if measure else (),
        expressions=expression_lines(measure) if measure else (),
        rules=rule_lines(measure, lang) if measure else (),
        has_figures=known,
        figures_text=label(f"set.figures.{'told' if known else 'none'}", lang),
        version_note=_version_note(entry, held, release, lang),
    )


def formula(entry: Indicator, lang: Lang) -> str:
    """Return «numerator ÷ denominator» in words, or what is counted where nothing is divided."""
    if entry.numerator and entry.denominator:
        return f"{entry.numerator.in_(lang)} ÷ {entry.denominator.in_(lang)}"
    return entry.population.in_(lang) if entry.population else ""


def _facts(entry: Indicator, held: StandardSet, lang: Lang) -> tuple[tuple[str, str], ...]:
    facts = {
        "population": entry.population.in_(lang) if entry.population else "",
        "direction": direction_words(entry, lang),
        "unit": label(f"unit.{entry.unit.value}", lang),
        "minimum_level": level_words(entry, lang),
        "version": label("set.version", lang, version=held.edition.members[entry.id].version),
        "reference": entry.reference,
        "id": entry.id,
    }
    return tuple((label(f"set.fact.{name}", lang), words) for name, words in facts.items() if words)


def break_lines(entry: Indicator, lang: Lang) -> tuple[tuple[str, str], ...]:
    """Return (from when, what changed) for each new definition."""
    return tuple(
        (
            label("set.from_period", lang, period=format_period(change.from_period, lang)),
            change.what.in_(lang) + (f" ({change.reference})" if change.reference else ""),
        )
        for change in entry.breaks()
    )


def expression_lines(measure: Measure) -> tuple[tuple[str, str], ...]:
    """Return the keys of a measure as they stand in the catalogue."""
    lines = [("unit", measure.unit.value), ("statistic", measure.statistic.value)]
    given = (
        ("where", measure.where),
        ("numerator", measure.numerator),
        ("denominator", measure.denominator),
    )
    lines += [(key, written(e)) for key, e in given if e is not None and written(e) != "true"]
    lines += [("outside", measure.outside)] if measure.outside else []
    if measure.per is not None:
        given_per = expression_lines(measure.per)
        lines += [(f"per.{key}", said) for key, said in given_per if key != "statistic"]
    return tuple(lines)


def _version_note(entry: Indicator, held: StandardSet, release: Release | None, lang: Lang) -> str:
    """Say where the release's figures, or the catalogue, follow another version."""
    version = held.edition.members[entry.id].version
    if release is not None and entry.id in release.indicators:
        shown = release.indicators[entry.id].version
        if shown != version:
            return label("set.other_version", lang, release=shown, edition=version)
    if entry.version != version:
        return label("set.newer_version", lang, now=entry.version, edition=version)
    return ""
