"""What a synthetic country is made from, and how it is cut into municipalities and blocks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import polars as pl

from nabolag.synthetic.country.totals import cells_of
from nabolag.synthetic.demand import Cells, Demand
from nabolag.synthetic.life import steady_growth
from nabolag.synthetic.names import municipality_names
from nabolag.synthetic.spec import MunicipalitySpec

#: Usual size of a municipality; the sizes of invented ones follow their rank.
_USUAL_PERSONS, _RANK = 15_600, 1.05
_LEAST_PERSONS = 250
#: From this size a municipality is divided into bydeler, each of about so many persons.
_BYDELER_FROM, _BYDEL_PERSONS = 100_000, 48_000
#: Municipalities of one county, where they are invented.
_COUNTY_SIZE = 24
#: No code of an invented municipality is in use: the first is 9901, and none is below 9000.
_FIRST_COUNTY = 99
_COUNTIES = 10
#: Room for identities in each municipality.
_IDS = 100_000_000
#: Kilometres from one municipality's middle to the next, at sea off Central Norway (EPSG:25833).
_PITCH, _WEST, _SOUTH, _ACROSS = 20_000.0, -150_000.0, 7_100_000.0, 19


@dataclass(frozen=True)
class CountrySpec:
    """Size, years and, where they are given, published totals.

    Without `totals` the municipalities are invented (`municipalities` of them, or as many as
    usual for so many `persons`). With `totals` (columns year, municipality, sex, age, persons;
    see `read_population`), every municipality there is made, and has on each 1 January exactly
    so many persons of each sex and age; `persons` and `growth` then mean nothing. Names of
    places are always invented unless `names` gives a municipality's.

    `mapped` asks for borders. `towns` are municipalities described one by one, which come first.
    """

    seed: int
    persons: int = 150_000
    years: int = 10
    first_year: int = 2015
    municipalities: int | None = None
    growth: float = 0.008
    segregation: float = 0.3
    mapped: bool = False
    block_persons: int = 250_000
    towns: tuple[MunicipalitySpec, ...] = ()
    totals: pl.DataFrame | None = field(default=None, repr=False, compare=False)
    names: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what cannot be made."""
        if self.years < 1 or (self.totals is None and self.persons < _LEAST_PERSONS):
            raise ValueError(f"needs a year, and at least {_LEAST_PERSONS} persons")
        if self.totals is not None and (self.towns or self.mapped):
            raise ValueError("real municipalities get no invented borders or towns")
        if (self.municipalities or 0) > _COUNTY_SIZE * _COUNTIES * 2:
            raise ValueError(f"at most {_COUNTY_SIZE * _COUNTIES * 2} invented municipalities")

    @property
    def all_years(self) -> range:
        """The years with records."""
        return range(self.first_year, self.first_year + self.years)

    def fingerprint(self) -> str:
        """Return what tells this country from any other."""
        plain = asdict(self)
        totals = plain.pop("totals")
        plain["totals"] = "" if totals is None else _hash_of(totals)
        text = json.dumps(plain, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Plan:
    """One municipality and the populations it is to have."""

    spec: MunicipalitySpec
    demands: tuple[Demand, ...]

    @property
    def persons(self) -> int:
        """The population it is made for."""
        return max(demand.persons for demand in self.demands)


@dataclass(frozen=True)
class BlockPlan:
    """Municipalities that are written together: one part of every register and year."""

    number: int
    plans: tuple[Plan, ...]

    @property
    def persons(self) -> int:
        """The population it is made for."""
        return sum(plan.persons for plan in self.plans)


def plan_country(spec: CountrySpec) -> tuple[BlockPlan, ...]:
    """Cut the country into blocks; how depends on nothing but the specification."""
    plans = _invented(spec) if spec.totals is None else _published(spec, spec.totals)
    blocks: list[list[Plan]] = [[]]
    for plan in sorted(plans, key=lambda plan: plan.spec.code):
        if blocks[-1] and sum(p.persons for p in blocks[-1]) + plan.persons > spec.block_persons:
            blocks.append([])
        blocks[-1].append(plan)
    return tuple(BlockPlan(number, tuple(plans)) for number, plans in enumerate(blocks))


def _invented(spec: CountrySpec) -> list[Plan]:
    """Return the towns given, and invented municipalities for the rest of the persons."""
    rest = spec.persons - sum(town.persons for town in spec.towns)
    count = spec.municipalities
    if count is None:
        count = max(1 - len(spec.towns), round(rest / _USUAL_PERSONS)) if rest > 0 else 0
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([spec.seed, 0])))
    names = municipality_names(count, rng)
    taken = {town.code for town in spec.towns}
    codes = [code for code in _codes(count + len(taken)) if code not in taken]
    made = [
        _part(spec, code, names[i], persons, len(taken) + i)
        for i, (code, persons) in enumerate(zip(codes, _sizes(count, rest), strict=False))
    ]
    return [Plan(one, tuple(steady_growth(one))) for one in (*spec.towns, *made)]


def _codes(count: int) -> list[str]:
    """Return codes that no Norwegian municipality has, in counties of as many."""
    size = max(_COUNTY_SIZE, -(-count // _COUNTIES))
    return [f"{_FIRST_COUNTY - i // size:02d}{i % size + 1:02d}" for i in range(count)]


def _sizes(count: int, persons: int) -> list[int]:
    """Return populations by rank, the largest first."""
    if count < 1:
        return []
    weight = 1 / (np.arange(count) + 2.0) ** _RANK
    return [max(_LEAST_PERSONS, round(persons * w)) for w in weight / weight.sum()]


def _published(spec: CountrySpec, totals: pl.DataFrame) -> list[Plan]:
    """Return every municipality of the totals, with its population of every 1 January."""
    years = (*spec.all_years, spec.all_years[-1] + 1)
    found = cells_of(totals, years)
    plans = []
    for number, (code, tables) in enumerate(found.items()):
        demands = tuple(Cells(table) for table in tables)
        name = spec.names.get(code, f"Kommune {code}")
        part = _part(spec, code, name, demands[0].persons, number)
        plans.append(Plan(part, demands))
    return plans


def _part(spec: CountrySpec, code: str, name: str, persons: int, number: int) -> MunicipalitySpec:
    """Describe one municipality of the country."""
    bydeler = round(persons / _BYDEL_PERSONS) if persons >= _BYDELER_FROM else 0
    areas = max(1, round(persons / (250 + persons / 600)))
    return MunicipalitySpec(
        seed=spec.seed,
        persons=persons,
        code=code,
        name=name,
        grunnkretser=max(areas, 12) if spec.mapped else areas,
        bydeler=bydeler,
        first_year=spec.first_year,
        years=spec.years,
        growth=spec.growth,
        east=_WEST + _PITCH * (number % _ACROSS),
        north=_SOUTH + _PITCH * (number // _ACROSS),
        part=True,
        mapped=spec.mapped,
        first_id=int(code) * _IDS,
        segregation=spec.segregation,
    )


def _hash_of(totals: pl.DataFrame) -> str:
    columns: list[Any] = ["year", "municipality", "sex", "age", "persons"]
    hashes = totals.select(columns).sort(columns).hash_rows(seed=1).to_numpy()
    return hashlib.sha256(hashes.tobytes()).hexdigest()
