"""Areas of one's own: listed by the areas in them, or drawn on a map. `[[custom_area]]`.

The analysis areas of the SØF report are contiguous sets of sub-districts, sometimes across several
districts (SØF-rapport L962–L966). Which sets a municipality uses is its own choice: declared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import polars as pl
from pydantic import Field, model_validator

from nabolag.core import Finding, Level, Severity, code_fits
from nabolag.geography.contiguity import contiguity
from nabolag.geography.register import AreaRegister, closed
from nabolag.sources.given import Texts, Words
from nabolag.sources.vector_crs import NORWAY, in_degrees
from nabolag.sources.vector_file import read_vector
from nabolag.sources.vector_shapes import (
    DEGREES,
    METRES,
    geometry_of,
    polygons_only,
    reprojected,
)
from nabolag.store import Section, conform
from nabolag.store.frames import AREAS, SHAPES

_EXAMPLES = 8
#: A member whose smaller part, inside or outside, is below this share is not told of as cut.
_SLIVER = 0.01


class CustomAreaSpec(Section):
    """One `[[custom_area]]`: `members` of one `level`, or a drawn outline in `file`.

    An outline (GeoJSON, the polygons of the whole file together) takes those areas of `level`
    of which, by `rule`, `share`: at least `least` of the surface lies inside, or `centre`: a
    point that surely lies in the area does. `geography` is the year of the members' codes.
    `set` names what the area is one of, such as this programme's areas: within a set no place lies
    in two of them, and areas of different sets may overlap.
    """

    code: str
    name: str = ""
    set: str = ""
    level: Level
    members: Texts = ()
    file: str = ""
    rule: Literal["share", "centre"] = "share"
    least: float = Field(default=0.5, gt=0, le=1)
    geography: str = ""
    note: Words | None = None

    @model_validator(mode="after")
    def _one_way(self) -> CustomAreaSpec:
        if bool(self.members) == bool(self.file):
            raise ValueError("give either members (areas by code) or file (a drawn outline)")
        if self.level is Level.CUSTOM:
            raise ValueError("members are areas of another level")
        if not code_fits(Level.CUSTOM, self.code):
            raise ValueError("a code has no spaces")
        return self


@dataclass(frozen=True, slots=True)
class CustomArea:
    """An area of one's own with its members, ready for a register.

    `members` holds `code` and, for a drawn area, `inside` (how much of it lies in the outline).
    """

    spec: CustomAreaSpec
    members: pl.DataFrame
    findings: tuple[Finding, ...] = ()


def listed(spec: CustomAreaSpec, register: AreaRegister) -> CustomArea:
    """Return a listed area. Members that the register lacks are an error in `findings`."""
    known = register.areas.filter(pl.col("level") == spec.level.value)["code"]
    given = pl.Series("code", spec.members, dtype=pl.String).unique(maintain_order=True)
    found = [code for code in given if code in set(known)]
    lost = [code for code in given if code not in set(known)]
    members = pl.DataFrame({"code": found}, schema={"code": pl.String})
    findings = [_about(spec, "custom_member_unknown", Severity.ERROR, lost)] if lost else []
    twice = len(spec.members) - given.len()
    findings += [_about(spec, "custom_member_twice", Severity.INFO, [], twice)] if twice else []
    return CustomArea(spec, members, (*findings, *_judged(spec, members, register)))


def drawn(spec: CustomAreaSpec, outline: Any, register: AreaRegister) -> CustomArea:
    """Return a drawn area. `outline` is a Shapely geometry in degrees (EPSG:4326).

    Areas that the outline cuts are told of, with how much of them lies inside: they are in or
    out whole, and their figures are not divided.
    """
    import numpy as np  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    shapes = register.shapes.filter(pl.col("level") == spec.level.value).sort("code")
    plane = reprojected(geometry_of(shapes), DEGREES, METRES)
    edge = reprojected(np.array([outline], dtype=object), DEGREES, METRES)[0]
    shapely.prepare(edge)
    near = shapely.STRtree(plane).query(edge, predicate="intersects")
    near.sort()
    inside = shapely.area(shapely.intersection(plane[near], edge)) / shapely.area(plane[near])
    if spec.rule == "centre":
        chosen = shapely.contains(edge, shapely.point_on_surface(plane[near]))
    else:
        chosen = inside >= spec.least
    touched = (
        shapes[near.tolist()]
        .select("code")
        .with_columns(pl.Series("inside", inside), pl.Series("chosen", chosen))
    )
    members = touched.filter("chosen").select("code", "inside")
    cut = touched.filter(pl.col("inside").is_between(_SLIVER, 1 - _SLIVER))
    findings = [] if cut.is_empty() else [
        _about(spec, "custom_cut", Severity.INFO, [
            f"{code} ({part:.2f})" for code, part in cut.select("code", "inside").iter_rows()
        ])
    ]  # fmt: skip
    return CustomArea(spec, members, (*findings, *_judged(spec, members, register)))


def read_outline(spec: CustomAreaSpec, path: Path, name: str) -> tuple[CustomAreaSpec, Any]:
    """Return the outline of a drawn area, in degrees: every polygon of the file together.

    Raises `UserError` where the file is broken or lies elsewhere.
    """
    import shapely  # noqa: PLC0415

    file = read_vector(path, name, {})
    geometry, _, _ = in_degrees(file, "", "as_stated", NORWAY)
    surfaces = polygons_only(shapely.make_valid(geometry))
    return spec, shapely.union_all(surfaces)


def custom_areas(
    specs: Sequence[CustomAreaSpec], outlines: Mapping[str, Any], register: AreaRegister
) -> list[CustomArea]:
    """Return every area of one's own; a drawn one whose outline was not read is left out."""
    made = []
    for spec in specs:
        if spec.members:
            made.append(listed(spec, register))
        elif spec.code in outlines:
            made.append(drawn(spec, outlines[spec.code], register))
    return made


