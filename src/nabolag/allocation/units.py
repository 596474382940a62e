"""The units that share a budget: who they are, how large, what they need, what they have today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal, TypeAlias

import polars as pl

from nabolag.allocation.numbers import could_be_thousands, read_number, whole
from nabolag.core import Finding, Place, Severity, Status, error, raise_errors
from nabolag.sources.grid import ROW
from nabolag.sources.marks import DEFAULT_MARKS, STATUS_OF_MARK

#: `rate`: a figure for each pupil (a share, a mean). `count`: how many. `points`: a score.
Measure: TypeAlias = Literal["rate", "count", "points"]
_EXAMPLES = 8


@dataclass(frozen=True, slots=True)
class Need:
    """A need of every unit, `None` where it is not known; `statuses` say why."""

    values: tuple[Fraction | None, ...]
    statuses: tuple[Status, ...]
    measure: Measure = "rate"

    @classmethod
    def known(cls, values: Iterable[Any], measure: Measure = "rate") -> Need:
        """Return a need of plain numbers; `None` is missing."""
        from nabolag.allocation.numbers import exact  # noqa: PLC0415

        held = tuple(None if value is None else exact(value) for value in values)
        told = tuple(Status.MISSING if value is None else Status.VALUE for value in held)
        return cls(held, told, measure)


@dataclass(frozen=True, slots=True)
class Units:
    """Units in the order they were given. Kroner are whole; `today` is `None` where unknown.

    `base` and `special` are kroner each unit gets by itself; `sizes` hold columns of pupils (or
    whoever is counted) by name, `needs` the needs by name.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    sizes: Mapping[str, tuple[Fraction, ...]]
    needs: Mapping[str, Need] = field(default_factory=dict)
    today: tuple[int | None, ...] = ()
    base: tuple[int, ...] = ()
    special: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Refuse units that are named twice, columns of another length, and sizes below zero."""
        counts = Counter(self.ids)
        twice = sorted(unit for unit, count in counts.items() if count > 1)
        if twice:
            raise error("allocation_units_twice", units=", ".join(twice))
        self._same_length()
        for name, size in self.sizes.items():
            below = [u for u, many in zip(self.ids, size, strict=True) if many < 0]
            if below:
                raise error("allocation_units_negative", name=name, units=", ".join(below))

    def _same_length(self) -> None:
        own = {"today": self.today, "base": self.base, "special": self.special}
        given = {name: column for name, column in own.items() if column}
        needs = {name: need.values for name, need in self.needs.items()}
        for name, column in {"names": self.names, **given, **self.sizes, **needs}.items():
            if len(column) != len(self.ids):
                told = {"name": name, "given": len(column), "units": len(self.ids)}
                raise error("allocation_units_length", None, **told)

    def __len__(self) -> int:
        """Return the number of units."""
        return len(self.ids)

    def at(self, unit: str) -> int:
        """Return where a unit stands. Raises `KeyError` for one that is not there."""
        try:
            return self.ids.index(unit)
        except ValueError as wrong:
            raise KeyError(unit) from wrong

    def called(self, unit: str) -> str:
        """Return a unit as messages name it: name and code, or the code alone."""
        name = self.names[self.at(unit)]
        return name if name == unit else f"{name} ({unit})"

    def chosen(self, wanted: Sequence[str]) -> Units:
        """Return some of the units, in their own order."""
        keep = [i for i, unit in enumerate(self.ids) if unit in set(wanted)]

        def of(column: Sequence[Any]) -> tuple[Any, ...]:
            return tuple(column[i] for i in keep) if column else ()

        needs = {
            name: Need(of(need.values), of(need.statuses), need.measure)
            for name, need in self.needs.items()
        }
        sizes = {name: of(size) for name, size in self.sizes.items()}
        return Units(of(self.ids), of(self.names), sizes, needs, of(self.today), of(self.base),
                     of(self.special))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a table hold what; an empty name is a column that is not there.

    `decimal` and `thousands` are as in `read_number`.
    """

    unit: str
    name: str = ""
    sizes: Mapping[str, str] = field(default_factory=dict)
    needs: Mapping[str, tuple[str, Measure]] = field(default_factory=dict)
    today: str = ""
    base: str = ""
    special: str = ""
    decimal: str = ""
    thousands: str = ""

    @property
    def named(self) -> dict[str, str]:
        """The columns that are read, by what they are for."""
        own = {"unit": self.unit, "unit_name": self.name, "today": self.today,
               "base": self.base, "special": self.special}  # fmt: skip
        sizes = {f"size.{key}": column for key, column in self.sizes.items()}
        needs = {f"need.{key}": column for key, (column, _) in self.needs.items()}
        return {key: column for key, column in {**own, **sizes, **needs}.items() if column}


