"""A crosswalk between any two days, made of every change between them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl

from nabolag.core import Finding, Severity
from nabolag.geography.dated.areas import DatedAreas
from nabolag.geography.dated.changes import Changes
from nabolag.geography.dated.crosswalk import (
    Basis,
    Crosswalk,
    about,
    bounded,
    guesses,
    weight_findings,
)
from nabolag.geography.dated.frames import POPULATION, day_of
from nabolag.geography.dated.weights import people_on, with_weights
from nabolag.store import empty

#: The days between two changes are all one: a step leads from one such time to the next.
_ON_THE_WAY = ""


def crosswalk_between(
    areas: DatedAreas,
    changes: Changes,
    from_geography: str,
    to_geography: str,
    population: pl.DataFrame | None = None,
) -> Crosswalk:
    """Return the way from the borders of one year to those of another, older or newer.

    `areas` says which codes there are at the start; without lists, those that changes and
    `population` name. Each day of changes is one step; the steps are composed. A code that is
    not mentioned on a day goes on as it is – if the lists agree; a level that no change speaks of
    is not in the result. `population` (columns of
    `frames.POPULATION`) gives the weights of divided areas; `weights.with_weights` says how.
    Going back in time is the way ahead turned round, with the people of each old area.
    """
    start, end = day_of(from_geography), day_of(to_geography)
    people = population if population is not None else empty(POPULATION)
    if start <= end:
        return _ahead(areas, changes, (from_geography, start), (to_geography, end), people)
    ahead = _ahead(areas, changes, (to_geography, end), (from_geography, start), people)
    if ahead.table.is_empty():
        return replace(ahead, to_geography=to_geography)
    return ahead.inverse(people_on(people, end))


def _ahead(
    areas: DatedAreas,
    changes: Changes,
    start: tuple[str, date],
    end: tuple[str, date],
    people: pl.DataFrame,
) -> Crosswalk:
    way = replace(_standing(areas, changes, start, end[1]), to_geography=_ON_THE_WAY)
    findings: list[Finding] = []
    for day in sorted(set(changes.between(start[1], end[1])["date"].to_list())):
        rows = changes.table.filter(pl.col("date") == day)
        step, told = step_on(rows, areas, people, _held(way), day)
        findings += told
        way = way.then(step)
    findings += _ends(way, areas, end[1])
    return Crosswalk(way.table, end[0], (*changes.findings, *findings))


def _held(way: Crosswalk) -> pl.DataFrame:
    return way.table.select("level", code="to_code").unique()


def _standing(areas: DatedAreas, changes: Changes, start: tuple[str, date], end: date) -> Crosswalk:
    """Return the codes there are at the start, each leading to itself."""
    told = pl.col("level").is_in(changes.table["level"].unique().to_list())
    codes = areas.at(start[1]).filter(told).select("level", "code")
    listed = codes["level"].unique().to_list()
    # Without a list of its level, a code that a later change gives up is taken to exist now,
    # unless something came to be it in between.
    after = changes.between(start[1], end).filter(~pl.col("level").is_in(listed))
    gone = (
        after.filter(pl.col("from_code") != "")
        .group_by("level", code="from_code")
        .agg(pl.col("date").min())
    )
    made = (
        after.filter(pl.col("to_code") != pl.col("from_code"))
        .group_by("level", code="to_code")
        .agg(_made=pl.col("date").min())
    )
    old = gone.join(made, on=["level", "code"], how="left").filter(
        pl.col("_made").is_null() | (pl.col("_made") >= pl.col("date"))
    )
    return identity(pl.concat([codes, old.select("level", "code")]), start[0])


def identity(codes: pl.DataFrame, geography: str) -> Crosswalk:
    """Return a crosswalk in which every area (`level`, `code`) is itself."""
    pairs = codes.unique().select(
        pl.lit(geography).alias("geography"), "level", from_code="code", to_code="code",
        weight=pl.lit(1.0), basis=pl.lit(Basis.WHOLE.value),
    )  # fmt: skip
    return Crosswalk(bounded(pairs), geography)


def step_on(
    rows: pl.DataFrame, areas: DatedAreas, people: pl.DataFrame, held: pl.DataFrame, day: date
) -> tuple[Crosswalk, list[Finding]]:
    """Return what one day of changes does to the codes `held` (`level`, `code`), with findings.

    An area that gives away a part keeps the rest: where the shares leave something over, or the
    lists say that it goes on.
    """
    moves = rows.filter(pl.col("from_code") != "", pl.col("to_code") != "")
    weighted = with_weights(moves, areas, people, held, day).join(
        held.select("level", from_code="code"), on=["level", "from_code"], how="semi"
    )
    dated = weighted.with_columns(geography=pl.lit(str(day)))
    told = [*weight_findings(dated), *guesses(dated)]
    went = weighted.select("level", code="from_code")
    still = held.join(went, on=["level", "code"], how="anti")
    pairs = weighted.select(
        pl.lit(_ON_THE_WAY).alias("geography"),
        "level", "from_code", "to_code", "weight", "basis",
    )  # fmt: skip
    table = pl.concat([identity(still, _ON_THE_WAY).table, bounded(pairs)])
    return Crosswalk(table, _ON_THE_WAY), told


def _ends(way: Crosswalk, areas: DatedAreas, end: date) -> list[Finding]:
    """Report codes that the way leads to and the lists do not have at its end."""
    there = areas.at(end)
    listed = way.table.filter(pl.col("level").is_in(there["level"].unique().to_list()))
    lost = listed.join(there.select("level", to_code="code"), on=["level", "to_code"], how="anti")
    return [about("crosswalk_stranded", Severity.WARNING, lost, "to_code")] if lost.height else []
