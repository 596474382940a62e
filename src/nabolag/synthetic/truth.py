"""What is planted in the municipality, and therefore known: the answer that methods are graded by.

Planted areas get more of a challenge because a setting of theirs is moved, not because their
records are edited afterwards. Everything else differs between areas by chance and by zone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np

from nabolag.synthetic.areas import ZONES, Areas, Bools, Floats, Ints
from nabolag.synthetic.initiatives import Programme, plan_programme

Challenge: TypeAlias = Literal[
    "low_income", "crowding", "single_parents", "low_education", "tenants"
]
CHALLENGES: tuple[Challenge, ...] = (
    "low_income",
    "crowding",
    "single_parents",
    "low_education",
    "tenants",
)
#: What each challenge is measured by in the deliveries.
INDICATOR_OF: dict[Challenge, str] = {
    "low_income": "low_income_persistent",
    "crowding": "crowded_households",
    "single_parents": "single_parent_households",
    "low_education": "low_education",
    "tenants": "tenant_households",
}
#: What is planted in the four areas of each cluster; every exposed area has at least three.
_CLUSTERS: tuple[tuple[tuple[Challenge, ...], ...], ...] = (
    (
        ("low_income", "crowding", "single_parents", "low_education", "tenants"),
        ("low_income", "crowding", "low_education", "tenants"),
        ("low_income", "crowding", "tenants"),
        ("low_income", "single_parents", "low_education"),
    ),
    (
        ("low_income", "crowding", "single_parents", "low_education", "tenants"),
        ("low_income", "single_parents", "low_education", "tenants"),
        ("crowding", "low_education", "tenants"),
        ("low_income", "crowding", "low_education"),
    ),
)
#: Where a cluster is looked for: kilometres east and north of the middle of the town.
_CLUSTER_NEAR = ((1.6, 1.2), (1.2, -3.2))
_CLUSTER_SIZE = 4
#: Log points of income a year in the area that worsens; the other improves as much.
YEARLY_INCOME_EFFECT = -0.045


@dataclass(frozen=True)
class Settings:
    """What makes areas differ. One number an area unless stated.

    `types` are shares of household types (single, couple, couple with children, single parent,
    other), one row an area. `income` is in log points, one column a year. `size` multiplies
    floor area, `mismatch` is how loosely homes are matched to the number of persons. The last
    two are what initiatives move: employment (latent index) and marks (points), one column a
    year.
    """

    types: Floats
    low_education: Floats
    immigrants: Floats
    rental: Floats
    size: Floats
    mismatch: Floats
    work: Floats
    income: Floats
    safe: Floats
    green: Floats
    work_shift: Floats
    points_shift: Floats


@dataclass(frozen=True)
class Truth:
    """Which areas were given what. Keys are positions in `Areas`."""

    exposed: dict[int, tuple[Challenge, ...]]
    clusters: tuple[tuple[int, ...], ...]
    decoys: dict[int, tuple[Challenge, ...]]
    worsening: int | None
    improving: int | None
    settings: Settings = field(repr=False)
    programme: Programme = field(default_factory=Programme)

    @property
    def planted(self) -> list[int]:
        """Every area with something planted in it."""
        changing = [area for area in (self.worsening, self.improving) if area is not None]
        return [*self.exposed, *self.decoys, *changing]

    def as_dict(self, areas: Areas, years: range) -> dict[str, Any]:
        """Return what stands in `truth.json`."""
        return {
            **self.planted_by_area(areas, years),
            "settings": dict(zip(areas.codes, self.settings_by_area(areas), strict=True)),
        }

    def planted_by_area(self, areas: Areas, years: range) -> dict[str, Any]:
        """Return which areas were given what."""
        named = {
            name: {
                areas.codes[i]: {
                    "challenges": list(given),
                    "indicators": [INDICATOR_OF[c] for c in given],
                }
                for i, given in sorted(planted.items())
            }
            for name, planted in (("exposed", self.exposed), ("decoys", self.decoys))
        }
        change = {"indicator": "low_income_persistent", "from": years[0], "to": years[-1]}
        changing = {
            name: {"area": areas.codes[area], "log_income_a_year": step, **change}
            for name, area, step in (
                ("worsening", self.worsening, YEARLY_INCOME_EFFECT),
                ("improving", self.improving, -YEARLY_INCOME_EFFECT),
            )
            if area is not None
        }
        return {
            **named,
            "clusters": [[areas.codes[i] for i in cluster] for cluster in self.clusters],
            **changing,
        }

    def settings_by_area(self, areas: Areas) -> list[dict[str, Any]]:
        """Return the numbers that make each area what it is."""
        named = self.settings
        return [
            {
                "zone": ZONES[areas.zone[i]],
                "log_income_first_year": round(float(named.income[i, 0]), 4),
                "log_income_last_year": round(float(named.income[i, -1]), 4),
                "share_rental": round(float(named.rental[i]), 4),
                "share_low_education": round(float(named.low_education[i]), 4),
                "share_single_parents": round(float(named.types[i, 3]), 4),
                "floor_area_factor": round(float(named.size[i]), 4),
                "share_feels_safe": round(float(named.safe[i]), 4),
                "share_green_access": round(float(named.green[i]), 4),
            }
            for i in range(areas.count)
        ]


#: Household types by zone: single, couple, couple with children, single parent, other.
_TYPES = np.array(
    [
        [0.52, 0.22, 0.15, 0.05, 0.06],
        [0.44, 0.285, 0.185, 0.06, 0.03],
        [0.31, 0.345, 0.275, 0.055, 0.015],
        [0.30, 0.355, 0.28, 0.05, 0.015],
        [0.36, 0.38, 0.20, 0.045, 0.015],
    ]
)
_LOW_EDUCATION = np.array([0.15, 0.17, 0.19, 0.24, 0.25])
_IMMIGRANTS = np.array([0.20, 0.16, 0.10, 0.06, 0.04])
_RENTAL = np.array([0.36, 0.25, 0.15, 0.13, 0.14])
_SAFE = np.array([0.86, 0.90, 0.94, 0.96, 0.97])
_GREEN = np.array([0.42, 0.55, 0.68, 0.80, 0.92])


def plant(
    areas: Areas, years: range, rng: np.random.Generator, *, initiatives: bool = False
) -> Truth:
    """Choose the planted areas and return every area's settings."""
    clusters = tuple(_cluster(areas, near) for near in _CLUSTER_NEAR)
    exposed = {
        area: given
        for cluster, planted in zip(clusters, _CLUSTERS, strict=True)
        for area, given in zip(cluster, planted, strict=True)
    }
    free = _apart_from(areas, set(exposed))
    chosen = rng.permutation(free)
    decoys: dict[int, tuple[Challenge, ...]] = {
        int(area): (challenge,) for area, challenge in zip(chosen, CHALLENGES, strict=False)
    }
    worsening, improving = (int(area) for area in chosen[len(CHALLENGES) : len(CHALLENGES) + 2])
    settings = _settings(areas, years, {**exposed, **decoys}, set(decoys), rng)
    _let_change(settings, worsening, improving)
    programme = plan_programme(list(exposed), years, rng) if initiatives else Programme()
    _start(settings, programme, years)
    return Truth(exposed, clusters, decoys, worsening, improving, settings, programme)


