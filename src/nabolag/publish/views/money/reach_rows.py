"""Which money and which need a release has side by side, and its areas with both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from nabolag.core import Indicator, Kind, Status, Unit, error
from nabolag.publish.views.facts import Facts, in_time_order
from nabolag.publish.views.money.reach_own import OWN, level_named

PEOPLE = "population"
#: What measures need unless another is chosen, where the release has it.
STANDARD_NEED = "low_income_persistent"
#: A score of fewer areas than two says nothing.
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is held against what, where and when."""

    need: str
    money: str
    level: str
    period: str


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be chosen, given what is chosen before it."""

    money: tuple[str, ...]
    levels: tuple[str, ...]
    periods: tuple[str, ...]
    needs: tuple[str, ...]


def spent(entry: Indicator) -> bool:
    """Tell whether an indicator is money that is spent: kroner that are no challenge."""
    return entry.unit is Unit.NOK and entry.kind is Kind.BACKGROUND


def needed(entry: Indicator) -> bool:
    """Tell whether an indicator can measure need: a challenge with a direction, as a share."""
    directed = entry.worse.value in ("high", "low")
    return entry.kind is Kind.CHALLENGE and directed and entry.unit is Unit.SHARE


def can_be_held(catalogue: Mapping[str, Indicator]) -> bool:
    """Tell whether there are residents and need; money may then be a reader's own."""
    return PEOPLE in catalogue and any(needed(entry) for entry in catalogue.values())


def offered(facts: Facts, asked: Mapping[str, str]) -> tuple[Chosen, Offered]:
    """Return what is chosen and what else could be. Raises `UserError` for what cannot be."""
    catalogue = facts.release.indicators
    money = _money(facts)
    chosen_money = _pick("money", asked, (*money, OWN))
    counted = PEOPLE if chosen_money == OWN else chosen_money
    levels = tuple(lv for lv in facts.levels if _several(facts, counted, lv))
    usual = level_named(facts, levels, asked.get("amounts", "") if counted == PEOPLE else "")
    level = _pick("level", asked, levels, usual)
    periods = in_time_order(_shared(facts, counted, level))
    period = _pick("period", asked, tuple(periods), periods[-1] if periods else "")
    needs = tuple(
        name
        for name, entry in catalogue.items()
        if needed(entry) and _count(facts, name, level, period) >= _FEWEST
    )
    need = _pick("need", asked, needs, STANDARD_NEED if STANDARD_NEED in needs else "")
    found = Chosen(need, chosen_money, level, period)
    return found, Offered(money, levels, tuple(periods), needs)


def rows_of(facts: Facts, chosen: Chosen, own: Mapping[str, float] | None = None) -> pl.DataFrame:
    """Return the areas with residents, need and money (kroner), each with its status.

    Money a head is turned into kroner with the residents of the same period. With `own`, the
    money is what is written there, nothing for areas that are not.
    """
    rows = [_row(facts, chosen, a, own) for a in facts.areas_at(chosen.level, chosen.period)]
    texts = ("area", "need_status", "money_status")
    names = ("area", "people", "need", "need_status", "each", "money", "money_status")
    schema = {name: pl.String if name in texts else pl.Float64 for name in names}
    return pl.DataFrame([row for row in rows if row is not None], schema=schema)


def _row(
    facts: Facts, chosen: Chosen, area: str, own: Mapping[str, float] | None
) -> dict[str, Any] | None:
    def told(indicator: str) -> Mapping[str, Any]:
        return facts.row(chosen.level, area, indicator, chosen.period)

    people, need = told(PEOPLE), told(chosen.need)
    heads = people.get("value")
    each: Mapping[str, Any] = told(chosen.money) if own is None else _written(own, area, heads)
    if not people and not each:
        return None
    amount = each.get("value")
    return {
        "area": area,
        "people": heads,
        "need": need.get("value"),
        "need_status": need.get("status") or Status.MISSING.value,
        "each": amount,
        "money": None if heads is None or amount is None else heads * amount,
        "money_status": each.get("status") or Status.MISSING.value,
    }


def _written(own: Mapping[str, float], area: str, heads: float | None) -> Mapping[str, Any]:
    each = own.get(area, 0.0) / heads if heads else None
    return {"value": each, "status": Status.VALUE.value}


def _money(facts: Facts) -> tuple[str, ...]:
    return tuple(
        name
        for name, entry in facts.release.indicators.items()
        if spent(entry) and any(_several(facts, name, level) for level in facts.levels)
    )


def _several(facts: Facts, money: str, level: str) -> bool:
    return any(_count(facts, money, level, p) >= _FEWEST for p in _shared(facts, money, level))


def _shared(facts: Facts, money: str, level: str) -> list[str]:
    """Return the periods in which there are both money and residents."""
    if not money or not level:
        return []
    people = set(facts.periods(PEOPLE, level))
    return [period for period in facts.periods(money, level) if period in people]


def _count(facts: Facts, indicator: str, level: str, period: str) -> int:
    return sum(1 for _ in _valued(facts, indicator, level, period))


def _valued(facts: Facts, indicator: str, level: str, period: str) -> Iterator[str]:
    for (at, area, when), row in facts.cells(indicator).items():
        if at == level and when == period and row.get("value") is not None:
            yield area


def _pick(name: str, asked: Mapping[str, str], known: tuple[str, ...], standard: str = "") -> str:
    given = asked.get(name, "")
    if given and given not in known:
        raise error("reach_choice", given=given, known=", ".join(known) or "–")
    return given or standard or (known[0] if known else "")
