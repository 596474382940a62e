"""Registers in, observations out: year by year, each register read once a year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from nabolag.core import Finding, Severity
from nabolag.core.columns import OBSERVATION_KEY
from nabolag.geography import AreaRegister
from nabolag.indicators.engine.areas import Ground, register_of
from nabolag.indicators.engine.checking import measure_problems
from nabolag.indicators.engine.facts import (
    EARLIER,
    MEDIANS,
    UNITS,
    registers_of,
    years_needed,
)
from nabolag.indicators.engine.finishing import (
    NOT_DELIVERED,
    TOO_FEW_YEARS,
    UNKNOWN_FACTS,
    Finish,
)
from nabolag.indicators.engine.gathering import Year
from nabolag.indicators.engine.measures import Counted, Measure
from nabolag.indicators.engine.medians import medians_of
from nabolag.indicators.engine.registers import Registers
from nabolag.indicators.engine.scan import UnitPlan, add_up, median_of
from nabolag.indicators.engine.spec import COVERAGE, Counting, Defined, Measured, YearKeeper
from nabolag.store import empty
from nabolag.store.engine import Lazy
from nabolag.store.frames import OBSERVATIONS

_EXAMPLES = 8
_INCOME = "income_per_unit"
_PERSON = frozenset({"person_id"})


def measure_registers(
    registers: Registers,
    definitions: Defined,
    areas: AreaRegister | pl.DataFrame,
    asked: Counting,
    *,
    years: YearKeeper | None = None,
    progress: Callable[[int], None] | None = None,
) -> Measured:
    """Count every measure of the definitions, for every year, level and group asked.

    `areas` is the area register, or its links alone (`core.columns.LINKS`). Years that `years`
    already keeps are not counted again; `progress` is told each year that is done. A measure
    that cannot be understood is left out with a finding of severity `ERROR`. Observations
    stand year by year, each year sorted by their key; every area of every level asked has one,
    whatever its status.
    """
    if isinstance(areas, pl.DataFrame):
        areas = register_of(areas)
    problems = [
        problem for name, measure in definitions.measures.items()
        for problem in measure_problems(name, measure)
    ]  # fmt: skip
    wrong = {problem.params["indicator"] for problem in problems}
    sound = {n: m for n, m in definitions.measures.items() if n not in wrong}
    work = _Work(registers, definitions, sound, Ground(areas), asked)
    done = []
    for year in sorted(asked.years):
        found = years.kept(year) if years is not None else None
        if found is None:
            found = work.one_year(year)
            if years is not None:
                years.keep(year, found)
        done.append(found)
        if progress is not None:
            progress(year)
    return _together(done, problems)


@dataclass
class _Past:
    """Persons' income per unit, and its median, of this year and the two before."""

    registers: Registers
    bands: tuple[int, ...]
    incomes: dict[int, Lazy] = field(default_factory=dict)
    medians: dict[int, float | None] = field(default_factory=dict)

    def income(self, year: int) -> Lazy | None:
        """Return `person_id` and `income_per_unit`, `None` where the year is not delivered."""
        if year not in self.incomes:
            named = registers_of(Counted.PERSON, frozenset({_INCOME}))
            if any(year not in self.registers.years(name) for name in named):
                return None
            narrow = Year(self.registers, year, self.bands, {})
            self.remember(year, narrow.facts(Counted.PERSON, frozenset({_INCOME}), _PERSON))
        return self.incomes[year]

    def remember(self, year: int, facts: Lazy) -> None:
        """Keep a year's incomes, and let go of those no later year asks for."""
        for old in [known for known in self.incomes if abs(known - year) > 2]:
            del self.incomes[old]
        slim = facts.select("person_id", _INCOME)
        self.incomes[year] = self.registers.engine.keep(slim, f"income_{year % 3}", "person_id")

    def median(self, year: int) -> float | None:
        """Return the median over persons; `None` where the year is not delivered."""
        if year not in self.medians:
            income = self.income(year)
            self.medians[year] = (
                None if income is None else median_of(self.registers.engine, income, _INCOME)
            )
        return self.medians[year]


