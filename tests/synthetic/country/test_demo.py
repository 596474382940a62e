"""The demo's country: Fjordvik with its deliveries, neighbours, and borders of every level."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
import shapely

from nabolag.core import LANGS, UserError
from nabolag.registers import scan_register
from nabolag.synthetic import CountryFacts, write_demo_country

PERSONS = 8_000


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, CountryFacts]:
    folder = tmp_path_factory.mktemp("demo")
    return folder, write_demo_country(folder, seed=3, persons=PERSONS)


def test_borders_and_list_have_the_same_areas_at_every_level(
    demo: tuple[Path, CountryFacts],
) -> None:
    folder, facts = demo
    listed = pl.read_csv(folder / "areas.csv", separator=";", infer_schema=False)
    features = json.loads((folder / "grenser.geojson").read_text(encoding="utf-8"))["features"]
    drawn = {(f["properties"]["niva"], f["properties"]["kode"]) for f in features}
    assert drawn == set(listed.select("Nivå", "Kode").iter_rows())
    levels = Counter(level for level, _ in drawn)
    assert (levels["land"], levels["fylke"], levels["kommune"], levels["bydel"]) == (1, 2, 8, 12)
    assert levels["grunnkrets"] == facts.grunnkretser
    area = Counter[str]()
    for f in features:
        shape = shapely.from_geojson(json.dumps(f["geometry"]))
        assert shape.is_valid
        area[f["properties"]["niva"]] += shape.area
    assert area["grunnkrets"] == pytest.approx(area["kommune"], rel=1e-6)
    assert area["land"] == pytest.approx(area["kommune"], rel=1e-6)


def test_the_deliveries_are_fjordviks_alone_and_true_to_the_registers(
    demo: tuple[Path, CountryFacts],
) -> None:
    folder, _ = demo
    table = pl.read_csv(folder / "leveranse/befolkning.csv", separator=";", infer_schema=False)
    told = table.filter(pl.col("Grunnkrets").is_not_null() & (pl.col("Grunnkrets") != ""))
    assert told["Grunnkrets"].str.starts_with("9901").all()
    person = scan_register(folder / "registers", "person").collect()
    here = person.filter(pl.col("grunnkrets").str.starts_with("9901"))
    counted = dict(here.group_by(pl.col("year").cast(pl.String)).len().iter_rows())
    sums = told.group_by("År").agg(pl.col("Personer").cast(pl.Int64).sum())
    assert dict(sums.iter_rows()) == counted
    assert here.height < person.height
    truth = json.loads((folder / "truth/fjordvik.json").read_text(encoding="utf-8"))
    country = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    assert country["municipalities"]["9901"]["exposed"] == truth["exposed"]
    assert country["municipalities"]["9901"]["initiatives"]


@pytest.mark.parametrize(
    ("given", "code", "option", "says"),
    [({"persons": 4_999}, "synthetic_too_few_persons", "--persons", "5000"),
     ({"seed": -1}, "synthetic_seed_below_zero", "--seed", "-1")],
)  # fmt: skip
def test_a_country_that_cannot_be_made_is_told_before_anything_is_written(
    tmp_path: Path, given: dict[str, int], code: str, option: str, says: str
) -> None:
    with pytest.raises(UserError) as refused:
        write_demo_country(tmp_path / "demo", **given)
    (told,) = refused.value.findings
    assert told.code == code
    for lang in LANGS:
        assert told.text(lang).startswith(option)
        assert says in told.text(lang)
    assert not (tmp_path / "demo").exists()
