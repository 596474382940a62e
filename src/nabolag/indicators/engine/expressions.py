"""The small language that definitions are written in, as a frozen tree. Data, never code.

A definition names facts, numbers and quoted words, reckons with `+ - * /`, compares, joins with
`and`, `or`, `not`, asks `x in ('a', 'b')`, `between(x, low, high)`, `known(x)` and
`at_least(2, a, b, c)`, and calls rules of `nabolag.rules` by name. Nothing else can be written,
so nothing else can be run.

Unknown is a third answer beside true and false. A comparison with something unknown is unknown,
`false and unknown` is false, `true or unknown` is true, and a division by zero is unknown.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

#: Longer definitions are refused: a definition is read by people.
LONGEST: Final = 2000


@dataclass(frozen=True, slots=True)
class Fact:
    """A column of the facts, by name."""

    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a quoted word, or `true` and `false`."""

    value: bool | float | str


@dataclass(frozen=True, slots=True)
class Reckoning:
    """`+`, `-`, `*` or `/` between two numbers."""

    sign: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Comparison:
    """`==`, `!=`, `<`, `<=`, `>` or `>=` between two values of the same kind."""

    sign: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Both:
    """True where both are true."""

    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Either:
    """True where one is true."""

    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Not:
    """True where the other is false."""

    of: Expression


