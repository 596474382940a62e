"""Deliveries beyond the examples: headers of several rows, title lines, marks, copied figures."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from nabolag.core import UserError
from nabolag.sources.checks import copied_down
from nabolag.sources.delimited import read_delimited
from nabolag.sources.file_form import ReadOptions
from nabolag.sources.tables import TableRead, read_source, read_table
from nabolag.store.frames import LINKS
from tests.sources.tables import spec

IMDI = "2-statistics/imdi-2013-2014/bydel"
LATIN = {"encoding": "cp1252", "decimal": ",", "thousands": " ", "header_rows": 3}
DISTRICT = [
    {"level": "kommune", "column": "bydel_nr", "codes": {"301": "0301"}},
    {"level": "bydel", "column": "bydel_nr", "transform": [{"pad": 6}]},
]


def read(root: Path, **over: Any) -> TableRead:
    return read_source(spec(**over), root)


def only(cells: pl.DataFrame, **where: str) -> dict[str, Any]:
    return cells.filter(*(pl.col(k) == v for k, v in where.items())).row(0, named=True)


def test_header_of_three_rows_decimal_comma_and_spaces(data_root: Path) -> None:
    result = read(
        data_root,
        file=f"{IMDI}/90-gjennomsnittsinntekt-bydel-2013.csv",
        read=LATIN,
        area=DISTRICT,
        period={"value": "2013"},
        measure={
            "id": "income",
            "columns": r"innvkat_3\.(?P<origin>\w+) \| vreg_3\.(?P<region>\w+) \| enhet\.kroner",
        },
    )
    cells = result.cells
    assert cells["area"].n_unique() == 18 or cells["area"].n_unique() == 19
    assert only(cells, area="0301", origin="alle")["value"] == 341_500
    assert only(cells, area="030101", origin="innvandrere", region="2")["value"] == 218_800
    # The flat file of the same figures is the oracle for every district.
    flat = pl.read_csv(
        data_root / "2-statistics/imdi-2013-2014/gjennomsnittsinntekt.csv", infer_schema=False
    )
    flat = flat.filter(pl.col("bydel_nr") != "NULL").select(
        pl.col("bydel_nr").replace("000301", "0301").alias("area"),
        pl.col("innvkat_3").alias("origin"), pl.col("vreg_3").alias("region"),
        pl.col("tabellvariabel").cast(pl.Float64, strict=False).alias("flat"),
    )  # fmt: skip
    both = cells.join(flat, on=["area", "origin", "region"], how="left")
    assert both.height == cells.height
    assert both["value"].eq_missing(both["flat"]).all()


def test_marks_with_spaces_around_them(data_root: Path) -> None:
    pattern = r"innvkat_5\.(?P<origin>\w+) \| kjonn\.(?P<sex>\w+) \| enhet\."
    result = read(
        data_root,
        file=f"{IMDI}/92-sosialhjelp-bydel-2013.csv",
        read=LATIN,
        area=DISTRICT,
        period={"value": "2013"},
        measure=[
            {"id": "n", "columns": pattern + "personer"},
            {"id": "share", "columns": pattern + "prosent", "unit": "percent"},
        ],
        marks={"-": "zero"},
    )
    assert result.facts.marks[":"] > 20
    ullern = only(result.cells, area="030106", measure="n", origin="norskfodte_m_innvf", sex="alle")
    assert (ullern["value"], ullern["status"], ullern["mark"]) == (None, "suppressed_primary", ":")


def test_dos_letters_are_refused_until_declared(data_root: Path) -> None:
    given: dict[str, Any] = {
        "file": f"{IMDI}/02-befolkning_verdensregion-bydel-2014.csv",
        "area": DISTRICT,
        "period": {"value": "2014"},
        "measure": {
            "id": "n",
            "columns": r"vreg_5\.(?P<region>\w+) \| kjonn\.alle \| enhet\.personer",
        },
    }
    with pytest.raises(UserError) as caught:
        read(data_root, read={"header_rows": 3}, **given)
    fits = caught.value.findings[0].params["fits"]
    assert fits == "cp865"
    result = read(data_root, read={"header_rows": 3, "encoding": fits}, **given)
    assert only(result.cells, area="030101", region="asia")["value"] == 4804
    names = read_delimited(data_root / given["file"], ReadOptions(encoding=fits), "").frame
    assert "Grünerløkka" in names["Bydel navn"].to_list()


def test_title_lines_and_codes_before_the_name(data_root: Path) -> None:
    result = read(
        data_root,
        file="2-statistics/ssb-population/Personer2022.csv",
        read={"encoding": "cp1252", "header_row": 3},
        area={
            "level": "kommune",
            "column": "region",
            "transform": [{"before": " "}, {"strip_prefix": "K-"}],
        },
        leave_out=[
            {"reason": "Rest", "where": [{"column": "region", "matches": "K-(Rest|21-22|23) .*"}]}
        ],
        period={},
        measure={"id": "persons", "columns": r"Persons (?P<period>\d{4})"},
        dimensions={"age": "age"},
    )
    assert only(result.cells, area="3001", age="0 years")["value"] == 266
    assert only(result.cells, area="3001", age="0 years")["row"] == 4
    assert only(result.cells, area="3001", age="4 years")["value"] == 324
    # 1 January 2022: Statistics Norway counted 5 425 270 persons.
    total = result.cells["value"].sum() + sum(p.sums["persons"] for p in result.facts.left_out)
    assert total == 5_425_270


def test_twenty_years_in_columns_with_letters_after_the_codes(data_root: Path) -> None:
    started = time.monotonic()
    result = read(
        data_root,
        file="2-statistics/ssb-population/Personerward2001-2020.csv",
        read={"encoding": "cp1252", "header_row": 3},
        area={"level": "bydel", "column": "region", "transform": [{"first": 6}]},
        leave_out=[{"reason": "Byen i alt", "where": [{"column": "region", "matches": "[0-9]{4}00.*"}]},
                   {"reason": "Eldre inndeling", "where": [{"column": "region", "matches": r".*\(.*[0-9]{4}\)"}]}],
        period={},
        measure={"id": "persons", "columns": r"Persons (?P<period>\d{4})"},
        dimensions={"age": "age"},
    )  # fmt: skip
    assert result.cells["period"].n_unique() == 20
    assert result.cells.height == 42 * 106 * 20 == 89_040
    assert time.monotonic() - started < 10


def test_workbook_of_the_directorate_of_education(data_root: Path) -> None:
    name = "2-statistics/telemark-kommune/Grunnskolepoeng Udir.xlsx"
    prefix = r"(?P<period>\d{4}-\d{2})\.Alle eierformer\.Begge kjønn\."
    result = read(
        data_root,
        file=name,
        area=[
            {"level": "land", "column": "EnhetNivaa", "codes": {"1": "0"}},
            {
                "level": "fylke",
                "column": "Fylkekode",
                "when": [{"column": "EnhetNivaa", "equals": "2"}],
                "transform": [{"pad": 2}],
            },
            {
                "level": "kommune",
                "column": "Kommunekode",
                "when": [{"column": "EnhetNivaa", "equals": "3"}],
                "transform": [{"pad": 4}],
            },
        ],
        leave_out=[
            {"reason": "Skoler", "where": [{"column": "EnhetNivaa", "not_in": ["1", "2", "3"]}]},
            # Svalbard stands under both the old county and the new one.
            {
                "reason": "Står to ganger",
                "where": [
                    {"column": "Kommunekode", "equals": "2100"},
                    {"column": "Fylkekode", "equals": "54"},
                ],
            },
        ],
        period={"kind": "school_year"},
        measure=[
            {"id": "points", "columns": prefix + "Grunnskolepoeng"},
            {"id": "pupils", "columns": prefix + "Antall elever"},
        ],
    )
    country = only(result.cells, level="land", measure="points", period="2015/2016")
    assert (country["value"], country["row"]) == (41.2, 2)
    assert result.facts.marks["*"] > 0
    hidden = result.cells.filter(pl.col("mark") == "*")
    assert set(hidden["status"]) == {"suppressed_primary"}


GRUNNKRETS = {"level": "grunnkrets", "column": "grunnkrets_id", "transform": [{"pad": 8}]}
NATIONAL = "2-statistics/grunnkrets-national-2015-2016"


def national(root: Path, name: str, columns: list[str]) -> TableRead:
    path = f"{NATIONAL}/grunnkrets_{name}.csv"
    return read_table(
        spec(
            file=path,
            read={"delimiter": ","},
            area=GRUNNKRETS,
            period={"column": "year"},
            measure=[{"id": column, "column": column} for column in columns],
        ),
        root / path,
        path,
    )


def test_income_is_found_to_be_copied_down_and_households_not(data_root: Path) -> None:
    started = time.monotonic()
    income = national(data_root, "income_households", ["all_households", "singles"])
    people = national(data_root, "households_num_persons", ["singles", "couple_without_children"])
    assert income.cells["area"].str.len_chars().unique().to_list() == [8]
    codes = pl.concat([income.cells, people.cells])["area"].unique()
    links = pl.DataFrame(
        {
            "level": "grunnkrets",
            "code": codes,
            "parent_level": "delomrade",
            "parent_code": codes.str.head(6),
        },
        schema=LINKS,
    )
    found = copied_down(income.cells, links)
    assert {f.params["measure"] for f in found} == {"all_households", "singles"}
    assert all(
        f.params["parent_level"] == "delomrade" and f.params["parents"] > 1000 for f in found
    )
    assert not copied_down(people.cells, links)
    assert time.monotonic() - started < 10


def test_parquet_with_codes_in_words(data_root: Path, tmp_path: Path) -> None:
    whole = pl.scan_parquet(
        data_root / "2-statistics/ssb-population/population_age_sex_b2024.parquet"
    )
    year = whole.filter(pl.col("calyear") == 2024, pl.col("granularity_geo") == "municip").collect()
    year.write_parquet(tmp_path / "folk.parquet")
    result = read_table(
        spec(
            file="folk.parquet",
            area={"level": "kommune", "column": "location_code", "transform": [{"after": "nor"}]},
            period={"column": "calyear"},
            measure={"id": "persons", "column": "pop_jan1_n"},
            dimensions=["age", "sex"],
            leave_out=[{"reason": "Begge kjønn", "where": [{"column": "sex", "equals": "total"}]}],
        ),
        tmp_path / "folk.parquet",
        "folk.parquet",
    )
    assert result.cells["area"].n_unique() == 357
    # 1 January 2024: Statistics Norway counted 5 550 203 persons.
    assert result.cells["value"].sum() == 5_550_203


def test_series_without_names_are_told_apart_by_position(data_root: Path) -> None:
    """Which position is which is checked against the labelled files of the same year."""
    folder = "2-statistics/oslo-delbydel/bydelsfakta-json"
    delbydel = {
        "level": "delbydel",
        "column": "data.geography",
        "length": 10,
        "transform": [{"last": 4}],
    }
    common: dict[str, Any] = {
        "format": "json",
        "read": {"path": ["data", "values"]},
        "area": delbydel,
        "period": {"column": "values.date"},
        "leave_out": [
            {"reason": "Summer", "where": [{"column": "data.geography", "in": ["00", "01"]}]}
        ],
    }
    series = [
        {"id": f"s{n}_{what}", "code": str(n), "column": f"values.{what}"}
        for n in (1, 2, 3, 4)
        for what in ("value", "ratio")
    ]
    history = read(
        data_root,
        file=f"{folder}/trangboddhet_historisk.json",
        measure_column="values.#",
        measure=series,
        **common,
    ).cells
    assert set(history["period"]) == {"2015", "2016", "2017"}
    shares = history.filter(pl.col("measure").str.ends_with("ratio"))
    sums = shares.group_by("area", "period").agg(pl.col("value").sum())["value"]
    assert sums.is_between(0.999, 1.001).all()
    named = read(
        data_root,
        file=f"{folder}/trangboddhet_05.json",
        measure={"id": "s4_value", "column": "values.value"},
        **common,
    ).cells
    both = named.join(history, on=["area", "period", "measure"], how="left", validate="1:1")
    assert both.height == 9
    assert both["value"].equals(both["value_right"].alias("value"))
