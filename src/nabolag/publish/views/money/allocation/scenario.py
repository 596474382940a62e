"""A way of sharing as an address holds it: model, amount, who is left out, what is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Final, get_args

from nabolag.allocation import Criterion, Guarantee, Model, Pot, Zone, preset
from nabolag.allocation.model import RULES, Rule
from nabolag.allocation.numbers import read_number, total, whole
from nabolag.allocation.rounding import Rounding
from nabolag.core import Finding, Severity, UserError
from nabolag.publish.views.money.allocation.opened import Opened

#: Names in the address. What they mean never changes.
FOR, ORIGIN, BUDGET, PUPILS, RULE, BASE, RATE = (
    "for", "modell", "pott", "elever", "regel", "grunn", "sats",
)  # fmt: skip
GUARANTEE, YEARS, ROUNDING, UNKNOWN, LINE, OUT, SAVED, NAME, AGAINST, REACH = (
    "garanti", "aar", "runding", "ukjent", "grense", "uten", "lagret", "navn", "mot", "trekk",
)  # fmt: skip
WEIGHT, ASKED_UNIT, ASKED_KRONER = "v_", "enhet", "minst"
COEFFICIENT, ERROR = "k_", "f_"
#: How many wishes the question turned round has room for.
WISHES: Final = 3
ROUNDINGS: tuple[Rounding, ...] = get_args(Rounding)
UNKNOWNS: Final = ("refuse", "bounds", "out")
REACHES: Final = ("near", "around", "any")
_MOST = 10**15


@dataclass(frozen=True, slots=True)
class Scenario:
    """A way of sharing: everything that changes the kroner.

    `points` are what the criteria weigh, by need, as the reader gave them; their sum need not be
    100. `left_out` are units that take no part. `unknown` says what is done where needs are not
    known: `refuse`, `bounds`, or `out`, which leaves those units out and says so.
    """

    origin: str
    budget: int
    pupils: Fraction
    rule: Rule
    points: Mapping[str, Fraction]
    base: int = 0
    rate: Fraction = Fraction(0)
    guarantee: Fraction = Fraction(0)
    rounding: Rounding = "largest_remainder"
    unknown: str = "refuse"
    line: Fraction | None = None
    left_out: tuple[str, ...] = ()

    @property
    def weights(self) -> dict[str, Fraction]:
        """The criteria's weights, each its part of the sum of points."""
        whole_sum = total(self.points.values())
        if not whole_sum:
            return dict.fromkeys(self.points, Fraction(0))
        return {name: points / whole_sum for name, points in self.points.items()}


@dataclass(frozen=True, slots=True)
class Read:
    """What an address asks, and what in it could not be read: field → finding."""

    scenario: Scenario
    years: int = 1
    reach: str = "around"
    against: str = ""
    saved: Mapping[str, Scenario] = field(default_factory=dict)
    wishes: Mapping[str, int] = field(default_factory=dict)
    coefficients: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    problems: Mapping[str, Finding] = field(default_factory=dict)


def start(found: Opened, origin: str = "") -> Scenario:
    """Return what a described model says, or without one, what the page opens with."""
    own = not origin or origin == found.preset
    model = found.model if own else preset(origin).model
    pot = model.pots[0]
    given = {one.id: (one.weight or Fraction(0)) * 100 for one in pot.criteria}
    offered = {n: Fraction(0) for n, need in found.needs.items() if not need.background}
    return Scenario(
        origin=origin or found.preset,
        budget=found.budget,
        pupils=pot.pupils,
        rule=pot.rule,
        points={**offered, **given},
        base=model.base,
        rate=model.per_pupil,
        guarantee=model.guarantee.share if model.guarantee else Fraction(0),
        rounding=model.rounding,
        unknown=model.missing,
        line=pot.zone.threshold if pot.zone else None,
    )


