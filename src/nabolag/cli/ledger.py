"""Commands about what has left the house: the ledger, its check, what others published."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from nabolag.cli.figures import FormatOption, OutputOption
from nabolag.cli.opening import workspace_at
from nabolag.cli.output import TableFormat, emit
from nabolag.cli.speech import notices, print_finding, results, say
from nabolag.cli.workspaces import Directory
from nabolag.core import Severity

FileArgument: TypeAlias = Annotated[Path, typer.Argument(help=say("ledger.file"))]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    ledger = typer.Typer(help=say("ledger.help"), no_args_is_help=True)
    ledger.command("list", help=say("ledger.list"))(list_)
    ledger.command("verify", help=say("ledger.verify"))(verify)
    ledger.command("check", help=say("ledger.check"))(check)
    ledger.command("add", help=say("ledger.add"))(add)
    app.add_typer(ledger, name="ledger")


def list_(
    directory: Directory,
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
) -> None:
    """Print everything that has left, in order, with its seals."""
    import polars as pl  # noqa: PLC0415

    from nabolag.pipeline.leaving import ledger_of  # noqa: PLC0415

    names = ("number", "at", "kind", "id", "figures", "content", "previous", "hash")
    entries = ledger_of(workspace_at(directory)).entries()
    rows = [{name: getattr(entry, name) for name in names} for entry in entries]
    schema = {n: pl.Int64() if n in ("number", "figures") else pl.String() for n in names}
    emit(pl.DataFrame(rows, schema=schema), form, output)


def verify(directory: Directory) -> None:
    """Check that no line of the ledger was changed, left out or moved."""
    from nabolag.pipeline.leaving import ledger_of  # noqa: PLC0415

    ledger = ledger_of(workspace_at(directory))
    wrong = ledger.verify()
    for finding in wrong:
        print_finding(notices(), finding)
    if wrong:
        raise typer.Exit(1)
    results().print(say("ledger.sound", n=len(ledger.entries())), markup=False)


def check(
    directory: Directory,
    file: FileArgument,
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
) -> None:
    """Try a file that is to leave together with everything that has; print what it gives away."""
    from nabolag.pipeline.auditing import try_leaving  # noqa: PLC0415

    tried = try_leaving(workspace_at(directory), file)
    if tried.findings:
        emit(tried.figures, form, output)
    for finding in tried.findings:
        print_finding(notices(), finding)
    if any(finding.severity is Severity.ERROR for finding in tried.findings):
        raise typer.Exit(1)
    notices().print(say("ledger.may_leave"), markup=False)


def add(
    directory: Directory,
    file: FileArgument,
    name: Annotated[str, typer.Option("--name", help=say("ledger.name"))],
) -> None:
    """Write in the ledger what was published elsewhere."""
    from nabolag.pipeline.leaving import register_elsewhere  # noqa: PLC0415

    entry = register_elsewhere(workspace_at(directory), file, name)
    results().print(say("ledger.added", number=entry.number, figures=entry.figures), markup=False)
