"""Commands about the years to come: projections of a release, and single ages inside the house."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from nabolag.cli.figures import FormatOption, LangOption, OutputOption
from nabolag.cli.opening import workspace_at
from nabolag.cli.output import TableFormat, emit
from nabolag.cli.speech import chosen_language, notices, print_finding, say
from nabolag.cli.workspaces import Directory
from nabolag.core import Lang, asked_or_first

if TYPE_CHECKING:
    import polars as pl

    from nabolag.store import Release, Workspace


class Inside(StrEnum):
    """Tables that never leave the house."""

    AGES = "ages"
    PEOPLE = "people"
    FLOWS = "flows"


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("project", help=say("project.help"))(project)


def project(  # noqa: PLR0913, PLR0917 - options of a command
    directory: Directory,
    projection: Annotated[str | None, typer.Argument(help=say("project.projection"))] = None,
    table: Annotated[str | None, typer.Option("--table", help=say("project.table"))] = None,
    inside: Annotated[Inside | None, typer.Option("--inside", help=say("project.inside"))] = None,
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
    lang: LangOption = None,
) -> None:
    """Print what projections of a release answer, a table of one, or single ages of the house."""
    workspace = workspace_at(directory)
    if inside is not None:
        emit(_of_the_house(workspace, projection, inside), form, output)
        return
    release = workspace.release()
    if projection is None and table is None:
        emit(_lines(release, chosen_language(lang)), form, output)
        return
    from nabolag.publish.exports.frames import reckoned_table  # noqa: PLC0415

    one = asked_or_first(release.reckoned_of("projection"), projection, "projection_unknown")
    emit(reckoned_table(release, one, table or "people"), form, output)


def _lines(release: Release, lang: Lang) -> pl.DataFrame:
    import polars as pl  # noqa: PLC0415

    from nabolag.publish.views.money.projection import projection_page  # noqa: PLC0415

    rows = []
    for one in release.reckoned_of("projection").values():
        view = projection_page(release, {"framskriving": one.id}, lang)
        rows.append({"id": one.id, "title": view.title, "answer": view.opening,
                     "tables": ";".join(one.tables)})  # fmt: skip
    names = ("id", "title", "answer", "tables")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String()))


def _of_the_house(workspace: Workspace, projection: str | None, which: Inside) -> pl.DataFrame:
    """Return an unprotected table, and say on standard error that it must stay in the house."""
    from nabolag.pipeline.projecting import projected_inside  # noqa: PLC0415

    result = projected_inside(workspace, projection)
    for finding in result.findings:
        print_finding(notices(), finding)
    notices().print(say("project.stays"), markup=False)
    tables = {
        Inside.AGES: result.ages_table,
        Inside.PEOPLE: lambda: result.table,
        Inside.FLOWS: result.flows_table,
    }
    return tables[which]()
