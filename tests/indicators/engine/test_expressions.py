"""The language of definitions: what it reads, and what it refuses."""

from __future__ import annotations

from datetime import date

import narwhals.stable.v2 as nw
import polars as pl
import pytest

from nabolag.indicators.engine.compiling import compiled
from nabolag.indicators.engine.expressions import (
    Among,
    Between,
    Both,
    Call,
    Comparison,
    Constant,
    Either,
    Fact,
    Known,
    Not,
    NotAnExpressionError,
    Reckoning,
    Several,
    facts_of,
    parse,
    rules_of,
)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("rooms", Fact("rooms")),
        ("1", Constant(1)),
        ("-1.5", Constant(-1.5)),
        ("true", Constant(value=True)),
        ("-debt", Reckoning("-", Constant(0), Fact("debt"))),
        ("'block'", Constant("block")),
        ("a + 2 * b", Reckoning("+", Fact("a"), Reckoning("*", Constant(2), Fact("b")))),
        ("a < 3", Comparison("<", Fact("a"), Constant(3))),
        (
            "1 <= a < 3",
            Both(Comparison("<=", Constant(1), Fact("a")), Comparison("<", Fact("a"), Constant(3))),
        ),
        ("a and b and c", Both(Both(Fact("a"), Fact("b")), Fact("c"))),
        ("a or not b", Either(Fact("a"), Not(Fact("b")))),
        ("a in ('x', 'y')", Among(Fact("a"), (Constant("x"), Constant("y")))),
        ("a in ('x')", Among(Fact("a"), (Constant("x"),))),
        ("a not in [1]", Not(Among(Fact("a"), (Constant(1),)))),
        ("between(age, 0, 17)", Between(Fact("age"), Constant(0), Constant(17))),
        ("known(rooms)", Known(Fact("rooms"))),
        ("crowded(persons, rooms)", Call("crowded", (Fact("persons"), Fact("rooms")))),
        ("low([a, b])", Call("low", (Several((Fact("a"), Fact("b"))),))),
    ],
)
def test_reads(text, tree):
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("__import__('os').system('ls')", "__import__('os').system('ls')"),
        ("a.b", "a.b"),
        ("a[0]", "a[0]"),
        ("a ** 2", "a ** 2"),
        ("a // 2", "a // 2"),
        ("a & b", "a & b"),
        ("a if b else c", "a if b else c"),
        ("[x for x in y]", "[x for x in y]"),
        ("lambda: 1", "lambda: 1"),
        ("f(a=1)", "f(a=1)"),
        ("a is None", "a is None"),
        ("None", "None"),
        ("b'x'", "b'x'"),
        ("1j", "1j"),
        ("f'{a}'", "f'{a}'"),
        ("a in b", "b"),
        ("a in ()", "()"),
        ("between(a, 1)", "between(a, 1)"),
        ("known()", "known()"),
        ("a = 1", "a = 1"),
        ("a +", "a +"),
        ("", ""),
    ],
)
def test_refuses_what_is_not_of_the_language(text, part):
    with pytest.raises(NotAnExpressionError) as refused:
        parse(text)
    assert refused.value.part == part


@pytest.mark.parametrize("text", ["(" * 300 + "a" + ")" * 300, "not " * 490 + "a", "a + " * 600])
def test_refuses_what_no_person_would_read(text):
    with pytest.raises(NotAnExpressionError):
        parse(text)


def test_tells_the_facts_and_the_rules_it_speaks_of():
    tree = parse("crowded(persons, rooms, area_m2) or between(age, low([a]), 3) and known(x)")
    assert facts_of(tree) == {"persons", "rooms", "area_m2", "age", "a", "x"}
    assert rules_of(tree) == {"crowded", "low"}


@pytest.mark.parametrize(
    ("given", "answer"),
    [((True, True, None), True), ((True, False, None), None), ((True, False, False), False),
     ((False, None, None), None), ((False, False, None), False), ((None, None, None), None)],
)  # fmt: skip
def test_at_least_is_unknown_only_where_the_unknown_decides(given, answer):
    frame = pl.DataFrame([given], schema=dict.fromkeys("abc", pl.Boolean), orient="row")
    made = compiled(parse("at_least(2, a, b, c)"), date(2024, 1, 1), {})
    found = nw.from_native(frame.lazy()).select(made.alias("x")).collect().item()
    assert found is answer


@pytest.mark.parametrize(
    "text", ["at_least()", "at_least(2)", "at_least(0, a)", "at_least(3, a, b)", "at_least(x, a)",
             "at_least(1.5, a, b)", "at_least(true, a)"],
)  # fmt: skip
def test_at_least_needs_a_number_of_answers_that_can_be_reached(text):
    with pytest.raises(NotAnExpressionError):
        parse(text)
