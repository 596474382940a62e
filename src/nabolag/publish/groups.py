"""Whom a figure is about, in words: «Kvinner», «0–5 år», «vedvarende lavinntekt blant kvinner».

A group is written in a release as `name=value` pairs joined by `;` and empty for everybody. Names
and values that the house knows (facts of the register contracts) have labels; those of a
delivered file's own dimensions are shown as the file writes them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import cache
from typing import Any, Final

from nabolag.core import LANGS, Indicator, Lang, Text, Unit, has_label, label
from nabolag.publish.text import capital, inside
from nabolag.registers import CONTRACTS

SEX: Final = "sex"
AGE: Final = "age_band"
_BAND = re.compile(r"(\d+)(?:(\+)|-(\d+))?")
#: Groupings in the order that pages list them; others follow by name, crossings last.
_FIRST = (SEX, AGE)

Grouping = tuple[str, ...]


def parts_of(group: str) -> tuple[tuple[str, str], ...]:
    """Return a group's (name, value) pairs. A value may itself hold `;` and `=`."""
    pairs: list[tuple[str, str]] = []
    for piece in group.split(";") if group else ():
        name, found, value = piece.partition("=")
        if found or not pairs:
            pairs.append((name, value))
        else:
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]};{piece}")
    return tuple(pairs)


def grouping_of(group: str) -> Grouping:
    """Return what a group is one of: `("sex",)`, `("age_band", "sex")`; empty for everybody."""
    return tuple(name for name, _ in parts_of(group))


def is_background(grouping: Grouping, background: Collection[str]) -> bool:
    """Tell whether a grouping, or any part of a crossing, describes background."""
    return any(name in background for name in grouping)


def in_order(groups: Iterable[str]) -> list[str]:
    """Return groups by grouping, and within one as they are declared; never by their figures."""
    return sorted(groups, key=lambda group: (_place(grouping_of(group)), _values(group)))


def grouping_words(grouping: Grouping, lang: Lang) -> str:
    """Return what a grouping is called: «Kjønn», «Kjønn og alder»."""
    names = [_name(name, lang) for name in sorted(grouping, key=_order_of_name)]
    words = names[:1]
    for name in names[1:]:
        words = [label("group.crossed", lang, one=words[0], other=inside(name))]
    return "".join(words)


def group_words(group: str, lang: Lang) -> str:
    """Return a group as it stands in a table: «Kvinner», «Kvinner, 0–5 år»; «Alle» for none."""
    if not group:
        return label("group.everybody", lang)
    pairs = sorted(parts_of(group), key=lambda pair: _order_of_name(pair[0]))
    first, *rest = (_value(name, value, lang) for name, value in pairs)
    return ", ".join([capital(first), *map(inside, rest)])


def about_group(entry: Indicator, group: str) -> Indicator:
    """Return the indicator with labels that say whom its figures are about."""
    if not group:
        return entry
    labels = {lang: _label(entry.label, entry.unit, group, lang) for lang in LANGS}
    short = {lang: _label(entry.heading, entry.unit, group, lang) for lang in LANGS}
    return replace(entry, label=Text(**labels), short=Text(**short))


def _label(words: Text, unit: Unit, group: str, lang: Lang) -> str:
    names = set(grouping_of(group))
    among = names <= {SEX, AGE} and unit is not Unit.COUNT
    form = "among" if among else "apart"
    who = _people(dict(parts_of(group)), lang) if among else group_words(group, lang)
    return label(f"group.label.{form}", lang, label=words.in_(lang), who=who)


def _people(pairs: dict[str, str], lang: Lang) -> str:
    """Return «kvinner», «personer i alderen 0–5 år», «kvinner i alderen 0–5 år»."""
    sex = pairs.get(SEX, "")
    who = inside(_value(SEX, sex, lang)) if sex else label("group.people", lang)
    age = _age(pairs[AGE], lang, "among_") if AGE in pairs else ""
    return f"{who} {age}".strip()


def _name(name: str, lang: Lang) -> str:
    if has_label(f"group.name.{name}"):
        return label(f"group.name.{name}", lang)
    known = has_label(f"fact_words.{name}")
    return capital(label(f"fact_words.{name}", lang) if known else name)


def _value(name: str, value: str, lang: Lang) -> str:
    if name == AGE:
        return _age(value, lang)
    if has_label(f"group.value.{name}.{value}"):
        return label(f"group.value.{name}.{value}", lang)
    if value in ("true", "false") and has_label(f"fact_words.{name}"):
        return label(f"group.value.flag.{value}", lang)
    return value


def _age(band: str, lang: Lang, among: str = "") -> str:
    found = _BAND.fullmatch(band)
    if found is None:
        return band
    low, is_open, high = found.groups()
    form = "open" if is_open else "band" if high else "one"
    ends: dict[str, Any] = {"low": low, "high": high or ""}
    return label(f"group.age.{among}{form}", lang, **ends)


def _place(grouping: Grouping) -> tuple[int, tuple[tuple[int, str], ...]]:
    return len(grouping), tuple(_order_of_name(name) for name in grouping)


def _order_of_name(name: str) -> tuple[int, str]:
    return (_FIRST.index(name) if name in _FIRST else len(_FIRST), name)


def _values(group: str) -> tuple[tuple[int, str], ...]:
    """Return where a group's values stand: as the contract lists them, ages from young to old."""
    return tuple(_order_of_value(name, value) for name, value in parts_of(group))


def _order_of_value(name: str, value: str) -> tuple[int, str]:
    if name == AGE and (found := _BAND.fullmatch(value)):
        return int(found.group(1)), value
    listed = _declared().get(name, ())
    return (listed.index(value) if value in listed else len(listed), value)


@cache
def _declared() -> dict[str, tuple[str, ...]]:
    """Return the values of every coded column of the registers, in the order declared."""
    columns = (column for spec in CONTRACTS.values() for column in spec.columns)
    return {column.name: tuple(map(str, column.values)) for column in columns if column.values}
