"""Indices by municipality: of criteria, of sectors and in all, with what is not known kept so."""

from __future__ import annotations

import polars as pl

from nabolag.allocation.need.model import NeedModel
from nabolag.core import Status, error

AREA, SECTOR, CRITERION = "area", "sector", "criterion"
#: What an index that something absent went into is called.
_MISSING = Status.MISSING.value
NUMBERS = ("index", "lower", "upper")


def criterion_indices(counts: pl.DataFrame) -> pl.DataFrame:
    """Return the index of each criterion: its count a head over the whole country's.

    `counts` has `area`, `criterion`, `count` and `people`; the country is all its rows. A count
    that is absent leaves the area's index unknown, and the country is then what is known.
    """
    _refuse_absent(counts, (AREA, CRITERION, "count", "people"))
    known = pl.col("count").is_not_null() & pl.col("people").is_not_null()
    whole = counts.filter(known).group_by(CRITERION).agg(
        (pl.col("count").sum() / pl.col("people").sum()).alias("_whole")
    )  # fmt: skip
    own = pl.col("count") / pl.col("people") / pl.col("_whole")
    return counts.join(whole, on=CRITERION, how="left").select(AREA, CRITERION, own.alias("index"))


def sector_indices(criteria: pl.DataFrame, model: NeedModel) -> pl.DataFrame:
    """Return the index of each sector that has a key.

    `criteria` has `area`, `criterion` and `index`, and may have `lower`, `upper` and `status`. A
    criterion that an area lacks makes the sector's index unknown there (`status`), its bounds too
    unless the criterion has bounds.
    """
    _refuse_absent(criteria, (AREA, CRITERION, "index"))
    rows = [
        {SECTOR: sector, CRITERION: criterion, "weight": weight}
        for sector, key in model.keys.items()
        for criterion, weight in key.items()
    ]
    weights = pl.DataFrame(rows, schema={SECTOR: pl.String, CRITERION: pl.String,
                                         "weight": pl.Float64})  # fmt: skip
    return _weighted(criteria, weights, CRITERION, [AREA, SECTOR])


def total_index(sectors: pl.DataFrame, model: NeedModel) -> pl.DataFrame:
    """Return the total for each area, from sector indices (columns as `sector_indices` returns)."""
    _refuse_absent(sectors, (AREA, SECTOR, "index"))
    weights = pl.DataFrame(
        {SECTOR: list(model.sectors), "weight": list(model.sectors.values())},
        schema={SECTOR: pl.String, "weight": pl.Float64},
    )
    return _weighted(sectors, weights, SECTOR, [AREA])


def need_index(criteria: pl.DataFrame, model: NeedModel) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return sector indices and totals from criteria. Raises where a sector has no key."""
    without = [sector for sector in model.sectors if sector not in model.keys]
    if without:
        raise error("need_keys_absent", sectors=", ".join(without))
    sectors = sector_indices(criteria, model)
    return sectors, total_index(sectors, model)


def equalisation(total: pl.DataFrame, people: pl.DataFrame, need_a_head: float) -> pl.DataFrame:
    """Return what expenditure equalisation moves: (index − 1) × need a head × people.

    The principle (utgiftsutjamning): those above the country get what those below give. It sums to
    nothing where the index is weighted by people to 1. `people` has `area` and `people`. An area
    without an index keeps an unknown amount.
    """
    _refuse_absent(people, (AREA, "people"))
    moved = (pl.col("index") - 1) * need_a_head * pl.col("people")
    return total.join(people, on=AREA, how="left").with_columns(moved.alias("kroner"))


def _weighted(given: pl.DataFrame, weights: pl.DataFrame, by: str, keys: list[str]) -> pl.DataFrame:
    """Return Σ weight × index by the keys; every area meets every weight, so nothing falls out."""
    areas = given.select(AREA).unique(maintain_order=True)
    wanted = areas.join(weights, how="cross")
    held = wanted.join(_with_bounds(given), on=[AREA, by], how="left", maintain_order="left")
    summed = [
        pl.when(pl.col(name).is_null().any())
        .then(None)
        .otherwise((pl.col(name) * pl.col("weight")).sum())
        .alias(name)
        for name in NUMBERS
    ]
    absent = pl.col(by).filter(pl.col("index").is_null()).sort().str.join(", ").alias("absent")
    found = held.group_by(keys, maintain_order=True).agg(*summed, _status(), absent)
    return found.with_columns(pl.col("absent").fill_null(""))


def _with_bounds(given: pl.DataFrame) -> pl.DataFrame:
    """Return the figures with bounds (the number itself where it is known) and a status."""
    own = [name for name in (AREA, CRITERION, SECTOR) if name in given.columns]
    bounds = [
        pl.coalesce(pl.col("index"), pl.col(name)).alias(name)
        if name in given.columns
        else pl.col("index").alias(name)
        for name in ("lower", "upper")
    ]
    status = (
        pl.col("status")
        if "status" in given.columns
        else pl.when(pl.col("index").is_null()).then(pl.lit(_MISSING)).otherwise(pl.lit("value"))
    )
    return given.select(*own, "index", *bounds, status.alias("status"))


def _status() -> pl.Expr:
    """Return the strongest status of the parts; one that is not there at all is missing."""
    ranks = {status.value: status.rank for status in Status}
    back = {status.rank: status.value for status in Status}
    rank = pl.col("status").fill_null(_MISSING).replace_strict(ranks, return_dtype=pl.Int64)
    return rank.max().replace_strict(back, return_dtype=pl.String).alias("status")


def _refuse_absent(table: pl.DataFrame, wanted: tuple[str, ...]) -> None:
    absent = [name for name in wanted if name not in table.columns]
    if absent:
        raise error("need_columns", absent=", ".join(absent), known=", ".join(wanted))
    key = [name for name in wanted if name in (AREA, SECTOR, CRITERION)]
    if table.select(key).is_duplicated().any():
        twice = table.filter(table.select(key).is_duplicated()).row(0, named=True)
        raise error("need_repeated", what=" · ".join(str(twice[name]) for name in key))
