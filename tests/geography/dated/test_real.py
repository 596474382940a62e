"""The real changes of Norwegian municipalities, 1986 to today."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from nabolag.core import Level
from nabolag.geography.dated import (
    AreaHistorySpec,
    Borders,
    Crosswalk,
    CrosswalkSpec,
    borders_of,
    changes_of,
    crosswalk_between,
    crosswalk_of,
    dated_areas,
    differing,
    recode_figures,
)
from nabolag.geography.dated.read import read_history, read_weights
from tests.geography.dated.country import SCHEMA
from tests.geography.places import speaks

pytestmark = pytest.mark.data
LEVEL = "kommune"
HISTORY = "1-geography/region-history"


@pytest.fixture(scope="module")
def borders(data_root: Path) -> Borders:
    """Lists since 1838 and weights to the borders of 2024."""
    comma = {"delimiter": ","}
    history = AreaHistorySpec(
        id="history", file="norwegian_regions_history.csv", level_column="nivå",
        levels={"kommune": Level.KOMMUNE, "fylke": Level.FYLKE}, code="regionnummer",
        name="regionnavn", valid_from="gyldig_fra", valid_to="gyldig_til", read=comma,
    )  # fmt: skip
    code = {"transform": [{"last": 4}]}
    weights = CrosswalkSpec(
        id="weights", file="nor_locations_redistricting_b2024.csv", level=LEVEL, to="2024",
        from_code={"column": "location_code_original", **code},
        to_code={"column": "location_code_current", **code}, year="calyear", weight="weighting",
        keep=[{"column": "granularity_geo", "equals": "municip"}], read=comma,
    )  # fmt: skip
    folder = data_root / HISTORY
    read = [
        (history, read_history(history, folder / history.file, history.file)),
        (weights, read_weights(weights, folder / weights.file, weights.file)),
    ]
    return borders_of(read)  # type: ignore[arg-type]


def municipalities(borders: Borders, year: int) -> set[str]:
    return set(borders.areas.at(date(year, 1, 1)).filter(level=LEVEL)["code"])


def way(borders: Borders, year: int) -> Crosswalk:
    return borders.crosswalk([str(year)], "2024").of(str(year))


@pytest.mark.parametrize(
    ("year", "n"),
    [(1986, 454), (2002, 434), (2013, 428), (2017, 426), (2018, 422), (2020, 356), (2024, 357)],
)
def test_as_many_municipalities_as_there_were(borders: Borders, year: int, n: int) -> None:
    assert len(municipalities(borders, year)) == n


def test_counties_were_merged_in_2020_and_parted_in_2024(borders: Borders) -> None:
    def counties(year: int) -> int:
        listed = borders.areas.at(date(year, 1, 1)).filter(level="fylke")
        return listed.filter(~pl.col("code").is_in(["21", "22", "23", "99"])).height

    assert [counties(year) for year in (2017, 2018, 2020, 2024)] == [19, 18, 11, 15]


@pytest.mark.parametrize("year", range(1986, 2024, 3))
def test_every_code_of_a_year_has_a_way_to_today(borders: Borders, year: int) -> None:
    table = way(borders, year).table
    there = municipalities(borders, year)
    lacking = there - set(table["from_code"])
    # The weights file has lost what was given up before 2005 without a successor of the code.
    assert not lacking or year < 2005, lacking
    assert set(table["to_code"]) <= municipalities(borders, 2024)
    sums = table.group_by("from_code").agg(pl.col("weight").sum())["weight"]
    assert sums.to_list() == pytest.approx([1.0] * sums.len())


def invented(codes: list[str], year: int) -> pl.DataFrame:
    """Return people for every code: whole numbers that differ, so that nothing cancels."""
    rows = [
        (str(year), LEVEL, code, str(year), "", 0.0, 0, float(7 * at + 3), 0, float(100 + 31 * at), 0, "")
        for at, code in enumerate(codes)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").with_columns(
        value=pl.col("numerator") / pl.col("denominator")
    )


@pytest.mark.parametrize("year", [1986, 1992, 2002, 2013, 2017, 2019, 2020, 2023])
def test_a_round_trip_conserves_totals(borders: Borders, year: int) -> None:
    there = way(borders, year)
    codes = there.table["from_code"].unique().sort().to_list()
    old = invented(codes, year)
    new = recode_figures(old, there, "share").figures
    assert new["numerator"].sum() == pytest.approx(old["numerator"].sum())
    assert new["denominator"].sum() == pytest.approx(old["denominator"].sum())
    back = there.inverse(old.select("level", code="area", persons="denominator"))
    home = recode_figures(new.drop("conversion", "lower", "upper"), back, "share").figures
    assert home["numerator"].sum() == pytest.approx(old["numerator"].sum())
    # People come home exactly where no area was divided by a guess on the way.
    divided = there.table.filter(pl.col("basis") != "whole")
    touched = there.table.join(divided, on="to_code", how="semi")["from_code"]
    same = home.join(old.select("area", was="denominator"), on="area").filter(
        ~pl.col("area").is_in(touched.to_list())
    )
    assert same["denominator"].to_list() == pytest.approx(same["was"].to_list())
    assert same.height >= len(codes) - touched.n_unique()


def codes_of(path: Path) -> set[str]:
    with path.open(encoding="utf-8") as file:
        return {row["kommune_nr"] for row in csv.DictReader(file)} - {"NULL"}


def test_427_of_428_codes_of_2013_land_on_todays_map_and_the_last_is_explained(
    borders: Borders, data_root: Path
) -> None:
    imdi = data_root / "2-statistics/imdi-2013-2014"
    codes = codes_of(imdi / "vedvarende_lavinntekt.csv")
    assert len(codes) == 428
    shapes = json.loads(
        (data_root / "1-geography/kommuner-2024-robhop/Kommuner-S.geojson").read_text("utf-8")
    )
    drawn = {feature["properties"]["kommunenummer"] for feature in shapes["features"]}
    assert len(drawn) == 357
    told = recode_figures(invented(sorted(codes), 2013), way(borders, 2013), "share")
    everything = borders.crosswalk(["2013"], "2024")
    landed = set(everything.of("2013").table.filter(pl.col("from_code").is_in(codes))["from_code"])
    assert len(landed) == 427
    assert set(told.figures["area"]) <= drawn
    assert codes - landed == {"1901"}
    # Harstad gave up 1901 when it was merged with Bjarkøy into 1903, on 1 January 2013.
    spell = borders.areas.spells(Level.KOMMUNE, "1901").row(-1, named=True)
    assert (spell["name"], spell["valid_to"]) == ("Harstad", date(2013, 1, 1))
    explained = recode_figures(invented(["1901"], 2013), everything, "share")
    assert speaks(explained.findings) == ["recode_code_unknown"]
    assert "–2012 → 5503" in explained.findings[0].text("nb")
    # The file of employed persons says 1903, and all of its codes land.
    assert codes_of(imdi / "sysselsatte_innvkat.csv") <= set(
        everything.of("2013").table["from_code"]
    )


def test_klass_changes_of_2024_hold_against_the_lists(borders: Borders, data_root: Path) -> None:
    path = data_root / "3-expenditure-allocation/kostra/kommune_code_history.json"
    told = json.loads(path.read_text("utf-8"))["endringer"]
    rows = [
        (LEVEL, old["code"], new, date.fromisoformat(old["validTo"]))
        for new, entry in told.items()
        for old in entry["oldCodes"]
    ]
    frame = pl.DataFrame(rows, schema=["level", "from_code", "to_code", "date"], orient="row")
    changes = changes_of(frame, borders.areas)
    assert len(rows) > 100
    named = {finding.code: finding for finding in changes.findings}
    assert "changes_unknown_from" not in named
    assert "changes_unknown_to" not in named
    # Only what it calls pure changes of code stand there: Haram, which was born, does not.
    assert "1580 Haram" in named["changes_unborn"].examples
    step = crosswalk_between(borders.areas, changes, "2023", "2024")
    ready = way(borders, 2023).table.select("from_code", "to_code")
    pairs = step.table.filter(level=LEVEL).select("from_code", "to_code")
    other = pairs.join(ready, on=["from_code", "to_code"], how="anti")
    # Two changed name and code on the same day, and so are not among its «pure» changes.
    assert other["from_code"].to_list() == ["3018", "5414"]
    gaps = {example.partition(" ")[0] for example in named["changes_gap"].examples}
    assert {"3018", "5414"} <= gaps
    stranded = [finding for finding in step.findings if finding.code == "crosswalk_stranded"]
    assert set(stranded[0].examples) == {"3018", "5414"}


def test_a_list_that_mixes_up_namesakes_is_found_out(borders: Borders, data_root: Path) -> None:
    """Nes in Buskerud is not Nes in Akershus, though a published list sends it there."""
    path = data_root / HISTORY / "norwegian_region_transitions.csv"
    with path.open(encoding="utf-8") as file:
        rows = [
            ("2017", LEVEL, row["from_id"], row["to_id"], 1.0)
            for row in csv.DictReader(file)
            if (row["level"], row["from_year"]) == ("municipality", "2017")
        ]
    names = ["geography", "level", "from_code", "to_code", "weight"]
    frame = pl.DataFrame(rows, schema=names, orient="row")
    ready = borders.crosswalk(["2017", "2021"], "2024")
    through = crosswalk_of(frame, "2021").then(ready.of("2021"))
    told = differing(through, ready.of("2017"))
    assert speaks(told) == ["crosswalk_differs"]
    assert {"0616", "1243", "0137"} <= set(told[0].examples)
    # Of a list of 245 the rest agrees, but for what was parted and is there sent one way.
    assert told[0].count < 10


def test_lists_of_1838_to_today_are_read_whole(borders: Borders) -> None:
    assert borders.areas.codes.height > 1500
    codes = [finding.code for finding in borders.areas.findings]
    assert "dated_reused" in codes
    assert dated_areas(borders.areas.codes).codes.height == borders.areas.codes.height


@pytest.mark.parametrize("year", [1990, 2013, 2019, 2021, 2023])
def test_counties_come_together_and_part_again(data_root: Path, year: int) -> None:
    """Viken of 2020 is parted in 2024 by the people of the municipalities that went each way."""
    code = {"transform": [{"last": 2}]}
    spec = CrosswalkSpec(
        id="counties", file="nor_locations_redistricting_b2024.csv", level="fylke", to="2024",
        from_code={"column": "location_code_original", **code},
        to_code={"column": "location_code_current", **code}, year="calyear", weight="weighting",
        basis="population", keep=[{"column": "granularity_geo", "equals": "county"}],
        read={"delimiter": ","},
    )  # fmt: skip
    path = data_root / HISTORY / spec.file
    counties = borders_of([(spec, read_weights(spec, path, spec.file))])
    there = counties.crosswalk([str(year)], "2024").of(str(year))
    assert there.table["to_code"].n_unique() == 15
    old = invented(there.table["from_code"].unique().sort().to_list(), year)
    old = old.with_columns(level=pl.lit("fylke"))
    told = recode_figures(old, there, "share").figures
    assert told["denominator"].sum() == pytest.approx(old["denominator"].sum())
    back = there.inverse(old.select("level", code="area", persons="denominator"))
    home = recode_figures(told.drop("conversion", "lower", "upper"), back, "share").figures
    assert home["numerator"].sum() == pytest.approx(old["numerator"].sum())
    if year == 2021:
        viken = there.table.filter(from_code="30")
        assert set(viken["to_code"]) == {"31", "32", "33"}
        assert viken["basis"].unique().to_list() == ["population"]
