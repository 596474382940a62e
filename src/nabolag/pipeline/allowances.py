"""`[housing_allowance]` in the thread: a reform tried on registers, and counts protected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import polars as pl

from nabolag.allocation.housing_allowance import (
    HousingAllowanceSpec,
    Reform,
    as_observations,
    grouping,
    indicators,
    links_of,
    of_sizes,
    paid_amounts,
    raised_for,
    simulate,
    summed,
)
from nabolag.core import LANGS, Place, UserError, error, raise_errors
from nabolag.disclosure import Earlier, protect, rule_for
from nabolag.pipeline.counting import SOURCE, register_folder
from nabolag.pipeline.observed import Observed
from nabolag.pipeline.parts import Part
from nabolag.registers import scan_register
from nabolag.rules import HousingAllowanceTerms
from nabolag.store import CONFIG_NAME, Workspace

#: The document and the tables in a release.
NAME = "housing_allowance"
_MONTHS = 12


def allowance_part(
    workspace: Workspace,
    seen: Observed,
    spec: HousingAllowanceSpec,
    before: Sequence[Earlier],
) -> Part:
    """Return what a reform does to households by area and size, protected.

    Raises `UserError` for areas that are not there, a year without records, and tables that
    nobody has given where the workspace does not use the house's example.
    """
    places = _places(seen, spec)
    year, households = _households(workspace, spec, seen, places)
    level = spec.level.value
    terms = _terms(seen, spec, year)
    largest = max(int(households.select(pl.col("persons").max()).collect().item() or 1), 1)
    reform = _solved(households, terms, spec)
    after = reform.applied(terms, largest)
    simulated = simulate(households, terms, after)
    shown = places.with_columns(level=pl.lit(level), area=pl.col("code")).unique("code")
    shown = pl.concat([places, shown]) if spec.each else places
    counts = summed(simulated, shown)
    tried = of_sizes(counts, spec.sizes)
    figures = as_observations(tried, counts, year)
    rules = seen.plan.rules
    safe = protect(figures, rules, indicators(), links_of(places, level), before)
    raise_errors(safe.findings)
    fewest = max(rule_for("allowance_within_new", SOURCE, rules).numerator, 1)
    document = {
        "spec": {**spec.as_dict(), "reform": reform.model_dump(mode="json")},
        "budget": spec.reform.budget,
        "inside_name": spec.inside_name.as_dict(),
        "text": {lang: spec.explain(lang) for lang in LANGS},
        "year": year,
        "whole": list(_whole(seen)),
        "source": SOURCE,
        "before": _plain(terms),
        "after": _plain(after),
        "hidden": dict(safe.summary["hidden"]),
    }
    frames = {
        f"{NAME}-figures": safe.observations,
        f"{NAME}-paid": paid_amounts(tried, fewest),
    }
    return Part(NAME, document, frames, safe.findings, safe.observations)


def _solved(
    households: pl.LazyFrame, terms: HousingAllowanceTerms, spec: HousingAllowanceSpec
) -> Reform:
    """Return the reform, its raise found where a budget is given."""
    if spec.reform.budget is None:
        return spec.reform
    try:
        return raised_for(households.collect(), terms, spec.reform)[0]
    except UserError as wrong:
        raise UserError(*(replace(f, place=Place(CONFIG_NAME)) for f in wrong.findings)) from wrong


def _whole(seen: Observed) -> tuple[str, str]:
    town = seen.plan.about.municipality
    if town is None:
        raise error("allowance_without_municipality", Place(CONFIG_NAME))
    return town.level.value, town.code


def _places(seen: Observed, spec: HousingAllowanceSpec) -> pl.DataFrame:
    """Return which areas are counted in which. Raises `UserError` for those that are not there."""
    links, level = seen.inputs.register.closed_links, spec.level.value
    places = grouping(level, spec.inside, _whole(seen), links)
    known = set(places["code"].unique())
    strange = sorted(set(spec.inside) - known)
    if strange or not known:
        shown = ", ".join(sorted(known)[:8]) or "–"
        raise error(
            "allowance_area_unknown", Place(CONFIG_NAME), given=", ".join(strange) or "–",
            level=spec.level.label.nb.lower(), known=shown,
        )  # fmt: skip
    if known == set(spec.inside):
        raise error("allowance_no_rest", Place(CONFIG_NAME))
    return places


def _households(
    workspace: Workspace, spec: HousingAllowanceSpec, seen: Observed, places: pl.DataFrame
) -> tuple[int, pl.LazyFrame]:
    """Return the households of the municipality in a year, with income and cost a month."""
    folder = register_folder(workspace)
    households, incomes = (scan_register(folder, name) for name in ("household", "income_year"))
    years = set(incomes.select(pl.col("year").unique()).collect()["year"])
    year = spec.year or max(years)
    if year not in years:
        known = ", ".join(map(str, sorted(years)))
        raise error("allowance_year_absent", Place(CONFIG_NAME), given=year, known=known)
    area = _area_of(seen, spec, places)
    now = pl.col("year") == year
    amounts = incomes.filter(now).select("household_id", spec.income, "housing_costs")
    joined = (
        households.filter(now)
        .join(area.lazy(), on="grunnkrets")
        .join(amounts, on="household_id", how="left")
    )
    return year, joined.select(
        "group",
        "persons",
        (pl.col(spec.income) / _MONTHS).alias("income"),
        (pl.col("housing_costs") / _MONTHS).alias("housing_cost"),
    )


def _area_of(seen: Observed, spec: HousingAllowanceSpec, places: pl.DataFrame) -> pl.DataFrame:
    """Return the area of the level that each grunnkrets lies in: `grunnkrets`, `group`."""
    codes = places["code"].unique()
    if spec.level.value == "grunnkrets":
        return pl.DataFrame({"grunnkrets": codes, "group": codes})
    links = seen.inputs.register.closed_links.filter(
        pl.col("level") == "grunnkrets",
        pl.col("parent_level") == spec.level.value,
        pl.col("parent_code").is_in(codes.to_list()),
    )
    return links.select(grunnkrets="code", group="parent_code")


def _terms(seen: Observed, spec: HousingAllowanceSpec, year: int) -> HousingAllowanceTerms:
    given = seen.numbers.numbers
    rules = given.on(spec.day(year))
    if rules.lacks("housing_allowance"):
        raise error("allowance_tables_absent", Place(CONFIG_NAME), date=spec.day(year).isoformat())
    return HousingAllowanceTerms.at(rules.at, given.book)


def _plain(terms: HousingAllowanceTerms) -> dict[str, Any]:
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(terms).items()
        if name not in ("since", "until")
    }
