"""Amounts that a reader writes in the address: «Sentrum: 2 000 000; Elvesida: 500 000»."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nabolag.core import Lang, label
from nabolag.publish.views.asked import fold
from nabolag.publish.views.facts import Facts
from nabolag.publish.views.money.reading import read_number

OWN = "own"


@dataclass(frozen=True, slots=True)
class OwnAmounts:
    """Kroner, places or anything else by area code, and what could not be read of what was written.

    An area that is not named gets nothing: a list of grants names those who get. `None` is hidden.
    """

    by_area: Mapping[str, float | None]
    problems: tuple[str, ...]


def own_amounts(facts: Facts, level: str, text: str, lang: Lang) -> OwnAmounts:
    """Read amounts by the name or code of an area. Nothing is passed over in silence."""
    known = _names(facts, level)
    found: dict[str, float | None] = {}
    problems = []
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        name, _, amount = part.rpartition(":")
        codes, number = known.get(fold(name.strip()), ()), _amount(amount)
        if len(codes) != 1 or number is None:
            problems.append(label(_why(codes, number), lang, given=part, level=level))
        elif codes[0] in found:
            problems.append(label("reach.own.twice", lang, given=name.strip()))
        else:
            found[codes[0]] = number
    return OwnAmounts(found, tuple(problems))


def level_named(facts: Facts, levels: tuple[str, ...], text: str) -> str:
    """Return the level that most of the written names and codes are of, the last of equals."""
    written = [piece.rpartition(":")[0] for piece in text.split(";")]
    wanted = {fold(name.strip()) for name in written if name.strip()}
    matches = {level: len(wanted & set(_names(facts, level))) for level in levels}
    return max(reversed(levels), key=lambda level: matches[level], default="")


def _names(facts: Facts, level: str) -> dict[str, tuple[str, ...]]:
    """Return the codes that a name or a code stands for, as people write them."""
    found: dict[str, tuple[str, ...]] = {}
    for code in facts.areas(level):
        for words in {fold(facts.name(level, code)), fold(code)}:
            found[words] = (*found.get(words, ()), code)
    return found


def _why(codes: tuple[str, ...], number: float | None) -> str:
    if number is None:
        return "reach.own.number"
    return "reach.own.several" if codes else "reach.own.unknown"


def _amount(text: str) -> float | None:
    number = read_number(text)
    return number if number is not None and number >= 0 else None
