"""Presets on real deliveries: counts of marks, and figures found again by hand."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from nabolag.core import UserError
from nabolag.sources.adapters import presets
from nabolag.sources.spec import SourceSpec
from nabolag.sources.tables import TableRead, read_source

TELEMARK = "2-statistics/telemark-kommune"
IMDI = "2-statistics/imdi-2013-2014"
FILES: Mapping[str, str] = {
    "imdi-2013-lavinntekt": f"{IMDI}/vedvarende_lavinntekt.csv",
    "imdi-2013-inntekt": f"{IMDI}/gjennomsnittsinntekt.csv",
    "imdi-2013-sosialhjelp": f"{IMDI}/sosialhjelp.csv",
    "imdi-2013-grunnskolepoeng": f"{IMDI}/grunnskolepoeng.csv",
    "imdi-2013-sysselsatte": f"{IMDI}/sysselsatte_innvkat.csv",
    "imdi-bydel-lavinntekt": f"{IMDI}/bydel/91-vedvarende_lavinntekt-bydel-2013.csv",
    "imdi-bydel-inntekt": f"{IMDI}/bydel/90-gjennomsnittsinntekt-bydel-2013.csv",
    "imdi-statistikkbank-innvandringsgrunn": (
        f"{TELEMARK}/befolkning_innvandringsgrunn alle kommuner.csv"
    ),
    "nav-ledighet-fylke": f"{TELEMARK}/arbeidsledighet_2010_2024.csv",
    "nav-nedsatt-arbeidsevne": f"{TELEMARK}/nedsatt_arbeidsevne.csv",
    "udir-grunnskolepoeng": f"{TELEMARK}/Grunnskolepoeng Udir.xlsx",
}
#: The municipalities of Telemark as they have been since 2024.
MUNICIPALITIES = {
    "Porsgrunn": "4001", "Skien": "4003", "Notodden": "4005", "Siljan": "4010", "Bamble": "4012",
    "Kragerø": "4014", "Drangedal": "4016", "Nome": "4018", "Midt-Telemark": "4020",
    "Seljord": "4022", "Hjartdal": "4024", "Tinn": "4026", "Kviteseid": "4028", "Nissedal": "4030",
    "Fyresdal": "4032", "Tokke": "4034", "Vinje": "4036",
}  # fmt: skip


def read(root: Path, preset: str, *more_roots: Path, **more: Any) -> TableRead:
    given = {"id": "x", "file": FILES[preset], "preset": preset, **more}
    if "geography" in presets()[preset].needs:
        given.setdefault("geography", "2024")
    return read_source(SourceSpec.model_validate(given), *more_roots, root)


def figure(cells: pl.DataFrame, **where: str) -> float:
    found = cells.filter(*(pl.col(name) == text for name, text in where.items()))
    assert found.height == 1
    return float(found["value"].item())


def test_every_verified_preset_of_a_delivered_file_is_read_here() -> None:
    fetched = ("fhi", "kostra")
    files = {
        name for name, one in presets().items() if one.verified and not name.startswith(fetched)
    }
    assert files == set(FILES)


@pytest.mark.parametrize(
    ("preset", "rows", "cells", "marks"),
    [
        ("imdi-2013-lavinntekt", 2755, 2335, {".": 5, ":": 237}),
        ("imdi-2013-inntekt", 2204, 1868, {".": 4, ":": 19}),
        ("imdi-2013-sosialhjelp", 16530, 14010, {"": 1, ":": 3182}),
        ("imdi-2013-grunnskolepoeng", 9048, 7008, {"-": 5, ".": 584, ":": 1184}),
        ("imdi-2013-sysselsatte", 3300, 2796, {}),
        ("imdi-bydel-lavinntekt", 19, 95, {":": 1}),
        ("imdi-bydel-inntekt", 19, 76, {}),
    ],
)
def test_rows_figures_and_marks_of_imdi(
    data_root: Path, preset: str, rows: int, cells: int, marks: dict[str, int]
) -> None:
    facts = read(data_root, preset).facts
    assert (facts.rows, facts.cells) == (rows, cells)
    # A mark is a status: a dash of persons is the number 0, and is counted among the values.
    assert facts.marks == marks


def test_the_sheet_and_the_flat_table_of_imdi_agree(data_root: Path) -> None:
    """The same figures of the same districts stand in two deliveries of different form."""
    sheet = read(data_root, "imdi-bydel-lavinntekt").cells
    flat = read(data_root, "imdi-2013-lavinntekt").cells
    key = ["level", "area", "origin", "region"]
    both = sheet.join(flat, on=key, suffix="_flat").filter(pl.col("level") == "bydel")
    # What the flat table calls immigrants from everywhere, the sheet does too.
    assert both.height == 90
    assert both.filter(pl.col("status") != pl.col("status_flat")).is_empty()
    same = both.filter(pl.col("value").is_not_null())
    assert (same["value"] - same["value_flat"]).abs().max() == pytest.approx(0)


def test_the_export_of_imdi_with_headings_in_four_rows(data_root: Path) -> None:
    name = data_root / FILES["imdi-statistikkbank-innvandringsgrunn"]
    with name.open(encoding="latin-1", newline="") as handle:
        rows = list(csv.reader(handle, delimiter=";"))
    wanted = ("Innvandringsgrunn: Uoppgitt", "Kjønn: Menn", "Enhet: Personer", "År: 2020")
    at = list(zip(*rows[:4], strict=True)).index(wanted)
    by_hand = {row[0].removeprefix("K"): row[at] for row in rows[4:] if row[at]}
    cells = read(data_root, "imdi-statistikkbank-innvandringsgrunn").cells
    chosen = cells.filter(
        pl.col("reason") == "Uoppgitt",
        pl.col("sex") == "Menn",
        pl.col("period") == "2020",
        pl.col("measure") == "persons",
        pl.col("status") == "value",
    )
    assert dict(chosen.select("area", "value").iter_rows()) == {
        area: float(text) for area, text in by_hand.items()
    }
    assert cells.height == 475 * 6 * 3 * 2 * 16
    assert (cells["status"] == "missing").sum() == 32_760


def test_unemployment_by_the_counties_of_each_year(data_root: Path) -> None:
    table = read(data_root, "nav-ledighet-fylke")
    cells = table.cells
    raw = pl.read_csv(data_root / FILES["nav-ledighet-fylke"], infer_schema=False)
    for name, code, year, month, period in (
        ("Telemark", "08", "2010", "Mars", "2010M03"),
        ("Sør-Trøndelag", "16", "2017", "Mai", "2017M05"),
        ("Trøndelag", "50", "2018", "Mai", "2018M05"),
        ("Vestfold og Telemark", "38", "2021", "Juni", "2021M06"),
        ("Telemark", "40", "2024", "Januar", "2024M01"),
    ):
        row = raw.filter(pl.col("Fylke") == name, pl.col("År") == year, pl.col("Måned") == month)
        got = figure(cells, area=code, period=period, measure="unemployed")
        assert got == float(row["Antall"].item())
    assert cells["period"].n_unique() == 178
    assert [part.rows for part in table.facts.left_out] == [323]
    counties = (
        cells.filter(pl.col("level") == "fylke")
        .group_by("period")
        .agg(pl.col("area").n_unique().alias("n"))
    )
    by_year = counties.with_columns(pl.col("period").str.head(4).alias("year"))
    assert (
        dict(by_year.group_by("year").agg(pl.col("n").max()).sort("year").iter_rows())["2024"] == 15
    )


def test_reduced_work_capacity_needs_a_table_of_names(data_root: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"kommuner\.csv"):
        read(data_root, "nav-nedsatt-arbeidsevne")
    lines = ["kode;navn", *(f"{code};{name}" for name, code in MUNICIPALITIES.items())]
    (tmp_path / "kommuner.csv").write_text("\n".join(lines), encoding="utf-8")
    table = read(data_root, "nav-nedsatt-arbeidsevne", tmp_path)
    cells = table.cells
    by_level = dict(cells.group_by("level").agg(pl.col("area").n_unique()).iter_rows())
    assert by_level == {"land": 1, "fylke": 15, "kommune": 17}
    assert table.facts.statuses == {"missing": 850, "value": 2 * 35_437 - 850}
    who = {"sex": "Begge kjønn", "age": "18 - 29 år", "measure": "persons"}
    assert figure(cells, area="4016", period="2024M01", **who) == 38


def test_school_points_of_schools_that_stand_under_two_municipalities(data_root: Path) -> None:
    table = read(data_root, "udir-grunnskolepoeng")
    cells = table.cells
    schools = cells.filter(pl.col("level") == "school")
    assert schools["area"].n_unique() == 1198
    # Once for each school, year and measure, although 820 schools have two rows or three.
    assert schools.height == 1198 * 6 * 2
    (told,) = (f for f in table.findings if f.code == "source_repeated")
    assert told.count == 820 * 6 * 2
    assert figure(cells, level="land", period="2015/2016", measure="mean_points") == 41.2
    assert figure(cells, area="975280888", period="2020/2021", measure="pupils") == 64


def test_hidden_points_are_hidden_as_often_as_the_file_hides_them(data_root: Path) -> None:
    """3 622 stars in the sheet; a school's star in two rows is one hidden figure."""
    import fastexcel

    book = fastexcel.read_excel(data_root / FILES["udir-grunnskolepoeng"])
    sheet = book.load_sheet(0, dtypes="string").to_polars()
    stars = sheet.unpivot(index=["EnhetNivaa", "Organisasjonsnummer"]).filter(
        pl.col("value") == "*"
    )
    assert stars.height == 3622
    once = stars.unique(["EnhetNivaa", "Organisasjonsnummer", "variable"])
    facts = read(data_root, "udir-grunnskolepoeng").facts
    # Svalbard stands under two counties, and one of its rows is left out.
    assert facts.marks["*"] == facts.statuses["suppressed_primary"]
    assert once.height == facts.marks["*"]
