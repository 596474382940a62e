"""Numbers of one's own: a file of the same form as `numbers/*.yaml`, laid over the house's.

What no document says is declared by the house; a municipality that knows better, or a later year
than the house knows, states it here. An entry of the same name and date takes the place of the
house's; one of another date is added.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from difflib import get_close_matches
from math import isfinite
from pathlib import Path
from typing import Any

import yaml

from nabolag.core import Finding, Place, Severity, UserError, error
from nabolag.rules.calling import signature
from nabolag.rules.parameters import Book, Parameters, house_book
from nabolag.rules.rule import RULES
from nabolag.rules.status import RuleStatus
from nabolag.store.yaml_text import read_yaml, yaml_mistake

_MONTHS, _DECEMBER = frozenset({"month", "spring", "summer", "autumn"}), 12
_COMMON = {"from", "until", "reference", "declared", "status"}


def read_book(path: Path, name: str = "") -> Book:
    """Return the house's numbers with those of a file laid over them.

    Raises `UserError` naming each entry that no rule uses, each key that is unknown, absent or of
    another kind than the house's, each date that two entries of a name begin on, and each entry
    that ends before it begins. `name` is what messages call the file.
    """
    place = Place(name or path.name)
    page = _read(path, place)
    wrong = [finding for name, entries in page.items() for finding in _check(name, entries, place)]
    if wrong:
        raise UserError(*wrong)
    return {name: lay_over(entries, page.get(name, [])) for name, entries in house_book().items()}


def parameter_kinds() -> dict[str, type[Parameters]]:
    """Return the kinds of parameters that rules use, by the name of their entry."""
    used = (signature(name).parameters for name in RULES)
    return {kind.entry: kind for kind in used if kind is not None}


def _read(path: Path, place: Place) -> dict[str, Any]:
    try:
        page = read_yaml(path.read_text(encoding="utf-8-sig")) or {}
    except OSError as absent:
        raise error("rule_settings_absent", Place(str(path))) from absent
    except UnicodeDecodeError as wrong:
        raise error("config_not_utf8", place) from wrong
    except yaml.YAMLError as wrong:
        row, reason = yaml_mistake(wrong)
        raise error("rule_settings_not_yaml", Place(place.file, row), reason=reason) from wrong
    if not isinstance(page, dict) or not all(isinstance(v, list) for v in page.values()):
        raise error("rule_settings_not_yaml", place, reason=type(page).__name__)
    return page


def lay_over(house: tuple[Mapping[str, Any], ...], own: list[dict[str, Any]]) -> Any:
    """Return entries of the house with one's own in place of those of the same date, by date."""
    by_date = {entry["from"]: entry for entry in (*house, *own)}
    return tuple(sorted(by_date.values(), key=lambda entry: entry["from"] or date.min))


def _check(name: str, entries: list[Any], place: Place) -> Iterator[Finding]:
    kinds = parameter_kinds()
    if name not in kinds:
        near = ", ".join(get_close_matches(str(name), kinds)) or "–"
        yield _wrong("unknown", place, given=name, near=near)
        return
    begun: set[Any] = set()
    for number, entry in enumerate(entries, start=1):
        facts = {"entry": name, "number": number}
        if not isinstance(entry, dict):
            yield _wrong("value", place, **facts, key=name, given=entry, example="from: 2024-01-01")
            continue
        yield from _check_keys(kinds[name], entry, place, facts)
        yield from _check_values(kinds[name], entry, place, facts)
        yield from _check_dates(entry, begun, place, facts)


def _check_keys(
    kind: type[Parameters], entry: Mapping[str, Any], place: Place, facts: Mapping[str, Any]
) -> Iterator[Finding]:
    known = kind.numbers()
    for key in entry:
        if key not in _COMMON and key not in known:
            yield _wrong("key", place, **facts, given=key, known=", ".join(known))
    for key in ("from", "reference", *kind.required()):
        if key not in entry:
            yield _wrong("lacks", place, **facts, given=key)


def _check_dates(
    entry: Mapping[str, Any], begun: set[Any], place: Place, facts: Mapping[str, Any]
) -> Iterator[Finding]:
    """Notice a date that an entry before begins on too, and an end before the beginning."""
    begins, ends = entry.get("from"), entry.get("until")
    if "from" in entry and (begins is None or type(begins) is date):
        if begins in begun:
            yield _wrong("twice", place, **facts, given="null" if begins is None else begins)
        begun.add(begins)
    if type(begins) is date and type(ends) is date and ends < begins:
        yield _wrong("value", place, **facts, key="until", given=ends, example=f"{begins} +")


def _check_values(
    kind: type[Parameters], entry: Mapping[str, Any], place: Place, facts: Mapping[str, Any]
) -> Iterator[Finding]:
    house = kind.history(house_book())[-1]
    types = {field.name: str(field.type) for field in fields(kind)}
    sound = True
    for key, value in entry.items():
        if key in ("from", "until"):
            fits, example = value is None or type(value) is date, "2024-01-01"
        elif key in ("status", "reference", "declared"):
            fits, example = _fits_words(key, value)
        elif key in types:
            known = getattr(house, key)
            fits = _fits(types[key], value) and _possible(key, value, known)
            example = _example(known)
        else:
            continue
        if not fits:
            yield _wrong("value", place, **facts, key=key, given=value, example=example)
            sound = False
    if sound and set(kind.required()) <= set(entry):
        for code, wrong in kind.mistakes(entry):
            yield _wrong(code, place, **facts, **wrong)


def _fits_words(key: str, value: Any) -> tuple[bool, str]:
    if key == "status":
        return value in list(RuleStatus), ", ".join(RuleStatus)
    if key == "declared":
        return isinstance(value, list), "[name]"
    return isinstance(value, str) and bool(value.strip()), "«…»"


def _fits(promised: str, value: Any) -> bool:
    if value is None:
        return "None" in promised
    if promised.startswith("tuple"):
        kinds = promised.removeprefix("tuple[").removesuffix("]").split(", ")
        long_enough = kinds[-1] == "..." or (isinstance(value, list) and len(value) == len(kinds))
        return (
            long_enough and isinstance(value, list) and all(_fits(kinds[0], one) for one in value)
        )
    if promised.startswith("Mapping"):
        return isinstance(value, dict) and all(_is_band(pair) for pair in value.values())
    if promised.startswith("bool"):
        return isinstance(value, bool)
    if promised.startswith("str"):
        return isinstance(value, str)
    number = int if promised.startswith("int") else (int, float)
    return isinstance(value, number) and not isinstance(value, bool) and isfinite(value)


def _possible(key: str, value: Any, known: Any) -> bool:
    """Tell whether a number can be what its name says: a share is of 1, a month one of twelve."""
    if key in _MONTHS:
        return all(1 <= one <= _DECEMBER for one in (value if isinstance(value, list) else [value]))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return True
    if key.startswith("share") and value > 1:
        return False
    return value >= 0 or (isinstance(known, int | float) and known <= 0)


def _example(value: Any) -> str:
    """Return the house's value as it is written in a file."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(str, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_band(pair: Any) -> bool:
    if not isinstance(pair, list) or len(pair) != 2:
        return False
    low, high = pair
    return type(low) is int and (high is None or type(high) is int)


def _wrong(code: str, place: Place, **params: Any) -> Finding:
    return Finding(f"rule_settings_{code}", Severity.ERROR, place, params)
