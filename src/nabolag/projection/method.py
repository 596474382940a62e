"""The projection itself: rates from what happened, every scenario, draws, and a look back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from nabolag.core import Level, error
from nabolag.projection.axes import AGES, OLDEST, SEXES, Ages, Floats, Places, bands, by_group
from nabolag.projection.backtest import Backtest, backtested
from nabolag.projection.engine import Course, run
from nabolag.projection.given import Given, read, residents
from nabolag.projection.rates import Rates, estimate
from nabolag.projection.reading import Delivered
from nabolag.projection.result import FLOWS, Path, ProjectionResult, Summed
from nabolag.projection.spec import ProjectionSpec, ScenarioSection
from nabolag.projection.step import Factors, NewHomes

EVERYBODY = Ages(0, OLDEST)
FIVES = bands(range(0, 91, 5))


@dataclass(frozen=True, slots=True)
class Projection:
    """A projection as it is declared. Call `run` with what was delivered."""

    spec: ProjectionSpec

    def run(self, delivered: Delivered) -> ProjectionResult:
        """Project every scenario. Raises `UserError` for what it cannot be made from."""
        spec, given = self.spec, read(self.spec, delivered)
        base = given.years[-1]
        rates = rates_of(spec, given, base)
        groups = groups_of(spec)
        levels = _levels(spec, given.places, delivered)
        paths = {
            one.id: collected(_course(spec, one, given, rates, base), groups, _rng(spec))
            for one in spec.scenario
        }
        return ProjectionResult(
            spec=spec,
            places=given.places,
            base=base,
            groups=groups,
            history_years=given.years,
            history=by_group(given.people, groups),
            paths=paths,
            levels=levels,
            draws=drawn_totals(spec, given, rates, base) if spec.bounds.draws else None,
            backtest=look_back(spec, given) if spec.backtest else None,
            findings=given.findings,
            homes=given.homes,
            event_years=_used(spec, given, base),
        )


def _rng(spec: ProjectionSpec) -> np.random.Generator | None:
    return np.random.default_rng(spec.seed) if spec.how == "drawn" else None


def _used(spec: ProjectionSpec, given: Given, base: int) -> tuple[int, ...]:
    """Return the latest years before the base that rates are counted in."""
    before = [year for year in given.event_years if year < base]
    return tuple(before[-spec.events.years :])


def rates_of(spec: ProjectionSpec, given: Given, base: int) -> Rates:
    """Return rates of the years before a base. Raises `UserError` where there are none."""
    used = _used(spec, given, base)
    if not used:
        raise error("projection_nothing_before", id=spec.id, year=str(base))
    chosen = np.isin(given.event_years, used)
    events = given.events.of_years(chosen)
    return estimate(events, given.starts(used), given.places, spec.smoothing.plain(), spec.girls)


def groups_of(spec: ProjectionSpec) -> tuple[Ages, ...]:
    """Return every age group that something is asked of, each once, everybody first."""
    working = spec.dependency.ages
    asked = [
        EVERYBODY,
        *bands(spec.release.bands),
        *FIVES,
        working,
        *(service.ages for service in spec.service),
        *(rate.ages for rate in (spec.cost.rates if spec.cost else ())),
    ]
    return tuple(dict.fromkeys(asked))


def path_of(scenario: ScenarioSection, years: int) -> tuple[Factors, ...]:
    """Return a scenario's factors year by year: a straight way over `over` years, then level."""
    steps = np.minimum(np.arange(1, years + 1) / scenario.over, 1.0)

    def at(end: float) -> list[float]:
        return [float(one) for one in 1 + (end - 1) * steps]

    parts = zip(at(scenario.births), at(scenario.deaths), at(scenario.moved_in),
                at(scenario.moved_out), strict=True)  # fmt: skip
    return tuple(Factors(*one) for one in parts)


def _course(
    spec: ProjectionSpec, scenario: ScenarioSection, given: Given, rates: Rates, base: int
) -> Course:
    constraint = given.constraint if scenario.constrained else None
    return Course(given.places, given.at(base), rates, path_of(scenario, spec.years),
                  _Programme.of(spec, scenario, given), constraint)  # fmt: skip


