"""The page about dated schemes: what applied on a date, and what changes next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

import polars as pl

from nabolag.core import Lang, label
from nabolag.publish.figures.base import Words
from nabolag.publish.figures.timeline import Bar, timeline
from nabolag.publish.numbers import format_count, format_date
from nabolag.publish.rule_words import numbers_in_words
from nabolag.publish.text import capital, listed
from nabolag.publish.views.analyses.common import columns_of
from nabolag.publish.views.analyses.model import Cell, Picture, TableView
from nabolag.publish.views.money.model import Field, MoneyView, TableFile
from nabolag.publish.views.money.reading import choice_field, day_field
from nabolag.rules import (
    Book,
    Change,
    RuleStatus,
    Scheme,
    SchemeAt,
    Span,
    Standing,
    all_schemes,
    changes_after,
    schemes_on,
    with_entries,
)
from nabolag.store import Release

#: The statuses a scheme may have, the firmest first.
STATUSES: Final = tuple(s.value for s in RuleStatus if s is not RuleStatus.STATISTICAL)
_ALL, _OFF = "alle", "gjelder_ikke"
#: A scheme without a first or last day is drawn from or to these.
_FIRST, _LAST = date(2005, 1, 1), date(2027, 12, 31)
_NEXT: Final = 12
#: The document of a release with the workspace's own numbers of rules.
_OWN: Final = "rule_numbers"


def schemes_page(release: Release, asked: Mapping[str, str], lang: Lang) -> MoneyView:
    """Return the page. Schemes are facts of documents: they need nothing of the release."""
    day, day_input = day_field(
        asked, "dato", label("schemes.field.day", lang), made_on(release), lang
    )
    known = [(_ALL, label("schemes.field.every", lang)),
             *((code, capital(label(f"rule_status.{code}", lang))) for code in STATUSES),
             (_OFF, label("schemes.field.off", lang))]  # fmt: skip
    status, status_input = choice_field(
        asked, "status", label("schemes.field.status", lang), known, _ALL
    )
    words = asked.get("sok", "")
    search = Field("sok", label("schemes.field.search", lang), "text", words)
    book, file = own_book(release)
    every = schemes_on(day, book)
    found = [one for one in every if _fits(one, status) and _found(one.scheme, words, lang)]
    shown = sorted(found, key=lambda one: term(one.scheme, lang).lower())
    changes = [one for one in merged(changes_after(day, book)) if _any_found(one, words, lang)]
    return MoneyView(
        lang=lang,
        title=label("schemes.title", lang),
        question=label("schemes.question", lang),
        opening=_opening(every, changes, day, lang),
        lead=_lead(every, shown, lang),
        fields=(day_input, status_input, search),
        pictures=_pictures(shown, day, lang),
        tables=(_table(shown, day, lang), _changes(changes, lang)),
        sure=_sure(file, lang),
        rule=label("schemes.rule", lang),
        files=_files(shown, book, lang),
    )


def own_book(release: Release) -> tuple[Book | None, str]:
    """Return the numbers of rules the workspace has, and its file; nothing for the house's."""
    if not release.bundle.has(_OWN):
        return None, ""
    document = release.bundle.document(_OWN)
    return with_entries(document["entries"]), str(document["file"])


def _sure(file: str, lang: Lang) -> tuple[str, ...]:
    own = label("schemes.sure.own" if file else "schemes.sure.house", lang, file=file)
    return (label("schemes.sure.sources", lang), label("schemes.sure.days", lang), own)


def made_on(release: Release) -> date:
    """Return the day a release was made: the same page shows the same until the next is made."""
    return date.fromisoformat(str(release.bundle.manifest["created_at"])[:10])


def term(scheme: Scheme, lang: Lang) -> str:
    """Return what a scheme is called."""
    key = f"rule.{scheme.name}.term" if scheme.kind == "rule" else f"provision.{scheme.name}"
    return label(key, lang)


