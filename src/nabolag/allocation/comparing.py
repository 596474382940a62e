"""Models side by side: who gains, who loses, and how many kroner move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from nabolag.allocation.sharing import Allocation
from nabolag.core import error


@dataclass(frozen=True, slots=True)
class Moves:
    """What one model does against another. `moved` is what losers lose, in kroner.

    `grown` is how much more the whole is; `unknown` counts units whose amount is not known before.
    """

    winners: int
    losers: int
    same: int
    unknown: int
    moved: int
    gained: int
    grown: int
    largest_gain: tuple[str, int] | None
    largest_loss: tuple[str, int] | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Several models over the same units: `table` has a column of kroner for each by name."""

    table: pl.DataFrame
    moves: Mapping[str, Moves]


def compared(
    models: Mapping[str, Allocation], against: Sequence[int | None] | str = "today"
) -> Comparison:
    """Put allocations beside one another. `against` is a model's name, `today`, or amounts.

    Raises `UserError` where they are not of the same units.
    """
    first = next(iter(models.values()))
    if any(one.units.ids != first.units.ids for one in models.values()):
        raise error("allocation_other_units", names=", ".join(models))
    before = _before(models, first, against)
    columns = {name: list(one.kroner) for name, one in models.items()}
    table = pl.DataFrame(
        {"unit": list(first.units.ids), "name": list(first.units.names), "against": list(before),
         **columns},
        schema_overrides={"against": pl.Int64},
    )  # fmt: skip
    ids = first.units.ids
    return Comparison(table, {name: moves(ids, before, one.kroner) for name, one in models.items()})


def _before(
    models: Mapping[str, Allocation], first: Allocation, against: Sequence[int | None] | str
) -> Sequence[int | None]:
    if not isinstance(against, str):
        return against
    if against == "today":
        return first.units.today or (None,) * len(first.units)
    if against not in models:
        raise error("allocation_model_unknown", given=against, known=", ".join(models))
    return models[against].kroner


def moves(ids: Sequence[str], before: Sequence[int | None], after: Sequence[int]) -> Moves:
    """Return who gains and who loses from one set of amounts to another."""
    steps = [(b_id, a - b) for b_id, b, a in zip(ids, before, after, strict=True) if b is not None]
    up = [(unit, step) for unit, step in steps if step > 0]
    down = [(unit, step) for unit, step in steps if step < 0]
    gained, lost = sum(step for _, step in up), -sum(step for _, step in down)
    return Moves(
        winners=len(up),
        losers=len(down),
        same=len(steps) - len(up) - len(down),
        unknown=len(ids) - len(steps),
        moved=lost,
        gained=gained,
        grown=gained - lost,
        largest_gain=max(up, key=lambda x: x[1], default=None),
        largest_loss=min(down, key=lambda x: x[1], default=None),
    )
