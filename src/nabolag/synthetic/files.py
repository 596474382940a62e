"""Deliveries on disk: semicolons, decimal commas, two encodings, a workbook, and borders."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import polars as pl
import shapely

from nabolag.core import error
from nabolag.synthetic.areas import as_wgs84
from nabolag.synthetic.delivered import (
    IMPOSSIBLE,
    Delivered,
    hide_small,
    missing_area_year,
    places,
)
from nabolag.synthetic.records import Ground
from nabolag.synthetic.school_files import catchment_tables, school_list, schools_of_ground

_TYPE_WORDS = {
    "single": "Aleneboende",
    "couple": "Par uten barn",
    "couple_with_children": "Par med barn 0–17 år",
    "single_parent": "Enslig mor eller far med barn 0–17 år",
    "other_with_children": "Andre med barn 0–17 år",
    "other": "Andre uten barn 0–17 år",
}


def require_workbooks() -> None:
    """Raise `UserError` where workbooks cannot be written, before anything else is."""
    if find_spec("xlsxwriter") is None:
        raise error("synthetic_needs_reports", package="xlsxwriter")


def write_deliveries(folder: Path, ground: Ground, delivered: Delivered) -> list[str]:
    """Write every delivered file. Returns their names relative to `folder`."""
    tables = folder / "leveranse"
    tables.mkdir(parents=True, exist_ok=True)
    names = places(ground)
    counts = delivered.counts.join(names, on="grunnkrets", how="left")
    types = delivered.types.join(names, on="grunnkrets", how="left")
    _csv(tables / "befolkning.csv", _population(counts))
    _csv(tables / "husholdninger.csv", _types(types))
    _csv(tables / "inntekt.csv", _income(counts, ground), encoding="latin-1")
    _csv(tables / "boforhold.csv", _homes(counts))
    _csv(tables / "rekreasjon.csv", _access(counts))
    _csv(tables / "naermiljo.csv", _survey(delivered.survey, names))
    _csv(tables / "omrader.csv", _area_list(ground, names))
    schools = schools_of_ground(ground)
    _csv(tables / "skoler.csv", school_list(ground, schools))
    for name, table in catchment_tables(ground, schools).items():
        _csv(tables / name, table)
    _workbook(tables / "utdanning_arbeid.xlsx", _education(counts), _work(counts))
    _borders(folder / "grenser.geojson", ground)
    return [*sorted(f"leveranse/{path.name}" for path in tables.iterdir()), "grenser.geojson"]


def _csv(path: Path, table: pl.DataFrame, encoding: str = "utf-8") -> None:
    """Write a semicolon-separated file with line feeds; texts only, as already formatted."""
    path.write_bytes(table.write_csv(separator=";", quote_style="never").encode(encoding))


def _place() -> list[pl.Expr]:
    return [
        pl.col("grunnkrets").alias("Grunnkrets"),
        pl.col("name").alias("Grunnkretsnavn"),
        pl.col("bydel").alias("Bydel"),
        pl.col("year").cast(pl.String).alias("År"),
    ]


def _text(**columns: str) -> list[pl.Expr]:
    """Write whole counts as text under Norwegian headings (`heading=column`)."""
    return [pl.col(c).cast(pl.String).fill_null("").alias(h) for h, c in columns.items()]


def in_comma(value: pl.Expr, decimals: int = 1) -> pl.Expr:
    """Write a number with a decimal comma and always as many decimals."""
    scaled = (value * 10**decimals).round().cast(pl.Int64)
    whole, rest = scaled // 10**decimals, scaled % 10**decimals
    return pl.format("{},{}", whole, rest.cast(pl.String).str.zfill(decimals))


def _with_totals(counts: pl.DataFrame, columns: Sequence[str], keys: Sequence[str]) -> pl.DataFrame:
    """Add one row a district after its areas: no area code, the district's name."""
    totals = counts.group_by("bydel", "bydel_name", *keys).agg(pl.col(columns).sum())
    both = pl.concat(
        [
            counts.select("grunnkrets", "name", "bydel", *keys, *columns),
            totals.select(
                pl.lit("").alias("grunnkrets"),
                pl.format("{} i alt", "bydel_name").alias("name"),
                "bydel",
                *keys,
                *columns,
            ),
        ]
    )
    last = pl.col("grunnkrets") == ""
    return both.sort("bydel", last, "grunnkrets", *keys)


