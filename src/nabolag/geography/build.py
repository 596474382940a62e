"""One register out of border files and code lists."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from nabolag.core import Finding, Place, Severity
from nabolag.geography.drawing import drawn_from_children
from nabolag.geography.hierarchy import sound_links
from nabolag.geography.lists import AreaListRead, unfit_codes
from nabolag.geography.register import MARKS, AreaRegister
from nabolag.sources.geometry import GeometryRead
from nabolag.store import conform, empty
from nabolag.store.frames import AREAS, LINKS, SHAPES

_KEY = ["level", "code"]
_EXAMPLES = 8


def build_register(
    geometries: Sequence[GeometryRead] = (), lists: Sequence[AreaListRead] = ()
) -> AreaRegister:
    """Join border files and code lists into one register.

    Names and dates of code lists stand before those of border files; the geography year of a
    border file stands before that of a code list, since shapes are what is shown. What does
    not fit together is in `findings` of the register: unknown parents, two parents of one
    level, cycles, codes that do not fit their level. Errors among them must be raised with
    `core.raise_errors`; until then the register leaves out the links in question.
    """
    listed = _stacked([read.areas for read in lists], AREAS)
    bordered = _stacked([read.areas for read in geometries], AREAS)
    areas, findings = _one_row_each(listed, bordered)
    findings += unfit_codes(areas, Place())
    shapes, twice = _shapes(geometries, areas)
    links_read = [*(read.links for read in lists), *(read.links for read in geometries)]
    declared = _stacked(links_read, LINKS).unique(maintain_order=True)
    links, wrong = sound_links(declared, areas)
    register = AreaRegister(areas, links, shapes, _marks(lists))
    drawn, made = drawn_from_children(register, lists)
    all_findings = (*findings, *twice, *wrong, *made)
    return AreaRegister(areas, links, drawn, register.marks, all_findings)


def _stacked(frames: Sequence[pl.DataFrame], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    return pl.concat([empty(schema), *frames])


def _one_row_each(
    listed: pl.DataFrame, bordered: pl.DataFrame
) -> tuple[pl.DataFrame, list[Finding]]:
    """Return one row an area, and where the sources say different things about it."""
    everything = pl.concat([listed, bordered])
    findings = _differing_names(everything) + _differing_years(everything)
    shown = pl.concat([bordered, listed]).filter(pl.col("geography") != "")
    year = shown.unique(_KEY, keep="first").select(*_KEY, _year="geography")
    joined = everything.group_by(_KEY, maintain_order=True).agg(
        pl.col("name").filter(pl.col("name") != "").first().fill_null(""),
        pl.col("valid_from").drop_nulls().first(),
        pl.col("valid_to").drop_nulls().first(),
    )
    joined = joined.join(year, on=_KEY, how="left").rename({"_year": "geography"})
    areas = conform(joined.with_columns(pl.col("geography").fill_null("")), AREAS)
    return areas.sort(_KEY), findings


def _differing_names(everything: pl.DataFrame) -> list[Finding]:
    names = (
        everything.filter(pl.col("name") != "")
        .group_by(_KEY, maintain_order=True)
        .agg(pl.col("name").unique(maintain_order=True))
        .filter(pl.col("name").list.len() > 1)
        .with_columns(pl.col("name").list.join(" / "))
    )
    return [
        Finding(
            "area_name_differs",
            Severity.INFO,
            params={"level": part["level"][0]},
            count=part.height,
            examples=examples(part),
        )
        for part in names.partition_by("level", maintain_order=True)
    ]


def _differing_years(everything: pl.DataFrame) -> list[Finding]:
    """Report levels whose areas come from divisions of several years."""
    years = (
        everything.filter(pl.col("geography") != "")
        .group_by("level", maintain_order=True)
        .agg(pl.col("geography").unique().sort())
        .filter(pl.col("geography").list.len() > 1)
    )
    return [
        Finding(
            "area_geography_differs",
            Severity.INFO,
            params={"level": level, "years": ", ".join(found)},
            count=len(found),
        )
        for level, found in years.iter_rows()
    ]


def _shapes(
    geometries: Sequence[GeometryRead], areas: pl.DataFrame
) -> tuple[pl.DataFrame, list[Finding]]:
    """Return one shape an area; an area with two is an error, and has none."""
    shapes = _stacked([read.shapes for read in geometries], SHAPES)
    twice = shapes.filter(pl.struct(_KEY).is_duplicated()).unique(_KEY, maintain_order=True)
    named = twice.select(_KEY).join(areas, on=_KEY, how="left", maintain_order="left")
    findings = [
        Finding(
            "area_shape_twice",
            Severity.ERROR,
            params={"level": part["level"][0]},
            count=part.height,
            examples=examples(part),
        )
        for part in named.partition_by("level", maintain_order=True)
    ]
    return shapes.join(twice, on=_KEY, how="anti").sort(_KEY), findings


def _marks(lists: Sequence[AreaListRead]) -> pl.DataFrame:
    """Return what the lists declare about their areas (retired, shapeless, why)."""
    parts = []
    for read in lists:
        spec = read.spec
        if spec.retired or spec.shapeless or spec.note:
            note = spec.note
            parts.append(
                read.areas.select(
                    *_KEY,
                    retired=pl.lit(spec.retired),
                    shapeless=pl.lit(spec.shapeless),
                    note_nb=pl.lit(note.nb if note else ""),
                    note_nn=pl.lit(note.nn if note else ""),
                    note_en=pl.lit(note.en if note else ""),
                )
            )
    joined = _stacked(parts, MARKS)
    return joined.group_by(_KEY, maintain_order=True).agg(
        pl.col("retired", "shapeless").any(), pl.col("note_nb", "note_nn", "note_en").max()
    )


def examples(areas: pl.DataFrame, most: int = _EXAMPLES) -> tuple[str, ...]:
    """Return the first areas (`code`, `name`) as «0102 Grønland»."""
    rows = areas.select("code", pl.col("name").fill_null("")).head(most).iter_rows()
    return tuple(f"{code} {name}".strip() for code, name in rows)
