"""The tests of single rows that a contract implies, as expressions."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl

from nabolag.registers.spec import Column, NotAbove, OnlyWhere, RegisterSpec

#: The internal column of row numbers, as the file numbers its rows.
ROW: Final = "__row"
_DIGITS: Final = re.compile(r"^\^\\d\{(\d+)\}\$$")


@dataclass(frozen=True, slots=True)
class Check:
    """A test of rows: `wrong` is true where a row breaks the contract; null is not wrong.

    `shown` is what an example shows; `private` says that it never leaves the house, and
    `of_delivered` that it is of the delivered texts, not of the values read from them. `column`
    names the column, or several with a comma.
    """

    code: str
    column: str
    wrong: pl.Expr
    params: Mapping[str, Any] = field(default_factory=dict)
    shown: pl.Expr | None = None
    private: bool = False
    of_delivered: bool = False

    @property
    def reason(self) -> str:
        """The reason as a set-apart row carries it: code and column."""
        return f"{self.code}: {self.column}"


def row_checks(spec: RegisterSpec, sound: Collection[str]) -> list[Check]:
    """Return the tests of single rows that need only columns in `sound`."""
    checks = [check for column in spec.columns if column.name in sound for check in _of(column)]
    checks += [_pair(p, spec) for p in spec.not_above if {p.lower, p.upper} <= set(sound)]
    checks += [_only(r, spec) for r in spec.only_where if {r.column, r.where} <= set(sound)]
    return checks


def _of(column: Column) -> list[Check]:
    value = pl.col(column.name)
    shown = value.cast(pl.String)
    checks = []

    def add(code: str, wrong: pl.Expr, **params: Any) -> None:
        checks.append(Check(code, column.name, wrong, params, shown, column.private))

    if not column.nullable:
        add("register_null", value.is_null())
    if column.type == "f64":
        add("register_not_finite", value.cast(pl.Float64).is_finite().not_())
    outside = [value < column.minimum] if column.minimum is not None else []
    outside += [value > column.maximum] if column.maximum is not None else []
    if outside:
        bounds = {"minimum": written(column.minimum), "maximum": written(column.maximum)}
        beyond = pl.any_horizontal(outside)
        # What is no number has been told of; it is neither large nor small.
        finite = value.cast(pl.Float64).is_finite() if column.type == "f64" else pl.lit(value=True)
        add("register_out_of_range", beyond & finite, **bounds)
    if column.values:
        allowed = ", ".join(map(str, column.values))
        add("register_value_unknown", value.is_in(list(column.values)).not_(), allowed=allowed)
    if column.pattern:
        digits = _DIGITS.match(column.pattern)
        wrong = shown.str.contains(column.pattern).not_()
        if digits:
            add("register_digits", wrong, digits=int(digits.group(1)))
        else:
            add("register_pattern", wrong, pattern=column.pattern)
    return checks


def _pair(pair: NotAbove, spec: RegisterSpec) -> Check:
    lower, upper = pl.col(pair.lower), pl.col(pair.upper)
    wrong = lower >= upper if pair.strict else lower > upper
    code = "register_not_below" if pair.strict else "register_not_above"
    private = spec.column(pair.lower).private or spec.column(pair.upper).private
    shown = pl.format("{} / {}", lower, upper)
    params = {"lower": pair.lower, "upper": pair.upper}
    return Check(code, pair.lower, wrong, params, shown, private)


def _only(rule: OnlyWhere, spec: RegisterSpec) -> Check:
    where = pl.col(rule.where)
    elsewhere = where.is_in(list(rule.values)).not_().fill_null(value=True)
    params = {
        "column": rule.column,
        "where": rule.where,
        "allowed": ", ".join(map(str, rule.values)),
    }
    wrong = pl.col(rule.column).is_not_null() & elsewhere
    private = spec.column(rule.where).private
    return Check("register_only_where", rule.column, wrong, params, where.cast(pl.String), private)


def written(bound: float | None) -> str:
    """Write a bound as people do: 8 and not 8.0, a dash where there is none.

    Large bounds are written out, with spaces between thousands.
    """
    if bound is None:
        return "–"
    whole = float(bound).is_integer()
    return f"{bound:,.0f}".replace(",", " ") if whole and abs(bound) >= 10_000 else f"{bound:g}"
