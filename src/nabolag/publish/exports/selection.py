"""What part of a release is asked for, checked against what the release holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import polars as pl

from nabolag.core import Finding, Severity, UserError
from nabolag.core.columns import OBSERVATION_KEY, OBSERVATION_NUMBERS
from nabolag.store import Release
from nabolag.store.statuses import NUMBERED

_SHOWN_CHOICES = 8


@dataclass(frozen=True, slots=True)
class Selection:
    """A part of a release. `None` is everything; an empty tuple is nothing of that kind.

    `level` is a level's code (`delbydel`); `areas` are codes at any of the chosen levels; a
    group is written as in the observations, with `""` for everybody.
    """

    level: str | None = None
    indicators: tuple[str, ...] | None = None
    periods: tuple[str, ...] | None = None
    areas: tuple[str, ...] | None = None
    groups: tuple[str, ...] | None = None


EVERYTHING = Selection()


def select(release: Release, selection: Selection = EVERYTHING) -> pl.DataFrame:
    """Return the chosen observations (`core.columns.OBSERVATIONS`), in a fixed order.

    The order is level (as the release lists them), area, indicator (as in the catalogue),
    period and group. Raises `UserError` for a level, indicator, period, area or group that the
    release does not hold, with the nearest that it does, and `ValueError` for a release in
    which a figure without a number carries one: then nothing may leave.
    """
    seen = release.observations
    _refuse_unknown(
        _unknown("level", None if selection.level is None else (selection.level,), seen["level"]),
    )
    at_level = seen if selection.level is None else seen.filter(pl.col("level") == selection.level)
    _refuse_unknown(
        _unknown("indicator", selection.indicators, at_level["indicator"], release.indicators),
        _unknown("period", selection.periods, at_level["period"]),
        _unknown("area", selection.areas, _area_codes(release, at_level, selection.level)),
        _unknown("group", selection.groups, at_level["group"]),
    )
    chosen = at_level
    for column, wanted in _filters(selection):
        if wanted is not None:
            chosen = chosen.filter(pl.col(column).is_in(list(wanted)))
    return _ordered(release, _without_numbers_behind_statuses(chosen))


def select_accumulation(release: Release, selection: Selection = EVERYTHING) -> pl.DataFrame:
    """Return the chosen classes (`core.columns.ACCUMULATION`) by level, area and period.

    Only `level`, `periods` and `areas` count. Raises `UserError` for what is not held.
    """
    classes = release.accumulation
    level = None if selection.level is None else (selection.level,)
    _refuse_unknown(
        _unknown("level", level, classes["level"]),
        _unknown("period", selection.periods, classes["period"]),
        _unknown("area", selection.areas, classes["area"]),
    )
    wanted = (("level", level), ("period", selection.periods), ("area", selection.areas))
    for column, codes in wanted:
        if codes is not None:
            classes = classes.filter(pl.col(column).is_in(list(codes)))
    return classes.sort("level", "area", "period")


def levels_in_order(release: Release, present: Iterable[str]) -> list[str]:
    """Return levels in the release's own order, and others after them by name."""
    listed = {name: place for place, name in enumerate(release.about.get("levels", ()))}
    return sorted(set(present), key=lambda name: (listed.get(name, len(listed)), name))


def _filters(selection: Selection) -> tuple[tuple[str, tuple[str, ...] | None], ...]:
    return (
        ("indicator", selection.indicators),
        ("period", selection.periods),
        ("area", selection.areas),
        ("group", selection.groups),
    )


def _area_codes(release: Release, seen: pl.DataFrame, level: str | None) -> list[str]:
    """Return every code that may be asked for: an area without figures is not a mistake."""
    known = release.areas if level is None else release.areas.filter(pl.col("level") == level)
    return [*seen["area"].unique(), *known["code"].unique()]


def _unknown(
    what: str,
    wanted: Sequence[str] | None,
    held: Iterable[str],
    more: Iterable[str] = (),
) -> list[Finding]:
    if wanted is None:
        return []
    choices = sorted({*held, *more})
    return [_finding(what, given, choices) for given in wanted if given not in choices]


def _finding(what: str, given: str, choices: list[str]) -> Finding:
    near = get_close_matches(given, choices, n=3, cutoff=0.5)
    if near:
        return Finding(
            f"export_{what}_near", Severity.ERROR, params={"given": given}, examples=tuple(near)
        )
    shown = tuple(choice for choice in choices if choice)[:_SHOWN_CHOICES]
    more = len(choices) - len(shown)
    code = f"export_{what}_unknown"
    return Finding(code, Severity.ERROR, params={"given": given, "more": more}, examples=shown)


def _refuse_unknown(*found: list[Finding]) -> None:
    findings = [finding for part in found for finding in part]
    if findings:
        raise UserError(*findings)


def _without_numbers_behind_statuses(chosen: pl.DataFrame) -> pl.DataFrame:
    """Refuse a broken release: the last door is locked even if the ones before it were not."""
    carries = pl.any_horizontal(pl.col(name).is_not_null() for name in OBSERVATION_NUMBERS)
    hidden = chosen.filter(pl.col("status").str.starts_with("suppressed") & carries)
    odd = chosen.filter(~pl.col("status").is_in(NUMBERED) & pl.col("value").is_not_null())
    broken = pl.concat([hidden, odd]).select(OBSERVATION_KEY).unique().sort(OBSERVATION_KEY)
    if not broken.is_empty():
        raise ValueError(
            f"{broken.height} figures without a number carry one, first {broken.row(0)}"
        )
    return chosen


def _ordered(release: Release, chosen: pl.DataFrame) -> pl.DataFrame:
    levels = levels_in_order(release, chosen["level"].unique())
    catalogue = {iid: place for place, iid in enumerate(release.indicators)}
    places = pl.col("indicator").replace_strict(catalogue, default=len(catalogue)).alias("_place")
    ranks = {name: rank for rank, name in enumerate(levels)}
    rank = pl.col("level").replace_strict(ranks, default=len(ranks)).alias("_level")
    ordered = chosen.with_columns(places, rank).sort(
        "_level", "area", "_place", "indicator", "period", "group"
    )
    return ordered.drop("_place", "_level")
