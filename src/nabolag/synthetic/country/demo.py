"""The country of the demo: Fjordvik with what an analyst is sent, and its neighbours' registers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl

from nabolag.core import error
from nabolag.registers import scan_register
from nabolag.store import CONFIG_NAME
from nabolag.synthetic.ages import write_ages
from nabolag.synthetic.country.borders import write_borders
from nabolag.synthetic.country.spec import CountrySpec
from nabolag.synthetic.country.spending import spending_config
from nabolag.synthetic.country.write import CountryFacts, write_country
from nabolag.synthetic.files import require_workbooks, write_deliveries
from nabolag.synthetic.granted import write_grants
from nabolag.synthetic.ground import Ground, lay_ground
from nabolag.synthetic.ledger import write_ledger
from nabolag.synthetic.municipality import (
    REGISTERS,
    Step,
    count_deliveries,
    known_truth,
    refuse_taken,
    workspace_config,
)
from nabolag.synthetic.school_money import write_school_money
from nabolag.synthetic.spec import FEWEST_PERSONS, MunicipalitySpec

#: The neighbours: code, name, persons, kilometres east and north of Fjordvik. Two counties.
_NEIGHBOURS = (
    ("9902", "Solnes", 21_000, 21, 4),
    ("9903", "Brattsund", 12_000, 4, 22),
    ("9904", "Kvitdal", 7_500, 22, 25),
    ("9801", "Langeid", 26_000, 8, -22),
    ("9802", "Høgberg", 14_000, 28, -17),
    ("9803", "Sandøy", 6_000, -14, -24),
    ("9804", "Djupvatn", 4_500, 42, 2),
)
_IDS = 100_000_000
_TRUTH = "truth"
_NAME = "fjordvik.json"


def demo_spec(seed: int = 2026, persons: int = 60_000) -> CountrySpec:
    """Return Fjordvik with `persons` persons and seven smaller neighbours, about 150 000 in all."""
    town = MunicipalitySpec(seed, persons)
    town = replace(town, first_id=int(town.code) * _IDS, initiatives=True)
    scale = persons / 60_000
    around = tuple(
        replace(
            town,
            code=code,
            name=name,
            persons=round(size * scale),
            grunnkretser=max(14, round(size / 330)),
            bydeler=0,
            east=town.east + east * 1000,
            north=town.north + north * 1000,
            part=True,
            first_id=int(code) * _IDS,
        )
        for code, name, size, east, north in _NEIGHBOURS
    )
    every = (town, *around)
    return CountrySpec(
        seed,
        persons=sum(one.persons for one in every),
        years=town.years,
        first_year=town.first_year,
        municipalities=0,
        mapped=True,
        towns=every,
    )


def write_demo_country(
    folder: Path,
    seed: int = 2026,
    persons: int = 60_000,
    progress: Step | None = None,
    workers: int = 1,
) -> CountryFacts:
    """Write the demo's country: registers, areas, borders, Fjordvik's deliveries and its truth.

    `nabolag.toml` is written last, and describes Fjordvik's deliveries and what is
    counted from everybody's records. Raises `UserError` where the folder holds somebody's own
    workspace, and for a size or a seed that no country can be made of.
    """
    _refuse_numbers(seed, persons)
    require_workbooks()
    refuse_taken(folder)
    (folder / CONFIG_NAME).unlink(missing_ok=True)
    spec = demo_spec(seed, persons)
    facts = write_country(folder, spec, progress, workers)
    grounds = [lay_ground(town) for town in spec.towns]
    ground = grounds[0]
    delivered = count_deliveries(ground, _years_of(folder / REGISTERS, ground))
    write_deliveries(folder, ground, delivered)
    write_school_money(folder, folder / REGISTERS, ground)
    write_ages(folder, folder / REGISTERS, ground)
    write_ledger(folder, folder / REGISTERS, ground)
    write_grants(folder, ground)
    write_borders(folder / "grenser.geojson", grounds)
    text = json.dumps(known_truth(ground), ensure_ascii=False, indent=1, sort_keys=True)
    (folder / _TRUTH / _NAME).write_text(text + "\n", encoding="utf-8")
    config = workspace_config(ground, with_country=True) + spending_config(grounds)
    (folder / CONFIG_NAME).write_text(config, encoding="utf-8")
    return facts


def _refuse_numbers(seed: int, persons: int) -> None:
    if persons < FEWEST_PERSONS:
        raise error("synthetic_too_few_persons", given=persons, least=FEWEST_PERSONS)
    if seed < 0:
        raise error("synthetic_seed_below_zero", given=seed)


def _years_of(registers: Path, ground: Ground) -> Iterator[tuple[int, dict[str, pl.DataFrame]]]:
    """Yield one municipality's records out of the country's, year by year."""
    here = pl.col("grunnkrets").str.starts_with(ground.spec.code)
    for year in ground.spec.all_years:
        now = pl.col("year") == year
        placed = {
            name: scan_register(registers, name).filter(now & here).collect()
            for name in ("person", "household", "dwelling")
        }
        linked = {
            name: scan_register(registers, name)
            .filter(now)
            .join(placed[to].lazy().select(key), on=key, how="semi")
            .collect()
            for name, to, key in (
                ("income_year", "household", "household_id"),
                ("education", "person", "person_id"),
                ("employment", "person", "person_id"),
            )
        }
        yield year, {**placed, **linked}
