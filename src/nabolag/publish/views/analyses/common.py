"""What the pages of all kinds of analysis share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from nabolag.core import Lang, error, has_label, label
from nabolag.publish.numbers import format_number, format_period, per_cent
from nabolag.publish.text import Sentence
from nabolag.publish.views.analyses.model import (
    AnalysisView,
    Asked,
    Cell,
    Choosing,
    Column,
    Download,
    TableView,
)
from nabolag.publish.views.facts import Facts, in_time_order
from nabolag.publish.views.model import Choice
from nabolag.publish.views.shared import notices, period_choices, source_lines
from nabolag.store import Analysed


def title_of(analysed: Analysed, lang: Lang) -> str:
    """Return what an analysis is called: its own name, else its kind's."""
    return analysed.name.in_(lang) if analysed.name else kind_text(analysed, lang)


def kind_text(analysed: Analysed, lang: Lang) -> str:
    """Return what a kind of analysis is called."""
    return label(f"analysis.kind.{analysed.kind}.name", lang)


def page_of(
    facts: Facts,
    analysed: Analysed,
    opening: Sentence,
    lang: Lang,
    indicators: Iterable[str] = (),
    **parts: Any,
) -> AnalysisView:
    """Return a page with what all have: title, question, rule, sources of the indicators used."""
    sources = dict.fromkeys(source for iid in indicators for source in facts.source_ids(iid))
    return AnalysisView(
        lang=lang,
        release_id=facts.release.id,
        id=analysed.id,
        kind=analysed.kind,
        kind_text=kind_text(analysed, lang),
        question=label(f"analysis.kind.{analysed.kind}.question", lang),
        title=title_of(analysed, lang),
        opening=opening,
        rule=analysed.text[lang],
        downloads=_downloads(analysed, parts.get("tables", ()), lang),
        sources=source_lines(facts, list(sources), lang),
        notices=notices(facts, lang),
        **parts,
    )


def _downloads(analysed: Analysed, shown: Iterable[TableView], lang: Lang) -> tuple[Download, ...]:
    """Return every table there is, by its title on the page, else by its own name."""
    titles = {table.name: table.title for table in shown}
    return tuple(
        Download(name, titles.get(name) or unshown_title(analysed.kind, name, lang))
        for name in analysed.tables
    )


def unshown_title(kind: str, table: str, lang: Lang) -> str:
    """Return what a table is called that a page may do without."""
    own = f"{kind}.table.{table}"
    return label(own if has_label(own) else f"{kind}.{table}", lang)


def columns_of(
    kind: str, keys: Iterable[str], numeric: Iterable[str], lang: Lang, **words: Any
) -> tuple[Column, ...]:
    """Return columns with the headings of a kind of page. `words` fill the headings."""
    numbers = set(numeric)
    return tuple(
        Column(key, label(f"{kind}.column.{key}", lang, n=None, **words), key in numbers)
        for key in keys
    )


def in_words(facts: Facts, one: Mapping[str, Any], lang: Lang) -> dict[str, str]:
    """Return the `indicator` and `period` of a row as sentences name them."""
    return {
        "indicator": facts.release.indicators[one["indicator"]].label.in_(lang),
        "period": format_period(one["period"], lang),
    }


def own_row(analysed: Analysed, table: str, level: str, code: str) -> dict[str, Any] | None:
    """Return the first row about an area, or nothing where the analysis says nothing of it."""
    own = analysed.table(table).filter(pl.col("level") == level, pl.col("area") == code)
    return own.row(0, named=True) if own.height else None


def area_cell(facts: Facts, level: str, code: str, lang: Lang) -> Cell:
    """Return an area as a cell that leads to its page."""
    name = facts.name(level, code, lang)
    return Cell(name, name, area=(level, code))


def indicator_cell(facts: Facts, indicator: str, lang: Lang) -> Cell:
    """Return an indicator as a cell that leads to its page."""
    entry = facts.release.indicators.get(indicator)
    words = entry.heading.in_(lang) if entry else indicator
    return Cell(words, words, indicator=indicator if entry else "")


def number_cell(value: float | None, lang: Lang, decimals: int = 0) -> Cell:
    """Return a number as a cell, or that it is not known."""
    if value is None:
        return Cell(label("analysis.unknown_cell", lang))
    return Cell(format_number(value, lang, decimals), value)


def chosen(given: str | None, known: Iterable[str], standard: str, code: str) -> str:
    """Return what is asked for, or the standard choice. Raises `UserError` for the unknown."""
    there = list(known)
    if given is None:
        return standard
    if given not in there:
        raise error(code, given=given, known=", ".join(there))
    return given


def choices_of(
    facts: Facts, held: Sequence[Mapping[str, Any]], asked: Asked, lang: Lang
) -> tuple[str | None, str | None, tuple[Choosing, ...]]:
    """Return the indicator and period to show, of those held, and what else may be chosen.

    `held` has an `indicator` and a `period` in each entry. Without a wish, the first indicator
    and its latest period. Raises `UserError` for what is not held.
    """
    if not held:
        return None, None, ()
    indicators = list(dict.fromkeys(one["indicator"] for one in held))
    indicator = chosen(asked.indicator, indicators, indicators[0], "analysis_choice_unknown")
    periods = in_time_order(one["period"] for one in held if one["indicator"] == indicator)
    period = chosen(asked.period, periods, periods[-1], "analysis_choice_unknown")
    known = facts.release.indicators
    names = tuple(Choice(i, known[i].label.in_(lang), i == indicator) for i in indicators)
    offered = (
        Choosing("indicator", label("analysis.indicator", lang), names),
        Choosing("period", label("analysis.period", lang), period_choices(periods, period, lang)),
    )
    return indicator, period, tuple(one for one in offered if len(one.choices) > 1)


def area_choice(
    facts: Facts, table: pl.DataFrame, asked: Asked, lang: Lang
) -> tuple[tuple[str, str] | None, tuple[Choosing, ...]]:
    """Return which area inside which areas are compared is shown, and which others there are.

    `table` has `level` and `area`. Without a wish, the release's municipality, else the first.
    Raises `UserError` for an area it does not have.
    """
    held = {str(code): (str(level), str(code)) for level, code in
            table.select("level", "area").unique().sort("area").iter_rows()}  # fmt: skip
    if not held:
        return None, ()
    own = facts.municipality
    standard = own[1] if own and own[1] in held else next(iter(held))
    code = chosen(asked.area, held, standard, "analysis_choice_unknown")
    names = tuple(Choice(c, facts.name(*held[c], lang), c == code) for c in held)
    offered = (Choosing("area", label("analysis.place", lang), names),) if len(held) > 1 else ()
    return held[code], offered


def share_cell(share: float | None, lang: Lang) -> Cell:
    """Return a share as a cell, in words where it is not known."""
    if share is None:
        return Cell(label("analysis.unknown_cell", lang))
    return Cell(per_cent(share, lang), share)
