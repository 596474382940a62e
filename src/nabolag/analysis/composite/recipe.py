"""The steps of an index, in order, each stated: what is done to figures, and what it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Self, TypeAlias

import numpy as np
from pydantic import BeforeValidator, Field, model_validator

from nabolag.analysis.arrays import Bools, Floats, Ints
from nabolag.analysis.asked import refuse_twice
from nabolag.analysis.composite.aggregating import Aggregation
from nabolag.analysis.composite.filling import Fill, filled
from nabolag.analysis.composite.normalising import Normalise, scaled
from nabolag.analysis.composite.refusing import CannotError
from nabolag.analysis.composite.treating import Outliers, Treated, treated, treated_as
from nabolag.analysis.composite.tree import (
    ROOT,
    Group,
    Joined,
    Joining,
    Scaling,
    Tree,
    Weights,
    check_weights,
    join_up,
    planted,
)
from nabolag.core import UserError, error
from nabolag.store import Section


def _told(how: object) -> object:
    """Let a way to fill in be named by a word, or described by a table."""
    return {"how": how} if isinstance(how, str) else how


Filling: TypeAlias = Annotated[Fill, BeforeValidator(_told)]


@dataclass(frozen=True, slots=True)
class Columns:
    """Figures that an index is made of: k indicators × n areas, NaN where they are not known.

    `turn` (k) is −1 where low figures are the challenge. `groups` (n) numbers the areas that
    unknown figures are filled in within, −1 for none. `errors` are standard errors, `beside`
    the figures (n) of other indicators that are divided by.
    """

    values: Floats
    turn: Floats
    groups: Ints
    errors: Floats
    beside: Mapping[str, Floats]

    @classmethod
    def of(cls, values: Floats, turn: Floats | None = None, groups: Ints | None = None) -> Self:
        """Return columns of figures alone: high is a challenge, one group, no errors."""
        k, n = values.shape
        return cls(
            values=values,
            turn=np.ones(k) if turn is None else turn,
            groups=np.zeros(n, dtype=np.int64) if groups is None else groups,
            errors=np.full((k, n), np.nan),
            beside={},
        )


@dataclass(frozen=True, slots=True)
class Made:
    """An index, stage by stage: k indicators × n areas, then nodes × n areas.

    `enough` marks the areas with enough known figures; the others have no score at all.
    """

    columns: Columns
    filled: Floats
    treated: Treated
    scaled: Floats
    joined: Joined
    enough: Bools

    @property
    def score(self) -> Floats:
        """The index itself (n)."""
        return self.node(ROOT)

    def node(self, name: str) -> Floats:
        """Return the score of a group, or of the index itself, where enough is known."""
        return np.where(self.enough, self.joined.scores[name], np.nan)

    @property
    def known(self) -> Ints:
        """How many indicators are known in every area (n), filled-in figures not among them."""
        found: Ints = np.isfinite(self.columns.values).sum(axis=0)
        return found


class Recipe(Section):
    """The steps of an index, in the order they are taken.

    1. `indicators`: chosen, each with its direction from the catalogue.
    2. `per`: counts divided by another indicator (`{crimes = "population"}`).
    3. `impute`: what is put where a figure is not known (`Fill`); nothing unless it is asked for.
    4. `outliers`: what is done about figures far out (`Outliers`); nothing unless it is given.
    5. `normalise`: the scale (`Normalise`), high a challenge.
    6. `weights` and 7. `aggregate`: how much each counts, and how they are joined; in `groups`
       first, where there are any. `rescale` puts the index itself on a scale.

    An area has a score where at least `minimum_known` indicators are known (not given: all of
    them; more than half where unknown figures are filled in).
    """

    id: str = "index"
    indicators: tuple[str, ...] = Field(min_length=2)
    per: dict[str, str] = Field(default_factory=dict)
    impute: Filling = Fill()
    outliers: Outliers | None = None
    normalise: Scaling = Normalise()
    weights: Weights = "equal"
    aggregate: Aggregation = "arithmetic"
    groups: tuple[Group, ...] = ()
    rescale: Scaling | None = None
    minimum_known: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        refuse_twice("indicators", self.indicators)
        for what in (self.per, self.normalise.bounds):
            if stray := sorted(set(what) - set(self.indicators)):
                raise ValueError(f"{stray[0]} is not an indicator of the index")
        if self.minimum_known and self.minimum_known > len(self.indicators):
            raise ValueError("minimum_known is above the number of indicators")
        check_weights(self.weights, self.tree.nodes[-1].members)
        return self

    @property
    def tree(self) -> Tree:
        """Who is joined with whom."""
        root = {"weights": self.weights, "aggregate": None, "normalise": self.rescale}
        return planted(self.indicators, self.groups, root)

    @property
    def known_needed(self) -> int:
        """How many indicators must be known for an area to have a score."""
        every = len(self.indicators)
        return self.minimum_known or (every // 2 + 1 if self.impute.puts else every)

    def make(self, columns: Columns, base: Made | None = None) -> Made:
        """Return the index. With `base` it stands on the scale of that edition.

        Outliers are then drawn in to the base's limits, figures measured by its mean and spread,
        its ends or its ranks, and weighed by its weights; unknown figures are filled in from
        their own edition. Raises `UserError` for a step that cannot be done.
        """
        try:
            return self._made(self._divided(columns), base)
        except CannotError as wrong:
            raise self.refusal(wrong) from wrong

    def _made(self, columns: Columns, base: Made | None) -> Made:
        whole = filled(columns.values, self.impute.how, columns.groups)
        done = self._treated(whole, base)
        held = None if base is None else base.treated.values
        scale = scaled(done.values, columns.turn, self.normalise, self.indicators, held)
        asked = Joining(self.aggregate)
        if base is not None:
            asked = replace(asked, weights=base.joined.weights, base=base.joined.before)
        known = np.isfinite(columns.values).sum(axis=0)
        enough = known >= self.known_needed
        # An area without a score is ranked by nobody, in groups either.
        joined = join_up(self.tree, np.where(enough, scale, np.nan), asked)
        return Made(columns, whole, done, scale, joined, enough)

    def _treated(self, x: Floats, base: Made | None) -> Treated:
        if self.outliers is None:
            none = np.zeros(len(x), dtype=np.int64)
            return Treated(x, none, none, none, none.astype(bool))
        if base is None:
            return treated(x, self.outliers)
        return replace(base.treated, values=treated_as(x, base.filled, base.treated))

    def _divided(self, columns: Columns) -> Columns:
        values, errors = columns.values.copy(), columns.errors.copy()
        for row, name in enumerate(self.indicators):
            if name in self.per:
                below = columns.beside[self.per[name]]
                if (below <= 0).any():
                    raise CannotError("index_divided_by_nothing", row, by=self.per[name])
                values[row] /= below
                errors[row] /= below
        return replace(columns, values=values, errors=errors)

    def refusal(self, wrong: CannotError) -> UserError:
        """Return the refusal in words: which indicator or group, at which step."""
        params: dict[str, Any] = {"step": self.normalise.how, "id": self.id, **wrong.params}
        if wrong.row is not None:
            params["indicator"] = self.indicators[wrong.row]
        member = params.pop("member", "")
        params.setdefault("indicator", member or self.id)
        return error(wrong.code, **params)
