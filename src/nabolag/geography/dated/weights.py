"""How many people of a divided area went where: counted, worked out, or not known."""

from __future__ import annotations

from datetime import date

import polars as pl

from nabolag.geography.dated.areas import DatedAreas
from nabolag.geography.dated.crosswalk import Basis
from nabolag.geography.dated.frames import valid_on

_SOURCE = ["level", "from_code"]
_TARGET = ["level", "to_code"]


def people_on(population: pl.DataFrame, day: date, *, exact: bool = False) -> pl.DataFrame:
    """Return how many lived in each area nearest to a day (`level`, `code`, `persons`).

    The year of the day where the code has one, else – unless `exact` – the nearest year, the
    earlier of two.
    """
    far = (pl.col("year") - day.year).abs()
    nearest = population.with_columns(far.alias("_far")).sort("_far", "year")
    if exact:
        nearest = nearest.filter(pl.col("_far") == 0)
    return nearest.unique(["level", "code"], keep="first").select("level", "code", "persons")


def with_weights(
    moves: pl.DataFrame,
    areas: DatedAreas,
    population: pl.DataFrame,
    held: pl.DataFrame,
    day: date,
) -> pl.DataFrame:
    """Return the moves of a day with `weight` and `basis`; weights of each old area sum to 1.

    `held` are the codes in use until the day (`level`, `code`).

    For an area that goes to one, the weight is 1. For a divided one, in this order:

    1. the shares that the changes give, the rest to the row without a share, or to the area
       itself where no row is left (`given`);
    2. the people of the new areas, less those who came whole from other old areas
       (`population`), where all of it is known and nothing is below 0;
    3. equal parts (`equal`).
    """
    kept = _with_rest(moves, areas, day)
    n = pl.len().over(_SOURCE)
    given = pl.col("share").fill_null(0.0).sum().over(_SOURCE)
    unsaid = pl.col("share").null_count().over(_SOURCE)
    rest = (1 - given) / unsaid
    by_share = pl.coalesce("share", rest)
    counted = _by_people(kept, population, held, day)
    people = pl.col("_people")
    whole = people.sum().over(_SOURCE)
    known = people.is_not_null().all().over(_SOURCE) & (people >= 0).all().over(_SOURCE)
    said = unsaid < n
    weight = (
        pl.when(n == 1).then(1.0)
        .when(said).then(by_share)
        .when(known & (whole > 0)).then(people / whole)
        .otherwise(1 / n)
    )  # fmt: skip
    basis = (
        pl.when(n == 1).then(pl.lit(Basis.WHOLE.value))
        .when(said).then(pl.lit(Basis.PARTS.value))
        .when(known & (whole > 0)).then(pl.lit(Basis.POPULATION.value))
        .otherwise(pl.lit(Basis.EQUAL.value))
    )  # fmt: skip
    return counted.with_columns(weight.alias("weight"), basis.alias("basis"))


def _with_rest(moves: pl.DataFrame, areas: DatedAreas, day: date) -> pl.DataFrame:
    """Add the row of an area that goes on after it gave away a part."""
    stays = moves.filter(pl.col("from_code") == pl.col("to_code")).select(_SOURCE)
    others = moves.join(stays, on=_SOURCE, how="anti")
    sums = others.group_by(_SOURCE, maintain_order=True).agg(
        pl.col("share").sum().alias("_gone"),
        pl.col("share").null_count().alias("_unsaid"),
        pl.col("from_name").first(),
    )
    partly = (pl.col("_unsaid") == 0) & (pl.col("_gone") < 1 - 1e-9)
    listed = areas.codes.filter(valid_on(day), pl.col("known_to").is_null())
    reborn = moves.select(level="level", code="to_code").unique()
    # A code that other areas become on the same day is not the old area going on.
    on = listed.join(reborn, on=["level", "code"], how="anti").select("level", from_code="code")
    goes_on = sums.join(on, on=_SOURCE, how="semi")
    left = pl.concat([sums.filter(partly), goes_on]).unique(_SOURCE, maintain_order=True)
    rest = left.select(
        "level", "from_code", "from_name", to_code="from_code", to_name="from_name",
        date=pl.lit(day), share=pl.lit(None, pl.Float64), known_from=pl.lit(None, pl.Date),
        kind=pl.lit("transferred"),
    )  # fmt: skip
    return pl.concat([moves, rest.select(moves.columns)])


def _by_people(
    moves: pl.DataFrame, population: pl.DataFrame, held: pl.DataFrame, day: date
) -> pl.DataFrame:
    """Add `_people`: how many of the divided area's people each new area holds.

    A new area that got people from this one alone holds what it holds, in the year nearest to
    the day. One that is also made of whole others – or was there before – holds the rest of its
    people, where both years are counted. One that two divided areas share says nothing.
    """
    divided = moves.with_columns((pl.len().over(_SOURCE) > 1).alias("_divided"))
    before = people_on(population, date(day.year - 1, 1, 1), exact=True)
    went = moves.select("level", code="from_code")
    stayed = held.join(went, on=["level", "code"], how="anti").select(
        "level", to_code="code", from_code="code", _divided=pl.lit(value=False)
    )
    parts = pl.concat([divided.select(*_TARGET, "from_code", "_divided"), stayed]).join(
        before.rename({"code": "from_code", "persons": "_before"}), on=_SOURCE, how="left"
    )
    whole = ~pl.col("_divided")
    made = parts.group_by(_TARGET).agg(
        whole.sum().alias("_others"),
        pl.col("_before").filter(whole).sum().alias("_brought"),
        pl.col("_before").filter(whole).null_count().alias("_unknown"),
        pl.col("_divided").sum().alias("_sharing"),
    )
    joined = divided.join(made, on=_TARGET, how="left", maintain_order="left")
    for name, exact in (("_nearest", False), ("_exact", True)):
        after = people_on(population, day, exact=exact).rename({"code": "to_code", "persons": name})
        joined = joined.join(after, on=_TARGET, how="left", maintain_order="left")
    rest = pl.when(pl.col("_unknown") == 0).then(pl.col("_exact") - pl.col("_brought"))
    people = pl.when(pl.col("_others") == 0).then(pl.col("_nearest")).otherwise(rest)
    found = pl.when(pl.col("_divided"), pl.col("_sharing") == 1).then(people)
    return joined.with_columns(found.alias("_people")).select(*moves.columns, "_people")


def weights_from_parts(parts: pl.DataFrame) -> pl.DataFrame:
    """Return weights counted in smaller areas: `level`, `from_code`, `to_code`, `weight`, `basis`.

    `parts` holds one row a small area (`level` of the larger, `from_code`, `to_code`,
    `persons`). An area in which nobody lives is divided by equal parts of its small areas.
    """
    pairs = parts.group_by("level", "from_code", "to_code", maintain_order=True).agg(
        pl.col("persons").sum(), pl.len().alias("_n")
    )
    people, n = pl.col("persons").sum().over(_SOURCE), pl.col("_n").sum().over(_SOURCE)
    counted = people > 0
    weight = pl.when(counted).then(pl.col("persons") / people).otherwise(pl.col("_n") / n)
    basis = pl.when(counted).then(pl.lit(Basis.PARTS.value)).otherwise(pl.lit(Basis.EQUAL.value))
    return pairs.select(
        "level", "from_code", "to_code", weight.alias("weight"), basis.alias("basis")
    )
