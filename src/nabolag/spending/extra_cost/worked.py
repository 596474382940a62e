"""The report's 23 worked examples, recomputed from its own numbers and held against its words."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, Literal, TypeAlias

from nabolag.spending.extra_cost.arithmetic import evaluate
from nabolag.spending.extra_cost.compute import quantile
from nabolag.spending.printed import Corrected, checked_report

Said: TypeAlias = Literal["digits", "over", "under", "about", "more", "implied"]
_LEVEL = 0.95


class Verdict(StrEnum):
    """What the comparison came to. `LAST_DIGIT` is off by less than one of the last digit."""

    AGREES = "agrees"
    LAST_DIGIT = "last_digit"
    DISAGREES = "disagrees"
    IMPLIED = "implied"


@dataclass(frozen=True, slots=True)
class Input:
    """A number that goes into an example: a fact with lines, or a coefficient of a table."""

    name: str
    value: float
    text: str
    lines: str
    cell: Corrected | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One computed number beside what the report prints (`None` where it prints none).

    `lower` and `upper` bound it at 95 per cent where a coefficient goes into it; where several
    do, their widths are added, for no covariance is printed.
    """

    lines: str
    quote: str
    expression: str
    inputs: tuple[Input, ...]
    unit: str
    said: Said
    printed: Decimal | None
    value: float
    lower: float | None
    upper: float | None

    @property
    def verdict(self) -> Verdict:
        """How the number and the words go together."""
        if self.printed is None:
            return Verdict.IMPLIED
        low, high = allowed(self.printed, self.said)
        value = round(self.value, 9)
        if low <= value <= high:
            return Verdict.AGREES
        unit = float(last_digit(self.printed))
        near = self.said == "digits" and abs(value - float(self.printed)) < unit
        return Verdict.LAST_DIGIT if near else Verdict.DISAGREES


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: which of the forms A–D it is (or `other`), and its numbers."""

    id: str
    form: str
    parts: tuple[Part, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst of its parts; `IMPLIED` only where nothing is printed to compare with."""
        order = (Verdict.DISAGREES, Verdict.LAST_DIGIT, Verdict.AGREES, Verdict.IMPLIED)
        found = {part.verdict for part in self.parts}
        return next(verdict for verdict in order if verdict in found)


def allowed(printed: Decimal, said: str) -> tuple[float, float]:
    """Return what a printed number with its words allows.

    A number stands for all that round to it. «Just over» is the upper half of them and «just
    under» the lower; with words, zeros at the end are rounding («over 20 million»: 20–25).
    """
    half = float(last_digit(printed, words=said != "digits")) / 2
    value = float(printed)
    match said:
        case "over":
            return value, value + half
        case "under":
            return value - half, value
        case "more":
            return value, float("inf")
        case _:
            return value - half, value + half


def last_digit(printed: Decimal, *, words: bool = False) -> Decimal:
    """Return what one of the last digit is: 0.1 for 5.2, and 10 for 20 where it is in words."""
    exact = printed.normalize() if words else printed
    exponent = exact.as_tuple().exponent
    assert isinstance(exponent, int)  # noqa: S101 - a printed number is finite
    return Decimal(1).scaleb(exponent)


@cache
def worked_examples() -> tuple[Example, ...]:
    """Return the 23 examples, computed."""
    text = (files("nabolag.spending.extra_cost") / "data" / "worked.toml").read_text("utf-8")
    return tuple(
        Example(one["id"], one["form"], tuple(_part(part) for part in one["part"]))
        for one in tomllib.loads(text)["example"]
    )


def _part(given: Mapping[str, Any]) -> Part:
    inputs = tuple(_input(name, one) for name, one in given["inputs"].items())
    value, lower, upper = _computed(given["expression"], inputs)
    return Part(
        lines=given["lines"],
        quote=given.get("quote", ""),
        expression=given["expression"],
        inputs=inputs,
        unit=given["unit"],
        said=given["said"],
        printed=Decimal(given["printed"]) if "printed" in given else None,
        value=value,
        lower=lower,
        upper=upper,
    )


def _input(name: str, given: Mapping[str, str]) -> Input:
    if "cell" not in given:
        return Input(name, float(given["value"]), given["value"], given["lines"])
    table, model, term = given["cell"].split(".")
    one = checked_report().at(table, int(model), term)
    lines = checked_report().printed.table(table).lines or (0, 0)
    where = f"L{one.cell.line or lines[0]}"
    return Input(name, float(one.coefficient), f"{one.coefficient:f}", where, one)


def _computed(
    expression: str, inputs: tuple[Input, ...]
) -> tuple[float, float | None, float | None]:
    numbers = {one.name: one.value for one in inputs}
    value = evaluate(expression, numbers)
    half = 0.0
    for one in inputs:
        if one.cell is not None:
            width = quantile(one.cell.df, _LEVEL) * float(one.cell.error)
            moved = evaluate(expression, {**numbers, one.name: one.value + width})
            half += abs(moved - value)
    return (value, value - half, value + half) if half else (value, None, None)