@dataclass
class _Work:
    """What stays the same from year to year."""

    registers: Registers
    definitions: Defined
    measures: Mapping[str, Measure]
    ground: Ground
    asked: Counting
    past: _Past = field(init=False)

    def __post_init__(self) -> None:
        """Begin with an empty past."""
        self.past = _Past(self.registers, self.asked.age_bands)

    def one_year(self, year: int) -> Measured:
        """Count one year."""
        indicators = self.definitions.indicators
        finish = Finish(self.asked, self.ground, indicators, year)
        reasons = {name: self._cannot(measure, year) for name, measure in self.measures.items()}
        figures: list[pl.DataFrame] = []
        findings: list[Finding] = []
        for unit in Counted:
            able = {n: m for n, m in self.measures.items() if m.unit is unit and not reasons[n]}
            if able:
                plan = UnitPlan(unit, able, self.asked.breakdowns)
                figures += self._unit(plan, year, finish, findings)
        observations, coverage = finish.judged(figures)
        layers = [observations]
        for reason in (TOO_FEW_YEARS, NOT_DELIVERED):
            names = [name for name, said in reasons.items() if said == reason]
            layers.append(finish.missing(names, reason))
        whole = pl.concat(layers).sort(list(OBSERVATION_KEY))
        return Measured(whole, coverage, tuple(findings))

    def _unit(
        self, plan: UnitPlan, year: int, finish: Finish, findings: list[Finding]
    ) -> list[pl.DataFrame]:
        """Return the figures of one unit, before they are judged."""
        of_year, facts = self._facts(plan, year)
        numbers: dict[str, float | None] = {"year": float(year)}
        for fact in sorted(plan.facts & MEDIANS.keys()):
            numbers[fact] = self.past.median(year - MEDIANS[fact])
        sums = add_up(plan, facts, of_year, numbers)
        levels = self.asked.levels
        findings += self.ground.unknown(next(iter(sums.values())), plan.unit.value, levels)
        findings += _in_no_group(plan, sums, year)
        parents = self.ground.parents(UNITS[plan.unit].level, levels)
        medians = {
            name: medians_of(plan, name, facts, of_year, numbers, parents) for name in plan.medians
        }
        return list(finish.figures(plan, sums, medians))

    def _facts(self, plan: UnitPlan, year: int) -> tuple[Year, Lazy]:
        """Gather a unit's facts; those that are read more than once are kept for the year."""
        back = {EARLIER[fact] for fact in plan.facts & EARLIER.keys()}
        earlier = {step: self.past.income(year - step) for step in sorted(back)}
        known = {step: income for step, income in earlier.items() if income is not None}
        of_year = Year(self.registers, year, self.asked.age_bands, known)
        carried = plan.unit is Counted.PERSON and _INCOME in plan.facts and plan.many_readers
        keys = (
            _PERSON if carried and plan.facts & (MEDIANS.keys() | EARLIER.keys()) else frozenset()
        )
        facts = of_year.facts(plan.unit, plan.facts, keys)
        if plan.many_readers:
            facts = self.registers.engine.keep(facts, f"facts_{plan.unit.value}")
        if keys:
            self.past.remember(year, facts)
        return of_year, facts

    def _cannot(self, measure: Measure, year: int) -> str:
        """Return why a measure cannot be counted for a year, empty where it can."""
        asked = measure.facts if self.asked.breakdowns else replace(measure, groups=()).facts
        named = registers_of(measure.unit, asked)
        if any(year not in self.registers.years(name) for name in named):
            return NOT_DELIVERED
        needed = max(measure.years, years_needed(asked))
        before = range(year - needed + 1, year)
        whole = all(early in self.registers.years(name) for early in before for name in named)
        return "" if whole else TOO_FEW_YEARS


def _in_no_group(
    plan: UnitPlan, sums: Mapping[tuple[str, ...], pl.DataFrame], year: int
) -> list[Finding]:
    """Tell of rows that stand in no part of a breakdown: the fact that parts them is unknown."""
    found = []
    for group, added in sums.items():
        for fact in group:
            if added[fact].null_count():
                params = {"unit": plan.unit.value, "fact": fact}
                places = added.filter(pl.col(fact).is_null())
                found.append(
                    Finding("measure_group_unknown", Severity.INFO, params=params,
                            count=places.height, examples=(str(year),))
                )  # fmt: skip
    return found


def _together(done: list[Measured], problems: Iterable[Finding]) -> Measured:
    """Put the years together, and say once what was noticed in several."""
    observations = pl.concat([empty(OBSERVATIONS), *(one.observations for one in done)])
    coverage = pl.concat([empty(COVERAGE), *(one.coverage for one in done)])
    merged: dict[tuple[str, str], Finding] = {}
    for finding in (finding for one in done for finding in one.findings):
        key = (finding.code, str(sorted(finding.params.items())))
        before = merged.get(key)
        merged[key] = finding if before is None else _added(before, finding)
    findings = (*problems, *merged.values(), *_unsure(observations))
    return Measured(observations, coverage, findings)


def _added(before: Finding, finding: Finding) -> Finding:
    examples = tuple(dict.fromkeys((*before.examples, *finding.examples)))[:_EXAMPLES]
    return replace(before, count=max(before.count, finding.count), examples=examples)


def _unsure(observations: pl.DataFrame) -> list[Finding]:
    """Say of each indicator why figures are missing or unreliable, and in which years."""
    whys = observations.filter(
        pl.col("reason").is_in([UNKNOWN_FACTS, TOO_FEW_YEARS, NOT_DELIVERED])
    )
    listed = (
        whys.group_by("indicator", "reason")
        .agg(pl.len(), pl.col("period").unique().sort())
        .sort("indicator", "reason")
    )
    return [
        Finding(
            f"measure_{reason}",
            Severity.WARNING if reason == UNKNOWN_FACTS else Severity.INFO,
            params={"indicator": indicator},
            count=count,
            examples=tuple(periods[:_EXAMPLES]),
        )
        for indicator, reason, count, periods in listed.iter_rows()
    ]
