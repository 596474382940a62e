"""An attacker: reads every file that a release leaves behind, and adds and subtracts.

Knows nothing of how figures were hidden. A figure is a sum of inner cells (smallest area × sex ×
year × with or without the trait); what is printed of it is an equation. A hidden count is out
where its own sum is a combination of printed ones (exact fractions), or where linear programs over
tables of counts that are not negative leave it less than a step.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from python_calamine import CalamineWorkbook
from scipy.optimize import linprog

from nabolag.publish.exports import csv_bytes, jsonstat_bytes, xlsx_bytes
from nabolag.store import Release

Key = tuple[str, str, str, str, str]
Vector = tuple[int, ...]
COUNTS = ("numerator", "denominator")


def printed(release: Release) -> dict[Key, dict[str, float]]:
    """Every number of every figure, from each file that is made of the release."""
    found: dict[Key, dict[str, float]] = {}
    for rows in (_csv(release, "no"), _csv(release, "international"), _xlsx(release)):
        for row in rows:
            _add(found, row)
    for key, value in _jsonstat(release):
        found.setdefault(key, {}).setdefault("value", value)
    return found


def _add(found: dict[Key, dict[str, float]], row: Mapping[str, Any]) -> None:
    key = tuple(str(row[n] or "") for n in ("level", "area", "indicator", "period", "group"))
    told = found.setdefault(key, {})  # type: ignore[arg-type]
    for name in ("value", *COUNTS):
        if row[name] not in (None, ""):
            told[name] = float(str(row[name]).replace("\u00a0", "").replace(",", "."))


def _csv(release: Release, style: Any) -> Iterator[dict[str, Any]]:
    text = csv_bytes(release, "nb", style).decode("utf-8-sig")
    yield from csv.DictReader(io.StringIO(text), delimiter=";" if style == "no" else ",")


def _xlsx(release: Release) -> Iterator[dict[str, Any]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx_bytes(release, "nb")))
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python()
        head = next((i for i, row in enumerate(rows) if "status_code" in row), None)
        if head is not None:
            names = [str(one) for one in rows[head]]
            yield from (dict(zip(names, row, strict=True)) for row in rows[head + 1 :])


def _jsonstat(release: Release) -> Iterator[tuple[Key, float]]:
    told = json.loads(jsonstat_bytes(release, "nb"))
    names = told["id"]
    codes = {name: list(told["dimension"][name]["category"]["index"]) for name in names}
    for at, value in _values(told["value"]):
        places = zip(names, np.unravel_index(at, told["size"]), strict=True)
        yield _key({name: codes[name][int(i)] for name, i in places}), float(value)


def _values(value: Any) -> Iterator[tuple[int, float]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    return ((int(at), one) for at, one in pairs if one is not None)


def _key(labels: Mapping[str, str]) -> Key:
    level, _, area = labels["area"].partition(":")
    group = labels.get("group", "")
    return (level, area, labels["indicator"], labels["period"], "" if group == "all" else group)


@dataclass
class Attacker:
    """What has been read so far. `sums` tell which inner cells a figure's counts add up."""

    sums: Mapping[tuple[Key, str], Vector]
    known: dict[Vector, float] = field(default_factory=dict)

    def read(self, figures: Mapping[Key, Mapping[str, float]]) -> None:
        """Learn the counts of figures that are printed."""
        for key, told in figures.items():
            for name in COUNTS:
                if name in told and (key, name) in self.sums:
                    self.known[self.sums[key, name]] = told[name]

    def works_out(self, wanted: Iterable[tuple[Key, str]]) -> list[tuple[Key, str]]:
        """Return which counts come out exactly: their sum is a combination of printed ones."""
        if not self.known:
            return []
        basis = np.array(list(self.known), dtype=float)
        rank = np.linalg.matrix_rank(basis)
        return [
            which
            for which in wanted
            if np.linalg.matrix_rank(np.vstack([basis, self.sums[which]])) == rank
        ]

    def width(self, which: tuple[Key, str]) -> float:
        """Return how much room a count has among tables that are not negative."""
        left = np.array(list(self.known), dtype=float)
        right = np.array(list(self.known.values()))
        aim = np.array(self.sums[which], dtype=float)
        ends = []
        for sign in (1.0, -1.0):
            found = linprog(sign * aim, A_eq=left, b_eq=right, bounds=(0, None), method="highs")
            if found.status == 3:  # unbounded
                return float("inf")
            assert found.status == 0, found.message
            ends.append(sign * found.fun)
        return float(ends[1] - ends[0])
