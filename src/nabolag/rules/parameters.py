"""Dated parameters: the numbers of rules, by the date they hold from.

They stand in `numbers/*.yaml`, each with its source; what no document says is named under
`declared`. A workspace may state its own in a file of the same form (`read_book`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, ClassVar, Self, TypeAlias

from nabolag.rules.errors import NotInForceError
from nabolag.rules.status import RuleStatus

#: Entries by name; within each, by date and oldest first.
Book: TypeAlias = Mapping[str, tuple[Mapping[str, Any], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What every set of parameters has besides its numbers.

    `since` and `until` are the first and last day they hold; `None` where no document states
    one. `declared` names the numbers (or `since`) that are this house's setting and no
    source's. `status` is given where it differs from the rule's own.
    """

    entry: ClassVar[str]

    since: date | None
    until: date | None = None
    status: RuleStatus | None = None
    reference: str
    declared: tuple[str, ...] = ()

    @classmethod
    def at(cls, when: date, book: Book | None = None) -> Self:
        """Return the newest parameters that have begun. Raises `NotInForceError` if none hold."""
        begun = [p for p in cls.history(book) if p.since is None or p.since <= when]
        if not begun or (begun[-1].until is not None and begun[-1].until < when):
            raise NotInForceError(cls.entry, when)
        return begun[-1]

    @classmethod
    def history(cls, book: Book | None = None) -> tuple[Self, ...]:
        """Return all parameters of the name, oldest first."""
        entries = (house_book() if book is None else book)[cls.entry]
        return tuple(cls(**_as_arguments(cls, entry)) for entry in entries)

    @classmethod
    def numbers(cls) -> tuple[str, ...]:
        """Return the names of the numbers themselves."""
        own = {field.name for field in fields(Parameters)}
        return tuple(field.name for field in fields(cls) if field.name not in own)

    @classmethod
    def mistakes(cls, values: Mapping[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
        """Return what is wrong with numbers that belong together, by code and with its facts.

        `values` has every number, each of the kind it should be.
        """
        return ()

    @classmethod
    def required(cls) -> tuple[str, ...]:
        """Return the names that an entry must state."""
        every = {f.name: f for f in fields(cls)}
        return tuple(name for name in cls.numbers() if every[name].default is MISSING)


@cache
def house_book() -> Book:
    """Return the parameters that come with the house. Raises `ValueError` for a name twice."""
    book: dict[str, tuple[Mapping[str, Any], ...]] = {}
    for page in sorted((files("nabolag.rules") / "numbers").iterdir(), key=lambda p: p.name):
        for name, entries in read_page(page.read_text(encoding="utf-8")).items():
            if name in book:
                raise ValueError(f"{page.name}: {name} is written twice")
            book[name] = entries
    return book


def read_page(text: str) -> dict[str, tuple[Mapping[str, Any], ...]]:
    """Return the entries of one file, each name's in order of date."""
    import yaml  # noqa: PLC0415

    page = yaml.safe_load(text) or {}
    return {name: tuple(sorted(entries, key=_begins)) for name, entries in page.items()}


def _begins(entry: Mapping[str, Any]) -> date:
    begins: date = entry["from"] or date.min
    return begins


def _as_arguments(kind: type[Parameters], entry: Mapping[str, Any]) -> dict[str, Any]:
    given = {("since" if key == "from" else key): value for key, value in entry.items()}
    if "status" in given:
        given["status"] = RuleStatus(given["status"])
    # An integer times a narrow column would stay narrow, and overflow, on some engines.
    numbers = {field.name for field in fields(kind) if str(field.type).startswith("float")}
    return {key: _as_promised(value, key in numbers) for key, value in given.items()}


def _as_promised(value: Any, number: bool) -> Any:
    if isinstance(value, list):
        return tuple(value)
    return float(value) if number and isinstance(value, int) else value
