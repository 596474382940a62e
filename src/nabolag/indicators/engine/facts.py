"""Which facts definitions may speak of, by whose rows are counted, and where they are found.

Facts are the registers' own columns, some under a clearer name, and a few that are worked out:
`age` on 1 January (`year` − `birth_year` − 1), `age_band`, `income_per_unit` (income after tax per
consumption unit) of the year and of the person's own household one and two years before,
`median_income` of the same years (over persons of the whole delivery), and whether a person moved
in the year. Names end in `_1` and `_2` for one and two years before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Final

from nabolag.core import Level
from nabolag.indicators.engine.measures import Counted
from nabolag.registers import CONTRACTS
from nabolag.rules import Kind

_KINDS = {"bool": Kind.FLAG, "str": Kind.WORD, "f64": Kind.NUMBER}


@dataclass(frozen=True, slots=True)
class Lookup:
    """Facts of another register (or of another unit's facts), found by a key.

    `facts` gives the other's name for each fact. `absent` says what it means not to be there;
    a fact that is not in it is then unknown. `before` is how many years earlier it is looked for.
    """

    source: str
    key: str
    facts: Mapping[str, str]
    unit: Counted | None = None
    absent: Mapping[str, float | bool | str] = field(default_factory=dict)
    before: int = 0


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """Whose rows are counted: their register, where they lie, and what is known of them.

    `area` is the column that says where, `level` the level it is a code of. `worked_out` are the
    facts made of others, with their kind and what they are made of. `day` (month and day) is when
    the register is taken: the rules that are asked are those of that day.
    """

    register: str
    own: Mapping[str, str]
    area: str = "grunnkrets"
    level: Level = Level.GRUNNKRETS
    day: tuple[int, int] = (1, 1)
    lookups: tuple[Lookup, ...] = ()
    worked_out: Mapping[str, tuple[Kind, tuple[str, ...]]] = field(default_factory=dict)


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


_PER_UNIT = {"income_per_unit": (Kind.NUMBER, ("income_after_tax", "consumption_units"))}
#: Facts that are one number a year, the same for everybody.
MEDIANS: Final = {"median_income": 0, "median_income_1": 1, "median_income_2": 2}
#: Facts of a person from the years before.
EARLIER: Final = {"income_per_unit_1": 1, "income_per_unit_2": 2}
_MEDIANS: dict[str, tuple[Kind, tuple[str, ...]]] = dict.fromkeys(MEDIANS, (Kind.NUMBER, ()))
_DWELLING = _same("building", "built_year", "rooms", "area_m2", "owner")
_INCOME = _same(
    "income_after_tax",
    "consumption_units",
    "total_income",
    "transfers",
    "debt",
    "housing_costs",
)
#: What happened to a person in the year, by the event that says so.
MOVES: Final = {
    "moved_in": "in_migration",
    "moved_out": "out_migration",
    "moved_within": "internal_move",
}
#: Whether somebody moved in the year before, and where they then came from: a grunnkrets, or one of
#: these words, which stand in this order after codes. It is empty for those who did not move.
ARRIVED: Final = "arrived"
CAME_FROM: Final = "came_from"
SOMEWHERE, ABROAD = "?", "abroad"

_HOUSEHOLD = UnitFacts(
    "household",
    _same("household_type", "persons", "children", "youngest_age", "tenure"),
    lookups=(
        Lookup("income_year", "household_id", _INCOME),
        Lookup("dwelling", "dwelling_id", _DWELLING),
    ),
    worked_out={**_PER_UNIT, "median_income": _MEDIANS["median_income"]},
)
_PERSON = UnitFacts(
    "person",
    _same("sex", "role", "immigration_category", "country_group"),
    lookups=(
        Lookup(
            "education",
            "person_id",
            _same("level", "in_education", "upper_secondary_start", "upper_secondary_completed"),
        ),
        Lookup("employment", "person_id", _same("employed", "in_measure")),
        Lookup(
            "activity",
            "person_id",
            _same("employed_months", "education_months", "measure_months", "unemployed_months"),
        ),
        # The register lists those who received assistance: not to be there is to have none.
        Lookup(
            "social_assistance",
            "person_id",
            {"assistance_months": "months", "assistance_amount": "amount"},
            absent={"assistance_months": 0, "assistance_amount": 0.0},
        ),
        Lookup("pupil", "person_id", _same("school_id", "grade", "grade_points")),
        Lookup(
            "population_event",
            "person_id",
            _same(*MOVES),
            absent=dict.fromkeys(MOVES, False),
        ),
        Lookup(
            "population_event",
            "person_id",
            _same(ARRIVED, CAME_FROM),
            absent={ARRIVED: False, CAME_FROM: ""},
            before=1,
        ),
        Lookup(
            "household",
            "household_id",
            {
                **_same("household_type", "children", "youngest_age", "tenure"),
                "household_persons": "persons",
                **_DWELLING,
                **_INCOME,
                **_same("income_per_unit"),
            },
            unit=Counted.HOUSEHOLD,
        ),
    ),
    worked_out={
        "age": (Kind.WHOLE, ()),
        "age_band": (Kind.WORD, ()),
        **dict.fromkeys(EARLIER, (Kind.NUMBER, ())),
        **_MEDIANS,
    },
)
#: Every event counts once where somebody came (`direction` is `in`) and once where somebody left
#: (`out`); a birth has no place left and a death none come to. `age` is that of the year's end.
_EVENT = UnitFacts(
    "population_event",
    _same("event", "direction"),
    worked_out={"age": (Kind.WHOLE, ()), "age_band": (Kind.WORD, ())},
)


def _plain(register: str, area: str = "grunnkrets", level: Level = Level.GRUNNKRETS) -> UnitFacts:
    """Return a unit whose facts are its register's own columns."""
    spec = CONTRACTS[register]
    left = {area, spec.partition, *(name for name in spec.names if name.endswith("_id"))}
    return UnitFacts(register, _same(*(n for n in spec.names if n not in left)), area, level)


UNITS: Final[Mapping[Counted, UnitFacts]] = {
    Counted.PERSON: _PERSON,
    Counted.HOUSEHOLD: _HOUSEHOLD,
    Counted.DWELLING: _plain("dwelling"),
    Counted.SCHOOL: replace(_plain("school"), day=(10, 1)),
    Counted.KINDERGARTEN: replace(_plain("kindergarten"), day=(12, 15)),
    Counted.EVENT: _EVENT,
    Counted.ACCOUNT: _plain("account_line", "municipality", Level.KOMMUNE),
}


def day_of(unit: Counted, year: int) -> date:
    """Return the day that a unit's register of a year is taken."""
    return date(year, *UNITS[unit].day)


@cache
def kinds(unit: Counted) -> Mapping[str, Kind]:
    """Return every fact a unit has, with its kind."""
    spec = UNITS[unit]
    found: dict[str, Kind] = {"year": Kind.WHOLE}
    found |= {fact: _kind(spec.register, column) for fact, column in spec.own.items()}
    for lookup in spec.lookups:
        if lookup.unit is not None:
            inner = kinds(lookup.unit)
            found |= {fact: inner[name] for fact, name in lookup.facts.items()}
        else:
            found |= {f: _kind(lookup.source, column) for f, column in lookup.facts.items()}
    return found | {fact: kind for fact, (kind, _) in spec.worked_out.items()}


def _kind(register: str, column: str) -> Kind:
    if column in {*MOVES, ARRIVED}:
        return Kind.FLAG
    if column in {"direction", CAME_FROM}:
        return Kind.WORD
    types = {c.name: c.type for c in CONTRACTS[register].columns}
    return _KINDS.get(types[column], Kind.WHOLE)


@cache
def always_known(unit: Counted) -> frozenset[str]:
    """Return the facts of a unit that no row lacks, by its register's contract."""
    spec = UNITS[unit]
    columns = {c.name for c in CONTRACTS[spec.register].columns if not c.nullable}
    own = {fact for fact, column in spec.own.items() if column in columns}
    return frozenset(own | {"year", *({"age", "age_band"} & set(spec.worked_out))})


def registers_of(unit: Counted, facts: frozenset[str]) -> frozenset[str]:
    """Return the registers that facts are found in, the unit's own included."""
    spec = UNITS[unit]
    found = {spec.register}
    asked = set(facts)
    for fact in facts & set(spec.worked_out):
        asked |= set(spec.worked_out[fact][1])
    if asked & (MEDIANS.keys() | EARLIER.keys()):
        found |= {"person", "household", "income_year"}
    for lookup in spec.lookups:
        named = frozenset(lookup.facts[fact] for fact in asked & set(lookup.facts))
        if named:
            found |= registers_of(lookup.unit, named) if lookup.unit else {lookup.source}
    return frozenset(found)


def years_needed(facts: frozenset[str]) -> int:
    """Return how many years of records facts speak of, the year itself included."""
    before = {**MEDIANS, **EARLIER, ARRIVED: 1, CAME_FROM: 1}
    return 1 + max((before[fact] for fact in facts if fact in before), default=0)


def household_facts(asked: frozenset[str]) -> frozenset[str]:
    """Return the households' facts that facts of persons are."""
    lookups = (one for one in UNITS[Counted.PERSON].lookups if one.unit is Counted.HOUSEHOLD)
    return frozenset(one.facts[fact] for one in lookups for fact in asked & one.facts.keys())
