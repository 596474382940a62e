"""An expression written back in the language that it was read in."""

from __future__ import annotations

from nabolag.indicators.engine.expressions import (
    Among,
    AtLeast,
    Between,
    Both,
    Call,
    Comparison,
    Constant,
    Either,
    Expression,
    Fact,
    Known,
    Not,
    Reckoning,
    Several,
)


def written(expression: Expression) -> str:
    """Return the text of an expression; reading it again gives the same expression."""
    match expression:
        case Fact(name):
            return name
        case Constant(value):
            return str(value).lower() if isinstance(value, bool) else repr(value)
        case Not(of):
            return f"not {_inner(of)}"
        case Reckoning() | Comparison() | Both() | Either():
            return _paired(expression)
        case _:
            return _called(expression)


def _called(expression: Call | Several | Known | Between | Among | AtLeast) -> str:
    match expression:
        case Call(rule, given):
            return f"{rule}({_listed(given)})"
        case Several(given):
            return f"[{_listed(given)}]"
        case Known(of):
            return f"known({written(of)})"
        case AtLeast(count, of):
            return f"at_least({count}, {_listed(of)})"
        case Between(of, low, high):
            return f"between({_listed((of, low, high))})"
        case Among(of, choices):
            return f"{_inner(of)} in ({_listed(choices)}{',' if len(choices) == 1 else ''})"


def _paired(expression: Reckoning | Comparison | Both | Either) -> str:
    sign = {Both: "and", Either: "or"}.get(type(expression)) or getattr(expression, "sign", "")
    return f"{_inner(expression.left)} {sign} {_inner(expression.right)}"


def _inner(expression: Expression) -> str:
    """Return a part of an expression, in parentheses where it is made of parts itself."""
    alone = isinstance(expression, Fact | Constant | Call | Known | Between | Several | AtLeast)
    return written(expression) if alone else f"({written(expression)})"


def _listed(given: tuple[Expression, ...]) -> str:
    return ", ".join(written(part) for part in given)
