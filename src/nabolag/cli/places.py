"""Commands about what lies in areas: `nabolag areas points`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from nabolag.cli.figures import FormatOption, OutputOption
from nabolag.cli.opening import workspace_at
from nabolag.cli.output import TableFormat, emit
from nabolag.cli.progress import progress_bar
from nabolag.cli.speech import notices, print_finding, say
from nabolag.cli.workspaces import Data, Directory
from nabolag.core import Level

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nabolag.core import Finding


def register(areas: typer.Typer) -> None:
    """Add this module's commands to `nabolag areas`."""
    areas.command("points", help=say("areas.points_help"))(points)


def points(
    directory: Directory,
    level: Annotated[Level | None, typer.Option("--level", help=say("level"))] = None,
    data: Data = None,
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
) -> None:
    """Print every school and kindergarten with the area it lies in on each level."""
    from nabolag.geography import with_areas  # noqa: PLC0415
    from nabolag.pipeline.places import read_points_placed  # noqa: PLC0415

    with progress_bar() as step:
        inputs = read_points_placed(workspace_at(directory, data), step)
    placed = inputs.points
    _tell(placed.findings)
    table = with_areas(placed.points, placed.areas, inputs.register.areas)
    emit(table if level is None else table.filter(table["level"] == level.value), form, output)


def _tell(findings: Iterable[Finding]) -> None:
    for finding in findings:
        print_finding(notices(), finding)