def _judged(spec: CustomAreaSpec, members: pl.DataFrame, register: AreaRegister) -> list[Finding]:
    """Say where an area has no members, hangs not together, or cannot be checked."""
    if members.is_empty():
        return [_about(spec, "custom_empty", Severity.ERROR, [])]
    shaped = register.shapes.filter(pl.col("level") == spec.level.value)["code"]
    bare = [code for code in members["code"] if code not in set(shaped)]
    found = [_about(spec, "custom_unshaped", Severity.INFO, bare)] if bare else []
    pieces = parts_of(members["code"].to_list(), register, spec.level)
    if len(pieces) > 1:
        named = [" + ".join(piece[:_EXAMPLES]) for piece in pieces]
        found.append(_about(spec, "custom_apart", Severity.WARNING, named))
    return found


def parts_of(codes: list[str], register: AreaRegister, level: Level) -> list[list[str]]:
    """Return the pieces that areas fall into when only neighbours hang together.

    Neighbours share a border (`contiguity`). Areas without a shape are in no piece. The largest
    piece comes first.
    """
    own = register.shapes.filter(pl.col("level") == level.value, pl.col("code").is_in(codes))
    small = AreaRegister(register.areas, register.links, own, register.marks)
    pairs = contiguity(small, level).select("code", "neighbour").iter_rows()
    beside: dict[str, set[str]] = {code: set() for code in own["code"]}
    for one, other in pairs:
        beside[one].add(other)
    pieces: list[list[str]] = []
    left = set(beside)
    while left:
        piece, ahead = set[str](), [min(left)]
        while ahead:
            here = ahead.pop()
            piece.add(here)
            ahead += beside[here] - piece
        pieces.append(sorted(piece))
        left -= piece
    return sorted(pieces, key=lambda piece: (-len(piece), piece))


def with_custom(register: AreaRegister, areas: list[CustomArea]) -> AreaRegister:
    """Return the register with areas of one's own: names, links from members, and shapes.

    Sums to them follow from the links, as to any other level. Nothing lies above such an area,
    so a place in areas of several sets is counted in each of them and once in everything else.
    Errors in `findings`: a place in two areas of one set, directly or through what it lies in
    (`custom_overlap`), and a code that is taken.
    """
    if not areas:
        return register
    rows = [_links(area) for area in areas]
    every = pl.concat([register.areas, *(_row(area) for area in areas)])
    links = pl.concat([register.links, *rows]).unique(maintain_order=True)
    found = [*_codes_twice(areas, register), *_shared(areas, closed(links))]
    told = (*register.findings, *(f for area in areas for f in area.findings), *found)
    return AreaRegister(
        every.sort("level", "code"),
        links,
        pl.concat([register.shapes, *(_shape(area, register) for area in areas)]),
        register.marks,
        told,
    )


