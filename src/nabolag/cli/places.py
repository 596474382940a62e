"""Commands about what lies in areas: `nabolag areas points`, `catchments` and `pupils`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nabolag.cli.figures import FormatOption, OutputOption
from nabolag.cli.opening import workspace_at
from nabolag.cli.output import TableFormat, emit
from nabolag.cli.progress import progress_bar
from nabolag.cli.speech import notices, print_finding, say
from nabolag.cli.workspaces import Data, Directory
from nabolag.core import Level, error

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nabolag.core import Finding


def register(areas: typer.Typer) -> None:
    """Add this module's commands to `nabolag areas`."""
    areas.command("points", help=say("areas.points_help"))(points)
    areas.command("catchments", help=say("areas.catchments_help"))(catchments)
    areas.command("pupils", help=say("areas.pupils_help"))(pupils)


def points(
    directory: Directory,
    level: Annotated[Level | None, typer.Option("--level", help=say("level"))] = None,
    data: Data = None,
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
) -> None:
    """Print every school and kindergarten with the area it lies in on each level."""
    from nabolag.geography import with_areas  # noqa: PLC0415
    from nabolag.pipeline.places import read_placed  # noqa: PLC0415

    with progress_bar() as step:
        inputs = read_placed(workspace_at(directory, data), step)
    placed = inputs.points
    _tell(placed.findings)
    table = with_areas(placed.points, placed.areas, inputs.register.areas)
    emit(table if level is None else table.filter(table["level"] == level.value), form, output)


def catchments(
    directory: Directory,
    year: Annotated[int | None, typer.Option("--year", help=say("areas.year"))] = None,
    data: Data = None,
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
) -> None:
    """Print which areas belong to which school."""
    from nabolag.pipeline.places import catchment_table, read_divisions  # noqa: PLC0415

    with progress_bar() as step:
        inputs = read_divisions(workspace_at(directory, data), step)
    for division in inputs.catchments.values():
        _tell(division.findings)
    emit(catchment_table(inputs, year), form, output)


def pupils(  # noqa: PLR0913, PLR0917 - options of a command
    directory: Directory,
    file: Annotated[Path, typer.Argument(help=say("areas.file"), metavar="FILE")],
    year: Annotated[int, typer.Option("--year", help=say("areas.year"))],
    area: Annotated[str, typer.Option("--area", help=say("areas.column"))],
    count: Annotated[list[str], typer.Option("--count", help=say("areas.count"))],
    by: Annotated[list[str] | None, typer.Option("--by", help=say("areas.by"))] = None,
    level: Annotated[Level, typer.Option("--level", help=say("level"))] = Level.GRUNNKRETS,
    division: Annotated[str | None, typer.Option("--catchments", help=say("areas.which"))] = None,
    delimiter: Annotated[str, typer.Option("--delimiter", help=say("areas.delimiter"))] = ";",
    data: Data = None,
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
) -> None:
    """Share out a file's counts by area between the schools that the areas belong to."""
    from nabolag.pipeline.places import (  # noqa: PLC0415
        division_named,
        pupils_by_school,
        read_divisions,
    )
    from nabolag.pipeline.recoding import FileAsked  # noqa: PLC0415

    if not file.is_file():
        raise error("recode_file_absent", path=str(file))
    with progress_bar() as step:
        inputs = read_divisions(workspace_at(directory, data), step)
    chosen = division_named(inputs, division)
    _tell(chosen.findings)
    asked = FileAsked(file, level, area, tuple(count), by=tuple(by or ()), delimiter=delimiter)
    emit(pupils_by_school(asked, inputs, chosen, year), form, output)


def _tell(findings: Iterable[Finding]) -> None:
    for finding in findings:
        print_finding(notices(), finding)
