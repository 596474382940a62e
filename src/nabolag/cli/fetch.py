"""The command that fetches from producers: `nabolag fetch`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nabolag.cli.opening import workspace_at
from nabolag.cli.progress import progress_bar
from nabolag.cli.speech import notices, print_finding, results, say
from nabolag.core import Severity

if TYPE_CHECKING:
    from nabolag.pipeline.fetching import FetchOutcome
    from nabolag.sources.producers import TableDescription

_MOST_CODES = 12
_FAILED = 2


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command("fetch", help=say("fetch.help"))(fetch)


def fetch(  # noqa: PLR0913, PLR0917
    directory: Annotated[Path, typer.Argument(help=say("dir"), metavar="DIR")] = Path(),
    ids: Annotated[list[str] | None, typer.Argument(help=say("fetch.ids"), metavar="ID")] = None,
    offline: Annotated[bool, typer.Option("--offline", help=say("fetch.offline"))] = False,
    check: Annotated[bool, typer.Option("--check", help=say("fetch.check"))] = False,
    words: Annotated[str | None, typer.Option("--list", help=say("fetch.list"))] = None,
    table: Annotated[str | None, typer.Option("--describe", help=say("fetch.describe"))] = None,
    producer: Annotated[str, typer.Option("--producer", help=say("fetch.producer"))] = "ssb",
    address: Annotated[str, typer.Option("--address", help=say("fetch.address"))] = "",
    as_json: Annotated[bool, typer.Option("--json", help=say("json"))] = False,
) -> None:
    """Fetch what `[[fetch]]` names, or search and describe tables."""
    from nabolag.pipeline import fetching  # noqa: PLC0415

    if words is not None:
        _print_tables(fetching.list_tables(producer, words, address), as_json)
        return
    if table is not None:
        _print_description(fetching.describe_table(producer, table, address))
        return
    workspace = workspace_at(directory)
    if offline:
        outcomes = fetching.kept_fetches(workspace, ids or ())
    else:
        with progress_bar() as step:
            outcomes = fetching.fetch(workspace, ids or (), step=step, check=check)
    _print_outcomes(outcomes, as_json)


def _print_outcomes(outcomes: tuple[FetchOutcome, ...], as_json: bool) -> None:
    for outcome in outcomes:
        for finding in outcome.findings:
            print_finding(notices(), finding)
        if not as_json:
            results().print(_sentence(outcome), markup=False)
    if as_json:
        _print_json([outcome.as_dict() for outcome in outcomes])
    if any(f.severity is Severity.ERROR for outcome in outcomes for f in outcome.findings):
        raise typer.Exit(_FAILED)


def _sentence(outcome: FetchOutcome) -> str:
    facts = {**outcome.as_dict(), "cells": _grouped(outcome.cells)}
    absent = say("fetch.not_stated")
    facts |= {name: facts[name] or absent for name in ("label", "updated", "retrieved_at")}
    return say(f"fetch.state_{outcome.state}", **facts)


def _print_tables(tables: Any, as_json: bool) -> None:
    if as_json:
        keys = ("id", "label", "updated", "first_period", "last_period", "discontinued")
        _print_json([{key: getattr(one, key) for key in keys} for one in tables])
        return
    for one in tables:
        results().print(f"{one.id}  {one.label}", markup=False)
    notices().print(say("fetch.tables", n=len(tables)), markup=False)


def _print_description(found: TableDescription) -> None:
    """Print what is needed to write a `[[fetch]]`: dimensions, codes, lists, footnotes."""
    absent = say("fetch.not_stated")
    lines = [
        found.label,
        f"{found.source or absent} · {found.updated or absent} · {found.licence or absent}",
    ]
    if found.max_cells:
        facts = {"cells": _grouped(found.max_cells), "calls": found.max_calls}
        lines.append(say("fetch.limits", **facts, seconds=round(found.window_seconds)))
    for dimension in found.dimensions:
        beside = [dimension.role, say("fetch.may_omit") if dimension.eliminates else ""]
        told = ", ".join(part for part in (dimension.label, *beside) if part)
        lines += ["", f"{dimension.id} ({told}): {len(dimension.codes)}"]
        shown = [
            f"{code.code} = {code.label}" + (f" [{code.unit}]" if code.unit else "")
            for code in dimension.codes[:_MOST_CODES]
        ]
        rest = ["…"] if len(dimension.codes) > _MOST_CODES else []
        lines.append("  " + "; ".join([*shown, *rest]))
        if dimension.code_lists:
            named = ", ".join(f"{one.id} ({one.label})" for one in dimension.code_lists)
            lines.append(f"  {say('fetch.lists')}: {named}")
        lines += [f"  – {note}" for note in dimension.notes]
    lines += ["", *(f"– {note}" for note in found.notes)]
    results().print("\n".join(lines), markup=False)


def _print_json(data: Any) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False, indent=1))


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", " ")