def _population(counts: pl.DataFrame) -> pl.DataFrame:
    columns = ("persons", "aged_0_17", "aged_67_plus", "immigrants")
    ordered = _with_totals(counts, columns, ("year",))
    headings = {
        "Personer": "persons",
        "Personer 0–17 år": "aged_0_17",
        "Personer 67 år og over": "aged_67_plus",
        "Innvandrere": "immigrants",
    }
    return ordered.select(*_place(), *_text(**headings))


def _types(types: pl.DataFrame) -> pl.DataFrame:
    ordered = _with_totals(types, ("households",), ("year", "type"))
    words = pl.col("type").replace_strict(_TYPE_WORDS).alias("Husholdningstype")
    return ordered.select(*_place(), words, *_text(Husholdninger="households"))


def _income(counts: pl.DataFrame, ground: Ground) -> pl.DataFrame:
    """Incomes: three years are not behind the first two, small counts hidden, one area absent."""
    area, year = missing_area_year(ground)
    absent = (pl.col("grunnkrets") == area) & (pl.col("year") == year)
    early = pl.col("low_income").is_null()
    mean = in_comma(pl.col("income_sum") / pl.col("households") / 1000)

    def given(written: pl.Expr, *, three_years: bool) -> pl.Expr:
        told = (
            pl.when(early).then(pl.lit(IMPOSSIBLE)).otherwise(written) if three_years else written
        )
        return pl.when(absent).then(pl.lit("")).otherwise(told)

    return counts.sort("grunnkrets", "year").select(
        *_place(),
        given(pl.col("income_persons").cast(pl.String), three_years=True).alias(
            "Personer med inntekt i tre år"
        ),
        given(hide_small("low_income"), three_years=True).alias("Vedvarende lavinntekt"),
        given(pl.col("households").cast(pl.String), three_years=False).alias("Husholdninger"),
        given(mean, three_years=False).alias("Inntekt etter skatt, snitt (1000 kr)"),
    )


def _homes(counts: pl.DataFrame) -> pl.DataFrame:
    headings = {
        "Husholdninger med kjent bolig": "home_known",
        "Trangbodde": "crowded",
        "Husholdninger med kjent eieform": "tenure_known",
        "Leier": "tenants",
    }
    ordered = _with_totals(counts, list(headings.values()), ("year",))
    return ordered.select(*_place(), *_text(**headings))


def _access(counts: pl.DataFrame) -> pl.DataFrame:
    headings = {"Bosatte": "persons", "Med trygg tilgang": "access"}
    return counts.sort("grunnkrets", "year").select(*_place(), *_text(**headings))


