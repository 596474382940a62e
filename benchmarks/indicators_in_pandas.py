"""The figures of the benchmark with pandas, year by year, as one would write them by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import indicators_by_hand
import pandas as pd

LOOKED_UP = ("education", "employment", "social_assistance", "pupil")


def count(folder: Path, first: int, years: int) -> Any:
    """Return the sums of every figure by area, and the medians."""
    found, before = [], {}
    for year in range(first, first + years):
        tables = {
            name: pd.read_parquet(folder / name / f"year={year}", columns=columns)
            for name, columns in indicators_by_hand.COLUMNS.items()
        }
        home = tables["household"].merge(
            tables["income_year"].drop(columns="year", errors="ignore"),
            on="household_id",
            how="left",
        )
        home = home.merge(tables["dwelling"].drop(columns="year", errors="ignore"),
                          on="dwelling_id", how="left")  # fmt: skip
        home["income_0"] = home["income_after_tax"] / home["consumption_units"]
        own = home[["household_id", "household_type", "income_0"]]
        some = tables["person"].merge(own, on="household_id", how="left")
        before[year] = some[["person_id", "income_0"]]
        for step in (1, 2):
            past = before.get(year - step)
            if past is None:
                some[f"income_{step}"] = float("nan")
            else:
                named = past.rename(columns={"income_0": f"income_{step}"})
                some = some.merge(named, on="person_id", how="left")
        for name in LOOKED_UP:
            other = tables[name].drop(columns="year", errors="ignore")
            some = some.merge(other, on="person_id", how="left")
        some["age"] = year - some["birth_year"] - 1
        lines = [before[year - s]["income_0"].median() if year - s in before else float("nan")
                 for s in range(3)]  # fmt: skip
        found += _levels(some["grunnkrets"], _persons(some, lines))
        found += _levels(home["grunnkrets"], _households(home, lines[0]))
        for area in _areas(some["grunnkrets"]):
            found.append(some.groupby(area)["income_0"].median().to_frame())
    return pd.concat(found)


def _areas(codes: Any) -> list[Any]:
    return [codes, codes.str[:4], codes.str[:2], pd.Series("0", index=codes.index)]


def _levels(codes: Any, columns: dict[str, Any]) -> list[Any]:
    sums = pd.DataFrame(columns).groupby(codes.to_numpy()).sum()
    index = sums.index.to_series()
    return [sums, *(sums.groupby(area.to_numpy()).sum() for area in _areas(index)[1:])]


def _of(has: Any, among: Any, name: str) -> dict[str, Any]:
    return {f"{name}_n": has & among, f"{name}_d": among}


def _persons(some: Any, lines: list[float]) -> dict[str, Any]:
    age, level = some["age"], some["level"]
    three = some["income_0"] + some["income_1"] + some["income_2"]
    poor, known = three < 0.6 * sum(lines), three.notna()
    work, school, measure = (some[c].fillna(value=False).astype(bool)
                             for c in ("employed", "in_education", "in_measure"))  # fmt: skip
    active = work | school | measure
    told = active | (some["employed"].notna() & some["in_education"].notna())
    everybody = age.notna()
    adult, worker = age.between(25, 66), age.between(20, 66)
    graded = (some["grade"] == 10) & some["grade_points"].notna()
    found = {"population": everybody, "grunnskolepoeng_n": some["grade_points"].where(graded),
             "grunnskolepoeng_d": graded}  # fmt: skip
    for has, among, name in (
        (poor, known, "low_income_persistent"),
        (poor, known & (age <= 17), "low_income_children"),
        (poor, known & (age >= 67), "low_income_persistent_67_plus"),
        (some["income_0"] < 0.6 * lines[0], some["income_0"].notna(), "low_income_persons"),
        (some["months"] >= 1, everybody, "social_assistance_share"),
        (age <= 17, everybody, "aged_0_17"),
        (age >= 67, everybody, "aged_67_plus"),
        (age >= 80, everybody, "aged_80_plus"),
        (some["immigration_category"] == "B", everybody, "immigrants"),
        (some["household_type"] == "single_parent", (age < 18) & some["household_type"].notna(),
         "children_of_single_parents"),
        (work, worker & some["employed"].notna(), "employed_share"),
        (~active, told & age.between(20, 29), "outside_work_education_20_29"),
        (~active, told & age.between(30, 59), "outside_work_education_30_59"),
        (level <= 2, adult & level.notna(), "low_education"),
        (level.between(6, 8), adult & level.notna(), "higher_education"),
    ):  # fmt: skip
        found |= _of(has, among, name)
    return {**found, "dependency_ratio_n": ~worker, "dependency_ratio_d": worker}


def _households(home: Any, median: float) -> dict[str, Any]:
    persons, rooms, area = home["persons"], home["rooms"], home["area_m2"]
    few = (rooms < persons) | ((persons == 1) & (rooms == 1))
    income, debt, costs = home["total_income"], home["debt"], home["housing_costs"]
    everybody, tenure = persons.notna(), home["tenure"]
    net = home["income_after_tax"]
    found = {
        "households": everybody,
        "space_per_person_n": area,
        "space_per_person_d": persons.where(area.notna()),
        "mean_household_income_n": income,
        "mean_household_income_d": income.notna(),
    }
    for has, among, name in (
        (few & (area < persons * 25), rooms.notna() & area.notna(), "crowded_households"),
        (tenure == "tenant", tenure.notna(), "tenant_households"),
        (tenure == "owner", tenure.notna(), "owner_households"),
        (tenure == "cooperative", tenure.notna(), "cooperative_households"),
        ((costs > 0) & (costs > net * 0.25), costs.notna() & net.notna(), "high_housing_costs"),
        (persons == 1, everybody, "single_person_households"),
        (home["children"] > 0, everybody, "households_with_children"),
        (home["transfers"] > income * 0.5, (income > 0) & home["transfers"].notna(),
         "mostly_transfers_households"),
        ((debt > 0) & (debt >= income * 3), (debt <= 0) | (debt.notna() & income.notna()),
         "high_debt_households"),
        (home["income_0"] < 0.6 * median, home["income_0"].notna(), "low_income_households"),
    ):  # fmt: skip
        found |= _of(has, among, name)
    return found
