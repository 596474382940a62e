"""Maps of what analyses found: areas in a few named classes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nabolag.core import Lang, label
from nabolag.publish.figures.palette import STATUS as STATUS_COLORS
from nabolag.publish.views.facts import Facts
from nabolag.publish.views.layer import absent_items, map_layer
from nabolag.publish.views.model import Legend, LegendItem, MapArea, MapLayer


@dataclass(frozen=True, slots=True)
class MapClass:
    """A class of areas: its code, what it is called, and its colour."""

    code: str
    text: str
    color: str


def classes_of(prefix: str, colors: Mapping[str, str], lang: Lang) -> list[MapClass]:
    """Return classes with their colours, called what the labels under `prefix` say."""
    return [MapClass(code, label(f"{prefix}.{code}", lang), hue) for code, hue in colors.items()]


def class_map(
    facts: Facts,
    key: tuple[str, str, str],
    title: str,
    classes: Sequence[MapClass],
    found: Mapping[str, tuple[str, str]],
    lang: Lang,
) -> MapLayer:
    """Return a map of classes. `key` is level, analysis, period.

    `found` gives each area's class and what to say of it; an area that is not in it, or whose
    class is none of `classes`, is shown as not known.
    """
    level, _, period = key
    index = {one.code: place for place, one in enumerate(classes)}
    nothing = ("", label("publish.kind.unknown", lang))
    areas = tuple(
        _area(code, facts.name(level, code, lang), found.get(code, nothing), classes, index)
        for code in facts.areas_at(level, period)
    )
    counts = Counter(area.class_index for area in areas)
    items = tuple(
        LegendItem("value", one.text, one.color, counts[place], place)
        for place, one in enumerate(classes)
    )
    method = label("publish.method.classes", lang)
    legend = Legend(title, "", "classes", method, items + absent_items(areas, lang))
    return map_layer(facts, key, title, areas, legend, lang)


def _area(
    code: str,
    name: str,
    found: tuple[str, str],
    classes: Sequence[MapClass],
    index: Mapping[str, int],
) -> MapArea:
    stated, words = found
    if stated not in index:
        color = STATUS_COLORS["unknown"]
        return MapArea(code, name, words, "unknown", color, None, None, "missing", words)
    place = index[stated]
    return MapArea(code, name, words, "value", classes[place].color, float(place), place)