def says(scheme: Scheme, lang: Lang) -> str:
    """Return what a rule says; a provision says no more than its name."""
    return label(f"rule.{scheme.name}.says", lang) if scheme.kind == "rule" else ""


def status_text(one: SchemeAt, lang: Lang) -> str:
    """Say how firm a scheme is on the date, or why it does not hold."""
    if one.standing is Standing.HOLDS:
        return label(f"rule_status.{one.span.status.value}", lang)
    day = "" if one.span.until is None else format_date(one.span.until, lang)
    said = label(f"rule_status.{one.standing.value}", lang, date=day)
    if one.standing is Standing.NOT_YET and one.span.status is not RuleStatus.IN_FORCE:
        said = f"{said} ({label(f'rule_status.{one.span.status.value}', lang)})"
    return said


def merged(changes: Iterable[Change]) -> list[tuple[Change, ...]]:
    """Put changes together that are one: several rules that share the same numbers."""
    found: dict[tuple[object, ...], list[Change]] = {}
    for one in changes:
        shared = (one.day, one.span.reference, one.span.changed, one.begins)
        key = shared if one.span.changed else (*shared, one.scheme.name)
        found.setdefault(key, []).append(one)
    return [tuple(group) for group in found.values()]


def _fits(one: SchemeAt, status: str) -> bool:
    if status == _ALL:
        return True
    holds = one.standing in (Standing.HOLDS, Standing.NUMBERS_ABSENT)
    return not holds if status == _OFF else holds and one.span.status.value == status


def _found(scheme: Scheme, words: str, lang: Lang) -> bool:
    text = f"{term(scheme, lang)} {says(scheme, lang)} {scheme.name}".lower()
    return all(word in text for word in words.lower().split())


def _any_found(changes: Sequence[Change], words: str, lang: Lang) -> bool:
    return any(_found(one.scheme, words, lang) for one in changes)


def _opening(
    every: Sequence[SchemeAt], changes: Sequence[Sequence[Change]], day: date, lang: Lang
) -> str:
    counts = {code: sum(_fits(one, code) for one in every) for code in (*STATUSES, _OFF)}
    numbers = {code: format_count(n, lang) for code, n in counts.items()}
    said = label("schemes.opening", lang, day=format_date(day, lang),
                 every=format_count(len(every), lang), n=None, **numbers)  # fmt: skip
    if not changes:
        return f"{said} {label('schemes.no_next', lang)}"
    first = [one for one in changes if one[0].day == changes[0][0].day]
    terms = [term(one.scheme, lang) for group in first for one in group][:3]
    following = label("schemes.next", lang, day=format_date(first[0][0].day, lang),
                      what=listed(terms, lang))  # fmt: skip
    return f"{said} {following}"


def _lead(every: Sequence[SchemeAt], shown: Sequence[SchemeAt], lang: Lang) -> tuple[str, ...]:
    if len(shown) == len(every):
        return ()
    n, whole = len(shown), format_count(len(every), lang)
    return (label("schemes.shown", lang, n=n, every=whole),)


def _numbers(span: Span, lang: Lang) -> str:
    """Return a span's numbers in words, those that the house has set marked."""
    own = label("schemes.set_by_house", lang)
    told = [
        numbers_in_words({name: value}, lang) + (f" ({own})" if name in span.declared else "")
        for name, value in span.numbers.items()
    ]
    return "; ".join(told)


def _day(day: date | None, declared: bool, lang: Lang) -> str:
    if day is None:
        return "–"
    shown = format_date(day, lang)
    return f"{shown} ({label('schemes.set_by_house', lang)})" if declared else shown


