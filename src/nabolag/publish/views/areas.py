"""The areas of a release: what they are called, what they lie in, and where they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from nabolag.core import Lang, Level, Text, label, label_text
from nabolag.publish.views.model import AreaLink
from nabolag.store import Release

_LEVELS = [level.value for level in Level]


@dataclass(frozen=True)
class Areas:
    """The areas of a release, indexed for lookups when first asked for."""

    release: Release

    @cached_property
    def names(self) -> Mapping[tuple[str, str], str]:
        """Area names by level and code; one that several of a level share says where it lies."""
        frame = self.release.areas
        given = {(r["level"], r["code"]): r["name"] or r["code"] for r in frame.to_dicts()}
        shared = Counter((level, name) for (level, _), name in given.items())
        return {
            place: f"{name} ({above})"
            if shared[place[0], name] > 1 and (above := self._nearest_name(place, given))
            else name
            for place, name in given.items()
        }

    def _nearest_name(self, place: tuple[str, str], given: Mapping[tuple[str, str], str]) -> str:
        """Return the name of the smallest area around one; empty where none is known."""
        around = [above for above in self._up.get(place, []) if above in given]
        nearest = max(around, key=lambda above: _LEVELS.index(above[0]), default=None)
        return given[nearest] if nearest else ""

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """Levels with areas, the main level first, then from large to small."""
        stated = [str(level) for level in self.release.about.get("levels", [])]
        held = {level for level, _ in self.names}
        order = [level for level in _LEVELS if level in held and level in (stated or held)]
        return tuple(order)

    def areas(self, level: str) -> list[str]:
        """Return the codes of a level, sorted."""
        return self._codes.get(level, [])

    @cached_property
    def _codes(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for level, code in sorted(self.names):
            found.setdefault(level, []).append(code)
        return found

    def name(self, level: str, code: str, lang: Lang | None = None) -> str:
        """Return an area's name, its code where none is known; Norway in the language given."""
        name = self.names.get((level, code), code)
        if lang and level == Level.LAND and name in label_text("country.norway").as_dict().values():
            return label("country.norway", lang)
        return name

    def link(self, level: str, code: str, lang: Lang) -> AreaLink:
        """Return an area as something to go to."""
        return AreaLink(level, code, self.name(level, code, lang), Level(level).label.in_(lang))

    @cached_property
    def _up(self) -> dict[tuple[str, str], list[tuple[str, str]]]:
        found: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for level, code, above, parent in self.release.links.iter_rows():
            found.setdefault((level, code), []).append((above, parent))
        return found

    @cached_property
    def _down(self) -> dict[tuple[str, str], list[tuple[str, str]]]:
        found: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for child, parents in self._up.items():
            for parent in parents:
                found.setdefault(parent, []).append(child)
        return found

    def ancestors(self, level: str, code: str) -> list[tuple[str, str]]:
        """Return every area an area lies in, the nearest (smallest) first."""
        found: dict[tuple[str, str], None] = {}
        waiting = [(level, code)]
        while waiting:
            for parent in self._up.get(waiting.pop(), []):
                if parent not in found:
                    found[parent] = None
                    waiting.append(parent)
        known = [area for area in found if area in self.names]
        return sorted(known, key=lambda area: -_LEVELS.index(area[0]))

    def children(self, level: str, code: str) -> list[tuple[str, str]]:
        """Return the areas directly inside an area, of the next smaller level that has any."""
        inside = [area for area in self._down.get((level, code), []) if area in self.names]
        if not inside:
            return []
        nearest = min(_LEVELS.index(area[0]) for area in inside)
        return sorted(area for area in inside if _LEVELS.index(area[0]) == nearest)

    def siblings(self, level: str, code: str) -> list[tuple[str, str]]:
        """Return the other areas of the level inside the nearest parent that has any."""
        for parent in self.ancestors(level, code):
            beside = [a for a in self._down.get(parent, []) if a[0] == level and a[1] != code]
            if beside:
                return sorted(area for area in beside if area in self.names)
        return []

    def municipality_of(self, level: str, code: str) -> tuple[str, str] | None:
        """Return the municipality an area is compared with; `None` for a municipality itself."""
        if level in (Level.KOMMUNE, Level.FYLKE, Level.LAND, Level.OKONOMISK_REGION):
            return None
        above = [area for area in self.ancestors(level, code) if area[0] == Level.KOMMUNE]
        return above[0] if above else self.municipality

    @cached_property
    def municipality(self) -> tuple[str, str] | None:
        """The release's own municipality."""
        return _place(self.release.about.get("municipality"))

    @cached_property
    def country(self) -> tuple[str, str] | None:
        """The country, where the release has figures for it."""
        return _place(self.release.about.get("country"))

    @cached_property
    def town(self) -> Text:
        """The name of the municipality, or of the release where it covers several."""
        if self.municipality and self.municipality in self.names:
            return Text.same(self.names[self.municipality])
        return self.release.name

    def drawn(self, level: str) -> frozenset[str]:
        """Return the codes of a level that have a shape."""
        shapes = self.release.shapes.filter(pl.col("level") == level)
        return frozenset(shapes["code"].to_list())

    def bounds(self, level: str) -> tuple[float, float, float, float] | None:
        """Return west, south, east and north of a level's shapes; `None` where there are none."""
        if level not in self._bounds:
            self._bounds[level] = _bounds_of(self.release, level)
        return self._bounds[level]

    @cached_property
    def _bounds(self) -> dict[str, tuple[float, float, float, float] | None]:
        return {}


def _bounds_of(release: Release, level: str) -> tuple[float, float, float, float] | None:
    import shapely  # noqa: PLC0415

    frame = release.shapes.filter(pl.col("level") == level)
    if frame.is_empty():
        return None
    west, south, east, north = shapely.total_bounds(shapely.from_wkb(frame["wkb"].to_list()))
    return (float(west), float(south), float(east), float(north))


def _place(stated: Any) -> tuple[str, str] | None:
    return (str(stated["level"]), str(stated["code"])) if stated else None
