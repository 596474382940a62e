"""What stands in a profile, as plain data for the template.

Nothing is computed or worded here that the page of the area does not already hold, apart from
headings.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from nabolag.core import Lang, Level, label
from nabolag.publish.numbers import format_date
from nabolag.publish.pdf.locator import locator_svg
from nabolag.publish.pdf.marks import Mark, spine_svg, trend_svg
from nabolag.publish.text import capital
from nabolag.publish.views import AreaRow, AreaView, ClassView, Shown
from nabolag.store import Release

#: How many letters a heading over a column of figures has room for.
_NARROW = 22


def profile_content(release: Release, view: AreaView, made: date) -> dict[str, Any]:
    """Return one profile: texts, tables and drawings with their alternative texts."""
    lang = view.lang
    invented = label("publish.note.synthetic", lang)
    return {
        "name": view.name,
        "kicker": _kicker(view),
        "lead": [sentence.text for sentence in view.lead],
        "map": _map(release, view, lang),
        "class": _class(view.accumulation, lang) if view.accumulation else None,
        "class_note": view.accumulation_note,
        "columns": _columns(view, lang),
        "sections": _sections(view, lang),
        "key": _key(view, lang),
        "warning": [words for words in view.notices if words == invented],
        "notices": [words for words in view.notices if words != invented],
        "alone": _alone(view, lang),
        "judged": view.judged_note,
        "hidden": _hidden(view, lang),
        "sources": {
            "heading": label("report.sources", lang),
            "lines": [line.text for line in view.sources],
        },
        "footer": label(
            "report.footer",
            lang,
            name=view.name,
            release=view.release_id,
            date=format_date(made, lang),
        ),
        "page": label("report.page", lang, page="{page}", pages="{pages}"),
    }


def _kicker(view: AreaView) -> str:
    """Return what kind of area this is and what it lies in, the nearest first."""
    above = [
        link.name if link.level == Level.LAND else f"{link.name} {link.level_text}"
        for link in reversed(view.parents)
    ]
    return " · ".join([capital(view.level_text), *above])


def _map(release: Release, view: AreaView, lang: Lang) -> dict[str, str] | None:
    beside = [link.code for link in view.siblings]
    svg = locator_svg(release, view.level, view.code, beside)
    if svg is None:
        return None
    above = view.municipality_name or release.name.in_(lang)
    return {"svg": svg, "alt": label("report.map_alt", lang, name=view.name, town=above)}


def _class(classed: ClassView, lang: Lang) -> dict[str, Any]:
    when = f"{label('report.class', lang)}, {classed.period_text}"
    facts = [classed.years_text, classed.known_text]
    return {
        "heading": when,
        "text": classed.text,
        "facts": ". ".join(capital(words.rstrip(".")) for words in facts if words) + ".",
        "color": classed.color,
        "reasons": [item.text for item in classed.reasons],
    }


def _columns(view: AreaView, lang: Lang) -> list[str]:
    """Return the headings of the tables. Nobody without a figure has a column."""
    own = [label("report.column.indicator", lang), _heading("area", view.name, lang)]
    others = (("municipality", view.municipality_name), ("country", view.country_name))
    beside = [_heading(who, name, lang) for who, name in others if _has(view.rows, who)]
    drawn = [label("report.column.spread", lang), label("report.column.trend", lang)]
    return own + beside + drawn


def _heading(who: str, name: str, lang: Lang) -> str:
    """Return a name that a narrow column takes; a long one is called «the area»."""
    return name if len(name) <= _NARROW else label(f"publish.chart.{who}", lang)


def _has(rows: Sequence[AreaRow], whose: str) -> bool:
    """Tell whether the municipality or the country has any figure to stand beside the area's."""
    beside: list[Shown | None] = [getattr(row, whose) for row in rows]
    return any(shown is not None and shown.has_value for shown in beside)


def _alone(view: AreaView, lang: Lang) -> list[str]:
    """Say whom there is nothing to compare with, where a column was left out for it."""
    asked = (("municipality", view.municipality_name), ("country", view.country_name))
    return [
        label("report.no_comparison", lang, name=name)
        for whose, name in asked
        if name and view.rows and not _has(view.rows, whose)
    ]


def _sections(view: AreaView, lang: Lang) -> list[dict[str, Any]]:
    parts = (("assets", view.assets, ""), ("challenges", view.challenges, ""),
             ("background", view.background, view.background_note))  # fmt: skip
    return [
        {
            "heading": label(f"report.{name}", lang),
            "note": note,
            "rows": [_row(view, row, lang) for row in rows],
        }
        for name, rows, note in parts
        if rows
    ]


def _row(view: AreaView, row: AreaRow, lang: Lang) -> dict[str, Any]:
    beside = [row.municipality] if _has(view.rows, "municipality") else []
    country = [row.country] if _has(view.rows, "country") else []
    counted = label("report.flagged", lang) if row.flagged else ""
    uncertain = row.shown.status_words if row.shown.has_value else ""
    return {
        "label": row.label,
        "facts": " · ".join(words for words in (row.period_text, counted, uncertain) if words),
        "shown": {"text": row.shown.text, "number": row.shown.has_value},
        "others": [_beside(shown, lang) for shown in beside + country],
        "spine": _drawing(spine_svg(row, lang)),
        "trend": _drawing(trend_svg(row, lang)),
    }


def _beside(shown: Shown | None, lang: Lang) -> dict[str, Any]:
    """Return a figure to compare with: the number, or its status in a word or two."""
    if shown is None:
        return {"text": label("publish.kind.not_applicable", lang), "number": False}
    words = shown.text if shown.has_value else label(f"publish.kind.{shown.kind}", lang)
    return {"text": words, "number": shown.has_value}


def _drawing(mark: Mark | None) -> dict[str, str] | None:
    return None if mark is None else {"svg": mark.svg, "alt": mark.alt, "caption": mark.caption}


def _key(view: AreaView, lang: Lang) -> dict[str, Any]:
    """Return the legend of the drawings: marks by shape and name, and what the bar means."""
    names = {"area": view.name}
    beside = {"municipality": view.municipality_name, "country": view.country_name}
    names |= {whose: name for whose, name in beside.items() if _has(view.rows, whose)}
    alone = all(row.spread is None or row.spread.count < 2 for row in view.rows)
    spine = () if alone else ("spine_subtitle", "interval")
    return {
        "marks": [{"role": role, "name": name} for role, name in names.items() if name],
        "words": [label(f"publish.chart.{name}", lang) for name in (*spine, "gaps")],
    }


def _hidden(view: AreaView, lang: Lang) -> dict[str, Any]:
    return {
        "heading": label("report.hidden", lang),
        "items": [
            {"label": f"{item.label}, {item.period_text}", "words": item.words}
            for item in view.hidden
        ],
        "note": view.hidden_note,
    }
