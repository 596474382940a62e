"""How long the methods take at the size of a country, each against its target.

One function a method. PySAL's `inequality` and `segregation` are compared with in the same run
where they are installed (`pip install inequality segregation`); they are no part of Nabolag.
A method that gives a wrong answer fails the run: speed that costs the answer is worth nothing.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from time import perf_counter, process_time
from typing import Any

import numpy as np
from timing import peak_gib, seconds

from nabolag.analysis.arrays import Floats
from nabolag.analysis.composite.recipe import Columns, Recipe
from nabolag.analysis.composite.redrawing import Redraw, redrawn
from nabolag.analysis.composite.treating import Outliers
from nabolag.analysis.inequality.gini import Pairs, gini_within, near_and_far
from nabolag.analysis.inequality.gini import gini as many_ginis
from nabolag.analysis.ranks import Sure, rank_sets
from nabolag.analysis.segregation.chance import by_chance
from nabolag.analysis.segregation.indices import INDICES, dissimilarity, units
from nabolag.analysis.stability.draws import Redrawn, redraw

AREAS, MUNICIPALITIES, YEARS = 14_000, 357, 12
#: Smaller areas in each area, draws of chance, and how many of them PySAL is waited for.
FINER, DRAWS, PYSAL_DRAWS = 40, 999, 19


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured: seconds, how many times faster than what it is compared with, truth."""

    what: str
    seconds: float
    ratio: float | None = None
    sound: bool = True

    def __str__(self) -> str:
        """Return the line that is printed."""
        beside = "" if self.ratio is None else f", {self.ratio:.1f} × as fast as PySAL"
        return f"{self.what}: {self.seconds:.4g} s{beside}{'' if self.sound else ' – WRONG'}"


def own_seconds(what: Callable[[], Any], times: int) -> float:
    """Return the median time the processor was at it, whatever else the machine did."""
    return seconds(what, times, process_time)


def ranks(times: int) -> Iterator[Measured]:
    """Rank sets of every grunnkrets, alone and at once, with 1 000 draws. Target: 60 s."""
    chance = np.random.default_rng(1)
    persons = chance.integers(80, 2500, AREAS)
    truth = chance.beta(2, 12, AREAS)
    some = chance.binomial(persons, truth)
    share = (some + 1.92) / (persons + 3.84)
    error = np.sqrt(share * (1 - share) / (persons + 3.84))
    start = perf_counter()
    found = rank_sets(some / persons, error, Sure(draws=1000))
    taken = perf_counter() - start
    true_rank = 1 + AREAS - np.searchsorted(np.sort(truth), truth, side="right")
    held = (found.all_lower <= true_rank) & (true_rank <= found.all_upper)
    yield Measured(f"rank sets, {AREAS} areas, 1 000 draws", taken, sound=bool(held.all()))


def gini(times: int) -> Iterator[Measured]:
    """Gini in the four ways it is asked for. Target: 100 × as fast as PySAL. Time of the processor.

    One vector; every year of every grunnkrets at once; within every grunnkrets from finer data;
    and by who are neighbours, with and without draws (of PySAL's some are run, see below).
    """
    chance = np.random.default_rng(1)
    values = chance.gamma(2, 3, (YEARS, AREAS))
    weights = chance.integers(80, 2500, (YEARS, AREAS)).astype(float)
    finer = chance.gamma(2, 3, (AREAS, FINER))
    group = np.repeat(np.arange(AREAS), FINER)
    yield _beside(f"Gini, {AREAS} areas, one vector", lambda: many_ginis(values[0]),
                  lambda one: one(values[0]).g, 20 * times)  # fmt: skip
    yield _beside(f"Gini, {AREAS} areas × {YEARS} years at once", lambda: many_ginis(values),
                  lambda one: [one(year).g for year in values], times)  # fmt: skip
    weighted = own_seconds(lambda: many_ginis(values, weights), times)
    yield Measured(f"Gini, {AREAS} areas × {YEARS} years, weighted by people", weighted)
    yield _beside(f"Gini within each of {AREAS} areas, {finer.size} rows",
                  lambda: gini_within(finer.reshape(-1), group),
                  lambda one: [one(area).g for area in finer], times)  # fmt: skip
    yield from _by_neighbours(values[0], weights[0], times)