def model_of(scenario: Scenario, found: Opened, *, every: bool = False) -> Model:
    """Return the model of a scenario. Raises `UserError` for what is no model.

    Weights are fractions of the sum of points. Background counts only where the described model
    that it comes from has it. Of several pots the first is the reader's to change. With `every`,
    needs that weigh nothing stand in it too, where all units' figures are known and the rule can
    use them, so that they may be given weight.
    """
    origin = preset(scenario.origin).model if scenario.origin else found.model
    pot = origin.pots[0]
    zone = Zone(threshold=scenario.line, weights=pot.zone.weights if pot.zone else {})
    made = Pot(
        id=pot.id,
        share=pot.share,
        pupils=scenario.pupils,
        size=pot.size,
        rule=scenario.rule,
        criteria=_criteria(scenario, found, pot, every),
        zone=zone if scenario.rule == "zone" else None,
        times_size=pot.times_size,
    )
    return Model(
        base=scenario.base,
        per_pupil=scenario.rate,
        size=origin.size,
        pots=(made, *origin.pots[1:]),
        guarantee=Guarantee(share=scenario.guarantee) if scenario.guarantee else None,
        rounding=scenario.rounding,
        missing="bounds" if scenario.unknown == "bounds" else "refuse",
    )


def _criteria(scenario: Scenario, found: Opened, pot: Pot, every: bool) -> tuple[Criterion, ...]:
    described = {one.id: one for one in pot.criteria}
    criteria = []
    for name, weight in scenario.weights.items():
        own, need = described.get(name), found.needs.get(name)
        worse = own.worse if own else need.worse if need else "high"
        if weight or (every and _usable(name, worse, scenario.rule, found)):
            needs, background = (own.need, own.background) if own else ((name,), False)
            one = Criterion(need=needs, weight=weight, worse=worse, background=background)
            criteria.append(one)
    return tuple(criteria)


def _usable(name: str, worse: str, rule: Rule, found: Opened) -> bool:
    need = found.units.needs.get(name)
    known = need is not None and None not in need.values
    return known and rule != "zone" and not (rule == "share" and worse == "low")


def read_scenario(found: Opened, asked: Mapping[str, str]) -> Read:
    """Read an address. What is wrong in it is told beside its field; the rest stands."""
    reader = _Reader(asked)
    scenario = reader.scenario(found)
    wishes, coefficients = reader.wishes(found), reader.coefficients(scenario)
    years = reader.number(YEARS, Fraction(1), Fraction(1), Fraction(20), integer=True)
    return Read(
        scenario=scenario,
        years=int(years),
        reach=reader.choice(REACH, REACHES, "around"),
        against=asked.get(AGAINST, ""),
        saved=_saved(found, asked.get(SAVED, "")),
        wishes=wishes,
        coefficients=coefficients,
        problems=reader.problems,
    )


