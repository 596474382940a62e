"""The ledgers a workspace declares: read line by line, summed, divided, laid ready."""

from __future__ import annotations

import polars as pl

from nabolag.accounts import AccountsResult, read_accounts
from nabolag.accounts.shares import shares
from nabolag.core import LANGS, Place, asked_or_first
from nabolag.pipeline.observed import Observed
from nabolag.pipeline.plan import load_plan
from nabolag.pipeline.reckoned import Reckoned
from nabolag.sources.tables import find_matching
from nabolag.store import CONFIG_NAME, Workspace

KIND = "accounts"


def ledgers(seen: Observed, safe: pl.DataFrame) -> tuple[Reckoned, ...]:
    """Return every ledger. `safe` are protected figures: inhabitants and users are from there."""
    return tuple(_reckoned(ledger, safe) for ledger in seen.inputs.ledgers)


def ledger_inside(workspace: Workspace, ledger: str | None = None) -> AccountsResult:
    """Read a ledger by its id, every line of it, inside the house; without an id, the first.

    Raises `UserError` for one that is not declared.
    """
    known = {spec.id: spec for spec in load_plan(workspace).accounts}
    spec = asked_or_first(known, ledger, "accounts_unknown", Place(CONFIG_NAME))
    return read_accounts(spec, find_matching(spec.file, (workspace.root, workspace.data_root)))


def _reckoned(result: AccountsResult, safe: pl.DataFrame) -> Reckoned:
    """Return a ledger as it may leave: sums and where wrong lines stand, never a line's text."""
    spec = result.spec
    sum_in, sum_out = int(result.lines["ore"].sum()), int(result.table["ore"].sum())
    if sum_in != sum_out:
        raise ValueError(f"{spec.id}: {sum_in} øre in, {sum_out} øre out")
    problems = result.problems.select("file", "row", "column", "problem", "year")
    tables = {"shares": shares(result, safe), "problems": problems, "balance": result.balance}
    text: dict[str, str] = {lang: result.explain(lang) for lang in LANGS}
    facts = {
        "lines": result.lines.height,
        "used": result.lines.filter(pl.col("problem") == "").height,
        "wrong": problems.height,
        "sum_ore": sum_in,
        "stage": spec.stage,
    }
    name = spec.title_text()
    return Reckoned(spec.id, KIND, name, spec.as_dict(), text, facts, tables, (), (spec.id,))
