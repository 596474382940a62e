"""The ledger of state grants to area initiatives: place × ministry × year, whole kroner."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from nabolag.core import Finding, Place, Severity, error, raise_errors
from nabolag.sources.delimited import DELIMITERS, decode, read_delimited
from nabolag.sources.file_form import ReadOptions
from nabolag.sources.grid import ROW

REQUIRED = ("place", "ministry", "year", "kroner")


@dataclass(frozen=True, slots=True)
class Entry:
    """One grant: to a place, over a ministry's budget, in a year. `lines` says where it stands."""

    place: str
    name: str
    municipality: str
    ministry: str
    year: int
    kroner: int
    lines: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Grants of one kind. Sums are exact, for kroner are whole."""

    entries: tuple[Entry, ...]

    @property
    def total(self) -> int:
        """Everything, in kroner."""
        return sum(entry.kroner for entry in self.entries)

    @property
    def places(self) -> tuple[str, ...]:
        """The places, in the order of the ledger."""
        return tuple(dict.fromkeys(entry.place for entry in self.entries))

    @property
    def ministries(self) -> tuple[str, ...]:
        """The ministries, in the order of the ledger."""
        return tuple(dict.fromkeys(entry.ministry for entry in self.entries))

    @property
    def years(self) -> tuple[int, ...]:
        """The years, in order."""
        return tuple(sorted({entry.year for entry in self.entries}))

    def where(self, **wanted: str | int) -> Ledger:
        """Return the grants of a place, a ministry, a municipality or a year."""
        return Ledger(
            tuple(
                entry
                for entry in self.entries
                if all(getattr(entry, name) == value for name, value in wanted.items())
            )
        )

    def name(self, place: str) -> str:
        """Return what a place is called."""
        return next(entry.name for entry in self.entries if entry.place == place)

    def sums(self, by: str) -> Mapping[str | int, int]:
        """Return the sum for each `place`, `ministry`, `municipality` or `year`."""
        found: dict[str | int, int] = {}
        for entry in self.entries:
            key = getattr(entry, by)
            found[key] = found.get(key, 0) + entry.kroner
        return found


@dataclass(frozen=True, slots=True)
class Grant:
    """Another grant or share that a document tells of. `value` is `None` where none is told."""

    id: str
    value: float | None
    unit: str
    year: int | None
    place: str
    document: str
    lines: str


@cache
def ledger() -> Ledger:
    """Return the state grants to area initiatives in 2019 (SØF-rapport 04/20, table 26)."""
    return Ledger(
        tuple(
            Entry(
                row["place"], row["name"], row["municipality"], row["ministry"],
                int(row["year"]), int(row["kroner"]), row["lines"],
            )
            for row in _packaged("ledger.csv")
        )
    )  # fmt: skip


@cache
def other_grants() -> tuple[Grant, ...]:
    """Return what the documents tell of other grants, with their lines."""
    return tuple(
        Grant(
            row["grant"],
            float(row["value"]) if row["value"] else None,
            row["unit"],
            int(row["year"]) if row["year"] else None,
            row["place"],
            row["document"],
            row["lines"],
        )
        for row in _packaged("other.csv")
    )


def read_ledger(path: Path) -> Ledger:
    """Read a ledger of one's own: CSV with `place`, `ministry`, `year` and whole `kroner`.

    `name` and `municipality` may be there. Raises `UserError` naming row and column of what
    cannot be read, and for the same place, ministry and year twice.
    """
    if not path.is_file():
        raise error("grants_file_absent", Place(path.name), folder=str(path.parent))
    first = decode(path.read_bytes(), "utf-8", path.name).splitlines()[0]
    sign = max(DELIMITERS, key=first.count)
    frame = read_delimited(path, ReadOptions(delimiter=sign), path.name).frame
    absent = [name for name in REQUIRED if name not in frame.columns]
    if absent:
        params = {"absent": ", ".join(absent), "known": ", ".join(REQUIRED)}
        raise error("grants_columns", Place(path.name), **params)
    rows = list(frame.iter_rows(named=True))
    told = [finding for row in rows for finding in _wrong(row, path.name)]
    raise_errors([*told, *_repeated(rows, path.name)])
    return Ledger(tuple(_entry(row) for row in rows))


def _entry(row: Mapping[str, str]) -> Entry:
    kroner, year = _whole(row["kroner"]), _whole(row["year"])
    assert kroner is not None  # noqa: S101 - narrowing; refused before
    assert year is not None  # noqa: S101
    name = row.get("name") or row["place"]
    return Entry(row["place"], name, row.get("municipality", ""), row["ministry"], year, kroner)


def _wrong(row: Mapping[str, str], file: str) -> Iterator[Finding]:
    at = int(row[ROW])
    for column, code in (("year", "grants_year"), ("kroner", "grants_kroner")):
        if _whole(row[column]) is None:
            params = {"given": row[column]}
            yield Finding(code, Severity.ERROR, Place(file, at, column), params)
    for column in ("place", "ministry"):
        if not row[column]:
            yield Finding("grants_blank", Severity.ERROR, Place(file, at, column))


def _repeated(rows: Iterable[Mapping[str, str]], file: str) -> Iterator[Finding]:
    seen: set[tuple[str, str, str]] = set()
    for row in rows:
        key = (row["place"], row["ministry"], row["year"])
        if key in seen:
            params = {"given": " · ".join(key)}
            yield Finding("grants_repeated", Severity.ERROR, Place(file, int(row[ROW])), params)
        seen.add(key)


def _whole(text: str) -> int | None:
    kept = text.replace(" ", "").replace("\N{NO-BREAK SPACE}", "").replace("\N{MINUS SIGN}", "-")
    return int(kept) if kept.removeprefix("-").isdigit() else None


def _packaged(name: str) -> Iterator[dict[str, str]]:
    text = (files("nabolag.allocation.grants") / "data" / name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())
