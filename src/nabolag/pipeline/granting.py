"""The lists of grants a workspace declares: read line by line, protected, held against accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from nabolag.allocation.grants import GrantsRead, GrantsSpec, amounts, covered, read_grants
from nabolag.core import LANGS, Lang, Place, Status, error, label
from nabolag.disclosure import rule_for
from nabolag.pipeline.ledgers import KIND as ACCOUNTS
from nabolag.pipeline.observed import Observed
from nabolag.pipeline.plan import load_plan
from nabolag.pipeline.reckoned import Reckoned
from nabolag.sources.tables import find_matching
from nabolag.store import CONFIG_NAME, Workspace

KIND = "grants"


def grant_lists(
    seen: Observed, safe: pl.DataFrame, ledgers: Sequence[Reckoned]
) -> tuple[Reckoned, ...]:
    """Return every list of grants. `safe` are protected figures, `ledgers` the accounts beside.

    Raises `UserError` for users that are no indicator, and for accounts that are not there.
    """
    booked = {one.id: one for one in ledgers if one.kind == ACCOUNTS}
    return tuple(_reckoned(one, seen, safe, booked) for one in seen.inputs.grants)


def grants_inside(workspace: Workspace, asked: str | None = None) -> GrantsRead:
    """Read a list by its id, every line of it, inside the house; without an id, the first.

    Raises `UserError` for one that is not declared.
    """
    known = {spec.id: spec for spec in load_plan(workspace).grants}
    if not known or (asked is not None and asked not in known):
        raise error("grants_list_unknown", Place(CONFIG_NAME), given=asked or "–",
                    known=", ".join(known) or "–")  # fmt: skip
    spec = known[asked] if asked else next(iter(known.values()))
    return read_grants(spec, find_matching(spec.file, (workspace.root, workspace.data_root)))


def _reckoned(
    read: GrantsRead, seen: Observed, safe: pl.DataFrame, booked: dict[str, Reckoned]
) -> Reckoned:
    """Return a list as it may leave: sums and where wrong lines stand, never a line's text."""
    spec = read.spec
    if spec.users and spec.users not in seen.catalogue:
        raise error("grants_users_unknown", Place(CONFIG_NAME), given=spec.users, id=spec.id)
    released = amounts(read, safe, max(rule_for(spec.id, spec.id, seen.plan.rules).numerator, 1))
    ledger = _ledger(spec, booked)
    tables = {"amounts": released, "problems": read.problems.drop("text")}
    if spec.counts is None:
        spending = None if ledger is None else _spending(ledger)
        tables["covered"] = covered(released, spending)
    facts = {**_facts(read, released), "accounts": ledger.id if ledger else ""}
    text: dict[str, str] = {lang: _explained(spec, lang) for lang in LANGS}
    cited = (spec.id, *(ledger.sources if ledger else ()))
    return Reckoned(
        spec.id, KIND, spec.title_text(), spec.as_dict(), text, facts, tables, (), cited
    )


def _facts(read: GrantsRead, released: pl.DataFrame) -> dict[str, Any]:
    """Return what the list comes to. A sum that hidden amounts are in is not told.

    Raises `ValueError` where an amount is lost on the way.
    """
    delivered = int(read.lines["amount"].sum())
    open_ = released.filter(pl.col("status") == Status.VALUE.value)
    hidden = released.height - open_.height
    placed = open_.filter(pl.col("area") != "")
    out = round(float(open_["amount"].sum()) * 100)
    if not hidden and out != delivered:
        raise ValueError(f"{read.spec.id}: {delivered} hundredths in, {out} out")
    return {
        "lines": read.lines.height,
        "used": read.lines.filter(pl.col("problem") == "").height,
        "wrong": read.problems.height,
        "hidden": hidden,
        "sum": None if hidden else delivered / 100,
        "shown": out / 100,
        "placed": round(float(placed["amount"].sum()) * 100) / 100,
    }


def _ledger(spec: GrantsSpec, booked: dict[str, Reckoned]) -> Reckoned | None:
    """Return the accounts that amounts are held against: those named, or the only ones."""
    if spec.counts is not None:
        return None
    if spec.accounts and spec.accounts not in booked:
        raise error("accounts_unknown", Place(CONFIG_NAME), given=spec.accounts,
                    known=", ".join(booked) or "–")  # fmt: skip
    spent = [one for one in booked.values() if one.facts["stage"] == "accounts"]
    if spec.accounts:
        return booked[spec.accounts]
    return spent[0] if len(spent) == 1 else None


def _spending(ledger: Reckoned) -> pl.DataFrame:
    """Return what each area's accounts come to: null where a service is hidden or not read."""
    whole = ((pl.col("status") == Status.VALUE.value) & pl.col("read")).all()
    return (
        ledger.tables["shares"]
        .group_by("level", "area", "year")
        .agg(pl.when(whole).then(pl.col("kroner").sum()).alias("spending"))
    )


def _explained(spec: GrantsSpec, lang: Lang) -> str:
    if spec.published is not None:
        behind = label("grants.list.explain.published", lang, who=spec.published.in_(lang))
    elif not spec.about_people:
        behind = label("grants.list.explain.not_people", lang)
    else:
        behind = label(f"grants.list.explain.{'persons' if spec.persons else 'users'}", lang)
    unit = "count" if spec.counts is not None else "kroner"
    return " ".join([label(f"grants.list.explain.{unit}", lang), behind])
