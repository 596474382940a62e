"""Counts as figures that can be protected: inside, the rest and the whole must add up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import polars as pl

from nabolag.core import Indicator, Kind, Level, Status, Unit, Worse, label_text
from nabolag.store import conform
from nabolag.store.frames import LINKS, OBSERVATIONS

#: What is counted, by the column of `COUNTS`, and as figures are called.
COUNTED: Final[Mapping[str, str]] = {
    "all": "allowance_every_household",
    "households": "allowance_households",
    "old": "allowance_within_old",
    "added": "allowance_added",
    "new": "allowance_within_new",
}
SIZE: Final = "household_size"
#: Codes of the two areas of one's own: the areas looked at, and the rest of the municipality.
INSIDE, REST = "allowance-inside", "allowance-rest"
SOURCE: Final = "registers"
#: Amounts are told of these levels alone.
_TOTALS: Final = (Level.CUSTOM.value, Level.KOMMUNE.value)


def indicators() -> dict[str, Indicator]:
    """Return what is counted as entries of a catalogue: the new are the old and those added."""
    made = {COUNTED["new"]: ((COUNTED["old"], COUNTED["added"]),)}
    return {
        name: Indicator(
            id=name,
            label=label_text(f"allowance.counted.{column}"),
            definition=label_text(f"allowance.counted.{column}"),
            unit=Unit.COUNT,
            kind=Kind.BACKGROUND,
            worse=Worse.NEITHER,
            ring="housing",
            made_of=made.get(name, ()),
        )
        for column, name in COUNTED.items()
    }


def grouping(
    level: str, inside: Iterable[str], whole: tuple[str, str], links: pl.DataFrame
) -> pl.DataFrame:
    """Return which areas each area of `level` in the municipality is counted in.

    Columns `code` (of `level`), `level` and `area`: inside or the rest, and the whole.
    """
    own = links.filter(
        pl.col("level") == level,
        pl.col("parent_level") == whole[0],
        pl.col("parent_code") == whole[1],
    )["code"].unique().sort()  # fmt: skip
    held = set(inside)
    rows = [
        (code, *place)
        for code in own
        for place in (
            (Level.CUSTOM.value, INSIDE if code in held else REST),
            whole,
        )
    ]
    return pl.DataFrame(rows, schema=["code", "level", "area"], orient="row")


def summed(counts: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Return counts by area, inside, the rest and the whole. `counts.group` is a code of places."""
    placed = counts.join(places, left_on="group", right_on="code")
    numbers = [name for name in counts.columns if name not in ("group", "size")]
    return placed.group_by("level", "area", "size").agg(pl.col(numbers).sum()).sort(
        "level", "area", "size", nulls_last=True
    )  # fmt: skip


def links_of(places: pl.DataFrame, level: str) -> pl.DataFrame:
    """Return which area lies in which, the two areas of one's own among them.

    `level` is that of the codes of `places`.
    """
    own = places.select(
        pl.lit(level).alias("level"), "code", parent_level="level", parent_code="area"
    )
    whole = own.filter(pl.col("parent_level") != Level.CUSTOM.value).row(0, named=True)
    between = (
        own.filter(pl.col("parent_level") == Level.CUSTOM.value)
        .select(level="parent_level", code="parent_code")
        .unique(maintain_order=True)
        .with_columns(
            parent_level=pl.lit(whole["parent_level"]), parent_code=pl.lit(whole["parent_code"])
        )
    )
    return conform(pl.concat([own, between]), LINKS)


def as_observations(tried: pl.DataFrame, counts: pl.DataFrame, year: int) -> pl.DataFrame:
    """Return counts as figures: each size asked for, their sum, and households of every size.

    `tried` has the sizes asked for and their sum (`of_sizes`), `counts` every size.
    """
    columns = [name for name in COUNTED if name != "all"]
    long = tried.unpivot(on=columns, index=["level", "area", "size"], variable_name="column")
    every = counts.group_by("level", "area", maintain_order=True).agg(
        size=pl.lit(None, pl.Int16), column=pl.lit("all"), value=pl.col("households").sum()
    )
    group = (
        pl.when(pl.col("size").is_null())
        .then(pl.lit(""))
        .otherwise(pl.format(f"{SIZE}={{}}", pl.col("size")))
    )
    figures = pl.concat([long, every.select(long.columns)]).select(
        "level",
        "area",
        pl.col("column").replace_strict(dict(COUNTED)).alias("indicator"),
        pl.lit(str(year)).alias("period"),
        group.alias("group"),
        pl.col("value").cast(pl.Float64),
        pl.lit(Status.VALUE.value).alias("status"),
        *(pl.lit("").alias(name) for name in ("reason", "mark", "geography")),
        pl.lit(SOURCE).alias("source"),
    )
    return conform(figures, OBSERVATIONS)


def paid_amounts(tried: pl.DataFrame, fewest: int) -> pl.DataFrame:
    """Return kroner a year before and after, inside, in the rest and in the whole.

    Columns `level`, `area`, `get_old`, `get_new`, `paid_old`, `paid_new`, in whole thousands. Both
    areas of one's own are hidden (null) where one of them has fewer than `fewest` who get it before
    or after, or who are new; the whole likewise.
    """
    whole = tried.filter(pl.col("size").is_null(), pl.col("level").is_in(_TOTALS))
    more = pl.col("get_new") - pl.col("get_old")
    few = pl.any_horizontal(
        one.is_between(1, fewest - 1) for one in (pl.col("get_old"), pl.col("get_new"), more)
    )
    hidden = few.any().over("level")
    numbers = ("get_old", "get_new", "paid_old", "paid_new")
    shown = [
        pl.when(~hidden).then(
            (pl.col(name) / 1000).round() * 1000 if name.startswith("paid") else pl.col(name)
        ).alias(name)
        for name in numbers
    ]  # fmt: skip
    return whole.select("level", "area", *shown)
