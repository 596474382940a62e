"""The contracts of the microdata registers. Final: columns are added by new versions only.

Every register is a yearly file. Persons, households and dwellings stand as they were on
1 January of `year`; income, activity, social assistance and accounts are that calendar year's;
education, pupils and schools are of 1 October, employment of the reference week in November,
kindergartens of 15 December. Identities are running numbers or pseudonyms.
"""

from __future__ import annotations

from typing import Final

from nabolag.registers.fields import (
    GRUNNKRETS,
    HOUSEHOLD_ID,
    LATER_PERSON,
    PERSON_ID,
    YEAR,
)
from nabolag.registers.services import ACCOUNT_LINE, KINDERGARTEN, PUPIL, SCHOOL
from nabolag.registers.spec import Column, CountedBy, ForeignKey, NotAbove, RegisterSpec

SEXES: Final = ("male", "female")
#: Role in the household, from which its type follows.
ROLES: Final = ("single", "partner", "single_parent", "child", "other")
#: Statistics Norway's immigration categories (innvandringskategori): A born in Norway to two
#: Norwegian-born parents, B immigrant, C born in Norway to immigrant parents, E foreign-born
#: with one Norwegian-born parent, F born in Norway with one foreign-born parent, G foreign-born
#: to Norwegian-born parents.
IMMIGRATION_CATEGORIES: Final = ("A", "B", "C", "E", "F", "G")
#: Fine enough for both definitions in use: outside the Nordic countries and Western Europe
#: (SØF-rapport 04/20), and Statistics Norway's two groups of countries.
COUNTRY_GROUPS: Final = (
    "norway",
    "nordic",
    "western_europe",
    "eastern_europe_eu",
    "eastern_europe_other",
    "asia",
    "africa",
    "latin_america",
    "north_america_oceania",
)
#: Columns that describe background: figures by them are described, never ranked or judged.
BACKGROUND: Final = frozenset({"immigration_category", "country_group"})
HOUSEHOLD_TYPES: Final = (
    "single",
    "couple",
    "couple_with_children",
    "single_parent",
    "other",
)
TENURES: Final = ("owner", "cooperative", "tenant")
BUILDINGS: Final = ("detached", "semi_detached", "terraced", "block", "other")
OWNERS: Final = ("private", "cooperative", "municipal", "other")
EVENTS: Final = ("birth", "death", "in_migration", "out_migration", "internal_move")

PERSON: Final = RegisterSpec(
    name="person",
    columns=(
        YEAR,
        PERSON_ID,
        Column("sex", "str", values=SEXES, varies=True),
        Column("birth_year", "i16", unit="year", minimum=1850, maximum=2100, varies=True),
        GRUNNKRETS,
        HOUSEHOLD_ID,
        Column("role", "str", values=ROLES),
        Column("immigration_category", "str", values=IMMIGRATION_CATEGORIES),
        Column("country_group", "str", values=COUNTRY_GROUPS),
    ),
    key=("year", "person_id"),
    foreign_keys=(ForeignKey(("year", "household_id"), "household", ("year", "household_id")),),
    # On 1 January nobody is yet born in the year that begins.
    not_above=(NotAbove("birth_year", "year", strict=True),),
    reference="SSB, Folkemengde (1 January); SSB innvandringskategori",
)

HOUSEHOLD: Final = RegisterSpec(
    name="household",
    columns=(
        YEAR,
        HOUSEHOLD_ID,
        GRUNNKRETS,
        Column("dwelling_id", "i64", minimum=1, nullable=True, private=True, varies=True),
        Column("household_type", "str", values=HOUSEHOLD_TYPES),
        Column("persons", "i16", unit="persons", minimum=1, maximum=40, varies=True),
        Column("children", "i16", unit="persons under 18", minimum=0, maximum=30),
        Column("youngest_age", "i16", unit="years", minimum=0, maximum=130),
        Column("tenure", "str", values=TENURES, nullable=True),
    ),
    key=("year", "household_id"),
    foreign_keys=(ForeignKey(("year", "dwelling_id"), "dwelling", ("year", "dwelling_id")),),
    not_above=(NotAbove("children", "persons"),),
    counted_by=(CountedBy("persons", "person", ("year", "household_id")),),
    reference="SSB, Familier og husholdninger; SSB, Boforhold",
)

DWELLING: Final = RegisterSpec(
    name="dwelling",
    columns=(
        YEAR,
        Column("dwelling_id", "i64", minimum=1, private=True, varies=True),
        GRUNNKRETS,
        Column("building", "str", values=BUILDINGS),
        Column("built_year", "i16", unit="year", minimum=1500, maximum=2100, nullable=True),
        Column("rooms", "i16", unit="rooms", minimum=1, maximum=30, nullable=True),
        Column("area_m2", "f64", unit="m²", minimum=8, maximum=1500, nullable=True, varies=True),
        Column("owner", "str", values=OWNERS),
    ),
    key=("year", "dwelling_id"),
    not_above=(NotAbove("built_year", "year"),),
    reference="Matrikkelen; SSB, Boliger; kitchens and bathrooms are not rooms",
)


