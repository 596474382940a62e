"""One block of draws: what is done otherwise in each, and the places that follow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from nabolag.analysis.arrays import Bools, Floats, Ints
from nabolag.analysis.composite.aggregating import Aggregation
from nabolag.analysis.composite.filling import How, filled
from nabolag.analysis.composite.normalising import Normalise, scaled
from nabolag.analysis.composite.orders import lowest_and_highest, places
from nabolag.analysis.composite.recipe import Made, Recipe
from nabolag.analysis.composite.treating import treated, treated_as
from nabolag.analysis.composite.tree import ROOT, Joining, Node, join_up, people

if TYPE_CHECKING:
    from nabolag.analysis.composite.redrawing import Redraw

#: What changes figures before they are joined, in the order it does; the rest comes after.
EARLY: Final = ("chance", "fill", "thresholds", "scale")
_FILLS: Final[tuple[How, How]] = ("mean", "median")


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What is done otherwise in each of some draws.

    `chance` (draws × k × n) is by how many standard errors figures move, None for not at all;
    `fill`, `scale` and `join` (draws) choose among the possible; `thresholds` (draws × 2) are
    factors to the limits of skewness and kurtosis; `weights` (draws × members) are those of every
    node; `left_out` (draws) is the indicator that is left out, k for none.
    """

    chance: Floats | None
    fill: Ints
    thresholds: Floats
    scale: Ints
    join: Ints
    weights: Mapping[str, Floats]
    left_out: Ints


