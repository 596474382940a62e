"""What a reader asked for, checked against what the release has, with what is nearest."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nabolag.core import Lang, Level, Place, UserError, error
from nabolag.publish.figures.breaks import Method
from nabolag.publish.groups import grouping_of, in_order, is_background
from nabolag.publish.text import ACCUMULATION
from nabolag.publish.views.facts import Facts

_NEAR = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader chose on an indicator's page; `None` leaves a choice to the page.

    `group` is as the release writes it, empty for everybody.
    """

    level: str | Level | None = None
    period: str | None = None
    method: str | Method | None = None
    group: str = ""


ANYTHING = Asked()


def level_of(facts: Facts, given: str | Level | None) -> str:
    """Return a level the release has; the main level where none is given."""
    wanted = facts.release.main_level.value if given is None else str(given)
    if wanted not in facts.levels:
        raise _unknown("level", wanted, list(facts.levels))
    return wanted


def area_of(facts: Facts, level: str, code: str, lang: Lang = "nb") -> str:
    """Return a code the release has at the level. The nearest codes and names are suggested."""
    codes = facts.areas(level)
    if code in codes:
        return code
    named = {f"{facts.name(level, other)} ({other})": other for other in codes}
    level_word = Level(level).label.in_(lang)
    raise _unknown("area", code, nearest(code, named), level=level_word)


def indicator_of(facts: Facts, given: str, *, also_accumulation: bool = False) -> str:
    """Return an indicator the release has."""
    known = dict(facts.release.indicators)
    if given in known or (also_accumulation and given == ACCUMULATION):
        return given
    ids = [*known, ACCUMULATION] if also_accumulation else list(known)
    words = {name: name for name in ids}
    words |= {entry.label.nb: entry.id for entry in known.values()}
    found = list(dict.fromkeys(words[text] for text in nearest(given, words)))
    raise _unknown("indicator", given, found)


def group_of(facts: Facts, indicator: str, given: str) -> str:
    """Return a group that the indicator has figures for at some level; "" is everybody.

    One that describes background is refused: figures by it are described, never ranked.
    """
    if not given:
        return ""
    if is_background(grouping_of(given), facts.background):
        raise error("publish_group_background", Place(), given=given)
    known = choosable(facts, indicator, facts.levels)
    if given not in known:
        raise _unknown("group", given, known)
    return given


def level_of_group(facts: Facts, indicator: str, group: str, given: str) -> str:
    """Return a level that has figures about a group, or say which have."""
    if not group or group in facts.groups(indicator, given):
        return given
    held = [level for level in facts.levels if group in facts.groups(indicator, level)]
    raise _unknown("group_level", given, held, group=group)


def choosable(facts: Facts, indicator: str, levels: Iterable[str]) -> list[str]:
    """Return the groups a page may be about, in order: background groups never are."""
    held = {group for level in levels for group in facts.groups(indicator, level)}
    return [g for g in in_order(held) if not is_background(grouping_of(g), facts.background)]


def period_of(given: str | None, known: Sequence[str], default: str | None) -> str:
    """Return a period among the known. Empty where nothing is known and nothing asked."""
    if given is None:
        return default or (known[-1] if known else "")
    if given not in known:
        raise _unknown("period", given, list(known))
    return given


def method_of(given: str | Method | None) -> Method:
    """Return a method of setting breaks; quantiles where none is given."""
    if given is None:
        return Method.QUANTILES
    try:
        return Method(given)
    except ValueError:
        raise _unknown("method", str(given), [method.value for method in Method]) from None


def nearest(given: str, words: Mapping[str, str]) -> list[str]:
    """Return up to three texts that are most like what was given, the likest first."""
    plain = fold(given)

    def likeness(text: str) -> float:
        parts = (fold(text), fold(words[text]))
        return max(difflib.SequenceMatcher(None, plain, part).ratio() for part in parts)

    return sorted(words, key=lambda text: (-likeness(text), text))[:_NEAR]


def fold(words: str) -> str:
    """Return words without case and accents; å, ä are a, ø, ö are o, æ is ae, ð is d."""
    swapped = words.casefold().translate(_LETTERS)
    parts = unicodedata.normalize("NFKD", swapped)
    return "".join(letter for letter in parts if not unicodedata.combining(letter)).strip()


_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "đ": "d", "ŧ": "t", "ŋ": "n", "ß": "ss"})


def _unknown(what: str, given: str, near: Sequence[str], **params: str) -> UserError:
    """Return the error. `nearest` is a text for the message, `suggestions` a list for links."""
    joined = ", ".join(near)
    facts = {"given": given, "nearest": joined, "suggestions": list(near), **params}
    return error(f"publish_unknown_{what}", Place(), **facts)
