"""Which areas were valid when, and what the register said of it at the time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from nabolag.core import Finding, Level, Severity
from nabolag.geography.dated.frames import CODES, known_on, valid_on
from nabolag.store import conform, empty

_EXAMPLES = 8
_KEY = ["level", "code"]


@dataclass(frozen=True)
class DatedAreas:
    """Code lists through time, keyed by level and code and the days they hold.

    `codes` follows `frames.CODES`. There are two clocks: `valid_from`/`valid_to` are the days on
    which a code is in use, `known_from`/`known_to` the days on which the register said so. A row
    that was later corrected has a `known_to`, and its correction a `known_from`.
    """

    codes: pl.DataFrame
    findings: tuple[Finding, ...] = ()

    def at(self, day: date, *, known: date | None = None) -> pl.DataFrame:
        """Return the areas in use on a day (`level`, `code`, `name`, `valid_from`, `valid_to`).

        `known` asks what the register said on that day about `day`; without it, what it says
        now. A code that two rows give for the day is in the result once, with the name that was
        registered last.
        """
        rows = self.codes.filter(valid_on(day), known_on(known))
        latest = rows.sort("known_from", "valid_from", nulls_last=False, maintain_order=True)
        one = latest.unique(_KEY, keep="last", maintain_order=True)
        return one.sort(_KEY).select("level", "code", "name", "valid_from", "valid_to")

    def spells(self, level: Level, code: str) -> pl.DataFrame:
        """Return every spell of a code, the first one first (columns of `frames.CODES`)."""
        own = self.codes.filter(pl.col("level") == level.value, pl.col("code") == code)
        return own.sort("valid_from", nulls_last=False)

    def name(self, level: str, code: str, day: date | None = None) -> str:
        """Return what an area was called on a day, or last; empty where it is unknown."""
        own = self.codes.filter(pl.col("level") == level, pl.col("code") == code)
        here = own.filter(valid_on(day)) if day else own
        chosen = here if here.height else own
        names = chosen.sort("valid_from", nulls_last=False)["name"].to_list()
        return str(names[-1] or "") if names else ""

    @property
    def is_empty(self) -> bool:
        """True where there is no list at all."""
        return self.codes.is_empty()


def dated_areas(codes: pl.DataFrame) -> DatedAreas:
    """Return checked lists out of a frame with `level`, `code`, `name` and dates.

    Absent columns are read as open. Findings: a spell that ends before it begins (left out),
    one code twice on the same day under different names, and a code that came back after it
    was given up – which then may mean another place.
    """
    frame = conform(codes, CODES).unique(maintain_order=True)
    backwards = (pl.col("valid_to") <= pl.col("valid_from")).fill_null(value=False)
    wrong, sound = frame.filter(backwards), frame.filter(~backwards)
    findings = _told("dated_backwards", Severity.WARNING, wrong)
    nearby = _with_next(sound)
    overlap = (pl.col("valid_to").is_null() | (pl.col("_next") < pl.col("valid_to"))) & (
        pl.col("_next_name") != pl.col("name")
    )
    findings += _told("dated_overlap", Severity.WARNING, nearby.filter(overlap))
    reused = nearby.filter(pl.col("_next") > pl.col("valid_to"))
    findings += _told("dated_reused", Severity.INFO, reused)
    return DatedAreas(sound.sort("level", "code", "valid_from"), tuple(findings))


def _with_next(codes: pl.DataFrame) -> pl.DataFrame:
    """Add when the next spell of the same code begins, and its name (`_next`, `_next_name`)."""
    known = codes.filter(pl.col("known_to").is_null()).sort(*_KEY, "valid_from", nulls_last=False)
    later = [
        pl.col("valid_from").shift(-1).over(_KEY).alias("_next"),
        pl.col("name").shift(-1).over(_KEY).alias("_next_name"),
    ]
    return known.with_columns(later).filter(pl.col("_next").is_not_null())


def _told(code: str, severity: Severity, rows: pl.DataFrame) -> list[Finding]:
    found = []
    for part in rows.partition_by("level", maintain_order=True):
        params = {"level": part["level"][0]}
        found.append(
            Finding(code, severity, params=params, count=part.height, examples=shown(part))
        )
    return found


def shown(rows: pl.DataFrame, code: str = "code", name: str = "name") -> tuple[str, ...]:
    """Return the first rows as «1507 Ålesund»."""
    pairs = rows.select(code, pl.col(name).fill_null("")).unique(maintain_order=True)
    return tuple(f"{one} {other}".strip() for one, other in pairs.head(_EXAMPLES).iter_rows())


def no_areas() -> DatedAreas:
    """Return lists that hold nothing."""
    return DatedAreas(empty(CODES))
