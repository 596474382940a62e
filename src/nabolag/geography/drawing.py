"""Shapes of larger areas, drawn as the union of the areas in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from nabolag.core import Finding, Level, Severity
from nabolag.geography.lists import AreaListRead
from nabolag.geography.register import AreaRegister
from nabolag.sources.vector_shapes import DEGREES, METRES, geometry_of, reprojected, shapes_frame

_EXAMPLES = 8


def drawn_from_children(
    register: AreaRegister, lists: Sequence[AreaListRead]
) -> tuple[pl.DataFrame, list[Finding]]:
    """Return the register's shapes and those that `shapes_from` asks for, with findings."""
    shapes, findings = register.shapes, []
    for read in lists:
        for level, source in read.spec.shapes_from.items():
            wanted = read.areas.filter(pl.col("level") == level.value)["code"].to_list()
            made, said = _drawn(register, level, source, wanted)
            shapes = pl.concat([shapes, made])
            findings += said
    return shapes.sort("level", "code"), findings


def _drawn(
    register: AreaRegister, level: Level, source: Level, only: list[str]
) -> tuple[pl.DataFrame, list[Finding]]:
    """Draw those of the areas `only` that have no shape of their own."""
    own = register.shapes.filter(pl.col("level") == level.value)["code"]
    bare = set(only) - set(own)
    children = register.ancestor(source, level).filter(pl.col("parent_code").is_in(bare))
    pieces = register.shapes.filter(pl.col("level") == source.value).select("code", "wkb")
    placed = children.join(pieces, on="code").sort("parent_code", "code")
    if placed.is_empty():
        return register.shapes.clear(), []
    codes = placed["parent_code"].unique(maintain_order=True)
    union = _unions(placed)
    levels = pl.Series([level.value] * codes.len())
    params = {"level": level.value, "from_level": source.value}
    found = [Finding("area_shape_made", Severity.INFO, params=params, count=codes.len())]
    found += _partial(register, children, pieces, params)
    return shapes_frame(levels, codes, union), found


def _unions(placed: pl.DataFrame) -> Any:
    """Return one geometry a parent, in the order of the parents."""
    import numpy as np  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    plane = reprojected(geometry_of(placed), DEGREES, METRES)
    ends = np.flatnonzero(np.diff(placed["parent_code"].rle_id().to_numpy())) + 1
    joined = [_union(part) for part in np.split(plane, ends)]
    return reprojected(shapely.make_valid(np.array(joined, dtype=object)), METRES, DEGREES)


def _union(parts: Any) -> Any:
    import shapely  # noqa: PLC0415

    clean = bool(shapely.coverage_is_valid(parts))
    return shapely.coverage_union_all(parts) if clean else shapely.union_all(parts)


def _partial(
    register: AreaRegister, children: pl.DataFrame, pieces: pl.DataFrame, params: dict[str, str]
) -> list[Finding]:
    """Report parents of which a child has no shape, though it should have one."""
    excused = register.marks.filter(
        pl.col("level") == params["from_level"], pl.col("shapeless") | pl.col("retired")
    )["code"]
    lacking = children.join(pieces, on="code", how="anti").filter(
        ~pl.col("code").is_in(excused.to_list()),
        pl.col("parent_code").is_in(children.join(pieces, on="code")["parent_code"].to_list()),
    )
    if lacking.is_empty():
        return []
    parents = lacking["parent_code"].unique(maintain_order=True)
    shown = tuple(
        f"{code} {register.name(Level(params['level']), code) or ''}".strip()
        for code in parents.head(_EXAMPLES)
    )
    severity = Severity.WARNING
    return [
        Finding("area_shape_partial", severity, params=params, count=parents.len(), examples=shown)
    ]
