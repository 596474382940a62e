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
from nabolag.geography.register import AreaRegister
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
from nabolag.store.frames import AREAS, LINKS, SHAPES

_EXAMPLES = 8
#: A member whose smaller part, inside or outside, is below this share is not told of as cut.
_SLIVER = 0.01


class CustomAreaSpec(Section):
    """One `[[custom_area]]`: `members` of one `level`, or a drawn outline in `file`.

    An outline (GeoJSON, the polygons of the whole file together) takes those areas of `level`
    of which, by `rule`, `share`: at least `least` of the surface lies inside, or `centre`: a
    point that surely lies in the area does. `geography` is the year of the members' codes.
    `minimum_population` is how many must live there for figures to be worth making; the check
    needs an indicator of population and is the caller's.
    """

    code: str
    name: str = ""
    level: Level
    members: Texts = ()
    file: str = ""
    rule: Literal["share", "centre"] = "share"
    least: float = Field(default=0.5, gt=0, le=1)
    geography: str = ""
    minimum_population: int = Field(default=0, ge=0)
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

    Sums to them follow from the links, as to any other level. An area may lie in one custom
    area only; one that lies in two is left out of the later and told of (`custom_overlap`).
    """
    import numpy as np  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    if not areas:
        return register
    links, findings = _links(areas)
    codes = [area.spec.code for area in areas]
    again = sorted({code for code in codes if codes.count(code) > 1})
    if again:
        findings.append(
            Finding("custom_code_twice", Severity.ERROR, count=len(again), examples=tuple(again))
        )
    every = pl.concat([register.areas, *(_row(area) for area in areas)])
    shapes = [register.shapes]
    for area in areas:
        codes = area.members["code"].to_list()
        own = register.shapes.filter(
            pl.col("level") == area.spec.level.value, pl.col("code").is_in(codes)
        )
        if own.is_empty():
            continue
        plane = reprojected(geometry_of(own), DEGREES, METRES)
        whole = np.array([shapely.union_all(plane)], dtype=object)
        wkb = shapely.to_wkb(reprojected(whole, METRES, DEGREES)[0])
        km2 = float(shapely.area(whole)[0]) / 1e6
        row = (Level.CUSTOM.value, area.spec.code, wkb, km2)
        shapes.append(pl.DataFrame([row], schema=SHAPES, orient="row"))
    told = (*register.findings, *(f for area in areas for f in area.findings), *findings)
    return AreaRegister(
        every.sort("level", "code"),
        pl.concat([register.links, links]),
        pl.concat(shapes),
        register.marks,
        told,
    )


def _row(area: CustomArea) -> pl.DataFrame:
    spec = area.spec
    row = {
        "level": Level.CUSTOM.value,
        "code": spec.code,
        "name": spec.name or spec.code,
        "geography": spec.geography,
    }
    return conform(pl.DataFrame([row]), AREAS)


def _links(areas: list[CustomArea]) -> tuple[pl.DataFrame, list[Finding]]:
    rows = [
        area.members.select(
            level=pl.lit(area.spec.level.value),
            code="code",
            parent_level=pl.lit(Level.CUSTOM.value),
            parent_code=pl.lit(area.spec.code),
        )
        for area in areas
    ]
    every = pl.concat([pl.DataFrame(schema=LINKS), *rows])
    once = every.unique(["level", "code"], keep="first", maintain_order=True)
    shared = every.join(once, on=every.columns, how="anti")
    if shared.is_empty():
        return once, []
    codes = tuple(shared["code"].unique(maintain_order=True).head(_EXAMPLES))
    severity, n = Severity.ERROR, shared["code"].n_unique()
    return once, [Finding("custom_overlap", severity, count=n, examples=codes)]


def too_few(areas: list[CustomArea], population: pl.DataFrame) -> list[Finding]:
    """Report areas with fewer people than they ask for.

    `population` holds `level`, `code`, `persons`. An area with a member that is not in it is
    not judged.
    """
    found = []
    for area in areas:
        least = area.spec.minimum_population
        here = population.filter(pl.col("level") == area.spec.level.value).join(
            area.members, on="code", how="semi"
        )
        unknown = area.members.height - here.height
        persons = float(here["persons"].sum())
        if least and persons < least and not unknown:
            found.append(_about(area.spec, "custom_few", Severity.WARNING, [], 1, least=least))
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
