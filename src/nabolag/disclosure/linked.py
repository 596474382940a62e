"""What a release may show when everything is read together: all its tables, and all that has left.

Levels, areas of one's own, groups, years, indicators that are parts of one another and earlier
releases are one set of sums (`system`). Further figures are hidden until no sum brings a hidden
count out (`secondary`), and the outcome is tried by a reader of our own (`audit`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from nabolag.core import Finding, Indicator, Severity, Status
from nabolag.core.columns import OBSERVATION_KEY
from nabolag.disclosure.audit import BEFORE, EXACT, NARROW, UNKNOWN, Audit, audit
from nabolag.disclosure.overlaps import OVERLAP
from nabolag.disclosure.reading import UNTOLD, Reading, read
from nabolag.disclosure.rules import DisclosureRule
from nabolag.disclosure.secondary import Secondary, protect_linked
from nabolag.disclosure.system import System, linear_system
from nabolag.disclosure.system.spoken import spoken
from nabolag.store import conform
from nabolag.store.frames import OBSERVATIONS

_EXAMPLES: Final = 5
_KEY: Final = list(OBSERVATION_KEY)


@dataclass(frozen=True, slots=True)
class Earlier:
    """Something that has left the house: its name in the ledger, and the figures it showed.

    `figures` have the columns of `store.ledger.SHOWN`.
    """

    name: str
    figures: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Linked:
    """Observations with the statuses they leave with (their numbers still there), and the audit.

    `findings` name figures that come out all the same; an error among them must stop the release.
    """

    observations: pl.DataFrame
    audit: Audit
    findings: tuple[Finding, ...]


def hide_linked(
    judged: pl.DataFrame,
    rules: Sequence[DisclosureRule],
    catalogue: Mapping[str, Indicator],
    links: pl.DataFrame,
    before: Sequence[Earlier] = (),
) -> Linked:
    """Hide what else must be hidden, so that no hidden figure comes out of the others.

    `judged` are observations with the statuses of `primarily`, numbers and all. What has left
    before is known to the reader; figures of it that this release does not have are part of the
    sums. Raises `KeyError` for an indicator that the catalogue does not have.
    """
    known = [replace(e, figures=_as_observations(e.figures, judged, catalogue)) for e in before]
    system = linear_system(
        pl.concat([_as_owed(judged), _gone(judged, known)]), catalogue, links, rules
    )
    told = [spoken(one.figures, catalogue, rules) for one in known]
    done = protect_linked(system, read(system, told))
    seen = audit(system, done.readings)
    owns = judged.height
    seen = replace(seen, total=owns, figures=seen.figures.filter(pl.col("row") < owns))
    stated = _stated(judged, system, done)
    return Linked(stated, seen, findings_of(seen, _culprits(system, done, seen, known, told)))


def read_again(
    released: pl.DataFrame,
    rules: Sequence[DisclosureRule],
    catalogue: Mapping[str, Indicator],
    links: pl.DataFrame,
    before: Sequence[Earlier] = (),
) -> Audit:
    """Return what a reader can work out of what left.

    `released` are observations with the statuses they left with. Numbers of hidden ones, where the
    house has them, tell which sums hold; without them, those that the shown numbers speak for do.
    """
    known = [replace(e, figures=_as_observations(e.figures, released, catalogue)) for e in before]
    figures = pl.concat([released, _gone(released, known)])
    system = linear_system(figures, catalogue, links, rules)
    seen = audit(system, read(system, [spoken(o.figures, catalogue, rules) for o in known]))
    own = seen.figures.filter(pl.col("row") < released.height)
    return replace(seen, total=released.height, figures=own)


def findings_of(seen: Audit, together_with: Sequence[str] = ()) -> tuple[Finding, ...]:
    """Return what must be said of an audit, the worst first.

    `together_with` names what has left before that gives figures away together with this release.
    """
    others = {"others": ", ".join(together_with)}
    comes_out = "disclosure_comes_out_with" if together_with else "disclosure_comes_out"
    said = {
        EXACT: (comes_out, Severity.ERROR, others),
        BEFORE: ("disclosure_known_before", Severity.WARNING, {}),
        NARROW: ("disclosure_narrow", Severity.WARNING, {}),
        UNKNOWN: ("disclosure_contradicts", Severity.WARNING, {}),
    }
    found = []
    for verdict, (code, severity, params) in said.items():
        rows = seen.figures.filter(verdict=verdict)
        if not rows.is_empty():
            named = examples(rows)
            found.append(Finding(code, severity, params=params, count=rows.height, examples=named))
    return tuple(found)


def examples(figures: pl.DataFrame) -> tuple[str, ...]:
    """Name the first few figures, for somebody inside the house."""
    first = figures.select(_KEY).unique(maintain_order=True).head(_EXAMPLES)
    return tuple(
        f"{level}:{area} {indicator} {period} {group}".rstrip()
        for level, area, indicator, period, group in first.rows()
    )


def _as_owed(judged: pl.DataFrame) -> pl.DataFrame:
    """Return the figures as the sums must know them.

    A figure that is hidden because of a difference is owed as much as one that a rule hides.
    """
    differs = pl.col("reason") == OVERLAP
    ruled = pl.lit(Status.SUPPRESSED_RULE.value)
    return judged.with_columns(pl.when(differs).then(ruled).otherwise("status").alias("status"))


def _as_observations(
    shown: pl.DataFrame, figures: pl.DataFrame, catalogue: Mapping[str, Indicator]
) -> pl.DataFrame:
    """Lay what left before out as observations, without indicators that nobody knows any more.

    Which source a figure was from is not kept; the indicator's present one stands for it.
    """
    sources = figures.group_by("indicator").agg(pl.col("source").first())
    kept = shown.filter(pl.col("indicator").is_in(list(catalogue)))
    named = kept.join(sources, on="indicator", how="left", maintain_order="left")
    empty = [pl.lit("").alias(n) for n in ("geography", "reason", "mark")]
    return conform(named.with_columns(pl.col("source").fill_null(""), *empty), OBSERVATIONS)


def _gone(figures: pl.DataFrame, known: Sequence[Earlier]) -> pl.DataFrame:
    """Return figures that left before and are not in this release, as they were last shown."""
    latest = pl.concat([figures.clear(), *(one.figures for one in reversed(known))])
    return latest.unique(_KEY, keep="first", maintain_order=True).join(
        figures, on=_KEY, how="anti", maintain_order="left"
    )


def _stated(judged: pl.DataFrame, system: System, done: Secondary) -> pl.DataFrame:
    """Return the observations with statuses and reasons as they leave.

    Where a reason would say too much, the figure only says that it is hidden for privacy.
    """
    rows = pl.int_range(pl.len()).cast(pl.Int64)
    hidden, quiet = (
        rows.is_in(pl.lit(pl.Series(found))) for found in (done.rows(system), done.untold(system))
    )
    primary, secondary = Status.SUPPRESSED_PRIMARY.value, Status.SUPPRESSED_SECONDARY.value
    status = pl.when(quiet).then(pl.lit(primary)).when(hidden).then(pl.lit(secondary))
    reason = pl.when(quiet).then(pl.lit(UNTOLD)).when(hidden).then(pl.lit(""))
    return judged.with_columns(
        status.otherwise("status").alias("status"), reason.otherwise("reason").alias("reason")
    )


def _culprits(
    system: System,
    done: Secondary,
    seen: Audit,
    known: Sequence[Earlier],
    told: Sequence[pl.DataFrame],
) -> list[str]:
    """Return which of what has left gives figures away together with this; empty if none does."""
    if not seen.exact or not known:
        return []
    if audit(system, _with(system, done, [])).exact:
        return []
    alone = [
        one.name
        for one, terms in zip(known, told, strict=True)
        if audit(system, _with(system, done, [terms])).exact
    ]
    return alone or [one.name for one in known]


def _with(system: System, done: Secondary, told: Sequence[pl.DataFrame]) -> list[Reading]:
    """Return the readings of what is now shown for somebody who knows only some of what left."""
    readings = read(system, told)
    return [a.showing(b.shown) for a, b in zip(readings, done.readings, strict=True)]
