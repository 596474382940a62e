"""What an address asks of a page about money, read with care: a wrong number is told, not used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any

from nabolag.core import Lang, label
from nabolag.publish.numbers import format_number
from nabolag.publish.views.model import Choice
from nabolag.publish.views.money.model import Field


@dataclass(frozen=True, slots=True)
class Limits:
    """Between which numbers an answer lies, both included, and with how many decimals."""

    lowest: float
    highest: float
    decimals: int = 0


def read_number(text: str) -> float | None:
    """Return a number with comma or point and spaces between thousands; nothing for other text."""
    clean = "".join(text.split()).replace(",", ".").replace("\N{MINUS SIGN}", "-")
    try:
        number = float(clean)
    except ValueError:
        return None
    return number if isfinite(number) else None


def number_field(
    asked: Mapping[str, str],
    name: str,
    usual: float | None,
    limits: Limits,
    lang: Lang,
    **shown: Any,
) -> tuple[float | None, Field]:
    """Return the number that holds, and its field. What is no number, or outside, has a problem.

    Then the usual number holds. `shown` is handed on to the field (`heading`, `kind`, `unit` …).
    """
    given = asked.get(name, "")
    number = read_number(given) if given else usual
    wrong = number is None if given else False
    outside = number is not None and not limits.lowest <= number <= limits.highest
    problem = ""
    if wrong or outside:
        ends = [format_number(one, lang, limits.decimals) for one in
                (limits.lowest, limits.highest)]  # fmt: skip
        problem = label("money.wrong_number", lang, given=given, lowest=ends[0], highest=ends[1])
        number = usual
    value = given or ("" if usual is None else _plain(usual, lang, shown.get("kind")))
    if shown.get("kind") == "range" and problem:
        value = "" if usual is None else _plain(usual, lang, "range")
    field = Field(
        name, value=value, problem=problem, lowest=_plain(limits.lowest, "en", ""),
        highest=_plain(limits.highest, "en", ""), **{"kind": "number", **shown},
    )  # fmt: skip
    return number, field


def choice_field(
    asked: Mapping[str, str],
    name: str,
    heading: str,
    known: Sequence[tuple[str, str]],
    usual: str,
    **shown: Any,
) -> tuple[str, Field]:
    """Return what is chosen of `known` (value, words), the usual for a value that is not there."""
    values = [value for value, _ in known]
    chosen = asked.get(name, usual)
    chosen = chosen if chosen in values else usual
    choices = tuple(Choice(value, words, value == chosen) for value, words in known)
    return chosen, Field(name, heading, choices=choices, **shown)


def day_field(
    asked: Mapping[str, str], name: str, heading: str, usual: date, lang: Lang, **shown: Any
) -> tuple[date, Field]:
    """Return the day that is asked for, and its field; what is no day has a problem."""
    given = asked.get(name, "")
    try:
        day, problem = (date.fromisoformat(given) if given else usual), ""
    except ValueError:
        day, problem = usual, label("money.wrong_day", lang, given=given)
    return day, Field(name, heading, "date", day.isoformat(), problem=problem, **shown)


def _plain(number: float, lang: Lang, kind: str | None) -> str:
    text = f"{number:.4f}".rstrip("0").rstrip(".")
    return text if lang == "en" or kind == "range" else text.replace(".", ",")
