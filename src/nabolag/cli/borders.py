"""Commands about borders through time: `nabolag areas at`, `areas history`, `areas recode`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nabolag.cli import places
from nabolag.cli.figures import FormatOption, OutputOption
from nabolag.cli.opening import workspace_at
from nabolag.cli.output import TableFormat, emit
from nabolag.cli.speech import notices, print_finding, say
from nabolag.cli.workspaces import Data, Directory
from nabolag.core import Level, Severity, error

if TYPE_CHECKING:
    from datetime import date

#: Codes of municipalities are what most files have.
LevelOption = Annotated[Level, typer.Option("--level", help=say("level"))]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    areas = typer.Typer(help=say("areas.help"), no_args_is_help=True, rich_markup_mode=None)
    areas.command("at", help=say("areas.at_help"))(at)
    areas.command("history", help=say("areas.history_help"))(history)
    areas.command("recode", help=say("areas.recode_help"))(recode)
    places.register(areas)
    app.add_typer(areas, name="areas")


def at(  # noqa: PLR0913, PLR0917 - options of a command
    directory: Directory,
    day: Annotated[str, typer.Argument(help=say("areas.date"), metavar="DATE")],
    level: LevelOption = Level.KOMMUNE,
    known: Annotated[str | None, typer.Option("--known", help=say("areas.known"))] = None,
    data: Data = None,
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
) -> None:
    """Print the areas that are in use on a day, as the register says now or said on another."""
    from nabolag.pipeline.recoding import read_borders  # noqa: PLC0415

    borders = read_borders(workspace_at(directory, data))
    if borders.areas.is_empty:
        raise error("history_absent")
    table = borders.areas.at(_day(day), known=_day(known) if known else None)
    emit(table.filter(table["level"] == level.value), form, output)


def history(
    directory: Directory,
    code: Annotated[str, typer.Argument(help=say("areas.code"), metavar="CODE")],
    level: LevelOption = Level.KOMMUNE,
    data: Data = None,
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
) -> None:
    """Print what an area came of and what became of it."""
    from nabolag.pipeline.recoding import read_borders  # noqa: PLC0415

    borders = read_borders(workspace_at(directory, data))
    told = borders.changes.history(level, code)
    if told.is_empty() and borders.areas.spells(level, code).is_empty():
        raise error("history_code_unknown", given=f"{level.value}:{code}")
    columns = ["date", "kind", "from_code", "from_name", "to_code", "to_name", "share"]
    emit(told.select(columns), form, output)


def recode(  # noqa: PLR0913, PLR0917 - options of a command
    directory: Directory,
    file: Annotated[Path, typer.Argument(help=say("areas.file"), metavar="FILE")],
    start: Annotated[str, typer.Option("--from", help=say("areas.start"))],
    end: Annotated[str, typer.Option("--to", help=say("areas.end"))],
    area: Annotated[str, typer.Option("--area", help=say("areas.column"))],
    count: Annotated[list[str] | None, typer.Option("--count", help=say("areas.count"))] = None,
    share: Annotated[list[str] | None, typer.Option("--share", help=say("areas.share"))] = None,
    by: Annotated[list[str] | None, typer.Option("--by", help=say("areas.by"))] = None,
    level: LevelOption = Level.KOMMUNE,
    delimiter: Annotated[str, typer.Option("--delimiter", help=say("areas.delimiter"))] = ";",
    data: Data = None,
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
) -> None:
    """Tell a file's figures in the borders of another year."""
    from nabolag.pipeline.recoding import (  # noqa: PLC0415
        FileAsked,
        pairs_of,
        read_borders,
        recode_file,
    )

    if not count and not share:
        raise error("recode_nothing_asked")
    if not file.is_file():
        raise error("recode_file_absent", path=str(file))
    asked = FileAsked(
        file, level, area, tuple(count or ()), pairs_of(share or ()), tuple(by or ()), delimiter
    )
    borders = read_borders(workspace_at(directory, data))
    for year in (start, end):
        _day(year)
    told = recode_file(asked, borders, start, end)
    for finding in told.findings:
        print_finding(notices(), finding)
    emit(told.figures, form, output)
    if any(finding.severity is Severity.ERROR for finding in told.findings):
        raise typer.Exit(1)


def _day(text: str) -> date:
    from nabolag.geography.dated import day_of  # noqa: PLC0415

    try:
        return day_of(text)
    except ValueError as wrong:
        raise error("history_date_unread", given=text) from wrong