def plant_part(
    areas: Areas, years: range, rng: np.random.Generator, segregation: float = 0.3
) -> Truth:
    """Plant in one municipality of a country, of any size, as much as there is room for.

    Exposed areas are an eighth of the areas, side by side; decoys and changing areas stand apart
    from them. Half of the exposed areas get initiatives.
    """
    clusters = _part_clusters(areas, rng)
    exposed = {
        area: given
        for number, cluster in enumerate(clusters)
        for area, given in zip(cluster, _CLUSTERS[number % len(_CLUSTERS)], strict=True)
    }
    free = rng.permutation(_apart_from(areas, set(exposed)))
    decoys: dict[int, tuple[Challenge, ...]] = {
        int(area): (challenge,)
        for area, challenge in zip(free, CHALLENGES, strict=False)
        if len(free) > len(CHALLENGES) + 2
    }
    settings = _settings(areas, years, {**exposed, **decoys}, set(decoys), rng, segregation)
    worsening, improving = _changing(free)
    if worsening is not None and improving is not None:
        _let_change(settings, worsening, improving)
    programme = plan_programme(list(exposed), years, rng)
    _start(settings, programme, years)
    return Truth(exposed, clusters, decoys, worsening, improving, settings, programme)


def _part_clusters(areas: Areas, rng: np.random.Generator) -> tuple[tuple[int, ...], ...]:
    """Return clusters of four neighbouring areas: one for every 32 areas."""
    count = areas.count // (8 * _CLUSTER_SIZE)
    taken: list[int] = []
    clusters: list[tuple[int, ...]] = []
    for first in rng.permutation(areas.count):
        beside = np.flatnonzero(areas.neighbours[first])
        members = (int(first), *(int(area) for area in beside[: _CLUSTER_SIZE - 1]))
        touching: Bools = np.asarray(areas.neighbours[list(members)].any(axis=0))
        if len(clusters) == count:
            break
        if len(members) == _CLUSTER_SIZE and not touching[taken].any():
            taken += members
            clusters.append(members)
    return tuple(clusters)


