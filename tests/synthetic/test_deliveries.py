"""The delivered files: as an analyst receives them, and true to the records."""

from __future__ import annotations

import csv
import json
from typing import Any

import numpy as np
import polars as pl
import pytest
import shapely

from tests.synthetic.conftest import Town

Rows = list[dict[str, str]]


def read(town: Town, name: str, encoding: str = "utf-8") -> Rows:
    text = (town.folder / "leveranse" / name).read_text(encoding=encoding)
    return list(csv.DictReader(text.splitlines(), delimiter=";"))


def persons(town: Town, year: int) -> dict[str, int]:
    frame = town.frames["person"].filter(pl.col("year") == year).group_by("grunnkrets").len()
    return dict(frame.iter_rows())


def test_population_is_that_of_the_records(town: Town) -> None:
    rows = read(town, "befolkning.csv")
    retired = town.truth["deliveries"]["retired"]
    for year in range(2015, 2025):
        told = {
            r["Grunnkrets"]: int(r["Personer"])
            for r in rows
            if r["År"] == str(year) and r["Grunnkrets"]
        }
        old = told.pop(retired["code"], 0)
        assert (old > 0) == (year <= retired["last_year"])
        told[retired["merged_into"]] += old
        assert told == persons(town, year)


def test_each_district_has_one_total_row_a_year_that_is_the_sum(town: Town) -> None:
    rows = read(town, "boforhold.csv")
    totals = [r for r in rows if not r["Grunnkrets"]]
    assert len(totals) == 12 * 10
    for total in totals:
        parts = [
            r
            for r in rows
            if r["Grunnkrets"] and (r["Bydel"], r["År"]) == (total["Bydel"], total["År"])
        ]
        assert total["Grunnkretsnavn"].endswith(" i alt")
        assert int(total["Leier"]) == sum(int(r["Leier"]) for r in parts)
        assert int(total["Trangbodde"]) == sum(int(r["Trangbodde"]) for r in parts)


def test_households_by_type_sum_to_the_register(town: Town) -> None:
    rows = read(town, "husholdninger.csv")
    assert len({r["Husholdningstype"] for r in rows}) == 6
    areas = sum(int(r["Husholdninger"]) for r in rows if r["Grunnkrets"])
    assert areas == town.facts.rows["household"]