def _beside(
    what: str, ours: Callable[[], Any], theirs: Callable[[Any], Any], times: int
) -> Measured:
    """Measure beside PySAL's plain Gini, where it is installed, and compare the answers."""
    taken = own_seconds(ours, times)
    if not importlib.util.find_spec("inequality"):
        return Measured(what, taken)
    from inequality.gini import Gini  # noqa: PLC0415

    ratio = own_seconds(lambda: theirs(Gini), times) / taken
    return Measured(what, taken, ratio, bool(np.abs(ours() - theirs(Gini)).max() < 1e-10))


def _by_neighbours(values: Floats, weights: Floats, times: int) -> Iterator[Measured]:
    """Yield Gini by who are neighbours: areas in a grid, each beside those around it."""
    high, wide = 100, AREAS // 100
    place = np.arange(AREAS).reshape(high, wide)
    first = np.concatenate([place[:-1].ravel(), place[:, :-1].ravel()])
    second = np.concatenate([place[1:].ravel(), place[:, 1:].ravel()])
    pairs, even = Pairs(first, second), np.ones(AREAS)
    for draws in (0, DRAWS):
        what = f"Gini by neighbours, {AREAS} areas, {draws} draws"
        taken = own_seconds(lambda n=draws: near_and_far(values, even, pairs, n), times)  # type: ignore[misc]
        ratio, sound = _pysal_neighbours(values, pairs, draws)
        yield Measured(what, taken, None if ratio is None else ratio / taken, sound)
    taken = own_seconds(lambda: near_and_far(values, weights, pairs, DRAWS), times)
    yield Measured(f"Gini by neighbours, weighted by people, {DRAWS} draws", taken)


def _pysal_neighbours(values: Floats, pairs: Pairs, draws: int) -> tuple[float | None, bool]:
    """Return PySAL's seconds for so many draws, and whether its answer is ours.

    A draw of its takes as long as the one before: `PYSAL_DRAWS` are run, and the others added.
    """
    if not importlib.util.find_spec("inequality"):
        return None, True
    from inequality.gini import Gini_Spatial  # noqa: PLC0415
    from libpysal.weights import W  # noqa: PLC0415

    both = zip([*pairs.first, *pairs.second], [*pairs.second, *pairs.first], strict=True)
    near: dict[int, list[int]] = {area: [] for area in range(len(values))}
    for own, other in both:
        near[int(own)].append(int(other))
    weights = W(near, silence_warnings=True)
    bare = own_seconds(lambda: Gini_Spatial(values, weights, permutations=0), 3)
    theirs, ours = (
        Gini_Spatial(values, weights, permutations=0),
        near_and_far(values, np.ones(len(values)), pairs),
    )
    sound = abs(theirs.wg / theirs.den - ours.near) < 1e-10
    sound = sound and abs(theirs.wcg_share - ours.far) < 1e-10
    if not draws:
        return bare, sound
    some = own_seconds(lambda: Gini_Spatial(values, weights, permutations=PYSAL_DRAWS), 1)
    return bare + (some - bare) * draws / PYSAL_DRAWS, sound


def segregation(times: int) -> Iterator[Measured]:
    """All indices for every municipality and year. Target: 5 s."""
    chance = np.random.default_rng(1)
    sizes = np.tile(chance.integers(5, 75, MUNICIPALITIES), YEARS)
    starts = np.cumsum(np.append(0, sizes[:-1]))
    persons = chance.integers(20, 1500, sizes.sum())
    some = chance.binomial(persons, 0.15)
    counts = np.stack([some, persons - some], axis=1).astype(float)
    taken = seconds(lambda: [index(units(counts, starts)) for index in INDICES.values()], times)
    last = dissimilarity(units(counts[starts[-1] :], np.array([0])))[0]
    sound = abs(dissimilarity(units(counts, starts))[-1] - last) < 1e-12
    what = f"{len(INDICES)} indices, {MUNICIPALITIES} municipalities × {YEARS} years"
    yield Measured(f"{what}, {len(counts)} units", taken, sound=bool(sound))


