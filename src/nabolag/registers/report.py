"""What became of a delivery of registers: counts that add up, and what was noticed.

No value of a private column stands here, so the report may go to whoever delivered: an example
is then a file and a row number, which says nothing to others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal

from nabolag.core import Finding, Place, Severity
from nabolag.registers.checks import Check

EXAMPLES: Final = 5
_LONGEST: Final = 20
_LONG_NUMBER: Final = re.compile(r"\d[\d ]{7,}\d")

#: What follows for a row: set apart, or kept and told of.
Outcome = Literal["set_apart", "kept"]


@dataclass(frozen=True, slots=True)
class Noted:
    """One kind of thing noticed in a register's year.

    `rows` are up to five places (file and row number); `values` up to five values, and none
    where the column is private.
    """

    code: str
    outcome: Outcome
    column: str
    count: int
    params: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple[tuple[str, int], ...] = ()
    values: tuple[str, ...] = ()
    private: bool = False

    @property
    def finding(self) -> Finding:
        """The same as a finding of the house. What is set apart does not stop anything."""
        quiet = self.code in ("register_link_unchecked", "register_row_corrected")
        severity = Severity.INFO if quiet else Severity.WARNING
        file, row = self.rows[0] if self.rows else ("", None)
        shown = self.values or tuple(f"{name}:{number}" for name, number in self.rows)
        return Finding(
            self.code, severity, Place(file, row, self.column), self.params, self.count, shown
        )


@dataclass(frozen=True, slots=True)
class YearReport:
    """One register in one year: `delivered == kept + set_apart`, always.

    Where `refused`, more rows were wrong than the limit allows, and nothing was taken in.
    `year` is null for rows whose year cannot be read.

    Of the rows, `corrections` were delivered to correct earlier ones; the `replaced` rows they
    stand in place of are no longer counted among those delivered. `corrections_apart` of them
    are wrong themselves, so that neither they nor what they correct is taken in.
    """

    register: str
    year: int | None
    delivered: int
    kept: int
    set_apart: int
    limit: float
    noted: tuple[Noted, ...] = ()
    files: tuple[str, ...] = ()
    corrections: int = 0
    replaced: int = 0
    corrections_apart: int = 0

    @property
    def share(self) -> float:
        """The share of rows that were set apart."""
        return self.set_apart / self.delivered if self.delivered else 0.0

    @property
    def refused(self) -> bool:
        """True where the share is above the limit."""
        return self.share > self.limit

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything noticed, and an error where the year is refused."""
        found = [noted.finding for noted in self.noted]
        if self.refused:
            params = {
                "register": self.register,
                "year": self.year if self.year is not None else "?",
                "set_apart": self.set_apart,
                "delivered": self.delivered,
                **_per_cent("share", f"{100 * self.share:.2f}"),
                **_per_cent("limit", f"{100 * self.limit:g}"),
            }
            place = Place(self.files[0] if self.files else "")
            found.insert(0, Finding("register_share_exceeded", Severity.ERROR, place, params))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """All registers and years of a delivery. `taken_in` tells a receipt from a mere check."""

    years: tuple[YearReport, ...]
    taken_in: bool = False

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of every register and year."""
        return tuple(finding for year in self.years for finding in year.findings)

    @property
    def ok(self) -> bool:
        """True where no register and year is refused."""
        return not any(year.refused for year in self.years)

    @property
    def set_apart(self) -> int:
        """How many rows were set apart."""
        return sum(year.set_apart for year in self.years)

    def as_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {"taken_in": self.taken_in, "years": [asdict(year) for year in self.years]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> DeliveryReport:
        """Read what `as_dict` wrote."""
        years = tuple(
            YearReport(
                **{
                    **year,
                    "noted": tuple(_noted(entry) for entry in year["noted"]),
                    "files": tuple(year["files"]),
                }
            )
            for year in data["years"]
        )
        return cls(years, bool(data["taken_in"]))


def _per_cent(name: str, figure: str) -> dict[str, str]:
    """Return a figure as Norwegian writes it, and as English does."""
    return {name: figure.replace(".", ","), f"{name}_en": figure}


def _noted(entry: Mapping[str, Any]) -> Noted:
    rows = tuple((str(file), int(row)) for file, row in entry["rows"])
    return Noted(**{**entry, "rows": rows, "values": tuple(entry["values"])})


def _harmless(value: str) -> bool:
    """Tell whether a value may be shown although columns may have been shifted.

    What stands in the wrong column can be a national identity number, a name or a sentence.
    """
    return len(value) <= _LONGEST and not _LONG_NUMBER.search(value)


class Tally:
    """Counts what checks find, block by block, in the order in which kinds are first met."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], Noted] = {}

    def add(
        self,
        check: Check,
        count: int,
        rows: Iterable[tuple[str, int]] = (),
        values: Iterable[str | None] = (),
        outcome: Outcome = "set_apart",
    ) -> None:
        """Add what one check found in one block. Private values are dropped here."""
        key = (check.code, check.column)
        before = self._seen.get(key)
        shown = () if check.private else tuple(v for v in values if v and _harmless(v))
        self._seen[key] = Noted(
            check.code,
            outcome,
            check.column,
            count + (before.count if before else 0),
            dict(check.params),
            ((before.rows if before else ()) + tuple(rows))[:EXAMPLES],
            tuple(dict.fromkeys((before.values if before else ()) + shown))[:EXAMPLES],
            check.private,
        )

    def __iter__(self) -> Iterator[Noted]:
        return iter(self._seen.values())