def test_the_income_file_is_latin_1_with_decimal_commas_and_marks(town: Town) -> None:
    raw = (town.folder / "leveranse" / "inntekt.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    rows = read(town, "inntekt.csv", "latin-1")
    missing = town.truth["deliveries"]["missing"]
    absent = [r for r in rows if not r["Husholdninger"]]
    assert [(r["Grunnkrets"], r["År"]) for r in absent] == [(missing["area"], str(missing["year"]))]
    given = [r for r in rows if r["Husholdninger"]]
    assert all("," in r["Inntekt etter skatt, snitt (1000 kr)"] for r in given)
    assert {r["År"] for r in given if r["Vedvarende lavinntekt"] == "."} == {"2015", "2016"}
    told = {r["Vedvarende lavinntekt"] for r in given}
    assert ":" in told
    assert not told & {"1", "2"}
    # A mean of income is near what the records say.
    income = town.frames["income_year"].join(
        town.frames["household"].select("year", "household_id", "grunnkrets"),
        on=["year", "household_id"],
    )
    some = given[7 * 10 + 5]
    own = income.filter(
        pl.col("grunnkrets") == some["Grunnkrets"], pl.col("year") == int(some["År"])
    )
    shown = float(some["Inntekt etter skatt, snitt (1000 kr)"].replace(",", "."))
    assert shown == pytest.approx(own["income_after_tax"].mean() / 1000, abs=0.05)  # type: ignore[operator]


def test_there_are_small_counts_to_protect(town: Town) -> None:
    rows = [r for r in read(town, "boforhold.csv") if r["Grunnkrets"]]
    small = [r for r in rows if 0 < int(r["Trangbodde"]) < 5]
    assert 20 < len(small) < len(rows) / 2


def test_the_survey_has_few_answers_where_few_live(town: Town) -> None:
    rows = read(town, "naermiljo.csv")
    assert {r["År"] for r in rows} == {"2016", "2020", "2024"}
    answers = [int(r["Antall svar"]) for r in rows]
    assert min(answers) < 15
    assert max(answers) > 60
    for r in rows:
        n, safe = int(r["Antall svar"]), int(r["Føler seg trygge"])
        assert safe <= n
        if n:
            percent = float(r["Prosent trygge"].replace(",", "."))
            assert percent == pytest.approx(100 * safe / n, abs=0.051)


def test_the_workbook_has_titles_above_two_sheets(town: Town) -> None:
    path = town.folder / "leveranse" / "utdanning_arbeid.xlsx"
    book = pl.read_excel(path, sheet_id=0, has_header=False)
    assert set(book) == {"Utdanning", "Arbeid"}
    for sheet in book.values():
        assert "etter grunnkrets og år" in str(sheet[0, 0])


def borders(town: Town) -> dict[str, dict[str, Any]]:
    document = json.loads((town.folder / "grenser.geojson").read_text(encoding="utf-8"))
    found: dict[str, dict[str, Any]] = {"grunnkrets": {}, "bydel": {}}
    for feature in document["features"]:
        facts = feature["properties"]
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        found[facts["niva"]][facts["kode"]] = (shape, facts)
    return found


def test_borders_are_a_coverage_and_districts_are_made_of_the_same_edges(town: Town) -> None:
    found = borders(town)
    assert (len(found["grunnkrets"]), len(found["bydel"])) == (80, 12)
    for level in found.values():
        shapes = np.array([shape for shape, _ in level.values()])
        assert shapely.is_valid(shapes).all()
        assert shapely.coverage_is_valid(shapes)
    for code, (district, _) in found["bydel"].items():
        inside = [s for s, facts in found["grunnkrets"].values() if facts["bydel"] == code]
        assert shapely.equals(district, shapely.union_all(inside))


def test_the_area_list_knows_every_code_of_every_delivery(town: Town) -> None:
    listed = {r["Kode"]: r for r in read(town, "omrader.csv")}
    assert len(listed) == 1 + 12 + 81
    for name in ("befolkning", "husholdninger", "boforhold", "rekreasjon", "naermiljo"):
        codes = {r["Grunnkrets"] for r in read(town, f"{name}.csv")} - {""}
        assert codes <= set(listed)
    retired = town.truth["deliveries"]["retired"]
    ended = {code: r["Siste år"] for code, r in listed.items() if r["Siste år"]}
    assert ended == {retired["code"]: str(retired["last_year"])}
    assert retired["code"] not in borders(town)["grunnkrets"]


def test_schools_are_those_of_the_register(town: Town) -> None:
    register = town.frames["school"].filter(pl.col("year") == 2024)
    rows = read(town, "skoler.csv")
    told = {r["Skolenummer"]: (r["Skole"], r["Trinn"], r["Eier"]) for r in rows}
    owner = {"private": "Privat", "public": "Kommunen"}
    assert told == {
        str(r["school_id"]): (
            r["name"], f"{r['first_grade']}–{r['last_grade']}", owner[r["owner"]],
        )
        for r in register.iter_rows(named=True)
    }  # fmt: skip


@pytest.mark.parametrize(("name", "low", "high"), [
    ("skolekretser_1_7.csv", 1, 7), ("skolekretser_8_10.csv", 8, 10),
])  # fmt: skip
def test_pupils_go_to_the_school_of_their_catchment(
    town: Town, name: str, low: int, high: int
) -> None:
    """Everybody in a municipal school, in every year; no area is left without a school."""
    school_of = {r["Grunnkrets"]: r["Skolenummer"] for r in read(town, name)}
    assert set(school_of) == set(town.ground.areas.codes)
    private = {r["Skolenummer"] for r in read(town, "skoler.csv") if r["Eier"] == "Privat"}
    assert private.isdisjoint(school_of.values())
    living = town.frames["person"].select("year", "person_id", "grunnkrets")
    pupils = (
        town.frames["pupil"]
        .filter(pl.col("grade").is_between(low, high))
        .join(living, on=["year", "person_id"])
        .select("grunnkrets", school=pl.col("school_id").cast(pl.String))
        .filter(~pl.col("school").is_in(list(private)))
    )
    assert pupils.height > 1000
    assert all(school_of[area] == school for area, school in pupils.unique().iter_rows())
