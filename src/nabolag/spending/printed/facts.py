"""What is known of the report's variables: whether they are 0 or 1, shares, counts."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class TermFacts:
    """A variable's kind, and the variable it can be held against in other tables (or none)."""

    kind: str
    compared_with: str


@cache
def term_facts() -> Mapping[str, TermFacts]:
    """Return what is known of each variable, by its key."""
    return {
        row["term"]: TermFacts(row["kind"], row["compared_with"]) for row in packaged("terms.csv")
    }


def packaged(name: str) -> Iterator[dict[str, str]]:
    """Go through the rows of a data file of this package."""
    text = (files("nabolag.spending.printed") / "data" / name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())
