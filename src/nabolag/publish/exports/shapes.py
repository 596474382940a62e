"""Areas of a selection with their shapes and their figures side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from nabolag.publish.exports.selection import Selection, levels_in_order, select
from nabolag.publish.exports.table import with_names
from nabolag.store import Release


@dataclass(frozen=True, slots=True)
class AreaFigures:
    """One area: its name, its shape in WGS84 (or none) and its observations."""

    level: str
    code: str
    name: str
    area_km2: float | None
    wkb: bytes | None
    rows: pl.DataFrame


def area_figures(release: Release, selection: Selection) -> list[AreaFigures]:
    """Return every area with a figure in the selection, and every chosen area with a shape.

    An area without a shape is there with none, and one without figures with no rows: a map
    and its table must be able to say that.
    """
    rows = select(release, selection)
    figures = dict(rows.group_by(["level", "area"], maintain_order=True))
    shapes = {
        (level, code): (wkb, km2)
        for level, code, wkb, km2 in _chosen(release.shapes, selection).iter_rows()
    }
    keys = _ordered(release, {*figures, *shapes})
    names = _names(release, keys, rows)
    return [
        AreaFigures(
            level=level,
            code=code,
            name=names[level, code],
            wkb=shapes.get((level, code), (None, None))[0],
            area_km2=shapes.get((level, code), (None, None))[1],
            rows=figures.get((level, code), rows.clear()),
        )
        for level, code in keys
    ]


def wide_name(row: dict[str, str], several_periods: bool) -> str:
    """Return the name of a figure's field: indicator, then period and group where they vary.

    `crowded`, `crowded_2017`, `crowded_2017_sex_women`: letters, digits and underscores only,
    so that every GIS program takes it.
    """
    parts = [row["indicator"]]
    if several_periods:
        parts.append(row["period"])
    if row["group"]:
        parts.append(row["group"])
    return "".join(c if c.isalnum() else "_" for c in "_".join(parts))


def _chosen(shapes: pl.DataFrame, selection: Selection) -> pl.DataFrame:
    chosen = shapes.select("level", "code", "wkb", "area_km2")
    if selection.level is not None:
        chosen = chosen.filter(pl.col("level") == selection.level)
    if selection.areas is not None:
        chosen = chosen.filter(pl.col("code").is_in(list(selection.areas)))
    return chosen


def _ordered(release: Release, keys: Iterable[tuple[object, ...]]) -> list[tuple[str, str]]:
    pairs = [(str(level), str(code)) for level, code in keys]
    levels = {name: at for at, name in enumerate(levels_in_order(release, [k[0] for k in pairs]))}
    return sorted(pairs, key=lambda key: (levels[key[0]], key[1]))


def _names(
    release: Release, keys: list[tuple[str, str]], rows: pl.DataFrame
) -> dict[tuple[str, str], str]:
    """Return a name for each area: that of its own borders where its figures tell them."""
    borders = rows.select("level", "area", "geography").unique(["level", "area"], keep="last")
    asked = pl.DataFrame(keys, schema={"level": pl.String, "area": pl.String}, orient="row")
    named = with_names(asked.join(borders, on=["level", "area"], how="left"), release.areas)
    return {(level, code): name for level, code, name in named["level", "area", "name"].rows()}
