"""The three examples against the real files: what must fit, and what must be told."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import polars as pl
import pytest

from nabolag.core import Level, Severity, Status
from nabolag.geography import (
    AreaListSpec,
    AreaRegister,
    account_for,
    build_register,
    match,
    read_area_list,
    roll_up,
    unlinked,
)
from nabolag.sources.geometry import GeometrySpec, read_geometries
from nabolag.store import parse_section
from tests.geography.places import ranked, speaks

pytestmark = pytest.mark.data
EXAMPLES = Path(__file__).parents[2] / "examples"


def example(name: str, data_root: Path) -> AreaRegister:
    """Return the register that an example declares."""
    config = tomllib.loads((EXAMPLES / name / "nabolag.toml").read_text(encoding="utf-8"))
    geometries = [
        parse_section(GeometrySpec, part, name, "geometry") for part in config["geometry"]
    ]
    lists = [parse_section(AreaListSpec, part, name, "areas") for part in config["areas"]]
    register = build_register(
        [read_geometries(s, {file: data_root / file for file in s.file}) for s in geometries],
        [read_area_list(s, data_root / s.file if s.file else None, s.file) for s in lists],
    )
    assert not [f for f in register.findings if f.severity is Severity.ERROR]
    speaks(register.findings)
    return register


def count(register: AreaRegister, level: str) -> tuple[int, int]:
    areas, shapes = (
        f.filter(pl.col("level") == level).height for f in (register.areas, register.shapes)
    )
    return areas, shapes


def test_oslo(data_root: Path) -> None:
    register = example("oslo", data_root)
    # 97 with borders, four retired, Marka and «uten registrert adresse».
    assert count(register, "delbydel") == (103, 97)
    assert count(register, "kommune") == (1, 1)
    assert register.name(Level.DELBYDEL, "0102") == "Grønland"
    assert register.parents(Level.DELBYDEL, "0102").rows() == [
        ("bydel", "030101"),
        ("kommune", "0301"),
    ]
    assert register.ancestor(Level.KOMMUNE, Level.LAND).is_empty()


def summed(values: pl.DataFrame, register: AreaRegister, level: Level) -> pl.DataFrame:
    whole = account_for(ranked(values), register, ["period"]).whole
    return roll_up(whole, register, [level], {"numerator": "rank"}, ["period"])


def test_oslo_households_are_conserved(data_root: Path) -> None:
    register = example("oslo", data_root)
    raw = pl.read_csv(
        data_root / "2-statistics/oslo-delbydel/Husholdninger_med_barn_2008-2018.csv", separator=";",
        schema_overrides={"delbydelid": pl.String, "År": pl.String},
    ).filter(pl.col("delbydelid").is_not_null())  # fmt: skip
    values = raw.group_by(area=pl.col("delbydelid").str.slice(6), period=pl.col("År")).agg(
        numerator=pl.col("Antall husholdninger").sum()
    ).with_columns(level=pl.lit("delbydel"), status=pl.lit("value"))  # fmt: skip
    found = {f.code: f for f in match(values, register, carries="numerator")}
    assert found["match_retired"].examples == (
        "0101 Lodalen",
        "0107 Helsfyr",
        "0207 Hasle-Løren",
        "0903 Økern",
    )
    assert found["match_retired"].params["last"] == "2016"
    assert found["match_shapeless"].examples == ("1701 Marka", "9901 Uten registrert adresse")
    assert set(found) == {"match_retired", "match_shapeless"}
    for level in (Level.BYDEL, Level.KOMMUNE):
        up = summed(values, register, level)
        assert unlinked(values, register, [level]).is_empty()
        assert set(up["rank"]) == {Status.VALUE.rank}
        totals = dict(up.group_by("period").agg(pl.col("numerator").sum()).iter_rows())
        assert totals["2018"] == 340_444
        for period, total in values.group_by("period").agg(pl.col("numerator").sum()).iter_rows():
            assert totals[period] == pytest.approx(total, abs=1e-6)


def test_kristiansand(data_root: Path) -> None:
    register = example("kristiansand", data_root)
    assert count(register, "grunnkrets") == (224, 224)
    assert count(register, "levekarssone") == (47, 47)
    assert register.ancestor(Level.GRUNNKRETS, Level.LEVEKARSSONE).height == 220
    outside = next(
        f
        for f in register.findings
        if f.code == "area_parent_absent" and f.params["parent_level"] == "levekarssone"
    )
    assert [example.split()[0] for example in outside.examples] == [
        "42040210",
        "42041904",
        "42042007",
        "42042010",
    ]
    # Codes that end in 00 are delområder, not grunnkretser, and have the six digits of one.
    assert count(register, "delomrade") == (24, 24)


@pytest.mark.parametrize("blank", ["value", "missing"])
def test_kristiansand_population_of_the_mapped_is_conserved(data_root: Path, blank: str) -> None:
    register = example("kristiansand", data_root)
    file = data_root / "1-geography/kristiansand-grunnkretser-2026/grunnkretser.geojson"
    rows = [f["properties"] for f in json.loads(file.read_text(encoding="utf-8"))["features"]]
    people = {row["gk"]: row["folketall"] for row in rows}
    values = pl.DataFrame({
        "level": "grunnkrets", "area": list(people), "period": "2026",
        "numerator": [0.0 if n is None and blank == "value" else n for n in people.values()],
        "status": [blank if n is None else "value" for n in people.values()],
    }, schema_overrides={"numerator": pl.Float64})  # fmt: skip
    up = summed(values, register, Level.LEVEKARSSONE)
    assert up.height == 47
    outside = unlinked(values, register, [Level.LEVEKARSSONE])
    assert (outside.height, outside["numerator"].sum()) == (4, 69)
    mapped = sum(n or 0 for n in people.values()) - 69
    if blank == "value":
        assert up["numerator"].sum() == mapped == 119_021
    else:
        # Nine of the ten blanks lie in a zone: those zones are not known, and nothing is lost elsewhere.
        unknown = set(up.filter(pl.col("rank") == Status.MISSING.rank)["area"])
        parents = dict(register.ancestor(Level.GRUNNKRETS, Level.LEVEKARSSONE).iter_rows())
        assert unknown == {parents[gk] for gk, n in people.items() if n is None and gk in parents}
        known = sum(
            n for gk, n in people.items() if n and gk in parents and parents[gk] not in unknown
        )
        assert up["numerator"].sum() == known


def test_imdi(data_root: Path) -> None:
    register = example("imdi", data_root)
    # 428 of 2013, old Harstad, and Sandefjord of 2017, which only the map has.
    assert count(register, "kommune") == (430, 424)
    assert count(register, "bydel") == (18, 17)
    without = register.areas.filter(pl.col("level") == "kommune").join(
        register.shapes, on=["level", "code"], how="anti"
    )
    assert without["code"].sort().to_list() == ["0706", "0719", "0720", "1144", "1835", "1901"]
    assert register.ancestor(Level.KOMMUNE, Level.LAND).height == 430
    file = data_root / "2-statistics/imdi-2013-2014/sysselsatte_innvkat.csv"
    codes = (
        pl.read_csv(file, infer_schema=False)
        .filter(pl.col("kommune_nr") != "NULL")["kommune_nr"]
        .unique()
    )
    assert codes.len() == 428
    cells = pl.DataFrame({"level": "kommune", "area": codes, "period": "2013"})
    found = {f.code: f for f in match(cells, register)}
    assert set(found) == {"match_without_shape", "match_other_time"}
    assert [e.split()[0] for e in found["match_without_shape"].examples] == [
        "0706",
        "0719",
        "0720",
        "1144",
        "1835",
    ]
    assert found["match_other_time"].examples == ("0710 Sandefjord (fra 2017)",)