def read_units(table: pl.DataFrame, columns: Columns, file: str = "") -> Units:
    """Read units from a table of texts. `_row`, where it is there, numbers the rows as seen.

    Raises one `UserError` with every mistake: a column that is not there, a unit without a code or
    named twice, a number that is none, pupils or kroner below zero, kroner with decimals. A need
    that is blank, or marked with one of Statistics Norway's signs, is not known and stays so.
    """
    _refuse_absent(table, columns, file)
    reader = _Reader(table, file, columns)
    ids = reader.ids(columns.unit)
    sizes = {key: reader.sizes(column) for key, column in columns.sizes.items()}
    needs = {key: reader.need(column, kind) for key, (column, kind) in columns.needs.items()}
    today = reader.kroner(columns.today, blank=None)
    base, special = (reader.kroner(c, blank=0) for c in (columns.base, columns.special))
    raise_errors(reader.found)
    names = tuple(table[columns.name]) if columns.name else ids
    return Units(ids, tuple(n or i for n, i in zip(names, ids, strict=True)), sizes, needs,
                 today, tuple(b or 0 for b in base), tuple(s or 0 for s in special))  # fmt: skip


def _refuse_absent(table: pl.DataFrame, columns: Columns, file: str) -> None:
    there = [name for name in table.columns if name != ROW]
    raise_errors(
        Finding("allocation_column_absent", Severity.ERROR, Place(file, column=column),
                {"key": key, "columns": ", ".join(there)})
        for key, column in columns.named.items() if column not in there
    )  # fmt: skip


class _Reader:
    """Reads columns and collects what is wrong with them, each mistake with its row."""

    def __init__(self, table: pl.DataFrame, file: str, columns: Columns) -> None:
        self.table, self.file, self.columns = table, file, columns
        self.found: list[Finding] = []
        held = table[ROW].to_list() if ROW in table.columns else range(2, table.height + 2)
        self.rows = list(held)

    def _wrong(self, code: str, at: int, column: str, **params: Any) -> None:
        place = Place(self.file, self.rows[at], column)
        self.found.append(Finding(code, Severity.ERROR, place, params))

    def _read(self, text: str) -> Fraction | None:
        return read_number(text, self.columns.decimal, self.columns.thousands)

    def _texts(self, column: str) -> list[str]:
        return self.table[column].cast(pl.String).fill_null("").str.strip_chars().to_list()

    def ids(self, column: str) -> tuple[str, ...]:
        """Return the units' codes, each once."""
        seen: dict[str, int] = {}
        for at, text in enumerate(self._texts(column)):
            if not text:
                self._wrong("allocation_unit_blank", at, column)
            elif text in seen:
                first = self.rows[seen[text]]
                self._wrong("allocation_unit_twice", at, column, unit=text, first=first)
            else:
                seen[text] = at
        return tuple(self._texts(column))

    def sizes(self, column: str) -> tuple[Fraction, ...]:
        """Return how many each unit has; every unit must tell."""
        return tuple(self._amount(at, text, column) for at, text in enumerate(self._texts(column)))

    def _amount(self, at: int, text: str, column: str) -> Fraction:
        number = self._read(text) if text else None
        if number is None:
            code = "allocation_size_blank" if text in DEFAULT_MARKS else "allocation_not_number"
            self._wrong(code, at, column, given=text)
        elif not whole(number) and could_be_thousands(text):
            self._wrong("allocation_size_ambiguous", at, column, given=text)
        elif number < 0:
            self._wrong("allocation_size_negative", at, column, given=text)
        return number or Fraction(0)

    def kroner(self, column: str, blank: int | None) -> tuple[int | None, ...]:
        """Return whole kroner, `blank` where nothing stands."""
        if not column:
            return (blank,) * self.table.height
        return tuple(self._kroner(at, t, column, blank) for at, t in enumerate(self._texts(column)))

    def _kroner(self, at: int, text: str, column: str, blank: int | None) -> int | None:
        if not text:
            return blank
        number = self._read(text)
        if number is None:
            self._wrong("allocation_not_number", at, column, given=text)
        elif number < 0 or not whole(number):
            self._wrong("allocation_kroner", at, column, given=text)
        else:
            return int(number)
        return blank

    def need(self, column: str, measure: Measure) -> Need:
        """Return a need; what is marked as not known keeps its status."""
        values: list[Fraction | None] = []
        statuses: list[Status] = []
        for at, text in enumerate(self._texts(column)):
            number = None if text in DEFAULT_MARKS else self._read(text)
            if text in DEFAULT_MARKS:
                statuses.append(STATUS_OF_MARK[DEFAULT_MARKS[text]])
            else:
                statuses.append(Status.VALUE)
                if number is None:
                    self._wrong("allocation_not_number", at, column, given=text)
                elif number < 0:
                    self._wrong("allocation_need_negative", at, column, given=text)
            values.append(number)
        return Need(tuple(values), tuple(statuses), measure)
