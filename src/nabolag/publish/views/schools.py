"""Schools and kindergartens of an area, and the schools that its pupils belong to.

Of a place its name, kind, position and source are told, and nothing of who goes there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from nabolag.core import Lang, Level, label
from nabolag.publish.numbers import format_count
from nabolag.publish.text import listed
from nabolag.publish.views.asked import area_of, level_of
from nabolag.publish.views.facts import Facts, facts_of
from nabolag.publish.views.model import AreaLink, SourceLine
from nabolag.publish.views.shared import source_lines
from nabolag.store import Release

#: Longer lists than this stand on the pages of smaller areas, and in the files.
MOST: Final = 400
_KINDS: Final = (Level.SCHOOL, Level.KINDERGARTEN)
_FINENESS: Final = {level.value: place for place, level in enumerate(Level)}


@dataclass(frozen=True, slots=True)
class SchoolPlace:
    """A school or a kindergarten. `lon` and `lat` are in degrees, `None` where it has no point.

    `area` is the smallest area it lies in, `None` where that is the one the page is about. `note`
    says what is unsure of where it lies.
    """

    level: str
    code: str
    name: str
    kind: str
    lon: float | None
    lat: float | None
    area: AreaLink | None
    note: str


@dataclass(frozen=True, slots=True)
class SchoolServed:
    """A school that pupils of the area belong to. `division` is whose catchment it is."""

    code: str
    name: str
    areas: str
    division: str
    inside: bool


@dataclass(frozen=True, slots=True)
class SchoolsView:
    """What lies in an area. `lead` says how many in words; `more` that there are too many here.

    `places` are all of them, `listed` those that the page shows.
    """

    level: str
    code: str
    name: str
    lead: str
    more: str
    places: tuple[SchoolPlace, ...]
    listed: tuple[SchoolPlace, ...]
    served: tuple[SchoolServed, ...]
    served_note: str
    sources: tuple[SourceLine, ...]


def schools_of(release: Release, level: str, code: str, lang: Lang) -> SchoolsView | None:
    """Return schools and kindergartens of an area; `None` where the release has no places at all.

    Raises `UserError` for a level or an area that the release does not have.
    """
    if release.points.is_empty() and release.catchments.is_empty():
        return None
    facts = facts_of(release)
    at = level_of(facts, level)
    area = area_of(facts, at, code, lang)
    rows = places_frame(release, at, area)
    places = tuple(_place(facts, row, (at, area), lang) for row in rows.iter_rows(named=True))
    catchments = _latest(_catchments(facts, at, area))
    served = _served(facts, catchments, {place.code for place in places}, lang)
    used = [*rows["source"].unique(maintain_order=True), *catchments["source"].unique().sort()]
    name = facts.name(at, area, lang)
    many = len(places) > MOST
    return SchoolsView(
        level=at,
        code=area,
        name=name,
        lead=_lead(places, name, lang),
        more=label("publish.schools.more", lang, all=format_count(len(places), lang))
        if many
        else "",
        places=places,
        listed=() if many else places,
        served=served,
        served_note=label("publish.schools.served_note", lang) if served else "",
        sources=source_lines(facts, used, lang),
    )


def places_frame(release: Release, level: str, code: str) -> pl.DataFrame:
    """Return the places in an area (columns of `POINTS`), schools first, then by name."""
    inside = release.point_areas.filter(
        pl.col("parent_level") == level, pl.col("parent_code") == code
    )
    kinds = {kind.value: place for place, kind in enumerate(_KINDS)}
    return (
        release.points.join(inside.select("level", "code"), on=["level", "code"], how="semi")
        .with_columns(pl.col("level").replace_strict(kinds, return_dtype=pl.Int64).alias("_kind"))
        .sort("_kind", "name", "code")
        .drop("_kind")
    )


def smallest_area(facts: Facts, level: str, code: str) -> tuple[str, str] | None:
    """Return the smallest area that a place lies in, areas of one's own left aside."""
    around = facts.release.point_areas.filter(pl.col("level") == level, pl.col("code") == code)
    held = [
        place
        for place in around.select("parent_level", "parent_code").iter_rows()
        if place in facts.names and place[0] != Level.CUSTOM
    ]
    return max(held, key=lambda place: (_FINENESS[place[0]], place[1]), default=None)


def _place(facts: Facts, row: dict[str, Any], here: tuple[str, str], lang: Lang) -> SchoolPlace:
    smallest = smallest_area(facts, row["level"], row["code"])
    return SchoolPlace(
        level=row["level"],
        code=row["code"],
        name=row["name"] or row["code"],
        kind=Level(row["level"]).label.in_(lang),
        lon=row["lon"],
        lat=row["lat"],
        area=facts.link(*smallest, lang) if smallest and smallest != here else None,
        note=label("publish.schools.near", lang) if row["how"] == "near" else "",
    )


def _lead(places: Iterable[SchoolPlace], name: str, lang: Lang) -> str:
    held = [place.level for place in places]
    told = [
        label(f"publish.schools.count_{kind.value}", lang, n=held.count(kind.value))
        for kind in _KINDS
        if kind.value in held
    ]
    if not told:
        return label("publish.schools.none", lang, name=name)
    return label("publish.schools.lead", lang, name=name, counts=listed(told, lang))


def _catchments(facts: Facts, level: str, code: str) -> pl.DataFrame:
    """Return the rows about an area and those inside it, else those about areas around it."""
    table = facts.release.catchments
    links = facts.release.links
    inside = links.filter(pl.col("parent_level") == level, pl.col("parent_code") == code)
    own = pl.DataFrame({"level": [level], "area": [code]})
    within = pl.concat([own, inside.select("level", area="code")])
    found = table.join(within, on=["level", "area"], how="semi", maintain_order="left")
    if not found.is_empty():
        return found
    around = links.filter(pl.col("level") == level, pl.col("code") == code)
    beyond = around.select(level="parent_level", area="parent_code")
    return table.join(beyond, on=["level", "area"], how="semi", maintain_order="left")


def _latest(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that hold in the latest year in which any of their division begins."""
    begun = pl.col("from_year").max().over("source").fill_null(0)
    open_end = pl.col("to_year").is_null() | (pl.col("to_year") >= begun)
    return rows.filter(open_end, (pl.col("share") > 0).fill_null(value=True))


def _served(
    facts: Facts, rows: pl.DataFrame, inside: set[str], lang: Lang
) -> tuple[SchoolServed, ...]:
    """Return each school of each division once, with how many areas belong to it."""
    named = dict(
        facts.release.points.filter(pl.col("level") == Level.SCHOOL.value)
        .select("code", "name")
        .iter_rows()
    )
    found = []
    for (source, school, level), part in rows.group_by("source", "school", "level"):
        division = facts.release.sources.get(str(source))
        words = label(f"level.{level}.{'one' if part.height == 1 else 'many'}", lang)
        areas = f"{format_count(part['area'].n_unique(), lang)} {words}"
        title = division.title.in_(lang) if division else str(source)
        code = str(school)
        name = str(named.get(code) or code)
        found.append(SchoolServed(code, name, areas, title, code in inside))
    return tuple(sorted(found, key=lambda one: (one.division, one.name, one.code)))
