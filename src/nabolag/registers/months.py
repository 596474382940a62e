"""What each month of a year was spent on, packed into twelve bits a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from nabolag.core import Finding, Place, Severity
from nabolag.registers.contracts import ACTIVITY, MONTHS_OF_YEAR

#: Delivered column of true or false a month, and the mask it is packed into.
STATES: Final[Mapping[str, str]] = {
    "employed": "employed_months",
    "education": "education_months",
    "measure": "measure_months",
    "unemployed": "unemployed_months",
}
_KEY: Final = ["year", "person_id"]
_EXAMPLES: Final = 5


@dataclass(frozen=True, slots=True)
class PackedMonths:
    """A year's activity by person in the columns of `ACTIVITY`, and what was noticed."""

    frame: pl.DataFrame
    findings: tuple[Finding, ...]


def pack_months(
    long: pl.DataFrame | pl.LazyFrame,
    *,
    states: Mapping[str, str] = STATES,
    state_column: str = "",
    status_column: str = "",
    absent: Literal["unknown", "nothing"] = "unknown",
) -> PackedMonths:
    """Pack a monthly delivery (year, person_id, month 1–12, …) into masks; bit 0 is January.

    Either each key of `states` is a column of true, false or unknown; or `state_column` holds
    one of the keys a row, and a person may have several rows a month. Rows of the same month
    are joined by «or». An unknown state, or a row whose `status_column` is not `value`, makes
    that year's mask unknown unless another row says that the month was so spent.

    `absent` says what a month without any row means: `unknown` (the delivery is of every month,
    so something is lacking, and all four masks are unknown) or `nothing` (the delivery is of
    what happened only). Rows without a month of the year make the person's masks unknown, and
    are told of as an error; other words in `state_column` likewise. Nothing is counted twice.
    """
    month = pl.col("month")
    sound = month.is_between(1, 12).fill_null(value=False)
    bit = pl.lit(1, pl.Int16) * pl.lit(2, pl.Int16).pow(month.clip(1, 12) - 1).cast(pl.Int16)
    flags = {mask: _flag(name, state_column, status_column) for name, mask in states.items()}
    said = pl.col(state_column).is_in(list(states)) if state_column else pl.lit(value=True)
    marked = long.lazy().select(
        *_KEY,
        pl.when(sound).then(bit).otherwise(0).alias("__bit"),
        sound.not_().alias("__misplaced"),
        said.fill_null(value=True).not_().alias("__stray"),
        *(flag.alias(mask) for mask, flag in flags.items()),
    )
    packed = marked.group_by(_KEY).agg(
        pl.col("__bit").bitwise_or().alias("__seen"),
        (pl.col("__misplaced") | pl.col("__stray")).any().alias("__lost"),
        *(part for mask in flags for part in _bits(mask)),
    )
    frame = packed.select(*_KEY, *(_mask(mask, absent) for mask in flags)).collect()
    whole = frame.select(
        (pl.col(c.name) if c.name in frame.columns else pl.lit(None)).cast(c.dtype).alias(c.name)
        for c in ACTIVITY.columns
    ).sort(_KEY)
    return PackedMonths(whole, tuple(_noticed(marked)))


def _flag(name: str, state_column: str, status_column: str) -> pl.Expr:
    flag = pl.col(state_column) == name if state_column else pl.col(name).cast(pl.Boolean)
    if not status_column:
        return flag
    return pl.when(pl.col(status_column) == "value").then(flag)


def _bits(mask: str) -> tuple[pl.Expr, pl.Expr]:
    """Return the months so spent, and those of which it is not known."""
    flag, bit = pl.col(mask), pl.col("__bit")
    return (
        pl.when(flag.fill_null(value=False)).then(bit).otherwise(0).bitwise_or().alias(mask),
        pl.when(flag.is_null()).then(bit).otherwise(0).bitwise_or().alias(f"__open_{mask}"),
    )


def _mask(mask: str, absent: Literal["unknown", "nothing"]) -> pl.Expr:
    spent = pl.col(mask)
    open_months = (pl.col(f"__open_{mask}") & ~spent) != 0
    unknown = open_months | pl.col("__lost")
    if absent == "unknown":
        unknown = unknown | (pl.col("__seen") != MONTHS_OF_YEAR)
    return pl.when(~unknown).then(spent).alias(mask)


def _noticed(marked: pl.LazyFrame) -> list[Finding]:
    """Return an error for rows without a month, and one for states without a name."""
    found = []
    numbered = marked.with_row_index("__row", 1)
    for column, code in (("__misplaced", "register_month_wrong"), ("__stray", "register_state")):
        wrong = numbered.filter(pl.col(column)).select("__row").collect()["__row"]
        if wrong.len():
            at = "month" if column == "__misplaced" else ""
            rows = tuple(map(str, wrong.head(_EXAMPLES)))
            place = Place("", int(wrong[0]), at)
            found.append(Finding(code, Severity.ERROR, place, {}, wrong.len(), rows))
    return found
