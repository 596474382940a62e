"""The three committed examples read the real deliveries, with sums the documents state."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import polars as pl
import pytest

from nabolag.core import LANGS, Severity
from nabolag.sources.tables import SourceSpec, TableRead, provenance, read_source
from nabolag.store import parse_section

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = ("oslo", "kristiansand", "imdi")


def specs(example: str) -> dict[str, SourceSpec]:
    file = EXAMPLES / example / "nabolag.toml"
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    found = [
        parse_section(SourceSpec, part, str(file), f"source[{at}]")
        for at, part in enumerate(data["source"], start=1)
    ]
    assert len({spec.id for spec in found}) == len(found)
    return {spec.id: spec for spec in found}


@pytest.fixture(scope="module")
def oslo(data_root: Path) -> dict[str, TableRead]:
    return {name: read_source(spec, data_root) for name, spec in specs("oslo").items()}


@pytest.fixture(scope="module")
def imdi(data_root: Path) -> dict[str, TableRead]:
    return {name: read_source(spec, data_root) for name, spec in specs("imdi").items()}


def number(cells: pl.DataFrame, **where: str) -> float | None:
    found = cells.filter(*(pl.col(name) == value for name, value in where.items()))
    assert found.height == 1
    value: float | None = found["value"][0]
    return value


@pytest.mark.parametrize("example", NAMES)
def test_specifications_hold_words_in_three_languages(example: str) -> None:
    for given in specs(example).values():
        assert all(given.title.in_(lang) for lang in LANGS)
        assert given.title.nb != given.title.en


@pytest.fixture(scope="module")
def kristiansand(data_root: Path) -> dict[str, TableRead]:
    return {name: read_source(spec, data_root) for name, spec in specs("kristiansand").items()}


@pytest.mark.parametrize("example", NAMES)
def test_every_source_reads_without_errors_and_knows_its_origin(
    example: str, request: pytest.FixtureRequest
) -> None:
    reads: dict[str, TableRead] = request.getfixturevalue(example)
    for name, given in specs(example).items():
        result = reads[name]
        assert not [f for f in result.findings if f.severity is Severity.ERROR]
        assert sum(result.facts.statuses.values()) == result.cells.height == result.facts.cells
        hidden = result.cells.filter(~pl.col("status").is_in(["value", "unreliable"]))
        assert hidden["value"].null_count() == hidden.height
        told = provenance(given, result)
        assert told.producer
        assert told.file
        assert not told.file.startswith("/")
        for finding in result.findings:
            assert all(finding.text(lang) for lang in LANGS)


def test_oslo_households_2018_sum_and_totals_left_out(oslo: dict[str, TableRead]) -> None:
    read = oslo["households"]
    in_2018 = read.cells.filter(pl.col("period") == "2018")
    assert in_2018["value"].sum() == 340_444
    (totals,) = read.facts.left_out
    assert totals.rows == 5829
    # District totals and sub-districts are the same households counted twice.
    assert totals.sums["households"] == pytest.approx(read.cells["value"].sum(), rel=1e-12)
    assert read.facts.rows == 33_936
    assert read.dimensions == ("children", "household_type")
    assert read.cells["period"].n_unique() == 11


def test_oslo_households_keep_codes_that_have_no_polygon(
    oslo: dict[str, TableRead], data_root: Path
) -> None:
    map_file = data_root / "1-geography/oslo-delbydeler-2019/oslo_delbydeler.geojson"
    drawn = {f["properties"]["DELBYDEL"] for f in json.loads(map_file.read_text())["features"]}
    assert len(drawn) == 97
    codes = set(oslo["households"].cells["area"])
    assert codes - drawn == {"1701", "9901", "0101", "0107", "0207", "0903"}
    assert drawn <= codes


def test_oslo_income_has_96_of_97_and_the_last_is_not_zero(
    oslo: dict[str, TableRead], data_root: Path
) -> None:
    map_file = data_root / "1-geography/oslo-delbydeler-2019/oslo_delbydeler.geojson"
    drawn = {f["properties"]["DELBYDEL"] for f in json.loads(map_file.read_text())["features"]}
    cells = oslo["income"].cells
    small = cells.filter(pl.col("level") == "delbydel")
    known = small.filter(pl.col("status") == "value")
    assert set(known["area"]) <= drawn
    assert known.height == 96
    assert drawn - set(known["area"]) == {"1601"}
    assert small.filter(pl.col("status") == "missing")["area"].sort().to_list() == [
        "0101", "0107", "0207", "0903",
    ]  # fmt: skip
    assert number(cells, level="delbydel", area="0102") == 367_000
    assert number(cells, level="kommune", area="0301") == 507_000
    assert cells.filter(pl.col("level") == "bydel")["area"].n_unique() == 15


def test_oslo_tenure_shares_make_a_whole(oslo: dict[str, TableRead]) -> None:
    cells = oslo["tenure"].cells.filter(pl.col("measure").is_in(["owner", "cooperative", "tenant"]))
    sums = cells.group_by("level", "area", "period").agg(pl.col("value").sum())
    # Two rows do not add up in the delivered file itself; the source's note says so.
    odd = sums.filter(~pl.col("value").is_between(0.999, 1.001)).sort("area")
    assert odd.select("area", "period").rows() == [("030199", "2015"), ("1103", "2016")]
    assert number(cells, area="0102", period="2015", measure="tenant") == pytest.approx(0.4671)
    assert {part.rows for part in oslo["tenure"].facts.left_out} == {18}


def test_oslo_crowding_series_by_position(oslo: dict[str, TableRead]) -> None:
    cells = oslo["crowding"].cells
    shares = (
        cells.filter(pl.col("measure").str.ends_with("_share"))
        .group_by("area")
        .agg(pl.col("value").sum())
    )
    assert shares.height == 15
    assert shares["value"].is_between(0.999, 1.001).all()
    assert number(cells, area="030101", measure="under_half_room") == 1119
    parts = oslo["crowding_gamle_oslo"].cells.filter(
        pl.col("level") == "delbydel", pl.col("measure") == "under_half_room"
    )
    assert parts["area"].str.starts_with("01").all()
    assert parts["value"].sum() <= 1119


def test_oslo_house_prices_from_one_file_a_district(oslo: dict[str, TableRead]) -> None:
    read = oslo["house_prices"]
    assert len(read.facts.files) == 17
    assert read.facts.marks == {"NaN": 5}
    assert set(read.cells["period"]) == {str(year) for year in range(2004, 2018)}
    assert number(read.cells, area="0102", period="2004") is not None
    assert (
        oslo["house_prices_district"].cells.filter(pl.col("level") == "bydel")["area"].n_unique()
        == 16
    )


def test_imdi_marks_are_counted(imdi: dict[str, TableRead]) -> None:
    read = imdi["low_income"]
    assert read.facts.marks == {".": 5, ":": 237}
    assert read.facts.statuses == {"not_applicable": 5, "suppressed_primary": 237, "value": 2093}
    told = {f.params["mark"]: f.count for f in read.findings if f.code.startswith("source_mark_")}
    assert told == {".": 5, ":": 237}
    assert imdi["social_assistance"].facts.marks == {"": 1, ":": 3182}
    points = imdi["school_points"].facts
    assert points.marks == {"-": 5, ".": 584, ":": 1184}
    assert points.statuses["value"] == 5235


def test_imdi_areas_of_every_level(imdi: dict[str, TableRead]) -> None:
    cells = imdi["low_income"].cells
    by_level = dict(cells.group_by("level").agg(pl.col("area").n_unique()).iter_rows())
    assert by_level["kommune"] == 428
    districts = set(cells.filter(pl.col("level") == "bydel")["area"])
    assert districts == {f"0301{n:02}" for n in range(1, 18)} | {"030199"}
    assert set(by_level) == {"land", "fylke", "kommune", "bydel"}
    assert by_level["land"] == 1
    everyone = {"origin": "alle", "region": "alle"}
    assert number(cells, level="kommune", area="0301", **everyone) == pytest.approx(0.137)


@pytest.mark.parametrize(
    ("source", "rows"),
    [
        ("low_income", 415),
        ("income", 332),
        ("social_assistance", 2490),
        ("school_points", 1992),
        ("employment", 498),
    ],
)
def test_imdi_regions_known_by_number_only_are_left_out_and_counted(
    imdi: dict[str, TableRead], source: str, rows: int
) -> None:
    """83 regions in every table: what they are is shown nowhere in the delivery."""
    left = {part.reason.en: part.rows for part in imdi[source].facts.left_out}
    assert left[next(reason for reason in left if "Business regions" in reason)] == rows
    assert rows % 83 == 0
    assert any(f.code == "source_left_out" and f.count == rows for f in imdi[source].findings)


def test_kristiansand_population(kristiansand: dict[str, TableRead], data_root: Path) -> None:
    read = kristiansand["grunnkrets_properties"]
    assert read.cells["area"].n_unique() == 224
    people = read.cells.filter(pl.col("measure") == "population")
    source = data_root / "1-geography/kristiansand-grunnkretser-2026/grunnkretser.geojson"
    counted = [f["properties"]["folketall"] for f in json.loads(source.read_text())["features"]]
    assert people["value"].sum() == sum(n for n in counted if n is not None)
    # Whatever the example declares that blanks mean, the report says how many there are.
    told = [f for f in read.findings if f.code in ("source_blank", "source_blank_zero")]
    assert [f.count for f in told] == [counted.count(None)] == [10]