def _changing(free: Ints) -> tuple[int | None, int | None]:
    """Return the area that worsens and the one that improves, where there is room for both."""
    first = len(CHALLENGES)
    if len(free) <= first + 2:
        return None, None
    return int(free[first]), int(free[first + 1])


def _start(settings: Settings, programme: Programme, years: range) -> None:
    """Move what the initiatives move."""
    count = len(settings.work)
    settings.work_shift[:] = programme.shift("employed", count, years)
    settings.points_shift[:] = programme.shift("grade_points", count, years)


def _let_change(settings: Settings, worsening: int, improving: int) -> None:
    """Let one area's incomes fall and another's rise by the same step every year."""
    steps = np.arange(settings.income.shape[1]) * YEARLY_INCOME_EFFECT
    settings.income[worsening] = 0.04 + steps
    settings.income[improving] = 0.04 + steps[::-1]


def _cluster(areas: Areas, near: tuple[float, float]) -> tuple[int, ...]:
    """Return neighbouring, well-populated areas around a place."""
    distance = np.hypot(*(areas.middle - np.array(near)).T)
    enough = areas.weight > 0.5 / areas.count
    first = int(np.where(enough & areas.neighbours.any(axis=1), distance, np.inf).argmin())
    members = [first]
    while len(members) < _CLUSTER_SIZE:
        beside: Bools = np.asarray(areas.neighbours[members].any(axis=0))
        beside[members] = False
        if (beside & enough).any():
            beside = np.asarray(beside & enough)
        members.append(int(np.where(beside, distance, np.inf).argmin()))
    return tuple(members)


def _apart_from(areas: Areas, taken: set[int]) -> Ints:
    """Return well-populated suburban and inner areas that do not touch an exposed one."""
    touching: Bools = np.asarray(areas.neighbours[sorted(taken)].any(axis=0))
    populous = np.isin(areas.zone, [1, 2]) & (areas.weight > 0.6 / areas.count)
    touching[sorted(taken)] = True
    return np.asarray(np.flatnonzero(populous & ~touching))


def _settings(
    areas: Areas,
    years: range,
    planted: dict[int, tuple[Challenge, ...]],
    calm: set[int],
    rng: np.random.Generator,
    segregation: float = 0.3,
) -> Settings:
    """Draw every area's settings and move those that are planted.

    Decoys (`calm`) are given the usual settings of their zone without chance, a little to the
    better, so that their one challenge stands alone.
    """
    n, zone = areas.count, areas.zone
    usual: Floats = np.ones(n)
    usual[sorted(calm)] = 0

    def around(base: Floats, spread: float) -> Floats:
        chance = np.exp(rng.normal(0, spread, n) * usual)
        return np.asarray(base[zone] * chance * np.where(usual == 0, 0.85, 1))

    types = _TYPES[zone] * np.exp(rng.normal(0, 0.08, (n, 5)) * usual[:, None])
    types[sorted(calm), 3] *= 0.8
    settings = Settings(
        types=types,
        low_education=around(_LOW_EDUCATION, 0.12),
        immigrants=np.minimum(around(_IMMIGRANTS, segregation), 0.95),
        rental=around(_RENTAL, 0.12),
        size=np.exp(rng.normal(0, 0.04, n)) * np.where(usual == 0, 1.1, 1),
        mismatch=np.full(n, 0.58),
        work=rng.normal(0, 0.06, n),
        income=np.repeat((rng.normal(0, 0.03, n) + 0.04 * (usual == 0))[:, None], len(years), 1),
        safe=np.clip(_SAFE[zone] + rng.normal(0, 0.015, n), 0.5, 0.99),
        green=np.clip(_GREEN[zone] + rng.normal(0, 0.08, n), 0.05, 0.98),
        work_shift=np.zeros((n, len(years))),
        points_shift=np.zeros((n, len(years))),
    )
    for area, challenges in planted.items():
        for challenge in challenges:
            _move(settings, area, challenge)
    settings.types[:] /= settings.types.sum(axis=1, keepdims=True)
    return settings


def _move(settings: Settings, area: int, challenge: Challenge) -> None:
    """Plant one challenge in one area."""
    match challenge:
        case "low_income":
            settings.income[area] = -0.24
        case "crowding":
            settings.size[area] = 0.68
            settings.mismatch[area] = 0.8
            settings.types[area, 2] += 0.08
        case "single_parents":
            settings.types[area, 3] += 0.20
        case "low_education":
            settings.low_education[area] = 0.42
        case "tenants":
            settings.rental[area] = 0.58
    settings.safe[area] -= 0.02
