"""The projections a workspace declares: run on what was delivered, protected, laid ready."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from nabolag.core import LANGS, Finding, Place, UserError, asked_or_first, raise_errors
from nabolag.disclosure.projected import PeopleRule, protected_people
from nabolag.pipeline.inputs import read_inputs
from nabolag.pipeline.observed import Observed
from nabolag.pipeline.plan import load_plan
from nabolag.pipeline.reckoned import Reckoned
from nabolag.pipeline.step import no_progress
from nabolag.projection import Projection, ProjectionResult, ProjectionSpec
from nabolag.projection.axes import bands
from nabolag.projection.explaining import scenario_name
from nabolag.projection.method import EVERYBODY, FIVES
from nabolag.projection.outcomes import cost, demand, dependency
from nabolag.projection.reading import Delivered
from nabolag.projection.result import FLOWS
from nabolag.store import CONFIG_NAME, Workspace

KIND = "projection"


def project_all(specs: Sequence[ProjectionSpec], seen: Observed) -> tuple[Reckoned, ...]:
    """Run every projection. Raises one `UserError` with what is wrong in any of them."""
    delivered = delivered_of(seen)
    found, wrong = [], []
    for spec in specs:
        try:
            found.append(reckoned(Projection(spec).run(delivered)))
        except UserError as mistakes:
            wrong += [_placed(finding) for finding in mistakes.findings]
    if wrong:
        raise UserError(*wrong)
    return tuple(found)


def delivered_of(seen: Observed) -> Delivered:
    """Return what projections are made from: every source's cells, and which area lies in which."""
    files = {source.id: source.named for source in seen.plan.sources}
    return Delivered(seen.inputs.cells, files, seen.inputs.register.closed_links)


def _placed(finding: Finding) -> Finding:
    return finding if finding.place != Place() else replace(finding, place=Place(CONFIG_NAME))


def reckoned(result: ProjectionResult) -> Reckoned:
    """Return a projection as it may leave: everything is made of protected people."""
    spec = result.spec
    people = protected_people(result.table, _rule(spec))
    tables = {"people": people, "dependency": dependency(people, spec.dependency)}
    if spec.service:
        tables["demand"] = demand(people, spec.service)
    if spec.cost is not None:
        tables["cost"] = cost(people, spec.cost)
    if result.homes is not None:
        tables["homes"] = _homes(result)
    if result.backtest is not None:
        tables["errors"] = result.backtest.errors
    tables["flows"] = _flows(result)
    text: dict[str, str] = {lang: result.explain(lang) for lang in LANGS}
    return Reckoned(spec.id, KIND, spec.name, spec.as_dict(), text, _facts(result), tables,
                    result.findings, spec.sources)  # fmt: skip


def _rule(spec: ProjectionSpec) -> PeopleRule:
    asked = [
        EVERYBODY,
        *bands(spec.release.bands),
        spec.dependency.ages,
        *(one.ages for one in spec.service),
        *(rate.ages for rate in (spec.cost.rates if spec.cost else ())),
    ]
    release = spec.release
    coarse = tuple(dict.fromkeys(asked))
    return PeopleRule(release.minimum, release.smallest, release.base, coarse, FIVES,
                      release.pyramid)  # fmt: skip


def _flows(result: ProjectionResult) -> pl.DataFrame:
    """Return flows of the larger areas, rounded like the people; small areas' own stay inside."""
    base = result.spec.release.base
    flows = result.flows_table().filter(pl.col("level") == result.spec.larger.value)
    return flows.with_columns((pl.col(*FLOWS) / base).round() * base)


def _homes(result: ProjectionResult) -> pl.DataFrame:
    """Return the housing programme as delivered: no person stands behind a planned home."""
    spec, homes = result.spec, result.homes
    if spec.housing is None or homes is None:
        raise ValueError("no housing programme is declared")
    year, area, kind = np.nonzero(homes)
    types = [one.type for one in spec.housing.homes]
    return pl.DataFrame({
        "level": [spec.level.value] * len(year),
        "area": [result.places.codes[i] for i in area],
        "year": year + result.base,
        "type": [types[i] for i in kind],
        "homes": homes[year, area, kind],
    })  # fmt: skip


def _facts(result: ProjectionResult) -> dict[str, Any]:
    spec, back = result.spec, result.backtest
    return {
        "base": result.base,
        "last": result.years[-1],
        "event_years": list(result.event_years),
        "scenarios": [
            {"id": one.id, "name": {lang: scenario_name(one, lang) for lang in LANGS}}
            for one in spec.scenario
        ],
        "levels": [one.level.value for one in result.levels],
        "backtest": {"since": back.since, "until": back.until, "whole": back.whole}
        if back
        else None,
    }


def projected_inside(workspace: Workspace, projection: str | None = None) -> ProjectionResult:
    """Run a projection on what is delivered, unprotected. For work inside the house only.

    Raises `UserError` for a projection that is not declared and for deliveries that are wrong.
    """
    plan = load_plan(workspace)
    known = {spec.id: spec for spec in plan.projections}
    spec = asked_or_first(known, projection, "projection_unknown", Place(CONFIG_NAME))
    inputs = read_inputs(workspace, plan, no_progress)
    raise_errors(inputs.findings)
    files = {source.id: source.named for source in plan.sources}
    return Projection(spec).run(Delivered(inputs.cells, files, inputs.register.closed_links))
