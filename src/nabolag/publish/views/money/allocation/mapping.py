"""Where in the municipality kroner go up and down."""

from __future__ import annotations

from itertools import pairwise

from nabolag.core import Lang, label
from nabolag.publish.numbers import format_number
from nabolag.publish.views.analyses.maps import MapClass, class_map
from nabolag.publish.views.facts import Facts
from nabolag.publish.views.model import MapLayer
from nabolag.publish.views.money.allocation import fields
from nabolag.publish.views.money.allocation.computed import Computed
from nabolag.publish.views.money.allocation.opened import Opened

_LOSS, _GAIN = ("#8c4a00", "#d9a066"), ("#8fb8de", "#0b5394")
_SAME, _NOBODY = "#f1efea", "#ffffff"


def change_map(facts: Facts, found: Opened, computed: Computed, lang: Lang) -> MapLayer | None:
    """Return change by the areas that hold the units, in four classes either side of nothing."""
    made = computed.shared.allocation
    if made is None or not found.area_level or not computed.before or None in computed.before:
        return None
    level = _map_level(facts, found)
    if not level:
        return None
    steps: dict[str, int] = {}
    for unit, kroner, before in zip(made.units.ids, made.kroner, computed.before, strict=True):
        area = _above(facts, found, unit, level)
        if area:
            steps[area] = steps.get(area, 0) + kroner - (before or 0)
    widest = max(map(abs, steps.values()), default=0)
    if not widest:
        return None
    limits = (-widest, -widest / 3, 0, widest / 3, widest)
    classes = _classes(limits, lang)
    nobody = label("allocation.map_nobody", lang)
    told = dict.fromkeys(facts.areas(level), ("nobody", nobody))
    told |= {
        area: (_class_of(step, limits), _map_words(step, lang)) for area, step in steps.items()
    }
    classes.append(MapClass("nobody", nobody, _NOBODY))
    title = label(
        "allocation.map", lang, against=fields.against_name(found, computed.against, lang)
    )
    key = (level, "allocation", found.period or str(facts.release.about.get("main_period", "")))
    return class_map(facts, key, title, classes, told, lang)


def _map_level(facts: Facts, found: Opened) -> str:
    """Return the level the map is drawn at, of those with borders: districts, else units' own."""
    drawn = set(facts.release.shapes["level"].unique())
    above = {level for code in found.areas if code
             for level, _ in facts.ancestors(found.area_level, code)}  # fmt: skip
    held = [level for level in ("bydel", found.area_level) if level in drawn]
    return next((level for level in held if level in {*above, found.area_level}), "")


def _above(facts: Facts, found: Opened, unit: str, level: str) -> str:
    code = found.areas[found.units.at(unit)]
    if level == found.area_level:
        return code
    return next((a for lv, a in facts.ancestors(found.area_level, code) if lv == level), "")


def _classes(limits: tuple[float, ...], lang: Lang) -> list[MapClass]:
    held = []
    for place, ((low, high), color) in enumerate(
        zip(pairwise(limits), (*_LOSS, *_GAIN), strict=True)
    ):
        key = "loses" if high <= 0 else "gains"
        ends = sorted((abs(low), abs(high)))
        words = label(f"allocation.map_{key}", lang, low=format_number(round(ends[0]), lang),
                      high=format_number(round(ends[1]), lang))  # fmt: skip
        held.append(MapClass(str(place), words, color))
    return [*held[:2], MapClass("same", label("allocation.map_same", lang), _SAME), *held[2:]]


def _class_of(step: float, limits: tuple[float, ...]) -> str:
    if not step:
        return "same"
    places = [n for n, (low, high) in enumerate(pairwise(limits)) if low <= step <= high]
    return str(places[-1] if step > 0 else places[0])


def _map_words(step: int, lang: Lang) -> str:
    sign = "+" if step > 0 else ""
    return label("allocation.map_words", lang, kroner=sign + format_number(step, lang))
