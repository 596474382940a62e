"""Sums as they stand in text: «b * n / 1000» with named numbers, and nothing but arithmetic."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping

_BINARY: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def evaluate(expression: str, numbers: Mapping[str, float]) -> float:
    """Return what an expression comes to. Raises `ValueError` for anything but arithmetic."""
    return _value(ast.parse(expression, mode="eval").body, numbers)


def filled(expression: str, written: Mapping[str, str]) -> str:
    """Return the expression with numbers for names, as a reader writes it: «156,59 × 38 000»."""
    return _words(ast.parse(expression, mode="eval").body, written)


def _value(node: ast.expr, numbers: Mapping[str, float]) -> float:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            return numbers[name]
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_value(inner, numbers)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            return _BINARY[type(op)](_value(left, numbers), _value(right, numbers))
    raise ValueError(ast.unparse(node))


_SIGNS = {ast.Add: "+", ast.Sub: "\N{MINUS SIGN}", ast.Mult: "×", ast.Div: ":"}


def _words(node: ast.expr, written: Mapping[str, str]) -> str:
    match node:
        case ast.Constant(value=number):
            return written.get(str(number), str(number))
        case ast.Name(id=name):
            return written[name]
        case ast.UnaryOp(operand=inner):
            words = _inside(inner, ast.Mult(), written)
            minus = "\N{MINUS SIGN}"
            return words.removeprefix(minus) if words.startswith(minus) else f"{minus}{words}"
        case ast.BinOp(left=left, op=op, right=right):
            sides = [_inside(side, op, written) for side in (left, right)]
            return f"{sides[0]} {_SIGNS[type(op)]} {sides[1]}"
    raise ValueError(ast.unparse(node))


def _inside(node: ast.expr, outer: ast.operator, written: Mapping[str, str]) -> str:
    words = _words(node, written)
    loose = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)
    return f"({words})" if loose and isinstance(outer, ast.Mult | ast.Div) else words
