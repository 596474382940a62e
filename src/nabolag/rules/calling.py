"""Calling a rule by its name: the dated parameters are filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import narwhals.stable.v2 as nw

from nabolag.rules.errors import NotInForceError, UnknownRuleError, WrongFactsError
from nabolag.rules.facts import Fact, Kind, Signature, read_signature
from nabolag.rules.parameters import Book, Parameters
from nabolag.rules.rule import RULES


@cache
def signature(name: str) -> Signature:
    """Return what a rule takes and answers. Raises `UnknownRuleError`."""
    if name not in RULES:
        raise UnknownRuleError(name, RULES)
    return read_signature(name, RULES[name].function)


def call(name: str, args: Sequence[nw.Expr], at: date, book: Book | None = None) -> nw.Expr:
    """Return a rule's answer to facts given in order, with the parameters that hold at a date.

    A rule that takes one fact for each of several years is given them one after another
    (`income, income_1, income_2, median, median_1, median_2`). Raises `UnknownRuleError`,
    `WrongFactsError`, and `NotInForceError` before the rule began or after it ended.
    """
    asked = signature(name)
    facts = _distribute(asked, args)
    numbers = _numbers(asked, at, book)
    try:
        return RULES[name].function(*facts, *numbers)
    except ValueError as another_number_of_years:
        raise WrongFactsError(asked.name, str(asked), len(args)) from another_number_of_years


def _numbers(asked: Signature, at: date, book: Book | None) -> tuple[Parameters, ...]:
    """Return the rule's parameters at a date (none, for a rule without)."""
    begins = RULES[asked.name].in_force
    if begins is not None and at < begins:
        raise NotInForceError(asked.name, at)
    if asked.parameters is None:
        return ()
    try:
        return (asked.parameters.at(at, book),)
    except NotInForceError as outside:
        raise NotInForceError(asked.name, at) from outside


def evaluate(name: str, facts: Mapping[str, Any], at: date, book: Book | None = None) -> Any:
    """Return a rule's answer for one case: plain values in, a plain value or `None` out.

    Facts are given by name; one of several years as a list. A fact not given is unknown.
    Raises as `call` does, and `KeyError` for a fact that the rule does not take.
    """
    asked = signature(name)
    frame = one_case(asked, facts)
    answer = call(name, [nw.col(column) for column in frame.columns], at, book)
    return frame.select(answer=answer)["answer"].to_list()[0]


def one_case(asked: Signature, facts: Mapping[str, Any]) -> nw.DataFrame[Any]:
    """Return a frame of one row, its columns the rule's facts in order, of the right types."""
    import polars as pl  # noqa: PLC0415

    strange = set(facts) - {fact.name for fact in asked.facts}
    if strange:
        raise KeyError(f"{asked} does not take {', '.join(sorted(strange))}")
    types = {
        Kind.FLAG: pl.Boolean,
        Kind.WHOLE: pl.Int64,
        Kind.NUMBER: pl.Float64,
        Kind.WORD: pl.String,
    }
    columns = {
        name: pl.Series([value], dtype=types[kind])
        for name, kind, value in _columns(asked.facts, facts)
    }
    return nw.from_native(pl.DataFrame(columns), eager_only=True)


def _columns(facts: Sequence[Fact], given: Mapping[str, Any]) -> Iterator[tuple[str, Kind, Any]]:
    for fact in facts:
        if not fact.many:
            yield fact.name, fact.kind, given.get(fact.name)
            continue
        for number, value in enumerate(given[fact.name]):
            yield f"{fact.name}_{number}", fact.kind, value


def _distribute(asked: Signature, args: Sequence[nw.Expr]) -> Iterator[Any]:
    """Hand out the facts in order; those of several years share what is left evenly."""
    many = sum(fact.many for fact in asked.facts)
    left = len(args) - (len(asked.facts) - many)
    each, over = divmod(left, many) if many else (0, left)
    if over or left < many:
        raise WrongFactsError(asked.name, str(asked), len(args))
    return _hand_out(asked, args, each)


def _hand_out(asked: Signature, args: Sequence[nw.Expr], each: int) -> Iterator[Any]:
    position = 0
    for fact in asked.facts:
        width = each if fact.many else 1
        part = args[position : position + width]
        yield tuple(part) if fact.many else part[0]
        position += width
