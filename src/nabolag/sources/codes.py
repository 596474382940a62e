"""Conditions on rows, steps from text to code, names to codes, and the rules that place a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from nabolag.sources.row_rules import Condition, Step


def condition_holds(condition: Condition) -> pl.Expr:
    """Return a condition as a true/false expression over columns of trimmed text."""
    text = pl.col(condition.column)
    if condition.equals is not None:
        return text == condition.equals
    if condition.in_ is not None:
        return text.is_in(list(condition.in_))
    if condition.not_in is not None:
        return ~text.is_in(list(condition.not_in))
    if condition.matches is not None:
        return text.str.contains(f"^(?:{condition.matches})$")
    return (text == "") == condition.blank


def all_hold(conditions: Iterable[Condition]) -> pl.Expr:
    """Return true where every condition holds (and where there is none)."""
    joined = pl.lit(value=True)
    for condition in conditions:
        joined = joined & condition_holds(condition)
    return joined


def transformed(text: pl.Expr, steps: Sequence[Step]) -> pl.Expr:
    """Return the text after every step, in order."""
    for step in steps:
        text = _STEPS[step.name](text, getattr(step, step.name))
    return text


def _before(text: pl.Expr, sign: str) -> pl.Expr:
    return text.str.split_exact(sign, 1).struct.field("field_0").str.strip_chars()


def _after(text: pl.Expr, sign: str) -> pl.Expr:
    rest = text.str.splitn(sign, 2).struct.field("field_1")
    return pl.coalesce(rest, text).str.strip_chars()


_STEPS: dict[str, Callable[[pl.Expr, Any], pl.Expr]] = {
    "first": lambda text, n: text.str.head(n),
    "last": lambda text, n: text.str.tail(n),
    "slice": lambda text, ends: text.str.slice(ends[0], ends[1] - ends[0]),
    "strip_prefix": lambda text, sign: text.str.strip_prefix(sign),
    "strip_suffix": lambda text, sign: text.str.strip_suffix(sign),
    "pad": lambda text, n: text.str.pad_start(n, "0"),
    "replace": lambda text, pair: text.str.replace_all(pair[0], pair[1], literal=True),
    "before": _before,
    "after": _after,
    "prefix": lambda text, sign: pl.lit(sign) + text,
}


def folded(text: pl.Expr) -> pl.Expr:
    """Return names in the form in which they are compared: small letters, single spaces."""
    return text.str.replace_all(r"\s+", " ").str.strip_chars().str.to_lowercase()


def renamed(text: pl.Expr, codes: Mapping[str, str]) -> pl.Expr:
    """Return the texts with those in the list replaced; the others as they are."""
    return text.replace(dict(codes)) if codes else text
