"""What each unit scores by a rule: the amounts that a part of a pot is shared in proportion to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from operator import mul

from nabolag.allocation.model import Criterion, Model, Pot, Zone
from nabolag.allocation.numbers import total, written
from nabolag.allocation.units import Need, Units
from nabolag.core import Finding, Severity, error, raise_errors

Scores = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what is shared: `weight` of it, in proportion to `scores`.

    `criterion` is empty for the part that follows size, and names all of them for an index.
    """

    pot: str
    criterion: str
    weight: Fraction
    scores: Scores

    @property
    def id(self) -> str:
        """The part's name in tables."""
        return f"{self.pot}:{self.criterion}" if self.criterion else f"{self.pot}:size"

    def shares(self) -> Scores:
        """Return each unit's share of the part. Raises `UserError` where nobody scores."""
        whole = total(self.scores)
        if not whole:
            raise error("allocation_nobody_scores", part=self.criterion or self.pot, pot=self.pot)
        return tuple(score / whole for score in self.scores)


def parts_of(model: Model, units: Units) -> tuple[Part, ...]:
    """Return the parts of a model for units whose needs are all known.

    Raises `UserError` for needs that are not delivered, weights that nobody has given, and units
    whose need is not known; nothing is taken for 0.
    """
    model.complete()
    check_units(model, units)
    refuse_unknown(model, units)
    return tuple(part for pot in model.pots for part in _pot_parts(pot, units))


def check_units(model: Model, units: Units) -> None:
    """Raise `UserError` where there is no unit, or a column the model reads is not delivered."""
    if not units.ids:
        raise error("allocation_no_units")
    wrong = [("need", name, list(units.needs)) for name in model.needs if name not in units.needs]
    wrong += [("size", name, list(units.sizes)) for name in model.sizes if name not in units.sizes]
    raise_errors(
        Finding(f"allocation_{kind}_unknown", Severity.ERROR,
                params={"name": name, "known": ", ".join(held) or "–"})
        for kind, name, held in wrong
    )  # fmt: skip


def unknown_units(model: Model, units: Units) -> dict[str, tuple[str, ...]]:
    """Return, by need, the units whose need is not known."""
    found = {}
    for name in model.needs:
        values = units.needs[name].values
        lost = tuple(u for u, v in zip(units.ids, values, strict=True) if v is None)
        if lost:
            found[name] = lost
    return found


def refuse_unknown(model: Model, units: Units) -> None:
    """Raise `UserError` naming every unit whose need is hidden or not known."""
    raise_errors(
        Finding(f"allocation_need_{kind}", Severity.ERROR, params={"need": name},
                count=len(lost), examples=tuple(units.called(unit) for unit in lost))
        for name, every in unknown_units(model, units).items()
        for kind, lost in _by_reason(units, name, every).items() if lost
    )  # fmt: skip


def _by_reason(units: Units, need: str, lost: Sequence[str]) -> dict[str, list[str]]:
    held = units.needs[need].statuses
    hidden = [unit for unit in lost if held[units.at(unit)].is_suppressed]
    return {"hidden": hidden, "missing": [unit for unit in lost if unit not in set(hidden)]}


def _pot_parts(pot: Pot, units: Units) -> list[Part]:
    size = units.sizes[pot.size]
    found = [Part(pot.id, "", pot.share * pot.pupils, size)] if pot.pupils else []
    if not pot.by_need:
        return found
    by_need = pot.share * pot.by_need
    if pot.rule == "index":
        named = "+".join(one.id for one in pot.criteria)
        return [*found, Part(pot.id, named, by_need, index_scores(pot, units))]
    for one in pot.criteria:
        if one.weight:
            scores = criterion_scores(pot, one, units)
            found.append(Part(pot.id, one.id, by_need * one.weight, scores))
    return found


def criterion_scores(pot: Pot, criterion: Criterion, units: Units) -> Scores:
    """Return what units score on one criterion, by the pot's rule (every rule but the index)."""
    size = units.sizes[pot.size]
    values = needed(criterion, units)
    if pot.rule == "zone":
        return _in_zones(pot, values, size)
    if pot.rule == "gap":
        gaps = distances(values, criterion.worse)
        return _times(gaps, size) if pot.times_size else gaps
    counts = all(units.needs[name].measure == "count" for name in criterion.need)
    return values if counts else _times(values, size)


def needed(criterion: Criterion, units: Units) -> Scores:
    """Return a criterion's figures, several needs multiplied. All must be known."""
    columns = [units.needs[name] for name in criterion.need]
    return tuple(
        reduce(mul, (_known(need, at) for need in columns), Fraction(1)) for at in range(len(units))
    )


def _known(need: Need, at: int) -> Fraction:
    value = need.values[at]
    if value is None:
        raise ValueError("a need that is not known has no score")
    return value


def distances(values: Sequence[Fraction], worse: str) -> Scores:
    """Return each figure's distance from the one that is best off, which gets 0."""
    best = max(values) if worse == "low" else min(values)
    return tuple(abs(best - value) for value in values)


def scaled(values: Sequence[Fraction], worse: str) -> Scores:
    """Return figures between 0 (best off) and 1 (most need); all 0 where all are alike."""
    gaps = distances(values, worse)
    widest = max(gaps)
    return tuple(gap / widest for gap in gaps) if widest else gaps


def index_parts(pot: Pot, units: Units) -> list[Scores]:
    """Return, criterion by criterion, scaled figures times size; counts are first made rates."""
    size = units.sizes[pot.size]
    found = []
    for one in pot.criteria:
        values = needed(one, units)
        if all(units.needs[name].measure == "count" for name in one.need):
            values = tuple(v / s if s else Fraction(0) for v, s in zip(values, size, strict=True))
        found.append(_times(scaled(values, one.worse), size))
    return found


def index_scores(pot: Pot, units: Units) -> Scores:
    """Return the weighted index times size."""
    parts = index_parts(pot, units)
    return tuple(
        total(w * part[at] for w, part in zip(pot.weights, parts, strict=True))
        for at in range(len(units))
    )


def _times(values: Sequence[Fraction], size: Sequence[Fraction]) -> Scores:
    return tuple(value * many for value, many in zip(values, size, strict=True))


def _in_zones(pot: Pot, values: Scores, size: Scores) -> Scores:
    zone = pot.zone or Zone()
    if zone.threshold is not None:
        line = zone.threshold
        return tuple(
            many if value >= line else Fraction(0) for value, many in zip(values, size, strict=True)
        )
    return _times(_zone_weights(zone.weights, values, pot.id), size)


def _zone_weights(weights: Mapping[str, Fraction], values: Scores, pot: str) -> Scores:
    named = [written(value) for value in values]
    lost = sorted({name for name in named if name not in weights})
    if lost:
        raise error("allocation_zone_unknown", pot=pot, zones=", ".join(lost),
                    known=", ".join(weights))  # fmt: skip
    return tuple(weights[name] for name in named)