@dataclass(frozen=True)
class _Programme:
    """The housing programme as people: who moves into the new homes of some areas in a year."""

    homes: Floats
    persons: Floats
    from_outside: float

    @classmethod
    def of(cls, spec: ProjectionSpec, scenario: ScenarioSection, given: Given) -> _Programme | None:
        """Return the part of the programme that a scenario builds."""
        if spec.housing is None or given.homes is None:
            return None
        built = given.homes * scenario.homes
        return cls(built, residents(spec.housing), spec.housing.from_outside)

    def __call__(self, year: int, areas: slice) -> NewHomes | None:
        """Return who moves into what is built in a year; nobody where nothing is."""
        built = self.homes[year, areas]
        if not built.any():
            return None
        return NewHomes(np.einsum("at,tsy->asy", built, self.persons), self.from_outside)


def collected(
    course: Course, groups: Sequence[Ages], rng: np.random.Generator | None = None
) -> Path:
    """Run a course and keep people by age group, flows, and the larger areas by single age."""
    places = course.places
    many = len(places.codes)
    people = np.zeros((course.years + 1, many, len(SEXES), len(groups)))
    people[0] = by_group(course.people, groups)
    whole = np.zeros((course.years + 1, len(places.larger), len(SEXES), AGES))
    np.add.at(whole[0], places.inside, course.people)
    flows = np.zeros((course.years, many, len(FLOWS)))
    for areas, year, step in run(course, rng):
        end = step.end
        people[year + 1, areas] = by_group(end, groups)
        np.add.at(whole[year + 1], places.inside[areas], end)
        for at, name in enumerate(FLOWS):
            flows[year, areas, at] = getattr(step, name).sum(axis=(1, 2))
    return Path(people, whole, flows)


def drawn_totals(spec: ProjectionSpec, given: Given, rates: Rates, base: int) -> Floats:
    """Return inhabitants in each drawn run of the main scenario: draw × year × area."""
    main = next(one for one in spec.scenario if one.id == "main")
    course = _course(spec, main, given, rates, base)
    return np.stack(list(_drawn(course, spec.bounds.draws, spec.seed)))


def _drawn(course: Course, draws: int, seed: int) -> Iterator[Floats]:
    for stream in np.random.SeedSequence(seed).spawn(draws):
        totals = np.zeros((course.years + 1, len(course.places.codes)))
        totals[0] = course.people.sum(axis=(1, 2))
        for areas, year, step in run(course, np.random.default_rng(stream)):
            totals[year + 1, areas] = step.end.sum(axis=(1, 2))
        yield totals


def look_back(spec: ProjectionSpec, given: Given) -> Backtest:
    """Project from an earlier year with what was known then, and hold it against what came."""
    if spec.backtest is None:
        raise ValueError("no backtest is declared")
    since, until = spec.backtest.since, given.years[-1]
    if since not in given.years[:-1]:
        known = ", ".join(map(str, given.years[:-1]))
        raise error("projection_backtest_year", id=spec.id, given=str(since), known=known)
    rates = rates_of(spec, given, since)
    before = given.at(since)
    course = Course(given.places, before, rates, (Factors(),) * (until - since))
    path = collected(course, (EVERYBODY,))
    ahead = path.people[-1].sum(axis=(1, 2))
    return backtested(since, until, before.sum(axis=(1, 2)), ahead,
                      given.at(until).sum(axis=(1, 2)), spec.backtest.sizes)  # fmt: skip


def _levels(spec: ProjectionSpec, places: Places, delivered: Delivered) -> tuple[Summed, ...]:
    """Return the levels that are shown. Raises `UserError` for one that no area lies in."""
    asked = spec.release.levels or (spec.larger, spec.level)
    return tuple(_summed(level, spec, places, delivered) for level in dict.fromkeys(asked))


def _summed(level: Level, spec: ProjectionSpec, places: Places, delivered: Delivered) -> Summed:
    if level is spec.level:
        every = np.arange(len(places.codes), dtype=np.int64)
        return Summed(level, places.codes, every)
    links = delivered.links.filter(
        pl.col("level") == spec.level.value, pl.col("parent_level") == level.value
    )
    parent = dict(links.select("code", "parent_code").iter_rows())
    codes = tuple(sorted({parent[code] for code in places.codes if code in parent}))
    if not codes:
        raise error("projection_level_unlinked", id=spec.id, level=level.value)
    number = {code: at for at, code in enumerate(codes)}
    inside = [number.get(parent.get(code, ""), -1) for code in places.codes]
    return Summed(level, codes, np.array(inside, dtype=np.int64))
