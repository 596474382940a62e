"""Periods that say what they are: a year, a school year, a pooled span, a quarter, a month."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class PeriodKind(StrEnum):
    """What kind of time a figure is about."""

    YEAR = "year"
    SCHOOL_YEAR = "school_year"
    SPAN = "span"
    QUARTER = "quarter"
    MONTH = "month"


_SHAPES: tuple[tuple[PeriodKind, re.Pattern[str]], ...] = (
    (PeriodKind.YEAR, re.compile(r"(\d{4})")),
    (PeriodKind.SCHOOL_YEAR, re.compile(r"(\d{4})/(\d{4})")),
    (PeriodKind.SPAN, re.compile(r"(\d{4})-(\d{4})")),
    (PeriodKind.QUARTER, re.compile(r"(\d{4})K([1-4])")),
    (PeriodKind.MONTH, re.compile(r"(\d{4})M(0[1-9]|1[0-2])")),
)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A stretch of time. `start` and `end` are the first and last year; `part` a quarter or month.

    Written `2018`, `2018/2019` (school year), `2016-2018` (pooled), `2018K4`, `2018M05`.
    """

    start: int
    end: int
    kind: PeriodKind = PeriodKind.YEAR
    part: int = 0

    def __post_init__(self) -> None:
        """Refuse periods that contradict themselves."""
        if self.kind is PeriodKind.SCHOOL_YEAR and self.end != self.start + 1:
            raise ValueError(f"a school year is two years that follow: {self.start}/{self.end}")
        if self.kind is PeriodKind.SPAN and self.end <= self.start:
            raise ValueError(f"a span must end after it starts: {self.start}-{self.end}")

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read the written form; raises `ValueError` for anything else."""
        clean = text.strip().replace("–", "-")
        for kind, shape in _SHAPES:
            found = shape.fullmatch(clean)
            if found:
                return cls._from_parts(kind, [int(part) for part in found.groups()])
        raise ValueError(f"{text!r} is not a period (2018, 2018/2019, 2016-2018, 2018K4, 2018M05)")

    @classmethod
    def _from_parts(cls, kind: PeriodKind, parts: list[int]) -> Period:
        if kind in (PeriodKind.SCHOOL_YEAR, PeriodKind.SPAN):
            return cls(parts[0], parts[1], kind)
        return cls(parts[0], parts[0], kind, parts[1] if len(parts) > 1 else 0)

    def __str__(self) -> str:
        """Return the written form."""
        match self.kind:
            case PeriodKind.SCHOOL_YEAR:
                return f"{self.start}/{self.end}"
            case PeriodKind.SPAN:
                return f"{self.start}-{self.end}"
            case PeriodKind.QUARTER:
                return f"{self.start}K{self.part}"
            case PeriodKind.MONTH:
                return f"{self.start}M{self.part:02d}"
            case _:
                return str(self.start)