def _table(shown: Sequence[SchemeAt], day: date, lang: Lang) -> TableView:
    keys = ("what", "status", "since", "until", "numbers", "source")
    rows = []
    for one in shown:
        span, name = one.span, term(one.scheme, lang)
        ends = span.until if span.ends else None
        status = status_text(one, lang)
        numbers = _numbers(span, lang)
        rows.append(
            (
                Cell(capital(name), name.lower()),
                Cell(status, status),
                Cell(_day(span.since, "since" in span.declared, lang), _sort(span.since)),
                Cell(_day(ends, False, lang), _sort(ends)),
                Cell(numbers or "–", numbers),
                Cell(span.reference, span.reference),
            )
        )
    title = label("schemes.table.on", lang, day=format_date(day, lang))
    return TableView("ordninger", title, columns_of("schemes", keys, (), lang), tuple(rows),
                     label("schemes.table.on_note", lang))  # fmt: skip


def _sort(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _changes(changes: Sequence[Sequence[Change]], lang: Lang) -> TableView:
    rows = []
    for group in changes[:_NEXT]:
        first = group[0]
        terms = capital(listed([term(one.scheme, lang) for one in group], lang))
        declared = first.begins and "since" in first.span.declared
        rows.append(
            (
                Cell(_day(first.day, declared, lang), first.day.isoformat()),
                Cell(terms, terms),
                Cell(change_text(first, lang)),
                Cell(first.span.reference, first.span.reference),
            )
        )
    keys = ("day", "what", "change", "source")
    columns, title = columns_of("schemes", keys, (), lang), label("schemes.table.next", lang)
    note = label("schemes.table.next_note", lang)
    return TableView("endringer", title, columns, tuple(rows), note)


def change_text(change: Change, lang: Lang) -> str:
    """Say what changes: it ends, it begins with a status, or which numbers are new."""
    if not change.begins:
        return label("schemes.ends", lang)
    if change.span.changed:
        numbers = {name: change.span.numbers[name] for name in change.span.changed}
        return numbers_in_words(numbers, lang)
    status = label(f"rule_status.{change.span.status.value}", lang)
    return label("schemes.begins", lang, status=status)


def _pictures(shown: Sequence[SchemeAt], day: date, lang: Lang) -> tuple[Picture, ...]:
    held = [one for one in shown if any(span.since for span in one.scheme.spans)]
    dated = sorted(held, key=lambda one: one.scheme.spans[0].since or _FIRST)
    if not dated:
        return ()
    names = {one.scheme.name: capital(term(one.scheme, lang)) for one in dated}
    bars = [bar for one in dated for bar in _bars(one.scheme, lang)]
    statuses = {code: label(f"rule_status.{code}", lang) for code in STATUSES}
    at = format_date(day, lang)
    holding = sum(one.standing is Standing.HOLDS for one in dated)
    title = label("schemes.picture.title", lang)
    words = Words(
        title=title,
        subtitle=label("schemes.picture.note", lang, day=at),
        description=label("schemes.picture.alt", lang, n=len(dated), day=at, holding=holding),
        axis=at,
    )
    return (Picture("tidslinje", title, timeline(bars, names, statuses, day, words)),)


def _bars(scheme: Scheme, lang: Lang) -> list[Bar]:
    return [
        Bar(
            scheme.name,
            span.since or _FIRST,
            span.until or _LAST,
            span.status.value,
            f"{_day(span.since, False, lang)} → {_day(span.until, False, lang)}",
        )
        for span in scheme.spans
    ]


def _files(shown: Sequence[SchemeAt], book: Book | None, lang: Lang) -> tuple[TableFile, ...]:
    """Return every span of the schemes that are shown, as data."""
    names = {one.scheme.name for one in shown}
    rows = [
        {
            "scheme": scheme.name,
            "kind": scheme.kind,
            "term": term(scheme, lang),
            "status": span.status.value,
            "since": span.since,
            "until": span.until,
            "ends": span.ends,
            "numbers": numbers_in_words(span.numbers, lang),
            "set_by_house": ", ".join(span.declared),
            "reference": span.reference,
        }
        for scheme in all_schemes(book)
        if scheme.name in names
        for span in scheme.spans
    ]
    schema = {"since": pl.Date(), "until": pl.Date()}
    frame = pl.DataFrame(rows, schema_overrides=schema, infer_schema_length=None)
    return (TableFile("ordninger", label("schemes.table.every", lang), frame),)
