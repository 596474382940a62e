"""Commands about spending models: which there are, what a release says, and estimating one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from nabolag.cli.figures import FormatOption, LangOption, OutputOption
from nabolag.cli.opening import workspace_at
from nabolag.cli.output import TableFormat, emit, writing_to
from nabolag.cli.speech import chosen_language, language, notices, print_finding, results, say
from nabolag.cli.workspaces import Directory
from nabolag.core import Lang, Place, error, label

if TYPE_CHECKING:
    from nabolag.publish.spending import Model

ModelArgument: TypeAlias = Annotated[str, typer.Argument(help=say("spending.model"))]
LayoutOption: TypeAlias = Annotated[str | None, typer.Option("--layout", help=say("spending.form"))]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    spending = typer.Typer(help=say("spending.help"), no_args_is_help=True)
    spending.command("list", help=say("spending.list"))(list_)
    spending.command("describe", help=say("spending.describe"))(describe)
    spending.command("show", help=say("spending.show"))(show)
    spending.command("run", help=say("spending.run"))(run)
    spending.command("table", help=say("spending.table"))(table)
    app.add_typer(spending, name="spending")


def list_(
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
    lang: LangOption = None,
) -> None:
    """Print the report's tables that can be estimated."""
    import polars as pl  # noqa: PLC0415

    from nabolag.spending import named_models, uses_background  # noqa: PLC0415

    spoken = chosen_language(lang)
    rows = [
        {
            "id": spec.id,
            "table": spec.table,
            "title": spec.title.in_(spoken),
            "unit": spec.unit,
            "columns": len(spec.columns),
            "outcomes": ";".join(dict.fromkeys(one.outcome for one in spec.columns)),
            "background": uses_background(spec),
            "lines": spec.lines,
        }
        for spec in named_models().values()
    ]
    emit(pl.DataFrame(rows), form, output)


def describe(
    model: ModelArgument,
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
    lang: LangOption = None,
) -> None:
    """Print the columns a model needs in a table, with their scales, and what it rests on."""
    import polars as pl  # noqa: PLC0415

    from nabolag.spending import name_of, named_model, variables  # noqa: PLC0415
    from nabolag.spending.delivered import wanted  # noqa: PLC0415

    spoken = chosen_language(lang)
    spec = named_model(model)
    groups, numbers = wanted(spec)
    known = variables()
    rows = [
        {"column": one, "scale": known[one].scale if one in known else "group",
         "made": one in known and known[one].derived, "name": name_of(one, spoken),
         "lines": known[one].lines if one in known else ""}
        for one in (*groups, *numbers)
    ]  # fmt: skip
    emit(pl.DataFrame(rows), form, output)
    for choice in spec.choices:
        key = "yes" if choice.stated else "no"
        stated = label(f"spending.page.stated.{key}", spoken)
        told = f"{stated}: {choice.text.in_(spoken)} {choice.lines}".rstrip()
        notices().print(told, markup=False)


def show(
    directory: Directory,
    model: Annotated[str | None, typer.Argument(help=say("spending.model"))] = None,
    layout: LayoutOption = None,
    output: OutputOption = None,
    lang: LangOption = None,
) -> None:
    """Print the released models' answers, or one model's table as the report prints it."""
    from nabolag.publish.spending import model_of  # noqa: PLC0415
    from nabolag.publish.views.money.spending import spending_page  # noqa: PLC0415

    release = workspace_at(directory).release()
    spoken = chosen_language(lang)
    if model is None:
        for known in release.models:
            page = spending_page(release, {"modell": known}, spoken)
            results().print(f"{known}: {page.opening}", markup=False)
        return
    if model not in release.models:
        raise error("spending_model_unknown", given=model, near="–",
                    known=", ".join(release.models) or "–")  # fmt: skip
    _hand_over(model_of(release.models[model]), layout, output, spoken)


def run(
    directory: Directory,
    model: ModelArgument,
    layout: LayoutOption = None,
    output: OutputOption = None,
    lang: LangOption = None,
) -> None:
    """Estimate a model that the workspace declares, on its registers or its file, here and now."""
    from nabolag.pipeline.spending import run_one  # noqa: PLC0415
    from nabolag.publish.spending import model_of_result  # noqa: PLC0415

    declared, result = run_one(workspace_at(directory), model)
    spoken = chosen_language(lang)
    made = replace(model_of_result(result), id=declared.id, title=declared.headings())
    _hand_over(made, layout, output, spoken)


def table(  # noqa: PLR0913, PLR0917 - options of a command
    model: ModelArgument,
    file: Annotated[Path, typer.Argument(help=say("spending.file"))],
    variable: Annotated[
        list[str] | None, typer.Option("--variable", help=say("spending.variable"))
    ] = None,
    columns: Annotated[str | None, typer.Option("--columns", help=say("spending.columns"))] = None,
    years: Annotated[str | None, typer.Option("--years", help=say("spending.years"))] = None,
    layout: LayoutOption = None,
    output: OutputOption = None,
    lang: LangOption = None,
) -> None:
    """Estimate one of the report's tables on a file with a row for each unit and year."""
    from nabolag.publish.spending import model_of_result  # noqa: PLC0415
    from nabolag.spending import estimate  # noqa: PLC0415
    from nabolag.spending.declared import SpendingSpec  # noqa: PLC0415
    from nabolag.spending.delivered import read_units  # noqa: PLC0415
    from nabolag.store import parse_section  # noqa: PLC0415

    asked = {
        "id": "tabell",
        "model": model,
        "file": file.name,
        "variables": _pairs(variable or []),
        "columns": _whole(columns, "columns", ","),
        "years": _whole(years, "years", "-") or None,
    }
    declared = parse_section(SpendingSpec, asked, "", "spending")
    declared.check()
    if not file.is_file():
        raise error("spending_file_absent", Place(str(file)))
    units = read_units(declared, file, file.name)
    result = estimate(declared.spec(), units.frame, declared.inference)
    _hand_over(model_of_result(result), layout, output, chosen_language(lang))


def _pairs(given: list[str]) -> dict[str, str]:
    """Read «share_low_income=Lavinntekt». Raises `UserError` for what has no equals sign."""
    wrong = next((one for one in given if "=" not in one), None)
    if wrong is not None:
        raise error("spending_variable_form", given=wrong)
    return dict(one.split("=", 1) for one in given)


def _whole(given: str | None, option: str, between: str) -> tuple[int, ...]:
    """Read «1,2,4» or «2015-2018». Raises `UserError` for what is no whole number."""
    if not given:
        return ()
    parts = [one.strip() for one in given.split(between)]
    if not all(one.isdigit() for one in parts):
        raise error("spending_option_form", option=option, given=given)
    return tuple(int(one) for one in parts)


def _hand_over(model: Model, layout: str | None, output: Path | None, lang: Lang) -> None:
    """Write the table to a file, or print it; what was noticed goes to standard error."""
    from nabolag.publish.spending import (  # noqa: PLC0415
        LAYOUT_FORMS,
        as_text,
        layout_bytes,
        layout_of,
    )
    from nabolag.publish.spending.sentences import in_names  # noqa: PLC0415

    for finding in model.findings:
        print_finding(notices(), in_names(finding, language()))
    form = layout or (output.suffix.lstrip(".") if output else "")
    if not form and output is None:
        results().print(as_text(layout_of(model, lang)), markup=False)
        return
    content = layout_bytes(model, form, lang)
    path = output or Path(f"{model.id}-{lang}{LAYOUT_FORMS[form].suffix}")
    with writing_to(path):
        path.write_bytes(content)
    notices().print(say("report.done", path=path), markup=False)
