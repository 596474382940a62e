"""Changes of borders and codes: what became what, and whether the account of it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

import polars as pl

from nabolag.core import Finding, Level
from nabolag.geography.dated.areas import DatedAreas, no_areas
from nabolag.geography.dated.frames import CHANGES
from nabolag.geography.dated.validate import change_findings
from nabolag.store import conform, empty


class ChangeKind(StrEnum):
    """What happened to an area."""

    RENAMED = "renamed"
    RENUMBERED = "renumbered"
    MERGED = "merged"
    SPLIT = "split"
    TRANSFERRED = "transferred"
    CREATED = "created"
    ENDED = "ended"


@dataclass(frozen=True)
class Changes:
    """Every change that is known, in the order of its day (columns of `frames.CHANGES` + `kind`).

    All changes of one day happen at once: old codes stand on the left, new codes on the right,
    so that two areas may exchange codes. `findings` tell what does not hold together.
    """

    table: pl.DataFrame
    findings: tuple[Finding, ...] = ()

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The days on which something changed, the first one first."""
        return tuple(self.table["date"].unique().sort().to_list())

    def between(self, after: date, until: date) -> pl.DataFrame:
        """Return what changed after one day, up to and with another."""
        return self.table.filter(pl.col("date") > after, pl.col("date") <= until)

    def known_at(self, day: date) -> Changes:
        """Return only what was known on a day: what the register could say then."""
        held = (pl.col("known_from") <= day).fill_null(value=True)
        return Changes(self.table.filter(held), self.findings)

    def history(self, level: Level, code: str) -> pl.DataFrame:
        """Return every change in the life of an area, before and after it had this code."""
        own = self.table.filter(pl.col("level") == level.value)
        back = _followed(own, code, earlier=True)
        ahead = _followed(own, code, earlier=False)
        return (
            pl.concat([back, ahead])
            .unique(maintain_order=True)
            .sort("date", "from_code", "to_code")
        )

    def identities(self, level: Level) -> dict[str, str]:
        """Return for each code the code that the same area has last.

        Only renumbering keeps an area the same. A merger, a split and a transfer make others.
        """
        same = self.table.filter(
            pl.col("level") == level.value, pl.col("kind") == ChangeKind.RENUMBERED.value
        ).sort("date")
        last: dict[str, str] = {}
        for old, new in same.select("from_code", "to_code").iter_rows():
            last = {code: new if now == old else now for code, now in last.items()}
            last[old] = new
        return last


def changes_of(table: pl.DataFrame, areas: DatedAreas | None = None) -> Changes:
    """Return checked changes out of a frame with `level`, `from_code`, `to_code` and `date`.

    With `areas`, every code must be in use on its side of the day, and every code that the lists
    give up must be accounted for. Nothing is left out but repetitions; findings tell the rest.
    """
    lists = areas or no_areas()
    frame = conform(table, CHANGES).with_columns(
        pl.col("from_code", "to_code", "from_name", "to_name").fill_null("")
    )
    key = ["level", "from_code", "to_code", "date"]
    once = frame.unique(key, keep="first", maintain_order=True).sort(key)
    kinds = _with_kind(once)
    return Changes(kinds, tuple(change_findings(frame, kinds, lists)))


def no_changes() -> Changes:
    """Return changes that hold nothing."""
    return Changes(_with_kind(empty(CHANGES)))


def _with_kind(table: pl.DataFrame) -> pl.DataFrame:
    """Add what each row is part of; a row of a split that is also of a merger is a transfer."""
    named = (pl.col("from_code") != "") & (pl.col("to_code") != "")
    day = ["level", "date"]
    targets = pl.col("to_code").filter(named).n_unique().over([*day, "from_code"])
    sources = pl.col("from_code").filter(named).n_unique().over([*day, "to_code"])
    kind = (
        pl.when(pl.col("from_code") == "")
        .then(pl.lit(ChangeKind.CREATED.value))
        .when(pl.col("to_code") == "")
        .then(pl.lit(ChangeKind.ENDED.value))
        .when((targets > 1) & (sources > 1))
        .then(pl.lit(ChangeKind.TRANSFERRED.value))
        .when(targets > 1)
        .then(pl.lit(ChangeKind.SPLIT.value))
        .when(sources > 1)
        .then(pl.lit(ChangeKind.MERGED.value))
        .when(pl.col("from_code") == pl.col("to_code"))
        .then(pl.lit(ChangeKind.RENAMED.value))
        .when(pl.col("share") < 1)
        .then(pl.lit(ChangeKind.TRANSFERRED.value))
        .otherwise(pl.lit(ChangeKind.RENUMBERED.value))
    )
    return table.with_columns(kind.alias("kind"))


def _followed(own: pl.DataFrame, code: str, *, earlier: bool) -> pl.DataFrame:
    """Follow an area one way in time; a code that is used again later is another area."""
    found = [own.clear()]
    open_ends: list[tuple[str, date | None]] = [(code, None)]
    seen: set[tuple[str, date]] = set()
    while open_ends:
        here, since = open_ends.pop()
        rows = _of_one_life(own, here, since, earlier=earlier)
        found.append(rows)
        for other, day in rows.select("from_code" if earlier else "to_code", "date").iter_rows():
            if other and other != here and (other, day) not in seen:
                seen.add((other, day))
                open_ends.append((other, day))
    return pl.concat(found)


def _of_one_life(
    own: pl.DataFrame, code: str, since: date | None, *, earlier: bool
) -> pl.DataFrame:
    """Return what flowed into a code (or out of it) as long as it meant the same area.

    Going back, an area's life begins after the last day on which the code was given up; going
    ahead, it ends on the first such day. Without `since` every life of the code is meant.
    """
    side = "to_code" if earlier else "from_code"
    rows = own.filter(pl.col(side) == code)
    if since is None:
        return rows
    given_up = _given_up(own.filter(pl.col("from_code") == code))
    if earlier:
        rows = rows.filter(pl.col("date") < since)
        ends = [day for day in given_up if day < since]
        return rows.filter(pl.col("date") >= max(ends)) if ends else rows
    rows = rows.filter(pl.col("date") > since)
    ends = [day for day in given_up if day > since]
    return rows.filter(pl.col("date") <= min(ends)) if ends else rows


def _given_up(out: pl.DataFrame) -> list[date]:
    """Return the days on which a code was given up, of the rows that lead out of it."""
    days = out.group_by("date").agg(
        (pl.col("from_code") == pl.col("to_code")).any().alias("stays"),
        pl.col("share").sum().alias("gone"),
        pl.col("share").null_count().alias("unsaid"),
    )
    partly = pl.col("stays") | ((pl.col("unsaid") == 0) & (pl.col("gone") < 1))
    return days.filter(~partly)["date"].to_list()
