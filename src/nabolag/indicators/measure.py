"""From delivered cells to the figures of one binding: sums over categories, then quotients."""

from __future__ import annotations

import polars as pl

from nabolag.core import Indicator, Status, Unit
from nabolag.core.columns import CELLS
from nabolag.indicators.binding import BindingSpec, Part
from nabolag.indicators.figures import ratio_rank
from nabolag.store.statuses import (
    MISSING,
    VALUE,
    known,
    only_known,
    rank_of,
    stronger,
    suppressed,
)

KEY = ("level", "area", "period", "group")
_PLACE = ("level", "area", "period")
_OWN = "own:"
#: The numbers of a figure, each with the rank of its own status.
AMOUNTS = {"value": "rank", "numerator": "numerator_rank", "denominator": "denominator_rank"}
#: What one step hands the next: a figure, what it is made of, and what the producer marked.
FIGURES: dict[str, pl.DataType] = {
    **dict.fromkeys(KEY, pl.String()),
    "value": pl.Float64(),
    "rank": pl.Int64(),
    "numerator": pl.Float64(),
    "numerator_rank": pl.Int64(),
    "denominator": pl.Float64(),
    "denominator_rank": pl.Int64(),
    "mark": pl.String(),
}


def dimensions(cells: pl.DataFrame) -> list[str]:
    """Return the names of the source's own dimensions."""
    return [name for name in cells.columns if name not in CELLS]


def chosen_cells(measured: pl.DataFrame, part: Part) -> pl.DataFrame:
    """Return the cells of the categories that a part names."""
    for name, values in part.where.items():
        measured = measured.filter(pl.col(name).is_in(values))
    return measured


def _own_apart(cells: pl.DataFrame) -> pl.DataFrame:
    """Rename the source's dimensions, so that none of them meets a column of ours."""
    return cells.rename({name: _OWN + name for name in dimensions(cells)})


def factor(indicator: Indicator) -> float:
    """Return what a quotient is multiplied by: a rate is per 1 000."""
    return 1000.0 if indicator.unit is Unit.RATE else 1.0


def figures(cells: pl.DataFrame, binding: BindingSpec, indicator: Indicator) -> pl.DataFrame:
    """Return the figures of a binding as delivered, one row a key, schema `FIGURES`."""
    cells = _at_levels(cells, binding)
    sums = {name: part_sums(cells, part, binding) for name, part in binding.parts.items()}
    keys = pl.concat([frame.select(KEY) for frame in sums.values()]).unique(maintain_order=True)
    wide = keys
    for name, frame in sums.items():
        renamed = frame.rename({"amount": name, "rank": f"{name}_rank", "mark": f"{name}_mark"})
        wide = wide.join(renamed, on=KEY, how="left").with_columns(
            pl.col(f"{name}_rank").fill_null(MISSING)
        )
    return _combined(wide, binding, indicator)


def _at_levels(cells: pl.DataFrame, binding: BindingSpec) -> pl.DataFrame:
    """Return the cells of the levels that the binding uses."""
    if not binding.levels:
        return cells
    return cells.filter(pl.col("level").is_in([level.value for level in binding.levels]))


def contributed(cells: pl.DataFrame, binding: BindingSpec) -> pl.DataFrame:
    """Return what each contributor has of a binding's amounts: KEY, contributor, amount.

    A contributor without a name is one of its own. Rows without a number are left out: the figure
    that they are part of has none either.
    """
    part = binding.summed
    measured = _at_levels(cells, binding).filter(pl.col("measure") == part.measure)
    chosen = _own_apart(chosen_cells(measured, part)).with_columns(_group(binding))
    scale = binding.scale if binding.is_value_alone else 1.0
    named = chosen.filter(known(rank_of()) & pl.col("value").is_finite()).select(
        *KEY,
        pl.col(_OWN + binding.contributors).fill_null("").alias("contributor"),
        (pl.col("value") * scale).alias("amount"),
    )
    return named.group_by(*KEY, "contributor", maintain_order=True).agg(pl.col("amount").sum())


def part_sums(cells: pl.DataFrame, part: Part, binding: BindingSpec) -> pl.DataFrame:
    """Sum one part over its free dimensions: KEY, amount, rank, mark."""
    measured = cells.filter(pl.col("measure") == part.measure)
    chosen = _own_apart(chosen_cells(measured, part)).with_columns(_group(binding))
    if binding.blank == "zero":
        chosen = _blank_as_zero(chosen)
    sound = pl.col("value").is_not_null() & pl.col("value").is_not_nan()
    rank = rank_of()
    chosen = chosen.with_columns(
        pl.when(known(rank) & ~sound).then(MISSING).otherwise(rank).alias("rank")
    )
    summed = chosen.group_by(KEY, maintain_order=True).agg(
        pl.col("value").sum().alias("amount"),
        pl.col("rank").max(),
        pl.len().alias("cells"),
        pl.col("mark").filter(pl.col("mark") != "").unique(maintain_order=True).str.join(" "),
    )
    return _with_absent(_domain(measured, chosen), summed, _categories(chosen, binding), binding)


def is_blank() -> pl.Expr:
    """Tell which cells are empty: missing, and without a mark."""
    return (pl.col("status") == Status.MISSING.value) & (pl.col("mark").fill_null("") == "")


def _blank_as_zero(cells: pl.DataFrame) -> pl.DataFrame:
    """Read empty cells as nobody, where the binding declares that they are."""
    return cells.with_columns(
        pl.when(is_blank()).then(0.0).otherwise(pl.col("value")).alias("value"),
        pl.when(is_blank())
        .then(pl.lit(Status.VALUE.value))
        .otherwise(pl.col("status"))
        .alias("status"),
    )


