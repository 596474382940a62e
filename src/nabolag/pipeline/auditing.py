"""Trying what can be worked out: of a release as it left, and of something about to leave.

A reader has the released figures, the rules that are printed with them, and what else has left.
Which sums hold is told by the numbers of the house: a reader who believes in one that does not
works out something else than the truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from nabolag.core import Finding, Indicator, Place, Severity, error
from nabolag.core.columns import OBSERVATION_KEY, OBSERVATION_NUMBERS
from nabolag.disclosure import Audit, DisclosureRule, Earlier, read_again, told_rules
from nabolag.disclosure.linked import examples
from nabolag.pipeline.elsewhere import read_elsewhere
from nabolag.pipeline.leaving import named, shown_before
from nabolag.store import Release, Workspace

_KEY = list(OBSERVATION_KEY)


@dataclass(frozen=True, slots=True)
class Audited:
    """A release and what its readers can work out of it."""

    release: str
    audit: Audit


@dataclass(frozen=True, slots=True)
class Tried:
    """Something that is about to leave, tried: the figures it would give away, and the findings.

    `figures` has the key of each hidden figure and its `verdict`: `shown` in the file itself,
    `exact` where it comes out by adding and subtracting, `narrow` where it is narrowed down more
    than the rules allow. An error among the findings means that the file must not leave.
    """

    figures: pl.DataFrame
    findings: tuple[Finding, ...]


def audit_release(workspace: Workspace, *, alone: bool = False) -> Audited:
    """Try the current release as its readers can, with everything that has left before it.

    `alone`: as if nothing else had left. Raises `UserError` where there is no release, or where
    the ledger is broken.
    """
    release = workspace.release()
    left = [] if alone else _others(workspace, release)
    return Audited(release.id, _tried(_house(workspace, release), release, left))


def try_leaving(workspace: Workspace, file: Path) -> Tried:
    """Try a file of figures that has not left yet together with everything that has.

    The file is like those of `read_elsewhere`. Hidden figures that come out with it and do not
    without it are told, with the names of what they come out together with. Raises `UserError` for
    a file that cannot be read, and where there is nothing built to hold it against.
    """
    proposed = Earlier(file.name, read_elsewhere(file))
    release = workspace.release()
    house, left = _house(workspace, release), _others(workspace, release)
    without = _weak(_tried(house, release, left))
    found = pl.concat(
        [_shown_itself(release, proposed), _weak(_tried(house, release, [*left, proposed]))]
    ).unique(_KEY, keep="first", maintain_order=True)
    fresh = found.join(without, on=_KEY, how="anti", maintain_order="left")
    comes_out = fresh.filter(pl.col("verdict") == "exact")
    others = _together(house, release, left, proposed, comes_out)
    return Tried(fresh, _findings(file, fresh, others))


def _findings(file: Path, fresh: pl.DataFrame, others: list[str]) -> tuple[Finding, ...]:
    """Say what a file gives away; `others` are what it does so together with."""
    said = {
        "shown": ("ledger_shows_hidden", Severity.ERROR),
        "exact": ("ledger_gives_away_with" if others else "ledger_gives_away", Severity.ERROR),
        "narrow": ("ledger_narrows", Severity.WARNING),
    }
    params, place = {"others": ", ".join(others)}, Place(file.name)
    return tuple(
        Finding(*said[verdict], place, params, count=rows.height, examples=examples(rows))
        for (verdict,), rows in fresh.group_by("verdict", maintain_order=True)
    )


def _shown_itself(release: Release, proposed: Earlier) -> pl.DataFrame:
    """Return the hidden figures that stand in the file with a number."""
    hidden = release.observations.filter(pl.col("status").str.starts_with("suppressed"))
    both = hidden.join(proposed.figures, on=_KEY, how="semi", maintain_order="left")
    return both.select(*_KEY, verdict=pl.lit("shown"))


def _others(workspace: Workspace, release: Release) -> list[Earlier]:
    content = str(release.bundle.manifest["content_sha256"])
    return named([(e, f) for e, f in shown_before(workspace) if e.content != content])


def _rules(release: Release) -> list[DisclosureRule]:
    return told_rules(_told(release).get("rules", ()))


def _told(release: Release) -> dict[str, Any]:
    return release.about.get("disclosure") or {}


def _house(workspace: Workspace, release: Release) -> pl.DataFrame:
    """Return the released figures with the numbers that the house has of the hidden ones.

    Figures that were rounded are left out: no sum of theirs is exact.
    """
    snapshot = workspace.snapshot()
    if snapshot is None:
        raise error("release_absent", Place(str(workspace.root)))
    inside = snapshot.frame("observations").select(
        _KEY + [pl.col(n).alias(f"_{n}") for n in OBSERVATION_NUMBERS]
    )
    rounded = (_told(release).get("rounding") or {}).get("indicators", ())
    exact = release.observations.filter(~pl.col("indicator").is_in(list(rounded)))
    both = exact.join(inside, on=_KEY, how="left", maintain_order="left")
    return both.with_columns(pl.coalesce(n, f"_{n}").alias(n) for n in OBSERVATION_NUMBERS).select(
        release.observations.columns
    )


def _tried(house: pl.DataFrame, release: Release, left: list[Earlier]) -> Audit:
    catalogue: dict[str, Indicator] = release.indicators
    return read_again(house, _rules(release), catalogue, release.links, left)


def _weak(seen: Audit) -> pl.DataFrame:
    """Return the hidden figures that come out or are narrowed down.

    What comes out of the file and what has left alone counts as coming out.
    """
    verdict = pl.col("verdict").replace("before", "exact")
    told = seen.figures.filter(pl.col("verdict") != "impossible").select(*_KEY, verdict)
    return told.unique(_KEY, keep="first", maintain_order=True)


def _together(
    house: pl.DataFrame,
    release: Release,
    left: list[Earlier],
    proposed: Earlier,
    comes_out: pl.DataFrame,
) -> list[str]:
    """Return the names of what, together with the proposed file, gives some figures away.

    Empty where the file and the current release are enough.
    """

    def gives(*known: Earlier) -> int:
        found = _weak(_tried(house, release, list(known))).filter(verdict="exact")
        return found.join(comes_out, on=_KEY, how="semi").height

    if comes_out.is_empty() or gives(proposed) == comes_out.height:
        return []
    return [one.name for one in left if gives(one, proposed)] or [one.name for one in left]
