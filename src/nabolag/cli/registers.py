"""Commands for microdata: registers check, receive, report."""

from __future__ import annotations

import json
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from nabolag.cli.figures import LangOption
from nabolag.cli.opening import workspace_at
from nabolag.cli.output import TableFormat, emit, writing_to
from nabolag.cli.progress import progress_bar
from nabolag.cli.speech import chosen_language, language, notices, results, say
from nabolag.cli.workspaces import AsJson, Data, Directory

if TYPE_CHECKING:
    from nabolag.core import Lang
    from nabolag.registers import DeliveryReport

Folder: TypeAlias = Annotated[Path, typer.Argument(help=say("registers.dir"), metavar="DIR")]
Document: TypeAlias = Annotated[
    Path | None, typer.Option("-o", "--output", help=say("registers.output"))
]


def register(app: typer.Typer) -> None:
    """Add this module's commands, as a group of their own."""
    group = typer.Typer(help=say("registers.help"), no_args_is_help=True, rich_markup_mode=None)
    group.command("check", help=say("registers.check"))(check)
    group.command("receive", help=say("registers.receive"))(receive)
    group.command("report", help=say("registers.report"))(report)
    app.add_typer(group, name="registers")


def check(directory: Folder, as_json: AsJson = False) -> None:
    """Judge what is delivered, or registers in a folder, and write nothing."""
    from nabolag.registers import check_path  # noqa: PLC0415

    with progress_bar() as step:
        found = check_path(directory, step)
    _tell(found, as_json)


def receive(directory: Directory, data: Data = None, as_json: AsJson = False) -> None:
    """Take registers in: sound rows are kept, the others set apart."""
    from nabolag.registers import receive as take_in  # noqa: PLC0415

    with progress_bar() as step:
        found = take_in(workspace_at(directory, data), step)
    if not as_json:
        notices().print(say("registers.next", dir=quote(str(directory))), markup=False)
    _tell(found, as_json)


def report(
    directory: Directory,
    lang: LangOption = None,
    output: Document = None,
    rows: Annotated[Path | None, typer.Option("--rows", help=say("registers.rows"))] = None,
) -> None:
    """Tell again what became of the registers that were last taken in."""
    from nabolag.registers import (  # noqa: PLC0415
        last_report,
        reasons_in_words,
        rejected_reasons,
        report_markdown,
        report_text,
    )

    found, quarantine = last_report(workspace_at(directory))
    spoken: Lang = chosen_language(lang)
    if output is None:
        results().print(report_text(found, spoken), markup=False, end="")
    else:
        with writing_to(output):
            output.write_text(report_markdown(found, spoken), encoding="utf-8")
        notices().print(say("report.done", path=output), markup=False)
    if rows is not None:
        emit(reasons_in_words(rejected_reasons(quarantine), spoken), TableFormat.CSV, rows)
        notices().print(say("report.done", path=rows), markup=False)


def _tell(found: DeliveryReport, as_json: bool) -> None:
    from nabolag.registers import report_text  # noqa: PLC0415

    if as_json:
        typer.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=1))
    else:
        results().print(report_text(found, language()), markup=False, end="")
    if not found.ok:
        raise typer.Exit(1)