@dataclass(frozen=True)
class Tries:
    """An index as a function of what is done otherwise."""

    recipe: Recipe
    made: Made
    asked: Redraw
    base: Made | None

    @cached_property
    def joins(self) -> tuple[Aggregation, ...]:
        """How figures are joined, the index's own way first."""
        own = self.recipe.aggregate
        return (own, *(how for how in self.asked.joins if how != own))

    @cached_property
    def scales(self) -> tuple[Normalise, ...]:
        """The scales, the index's own first; bounds hold what chance moves beyond them."""
        own = self.recipe.normalise
        others = (Normalise(how=how) for how in self.asked.scales if how != own.how)
        return (own.model_copy(update={"cap": bool(own.bounds)}), *others)

    @cached_property
    def errors(self) -> Floats:
        """Standard errors (k × n), 0 where they are not known."""
        return np.nan_to_num(self.made.columns.errors)

    @cached_property
    def factors(self) -> tuple[str, ...]:
        """What differs from draw to draw."""
        asked, recipe = self.asked, self.recipe
        unknown = bool(np.isnan(self.made.columns.values).any())
        there = {
            "chance": asked.chance and bool(self.errors.any()),
            "fill": recipe.impute.puts and unknown,
            "thresholds": bool(recipe.outliers and asked.thresholds) and self.base is None,
            "scale": len(self.scales) > 1,
            "join": len(self.joins) > 1,
            "weights": asked.weights != "shift" or asked.shift > 0,
            "left_out": asked.leave_out,
        }
        return tuple(name for name, differs in there.items() if differs)

    def drawn(self, size: int, chance: np.random.Generator) -> Otherwise:
        """Draw what is done otherwise; what is no factor stays as the index has it."""
        k, wide = len(self.recipe.indicators), self.asked.thresholds
        noisy = "chance" in self.factors
        fill, left_out = chance.integers(0, 2, size), chance.integers(0, k + 1, size)
        thresholds = chance.uniform(1 - wide, 1 + wide, (size, 2))
        return Otherwise(
            chance=chance.standard_normal((size, *self.errors.shape)) if noisy else None,
            fill=fill if "fill" in self.factors else self.own_fill(size),
            thresholds=thresholds if "thresholds" in self.factors else np.ones((size, 2)),
            scale=chance.integers(0, len(self.scales), size),
            join=chance.integers(0, len(self.joins), size),
            weights={n.name: self._weights(n, size, chance) for n in self.recipe.tree.nodes},
            left_out=left_out if "left_out" in self.factors else np.full(size, k),
        )

    def own_fill(self, size: int) -> Ints:
        """Return the index's own way to fill in, as often as there are draws."""
        return np.full(size, _FILLS.index(self.recipe.impute.how) if self.recipe.impute.puts else 0)

    def _weights(self, node: Node, size: int, chance: np.random.Generator) -> Floats:
        own = self.made.joined.weights[node.name]
        shape = (size, len(own))
        match self.asked.weights:
            case "people" if isinstance(node.weights, tuple):
                persons = people(node)
                return persons[chance.integers(0, len(persons), size)]
            case "dirichlet":
                parts = chance.standard_gamma(self.asked.alike * own / own.sum(), shape)
                drawn: Floats = own.sum() * parts / parts.sum(axis=1, keepdims=True)
                return drawn
            case "shift":
                return own * chance.uniform(1 - self.asked.shift, 1 + self.asked.shift, shape)
            case _:
                return np.broadcast_to(own, shape)

    def scaled(self, draws: Otherwise) -> Floats:
        """Return the indicators on their scales (draws × k × n)."""
        x = self._treated(self._filled(self._moved(draws), draws), draws)
        turn, names = self.made.columns.turn, self.recipe.indicators
        held = None if self.base is None else self.base.treated.values
        found = np.empty(x.shape)
        for at, how in enumerate(self.scales):
            rows = draws.scale == at
            if rows.any():
                found[rows] = scaled(x[rows], turn, how, names, held)
        return np.where(self.made.enough, found, np.nan)

    def _moved(self, draws: Otherwise) -> Floats:
        """Return figures moved by chance; never to where they have no logarithm, if one is due."""
        values = self.made.columns.values
        if draws.chance is None:
            return np.broadcast_to(values, (len(draws.scale), *values.shape))
        moved = values + self.errors * draws.chance
        if any(how.how == "log" for how in self.scales):
            moved = np.maximum(moved, lowest_and_highest(np.where(values > 0, values, np.nan))[0])
        return moved

    def _filled(self, x: Floats, draws: Otherwise) -> Floats:
        if not self.recipe.impute.puts:
            return x
        found = np.empty(x.shape)
        for at, how in enumerate(_FILLS):
            rows = draws.fill == at
            found[rows] = filled(x[rows], how, self.made.columns.groups)
        return found

    def _treated(self, x: Floats, draws: Otherwise) -> Floats:
        outliers = self.recipe.outliers
        if outliers is None:
            return x
        if self.base is not None:
            return treated_as(x, self.base.filled, self.base.treated)
        stays = "keep" if outliers.otherwise == "refuse" else outliers.otherwise
        how = outliers.model_copy(update={"otherwise": stays})
        return treated(x, how, draws.thresholds[:, :1], draws.thresholds[:, 1:]).values

    def placed(self, draws: Otherwise, scales: Floats) -> Ints:
        """Return every area's place (draws × n), 0 for none."""
        return places(self.score(draws, scales))

    def score(self, draws: Otherwise, scales: Floats) -> Floats:
        """Return every area's score (draws × n)."""
        weights = self._kept(draws)
        score = np.empty((len(scales), scales.shape[-1]))
        for how, lift, rows in self._joined(draws):
            own = {name: given[rows] for name, given in weights.items()}
            base = None if self.base is None else self.base.joined.before
            joining = Joining(how, own, lift, base)
            score[rows] = join_up(self.recipe.tree, scales[rows], joining).scores[ROOT]
        return score

    def _joined(self, draws: Otherwise) -> Iterator[tuple[Aggregation, float | None, Bools]]:
        """Return the ways to join, whether figures are moved above 0 first, and in which draws."""
        for at, how in enumerate(self.joins):
            plain = (draws.scale == 0) & (at == 0)
            for lift, which in ((None, plain), (self.asked.above_zero, ~plain)):
                rows = (draws.join == at) & which
                if rows.any():
                    yield how, lift, rows

    def _kept(self, draws: Otherwise) -> dict[str, Floats]:
        """Return the weights, 0 for the indicator that is left out."""
        row = {name: at for at, name in enumerate(self.recipe.indicators)}
        found = {}
        for node in self.recipe.tree.nodes:
            members = np.array([row.get(member, -1) for member in node.members])
            out = draws.left_out[:, None] == members
            found[node.name] = np.where(out, 0.0, draws.weights[node.name])
        return found
