"""The five questions that By- og levekårsutvalget asked (SØF-rapport 04/20, L60–L80)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast

__all__ = ["Question", "questions"]


@dataclass(frozen=True, slots=True)
class Question:
    """A question, as quoted, and how far the report answers it.

    `points` is how many facts stand under it in the labels; `pages` are the pages of this tool
    that show more.
    """

    number: int
    status: Literal["some", "part", "cannot"]
    lines: str
    quote: str
    points: int
    pages: tuple[str, ...]


@cache
def questions() -> tuple[Question, ...]:
    """Return the five questions, in order."""
    text = (files("nabolag.spending.questions") / "questions.csv").read_text(encoding="utf-8")
    return tuple(
        Question(
            int(row["question"]),
            cast("Literal['some', 'part', 'cannot']", row["status"]),
            row["lines"],
            row["quote"],
            int(row["points"]),
            tuple(row["pages"].split()),
        )
        for row in csv.DictReader(text.splitlines())
    )
