"""From deliveries and registers to observations: everything before anything is hidden."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from nabolag.core import Finding, Indicator, Period, Place, Severity, error, raise_errors
from nabolag.geography import AreaRegister, focused, smaller_elsewhere
from nabolag.indicators import Definitions, load_catalogue, load_definitions, merged, observe
from nabolag.pipeline.contributing import who_stands_behind
from nabolag.pipeline.counting import (
    SOURCE,
    CountingSection,
    count_registers,
    register_folder,
    registers_provenance,
)
from nabolag.pipeline.inputs import Inputs, read_inputs
from nabolag.pipeline.plan import Plan, load_plan
from nabolag.pipeline.rule_numbers import GivenNumbers, NumbersUsed, read_numbers
from nabolag.pipeline.step import BUILD_STEPS, Step
from nabolag.store import CONFIG_NAME, Workspace


@dataclass(frozen=True)
class Observed:
    """Deliveries turned into observations, before anything is hidden. Inside the house only.

    `behind` says who stands behind amounts, where a rule wants to know (`CONTRIBUTIONS`).
    """

    plan: Plan
    inputs: Inputs
    catalogue: Mapping[str, Indicator]
    observations: pl.DataFrame
    findings: tuple[Finding, ...]
    numbers: GivenNumbers
    behind: pl.DataFrame


def observed(workspace: Workspace, step: Step) -> Observed:
    """Read, check and observe everything, registers too. Raises `UserError` with every mistake."""
    plan = load_plan(workspace)
    if not (plan.sources and plan.bindings) and plan.counting is None:
        raise error("nothing_to_build", Place(CONFIG_NAME))
    inputs = read_inputs(workspace, plan, step)
    raise_errors(inputs.findings)
    step("indicators", 0, BUILD_STEPS)
    seen = observe_inputs(workspace, plan, inputs)
    raise_errors(seen.findings)
    if plan.counting is not None:
        seen = _with_counted(workspace, plan.counting, seen, step)
        raise_errors(seen.findings)
    return seen


def _with_counted(
    workspace: Workspace, spec: CountingSection, seen: Observed, step: Step
) -> Observed:
    """Lay what is counted from registers beside what was delivered."""
    house = load_definitions(_catalogues(workspace, seen.plan))
    definitions = replace(house, numbers=seen.numbers.numbers)
    register, geography = seen.inputs.register, seen.plan.about.geography
    counted = count_registers(workspace, spec, definitions, register, step)
    used = _numbers_used(seen, spec, definitions, counted.observations)
    placed = counted.observations.with_columns(geography=pl.lit(geography))
    stamped = used.stamped(placed, SOURCE)
    observations, told = merged(seen.observations, stamped, spec.prefer)
    source = registers_provenance(spec, register_folder(workspace), geography)
    if spec.own_areas_only:
        observations, register = _own_areas(seen.plan, observations, register)
    sources = (*seen.inputs.sources, source, *used.sources())
    inputs = replace(seen.inputs, sources=sources, register=register)
    level = _main_level(seen.plan, observations)
    findings = (*seen.findings, *counted.findings, *used.findings(), *told, *level)
    catalogue = used.broken(seen.catalogue)
    return replace(
        seen, inputs=inputs, catalogue=catalogue, observations=observations, findings=findings
    )


def _numbers_used(
    seen: Observed, spec: CountingSection, definitions: Definitions, counted: pl.DataFrame
) -> NumbersUsed:
    """Return which numbers of rules stand behind what was counted."""
    asked = set(counted["indicator"].unique())
    measures = {name: one for name, one in definitions.measures.items() if name in asked}
    years = years_counted(counted["period"].unique())
    producer = spec.producer or seen.plan.about.name.nb
    return NumbersUsed(replace(definitions, measures=measures), years, seen.numbers, producer)


def years_counted(periods: Iterable[str]) -> tuple[int, ...]:
    """Return the years that were counted; a school year is counted in the year it begins."""
    return tuple(sorted({Period.parse(period).start for period in periods}))


def _own_areas(
    plan: Plan, observations: pl.DataFrame, register: AreaRegister
) -> tuple[pl.DataFrame, AreaRegister]:
    """Leave out areas smaller than the municipality that lie in another. Raises `UserError`."""
    own = plan.about.municipality
    if own is None:
        raise error("counting_own_areas_of_nobody", Place(CONFIG_NAME))
    elsewhere = smaller_elsewhere(register, own.level, own.code).rename({"code": "area"})
    kept = observations.join(elsewhere, on=["level", "area"], how="anti", maintain_order="left")
    return kept, focused(register, own.level, own.code)


def observe_inputs(workspace: Workspace, plan: Plan, inputs: Inputs) -> Observed:
    """Turn what was read into observations; what is wrong is among the findings."""
    catalogue = load_catalogue(_catalogues(workspace, plan))
    numbers = read_numbers(workspace, plan.numbers)
    seen = observe(
        plan.bindings,
        inputs.cells,
        catalogue,
        inputs.register,
        plan.about.geography,
        inputs.recoders,
    )
    # Where registers are counted too, the main level may get its figures from them.
    level = _main_level(plan, seen.observations) if plan.counting is None else ()
    behind, negative = who_stands_behind(plan, inputs, seen)
    findings = (*inputs.findings, *seen.findings, *negative, *level)
    return Observed(plan, inputs, catalogue, seen.observations, findings, numbers, behind)


def _catalogues(workspace: Workspace, plan: Plan) -> list[Path]:
    return [workspace.root / name for name in plan.about.catalogue]


def _main_level(plan: Plan, observations: pl.DataFrame) -> tuple[Finding, ...]:
    """Say where the level that pages open with has no figures."""
    levels = set(observations["level"].unique())
    if not levels or plan.about.main_level.value in levels:
        return ()
    params = {"level": plan.about.main_level.value, "known": ", ".join(sorted(levels))}
    place = Place(CONFIG_NAME)
    return (Finding("main_level_without_figures", Severity.ERROR, place, params),)