def _survey(survey: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    headings = {"Antall svar": "answers", "Føler seg trygge": "safe"}
    placed = survey.join(names, on="grunnkrets", how="left").sort("grunnkrets", "year")
    share = 100 * pl.col("safe") / pl.max_horizontal("answers", pl.lit(1))
    nobody = pl.col("answers") == 0
    percent = pl.when(nobody).then(pl.lit(IMPOSSIBLE)).otherwise(in_comma(share))
    return placed.select(*_place(), *_text(**headings), percent.alias("Prosent trygge"))


def _education(counts: pl.DataFrame) -> pl.DataFrame:
    place = [pl.col("grunnkrets").alias("Grunnkrets"), pl.col("name").alias("Navn")]
    return counts.sort("grunnkrets", "year").select(
        *place,
        pl.col("year").alias("År"),
        pl.col("education_known").alias("Personer 25–66 år"),
        pl.col("low_education").alias("Grunnskole som høyeste"),
    )


def _work(counts: pl.DataFrame) -> pl.DataFrame:
    place = [pl.col("grunnkrets").alias("Grunnkrets"), pl.col("name").alias("Navn")]
    return counts.sort("grunnkrets", "year").select(
        *place,
        pl.col("year").alias("År"),
        pl.col("aged_20_29").alias("Personer 20–29 år"),
        pl.col("outside").alias("Utenfor arbeid og utdanning"),
    )


def _area_list(ground: Ground, names: pl.DataFrame) -> pl.DataFrame:
    """List the municipality, its districts and its grunnkretser, with the last year of use."""
    spec, areas = ground.spec, ground.areas
    top = [("kommune", spec.code, spec.name, "", "", "")]
    top += [
        ("bydel", code, name, "", spec.code, "")
        for code, name in zip(areas.bydel_codes, areas.bydel_names, strict=True)
    ]
    rows = names.select("grunnkrets", "name", "bydel", "last_year").rows()
    every = top + [("grunnkrets", c, n, b, spec.code, last) for c, n, b, last in rows]
    heading = ("Nivå", "Kode", "Navn", "Bydel", "Kommune", "Siste år")
    return pl.DataFrame(every, schema=dict.fromkeys(heading, pl.String), orient="row")


def _workbook(path: Path, education: pl.DataFrame, work: pl.DataFrame) -> None:
    """Write a workbook of two sheets with two title rows above each header."""
    import xlsxwriter  # noqa: PLC0415

    with xlsxwriter.Workbook(path, {"in_memory": True}) as book:
        # A fixed date of creation: the same seed gives the same bytes.
        book.set_properties({"created": datetime(2025, 6, 2), "title": "Utdanning og arbeid"})  # noqa: DTZ001
        for name, table in (("Utdanning", education), ("Arbeid", work)):
            sheet = book.add_worksheet(name)
            sheet.write_string(0, 0, f"{name} etter grunnkrets og år")
            sheet.write_row(2, 0, table.columns)
            for number, column in enumerate(table.iter_columns()):
                sheet.write_column(3, number, column.to_list())
            sheet.set_column(0, len(table.columns), 22)


def _borders(path: Path, ground: Ground) -> None:
    """Write grunnkretser and districts as GeoJSON."""
    document = {"type": "FeatureCollection", "features": area_features(ground)}
    path.write_text(
        json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8"
    )


def area_features(ground: Ground) -> list[dict[str, Any]]:
    """Return grunnkretser and districts. Districts are unions of the very same edges."""
    areas, kommune = ground.areas, ground.spec.code
    shapes = as_wgs84(areas.shapes, ground.spec)
    districts = [areas.bydel_codes[b] if areas.bydel_codes else "" for b in areas.bydel]
    features = [
        feature("grunnkrets", code, name, bydel, kommune, shape)
        for code, name, bydel, shape in zip(
            areas.codes, areas.names, districts, shapes, strict=True
        )
    ]
    for number, (code, name) in enumerate(zip(areas.bydel_codes, areas.bydel_names, strict=True)):
        inside = [s for s, b in zip(shapes, areas.bydel, strict=True) if b == number]
        features.append(feature("bydel", code, name, code, kommune, shapely.union_all(inside)))
    return features


def feature(
    level: str, code: str, name: str, bydel: str, kommune: str, shape: Any
) -> dict[str, Any]:
    """Return one area as a feature of GeoJSON."""
    properties = {"niva": level, "kode": code, "navn": name, "bydel": bydel, "kommune": kommune}
    geometry = shapely.geometry.mapping(shapely.orient_polygons(shapely.normalize(shape)))
    return {"type": "Feature", "properties": properties, "geometry": geometry}
