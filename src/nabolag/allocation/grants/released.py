"""What a list of grants comes to as it may leave: sums by place, and what the state covers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from nabolag.allocation.grants.covered import Covered
from nabolag.allocation.grants.listed import GrantsRead
from nabolag.core import Status, UserError
from nabolag.store.statuses import NUMBERED

KEYS: Final = ("level", "area", "unit", "funder", "scheme", "year")
#: One row a place, funder, scheme and year. `amount` is kroner, or a count. `municipal` is known
#: only where every line says it. `read` is false where some line's amount could not be read.
AMOUNTS: Final[dict[str, pl.DataType]] = {
    **dict.fromkeys(KEYS[:-1], pl.String()),
    "year": pl.Int64(),
    "amount": pl.Float64(),
    "municipal": pl.Float64(),
    "conditions": pl.String(),
    "lines": pl.Int64(),
    "read": pl.Boolean(),
    "status": pl.String(),
}
#: One row a place and year. What is not known is null; so then are the shares it goes into.
COVERED: Final[dict[str, pl.DataType]] = {
    "level": pl.String(),
    "area": pl.String(),
    "year": pl.Int64(),
    "state": pl.Float64(),
    "municipal": pl.Float64(),
    "spending": pl.Float64(),
    "of_initiative": pl.Float64(),
    "of_spending": pl.Float64(),
    "status": pl.String(),
}


def sums(read: GrantsRead) -> pl.DataFrame:
    """Return hundredths by `KEYS` (inside the house), and the persons who stand behind.

    Several lines may be about the same persons: the most that one line has is what is sure.
    """
    told = pl.col("conditions").filter(pl.col("conditions") != "").unique(maintain_order=True)
    return (
        read.lines.group_by(KEYS)
        .agg(
            _sum(),
            pl.when(pl.col("municipal").is_not_null().all())
            .then(pl.col("municipal").sum()).alias("municipal"),
            told.str.join("; ").alias("conditions"),
            pl.col("persons").max(),
            pl.len().cast(pl.Int64).alias("lines"),
            (pl.col("amount").null_count() == 0).alias("read"),
        )
        .sort(KEYS, nulls_last=True)
    )  # fmt: skip


def _sum() -> pl.Expr:
    """Return the sum of the amounts that are known, null where none is."""
    return pl.when(pl.col("amount").count() > 0).then(pl.col("amount").sum()).alias("amount")


def amounts(read: GrantsRead, observations: pl.DataFrame, fewest: int) -> pl.DataFrame:
    """Return `AMOUNTS`, hidden where few stand behind, or where nobody knows how many.

    `observations` are protected figures; `fewest` is how many persons a line needs. No sum that a
    hidden amount is in may be told beside the table. Where one amount alone is hidden of a scheme
    in a year, the smallest beside it is hidden too: the scheme's sum may be known elsewhere.
    """
    held = sums(read).join(_users(read, observations), on=["level", "area", "year"], how="left",
                           maintain_order="left")  # fmt: skip
    held = held.with_columns(_status(read, fewest).alias("status")).with_columns(_beside())
    shown = pl.col("status") == Status.VALUE.value
    return held.with_columns(
        *(pl.when(shown).then(pl.col(name) / 100).alias(name) for name in ("amount", "municipal")),
        pl.when(shown).then("conditions").otherwise(pl.lit("")).alias("conditions"),
    ).select(*AMOUNTS)


def _beside() -> pl.Expr:
    scheme = ["funder", "scheme", "year"]
    hidden = pl.col("status") != Status.VALUE.value
    alone = (hidden.sum() == 1).over(scheme)
    shown = pl.when(~hidden).then("amount").rank("ordinal").over(scheme)
    return (
        pl.when(alone & (shown == 1).fill_null(False))
        .then(pl.lit(Status.SUPPRESSED_SECONDARY.value))
        .otherwise("status")
        .alias("status")
    )


def _users(read: GrantsRead, observations: pl.DataFrame) -> pl.DataFrame:
    """Return the status of who uses what, by level, area and year."""
    rows = observations.filter(
        pl.col("indicator") == read.spec.users, pl.col("group").fill_null("") == "",
        pl.col("period").str.contains(r"^\d{4}$"),
    )  # fmt: skip
    return rows.select(
        "level", "area", pl.col("period").cast(pl.Int64).alias("year"),
        pl.col("status").alias("_users"),
    )  # fmt: skip


def _status(read: GrantsRead, fewest: int) -> pl.Expr:
    spec, value = read.spec, pl.lit(Status.VALUE.value)
    if not spec.about_people or spec.published is not None:
        return value
    if spec.persons:
        enough, unknown = pl.col("persons") >= fewest, pl.col("persons").is_null()
    else:
        enough = pl.col("_users").is_in(NUMBERED).fill_null(False)
        unknown = ~enough & ~pl.col("_users").str.starts_with("suppressed").fill_null(False)
    return (
        pl.when(unknown)
        .then(pl.lit(Status.SUPPRESSED_RULE.value))
        .when(enough)
        .then(value)
        .otherwise(pl.lit(Status.SUPPRESSED_PRIMARY.value))
    )


def by_place(released: pl.DataFrame) -> pl.DataFrame:
    """Return the sum of each place and year: null where a part is hidden or not read."""
    placed = released.filter(pl.col("area") != "", pl.col("year").is_not_null())
    hidden = pl.col("status") != Status.VALUE.value
    whole = ~hidden.any() & pl.col("read").all()
    known = whole & pl.col("municipal").is_not_null().all()
    status = (
        pl.when(hidden.any()).then(pl.lit(Status.SUPPRESSED_PRIMARY.value))
        .when(~pl.col("read").all()).then(pl.lit(Status.MISSING.value))
        .otherwise(pl.lit(Status.VALUE.value))
    )  # fmt: skip
    return (
        placed.group_by("level", "area", "year")
        .agg(
            pl.when(whole).then(pl.col("amount").sum()).alias("state"),
            pl.when(known).then(pl.col("municipal").sum()).alias("municipal"),
            status.alias("status"),
        )
        .sort("level", "area", "year")
    )


def covered(released: pl.DataFrame, spending: pl.DataFrame | None) -> pl.DataFrame:
    """Return `COVERED`. `spending` has `level`, `area`, `year` and `spending`."""
    placed = by_place(released)
    keys = ["level", "area", "year"]
    if spending is None:
        held = placed.with_columns(pl.lit(None, pl.Float64).alias("spending"))
    else:
        held = placed.join(spending.select(*keys, "spending"), on=keys, how="left",
                         maintain_order="left")  # fmt: skip
    rows = [
        {**row, **_shares(row["state"], row["municipal"], row["spending"])}
        for row in held.iter_rows(named=True)
    ]
    return pl.DataFrame(rows, schema=COVERED)


def _shares(
    state: float | None, municipal: float | None, spending: float | None
) -> dict[str, float | None]:
    """Return the shares, none of those that amounts which cannot be would give."""
    try:
        found = Covered(state, municipal, spending)
    except UserError:
        return {"of_initiative": None, "of_spending": None}
    return {"of_initiative": found.of_initiative, "of_spending": found.of_spending}


def by_funder(released: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Return `amount` by columns of `AMOUNTS`: null where a part is hidden (`hidden` says so).

    `read` is false where some line's amount could not be read; the sum is then of the others.
    """
    hidden = (pl.col("status") != Status.VALUE.value).any()
    return (
        released.group_by(by, maintain_order=True)
        .agg(
            pl.when(~hidden).then(_sum()).alias("amount"),
            hidden.alias("hidden"),
            pl.col("read").all(),
        )
        .sort(by, nulls_last=True)
    )


def shown_sum(released: pl.DataFrame) -> float:
    """Return the sum of what is shown, hidden amounts not among it."""
    return float(released.filter(pl.col("status") == Status.VALUE.value)["amount"].sum())
