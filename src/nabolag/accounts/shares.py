"""Kroner for each inhabitant and user, in the prices of one year, with statuses kept."""

from __future__ import annotations

from typing import Final

import polars as pl

from nabolag.accounts.spec import AccountsSpec, ServiceLines
from nabolag.accounts.sums import AccountsResult
from nabolag.core import Level, Status
from nabolag.store.statuses import NUMBERED

#: One row a year, service and area; `service` is empty for lines that no service has. Kroner are
#: in the year's own prices, `real` ones in those of the deflator's base. `read` is false where
#: some line's amount could not be read.
SHARES: Final[dict[str, pl.DataType]] = {
    "level": pl.String(),
    "area": pl.String(),
    "year": pl.Int64(),
    "service": pl.String(),
    "kroner": pl.Float64(),
    "real": pl.Float64(),
    "per_inhabitant": pl.Float64(),
    "real_per_inhabitant": pl.Float64(),
    "per_user": pl.Float64(),
    "real_per_user": pl.Float64(),
    "lines": pl.Int64(),
    "read": pl.Boolean(),
    "status": pl.String(),
}
#: Lines whose function no service has: a row of its own, so that the sum is whole.
_NONE: Final = ServiceLines.model_construct(id="", functions=(), users="", about_people=False)
_KEYS: Final = ["level", "area", "year", "service"]


def shares(result: AccountsResult, observations: pl.DataFrame) -> pl.DataFrame:
    """Return `SHARES` of the municipality and of the areas that lines are placed in.

    `observations` are protected figures. An area's amount is hidden where the count of who uses
    the service is, or is not known; where that is one area alone, the area with the fewest users
    is hidden beside it, for the municipality's sum is shown.
    """
    spec = result.spec
    known = result.table.filter(pl.col("year").is_not_null())
    areas = known.filter(pl.col("area") != "", pl.col("area").is_not_null())
    town = known.group_by("year", "service").agg(pl.col("ore", "lines", "unread").sum())
    whole = town.with_columns(
        pl.lit(Level.KOMMUNE.value).alias("level"), pl.lit(spec.municipality).alias("area")
    )
    both = pl.concat([whole.select(*_KEYS, "ore", "lines", "unread"),
                      areas.select(*_KEYS, "ore", "lines", "unread")])  # fmt: skip
    counted = both.join(_counts(observations, spec.inhabitants, "inhabitants"),
                        on=["level", "area", "year"], how="left")  # fmt: skip
    parts = [_of_service(counted, one, observations) for one in (*spec.service, _NONE)]
    return _divided(pl.concat(parts), spec).sort(*_KEYS)


def _counts(observations: pl.DataFrame, indicator: str, name: str) -> pl.DataFrame:
    """Return a count of persons by level, area and year, with its status."""
    rows = observations.filter(
        pl.col("indicator") == indicator, pl.col("group").fill_null("") == "",
        pl.col("period").str.contains(r"^\d{4}$"),
    )  # fmt: skip
    number = pl.when(pl.col("status").is_in(NUMBERED)).then(pl.col("value"))
    return rows.select(
        "level", "area", pl.col("period").cast(pl.Int64).alias("year"),
        number.alias(name), pl.col("status").alias(f"{name}_status"),
    )  # fmt: skip


def _of_service(
    counted: pl.DataFrame, service: ServiceLines, observations: pl.DataFrame
) -> pl.DataFrame:
    rows = counted.filter(pl.col("service") == service.id)
    users = _counts(observations, service.users, "users")
    found = rows.join(users, on=["level", "area", "year"], how="left")
    if not (service.users and service.about_people):
        return found.with_columns(pl.lit(Status.VALUE.value).alias("status"))
    few = pl.col("users_status").str.starts_with("suppressed").fill_null(False)
    # Where nobody says how many use it, they may be few; the municipality's own sum is public.
    unknown = pl.col("users").is_null() & (pl.col("level") != Level.KOMMUNE.value)
    hidden = few | unknown
    alone = (hidden.sum() == 1).over("level", "year")
    least = pl.col("users").rank("ordinal").over("level", "year") == 1
    beside = alone & least & ~hidden & (pl.len().over("level", "year") > 1)
    status = (
        pl.when(few)
        .then(pl.lit(Status.SUPPRESSED_PRIMARY.value))
        .when(hidden)
        .then(pl.lit(Status.SUPPRESSED_RULE.value))
        .when(beside)
        .then(pl.lit(Status.SUPPRESSED_SECONDARY.value))
        .otherwise(pl.lit(Status.VALUE.value))
    )
    return found.with_columns(status.alias("status"))


def _divided(rows: pl.DataFrame, spec: AccountsSpec) -> pl.DataFrame:
    shown = pl.col("status") == Status.VALUE.value
    kroner = pl.when(shown).then(pl.col("ore") / 100)
    priced = rows.with_columns(kroner.alias("kroner"), _factor(spec).alias("_factor"))
    real = pl.col("kroner") * pl.col("_factor")

    def each(amount: pl.Expr, among: str) -> pl.Expr:
        return pl.when(pl.col(among) > 0).then(amount / pl.col(among))

    return priced.with_columns(
        real.alias("real"),
        each(pl.col("kroner"), "inhabitants").alias("per_inhabitant"),
        each(real, "inhabitants").alias("real_per_inhabitant"),
        each(pl.col("kroner"), "users").alias("per_user"),
        each(real, "users").alias("real_per_user"),
        (pl.col("unread") == 0).alias("read"),
    ).select(*SHARES)


def _factor(spec: AccountsSpec) -> pl.Expr:
    if spec.deflator is None:
        return pl.lit(None, pl.Float64)
    factors = {year: spec.deflator.factor(year) for year in spec.deflator.index}
    return pl.col("year").replace_strict(factors, default=None, return_dtype=pl.Float64)
