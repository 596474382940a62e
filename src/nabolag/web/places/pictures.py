"""Figures as files: the same specifications as the pages draw, with title and source line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nabolag.core import Lang, error
from nabolag.publish import figures, views
from nabolag.store import Release
from nabolag.web.places.charts import of_theme, without_background
from nabolag.web.places.query import Query, asked_of, mapped

FIGURES = ("map", "spine", "trend", "groups", "ranking", "distribution", "history", "schools")


def specification(name: str, release: Release, lang: Lang, chosen: Query) -> dict[str, Any]:
    """Return a figure's Vega-Lite specification for the choices of an address.

    Raises `UserError` for a figure that is not in `FIGURES`, for choices the release does not
    have, and for a figure that needs a choice which is not made.
    """
    makers: dict[str, Callable[[], dict[str, Any]]] = {
        "map": lambda: _map(release, lang, chosen),
        "spine": lambda: _spine(release, lang, chosen),
        "trend": lambda: figures.trend(_row(release, lang, chosen), lang),
        "groups": lambda: _groups(release, lang, chosen),
        "ranking": lambda: figures.ranking(_indicator(release, lang, chosen), chosen.area or ""),
        "history": lambda: figures.spread_history(_indicator(release, lang, chosen)),
        "schools": lambda: _schools(release, lang, chosen),
        "distribution": lambda: figures.distribution(_indicator(release, lang, chosen)),
    }
    if name not in makers:
        raise error("web_figure_unknown", given=name, known=", ".join(FIGURES))
    return makers[name]()


def _map(release: Release, lang: Lang, chosen: Query) -> dict[str, Any]:
    view = mapped(release, chosen, lang)
    return figures.choropleth(release, view.map, view.sources, lang)


def _spine(release: Release, lang: Lang, chosen: Query) -> dict[str, Any]:
    """Return the spine of one theme, or of all of them; never of background."""
    area = _needed("area", chosen.area)
    view = views.area_page(release, _level(release, chosen), area, lang, chosen.period)
    if not chosen.theme:
        return figures.spine(without_background(view))
    theme = next((theme for theme in view.themes if theme.ring == chosen.theme), None)
    if theme is None:
        known = ", ".join(theme.ring for theme in view.themes)
        raise error("web_theme_unknown", given=chosen.theme, known=known)
    return figures.spine(of_theme(view, theme), theme.text)


def _row(release: Release, lang: Lang, chosen: Query) -> views.AreaRow:
    wanted, area = _needed("indicator", chosen.indicator), _needed("area", chosen.area)
    place = (_level(release, chosen), area)
    row = views.area_row(release, place, wanted, lang, chosen.period)
    if row is None:
        raise error("web_figure_without_rows", indicator=wanted, area=area)
    return row


def _groups(release: Release, lang: Lang, chosen: Query) -> dict[str, Any]:
    row = _row(release, lang, chosen)
    if row.breakdown is None:
        raise error("web_figure_without_groups", indicator=row.label, area=row.shown.name)
    return figures.groups(row.breakdown, lang, chosen.group or "")


def _schools(release: Release, lang: Lang, chosen: Query) -> dict[str, Any]:
    area = _needed("area", chosen.area)
    view = views.schools_of(release, _level(release, chosen), area, lang)
    if view is None:
        raise error("web_figure_without_places", area=area)
    return figures.schools(release, view, lang)


def _level(release: Release, chosen: Query) -> str:
    return chosen.level or release.main_level.value


def _indicator(release: Release, lang: Lang, chosen: Query) -> views.IndicatorView:
    wanted = _needed("indicator", chosen.indicator)
    return views.indicator_page(release, wanted, lang, asked_of(chosen))


def _needed(name: str, value: str | None) -> str:
    if value is None:
        raise error("web_choice_absent", name=name)
    return value
