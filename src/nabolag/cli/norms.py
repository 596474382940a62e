"""Commands about the teacher norm and housing allowance: what their pages say, and the tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from nabolag.cli.figures import FormatOption, LangOption, OutputOption
from nabolag.cli.opening import workspace_at
from nabolag.cli.output import TableFormat, emit
from nabolag.cli.speech import chosen_language, notices, results, say
from nabolag.cli.workspaces import Directory
from nabolag.core import error

if TYPE_CHECKING:
    from nabolag.publish.views.money import MoneyView

TableOption: TypeAlias = Annotated[str | None, typer.Option("--table", help=say("norm.table"))]
YearOption: TypeAlias = Annotated[int | None, typer.Option("--year", help=say("norm.year"))]
StageOption: TypeAlias = Annotated[str | None, typer.Option("--stage", help=say("norm.stage"))]
StrengthOption: TypeAlias = Annotated[
    float | None, typer.Option("--strength", help=say("norm.strength"))
]
CeilingOption: TypeAlias = Annotated[
    float | None, typer.Option("--ceiling", help=say("norm.ceiling"))
]
BudgetOption: TypeAlias = Annotated[float | None, typer.Option("--budget", help=say("norm.budget"))]
BasisOption: TypeAlias = Annotated[str | None, typer.Option("--basis", help=say("norm.basis"))]
PersonsOption: TypeAlias = Annotated[
    int | None, typer.Option("--persons", help=say("allowance.persons"))
]
IncomeOption: TypeAlias = Annotated[
    float | None, typer.Option("--income", help=say("allowance.income"))
]
CostOption: TypeAlias = Annotated[float | None, typer.Option("--cost", help=say("allowance.cost"))]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("norm", help=say("norm.help"))(norm)
    app.command("allowance", help=say("allowance.help"))(allowance)


def norm(  # noqa: PLR0913, PLR0917 - options of a command
    directory: Directory,
    year: YearOption = None,
    stage: StageOption = None,
    strength: StrengthOption = None,
    ceiling: CeilingOption = None,
    budget: BudgetOption = None,
    basis: BasisOption = None,
    table: TableOption = None,
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
    lang: LangOption = None,
) -> None:
    """Say how the schools of a release stand to the teacher norm, or print one of its tables."""
    from nabolag.publish.views.money.norm import norm_page  # noqa: PLC0415

    asked = _asked({"ar": year, "trinn": stage, "styrke": strength, "tak": ceiling,
                    "budsjett": budget, "fordeling": basis})  # fmt: skip
    view = norm_page(workspace_at(directory).release(), asked, chosen_language(lang))
    _refuse(view, asked)
    _show(view, table, form, output)


def allowance(  # noqa: PLR0913, PLR0917 - options of a command
    directory: Directory,
    persons: PersonsOption = None,
    income: IncomeOption = None,
    cost: CostOption = None,
    table: TableOption = None,
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
    lang: LangOption = None,
) -> None:
    """Compute one household's housing allowance, and say what the release's reform does."""
    from nabolag.publish.views.money.allowance import allowance_page  # noqa: PLC0415

    asked = _asked({"personer": persons, "inntekt": income, "boutgifter": cost})
    view = allowance_page(workspace_at(directory).release(), asked, chosen_language(lang))
    _refuse(view, asked)
    _show(view, table, form, output)


def _asked(given: Mapping[str, object]) -> dict[str, str]:
    """Return what was given as an address has it."""
    return {name: str(value) for name, value in given.items() if value is not None}


def _refuse(view: MoneyView, asked: Mapping[str, str]) -> None:
    """Refuse what a page would tell of and not use: on the command line nothing is guessed."""
    for field in view.fields:
        given = asked.get(field.name)
        if field.problem:
            raise error("money_option_wrong", problem=field.problem)
        known = [choice.value for choice in field.choices]
        if given is not None and known and given not in known:
            raise error("money_choice_unknown", given=given, known=", ".join(known))


def _show(view: MoneyView, table: str | None, form: TableFormat, output: Path | None) -> None:
    if table is None:
        for words in (view.opening, *view.lead):
            results().print(words, markup=False)
        names = ", ".join(file.name for file in view.files)
        if names:
            notices().print(say("norm.tables", names=names), markup=False)
        return
    emit(view.file(table).frame, form, output)
