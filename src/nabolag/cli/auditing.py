"""The command that tries what can be worked out of a release."""

from __future__ import annotations

from typing import Annotated

import typer

from nabolag.cli.figures import FormatOption, OutputOption
from nabolag.cli.opening import workspace_at
from nabolag.cli.output import TableFormat, emit
from nabolag.cli.speech import language, notices, print_finding, say
from nabolag.cli.workspaces import Directory


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("audit", help=say("audit.help"))(audit)


def audit(
    directory: Directory,
    alone: Annotated[bool, typer.Option("--alone", help=say("audit.alone"))] = False,
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
) -> None:
    """Try what readers of the current release can work out; print the figures that are weak."""
    from nabolag.disclosure.linked import findings_of  # noqa: PLC0415
    from nabolag.pipeline.auditing import audit_release  # noqa: PLC0415
    from nabolag.publish.audit_words import audit_sentence  # noqa: PLC0415

    seen = audit_release(workspace_at(directory), alone=alone).audit
    emit(seen.figures.drop("row"), form, output)
    notices().print(audit_sentence(seen.as_dict(), language()), markup=False)
    for finding in findings_of(seen):
        print_finding(notices(), finding)
    if seen.exact:
        raise typer.Exit(1)
