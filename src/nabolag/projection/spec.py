"""`[[projection]]`: what is projected, from which deliveries, with which assumptions."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, model_validator

from nabolag.core import Level
from nabolag.projection.axes import OLDEST, Ages
from nabolag.projection.rates import Smoothing
from nabolag.store import Section, Words


def _as_ages(given: Any) -> Any:
    if isinstance(given, list | tuple) and len(given) == 2:
        return Ages(int(given[0]), int(given[1]))
    if isinstance(given, Ages):
        return given
    raise ValueError("ages are written [from, to], both included")


#: An age group as it is declared: `[0, 5]`, both ends included; `[80, 105]` is 80 and over.
AgeRange: TypeAlias = Annotated[
    Ages, BeforeValidator(_as_ages), PlainSerializer(lambda ages: [ages.start, ages.to])
]


def _rising(edges: tuple[int, ...]) -> tuple[int, ...]:
    if not edges or edges[0] != 0 or list(edges) != sorted(set(edges)) or edges[-1] > OLDEST:
        raise ValueError("age bands are lowest ages, rising, the first 0")
    return edges


Edges: TypeAlias = Annotated[tuple[int, ...], AfterValidator(_rising)]
#: Where a number that is not in the documents stands: how far it can be relied on.
Standing: TypeAlias = Literal["in_force", "proposed", "announced", "recommended", "example"]


class PeopleSection(Section):
    """Who lives where: a `[[source]]` with one number an area, year, sex and single year of age.

    `sexes` says what the source calls women and men. `absent = "zero"` declares that a
    combination without a row has nobody; otherwise it is refused.
    """

    source: str
    measure: str
    age: str = "alder"
    sex: str = "kjonn"
    sexes: dict[str, str] = Field(default_factory=lambda: {"female": "kvinner", "male": "menn"})
    absent: Literal["refuse", "zero"] = "refuse"

    @model_validator(mode="after")
    def _both_sexes(self) -> PeopleSection:
        if set(self.sexes) != {"female", "male"}:
            raise ValueError("sexes names what the source calls female and male")
        return self


class EventsSection(PeopleSection):
    """What happened in each year, by age at its end: births are by the mother's age.

    Every name is a measure of the source, which has both areas' own events and the larger
    areas'. `years` is how many of the latest years are used. `own` says which events are held as
    the areas' own too.
    """

    measure: str = ""
    births: str
    deaths: str
    moved_out: str
    moved_in: str
    moved_within: str = ""
    years: int = Field(default=5, ge=1)
    own: tuple[Literal["births", "deaths", "moved_out", "moved_in"], ...] = ()


class SmoothingSection(Section):
    """How much is borrowed from ages around and from the larger area (`rates.Smoothing`)."""

    window: int = Field(default=2, ge=0, le=20)
    exposure: float = Field(default=200.0, ge=0)
    events: float = Field(default=100.0, gt=0)
    persons: float = Field(default=50.0, ge=0)

    def plain(self) -> Smoothing:
        """Return the plain numbers."""
        return Smoothing(self.window, self.exposure, self.events, self.persons)


class ScenarioSection(Section):
    """A course of its own: what rates are multiplied by when `over` years have passed.

    The way there is straight; `over = 1` holds from the first year. `homes` is the share of the
    housing programme that is built. `constrained = false` lets the scenario go its own way where
    the projection is held to another.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,29}$")
    name: Words | None = None
    births: float = Field(default=1.0, ge=0)
    deaths: float = Field(default=1.0, ge=0)
    moved_in: float = Field(default=1.0, ge=0)
    moved_out: float = Field(default=1.0, ge=0)
    homes: float = Field(default=1.0, ge=0)
    over: int = Field(default=1, ge=1)
    constrained: bool = True


class ResidentsSection(Section):
    """How many persons of an age group move into one new home."""

    ages: AgeRange
    persons: float = Field(ge=0)


class HomeTypeSection(Section):
    """A type of home, as the programme calls it, and who moves into one of them."""

    type: str
    residents: tuple[ResidentsSection, ...] = Field(min_length=1)


class HousingSection(Section):
    """The housing programme: a `[[source]]` of homes by area, year and type.

    `from_outside` is the share of the residents who come from outside the larger area; the others
    leave homes inside it. Homes like those of the years that rates are from are in the rates
    already: declare those that come beside them.
    """

    source: str
    measure: str
    type: str = "boligtype"
    from_outside: float = Field(ge=0, le=1)
    homes: tuple[HomeTypeSection, ...] = Field(min_length=1)


class ConstraintSection(Section):
    """A projection that areas are held to: a `[[source]]` of persons by area, year and age.

    `ages` translates the source's age groups; without `sex` its numbers are of both.
    """

    source: str
    measure: str
    level: Level
    age: str = ""
    ages: dict[str, AgeRange] = Field(default_factory=dict)
    sex: str = ""
    sexes: dict[str, str] = Field(default_factory=dict)


