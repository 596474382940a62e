"""Every register-based indicator of the set, counted for a town reckoned on paper."""

from __future__ import annotations

import polars as pl
import pytest

from nabolag.core import Level
from nabolag.indicators import load_definitions, standard_set
from nabolag.indicators.engine import Counted, Counting, RegisterFrames, measure_registers
from nabolag.store.engine import open_engine
from tests.indicators import little_town as town

#: (numerator, denominator) or the figure itself, for the whole town in 2020. The income line is
#: 120 000 kroner a unit each year (60 per cent of a median of 200 000); over the three years the
#: persons of households 2 and 3 are below it, the person of household 6 is not (90, 200, 90).
ORACLE: dict[str, tuple[float, float] | float] = {
    # persons
    "population": 13,
    "aged_0_17": (5, 13),
    "aged_67_plus": (2, 13),
    "aged_80_plus": (1, 13),
    "dependency_ratio": (7, 6),
    "immigrants": (2, 13),
    "immigrants_sof": (1, 13),
    "turnover": (3, 13),
    "new_residents": (3, 13),  # 5, 8 and 12; 6 came from the town itself
    "children_of_single_parents": (2, 5),
    # income
    "low_income_persons": (5, 13),
    "low_income_persistent": (4, 13),
    "low_income_children": (2, 5),
    "low_income_persistent_67_plus": (1, 2),
    "median_income": 200_000,
    "low_income_households": (3, 6),
    "mean_household_income": (2_120_000, 5),
    "mean_income": (2_120_000, 12),
    "mostly_transfers_households": (2, 5),
    "high_debt_households": (1, 5),
    "social_assistance_recipients": 3,
    "social_assistance_share": (3, 13),
    "social_assistance_long_term": (2, 3),
    # work and education
    "employed_share": (2, 6),
    "outside_work_education_20_29": (1, 3),
    "outside_work_education_30_59": (1, 3),
    "neet_15_29": (1, 5),
    "young_unemployed": (1, 5),
    "low_education": (2, 5),
    "higher_education": (2, 5),
    "upper_secondary_not_completed": (1, 3),
    "grunnskolepoeng": (90, 2),
    # households and dwellings
    "households": 6,
    "single_person_households": (3, 6),
    "households_with_children": (2, 6),
    "families_with_three_children": (1, 2),
    "single_parent_households": (1, 2),
    "crowded_households": (2, 5),
    "crowded_families": (1, 2),
    "tenant_households": (3, 6),
    "tenant_families": (1, 2),
    "owner_households": (2, 6),
    "cooperative_households": (1, 6),
    "high_housing_costs": (2, 5),
    "municipal_dwellings": (1, 6),
    "small_dwellings": (3, 5),
    "space_per_person": (314, 11),
    # schools and kindergartens
    "qualified_teachers": (27, 30),
    "other_teaching_hours": (5_000, 22_000),
    "ordinary_hours_per_pupil": (17_000, 400),
    "assistant_hours_ratio": (3_000, 22_000),
    "kindergarten_children_per_staff": (210, 36),
    "kindergarten_teachers": (15, 36),
    "pedagogue_norm_met": (1, 2),
    "kindergarten_attendance": (6, 1),  # only 13 is below five; the others come from elsewhere
    "group_size_1_4": (60_000, 4_000),
    "group_size_5_7": (63_000, 3_000),
    "group_size_8_10": (140_000, 9_000),
    "teacher_norm_met": (1, 2),  # at the first school grades 5–7 are 21 to a teacher
    # the accounts, for each of 13 residents
    "activity_spending": (26_000, 13),
    "health_station_spending": (9_100, 13),
}


@pytest.fixture(scope="module", params=["polars", "duckdb"])
def counted(request: pytest.FixtureRequest) -> pl.DataFrame:
    """The town's observations about everybody in 2020, on each engine of the house."""
    with open_engine(request.param) as engine:
        frames = {name: engine.take(frame) for name, frame in town.registers().items()}
        asked = Counting(
            years=(town.YEAR,),
            levels=(Level.GRUNNKRETS, Level.KOMMUNE, Level.LAND),
            unreliable_above=1.0,
            missing_above=1.0,
        )
        measured = measure_registers(
            RegisterFrames(engine, frames), load_definitions(), town.links(), asked
        )
    assert [f.text("en") for f in measured.findings if f.severity == "error"] == []
    return measured.observations.filter(pl.col("group") == "")


def test_the_oracle_speaks_of_every_register_based_indicator() -> None:
    assert set(ORACLE) == set(standard_set().measures)


@pytest.mark.parametrize("name", ORACLE)
def test_an_indicator_is_what_is_reckoned_on_paper(counted: pl.DataFrame, name: str) -> None:
    expected = ORACLE[name]
    value = expected[0] / expected[1] if isinstance(expected, tuple) else expected
    rows = counted.filter(pl.col("level") == "kommune", pl.col("indicator") == name)
    assert rows["area"].to_list() == [town.TOWN]
    of_schools = standard_set().measures[name].unit is Counted.SCHOOL
    assert rows["period"].to_list() == ["2020/2021" if of_schools else "2020"]
    assert rows["value"][0] == pytest.approx(value, rel=1e-9), rows.to_dicts()
    if isinstance(expected, tuple) and rows["numerator"][0] is not None:
        told = rows["numerator"][0] / rows["denominator"][0]
        assert told == pytest.approx(value, rel=1e-9)


def test_a_part_of_the_town_has_its_own(counted: pl.DataFrame) -> None:
    west = counted.filter(pl.col("area") == town.WEST).rows_by_key("indicator", named=True)
    (crowded,), (persons,) = west["crowded_households"], west["population"]
    assert crowded["value"] == pytest.approx(2 / 3)
    assert persons["value"] == 9
    # To this part of town 6 is new as well; 12 lives in the other.
    (new,) = west["new_residents"]
    assert (new["numerator"], new["denominator"]) == (3, 9)


def test_to_the_country_only_those_from_abroad_are_new(counted: pl.DataFrame) -> None:
    whole = counted.filter(pl.col("level") == "land", pl.col("indicator") == "new_residents")
    assert whole.select("numerator", "denominator").rows() == [(1, 13)]
