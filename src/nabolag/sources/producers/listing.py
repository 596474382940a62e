"""Which of a producer's tables have the words sought, and what to say of one that is not there."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from nabolag.core import UserError, error
from nabolag.sources.producers.protocol import TableInfo


def with_words(tables: Iterable[TableInfo], words: str) -> tuple[TableInfo, ...]:
    """Return the tables whose id, label or source has each of the words, in any case."""
    sought = words.casefold().split()
    return tuple(
        one
        for one in tables
        if all(word in f"{one.id} {one.label} {one.source}".casefold() for word in sought)
    )


def unknown_table(given: str, known: Sequence[str]) -> UserError:
    """Return the error of a table that is not among those known, with the nearest."""
    near = difflib.get_close_matches(given, known, n=1) or known[:1] or ["–"]
    return error("producer_table_unknown", given=given, known=", ".join(known), near=near[0])
