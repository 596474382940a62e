"""`measure:` of a catalogue entry: how an indicator is counted from registers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from nabolag.core import Finding, Place, Severity
from nabolag.indicators.engine.expressions import (
    TRUE,
    Constant,
    Expression,
    NotAnExpressionError,
    facts_of,
    parse,
    rules_of,
)


class Counted(StrEnum):
    """Whose rows are counted."""

    PERSON = "person"
    HOUSEHOLD = "household"
    DWELLING = "dwelling"
    SCHOOL = "school"
    KINDERGARTEN = "kindergarten"
    EVENT = "event"
    ACCOUNT = "account"


class Statistic(StrEnum):
    """What is made of the rows."""

    SHARE = "share"
    COUNT = "count"
    MEAN = "mean"
    MEDIAN = "median"
    SUM = "sum"
    RATE = "rate"


#: Statistics that cannot do without a numerator; the others count every row of the population.
NEEDS_NUMERATOR: Final = frozenset(
    {Statistic.SHARE, Statistic.MEAN, Statistic.MEDIAN, Statistic.SUM}
)
ONE: Final = Constant(1)
#: Statistics that may be divided by something else than the rows counted.
TAKES_DENOMINATOR: Final = frozenset({Statistic.MEAN, Statistic.RATE})
#: Statistics that may be divided by the rows of another unit.
TAKES_PER: Final = frozenset({Statistic.COUNT, Statistic.SUM})


@dataclass(frozen=True, slots=True)
class Measure:
    """How an indicator is counted.

    `unit` says whose rows are counted and `where` which of them are the population: rows where
    it is true. `numerator` is true, false or unknown, or a number for `mean`, `median`, `sum` and
    `rate`. A row of the population whose numerator (or denominator) is unknown is left out of
    both and counted as unknown. `denominator` is what a mean or a rate is divided by in place of
    the number of rows. `groups` are breakdowns beside everybody; one of several facts is their
    crossing. `years` is how many years of records a figure needs, its own included. `per` is a
    count of other rows, of whatever unit, that a count or a sum is divided by, area for area.
    `outside` is a fact that holds an area's code: the numerator is true only for an area that the
    code lies outside.
    """

    unit: Counted
    statistic: Statistic
    numerator: Expression = TRUE
    where: Expression = TRUE
    denominator: Expression | None = None
    groups: tuple[tuple[str, ...], ...] = ()
    years: int = 1
    per: Measure | None = None
    outside: str = ""

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """What the measure asks of the facts."""
        asked = (self.numerator, self.where)
        return asked if self.denominator is None else (*asked, self.denominator)

    @property
    def facts(self) -> frozenset[str]:
        """The facts the measure speaks of, its groups included."""
        named = {name for group in self.groups for name in group}
        if self.outside:
            named.add(self.outside)
        return frozenset(named).union(*map(facts_of, self.expressions))

    @property
    def rules(self) -> frozenset[str]:
        """The rules the measure calls, those of what it is divided by included."""
        own = frozenset[str]().union(*map(rules_of, self.expressions))
        return own if self.per is None else own | self.per.rules


_EXPRESSIONS = ("where", "numerator", "denominator")
_KEYS = ("unit", "statistic", *_EXPRESSIONS, "groups", "years", "per", "outside")
_PER_KEYS = ("unit", "where", "numerator")
_CHOICES: dict[str, type[StrEnum]] = {"unit": Counted, "statistic": Statistic}


def read_measure(given: Any, file: str, entry: str) -> tuple[Measure | None, list[Finding]]:
    """Read `measure:` of an entry. Returns the measure, or `None` and what is wrong.

    Whether its facts and rules exist is judged by `checking.measure_problems`.
    """
    about = _About(file, entry)
    if not isinstance(given, Mapping):
        return None, [about.wrong("measure", given, ", ".join(_KEYS))]
    problems = [about.says("catalogue_key_unknown", key=f"measure.{key}") for key in given
                if key not in _KEYS]  # fmt: skip
    problems += [
        about.says("catalogue_key_absent", key=f"measure.{key}")
        for key in _CHOICES
        if key not in given
    ]
    for key, choices in _CHOICES.items():
        if key in given and given[key] not in {choice.value for choice in choices}:
            allowed = ", ".join(choice.value for choice in choices)
            problems.append(about.wrong(key, given[key], allowed))
    read = {key: _expression(given[key], about, key, problems) for key in _EXPRESSIONS
            if key in given}  # fmt: skip
    groups = _groups(given.get("groups", []), about, problems)
    years = given.get("years", 1)
    if not isinstance(years, int) or isinstance(years, bool) or years < 1:
        problems.append(about.wrong("years", years, "1, 2, 3 …"))
    outside = given.get("outside", "")
    if not isinstance(outside, str):
        problems.append(about.wrong("outside", outside, "came_from"))
    if problems:
        return None, problems
    unit, statistic = Counted(given["unit"]), Statistic(given["statistic"])
    problems += _unfit(statistic, given, about)
    per = _per(given["per"], file, entry, problems) if "per" in given else None
    facts = {key: value for key, value in read.items() if value is not None}
    if facts.get("denominator") == ONE:
        del facts["denominator"]  # one for each row is what a denominator is without being asked
    measure = Measure(
        unit, statistic, groups=groups, years=years, per=per, outside=outside, **facts
    )
    return (None, problems) if problems else (measure, [])


def _unfit(statistic: Statistic, given: Mapping[str, Any], about: _About) -> list[Finding]:
    """Say which expressions a statistic lacks or cannot use."""
    problems = []
    if statistic in NEEDS_NUMERATOR and "numerator" not in given:
        problems.append(about.says("catalogue_key_absent", key="measure.numerator"))
    own = str(given.get("denominator", 1)) != "1"
    if own and statistic not in TAKES_DENOMINATOR:
        allowed = ", ".join(sorted(TAKES_DENOMINATOR))
        problems.append(
            about.says("measure_denominator_unused", statistic=statistic.value, allowed=allowed)
        )
    if "per" in given and (statistic not in TAKES_PER or "groups" in given):
        allowed = ", ".join(sorted(TAKES_PER))
        problems.append(about.says("measure_per_unused", allowed=allowed))
    if "outside" in given and (statistic is not Statistic.SHARE or "groups" in given):
        problems.append(about.says("measure_outside_unused", allowed=Statistic.SHARE.value))
    return problems


def _per(given: Any, file: str, entry: str, problems: list[Finding]) -> Measure | None:
    """Read `per:`, which is a count: `unit`, and where asked `where` and `numerator`."""
    about = _About(file, entry)
    if not isinstance(given, Mapping) or not set(given) <= set(_PER_KEYS):
        problems.append(about.wrong("per", given, ", ".join(_PER_KEYS)))
        return None
    counted, wrong = read_measure({**given, "statistic": Statistic.COUNT.value}, file, entry)
    problems += wrong
    return counted


@dataclass(frozen=True, slots=True)
class _About:
    """Which entry of which file is read."""

    file: str
    entry: str

    def says(self, code: str, **params: str) -> Finding:
        return Finding(code, Severity.ERROR, Place(self.file), {"entry": self.entry, **params})

    def wrong(self, key: str, given: Any, allowed: str) -> Finding:
        shown = str(given)[:60]
        return self.says(
            "catalogue_value_wrong", key=f"measure.{key}", given=shown, allowed=allowed
        )


def _expression(given: Any, about: _About, key: str, problems: list[Finding]) -> Expression | None:
    """Read an expression. YAML turns `1` and `true` into what they are; both may stand alone."""
    try:
        return parse(str(given).lower() if isinstance(given, bool) else str(given))
    except NotAnExpressionError as wrong:
        problems.append(about.says("measure_not_expression", key=key, part=wrong.part[:120]))
        return None


def _groups(given: Any, about: _About, problems: list[Finding]) -> tuple[tuple[str, ...], ...]:
    """Read the breakdowns: names, and lists of names that are crossed."""
    listed = given if isinstance(given, list) else [given]
    read = [tuple(one) if isinstance(one, list) else (one,) for one in listed]
    if any(not isinstance(name, str) or not one for one in read for name in one):
        problems.append(about.wrong("groups", given, "sex, [sex, age_band]"))
        return ()
    return tuple(dict.fromkeys(tuple(sorted(set(one))) for one in read))
