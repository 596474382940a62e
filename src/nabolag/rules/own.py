"""A workspace's own numbers as plain data: what a release keeps of them, and reads again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from nabolag.rules.parameters import Book, house_book
from nabolag.rules.settings import lay_over

_DAYS = ("from", "until")


def own_entries(book: Book | None) -> dict[str, list[dict[str, Any]]]:
    """Return the entries of a book that are not the house's, days as ISO text."""
    found = {
        name: [_plain(entry) for entry in entries if entry not in house_book()[name]]
        for name, entries in (book or {}).items()
    }
    return {name: entries for name, entries in found.items() if entries}


def with_entries(own: Mapping[str, Sequence[Mapping[str, Any]]]) -> Book:
    """Return the house's book with entries of one's own laid over it, as `settings.read_book`."""
    book = dict(house_book())
    for name, entries in own.items():
        book[name] = lay_over(book[name], [_read(entry) for entry in entries])
    return book


def _plain(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value.isoformat() if isinstance(value, date) else value for key, value in entry.items()
    }


def _read(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: date.fromisoformat(value) if key in _DAYS and value else value
        for key, value in entry.items()
    }
