"""Each area's distance to the area it lies in, split into rates and composition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

from nabolag.analysis.errors import deviate
from nabolag.analysis.inequality.parts import Gap, gap_parts
from nabolag.analysis.method import Given
from nabolag.core import Status, combine
from nabolag.geography import ancestors_of
from nabolag.store import conform
from nabolag.store.statuses import without_numbers

if TYPE_CHECKING:
    from nabolag.analysis.inequality.spec import Inequality

_TEXT, _NUMBER = pl.String(), pl.Float64()
_PARTS: Final = ("gap", "rates", "composition")
_BOUNDS: Final = ("rates_lower", "rates_upper", "composition_lower", "composition_upper")
#: `gap` = `rates` + `composition`; all null, with the `status` of what is not known, where any
#: group of the area or of what it is compared with (`base_level`, `base_area`) is not known.
GAPS: Final[dict[str, pl.DataType]] = {
    "level": _TEXT, "area": _TEXT, "indicator": _TEXT, "period": _TEXT, "base_level": _TEXT,
    "base_area": _TEXT, **dict.fromkeys((*_PARTS, *_BOUNDS), _NUMBER), "status": _TEXT,
}  # fmt: skip


def gaps(spec: Inequality, given: Given) -> pl.DataFrame:
    """Return the gap of each area and period. Schema `GAPS`.

    Groups are those of `compose` that the larger area has figures for; counts are numerators
    and denominators, so only shares can be split.
    """
    grouped = _grouped(spec, given)
    own = grouped.filter(pl.col("level") == spec.level.value)
    base = grouped.filter(pl.col("level") == spec.within.value)
    above = ancestors_of(given.links, spec.within).rename(
        {"code": "area", "parent_code": "base_area"}
    )
    own = own.join(above, on=["level", "area"], how="inner", maintain_order="left")
    parts = [pl.DataFrame(schema=GAPS)]
    key = ["base_area", "indicator", "period"]
    for (place, iid, period), part in own.group_by(key, maintain_order=True):
        beside = base.filter(
            pl.col("area") == place, pl.col("indicator") == iid, pl.col("period") == period
        )
        if beside.height:
            named = {"base_level": spec.within.value, "base_area": str(place)}
            parts.append(_split(spec, part, beside, named))
    return pl.concat(parts)


def _grouped(spec: Inequality, given: Given) -> pl.DataFrame:
    rows = given.observations.filter(
        pl.col("indicator").is_in(spec.indicators),
        pl.col("group").str.starts_with(f"{spec.compose}="),
        ~pl.col("group").str.contains(";"),
    )
    if spec.periods:
        rows = rows.filter(pl.col("period").is_in(spec.periods))
    return without_numbers(rows)


def _split(
    spec: Inequality, own: pl.DataFrame, base: pl.DataFrame, named: dict[str, str]
) -> pl.DataFrame:
    groups = base["group"].unique().sort().to_list()
    areas = own.select("level", "area", "indicator", "period").unique().sort("area")
    wanted = areas.join(pl.DataFrame({"group": groups}), how="cross")
    full = wanted.join(own, on=wanted.columns, how="left", maintain_order="left")
    state = full.group_by("area", maintain_order=True).agg("status", "numerator", "denominator")
    shown = base.sort("group")
    beside = _status(shown["status"].to_list(), shown["numerator"].to_list())
    status = [
        combine([beside, _status(s, n)]) for s, n in state.select("status", "numerator").iter_rows()
    ]
    whole = np.array([one.has_value for one in status])
    shape = (areas.height, len(groups))
    some, of = (full[name].to_numpy().reshape(shape) for name in ("numerator", "denominator"))
    numbers = np.full((len(GAPS) - 7, areas.height), np.nan)
    if whole.any():
        counts = (shown[name].to_numpy() for name in ("numerator", "denominator"))
        found = gap_parts(some[whole], of[whole], *counts)
        numbers[:, whole] = _columns(found, spec.confidence)
    table = areas.with_columns(
        *(pl.lit(text).alias(name) for name, text in named.items()),
        *(pl.Series(name, row, nan_to_null=True)
          for name, row in zip((*_PARTS, *_BOUNDS), numbers, strict=True)),
        pl.Series("status", [one.value for one in status]),
    )  # fmt: skip
    return conform(table.select(*GAPS), GAPS)


def _status(statuses: list[str | None], numbers: list[float | None]) -> Status:
    """Return the status of several groups together; one without a count is missing."""
    held = [Status(s) if s else Status.MISSING for s in statuses]
    lacking = any(n is None and s.has_value for s, n in zip(held, numbers, strict=True))
    return combine([*held, Status.MISSING] if lacking else held)


def _columns(found: Gap, confidence: float) -> Any:
    reach = deviate(confidence)
    rates, mix = reach * found.rates_error, reach * found.composition_error
    return np.stack(
        [
            found.gap,
            found.rates,
            found.composition,
            found.rates - rates,
            found.rates + rates,
            found.composition - mix,
            found.composition + mix,
        ]
    )
