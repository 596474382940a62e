"""What leaves the house is written in the ledger before anybody can read it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

from nabolag.core import Finding, Severity, error
from nabolag.core.columns import OBSERVATION_KEY
from nabolag.disclosure import Earlier
from nabolag.pipeline.elsewhere import read_elsewhere
from nabolag.store import Bundle, Workspace, list_bundles, sha256
from nabolag.store.ledger import SHOWN, Entry, Ledger
from nabolag.store.statuses import NUMBERED

_EXAMPLES = 8


def ledger_of(workspace: Workspace) -> Ledger:
    """Return the ledger of a workspace."""
    return Ledger(workspace.root / "ledger")


def registering(workspace: Workspace, observations: pl.DataFrame) -> Callable[[Bundle], None]:
    """Return what writes a release in the ledger, for when it is whole and not yet current.

    A release that says the same as one that has left already is not written twice.
    """

    def register(bundle: Bundle) -> None:
        ledger, content = ledger_of(workspace), str(bundle.manifest["content_sha256"])
        if not ledger.has(content):
            ledger.append("release", bundle.id, content, shown(observations))

    return register


def adopt(workspace: Workspace) -> None:
    """Write releases that left before there was a ledger, oldest first."""
    ledger = ledger_of(workspace)
    for bundle in list_bundles(workspace.releases):
        content = str(bundle.manifest["content_sha256"])
        if not ledger.has(content):
            ledger.append("release", bundle.id, content, shown(bundle.frame("observations")))


def shown(observations: pl.DataFrame) -> pl.DataFrame:
    """Return the figures that have a number, as the ledger keeps them."""
    visible = observations.filter(pl.col("status").is_in(NUMBERED))
    return visible.select(SHOWN)


def shown_before(workspace: Workspace) -> list[tuple[Entry, pl.DataFrame]]:
    """Return everything that has left, oldest first. Raises `UserError` for a broken ledger."""
    ledger = ledger_of(workspace)
    broken = ledger.verify()
    if broken:
        raise error(broken[0].code, broken[0].place, **broken[0].params)
    return [(entry, ledger.shown(entry)) for entry in ledger.entries() if entry.figures]


def named(before: list[tuple[Entry, pl.DataFrame]]) -> list[Earlier]:
    """Return what has left as `protect` asks for it: each with a name that a user knows it by."""
    return [Earlier(f"{entry.number}: {entry.id}", figures) for entry, figures in before]


def cannot_be_hidden(
    observations: pl.DataFrame, before: list[tuple[Entry, pl.DataFrame]]
) -> list[Finding]:
    """Tell of figures that are hidden now and were shown before: they cannot be called back."""
    hidden = observations.filter(pl.col("status").str.starts_with("suppressed"))
    found = []
    for entry, figures in before:
        known = hidden.join(figures.select(OBSERVATION_KEY), on=list(OBSERVATION_KEY), how="semi")
        if known.is_empty():
            continue
        rows = known.head(_EXAMPLES).iter_rows(named=True)
        examples = tuple(f"{r['level']}:{r['area']} {r['indicator']} {r['period']}" for r in rows)
        params = {"number": entry.number, "id": entry.id}
        found.append(
            Finding("ledger_shown_before", Severity.WARNING, params=params, count=known.height,
                    examples=examples)
        )  # fmt: skip
    return found


def register_elsewhere(workspace: Workspace, file: Path, name: str) -> Entry:
    """Write in the ledger what was published elsewhere, from a file like those Nabolag exports.

    Raises `UserError` as `read_elsewhere`; then nothing is written.
    """
    kept = read_elsewhere(file)
    with workspace.writing():
        return ledger_of(workspace).append("elsewhere", name, sha256(file), kept)