class _Reader:
    """Reads values of an address and keeps what was wrong."""

    def __init__(self, asked: Mapping[str, str]) -> None:
        self.asked = asked
        self.problems: dict[str, Finding] = {}

    def _wrong(self, name: str, code: str, **params: Any) -> None:
        self.problems[name] = Finding(code, Severity.ERROR, params=params)

    def scenario(self, found: Opened) -> Scenario:
        """Read the scenario itself, from where its model comes from onwards."""
        origin = self.asked.get(ORIGIN, "")
        try:
            held = start(found, origin)
        except UserError as wrong:
            self.problems[ORIGIN] = wrong.findings[0]
            held = start(found)
        points = {
            name: self.number(f"{WEIGHT}{name}", given, Fraction(0), Fraction(1000))
            for name, given in held.points.items()
        }
        per_cent, most = Fraction(100), Fraction(_MOST)
        nothing = Fraction(0)
        line = self.asked.get(LINE, "")
        return replace(
            held,
            budget=int(self.number(BUDGET, Fraction(held.budget), nothing, most, integer=True)),
            pupils=self.number(PUPILS, held.pupils * 100, nothing, per_cent) / 100,
            rule=self.choice(RULE, RULES, held.rule),
            points=points,
            base=int(self.number(BASE, Fraction(held.base), nothing, most, integer=True)),
            rate=self.number(RATE, held.rate, nothing, most),
            guarantee=self.number(GUARANTEE, held.guarantee * 100, nothing, per_cent) / 100,
            rounding=self.choice(ROUNDING, ROUNDINGS, held.rounding),
            unknown=self.choice(UNKNOWN, UNKNOWNS, held.unknown),
            line=self.number(LINE, nothing, nothing, per_cent) / 100 if line else held.line,
            left_out=tuple(u for u in found.units.ids if u in self.asked.get(OUT, "").split(",")),
        )

    def number(
        self, name: str, given: Fraction, low: Fraction, high: Fraction, *, integer: bool = False
    ) -> Fraction:
        """Read a number between two others; else keep what was there before."""
        text = self.asked.get(name, "")
        if not text:
            return given
        value = read_number(text)
        if value is None or (integer and not whole(value)):
            self._wrong(name, "allocation_field_number", given=text)
        elif not low <= value <= high:
            self._wrong(name, "allocation_field_range", given=text, low=int(low), high=int(high))
        else:
            return value
        return given

    def choice(self, name: str, known: Sequence[Any], standard: Any) -> Any:
        """Read one of several words."""
        text = self.asked.get(name, "")
        if text and text not in known:
            self._wrong(name, "allocation_field_choice", given=text, known=", ".join(known))
            return standard
        return text or standard

    def wishes(self, found: Opened) -> dict[str, int]:
        """Read which units are to get at least how much."""
        held: dict[str, int] = {}
        for place in range(1, WISHES + 1):
            unit = self.asked.get(f"{ASKED_UNIT}{place}", "")
            name = f"{ASKED_KRONER}{place}"
            least = self.number(name, Fraction(0), Fraction(0), Fraction(_MOST), integer=True)
            if unit and unit not in found.units.ids:
                self._wrong(f"{ASKED_UNIT}{place}", "allocation_unit_unknown", units=unit)
            elif unit and least:
                held[unit] = int(least)
        return held

    def coefficients(self, scenario: Scenario) -> dict[str, tuple[float, float]]:
        """Read kroner for one more of a need, and the standard error of that."""
        held, most = {}, Fraction(_MOST)
        for name in scenario.points:
            middle, error = (
                float(self.number(f"{key}{name}", Fraction(0), Fraction(0), most))
                for key in (COEFFICIENT, ERROR)
            )
            if middle:
                held[name] = (middle, error)
        return held


#: A kept scenario in an address: its name, then its values: `Mer behov~elever.20~v_low_income.70`.
_BETWEEN, _IS, _POINT = "~", ".", "_p_"


def kept_as(name: str, asked: Mapping[str, str]) -> str:
    """Return a scenario under a name, as one value of an address."""
    plain = " ".join(name.replace(_BETWEEN, " ").replace(",", " ").split())
    names = (ORIGIN, BUDGET, PUPILS, RULE, BASE, RATE, GUARANTEE, ROUNDING, UNKNOWN, LINE)
    held = {key: asked[key] for key in asked if key in names or key.startswith(WEIGHT)}
    parts = [f"{key}{_IS}{_told(value)}" for key, value in held.items()]
    return _BETWEEN.join([plain[:40], *parts])


def _told(value: str) -> str:
    return value.replace(" ", "").replace(",", _POINT).replace(".", _POINT).replace(_BETWEEN, "")


def _saved(found: Opened, text: str) -> dict[str, Scenario]:
    held: dict[str, Scenario] = {}
    for one in text.split(","):
        name, *parts = one.split(_BETWEEN)
        pairs = [part.partition(_IS) for part in parts]
        asked = {key: value.replace(_POINT, ".") for key, _, value in pairs}
        reader = _Reader(asked)
        scenario = reader.scenario(found)
        if name.strip() and not reader.problems:
            held[name.strip()] = scenario
    return held
