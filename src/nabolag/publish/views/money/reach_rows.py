"""Which money and which need a release has side by side, and its areas with both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from nabolag.core import Indicator, Kind, Status, Unit, error
from nabolag.publish.views.facts import Facts, in_time_order
from nabolag.publish.views.money.grants_own import lists_of, places_of
from nabolag.publish.views.money.reach_own import OWN, level_named

PEOPLE = "population"
#: What measures need unless another is chosen, where the release has it.
STANDARD_NEED = "low_income_persistent"
#: A score of fewer areas than two says nothing.
_FEWEST = 2
#: What the choice of a list of grants begins with.
LIST = "list:"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is held against what, where and when."""

    need: str
    money: str
    level: str
    period: str

    @property
    def listed(self) -> str:
        """The list of grants that is chosen, empty where none is."""
        return self.money.removeprefix(LIST) if self.money.startswith(LIST) else ""

    @property
    def measured(self) -> bool:
        """Whether the money is a figure of the release, in kroner a head."""
        return self.money != OWN and not self.listed


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be chosen, given what is chosen before it."""

    money: tuple[str, ...]
    levels: tuple[str, ...]
    periods: tuple[str, ...]
    needs: tuple[str, ...]
    lists: tuple[str, ...] = ()


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
    lists = tuple(_lists(facts))
    chosen_money = _pick("money", asked, (*money, *lists, OWN))
    counted = PEOPLE if chosen_money in (*lists, OWN) else chosen_money
    held = _held(facts, chosen_money)
    levels = tuple(
        lv for lv in facts.levels if _several(facts, counted, lv) and (not held or lv in held)
    )
    named = asked.get("amounts", "") if chosen_money == OWN else ""
    usual = level_named(facts, levels, named) if chosen_money not in lists else ""
    level = _pick("level", asked, levels, usual)
    shared = _shared(facts, counted, level)
    periods = in_time_order([p for p in shared if not held or p in held[level]])
    period = _pick("period", asked, tuple(periods), periods[-1] if periods else "")
    needs = tuple(
        name
        for name, entry in catalogue.items()
        if needed(entry) and _count(facts, name, level, period) >= _FEWEST
    )
    need = _pick("need", asked, needs, STANDARD_NEED if STANDARD_NEED in needs else "")
    found = Chosen(need, chosen_money, level, period)
    return found, Offered(money, levels, tuple(periods), needs, lists)


def _lists(facts: Facts) -> Iterator[str]:
    """Yield the lists of grants that have a level and a year with residents."""
    for name, one in lists_of(facts.release).items():
        levels = places_of(one)
        shared = ((level, _shared(facts, PEOPLE, level)) for level in levels)
        if any(set(levels[level]) & set(periods) for level, periods in shared):
            yield f"{LIST}{name}"


def _held(facts: Facts, money: str) -> dict[str, list[str]]:
    """Return the years by level of the chosen list that residents are known in, else nothing."""
    if not money.startswith(LIST):
        return {}
    levels = places_of(lists_of(facts.release)[money.removeprefix(LIST)])
    known = {level: set(_shared(facts, PEOPLE, level)) for level in levels}
    both = {level: [y for y in years if y in known[level]] for level, years in levels.items()}
    return {level: years for level, years in both.items() if years}


def rows_of(
    facts: Facts, chosen: Chosen, own: Mapping[str, float | None] | None = None
) -> pl.DataFrame:
    """Return the areas with residents, need and money (kroner), each with its status.

    Money a head is turned into kroner with the residents of the same period. With `own`, the
    money is what is written there, nothing for areas that are not; `None` is hidden.
    """
    rows = [_row(facts, chosen, a, own) for a in facts.areas_at(chosen.level, chosen.period)]
    texts = ("area", "need_status", "money_status")
    names = ("area", "people", "need", "need_status", "each", "money", "money_status")
    schema = {name: pl.String if name in texts else pl.Float64 for name in names}
    return pl.DataFrame([row for row in rows if row is not None], schema=schema)


def _row(
    facts: Facts, chosen: Chosen, area: str, own: Mapping[str, float | None] | None
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


def _written(own: Mapping[str, float | None], area: str, heads: float | None) -> Mapping[str, Any]:
    amount = own.get(area, 0.0)
    if amount is None:
        return {"value": None, "status": Status.SUPPRESSED_PRIMARY.value}
    each = amount / heads if heads else None
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
