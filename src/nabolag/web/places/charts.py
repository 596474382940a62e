"""Charts beside their tables: what the browser draws, and the same figure as files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nabolag.core import Lang, label
from nabolag.publish import figures
from nabolag.publish.views.model import AreaRow, AreaView, IndicatorView
from nabolag.web.places.links import Link, address, picture_links


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart of a page. `source` is what `<nb-chart>` reads; `files` the figure to take away."""

    id: str
    title: str
    description: str
    source: Mapping[str, Any]
    picture: str
    files: tuple[Link, ...]


def has_history(row: AreaRow) -> bool:
    """Tell whether there is more than one point in time to draw."""
    return any(sum(point.has_value for point in series.points) > 1 for series in row.history)


def spine(view: AreaView, lang: Lang) -> Chart | None:
    """Return the spine chart, or none where no indicator has a spread to show."""
    if not any(row.spread for row in view.rows):
        return None
    title = label("web.chart.spine", lang, name=view.name)
    place = {"level": view.level, "area": view.code, "period": view.period}
    return _chart("spine", title, figures.spine(view), lang, place)


def trend(row: AreaRow, view: AreaView, lang: Lang) -> Chart:
    """Return an indicator's history in an area, beside the municipality."""
    place = {"level": view.level, "area": view.code, "indicator": row.indicator}
    return _chart("trend", row.label, figures.trend(row, lang), lang, place, row.indicator)


def ranking(view: IndicatorView, lang: Lang) -> Chart | None:
    """Return every area as a dot with its interval, or none where there is no figure."""
    if not any(row.shown.has_value for row in view.rows):
        return None
    title = label("web.chart.ranking", lang, level=view.level_plural, period=view.period_text)
    place = {"indicator": view.indicator, "level": view.level, "period": view.period}
    return _chart("ranking", title, figures.ranking(view), lang, place)


def history(view: IndicatorView, lang: Lang) -> Chart | None:
    """Return the spread over time, or none where there is only one period to show."""
    if sum(point.spread is not None for point in view.history) < 2:
        return None
    title = label("web.chart.history", lang, indicator=view.label)
    place = {"indicator": view.indicator, "level": view.level}
    return _chart("history", title, figures.spread_history(view), lang, place)


def _chart(
    name: str, title: str, spec: dict[str, Any], lang: Lang, place: dict[str, str], more: str = ""
) -> Chart:
    """Put a specification beside its files. The page's own heading replaces the figure's title."""
    source = {
        "spec": {key: value for key, value in spec.items() if key != "title"},
        "formatLocale": figures.number_locale(lang),
        "timeLocale": figures.time_locale(lang),
    }
    return Chart(
        id=f"figur-{name}-{more}" if more else f"figur-{name}",
        title=title,
        description=str(spec.get("description", "")),
        source=source,
        picture=address("figure", lang, {"figure": name, "form": "svg"}, **place),
        files=tuple(picture_links(lang, name, **place)),
    )