def evenness(times: int) -> Iterator[Measured]:
    """Chance dealt 500 times over one town's 400 units. Target: 8 × as fast as PySAL."""
    chance = np.random.default_rng(1)
    persons = chance.integers(20, 1500, 400)
    some = chance.binomial(persons, chance.beta(2, 10, 400))
    counts = np.stack([some, persons - some], axis=1).astype(float)
    taken = seconds(lambda: by_chance(counts, ["dissimilarity"], 500, 1), times)
    found = by_chance(counts, ["dissimilarity"], 500, 1)["dissimilarity"]
    ratio = None
    if importlib.util.find_spec("segregation"):
        ratio = _pysal_evenness(counts) / taken
    sound = found.p_value < 0.01 and found.expected < 0.1
    yield Measured("evenness, 400 units, 500 draws", taken, ratio, sound)


def _pysal_evenness(counts: np.ndarray[Any, Any]) -> float:
    import geopandas as gpd  # noqa: PLC0415
    from segregation.inference import SingleValueTest  # noqa: PLC0415
    from segregation.singlegroup import Dissim  # noqa: PLC0415

    places = gpd.points_from_xy(np.arange(len(counts)), np.zeros(len(counts)))
    table = {"group": counts[:, 0].astype(int), "all": counts.sum(axis=1).astype(int)}
    index = Dissim(gpd.GeoDataFrame(table, geometry=places, crs=25833), "group", "all")

    def run() -> None:
        SingleValueTest(index, iterations_under_null=500, null_approach="evenness", n_jobs=1)

    return seconds(run, 1)


def index(times: int) -> Iterator[Measured]:
    """Draw an index of 400 areas and 20 indicators 10 000 times anew. Target: 30 s."""
    chance = np.random.default_rng(1)
    figures = chance.normal(size=(20, 400)) + (np.arange(400) < 20) * 2.0
    columns = replace(Columns.of(figures), errors=np.full_like(figures, 0.2))
    recipe = Recipe(indicators=tuple(f"i{n}" for n in range(20)), outliers=Outliers())
    made = recipe.make(columns)
    start = perf_counter()
    found = redrawn(recipe, made, Redraw(draws=10_000))
    taken = perf_counter() - start
    sound = bool(found.share_among(20)[:20].min() > 0.9) and len(found.importance) == 6
    yield Measured("index, 10 000 draws, 400 areas, 20 indicators", taken, sound=sound)


def stability(times: int) -> Iterator[Measured]:
    """Count accumulation of every grunnkrets 1 000 times."""
    chance = np.random.default_rng(1)
    exposure = chance.normal(size=(AREAS, 6)) + (np.arange(AREAS) < 200)[:, None] * 4
    how = Redrawn(1000, 1, 0.2, 0.3, 20.0, 2)
    start = perf_counter()
    found = redraw(exposure, np.full_like(exposure, 0.2), how)
    taken = perf_counter() - start
    sound = bool(found.several[:200].min() > 0.9)
    yield Measured(f"accumulation, {AREAS} areas, 6 challenges, 1 000 draws", taken, sound=sound)


METHODS = (ranks, gini, segregation, evenness, index, stability)


def main() -> int:
    """Measure, print, and return 1 where an answer was wrong."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--times", type=int, default=5)
    options.add_argument("--only", choices=[method.__name__ for method in METHODS])
    asked = options.parse_args()
    right = True
    for method in METHODS:
        if asked.only in (None, method.__name__):
            for measured in method(asked.times):
                print(measured, flush=True)
                right = right and measured.sound
    memory = peak_gib()
    print(f"most memory {memory:.1f} GiB")
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
