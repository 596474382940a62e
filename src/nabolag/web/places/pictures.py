"""Figures as files: the same specifications as the pages draw, with title and source line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nabolag.core import Lang, error
from nabolag.publish import figures, views
from nabolag.store import Release
from nabolag.web.places.charts import without_background
from nabolag.web.places.query import Query, overview_of

FIGURES = ("map", "spine", "trend", "ranking", "distribution", "history")


def specification(name: str, release: Release, lang: Lang, chosen: Query) -> dict[str, Any]:
    """Return a figure's Vega-Lite specification for the choices of an address.

    Raises `UserError` for a figure that is not in `FIGURES`, for choices the release does not
    have, and for a figure that needs a choice which is not made.
    """
    makers: dict[str, Callable[[], dict[str, Any]]] = {
        "map": lambda: _map(release, lang, chosen),
        "spine": lambda: figures.spine(without_background(_area(release, lang, chosen))),
        "trend": lambda: _trend(release, lang, chosen),
        "ranking": lambda: figures.ranking(_indicator(release, lang, chosen), chosen.area or ""),
        "history": lambda: figures.spread_history(_indicator(release, lang, chosen)),
        "distribution": lambda: figures.distribution(_indicator(release, lang, chosen)),
    }
    if name not in makers:
        raise error("web_figure_unknown", given=name, known=", ".join(FIGURES))
    return makers[name]()


def _map(release: Release, lang: Lang, chosen: Query) -> dict[str, Any]:
    view = overview_of(release, chosen, lang)
    return figures.choropleth(release, view.map, view.sources, lang)


def _area(release: Release, lang: Lang, chosen: Query) -> views.AreaView:
    level = chosen.level or release.main_level.value
    return views.area_page(release, level, _needed("area", chosen.area), lang, chosen.period)


def _trend(release: Release, lang: Lang, chosen: Query) -> dict[str, Any]:
    wanted = _needed("indicator", chosen.indicator)
    view = _area(release, lang, chosen)
    row = next((row for row in view.rows if row.indicator == wanted), None)
    if row is None:
        raise error("web_figure_without_rows", indicator=wanted, area=view.name)
    return figures.trend(row, lang)


def _indicator(release: Release, lang: Lang, chosen: Query) -> views.IndicatorView:
    wanted = _needed("indicator", chosen.indicator)
    return views.indicator_page(release, wanted, lang, level=chosen.level, period=chosen.period)


def _needed(name: str, value: str | None) -> str:
    if value is None:
        raise error("web_choice_absent", name=name)
    return value
