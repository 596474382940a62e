"""The contracts of the microdata registers. Final: columns are added by new versions only.

Every register is a yearly file. Persons, households and dwellings stand as they were on
1 January of `year`; income is that calendar year's; education and employment are the autumn's
(1 October and the reference week in November). Identities are running numbers or pseudonyms.

School, kindergarten, pupil, account line and monthly employment have no contract yet: nothing
in the house reads them, and a contract without a reader would be a guess.
"""

from __future__ import annotations

from typing import Final

from nabolag.registers.spec import Column, CountedBy, ForeignKey, NotAbove, RegisterSpec

YEAR: Final = Column("year", "i16", unit="year", minimum=1960, maximum=2100)
#: Code of the grunnkrets in the borders that the whole delivery is made in.
GRUNNKRETS: Final = Column("grunnkrets", "str", pattern=r"^\d{8}$")
PERSON_ID: Final = Column("person_id", "i64", minimum=1)
HOUSEHOLD_ID: Final = Column("household_id", "i64", minimum=1)

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
        Column("sex", "str", values=SEXES),
        Column("birth_year", "i16", unit="year", minimum=1850, maximum=2100),
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
        Column("dwelling_id", "i64", minimum=1, nullable=True),
        Column("household_type", "str", values=HOUSEHOLD_TYPES),
        Column("persons", "i16", unit="persons", minimum=1, maximum=40),
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
        Column("dwelling_id", "i64", minimum=1),
        GRUNNKRETS,
        Column("building", "str", values=BUILDINGS),
        Column("built_year", "i16", unit="year", minimum=1500, maximum=2100, nullable=True),
        Column("rooms", "i16", unit="rooms", minimum=1, maximum=30, nullable=True),
        Column("area_m2", "f64", unit="m²", minimum=8, maximum=1500, nullable=True),
        Column("owner", "str", values=OWNERS),
    ),
    key=("year", "dwelling_id"),
    not_above=(NotAbove("built_year", "year"),),
    reference="Matrikkelen; SSB, Boliger; kitchens and bathrooms are not rooms",
)

INCOME_YEAR: Final = RegisterSpec(
    name="income_year",
    columns=(
        YEAR,
        HOUSEHOLD_ID,
        Column("income_after_tax", "f64", unit="NOK", minimum=-5e7, maximum=5e9),
        Column("consumption_units", "f64", unit="EU scale", minimum=0.3, maximum=20),
    ),
    key=("year", "household_id"),
    foreign_keys=(ForeignKey(("year", "household_id"), "household", ("year", "household_id")),),
    reference="SSB, Inntekts- og formuesstatistikk for husholdninger; current kroner",
)

EDUCATION: Final = RegisterSpec(
    name="education",
    columns=(
        YEAR,
        PERSON_ID,
        # First digit of NUS2000; 9 (not stated) is null: unknown is never a level.
        Column("level", "i8", minimum=0, maximum=8, nullable=True, reference="SSB, NUS2000"),
        Column("in_education", "bool"),
    ),
    key=("year", "person_id"),
    foreign_keys=(ForeignKey(("year", "person_id"), "person", ("year", "person_id")),),
    reference="SSB, Befolkningens utdanningsnivå (1 October); NUS2000",
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
    foreign_keys=(ForeignKey(("year", "person_id"), "person", ("year", "person_id")),),
    reference="SSB, Registerbasert sysselsetting (reference week in November)",
)

POPULATION_EVENT: Final = RegisterSpec(
    name="population_event",
    columns=(
        YEAR,
        PERSON_ID,
        Column("event", "str", values=EVENTS),
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
        POPULATION_EVENT,
    )
}
