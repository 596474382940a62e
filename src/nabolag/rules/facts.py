"""What kinds of facts rules take, and what kinds of answers they give.

Every rule is annotated with these, so that a caller can hold its columns against them. To a
type checker they are all `nw.Expr`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, TypeAlias, get_args, get_origin, get_type_hints

import narwhals.stable.v2 as nw

from nabolag.rules.parameters import Parameters


class Kind(StrEnum):
    """Kind of a fact or an answer."""

    FLAG = "flag"
    WHOLE = "whole"
    NUMBER = "number"
    WORD = "word"


#: True, false or unknown.
Flag: TypeAlias = Annotated[nw.Expr, Kind.FLAG]
#: A whole number: counts, ages, years, grades, months as bits.
Whole: TypeAlias = Annotated[nw.Expr, Kind.WHOLE]
#: A number with decimals: kroner, square metres, percentages.
Number: TypeAlias = Annotated[nw.Expr, Kind.NUMBER]
#: A code or a class.
Word: TypeAlias = Annotated[nw.Expr, Kind.WORD]


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a rule. `many` is true where the rule takes one for each of several years."""

    name: str
    kind: Kind
    many: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """What a rule takes, in order, what it answers, and which dated parameters it uses."""

    name: str
    facts: tuple[Fact, ...]
    answer: Kind
    parameters: type[Parameters] | None = None

    def __str__(self) -> str:
        """Return `name(fact, fact …)`, as it is written in a definition of an indicator."""
        facts = (f"{fact.name} …" if fact.many else fact.name for fact in self.facts)
        return f"{self.name}({', '.join(facts)})"


def read_signature(name: str, function: Callable[..., nw.Expr]) -> Signature:
    """Return the signature of a rule from its annotations."""
    hints = get_type_hints(function, include_extras=True)
    answer = _kind(hints.pop("return"))
    parameters: type[Parameters] | None = hints.pop("p", None)
    facts = tuple(_fact(fact, hint) for fact, hint in hints.items())
    return Signature(name, facts, answer, parameters)


def _fact(name: str, hint: Any) -> Fact:
    if get_origin(hint) is Sequence:
        return Fact(name, _kind(get_args(hint)[0]), many=True)
    return Fact(name, _kind(hint))


def _kind(hint: Any) -> Kind:
    kinds = [extra for extra in get_args(hint) if isinstance(extra, Kind)]
    if not kinds:
        raise TypeError(f"{hint!r} is not a kind of fact")
    return kinds[0]
