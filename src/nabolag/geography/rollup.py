"""Counts added up to a higher level, with their statuses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

import polars as pl

from nabolag.core import WITH_VALUE, Finding, Level, Period, Severity, Status, UserError
from nabolag.geography.matching import examples_of
from nabolag.geography.register import AreaRegister

_RANKS = {status.value: status.rank for status in Status}
_STATUSES = {rank: status for status, rank in _RANKS.items()}
_MISSING = Status.MISSING.rank
#: As in `matching`: smaller sums are not written in words.
_SMALL = 5
_EXAMPLES = 8


def roll_up(
    values: pl.DataFrame,
    register: AreaRegister,
    to_level: Level,
    *,
    sums: Sequence[str] = ("numerator", "denominator"),
    keys: Sequence[str] = ("indicator", "period", "group"),
    absent: Literal["missing", "zero"] = "missing",
) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """Add counts up to the areas of a higher level.

    `values` holds one level: `level`, `area`, `status`, the columns of `keys`, and the additive
    columns of `sums`; other columns are not carried on. Returns a frame with `level`, `area`,
    the keys, the sums and `status`, and findings on areas that have no parent there.

    The strongest status of the children wins (`core.combine`): a parent with a hidden or
    missing child is itself hidden or missing and has no sum, never a partial one. So is a
    parent with a child that has no row at all, unless `absent = "zero"` says that the source
    leaves out rows where there is nobody. Areas that are retired or not in use in the period,
    and areas declared without borders («uten registrert adresse»), count where they have
    figures and are not waited for where they have none.

    Raises `ValueError` for a frame of several levels or without the columns, and `UserError`
    where an area has two rows for the same keys.
    """
    level = _one_level(values, [*keys, *sums])
    lean = values.select("area", "status", *keys, *sums)
    named = _named(lean, register, level)
    _refuse_repeated(named, keys, level)
    parents = register.ancestor(level, to_level)
    placed = named.join(parents.rename({"code": "area"}), on="area", how="left")
    findings = _unmapped(placed, level, to_level, sums)
    waited = _waited_for(register, level, parents, placed, keys)
    summed = _summed(placed, waited, keys, sums)
    if absent == "missing":
        findings += _incomplete(summed, register, to_level)
        summed = summed.with_columns(
            pl.when("_lacking")
            .then(pl.max_horizontal("_rank", pl.lit(_MISSING)))
            .otherwise("_rank")
            .alias("_rank")
        )
    return _finished(summed, to_level, keys, sums), tuple(findings)


def _one_level(values: pl.DataFrame, needed: Sequence[str]) -> Level:
    lacking = [c for c in ("level", "area", "status", *needed) if c not in values.columns]
    if lacking:
        raise ValueError(f"columns are lacking: {', '.join(lacking)}")
    levels = values["level"].unique().to_list()
    if len(levels) != 1:
        raise ValueError(f"roll up one level at a time, not {levels}: adding two counts twice")
    return Level(levels[0])


def _named(values: pl.DataFrame, register: AreaRegister, level: Level) -> pl.DataFrame:
    areas = register.areas.filter(pl.col("level") == level.value)
    return values.join(areas.select("name", area="code"), on="area", how="left")


def _refuse_repeated(values: pl.DataFrame, keys: Sequence[str], level: Level) -> None:
    twice = values.filter(pl.struct("area", *keys).is_duplicated()).unique("area").sort("area")
    if twice.height:
        params = {"level": level.value}
        shown = examples_of(twice)
        raise UserError(
            Finding(
                "rollup_repeated",
                Severity.ERROR,
                params=params,
                count=twice.height,
                examples=shown,
            )
        )


def _waited_for(
    register: AreaRegister,
    level: Level,
    parents: pl.DataFrame,
    placed: pl.DataFrame,
    keys: Sequence[str],
) -> pl.DataFrame:
    """Return the children that each sum waits for: `parent_code`, `area`, maybe `period`.

    Not waited for: an area that its dates put outside the period, one that is declared retired
    without a date, and one that is declared without borders.
    """
    marked = register.marks.filter(pl.col("level") == level.value)
    dates = register.areas.filter(pl.col("level") == level.value).select(
        "valid_from", "valid_to", area="code"
    )
    children = parents.rename({"code": "area"}).join(dates, on="area")
    retired = marked.filter("retired")["code"].to_list()
    shapeless = marked.filter("shapeless")["code"].to_list()
    undated = pl.col("area").is_in(retired) & pl.col("valid_to").is_null()
    children = children.filter(~undated, ~pl.col("area").is_in(shapeless))
    if "period" not in keys:
        return children.select("parent_code", "area")
    spans = (
        placed.select("period")
        .unique()
        .with_columns(
            pl.col("period").map_elements(_first_day, pl.Date).alias("_start"),
            pl.col("period").map_elements(_last_day, pl.Date).alias("_end"),
        )
    )
    begun = (pl.col("valid_from") <= pl.col("_end")).fill_null(value=True)
    ended = (pl.col("valid_to") <= pl.col("_start")).fill_null(value=False)
    in_use = children.join(spans, how="cross").filter(begun, ~ended)
    return in_use.select("parent_code", "area", "period")


def _first_day(period: str) -> date | None:
    years = _years(period)
    return date(years[0], 1, 1) if years else None


def _last_day(period: str) -> date | None:
    years = _years(period)
    return date(years[1], 12, 31) if years else None


def _years(period: str) -> tuple[int, int] | None:
    try:
        parsed = Period.parse(period)
    except ValueError:
        return None
    return parsed.start, parsed.end


def _summed(
    placed: pl.DataFrame, waited: pl.DataFrame, keys: Sequence[str], sums: Sequence[str]
) -> pl.DataFrame:
    """Add up the children that have rows; `_lacking` tells that one waited for has none."""
    by_parent = [name for name in waited.columns if name != "area"]
    expected = waited.group_by(by_parent).agg(pl.len().alias("_expected"))
    known = waited.with_columns(pl.lit(value=True).alias("_waited"))
    rows = placed.filter(pl.col("parent_code").is_not_null()).join(
        known, on=waited.columns, how="left"
    )
    # Files go on listing areas that are no more, with blank cells. These say nothing of anybody.
    silent = pl.col("_waited").is_null() & (pl.col("status") == Status.MISSING.value)
    summed = (
        rows.filter(~silent)
        .group_by("parent_code", *keys, maintain_order=True)
        .agg(
            # A sum with a null in it is unknown, though Polars would call it the sum of the rest.
            *(pl.when(pl.col(c).null_count() == 0).then(pl.col(c).sum()).alias(c) for c in sums),
            pl.col("status").replace_strict(_RANKS, return_dtype=pl.Int64).max().alias("_rank"),
            pl.col("_waited").sum().alias("_present"),
        )
        .join(expected, on=by_parent, how="left")
    )
    lacking = pl.col("_present") < pl.col("_expected").fill_null(0)
    return summed.with_columns(lacking.alias("_lacking"))


def _finished(
    summed: pl.DataFrame, to_level: Level, keys: Sequence[str], sums: Sequence[str]
) -> pl.DataFrame:
    """Return statuses for ranks, and no sum where the status allows none."""
    with_value = [status.rank for status in WITH_VALUE]
    allowed = pl.col("_rank").is_in(with_value)
    return summed.select(
        pl.lit(to_level.value).alias("level"),
        pl.col("parent_code").alias("area"),
        *keys,
        *(pl.when(allowed).then(pl.col(c)).alias(c) for c in sums),
        pl.col("_rank").replace_strict(_STATUSES, return_dtype=pl.String).alias("status"),
    ).sort("area", *keys)


def _unmapped(
    placed: pl.DataFrame, level: Level, to_level: Level, sums: Sequence[str]
) -> list[Finding]:
    """Report areas that lie in no area of the level, and what they carry."""
    alone = placed.filter(pl.col("parent_code").is_null())
    if alone.is_empty():
        return []
    totals = {name: float(alone[name].sum() or 0.0) for name in sums}
    shown = ", ".join(f"{name}: {_shown(total)}" for name, total in totals.items())
    areas = alone.unique("area").sort("area")
    params = {"level": level.value, "to_level": to_level.value, "sums": shown}
    severity, examples = Severity.WARNING, examples_of(areas)
    return [
        Finding("rollup_unmapped", severity, params=params, count=areas.height, examples=examples)
    ]


def _shown(total: float) -> str:
    return f"< {_SMALL}" if 0 < total < _SMALL else f"{total:.10g}"


def _incomplete(summed: pl.DataFrame, register: AreaRegister, to_level: Level) -> list[Finding]:
    """Report sums that cannot be given because an area in them has no row."""
    lacking = summed.filter("_lacking")
    if lacking.is_empty():
        return []
    codes = lacking["parent_code"].unique().sort().head(_EXAMPLES)
    shown = tuple(f"{code} {register.name(to_level, code) or ''}".strip() for code in codes)
    params: Mapping[str, str] = {"to_level": to_level.value}
    severity = Severity.WARNING
    return [
        Finding("rollup_incomplete", severity, params=params, count=lacking.height, examples=shown)
    ]
