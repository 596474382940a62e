"""Charts beside their tables: what the browser draws, and the same figure as files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nabolag.core import Lang, Level, label
from nabolag.publish import figures
from nabolag.publish.text import inside
from nabolag.publish.views import SchoolsView
from nabolag.publish.views.model import AreaRow, AreaView, Breakdown, IndicatorView, Theme
from nabolag.store import Release
from nabolag.web.places.links import Link, address, picture_links


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart of a page. `files` are the figure to take away.

    `source` is what `<nb-chart>` reads on the page, or, where it is drawn only if a reader opens
    what it stands in, `address` is where it is fetched from then.
    """

    id: str
    title: str
    description: str
    picture: str
    files: tuple[Link, ...]
    note: str = ""
    source: Mapping[str, Any] | None = None
    address: str = ""


def has_history(row: AreaRow) -> bool:
    """Tell whether there is more than one point in time to draw."""
    return any(sum(point.has_value for point in series.points) > 1 for series in row.history)


def spine(view: AreaView, theme: Theme, lang: Lang) -> Chart | None:
    """Return the spine chart of a theme, or none where no indicator has a spread to show."""
    if not any(row.spread for row in theme.rows):
        return None
    title = label("web.chart.spine", lang, name=view.name)
    place = {"level": view.level, "area": view.code, "period": view.period, "theme": theme.ring}
    spec = figures.spine(of_theme(view, theme), theme.text)
    chart = _chart("spine", title, spec, lang, place, theme.ring)
    return replace(chart, note=f"{chart.note}. {spine_key(view, lang)}")


def schools(release: Release, view: SchoolsView, lang: Lang) -> Chart | None:
    """Return where the places of an area lie, fetched when near; none where it is not known."""
    drawn = any(figures.shapes_of(release, view.level, view.code))
    if not drawn or not any(place.lon is not None for place in view.places):
        return None
    title = label("publish.schools.map", lang, name=view.name)
    place = {"level": view.level, "area": view.code}
    told = label("publish.schools.map_description", lang, lead=view.lead)
    return replace(_fetched("schools", title, lang, place, ""), description=told)


def spine_key(view: AreaView, lang: Lang) -> str:
    """Say how a spine chart is read: whose each mark is."""
    key = "spine_key" if view.municipality_name else "spine_key_alone"
    beside = view.municipality_name
    if not beside and view.country_name and view.level != Level.LAND:
        key, beside = "spine_key_country", view.country_name
    told = [label(f"web.chart.{key}", lang, area=view.name, municipality=beside, country=beside)]
    if view.municipality_name and any(row.country for row in view.rows):
        told.append(label("web.chart.spine_country", lang, country=view.country_name))
    return " ".join(told)


def without_background(view: AreaView) -> AreaView:
    """Return the view without who lives there: background is described apart, never lined up."""
    return replace(view, background=())


def of_theme(view: AreaView, theme: Theme) -> AreaView:
    """Return the view with the rows of one theme."""
    return replace(view, assets=theme.assets, challenges=theme.challenges, background=())


def trend(row: AreaRow, view: AreaView, lang: Lang) -> Chart:
    """Return an indicator's history in an area, beside the municipality; fetched when near."""
    place = {"level": view.level, "area": view.code, "indicator": row.indicator}
    return _fetched("trend", row.label, lang, place, row.indicator)


def groups(view: Breakdown, lang: Lang, *, period: str = "", group: str = "") -> Chart | None:
    """Return an indicator group by group; fetched when near. None where no group has a figure.

    `period` is the one asked for; without it the files follow the latest. `group` is drawn more
    strongly than the others.
    """
    rows = [row for grouping in view.groupings for row in grouping.rows]
    if not any(row.shown.has_value for row in rows):
        return None
    title = label("web.chart.groups", lang, name=view.name, by=inside(view.by))
    place = {"level": view.level, "area": view.area, "indicator": view.indicator}
    place |= {"period": period, "group": group}
    return _fetched("groups", title, lang, place, view.indicator)