def _shape(area: CustomArea, register: AreaRegister) -> pl.DataFrame:
    """Return the union of the members' shapes; no row where none of them has one."""
    import numpy as np  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    codes = area.members["code"].to_list()
    level = area.spec.level.value
    own = register.shapes.filter(pl.col("level") == level, pl.col("code").is_in(codes))
    if own.is_empty():
        return own
    plane = reprojected(geometry_of(own), DEGREES, METRES)
    whole = np.array([shapely.union_all(plane)], dtype=object)
    wkb = shapely.to_wkb(reprojected(whole, METRES, DEGREES)[0])
    km2 = float(shapely.area(whole)[0]) / 1e6
    row = (Level.CUSTOM.value, area.spec.code, wkb, km2)
    return pl.DataFrame([row], schema=SHAPES, orient="row")


def _row(area: CustomArea) -> pl.DataFrame:
    spec = area.spec
    row = {
        "level": Level.CUSTOM.value,
        "code": spec.code,
        "name": spec.name or spec.code,
        "geography": spec.geography,
    }
    return conform(pl.DataFrame([row]), AREAS)


def _links(area: CustomArea) -> pl.DataFrame:
    return area.members.select(
        level=pl.lit(area.spec.level.value),
        code="code",
        parent_level=pl.lit(Level.CUSTOM.value),
        parent_code=pl.lit(area.spec.code),
    )


def _codes_twice(areas: list[CustomArea], register: AreaRegister) -> list[Finding]:
    """Report codes that two areas have, or that a list or a border file has already."""
    codes = [area.spec.code for area in areas]
    taken = set(register.areas.filter(pl.col("level") == Level.CUSTOM.value)["code"])
    again = sorted({code for code in codes if codes.count(code) > 1 or code in taken})
    if not again:
        return []
    n, shown = len(again), tuple(again[:_EXAMPLES])
    return [Finding("custom_code_twice", Severity.ERROR, count=n, examples=shown)]


def _shared(areas: list[CustomArea], links: pl.DataFrame) -> list[Finding]:
    """Report places in two areas of one set, and tell of those in areas of several sets."""
    sets = {area.spec.code: area.spec.set for area in areas}
    inside = links.filter(
        pl.col("parent_level") == Level.CUSTOM.value, pl.col("parent_code").is_in(list(sets))
    ).with_columns(pl.col("parent_code").replace_strict(sets).alias("set"))
    place = ["level", "code"]
    twice = inside.filter(pl.struct(*place, "set").is_duplicated())
    found = []
    for part in twice.partition_by("set", maintain_order=True):
        shown = _in_both(part)
        params = {"set": part["set"][0] or "–"}
        n = part.select(place).n_unique()
        found.append(
            Finding("custom_overlap", Severity.ERROR, params=params, count=n, examples=shown)
        )
    several = inside.filter(pl.struct(place).is_duplicated())
    if several.height and not found:
        shown, n = _in_both(several), several.select(place).n_unique()
        found.append(Finding("custom_sets_share", Severity.INFO, count=n, examples=shown))
    return found


def _in_both(links: pl.DataFrame) -> tuple[str, ...]:
    """Return the first places as «0102 (fjell, studie)»."""
    named = (
        links.group_by("level", "code", maintain_order=True)
        .agg(pl.col("parent_code").unique().sort().str.join(", "))
        .head(_EXAMPLES)
    )
    return tuple(f"{code} ({parents})" for _, code, parents in named.iter_rows())


def sets_of(specs: Sequence[CustomAreaSpec]) -> dict[str, list[str]]:
    """Return the codes of the areas of each set, the sets as they first stand."""
    found: dict[str, list[str]] = {}
    for spec in specs:
        found.setdefault(spec.set, []).append(spec.code)
    return found


def _about(
    spec: CustomAreaSpec,
    code: str,
    severity: Severity,
    examples: list[str],
    count: int | None = None,
    **more: Any,
) -> Finding:
    params = {"area": spec.name or spec.code, "level": spec.level.value, **more}
    n = len(examples) if count is None else count
    shown = tuple(examples[:_EXAMPLES])
    return Finding(code, severity, params=params, count=n, examples=shown)
