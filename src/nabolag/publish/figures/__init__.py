"""Figures as Vega-Lite 6.4 specifications, the same for pages, reports and downloads.

`trend`, `spread_history`, `ranking`, `distribution`, `spine`, `groups`, `schools` and `choropleth`
return plain dicts; `to_svg` and `to_png` draw them. Pages draw the same dict with
`number_locale(lang)`.
"""

from nabolag.publish.figures.base import VEGA_LITE, Spec, number_locale, time_locale
from nabolag.publish.figures.breaks import Breaks, Method, breaks
from nabolag.publish.figures.choropleth import choropleth
from nabolag.publish.figures.groups import groups
from nabolag.publish.figures.ranking import distribution, ranking
from nabolag.publish.figures.render import to_png, to_svg
from nabolag.publish.figures.schools import schools, shapes_of
from nabolag.publish.figures.spine import spine
from nabolag.publish.figures.trend import spread_history, trend

__all__ = [
    "VEGA_LITE",
    "Breaks",
    "Method",
    "Spec",
    "breaks",
    "choropleth",
    "distribution",
    "groups",
    "number_locale",
    "ranking",
    "schools",
    "shapes_of",
    "spine",
    "spread_history",
    "time_locale",
    "to_png",
    "to_svg",
    "trend",
]
