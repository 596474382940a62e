"""Commands about state money and need: grants, whether money reaches need, expenditure need."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from nabolag.cli.figures import FormatOption, LangOption, OutputOption, named
from nabolag.cli.opening import workspace_at
from nabolag.cli.output import TableFormat, emit
from nabolag.cli.speech import notices, print_finding, say, spoken
from nabolag.cli.workspaces import Directory
from nabolag.core import error

_SUMS = ("place", "ministry", "municipality", "year")


class Inside(StrEnum):
    """Tables of the house: every line as delivered."""

    LINES = "lines"
    PROBLEMS = "problems"


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    grants = typer.Typer(help=say("grants.help"), no_args_is_help=True)
    grants.command("ledger", help=say("grants.ledger"))(ledger)
    grants.command("other", help=say("grants.other"))(other)
    grants.command("list", help=say("grants_list.help"))(listed)
    app.add_typer(grants, name="grants")
    app.command("reach", help=say("reach.help"))(reach)
    app.command("need-index", help=say("need.index"))(need_index)
    app.command("expenditure-need", help=say("need_own.help"))(expenditure_need)


def ledger(
    file: Annotated[Path | None, typer.Argument(help=say("grants.file"))] = None,
    by: Annotated[str, typer.Option("--by", help=say("grants.by"))] = "",
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
) -> None:
    """Print the grants, or their sums by place, ministry, municipality or year."""
    import polars as pl  # noqa: PLC0415

    from nabolag.allocation.grants import ledger as packaged  # noqa: PLC0415
    from nabolag.allocation.grants import read_ledger  # noqa: PLC0415
    from nabolag.publish.views.money.grants import ledger_frame  # noqa: PLC0415

    held = packaged() if file is None else read_ledger(file)
    if not by:
        emit(ledger_frame(held), form, output)
        return
    if by not in _SUMS:
        raise error("grants_by", given=by, known=", ".join(_SUMS))
    rows = [{by: str(key), "kroner": kroner} for key, kroner in held.sums(by).items()]
    emit(pl.DataFrame(rows, schema={by: pl.String, "kroner": pl.Int64}), form, output)


def listed(
    directory: Directory,
    asked: Annotated[str | None, typer.Argument(help=say("grants_list.list"))] = None,
    *,
    table: Annotated[str, typer.Option("--table", help=say("grants_list.table"))] = "amounts",
    inside: Annotated[
        Inside | None, typer.Option("--inside", help=say("grants_list.inside"))
    ] = None,
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
) -> None:
    """Print a list of grants of a release, or its lines as they were delivered."""
    workspace = workspace_at(directory)
    if inside is not None:
        from nabolag.pipeline.granting import grants_inside  # noqa: PLC0415

        found = grants_inside(workspace, asked)
        for finding in found.findings:
            print_finding(notices(), finding)
        emit(getattr(found, inside.value), form, output)
        return
    release = workspace.release()
    held = {name: one for name, one in release.reckoned.items() if one.kind == "grants"}
    if not held or (asked is not None and asked not in held):
        raise error("grants_list_unknown", given=asked or "–", known=", ".join(held) or "–")
    one = held[asked] if asked else next(iter(held.values()))
    if table not in one.tables:
        raise error("analysis_table_unknown", given=table, known=", ".join(one.tables))
    frame = one.table(table)
    emit(named(frame, release.areas) if "area" in frame.columns else frame, form, output)


def other(
    lang: LangOption = None,
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
) -> None:
    """Print what the documents say of other grants, with lines."""
    from nabolag.publish.views.money.grants import other_frame  # noqa: PLC0415

    emit(other_frame(spoken(lang)), form, output)


def reach(  # noqa: PLR0913
    file: Annotated[Path, typer.Argument(help=say("reach.file"))],
    *,
    low_is_need: Annotated[bool, typer.Option("--low-is-need", help=say("reach.low"))] = False,
    top: Annotated[float, typer.Option(help=say("reach.top"))] = 0.2,
    draws: Annotated[int, typer.Option(help=say("reach.draws"))] = 2000,
    seed: Annotated[int, typer.Option(help=say("reach.seed"))] = 1,
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
) -> None:
    """Score amounts by area against a measure of need; what is hidden gives bounds."""
    from nabolag.allocation.reach import Reach, areas_of, read_areas  # noqa: PLC0415
    from nabolag.publish.views.money.reach import score_frame  # noqa: PLC0415

    areas, findings = areas_of(read_areas(file), high_is_need=not low_is_need)
    for finding in findings:
        print_finding(notices(), finding)
    emit(score_frame(Reach(top=top, draws=draws, seed=seed).score(areas)), form, output)


def need_index(
    file: Annotated[Path, typer.Argument(help=say("need.file"))],
    weights: Annotated[Path, typer.Argument(help=say("need.weights"))],
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
) -> None:
    """Compute expenditure need from sector indices, or from criteria, and given weights."""
    from nabolag.allocation.need import need_index as from_criteria  # noqa: PLC0415
    from nabolag.allocation.need import read_indices, read_weights, total_index  # noqa: PLC0415

    model, given = read_weights(weights), read_indices(file)
    if "criterion" in given.columns:
        _, total = from_criteria(given, model)
    else:
        total = total_index(given, model)
    emit(total, form, output)


def expenditure_need(
    directory: Directory,
    table: Annotated[str, typer.Option("--table", help=say("need_own.table"))] = "totals",
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
) -> None:
    """Print the expenditure need of a release."""
    from nabolag.publish.views.money.need_own import need_of  # noqa: PLC0415

    held = need_of(workspace_at(directory).release())
    if held is None:
        raise error("need_index_absent")
    if table not in held.tables:
        raise error("analysis_table_unknown", given=table, known=", ".join(held.tables))
    emit(held.table(table), form, output)
