"""Commands about municipal accounts: what they come to, and lines that are not placed."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from nabolag.cli.figures import FormatOption, OutputOption
from nabolag.cli.opening import workspace_at
from nabolag.cli.output import TableFormat, emit
from nabolag.cli.speech import notices, print_finding, say
from nabolag.cli.workspaces import Directory
from nabolag.core import asked_or_first


class Inside(StrEnum):
    """Tables of the house: every line as delivered."""

    LINES = "lines"
    UNITS = "units"
    PROBLEMS = "problems"


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("accounts", help=say("accounts.help"))(accounts)


def accounts(
    directory: Directory,
    ledger: Annotated[str | None, typer.Argument(help=say("accounts.ledger"))] = None,
    table: Annotated[str, typer.Option("--table", help=say("accounts.table"))] = "shares",
    inside: Annotated[Inside | None, typer.Option("--inside", help=say("accounts.inside"))] = None,
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
) -> None:
    """Print amounts of a release's ledger, or its lines as they were delivered."""
    workspace = workspace_at(directory)
    if inside is not None:
        from nabolag.pipeline.ledgers import ledger_inside  # noqa: PLC0415

        found = ledger_inside(workspace, ledger)
        for finding in found.findings:
            print_finding(notices(), finding)
        emit(getattr(found, inside.value), form, output)
        return
    from nabolag.publish.exports.frames import reckoned_table  # noqa: PLC0415

    release = workspace.release()
    one = asked_or_first(release.reckoned_of("accounts"), ledger, "accounts_unknown")
    emit(reckoned_table(release, one, table), form, output)
