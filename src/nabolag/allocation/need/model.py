"""The expenditure-need index: criteria × weights to sectors, sectors × weights to a total.

A criterion's index is what a municipality has of it a head over what the whole country has. A
sector's index is Σ weight × criterion index with the sector's cost key (delkostnadsnøkkel), and the
total Σ sector weight × sector index. Above 1, need is greater than the country's. Weights are
published each year (Grønt hefte) and are given, never assumed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite

from nabolag.core import Finding, Severity, error, raise_errors

#: Published weights have four decimals, so a key of sixteen criteria may miss 1 by this much.
ROUNDING = 0.001


@dataclass(frozen=True, slots=True)
class NeedModel:
    """A year's weights: of sectors, and of the criteria in each sector's cost key.

    `keys` may lack sectors whose index is given ready-made. `source` says where they stand.
    """

    sectors: Mapping[str, float]
    keys: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    year: int | None = None
    source: str = ""

    def __post_init__(self) -> None:
        """Refuse weights that do not sum to one, are negative, or stand in unknown sectors."""
        told = list(_wrong("", self.sectors))
        for sector, key in self.keys.items():
            told += _wrong(sector, key)
            if sector not in self.sectors:
                params = {"sector": sector, "known": ", ".join(self.sectors)}
                told.append(Finding("need_sector_unknown", Severity.ERROR, params=params))
        raise_errors(told)

    @property
    def criteria(self) -> tuple[str, ...]:
        """Every criterion of the keys, once each."""
        return tuple(dict.fromkeys(name for key in self.keys.values() for name in key))


def from_mapping(given: Mapping[str, object]) -> NeedModel:
    """Read `{"sectors": {…}, "keys": {…}, "year": 2026, "source": "…"}`.

    Raises `UserError` where a part is absent or no table of numbers.
    """
    sectors = _table(given, "sectors")
    nested = given.get("keys", {})
    if not isinstance(nested, Mapping):
        raise error("need_part", part="keys")
    keys = {str(name): _table(nested, name) for name in nested}
    year = given.get("year")
    return NeedModel(
        sectors, keys, year if isinstance(year, int) else None, str(given.get("source", ""))
    )


def _table(given: Mapping[str, object], name: str) -> dict[str, float]:
    held = given.get(name)
    if not isinstance(held, Mapping) or not held:
        raise error("need_part", part=name)
    bad = [str(key) for key, value in held.items() if not isinstance(value, int | float)]
    if bad:
        raise error("need_weight_number", part=name, names=", ".join(bad))
    return {str(key): float(value) for key, value in held.items()}


def _wrong(sector: str, weights: Mapping[str, float]) -> list[Finding]:
    told = []
    for name, weight in weights.items():
        if not isfinite(weight) or weight < 0:
            params = {"name": name, "given": weight, "sector": sector or "–"}
            told.append(Finding("need_weight_negative", Severity.ERROR, params=params))
    total = sum(weights.values())
    if abs(total - 1) > ROUNDING:
        params = {"sum": round(total, 4), "missing": round(1 - total, 4), "sector": sector or "–"}
        told.append(Finding("need_weights_sum", Severity.ERROR, params=params))
    return told