class DependencySection(Section):
    """Persons outside working age over persons in it, and where that is high.

    The bands are those of KS, Status Kommune 2025 (L3202–3206). The ages are not printed there;
    20–64 give about as many municipalities above the bands as are printed, 20–66 next to none
    (docs/projection.md).
    """

    ages: AgeRange = Ages(20, 64)
    high: float = 0.95
    very_high: float = 1.05


class CostRateSection(Section):
    """Kroner a year for one inhabitant of an age group."""

    ages: AgeRange
    kroner: float = Field(ge=0)


class CostSection(Section):
    """Rates that tell what more inhabitants of an age cost: Σ rate × change since the year before.

    `prices` is the year the kroner are of, `status` how far the table can be relied on.
    """

    prices: int
    valid_from: date
    source: Words
    status: Standing
    rates: tuple[CostRateSection, ...] = Field(min_length=1)


class ServiceSection(Section):
    """A service that persons of some ages use: `coverage` is the share of them who do."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,29}$")
    name: Words | None = None
    ages: AgeRange
    coverage: float = Field(ge=0, le=2)
    source: Words
    status: Standing


class BoundsSection(Section):
    """How far chance alone can move the main scenario: so many draws of whole persons.

    `share` of the draws lie within the bounds. Without draws the bounds are the scenarios'.
    """

    draws: int = Field(default=0, ge=0)
    share: float = Field(default=0.8, gt=0, lt=1)


class BacktestSection(Section):
    """A projection from an earlier year, held against what came.

    `since` is the year whose 1 January it starts from. `sizes` are the smallest numbers of
    inhabitants of each class of areas.
    """

    since: int
    sizes: tuple[int, ...] = (0, 500, 1000, 2000)


class ReleaseSection(Section):
    """What may leave: which levels, which coarse age bands, and how small is too small.

    A group with fewer than `minimum` registered persons in any shown year is hidden in all years,
    and so is every group of an area with fewer than `smallest` inhabitants. Every number is
    rounded to a multiple of `base`. Ages in fives and sexes apart (the pyramid) leave for
    `pyramid` only.
    """

    levels: tuple[Level, ...] = ()
    bands: Edges = (0, 6, 16, 20, 67, 80)
    minimum: int = Field(default=10, ge=3)
    smallest: int = Field(default=200, ge=0)
    base: int = Field(default=5, ge=3)
    pyramid: tuple[Level, ...] = (Level.KOMMUNE,)


class ProjectionSpec(Section):
    """An entry `[[projection]]`: areas of `level` projected `years` ahead, by age and sex.

    `larger` is the level whose rates areas borrow. `how` says whether the tables hold expected
    numbers or one draw of whole persons. `girls` is the share of girls among newborn.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    name: Words | None = None
    level: Level
    larger: Level = Level.KOMMUNE
    years: int = Field(default=20, ge=1, le=100)
    base: int | None = None
    how: Literal["expected", "drawn"] = "expected"
    seed: int = 1
    girls: float = Field(default=0.486, gt=0, lt=1)
    population: PeopleSection
    events: EventsSection
    smoothing: SmoothingSection = SmoothingSection()
    scenario: tuple[ScenarioSection, ...] = (ScenarioSection(id="main"),)
    housing: HousingSection | None = None
    constraint: ConstraintSection | None = None
    dependency: DependencySection = DependencySection()
    cost: CostSection | None = None
    service: tuple[ServiceSection, ...] = ()
    bounds: BoundsSection = BoundsSection()
    backtest: BacktestSection | None = None
    release: ReleaseSection = ReleaseSection()

    @model_validator(mode="after")
    def _hangs_together(self) -> ProjectionSpec:
        for key in ("scenario", "service"):
            ids = [one.id for one in getattr(self, key)]
            if len(set(ids)) != len(ids):
                raise ValueError(f"something in {key} is named twice")
        if "main" not in [one.id for one in self.scenario]:
            raise ValueError("one scenario is called main")
        if self.cost is not None:
            _apart([rate.ages for rate in self.cost.rates])
        return self

    @property
    def sources(self) -> tuple[str, ...]:
        """The deliveries it is made from."""
        parts = (self.population, self.events, self.housing, self.constraint)
        return tuple(dict.fromkeys(part.source for part in parts if part is not None))

    def as_dict(self) -> dict[str, Any]:
        """Return plain data for the release's description, defaults filled in."""
        return self.model_dump(mode="json", exclude={"name"})


def _apart(groups: list[Ages]) -> None:
    ordered = sorted(groups, key=lambda one: one.start)
    if any(one.to >= after.start for one, after in pairwise(ordered)):
        raise ValueError("age groups of a table must not overlap")