def _group(binding: BindingSpec) -> pl.Expr:
    """`name=value` of the kept dimensions, sorted by name; everybody is the empty text."""
    parts = [
        pl.when(pl.col(_OWN + name) != binding.everybody.get(name, ""))
        .then(pl.concat_str(pl.lit(f"{name}="), pl.col(_OWN + name)))
        .otherwise(None)
        for name in sorted(binding.groups)
    ]
    if not parts:
        return pl.lit("").alias("group")
    return pl.concat_str(parts, separator=";", ignore_nulls=True).fill_null("").alias("group")


def _domain(measured: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
    """Every place and period the file speaks of in this measure, with the groups seen there."""
    places = measured.select(_PLACE).unique(maintain_order=True)
    groups = chosen.select("level", "period", "group").unique(maintain_order=True)
    return places.join(groups, on=["level", "period"], how="inner").select(KEY)


def _categories(chosen: pl.DataFrame, binding: BindingSpec) -> pl.DataFrame:
    """How many categories the file has for a level, period and group, whatever the area."""
    own = [name for name in chosen.columns if name.startswith(_OWN)]
    free = [name for name in own if name.removeprefix(_OWN) not in binding.groups]
    where = ["level", "period", "group"]
    return chosen.select(*where, *free).unique().group_by(where).agg(pl.len().alias("categories"))


def _with_absent(
    domain: pl.DataFrame, summed: pl.DataFrame, categories: pl.DataFrame, binding: BindingSpec
) -> pl.DataFrame:
    """Give each key of the domain its sum; a category without a cell is what `absent` says."""
    joined = domain.join(summed, on=KEY, how="left").join(
        categories, on=["level", "period", "group"], how="left"
    )
    lacking = pl.col("cells").fill_null(0) < pl.col("categories")
    strength = VALUE if binding.absent == "zero" else MISSING
    rank = pl.max_horizontal(
        pl.col("rank").fill_null(VALUE), pl.when(lacking).then(strength).otherwise(VALUE)
    ).cast(pl.Int64)
    return joined.with_columns(rank.alias("rank")).select(
        *KEY,
        only_known(pl.col("amount").fill_null(0.0), pl.col("rank")).alias("amount"),
        "rank",
        pl.col("mark").fill_null(""),
    )


def _combined(wide: pl.DataFrame, binding: BindingSpec, indicator: Indicator) -> pl.DataFrame:
    """Make value, numerator and denominator of what the file gives."""
    given = set(binding.parts)
    if "value" in given:
        wide = wide.with_columns(pl.col("value") * binding.scale)
    if {"numerator", "denominator"} <= given:
        wide = _quotient(wide, indicator)
    elif {"value", "denominator"} <= given:
        wide = _weighted(wide, indicator)
    elif is_sum(binding, indicator) and indicator.unit is not Unit.COUNT:
        # The amount stands as what it is a sum of: that can be subtracted from other sums.
        wide = wide.with_columns(numerator=pl.col("value"), numerator_rank=pl.col("value_rank"))
    wide = wide.rename({"value_rank": "rank"})
    marks = [pl.col(f"{name}_mark") for name in binding.parts]
    mark = pl.concat_list(marks).list.unique(maintain_order=True)
    mark = mark.list.eval(pl.element().filter(pl.element() != "")).list.join(" ").alias("mark")
    return wide.with_columns(mark).select(
        (pl.col(name) if name in wide.columns or name == "mark" else pl.lit(None))
        .cast(kind)
        .alias(name)
        for name, kind in FIGURES.items()
    )


def _quotient(wide: pl.DataFrame, indicator: Indicator) -> pl.DataFrame:
    """Divide. A value that the file also gives is compared elsewhere and not used.

    Where the producer hides that value, the quotient is hidden too, and so is every sum of it.
    """
    if "value_rank" in wide.columns:
        hidden = pl.when(suppressed("value_rank")).then(pl.col("value_rank")).otherwise(VALUE)
        strengthened = pl.max_horizontal("numerator_rank", hidden).cast(pl.Int64)
        wide = wide.with_columns(strengthened.alias("numerator_rank"))
    rank = ratio_rank("denominator", "numerator_rank", "denominator_rank")
    wide = wide.with_columns(rank.alias("value_rank"))
    quotient = pl.col("numerator") / pl.col("denominator") * factor(indicator)
    return wide.with_columns(only_known(quotient, pl.col("value_rank")).alias("value"))


def _weighted(wide: pl.DataFrame, indicator: Indicator) -> pl.DataFrame:
    """Rebuild the numerator of a mean from the mean and how many it is a mean of."""
    nobody = known("denominator_rank") & (pl.col("denominator") == 0)
    product = pl.col("value") * pl.col("denominator") / factor(indicator)
    rank = pl.when(nobody).then(VALUE).otherwise(stronger("value_rank", "denominator_rank"))
    wide = wide.with_columns(rank.cast(pl.Int64).alias("numerator_rank"))
    amount = pl.when(nobody).then(0.0).otherwise(product)
    return wide.with_columns(only_known(amount, pl.col("numerator_rank")).alias("numerator"))


def is_sum(binding: BindingSpec, indicator: Indicator) -> bool:
    """Tell whether the value itself is a sum: a count, or kroner of contributors."""
    amount = bool(binding.contributors) and binding.is_value_alone and indicator.unit is Unit.NOK
    return indicator.unit is Unit.COUNT or amount


def is_summable(binding: BindingSpec, indicator: Indicator) -> bool:
    """Tell whether figures of a binding can be re-aggregated to larger areas."""
    return is_sum(binding, indicator) or binding.denominator is not None
