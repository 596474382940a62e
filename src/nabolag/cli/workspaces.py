"""Commands that make and fill a workspace: init, import, build, doctor."""

from __future__ import annotations

import json
from pathlib import Path
from shlex import quote
from typing import Annotated, Any, TypeAlias

import typer

from nabolag.cli.opening import workspace_at
from nabolag.cli.progress import progress_bar
from nabolag.cli.speech import language, notices, print_finding, results, say
from nabolag.core import Finding, Level, Severity, Status

Directory: TypeAlias = Annotated[Path, typer.Argument(help=say("dir"), metavar="DIR")]
Data: TypeAlias = Annotated[Path | None, typer.Option("--data", help=say("data"))]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help=say("json"))]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("init", help=say("init.help"))(init)
    app.command("import", help=say("import.help"))(import_)
    app.command("build", help=say("build.help"))(build)
    app.command("doctor", help=say("doctor.help"))(doctor)


def init(directory: Directory) -> None:
    """Make a workspace with a commented `nabolag.toml`, proposing how to read files there."""
    from nabolag.pipeline import start_workspace  # noqa: PLC0415

    with progress_bar() as step:
        path, proposals = start_workspace(directory, language(), step)
    if proposals.files:
        counts = {"files": proposals.files, "unread": proposals.unread}
        results().print(say("init.proposed", **counts), markup=False)
    results().print(say("init.done", path=path, dir=quote(str(directory))), markup=False)


def import_(
    directory: Directory,
    check: Annotated[bool, typer.Option("--check", help=say("import.check"))] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Read the deliveries; print what was read, what was left out and why."""
    from nabolag.pipeline import check_deliveries, import_deliveries  # noqa: PLC0415

    workspace = workspace_at(directory, data)
    with progress_bar() as step:
        report = check_deliveries(workspace, step)
    if as_json:
        typer.echo(json.dumps(report.as_dict(language()), ensure_ascii=False, indent=1))
    else:
        results().print(report.text(language()), markup=False)
        _print_findings(report.findings)
    if report.errors:
        notices().print(say("import.bad", errors=len(report.errors)), markup=False)
        raise typer.Exit(1)
    if not check:
        with progress_bar() as step:
            snapshot = import_deliveries(workspace, step)
        notices().print(say("import.kept", id=snapshot.id), markup=False)


def build(directory: Directory, data: Data = None, as_json: AsJson = False) -> None:
    """Import, make indicators, protect, find accumulation, release."""
    from nabolag.pipeline import build as run_build  # noqa: PLC0415

    with progress_bar() as step:
        summary = run_build(directory, data=data, step=step)
    if as_json:
        typer.echo(json.dumps(summary.as_dict(language()), ensure_ascii=False, indent=1))
        return
    print_summary(summary)
    results().print(say("build.next", dir=quote(str(directory))), markup=False)


def print_summary(summary: Any) -> None:
    """Print a build's summary: areas by level, observations by status, findings."""
    from rich.table import Table  # noqa: PLC0415

    lang, console = language(), results()
    notes = [f for f in summary.findings if f.severity is Severity.INFO]
    _print_findings(tuple(f for f in summary.findings if f.severity is not Severity.INFO))
    if notes:
        notices().print(say("build.notes", n=len(notes)), markup=False)
    areas = ", ".join(
        f"{count} {(Level(level).label if count == 1 else Level(level).plural).in_(lang)}"
        for level, count in summary.areas_by_level.items()
    )
    console.print(f"{say('build.areas')}: {areas}", markup=False)
    table = Table(title=say("build.observations"), title_justify="left")
    table.add_column("", no_wrap=True)
    for status in summary.statuses:
        table.add_column(Status(status).label.in_(lang), justify="right", min_width=7)
    for indicator, counts in summary.observations_by_indicator.items():
        cells = (f"{counts.get(status, 0):,}".replace(",", " ") for status in summary.statuses)
        table.add_row(indicator, *cells)
    console.print(table)
    console.print(say("build.done", id=summary.release), markup=False)


def doctor() -> None:
    """Say whether every part of the installation is there."""
    from nabolag.pipeline import installation  # noqa: PLC0415

    parts = installation()
    for part in parts:
        state = say("doctor.ok") if part.present else say("doctor.absent")
        style = "green" if part.present else "red"
        results().print(f"[{style}]{state:>10}[/]  {part.name} {part.detail}")
    if not all(part.present or part.optional for part in parts):
        raise typer.Exit(1)


def _print_findings(findings: tuple[Finding, ...]) -> None:
    order = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
    for finding in sorted(findings, key=lambda f: order[f.severity]):
        print_finding(notices(), finding)


__all__ = ["Data", "Directory", "print_summary", "register"]
