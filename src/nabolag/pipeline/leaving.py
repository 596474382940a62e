"""What leaves the house is written in the ledger before anybody can read it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

from nabolag.core import Finding, Place, Severity, error
from nabolag.core.columns import OBSERVATION_KEY, OBSERVATION_NUMBERS
from nabolag.disclosure import Earlier
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

    CSV (comma and decimal point) or Parquet, with the columns of a key (`level`, `area`,
    `indicator`, `period`, `group`) and `value`; `numerator` and `denominator` where they were
    printed. Raises `UserError` for a file that lacks them; then nothing is written.
    """
    kept = read_elsewhere(file)
    with workspace.writing():
        return ledger_of(workspace).append("elsewhere", name, sha256(file), kept)


def read_elsewhere(file: Path) -> pl.DataFrame:
    """Read figures from a file like those Nabolag exports, as the ledger keeps them.

    Raises `UserError` for a file that cannot be read, lacks columns, or shows no number.
    """
    figures = _read(file)
    lacking = [key for key in (*OBSERVATION_KEY, "value") if key not in figures.columns]
    if lacking:
        raise error("ledger_columns_absent", Place(file.name), columns=", ".join(lacking))
    told = figures.with_columns(
        *(
            pl.lit(None, pl.Float64).alias(n)
            for n in OBSERVATION_NUMBERS
            if n not in figures.columns
        ),
        status=pl.lit("value"),
    )
    kept = told.select(
        *(pl.col(key).cast(pl.String).fill_null("") for key in OBSERVATION_KEY),
        *(pl.col(number).cast(pl.Float64, strict=False) for number in OBSERVATION_NUMBERS),
        "status",
    ).drop_nulls("value")
    if kept.is_empty():
        raise error("ledger_nothing_shown", Place(file.name))
    return kept


def _read(file: Path) -> pl.DataFrame:
    if not file.is_file():
        raise error("ledger_file_absent", Place(str(file)))
    try:
        if file.suffix == ".parquet":
            return pl.read_parquet(file)
        text = dict.fromkeys(OBSERVATION_KEY, pl.String)
        return pl.read_csv(file, schema_overrides=text, infer_schema_length=None)
    except (pl.exceptions.PolarsError, OSError) as wrong:
        raise error("ledger_file_unreadable", Place(file.name), reason=str(wrong)[:200]) from wrong
