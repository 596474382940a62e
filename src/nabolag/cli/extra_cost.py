"""Commands about extra cost: which coefficients there are, an amount, the worked examples."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from nabolag.cli.figures import FormatOption, LangOption, OutputOption
from nabolag.cli.output import TableFormat, emit
from nabolag.cli.speech import notices, print_finding, results, say, spoken
from nabolag.core import error

if TYPE_CHECKING:
    from nabolag.spending.extra_cost import Estimate, ExtraCost, Scenario

_Floating: TypeAlias = float | None
ChangeOption: TypeAlias = Annotated[float, typer.Option(help=say("extra_cost.change"))]
UnitOption: TypeAlias = Annotated[str, typer.Option(help=say("extra_cost.unit"))]
PopulationOption: TypeAlias = Annotated[_Floating, typer.Option(help=say("extra_cost.population"))]
HoursOption: TypeAlias = Annotated[_Floating, typer.Option(help=say("extra_cost.hours"))]
CostOption: TypeAlias = Annotated[_Floating, typer.Option(help=say("extra_cost.cost"))]
MeanOption: TypeAlias = Annotated[_Floating, typer.Option(help=say("extra_cost.mean"))]
ConfidenceOption: TypeAlias = Annotated[float, typer.Option(help=say("extra_cost.level"))]
FormOption: TypeAlias = Annotated[TableFormat | None, typer.Option("--format", help=say("format"))]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    group = typer.Typer(help=say("extra_cost.help"), no_args_is_help=True)
    group.command("choices", help=say("extra_cost.choices"))(choices)
    group.command("compute", help=say("extra_cost.compute"))(compute)
    group.command("own", help=say("extra_cost.own"))(own)
    group.command("examples", help=say("extra_cost.examples"))(examples)
    app.add_typer(group, name="extra-cost")


def choices(
    outcome: Annotated[str, typer.Option("--outcome", help=say("extra_cost.outcome"))] = "",
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
) -> None:
    """Print every coefficient of the report that an extra cost can be computed from."""
    import polars as pl  # noqa: PLC0415

    from nabolag.spending.extra_cost import usable  # noqa: PLC0415

    rows = [
        {
            "name": one.name,
            "outcome": one.column.outcome,
            "unit": one.unit,
            "base": one.base,
            "step": one.step,
            "sample": one.column.sample,
            "coefficient": one.value,
            "standard_error": one.error,
        }
        for one in usable()
        if one.column is not None and outcome in ("", one.column.outcome)
    ]
    if not rows:
        known = ", ".join(dict.fromkeys(one.column.outcome for one in usable() if one.column))
        raise error("extra_cost_outcome_unknown", given=outcome, known=known)
    emit(pl.DataFrame(rows), form, output)


def compute(  # noqa: PLR0913
    coefficient: Annotated[str, typer.Argument(help=say("extra_cost.name"))],
    *,
    change: ChangeOption = 1.0,
    unit: UnitOption = "",
    population: PopulationOption = None,
    base: Annotated[str, typer.Option(help=say("extra_cost.base"))] = "",
    minus: Annotated[str, typer.Option(help=say("extra_cost.minus"))] = "",
    hours_per_position: HoursOption = None,
    cost_per_position: CostOption = None,
    mean: MeanOption = None,
    level: ConfidenceOption = 0.95,
    form: FormOption = None,
    output: OutputOption = None,
    lang: LangOption = None,
) -> None:
    """Compute an extra cost from one of the report's coefficients."""
    from nabolag.spending.extra_cost import extra_cost, from_report  # noqa: PLC0415

    estimate = from_report(coefficient)
    given = (population, base, hours_per_position, cost_per_position, mean, level)
    scenario = _scenario(estimate, change, unit, given)
    cost = extra_cost(estimate, scenario, from_report(minus) if minus else None)
    _tell(cost, form, output, lang)


def own(  # noqa: PLR0913
    value: Annotated[float, typer.Argument(help=say("extra_cost.value"))],
    standard_error: Annotated[float, typer.Argument(help=say("extra_cost.error"))],
    *,
    df: Annotated[int | None, typer.Option(help=say("extra_cost.df"))] = None,
    counts: Annotated[str, typer.Option(help=say("extra_cost.counts"))] = "nok",
    base: Annotated[str, typer.Option(help=say("extra_cost.base"))] = "inhabitants",
    step: Annotated[str, typer.Option(help=say("extra_cost.step"))] = "percentage_point",
    change: ChangeOption = 1.0,
    unit: UnitOption = "",
    population: PopulationOption = None,
    hours_per_position: HoursOption = None,
    cost_per_position: CostOption = None,
    mean: MeanOption = None,
    level: ConfidenceOption = 0.95,
    form: FormOption = None,
    output: OutputOption = None,
    lang: LangOption = None,
) -> None:
    """Compute an extra cost from a coefficient of one's own."""
    from nabolag.spending.extra_cost import extra_cost  # noqa: PLC0415
    from nabolag.spending.extra_cost import own as own_estimate  # noqa: PLC0415

    estimate = own_estimate(value, standard_error, counts, base, step, df)
    given = (population, base, hours_per_position, cost_per_position, mean, level)
    _tell(extra_cost(estimate, _scenario(estimate, change, unit, given)), form, output, lang)


_Given: TypeAlias = tuple[
    float | None, str, float | None, float | None, float | None, float
]  # population, base, hours and kroner a position, mean, level


def _scenario(estimate: Estimate, change: float, unit: str, given: _Given) -> Scenario:
    from nabolag.publish.views.money.extra_asked import UNIT_OF_STEP  # noqa: PLC0415
    from nabolag.spending.extra_cost import Scenario  # noqa: PLC0415

    wanted = unit or UNIT_OF_STEP[estimate.step]
    return Scenario(change, wanted, *given)  # type: ignore[arg-type]


def _tell(cost: ExtraCost, form: TableFormat | None, output: Path | None, lang: str | None) -> None:
    """Say the answer with what must be known of it, or write the amounts as a table."""
    from nabolag.publish.views.money.extra_cost import amounts_frame  # noqa: PLC0415
    from nabolag.publish.views.money.extra_words import answer  # noqa: PLC0415

    chosen = spoken(lang)
    for finding in cost.findings:
        print_finding(notices(), finding)
    if form is not None or output is not None:
        emit(amounts_frame(cost, chosen), form or TableFormat.CSV, output)
        return
    results().print(answer(cost, chosen), markup=False)
    for words in cost.caveat_words(chosen):
        results().print(f"  {words}", markup=False)


def examples(
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
    lang: LangOption = None,
) -> None:
    """Print the report's 23 worked examples, recomputed."""
    from nabolag.publish.views.money.worked import worked_frame  # noqa: PLC0415

    emit(worked_frame(spoken(lang)), form, output)
