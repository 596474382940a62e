"""Charts beside their tables: what the browser draws, and the same figure as files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
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
    note: str = ""


def has_history(row: AreaRow) -> bool:
    """Tell whether there is more than one point in time to draw."""
    return any(sum(point.has_value for point in series.points) > 1 for series in row.history)


def spine(view: AreaView, lang: Lang) -> Chart | None:
    """Return the spine chart, or none where no indicator has a spread to show."""
    if not any(row.spread for row in (*view.assets, *view.challenges)):
        return None
    title = label("web.chart.spine", lang, name=view.name)
    place = {"level": view.level, "area": view.code, "period": view.period}
    chart = _chart("spine", title, figures.spine(without_background(view)), lang, place)
    key = "spine_key" if view.municipality_name else "spine_key_alone"
    told = [label(f"web.chart.{key}", lang, area=view.name, municipality=view.municipality_name)]
    if any(row.country for row in view.rows):
        told.append(label("web.chart.spine_country", lang, country=view.country_name))
    return replace(chart, note=" ".join([*told, f"{chart.note}."]))


def without_background(view: AreaView) -> AreaView:
    """Return the view without who lives there: background is described apart, never lined up."""
    return replace(view, background=())


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
    """Put a specification beside its files."""
    source = {
        "spec": for_page(spec),
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
        note=_subtitle(spec),
    )


def _subtitle(spec: Mapping[str, Any]) -> str:
    title = spec.get("title")
    lines = title.get("subtitle", ()) if isinstance(title, dict) else ()
    return " ".join(lines)


def for_page(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return a specification without what the page itself says, so that the plot has the room.

    Left out are the title (the caption has it), the source line and columns of figures written
    beside the plot (the table under the chart has them). Files keep them all.
    """
    width = spec.get("width", 0)
    drawn = {key: value for key, value in spec.items() if key != "title"}
    if isinstance(spec.get("layer"), list):
        drawn["layer"] = [layer for layer in spec["layer"] if not _is_beside(layer, width)]
    return drawn


def _is_beside(layer: Mapping[str, Any], width: Any) -> bool:
    """Tell whether a layer is text at a fixed place right of the plot, or below it."""
    mark, encoding = layer.get("mark"), layer.get("encoding", {})
    if not isinstance(mark, dict) or mark.get("type") != "text":
        return False
    across, down = (encoding.get(axis, {}).get("value") for axis in ("x", "y"))
    right = isinstance(across, int | float) and isinstance(width, int) and across > width
    below = isinstance(down, dict) and "height +" in str(down.get("expr", ""))
    return right or below
