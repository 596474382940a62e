"""Small linked tables for the tests of this room, and a reader who subtracts by other means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import polars as pl

from nabolag.core import Indicator, Kind, Unit, Worse
from nabolag.geography.register import closed
from nabolag.store import conform
from nabolag.store.frames import LINKS, OBSERVATIONS
from tests.indicators.make import indicator

CATALOGUE: dict[str, Indicator] = {
    "people": indicator("people", Unit.COUNT, worse=Worse.NEITHER, kind=Kind.BACKGROUND),
    "poor": indicator("poor", counted_among="people"),
    "born": indicator("born", kind=Kind.BACKGROUND, worse=Worse.NEITHER),
    "events": indicator("events", Unit.RATE),
    "income": indicator("income", Unit.NOK, worse=Worse.LOW),
    "homes": indicator("homes", Unit.COUNT, worse=Worse.NEITHER, made_of=(("own", "rent", "coop"),)),
    "own": indicator("own", worse=Worse.NEITHER, counted_among="homes"),
    "rent": indicator("rent", counted_among="homes"),
    "coop": indicator("coop", worse=Worse.NEITHER, counted_among="homes"),
}  # fmt: skip


def figure(place: str, iid: str, numerator: float | None, denominator: float | None = None,
           **more: Any) -> dict[str, Any]:  # fmt: skip
    """One observation; `place` is `level:code`. A count is given as its numerator."""
    level, _, area = place.partition(":")
    unit = CATALOGUE[iid].unit
    value = numerator
    if unit is not Unit.COUNT and numerator is not None and denominator:
        value = numerator / denominator * (1000 if unit is Unit.RATE else 1)
    return {
        "level": level, "area": area, "geography": "2024", "indicator": iid, "period": "2020",
        "group": "", "value": value, "numerator": None if unit is Unit.COUNT else numerator,
        "denominator": denominator, "status": "value", "reason": "", "mark": "", "source": "s",
        **more,
    }  # fmt: skip


def frame(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    return conform(pl.DataFrame(list(rows), infer_schema_length=None), OBSERVATIONS)


def links(*pairs: tuple[str, str]) -> pl.DataFrame:
    """Closed links from pairs of `level:code` (part, whole)."""
    rows = [(*part.split(":"), *whole.split(":")) for part, whole in pairs]
    return closed(pl.DataFrame(rows, schema=LINKS, orient="row"))


def in_span(wanted: Sequence[int], known: Iterable[Sequence[int]]) -> bool:
    """Tell whether a combination of inner cells is a sum of known ones (exact fractions)."""
    basis: list[list[Fraction]] = []
    for row in known:
        rest = _reduced([Fraction(x) for x in row], basis)
        if any(rest):
            basis.append(rest)
    return not any(_reduced([Fraction(x) for x in wanted], basis))


def _reduced(row: list[Fraction], basis: list[list[Fraction]]) -> list[Fraction]:
    for other in basis:
        at = next(i for i, x in enumerate(other) if x)
        if row[at]:
            times = row[at] / other[at]
            row = [a - times * b for a, b in zip(row, other, strict=True)]
    return row


def tables(
    sums: Sequence[tuple[Sequence[int], float]], bounds: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, ...]]:
    """Yield every whole table of inner cells with the given sums, by trying them all."""

    def grow(cells: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        n = len(cells)
        for row, total in sums:
            so_far = sum(a * b for a, b in zip(row, cells, strict=False))
            rest = [(bounds[i][0], bounds[i][1]) for i in range(n, len(bounds)) if row[i]]
            if so_far + sum(lo for lo, _ in rest) > total + 0.1:
                return
            if so_far + sum(hi for _, hi in rest) < total - 0.1:
                return
        if n == len(bounds):
            yield cells
            return
        for value in range(bounds[n][0], bounds[n][1] + 1):
            yield from grow((*cells, value))

    yield from grow(())
