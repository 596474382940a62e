"""What does not hold in an account of changes, told as findings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import polars as pl

from nabolag.core import Finding, Severity
from nabolag.geography.dated.areas import DatedAreas, shown

_EXAMPLES = 8
_TOLERANCE = 1e-9
_WARNING, _INFO = Severity.WARNING, Severity.INFO


def change_findings(given: pl.DataFrame, once: pl.DataFrame, areas: DatedAreas) -> list[Finding]:
    """Return everything that is odd about changes: repetitions, shares, rings, gaps.

    `given` are the rows as they came, `once` without repetitions. The lists in `areas` say which
    codes were in use; without lists, what needs them is not checked.
    """
    found = [*_repeated(given, once), *_shares(once), *_exchanged(once)]
    if not areas.is_empty:
        found += [*_unknown(once, areas), *_gaps(once, areas)]
    return found


def _repeated(given: pl.DataFrame, once: pl.DataFrame) -> Iterator[Finding]:
    key = ["level", "from_code", "to_code", "date"]
    again = given.filter(pl.struct(key).is_duplicated()).unique(key, maintain_order=True)
    if given.height > once.height:
        yield _about("changes_repeated", _INFO, again, count=given.height - once.height)


def _shares(once: pl.DataFrame) -> Iterator[Finding]:
    """Report areas that give away more than all their people, and shares that are none."""
    sums = once.group_by("level", "date", "from_code", maintain_order=True).agg(
        pl.col("share").sum(), pl.col("from_name").first(), pl.col("share").min().alias("least")
    )
    wrong = sums.filter((pl.col("share") > 1 + _TOLERANCE) | (pl.col("least") < 0))
    if wrong.height:
        yield _about("changes_share", Severity.ERROR, wrong)


def _exchanged(once: pl.DataFrame) -> Iterator[Finding]:
    """Report rings on one day (A to B and B to A) for which nobody says how much moved."""
    other = once.select(
        "level", "date", from_code="to_code", to_code="from_code", _back=pl.lit(value=True)
    )
    apart = pl.col("from_code") != pl.col("to_code")
    ring = once.filter(apart, pl.col("share").is_null()).join(
        other, on=["level", "date", "from_code", "to_code"], how="semi"
    )
    if ring.height:
        yield _about("changes_ring", _WARNING, ring)


def _unknown(once: pl.DataFrame, areas: DatedAreas) -> Iterator[Finding]:
    """Report codes that the lists do not have in use on their side of the day."""
    for side, name, code in (
        ("from_code", "from_name", "changes_unknown_from"),
        ("to_code", "to_name", "changes_unknown_to"),
    ):
        back = timedelta(days=1 if side == "from_code" else 0)
        asked = once.filter(pl.col(side) != "").with_columns((pl.col("date") - back).alias("_on"))
        held = asked.join(
            areas.codes.select("level", "valid_from", "valid_to", _code="code"),
            left_on=["level", side],
            right_on=["level", "_code"],
        ).filter(
            (pl.col("valid_from") <= pl.col("_on")).fill_null(value=True),
            (pl.col("valid_to") > pl.col("_on")).fill_null(value=True),
        )
        lost = asked.join(held, on=["level", "date", "from_code", "to_code"], how="anti")
        covered = lost.filter(pl.col("level").is_in(areas.codes["level"].unique().to_list()))
        if covered.height:
            yield _about(code, _WARNING, covered, side, name)


def _gaps(once: pl.DataFrame, areas: DatedAreas) -> Iterator[Finding]:
    """Report codes that the lists give up or begin, of which no change tells, in its own time."""
    if once.is_empty():
        return
    levels = pl.col("level").is_in(once["level"].unique().to_list())
    first = once["date"].min()
    spells = areas.codes.filter(levels, pl.col("known_to").is_null())
    for side, name, day, again, code in (
        ("from_code", "from_name", "valid_to", "valid_from", "changes_gap"),
        ("to_code", "to_name", "valid_from", "valid_to", "changes_unborn"),
    ):
        ends = spells.filter(pl.col(day).is_not_null(), pl.col(day) >= first)
        # A spell that the next one follows on the day is the same area under another name.
        goes_on = ends.join(
            spells.select("level", "code", pl.col(again).alias(day)),
            on=["level", "code", day],
            how="anti",
        )
        told = once.select("level", pl.col(side).alias("code"), pl.col("date").alias(day))
        lost = goes_on.join(told, on=["level", "code", day], how="anti")
        if lost.height:
            renamed = lost.rename({"code": side, "name": name})
            yield _about(code, _WARNING, renamed, side, name)


def _about(
    code: str,
    severity: Severity,
    rows: pl.DataFrame,
    column: str = "from_code",
    name: str = "from_name",
    count: int | None = None,
) -> Finding:
    params = {"level": ", ".join(rows["level"].unique(maintain_order=True).to_list())}
    examples = shown(rows, column, name)
    return Finding(code, severity, params=params, count=count or rows.height, examples=examples)