@dataclass(frozen=True, slots=True)
class Among:
    """True where a value is one of those listed."""

    of: Expression
    choices: tuple[Constant, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """True where a number is from `low` to `high`, both included."""

    of: Expression
    low: Expression
    high: Expression


@dataclass(frozen=True, slots=True)
class Known:
    """True where a value is known, false where it is not. Never unknown itself."""

    of: Expression


@dataclass(frozen=True, slots=True)
class AtLeast:
    """True where at least so many of several answers are true.

    Unknown only where what is not known decides: false where too few could be true.
    """

    count: int
    of: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Several:
    """A list, as some rules take (`[income_per_unit, income_per_unit_1]`)."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A rule of `nabolag.rules`, its facts in the rule's own order."""

    rule: str
    given: tuple[Expression, ...]


Expression: TypeAlias = (
    Fact
    | Constant
    | Reckoning
    | Comparison
    | Both
    | Either
    | Not
    | Among
    | Between
    | Known
    | AtLeast
    | Several
    | Call
)

TRUE: Final = Constant(value=True)
_RECKONING = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_COMPARISON = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_NAMED = {"true": True, "false": False}


class NotAnExpressionError(ValueError):
    """What is written is not of the language. `part` is the piece that cannot be read."""

    def __init__(self, part: str) -> None:
        """Keep the piece."""
        super().__init__(f"not a part of the language: {part}")
        self.part = part


def parse(text: str) -> Expression:
    """Read a definition. Raises `NotAnExpressionError` naming the part that cannot be read."""
    if len(text) > LONGEST:
        raise NotAnExpressionError(f"{text[:60]} …")
    try:
        tree = ast.parse(text.strip(), mode="eval")
        return _read(tree.body)
    except SyntaxError as wrong:
        raise NotAnExpressionError((wrong.text or text).strip()) from wrong
    except RecursionError as wrong:
        raise NotAnExpressionError(f"{text[:60]} …") from wrong


def _read(node: ast.expr) -> Expression:
    reader = _READERS.get(type(node))
    if reader is None:
        raise _refused(node)
    return reader(node)


def _refused(node: ast.AST) -> NotAnExpressionError:
    return NotAnExpressionError(ast.unparse(node))


def _name(node: ast.Name) -> Expression:
    return Constant(_NAMED[node.id]) if node.id in _NAMED else Fact(node.id)


def _constant(node: ast.Constant) -> Constant:
    if not isinstance(node.value, bool | int | float | str):
        raise _refused(node)
    return Constant(node.value)


def _reckoning(node: ast.BinOp) -> Expression:
    sign = _RECKONING.get(type(node.op))
    if sign is None:
        raise _refused(node)
    return Reckoning(sign, _read(node.left), _read(node.right))


def _single(node: ast.UnaryOp) -> Expression:
    of = _read(node.operand)
    if isinstance(node.op, ast.Not):
        return Not(of)
    if not isinstance(node.op, ast.USub):
        raise _refused(node)
    if isinstance(of, Constant) and not isinstance(of.value, bool | str):
        return Constant(-of.value)
    return Reckoning("-", Constant(0), of)


def _compare(node: ast.Compare) -> Expression:
    """Read a comparison; `a < b < c` is `a < b and b < c`."""
    found: Expression | None = None
    left = node.left
    for sign, right in zip(node.ops, node.comparators, strict=True):
        step = _one_comparison(node, sign, left, right)
        found = step if found is None else Both(found, step)
        left = right
    assert found is not None  # noqa: S101 – a comparison has at least one sign
    return found


def _one_comparison(
    whole: ast.Compare, sign: ast.cmpop, left: ast.expr, right: ast.expr
) -> Expression:
    if isinstance(sign, ast.In | ast.NotIn):
        among = Among(_read(left), _choices(right))
        return Not(among) if isinstance(sign, ast.NotIn) else among
    written = _COMPARISON.get(type(sign))
    if written is None:
        raise _refused(whole)
    return Comparison(written, _read(left), _read(right))


def _choices(node: ast.expr) -> tuple[Constant, ...]:
    """Read what follows `in`: a list of constants, or one in parentheses."""
    listed = node.elts if isinstance(node, ast.Tuple | ast.List) else [node]
    read = [_read(element) for element in listed]
    constants = tuple(part for part in read if isinstance(part, Constant))
    if not constants or len(constants) < len(read):
        raise _refused(node)
    return constants


def _joined(node: ast.BoolOp) -> Expression:
    join = Both if isinstance(node.op, ast.And) else Either
    first, *rest = (_read(value) for value in node.values)
    found = first
    for further in rest:
        found = join(found, further)
    return found


def _call(node: ast.Call) -> Expression:
    if not isinstance(node.func, ast.Name) or node.keywords:
        raise _refused(node)
    given = tuple(_read(argument) for argument in node.args)
    if node.func.id == "known" and len(given) == 1:
        return Known(given[0])
    if node.func.id == "between" and len(given) == 3:
        return Between(*given)
    if node.func.id == "at_least":
        return _at_least(node, given)
    if node.func.id in ("known", "between"):
        raise _refused(node)
    return Call(node.func.id, given)


def _at_least(node: ast.Call, given: tuple[Expression, ...]) -> AtLeast:
    """Read `at_least(2, a, b, c)`: a whole number from 1, and at least as many answers."""
    count, *of = given or (TRUE,)
    whole = isinstance(count, Constant) and isinstance(count.value, int)
    if not whole or isinstance(count.value, bool) or not 1 <= count.value <= len(of):  # type: ignore[union-attr, operator]
        raise _refused(node)
    return AtLeast(count.value, tuple(of))  # type: ignore[union-attr, arg-type]


def _several(node: ast.List) -> Expression:
    return Several(tuple(_read(element) for element in node.elts))


_READERS: dict[type[ast.expr], Callable[..., Expression]] = {
    ast.Name: _name,
    ast.Constant: _constant,
    ast.BinOp: _reckoning,
    ast.UnaryOp: _single,
    ast.Compare: _compare,
    ast.BoolOp: _joined,
    ast.Call: _call,
    ast.List: _several,
}


def parts(expression: Expression) -> tuple[Expression, ...]:
    """Return what an expression is directly made of."""
    match expression:
        case Fact() | Constant():
            return ()
        case Not(of) | Known(of):
            return (of,)
        case Among(of, choices):
            return (of, *choices)
        case Between(of, low, high):
            return (of, low, high)
        case Several(listed) | Call(_, listed) | AtLeast(_, listed):
            return listed
        case _:
            return (expression.left, expression.right)


def walk(expression: Expression) -> Iterator[Expression]:
    """Yield an expression and everything it is made of, the outermost first."""
    yield expression
    for part in parts(expression):
        yield from walk(part)


def facts_of(expression: Expression) -> frozenset[str]:
    """Return the names of the facts an expression speaks of."""
    return frozenset(part.name for part in walk(expression) if isinstance(part, Fact))


def rules_of(expression: Expression) -> frozenset[str]:
    """Return the names of the rules an expression calls."""
    return frozenset(part.rule for part in walk(expression) if isinstance(part, Call))
