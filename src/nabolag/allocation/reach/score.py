"""Does the money reach the need? Scores of any list of amounts against any measure of need.

Three questions. How much of the money goes to the most exposed fifth of the population, and how
much is that a head against the rest? Does money a head lean toward need through the whole
population (concentration index)? How much would have to move for money to be as need is?

Nothing says that money should be proportional to need, or that it works: a score tells where it
goes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nabolag.allocation.reach.places import Between, Floats, exposed, filled, lean
from nabolag.core import error

#: Draws that are looked at together.
_BLOCK = 2_000_000


@dataclass(frozen=True, slots=True)
class Areas:
    """Areas with residents, need and money. High need is high.

    A number that is hidden or missing lies between bounds: `need` from −inf to inf where nothing
    is known of it, `money` from 0 to inf.
    """

    codes: tuple[str, ...]
    people: Floats
    need: Between
    money: Between

    def __post_init__(self) -> None:
        """Refuse what cannot be scored."""
        if len(self.codes) < 2:
            raise error("reach_few_areas", n=len(self.codes))
        if not (np.isfinite(self.people).all() and (self.people > 0).all()):
            raise error("reach_people")
        if (self.money.low < 0).any():
            raise error("reach_negative", area=self.codes[int(np.argmin(self.money.low))])
        if not self.money.high.sum() > 0:
            raise error("reach_no_money")
        if (self.need.low > self.need.high).any() or (self.money.low > self.money.high).any():
            raise error("reach_bounds")


@dataclass(frozen=True, slots=True)
class Reach:
    """What is asked: how large the most exposed part is, how many draws, and the seed."""

    top: float = 0.2
    draws: int = 2000
    seed: int = 1
    confidence: float = 0.95

    def __post_init__(self) -> None:
        """Refuse parts and levels that are none."""
        if not 0 < self.top < 1:
            raise error("reach_top", given=self.top)
        if not 0 < self.confidence < 1:
            raise error("reach_confidence", given=self.confidence)
        if self.draws < 0:
            raise error("reach_draws", given=self.draws)

    def score(self, areas: Areas) -> ReachResult:
        """Return the scores, exact where everything is known, with bounds where not."""
        known = areas.need.known and areas.money.known
        share = self._share_bounds(areas)
        whole = _concentration_bounds(areas)
        if not known:
            return ReachResult(self, areas, Score(None, *share), Score(None, *whole), _moved(areas))
        sampled = self._sampled(areas)
        return ReachResult(
            self,
            areas,
            Score(share[0], *share, *sampled["share"]),
            Score(whole[0], *whole, *sampled["concentration"]),
            _moved(areas),
            self._chance(areas, whole[0]),
        )

    def _share_bounds(self, areas: Areas) -> tuple[float, float]:
        """Return the least and the most that the most exposed part may get of the money."""
        part = exposed(areas.need, areas.people, self.top)
        line = self.top * float(areas.people.sum())
        most, least = areas.money.high, areas.money.low
        if not np.isfinite(most).all():
            return 0.0, 1.0
        inside = [filled(most, areas.people, part, line), -filled(-least, areas.people, part, line)]
        rest = Between(1 - part.high, 1 - part.low)
        others = float(areas.people.sum()) - line
        outside = [
            -filled(-least, areas.people, rest, others),
            filled(most, areas.people, rest, others),
        ]
        high, low = _part(inside[0], outside[0]), _part(inside[1], outside[1])
        return min(low, high), max(low, high)

    def _sampled(self, areas: Areas) -> dict[str, tuple[float, float]]:
        """Return what the scores are in the middle share of draws of areas (bootstrap)."""
        shares, leans = _bootstrap(areas, self)
        return {
            "share": _middle(shares, self.confidence),
            "concentration": _middle(leans, self.confidence),
        }

    def _chance(self, areas: Areas, seen: float) -> float | None:
        """Return how often money a head dealt at random leans as much (randomisation)."""
        if not self.draws:
            return None
        dice = np.random.default_rng(self.seed)
        each = areas.money.low / areas.people
        rank = lean(areas.need, areas.people).low
        hair, extreme = 1e-12, 0
        for _ in range(self.draws):
            amounts = dice.permutation(each) * areas.people
            extreme += abs(float((amounts * rank).sum() / amounts.sum())) >= abs(seen) - hair
        return (1 + extreme) / (1 + self.draws)


@dataclass(frozen=True, slots=True)
class Score:
    """A number between its bounds, and the interval that drawing areas anew gives it.

    `value` is `None` where a hidden number decides; the bounds always hold.
    """

    value: float | None
    lower: float
    upper: float
    sampled_lower: float | None = None
    sampled_upper: float | None = None

    @property
    def settled(self) -> bool:
        """Whether one number is known."""
        return self.value is not None


@dataclass(frozen=True, slots=True)
class ReachResult:
    """The scores: `share` of the money to the most exposed, `concentration` in −1…1, `moved`.

    `chance` is how often money dealt at random leans as much; `moved` the part of the money that
    would have to move for it to be as need times people is (`None` where a number is hidden or
    need is not counted from zero).
    """

    asked: Reach
    areas: Areas
    share: Score
    concentration: Score
    moved: float | None
    chance: float | None = None

    @property
    def ratio(self) -> Score:
        """Money a head among the most exposed over money a head among the rest."""
        top = self.asked.top

        def of(share: float | None) -> float | None:
            if share is None:
                return None
            return float("inf") if share >= 1 else (share / top) / ((1 - share) / (1 - top))

        low, high = of(self.share.lower), of(self.share.upper)
        ends = of(self.share.sampled_lower), of(self.share.sampled_upper)
        return Score(of(self.share.value), low or 0.0, high or 0.0, *ends)


def _part(inside: float, outside: float) -> float:
    return inside / (inside + outside) if inside + outside > 0 else 0.0


def _concentration_bounds(areas: Areas) -> tuple[float, float]:
    """Return the least and the most the concentration index may be.

    With known money the leans are chosen as a knapsack (they cancel out over the population);
    with hidden money the weighted mean of the leans is bounded, which is wider.
    """
    rank = lean(areas.need, areas.people)
    if not np.isfinite(areas.money.high).all():
        return -1.0, 1.0
    if areas.money.known:
        money = areas.money.low
        most = filled(money, areas.people, rank, 0.0) / float(money.sum())
        turned = Between(-rank.high, -rank.low)
        least = -filled(money, areas.people, turned, 0.0) / float(money.sum())
        return (min(least, most), max(least, most))
    return -_highest_mean(-rank.low, areas.money), _highest_mean(rank.high, areas.money)


def _highest_mean(value: Floats, weight: Between) -> float:
    """Return the greatest weighted mean while each weight lies between its bounds."""
    order = np.argsort(-value)
    worth, heavy, light = value[order], weight.high[order], weight.low[order]
    over = _running(heavy * worth) + _remaining(light * worth)
    under = _running(heavy) + _remaining(light)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = over / under
    return float(np.nanmax(means))


def _running(values: Floats) -> Floats:
    """Return the sums of the first 0, 1, … all values."""
    return np.concatenate([[0.0], np.cumsum(values)])


def _remaining(values: Floats) -> Floats:
    """Return the sums of what is left after the first 0, 1, … all values."""
    return np.concatenate([np.cumsum(values[::-1])[::-1], [0.0]])


def _moved(areas: Areas) -> float | None:
    if not (areas.need.known and areas.money.known) or (areas.need.low < 0).any():
        return None
    wanted = areas.need.low * areas.people
    if not wanted.sum() > 0:
        return None
    gap = areas.money.low / areas.money.low.sum() - wanted / wanted.sum()
    return float(np.abs(gap).sum() / 2)


def _bootstrap(areas: Areas, asked: Reach) -> tuple[Floats, Floats]:
    """Return the exposed part's share and the concentration index of areas drawn anew."""
    order = np.argsort(-areas.need.low, kind="stable")
    need, people = areas.need.low[order], areas.people[order]
    money, count = areas.money.low[order], len(areas.codes)
    dice = np.random.default_rng(asked.seed)
    even, step = np.full(count, 1 / count), max(1, _BLOCK // count)
    shares, leans = [np.empty(0)], [np.empty(0)]
    for at in range(0, asked.draws, step):
        times = dice.multinomial(count, even, min(step, asked.draws - at))
        heads, amounts = _joined(need, people * times), _joined(need, money * times)
        shares.append(_top_share(heads, amounts, asked.top))
        leans.append(_concentrations(heads, amounts))
    return np.concatenate(shares), np.concatenate(leans)


def _middle(drawn: Floats, confidence: float) -> tuple[float, float]:
    told = drawn[np.isfinite(drawn)]
    if not len(told):
        return (float("nan"), float("nan"))
    tail = (1 - confidence) / 2
    low, high = np.quantile(told, [tail, 1 - tail])
    return float(low), float(high)


def _top_share(people: Floats, money: Floats, top: float) -> Floats:
    """Return the share of the money in the most exposed part; places in falling order of need."""
    before = np.cumsum(people, axis=1) - people
    line = top * people.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        part = np.clip((line - before) / people, 0, 1)
        inside = np.where(people > 0, part, 0.0) * money
        return np.asarray(inside.sum(axis=1) / money.sum(axis=1))


def _joined(need: Floats, amounts: Floats) -> Floats:
    """Put areas of the same need together; they stand side by side already."""
    starts = np.concatenate([[0], np.flatnonzero(need[1:] != need[:-1]) + 1])
    if len(starts) == len(need):
        return amounts
    return np.asarray(np.add.reduceat(amounts, starts, axis=1))


def _concentrations(people: Floats, money: Floats) -> Floats:
    """Return the concentration index; places in falling order of need."""
    everybody = people.sum(axis=1, keepdims=True)
    rank = 1 - 2 * (np.cumsum(people, axis=1) - people / 2) / everybody
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((money * rank).sum(axis=1) / money.sum(axis=1))