def ranking(view: IndicatorView, lang: Lang) -> Chart | None:
    """Return every area as a dot with its interval, or none where there is no figure."""
    if not any(row.shown.has_value for row in view.rows):
        return None
    title = label("web.chart.ranking", lang, level=view.level_plural, period=view.period_text)
    place = {"indicator": view.indicator, "level": view.level, "period": view.period}
    place["group"] = view.group
    return _chart("ranking", title, figures.ranking(view), lang, place)


def history(view: IndicatorView, lang: Lang) -> Chart | None:
    """Return the spread over time, or none where there is only one period to show."""
    if sum(point.spread is not None for point in view.history) < 2:
        return None
    title = label("web.chart.history", lang, indicator=view.label)
    place = {"indicator": view.indicator, "level": view.level, "group": view.group}
    return _chart("history", title, figures.spread_history(view), lang, place)


def _chart(
    name: str, title: str, spec: dict[str, Any], lang: Lang, place: dict[str, str], more: str = ""
) -> Chart:
    """Put a specification beside its files."""
    known = _fetched(name, title, lang, place, more)
    description = str(spec.get("description", ""))
    return replace(
        known,
        description=description,
        source=source_of(spec, lang),
        address="",
        note=_subtitle(spec),
    )


def _fetched(name: str, title: str, lang: Lang, place: dict[str, str], more: str) -> Chart:
    """Return a chart whose specification waits at an address of its own."""
    return Chart(
        id=f"figur-{name}-{more}" if more else f"figur-{name}",
        title=title,
        description=title,
        picture=address("figure", lang, {"figure": name, "form": "svg"}, **place),
        files=tuple(picture_links(lang, name, **place)),
        address=address("figure", lang, {"figure": name, "form": "json"}, **place),
    )


def source_of(spec: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    """Return what `<nb-chart>` reads: the specification for a page, and how numbers are written."""
    return {
        "spec": for_page(spec),
        "formatLocale": figures.number_locale(lang),
        "timeLocale": figures.time_locale(lang),
    }


def chart_of(
    html_id: str,
    title: str,
    spec: Mapping[str, Any],
    lang: Lang,
    picture: str,
    files: Sequence[Link],
) -> Chart:
    """Return a specification as a chart of a page; `picture` is for readers without scripts."""
    return Chart(
        id=html_id,
        title=title,
        description=str(spec.get("description", "")),
        source=source_of(spec, lang),
        picture=picture,
        files=tuple(files),
        note=_subtitle(spec),
    )


def _subtitle(spec: Mapping[str, Any]) -> str:
    title = spec.get("title")
    lines = title.get("subtitle", ()) if isinstance(title, dict) else ()
    return " ".join(lines)


def for_page(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return a specification without what the page itself says, so that the plot has the room.

    Left out are the title (the caption has it), the source line and columns of figures written
    beside the plot (the table under the chart has them). Files keep them all. Data that several
    layers draw are sent once, under a name.
    """
    width = spec.get("width", 0)
    drawn = {key: value for key, value in spec.items() if key != "title"}
    if isinstance(spec.get("layer"), list):
        drawn["layer"] = [layer for layer in spec["layer"] if not _is_beside(layer, width)]
        drawn |= _sent_once(drawn["layer"])
    return drawn


def _sent_once(layers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return layers that name the data they share, and the data by name."""
    names: dict[str, str] = {}
    held: dict[str, Any] = {}
    named = []
    for layer in layers:
        values = (layer.get("data") or {}).get("values")
        if values is None:
            named.append(layer)
            continue
        key = json.dumps(values, sort_keys=True, default=str)
        name = names.setdefault(key, f"d{len(names)}")
        held[name] = values
        named.append({**layer, "data": {"name": name}})
    return {"layer": named, "datasets": held}


def _is_beside(layer: Mapping[str, Any], width: Any) -> bool:
    """Tell whether a layer is text at a fixed place right of the plot, or below it."""
    mark, encoding = layer.get("mark"), layer.get("encoding", {})
    if not isinstance(mark, dict) or mark.get("type") != "text":
        return False
    across, down = (encoding.get(axis, {}).get("value") for axis in ("x", "y"))
    right = isinstance(across, int | float) and isinstance(width, int) and across > width
    below = isinstance(down, dict) and "height +" in str(down.get("expr", ""))
    return right or below
