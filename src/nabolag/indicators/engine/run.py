"""Registers in, observations out: year by year, each register read once a year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from nabolag.core import Finding, Indicator, Severity
from nabolag.core.columns import OBSERVATION_KEY
from nabolag.geography import AreaRegister
from nabolag.indicators.engine.accounts import Accounts, of_towns
from nabolag.indicators.engine.answering import no_answer, rule_findings
from nabolag.indicators.engine.areas import Ground, register_of
from nabolag.indicators.engine.checking import measure_problems
from nabolag.indicators.engine.facts import (
    EARLIER,
    MEDIANS,
    UNITS,
    day_of,
    household_facts,
    registers_of,
    years_needed,
)
from nabolag.indicators.engine.finishing import (
    AREA_NOT_DELIVERED,
    NOT_DELIVERED,
    TOO_FEW_YEARS,
    UNKNOWN_FACTS,
    Finish,
    in_order,
    in_school_years,
)
from nabolag.indicators.engine.gathering import AREA, HOUSEHOLD_KEY, INCOME, PERSON_KEY, Year
from nabolag.indicators.engine.measures import Counted, Measure
from nabolag.indicators.engine.medians import Medians
from nabolag.indicators.engine.quotients import (
    divided,
    of_both,
    with_divisors,
    without_divisors,
)
from nabolag.indicators.engine.registers import Registers
from nabolag.indicators.engine.scan import Tally, UnitPlan, median_of
from nabolag.indicators.engine.spec import COVERAGE, Counting, Defined, Measured, YearKeeper
from nabolag.rules import NOT_IN_FORCE, NUMBERS_ABSENT, InForce
from nabolag.store import empty
from nabolag.store.engine import Lazy
from nabolag.store.frames import OBSERVATIONS

_EXAMPLES = 8
_OF_RULES = frozenset({NOT_IN_FORCE, NUMBERS_ABSENT})
_NOTHING_KEPT: Mapping[Counted, Lazy] = {}


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
    whatever its status, but that accounts are of municipalities, their bydeler and what lies
    above, and that quotients begin at their indicator's smallest level.
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

    def income(self, year: int, kept: Mapping[Counted, Lazy] = _NOTHING_KEPT) -> Lazy | None:
        """Return `person_id` and `income_per_unit`, `None` where the year is not delivered.

        `kept` are facts of the year that are gathered already.
        """
        if year not in self.incomes:
            named = registers_of(Counted.PERSON, frozenset({INCOME}))
            if any(year not in self.registers.years(name) for name in named):
                return None
            for old in [known for known in self.incomes if abs(known - year) > 2]:
                del self.incomes[old]
            of_year = Year(self.registers, year, self.bands, kept=kept)
            facts = of_year.facts(Counted.PERSON, frozenset({INCOME}), (PERSON_KEY,))
            self.incomes[year] = self.registers.engine.keep(facts, f"income_{year % 3}")
        return self.incomes[year]

    def median(self, year: int) -> float | None:
        """Return the median over persons; `None` where the year is not delivered."""
        if year not in self.medians:
            income = self.income(year)
            self.medians[year] = (
                None if income is None else median_of(self.registers.engine, income, INCOME)
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
    indicators: Mapping[str, Indicator] = field(init=False)
    past: _Past = field(init=False)

    def __post_init__(self) -> None:
        """Begin with an empty past."""
        self.past = _Past(self.registers, self.asked.age_bands)
        self.indicators = of_both(self.definitions.indicators, self.measures)
        self.measures = with_divisors(self.measures)

    def one_year(self, year: int) -> Measured:
        """Count one year."""
        finish = Finish(self.asked, self.ground, self.indicators, year)
        reasons = {name: self._cannot(measure, year) for name, measure in self.measures.items()}
        plans = self._plans([name for name, reason in reasons.items() if not reason])
        of_year = self._gather(plans, year)
        figures: list[pl.DataFrame] = []
        # The rules of what an indicator is divided by are told of as the indicator's own.
        silent = {
            name: measure
            for name, measure in self.measures.items()
            if reasons[name] in _OF_RULES and name in self.definitions.measures
        }
        findings = rule_findings(silent, self.definitions.numbers, year)
        for plan in plans.values():
            figures += self._unit(plan, of_year, finish, findings)
        observations, coverage = finish.judged(figures)
        layers = [observations]
        for reason in sorted({*reasons.values()} - {""}):
            names = [name for name, said in reasons.items() if said == reason]
            layers.append(finish.missing(names, reason))
        whole = self._accounts(year).settled(pl.concat(layers), self.measures, finish)
        whole = divided(whole, self.measures, self.indicators)
        whole = in_order(in_school_years(whole, self.measures, year), OBSERVATION_KEY)
        coverage = in_school_years(without_divisors(coverage, self.measures), self.measures, year)
        return Measured(whole, coverage, tuple(findings))

    def _accounts(self, year: int) -> Accounts:
        return Accounts(self.ground, self.asked.levels, year)

    def _plans(self, able: Iterable[str]) -> dict[Counted, UnitPlan]:
        """Return what is to be counted of each unit that has something to count."""
        found = {}
        for unit in Counted:
            own = {n: self.measures[n] for n in able if self.measures[n].unit is unit}
            if own:
                found[unit] = UnitPlan(unit, own, self.asked.breakdowns)
        return found

    def _gather(self, plans: Mapping[Counted, UnitPlan], year: int) -> Year:
        """Return the year, with what several units ask for gathered once.

        Households are looked up in by their persons, and persons' incomes by the rules of several
        years; both are gathered before anything is counted.
        """
        kept: dict[Counted, Lazy] = {}
        persons = plans.get(Counted.PERSON)
        asked = frozenset().union(*(plan.facts for plan in plans.values()))
        yearly = asked & (MEDIANS.keys() | EARLIER.keys())
        own = persons.facts if persons else frozenset()
        homes = household_facts(own | ({INCOME} if yearly else set()))
        if homes and (Counted.HOUSEHOLD in plans or (yearly and persons)):
            homes |= plans[Counted.HOUSEHOLD].facts if Counted.HOUSEHOLD in plans else set()
            facts = Year(self.registers, year, self.asked.age_bands).facts(
                Counted.HOUSEHOLD, homes, (HOUSEHOLD_KEY, AREA)
            )
            kept[Counted.HOUSEHOLD] = self.registers.engine.keep(facts, "facts_of_households")
        incomes: dict[int, Lazy] = {}
        steps = {EARLIER[fact] for fact in asked & EARLIER.keys()} | ({0} if yearly else set())
        for step in sorted(steps):
            income = self.past.income(year - step, kept if step == 0 else _NOTHING_KEPT)
            if income is not None:
                incomes[step] = income
        bands, numbers = self.asked.age_bands, self.definitions.numbers
        return Year(self.registers, year, bands, incomes, kept, numbers)

    def _unit(
        self, plan: UnitPlan, of_year: Year, finish: Finish, findings: list[Finding]
    ) -> list[pl.DataFrame]:
        """Return the figures of one unit, before they are judged."""
        numbers: dict[str, float | None] = {"year": float(of_year.year)}
        for fact in sorted(plan.facts & MEDIANS.keys()):
            numbers[fact] = self.past.median(of_year.year - MEDIANS[fact])
        levels, engine = self.asked.levels, self.registers.engine
        parents = self.ground.parents(UNITS[plan.unit].level, levels)
        tally = Tally(plan, of_year, numbers)
        medians = {n: Medians(plan, n, of_year, numbers, parents) for n in plan.medians}
        for part in of_year.parts(plan.unit, plan.facts):
            facts = engine.shorten(part, plan.words) if plan.words else part
            if plan.many_readers:
                facts = engine.keep(facts, f"facts_{plan.unit.value}")
            tally.add(facts)
            for rows in medians.values():
                rows.add(facts)
        sums = tally.sums()
        everywhere = next(iter(sums.values()))
        placed = of_towns(everywhere) if plan.unit is Counted.ACCOUNT else everywhere
        findings += self.ground.unknown(placed, plan.unit.value, levels)
        findings += _in_no_group(plan, sums, of_year.year)
        found = {name: rows.found() for name, rows in medians.items()}
        if plan.unit is Counted.ACCOUNT:
            return self._accounts(of_year.year).figures(plan, sums, found, finish)
        return list(finish.figures(plan, sums, found))

    def _in_force(self, measure: Measure, year: int) -> InForce:
        return self.definitions.numbers.on(day_of(measure.unit, year))

    def _cannot(self, measure: Measure, year: int) -> str:
        """Return why a measure cannot be counted for a year, empty where it can."""
        asked = measure.facts if self.asked.breakdowns else replace(measure, groups=()).facts
        named = registers_of(measure.unit, asked)
        if any(year not in self.registers.years(name) for name in named):
            return NOT_DELIVERED
        if silent := no_answer(measure, self._in_force(measure, year)):
            return silent
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
        pl.col("reason").is_in([UNKNOWN_FACTS, TOO_FEW_YEARS, NOT_DELIVERED, AREA_NOT_DELIVERED])
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
