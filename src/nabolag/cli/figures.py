"""Commands that read a release: observations, accumulation, report, export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from nabolag.cli.areas import find_area
from nabolag.cli.opening import workspace_at
from nabolag.cli.output import TableFormat, emit, writing_to
from nabolag.cli.speech import chosen_language, notices, say
from nabolag.cli.workspaces import Directory

if TYPE_CHECKING:
    import polars as pl

LevelOption: TypeAlias = Annotated[str | None, typer.Option("--level", help=say("level"))]
PeriodOption: TypeAlias = Annotated[str | None, typer.Option("--period", help=say("period"))]
FormatOption: TypeAlias = Annotated[TableFormat, typer.Option("--format", help=say("format"))]
OutputOption: TypeAlias = Annotated[Path | None, typer.Option("-o", "--output", help=say("output"))]
LangOption: TypeAlias = Annotated[str | None, typer.Option("--lang", help=say("lang"))]

OBSERVATION_COLUMNS = (
    "level", "area", "name", "period", "group", "value", "numerator", "denominator",
    "lower", "upper", "status", "source",
)  # fmt: skip
ACCUMULATION_COLUMNS = ("level", "area", "name", "period", "class", "count", "reasons", "years")


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("observations", help=say("observations.help"))(observations)
    app.command("accumulation", help=say("accumulation.help"))(accumulation)
    app.command("analyses", help=say("analyses.help"))(analyses)
    app.command("report", help=say("report.help"))(report)
    app.command("export", help=say("export.help"))(export)


def observations(
    directory: Directory,
    indicator: Annotated[str, typer.Option("--indicator", help=say("indicator"))],
    level: LevelOption = None,
    period: PeriodOption = None,
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
) -> None:
    """Print one indicator's released observations."""
    from nabolag.publish.exports import Selection, select  # noqa: PLC0415

    release = workspace_at(directory).release()
    wanted = Selection(indicators=(indicator,), level=level, periods=_one(period))
    table = named(select(release, wanted), release.areas)
    emit(table.select(OBSERVATION_COLUMNS), form, output)


def accumulation(
    directory: Directory,
    level: LevelOption = None,
    period: PeriodOption = None,
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
) -> None:
    """Print the released accumulation classes."""
    from nabolag.publish.exports import Selection, select_accumulation  # noqa: PLC0415

    release = workspace_at(directory).release()
    wanted = Selection(level=level, periods=_one(period))
    table = named(select_accumulation(release, wanted), release.areas)
    emit(table.select(ACCUMULATION_COLUMNS), form, output)


def analyses(
    directory: Directory,
    analysis: Annotated[str | None, typer.Argument(help=say("analyses.analysis"))] = None,
    table: Annotated[str | None, typer.Option("--table", help=say("analyses.table"))] = None,
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
    lang: LangOption = None,
) -> None:
    """Print what the analyses of a release answer, or a table of one of them."""
    import polars as pl  # noqa: PLC0415

    from nabolag.publish.exports.frames import analysis_table  # noqa: PLC0415
    from nabolag.publish.views.analyses import analysis_lines, analysis_page  # noqa: PLC0415

    release = workspace_at(directory).release()
    spoken = chosen_language(lang)
    if analysis is None:
        lines = [
            {"id": x.id, "kind": x.kind, "title": x.title, "answer": x.opening,
             "tables": ";".join(release.analyses[x.id].tables)}
            for x in analysis_lines(release, spoken)
        ]  # fmt: skip
        names = ("id", "kind", "title", "answer", "tables")
        emit(pl.DataFrame(lines, schema=dict.fromkeys(names, pl.String())), form, output)
        return
    first = analysis_page(release, analysis, spoken).downloads[0].name
    emit(analysis_table(release, analysis, table or first)[1], form, output)


def report(
    directory: Directory,
    area: Annotated[str, typer.Option("--area", help=say("area"))],
    lang: LangOption = None,
    output: OutputOption = None,
) -> None:
    """Write an area's profile as PDF."""
    from nabolag.publish.pdf import area_profile_pdf  # noqa: PLC0415

    release = workspace_at(directory).release()
    level, code = find_area(release, area)
    spoken = chosen_language(lang)
    path = output or Path(f"profil-{code}-{spoken}.pdf")
    profile = area_profile_pdf(release, level, code, spoken)
    with writing_to(path):
        path.write_bytes(profile)
    notices().print(say("report.done", path=path), markup=False)


def export(
    directory: Directory,
    form: Annotated[str, typer.Option("--format", help=say("export.format"))],
    output: Annotated[Path, typer.Option("-o", "--output", help=say("output"))],
    level: LevelOption = None,
    lang: LangOption = None,
) -> None:
    """Write the release, or one level of it, to a file to hand on."""
    from nabolag.publish.exports import Selection, write_export  # noqa: PLC0415

    release = workspace_at(directory).release()
    with writing_to(output):
        write_export(release, output, form, chosen_language(lang), Selection(level=level))
    notices().print(say("report.done", path=output), markup=False)


def named(table: pl.DataFrame, areas: pl.DataFrame) -> pl.DataFrame:
    """Add the areas' names; an area without a name keeps an empty one and is not lost."""
    names = areas.select("level", "code", "name").rename({"code": "area"}).unique(["level", "area"])
    return table.join(names, on=["level", "area"], how="left", maintain_order="left")


def _one(value: str | None) -> tuple[str, ...] | None:
    return None if value is None else (value,)