def kroner(name: str, minimum: float = 0, nullable: bool = True) -> Column:
    """Return a column of current kroner of one person or household: never shown in a report."""
    return Column(
        name,
        "f64",
        unit="NOK",
        minimum=minimum,
        maximum=5e9,
        nullable=nullable,
        private=True,
        varies=True,
    )


INCOME_YEAR: Final = RegisterSpec(
    name="income_year",
    columns=(
        YEAR,
        HOUSEHOLD_ID,
        kroner("income_after_tax", minimum=-5e7, nullable=False),
        Column("consumption_units", "f64", unit="EU scale", minimum=0.3, maximum=20, varies=True),
        # Before tax, transfers included; may be negative where a business lost money.
        kroner("total_income", minimum=-5e7),
        kroner("transfers"),
        kroner("debt"),
        kroner("housing_costs"),
    ),
    key=("year", "household_id"),
    foreign_keys=(ForeignKey(("year", "household_id"), "household", ("year", "household_id")),),
    reference="SSB, Inntekts- og formuesstatistikk for husholdninger; current kroner",
)


def _school_year(name: str) -> Column:
    return Column(name, "i16", unit="year", minimum=1900, maximum=2100, nullable=True)


EDUCATION: Final = RegisterSpec(
    name="education",
    columns=(
        YEAR,
        PERSON_ID,
        # First digit of NUS2000; 9 (not stated) is null: unknown is never a level.
        Column("level", "i8", minimum=0, maximum=8, nullable=True, reference="SSB, NUS2000"),
        Column("in_education", "bool"),
        # First year in upper secondary, and the year in which it was completed with vocational
        # or university-admission qualifications: completion within so many years of the start.
        _school_year("upper_secondary_start"),
        _school_year("upper_secondary_completed"),
    ),
    key=("year", "person_id"),
    foreign_keys=(LATER_PERSON,),
    not_above=(
        NotAbove("upper_secondary_start", "upper_secondary_completed"),
        NotAbove("upper_secondary_start", "year"),
        NotAbove("upper_secondary_completed", "year"),
    ),
    reference="SSB, Befolkningens utdanningsnivå (1 October); NUS2000; NUDB",
)

EMPLOYMENT: Final = RegisterSpec(
    name="employment",
    columns=(
        YEAR,
        PERSON_ID,
        Column("employed", "bool"),
        Column("in_measure", "bool"),
    ),
    key=("year", "person_id"),
    foreign_keys=(LATER_PERSON,),
    reference="SSB, Registerbasert sysselsetting (reference week in November)",
)

#: Twelve bits, one a month; bit 0 is January.
MONTHS_OF_YEAR: Final = 0b1111_1111_1111


def _months(name: str) -> Column:
    # Unknown where one of the months is: a month nobody knows of is never a month of nothing.
    return Column(
        name, "i16", unit="bits of months", minimum=0, maximum=MONTHS_OF_YEAR, nullable=True
    )


ACTIVITY: Final = RegisterSpec(
    name="activity",
    columns=(
        YEAR,
        PERSON_ID,
        _months("employed_months"),
        _months("education_months"),
        _months("measure_months"),
        _months("unemployed_months"),
    ),
    key=("year", "person_id"),
    foreign_keys=(LATER_PERSON,),
    reference="SSB, Arbeid og velferd (months of the year); registerbasert sysselsetting; NAV",
)

SOCIAL_ASSISTANCE: Final = RegisterSpec(
    name="social_assistance",
    columns=(
        YEAR,
        PERSON_ID,
        Column("months", "i8", unit="months", minimum=1, maximum=12, private=True, varies=True),
        kroner("amount", nullable=False),
    ),
    key=("year", "person_id"),
    foreign_keys=(LATER_PERSON,),
    reference="SSB, Økonomisk sosialhjelp (KOSTRA individual records); current NOK",
)

POPULATION_EVENT: Final = RegisterSpec(
    name="population_event",
    columns=(
        YEAR,
        PERSON_ID,
        Column("event", "str", values=EVENTS, varies=True),
        Column("birth_year", "i16", unit="year", minimum=1850, maximum=2100),
        Column("from_grunnkrets", "str", pattern=r"^\d{8}$", nullable=True),
        Column("to_grunnkrets", "str", pattern=r"^\d{8}$", nullable=True),
    ),
    key=("year", "person_id", "event"),
    not_above=(NotAbove("birth_year", "year"),),
    reference="SSB, Befolkningsendringer: what happened during the year",
)

CONTRACTS: Final[dict[str, RegisterSpec]] = {
    spec.name: spec
    for spec in (
        PERSON,
        HOUSEHOLD,
        DWELLING,
        INCOME_YEAR,
        EDUCATION,
        EMPLOYMENT,
        ACTIVITY,
        SOCIAL_ASSISTANCE,
        POPULATION_EVENT,
        SCHOOL,
        PUPIL,
        KINDERGARTEN,
        ACCOUNT_LINE,
    )
}
