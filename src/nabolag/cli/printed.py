"""Commands about printed regression tables: the report's, and a reader's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nabolag.cli.figures import FormatOption, LangOption, OutputOption
from nabolag.cli.output import TableFormat, emit
from nabolag.cli.speech import notices, results, say, spoken
from nabolag.core import Lang, label

if TYPE_CHECKING:
    from nabolag.spending.printed import Checked

_NAMED = 20


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    printed = typer.Typer(help=say("printed.help"), no_args_is_help=True)
    printed.command("list", help=say("printed.list"))(list_)
    printed.command("show", help=say("printed.show"))(show)
    printed.command("marks", help=say("printed.marks"))(marks)
    printed.command("errata", help=say("printed.errata"))(errata)
    printed.command("check", help=say("printed.check"))(check)
    app.add_typer(printed, name="printed")


def list_(
    find: Annotated[str, typer.Option("--find", help=say("printed.find"))] = "",
    lang: LangOption = None,
) -> None:
    """List the report's tables: name, how many coefficients, how many corrected, title."""
    from nabolag.spending.printed import checked_report  # noqa: PLC0415

    chosen, checked = spoken(lang), checked_report()
    for table in checked.printed.tables:
        title = table.title.in_(chosen)
        if find.lower() not in f"{table.id} {title}".lower():
            continue
        changed = sum(checked.corrected(cell).changed for cell in table.cells)
        line = f"{table.id:<5}{len(table.cells):>5}{changed:>5}  {title}"
        results().print(line, markup=False)


def show(
    table: Annotated[str, typer.Argument(help=say("printed.table"))] = "",
    changed: Annotated[bool, typer.Option("--changed", help=say("printed.changed"))] = False,
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
) -> None:
    """Print the coefficients of one table, or of all, printed beside corrected."""
    from nabolag.spending.printed import checked_report  # noqa: PLC0415
    from nabolag.spending.printed.frames import coefficient_frame  # noqa: PLC0415

    emit(coefficient_frame(checked_report(), table, only_changed=changed), form, output)


def marks(
    table: Annotated[str, typer.Argument(help=say("printed.table"))] = "",
    lang: LangOption = None,
) -> None:
    """Say what the check noticed, in one table or in all."""
    from nabolag.spending.printed import checked_report  # noqa: PLC0415

    checked = checked_report()
    wanted = checked.printed.table(table).id if table else ""
    _print_marks(checked, wanted, spoken(lang))


def errata(
    lang: LangOption = None,
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
) -> None:
    """Print the known errors of the report, and where the check found them."""
    from nabolag.spending.printed import checked_report  # noqa: PLC0415
    from nabolag.spending.printed.frames import erratum_frame  # noqa: PLC0415

    emit(erratum_frame(checked_report(), spoken(lang)), form, output)


def check(
    file: Annotated[Path, typer.Argument(help=say("printed.file"))],
    lang: LangOption = None,
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
) -> None:
    """Hold stars against t in a table of one's own; exit code 1 where something is marked."""
    from nabolag.spending.printed import check as checking  # noqa: PLC0415
    from nabolag.spending.printed import read_own  # noqa: PLC0415
    from nabolag.spending.printed.frames import coefficient_frame  # noqa: PLC0415

    checked = checking(read_own(file))
    emit(coefficient_frame(checked), form, output)
    chosen = spoken(lang)
    for told in checked.followed[:_NAMED]:
        way = told.convention
        df = way.df or 0
        law = label(f"printed.reads.{way.reference}", chosen, df=df, groups=df + 1)
        words = say("printed.follows", table=told.table, law=law)
        notices().print(words, markup=False)
    if checked.marks:
        _print_marks(checked, "", chosen, to_results=False)
        raise typer.Exit(1)
    notices().print(say("printed.sound"), markup=False)


def _print_marks(checked: Checked, table: str, lang: Lang, *, to_results: bool = True) -> None:
    console = results() if to_results else notices()
    told = [mark for mark in checked.marks if table in ("", mark.table)]
    if not told:
        console.print(say("printed.sound"), markup=False)
    for mark in told:
        name = label("printed.page.table_name", lang, table=mark.table)
        console.print(f"{name}: {mark.words(lang)}", markup=False)
