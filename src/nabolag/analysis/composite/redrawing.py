"""Every choice made otherwise, again and again: how far places move, and what moves them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from pydantic import Field

from nabolag.analysis.arrays import Floats, Ints
from nabolag.analysis.composite.aggregating import Aggregation
from nabolag.analysis.composite.normalising import Scale
from nabolag.analysis.composite.orders import places
from nabolag.analysis.composite.recipe import Made, Recipe
from nabolag.analysis.composite.refusing import CannotError
from nabolag.analysis.composite.sobol import Share, shares_of_variance
from nabolag.analysis.composite.tries import EARLY, Otherwise, Tries
from nabolag.store import Section

#: So many numbers are worked on at once, at most.
_ROOM = 2_000_000
_SHARE = 0.9


class Redraw(Section):
    """What is tried otherwise, how often, and from which seed.

    `scales` and `joins` are tried beside the index's own. Weights are moved by up to `shift` of
    themselves (`weights = "shift"`), drawn around themselves (`"dirichlet"`: the larger `alike`,
    the nearer), or are one person's at a time (`"people"`, where they are budgets). `leave_out`
    takes one indicator out at a time, or none. The limits of outliers are moved by up to
    `thresholds` of themselves, and unknown figures are filled in with the mean or the median,
    where the index does either at all. With `chance`, figures move as far as their intervals or
    the counts behind them allow; it is no choice, but moves places all the same.

    Geometric and harmonic means need figures above 0: where the index itself does not use them,
    columns are first moved so that the lowest figure stands `above_zero` of their range above 0.
    `top` is how many areas are called the first.
    """

    draws: int = Field(default=2000, ge=200, le=100_000)
    seed: int = 1
    top: int = Field(default=10, ge=1)
    scales: tuple[Scale, ...] = ("percent_rank", "z", "minmax")
    joins: tuple[Aggregation, ...] = ("arithmetic", "geometric")
    weights: Literal["shift", "dirichlet", "people"] = "shift"
    shift: float = Field(default=0.25, ge=0, lt=1)
    alike: float = Field(default=50.0, gt=0)
    leave_out: bool = True
    thresholds: float = Field(default=0.5, ge=0, lt=1)
    chance: bool = True
    above_zero: float = Field(default=0.5, gt=0)


@dataclass(frozen=True, slots=True)
class Redrawn:
    """Places in every draw (draws × areas, 1 is the highest score, 0 not placed).

    `importance` gives for each thing that was tried its share of the variance of how far places
    move on average from those of the index itself (Saisana, Saltelli and Tarantola 2005).
    """

    places: Ints
    importance: Mapping[str, Share]

    @property
    def low(self) -> Ints:
        """The first of the places that hold nine tenths of the draws, 0 for none."""
        return self._at((1 - _SHARE) / 2)

    @property
    def high(self) -> Ints:
        """The last of the places that hold nine tenths of the draws, 0 for none."""
        return self._at((1 + _SHARE) / 2)

    def share_among(self, top: int) -> Floats:
        """Return in which share of the draws each area is among the first."""
        among: Floats = ((self.places > 0) & (self.places <= top)).mean(axis=0)
        return among

    def _at(self, share: float) -> Ints:
        """Return the place at a share of the draws in which an area has one."""
        ordered = np.sort(self.places, axis=0)
        draws = len(ordered)
        placed = (ordered > 0).sum(axis=0)
        at = draws - placed + np.round(share * np.maximum(placed - 1, 0)).astype(np.int64)
        found = np.take_along_axis(ordered, np.minimum(at, draws - 1)[None, :], axis=0)[0]
        return np.where(placed > 0, found, 0).astype(np.int64)


def redrawn(recipe: Recipe, made: Made, asked: Redraw, base: Made | None = None) -> Redrawn:
    """Make an index again, `asked.draws` times in all.

    Two independent sets of draws, and the first with one thing at a time exchanged for the
    second's, serve both questions: places are taken from all of them, and what is exchanged
    tells how much each thing moves. Blocks of draws have seeds of their own, so memory does not
    grow with their number. Raises `UserError` for what cannot be tried.
    """
    tries = Tries(recipe, made, asked, base)
    try:
        plans = _every(tries)
    except CannotError as wrong:
        raise recipe.refusal(wrong) from wrong
    own = places(made.score)
    moved = [np.abs(plan - own)[:, own > 0].sum(axis=1) / max((own > 0).sum(), 1) for plan in plans]
    shares = shares_of_variance(moved[0], moved[1], moved[2:], asked.seed)
    return Redrawn(np.concatenate(plans), dict(zip(tries.factors, shares, strict=True)))


def _every(tries: Tries) -> list[Ints]:
    """Return the places of every plan (draws × areas)."""
    found: list[list[Ints]] = [[] for _ in range(len(tries.factors) + 2)]
    for size, chance in _blocks(tries):
        one, other = tries.drawn(size, chance), tries.drawn(size, chance)
        for plan, block in zip(found, _plans(tries, one, other), strict=True):
            plan.append(block)
    return [np.concatenate(plan) for plan in found]


def _blocks(tries: Tries) -> Iterator[tuple[int, np.random.Generator]]:
    """Return how many draws of each plan are made at once, and what they are drawn from."""
    left = max(tries.asked.draws // (len(tries.factors) + 2), 1)
    room = max(_ROOM // tries.made.scaled.size, 1)
    sizes = [min(room, left - start) for start in range(0, left, room)]
    seeds = np.random.SeedSequence(tries.asked.seed).spawn(len(sizes))
    return ((size, np.random.default_rng(seed)) for size, seed in zip(sizes, seeds, strict=True))


def _plans(tries: Tries, one: Otherwise, other: Otherwise) -> Iterator[Ints]:
    """Return the places of both sets, then of the first with each thing from the other."""
    scaled = tries.scaled(one)
    yield tries.placed(one, scaled)
    yield tries.placed(other, tries.scaled(other))
    for factor in tries.factors:
        mixed = replace(one, **{factor: getattr(other, factor)})
        yield tries.placed(mixed, tries.scaled(mixed) if factor in EARLY else scaled)
