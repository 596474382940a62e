"""Commands that share a budget: what can be shared, by which models, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from nabolag.cli.figures import FormatOption, LangOption, OutputOption
from nabolag.cli.opening import workspace_at
from nabolag.cli.output import TableFormat, emit, writing_to
from nabolag.cli.speech import chosen_language, language, notices, say
from nabolag.cli.workspaces import Directory
from nabolag.core import Lang, UserError, error

if TYPE_CHECKING:
    from nabolag.publish.views.money.allocation.computed import Shared
    from nabolag.publish.views.money.allocation.opened import Opened
    from nabolag.publish.views.money.allocation.scenario import Read
    from nabolag.store import Release


def _help(key: str) -> str:
    return say(f"allocate.{key}")


OfOption: TypeAlias = Annotated[str, typer.Option("--of", help=_help("of"))]
BudgetOption: TypeAlias = Annotated[str, typer.Option("--budget", help=_help("budget"))]
PupilsOption: TypeAlias = Annotated[str, typer.Option("--pupils", help=_help("pupils"))]
WeightOption: TypeAlias = Annotated[
    list[str] | None, typer.Option("--weight", help=_help("weight"))
]
RuleOption: TypeAlias = Annotated[str, typer.Option("--rule", help=_help("rule"))]
ModelOption: TypeAlias = Annotated[str, typer.Option("--model", help=_help("model"))]
GuaranteeOption: TypeAlias = Annotated[str, typer.Option("--guarantee", help=_help("guarantee"))]
UnknownOption: TypeAlias = Annotated[str, typer.Option("--unknown", help=_help("unknown"))]
RoundingOption: TypeAlias = Annotated[str, typer.Option("--rounding", help=_help("rounding"))]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    allocate = typer.Typer(help=_help("help"), no_args_is_help=True)
    allocate.command("list", help=_help("list"))(list_)
    allocate.command("models", help=_help("models"))(models)
    allocate.command("share", help=_help("share"))(share)
    allocate.command("weights", help=_help("weights"))(weights)
    allocate.command("uncertain", help=_help("uncertain"))(uncertain)
    allocate.command("b11", help=_help("b11"))(b11)
    app.add_typer(allocate, name="allocate")


def list_(
    directory: Directory,
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
    lang: LangOption = None,
) -> None:
    """Print what can be shared in a release."""
    import polars as pl  # noqa: PLC0415

    from nabolag.publish.views.money.allocation import names_of, opened  # noqa: PLC0415

    release, spoken = workspace_at(directory).release(), chosen_language(lang)
    rows = []
    for name, words in names_of(release).items():
        one = opened(release, name, spoken)
        rows.append({"id": name, "name": words.in_(spoken), "units": len(one.units),
                     "budget": one.budget, "needs": ";".join(one.needs)})  # fmt: skip
    emit(pl.DataFrame(rows), form, output)


def models(
    form: FormatOption = TableFormat.CSV, output: OutputOption = None, lang: LangOption = None
) -> None:
    """Print the described models, with what documents say of them."""
    import polars as pl  # noqa: PLC0415

    from nabolag.allocation import presets  # noqa: PLC0415

    spoken = chosen_language(lang)
    rows = [
        {"id": one.id, "name": one.name.in_(spoken), "status": one.status, "as_of": one.as_of,
         "needs": ";".join(one.model.needs), "background": bool(one.model.background),
         "reference": one.reference, "words": one.words.in_(spoken)}
        for one in presets().values()
    ]  # fmt: skip
    emit(pl.DataFrame(rows), form, output)


def share(  # noqa: PLR0913, PLR0917 - options of a command
    directory: Directory,
    of: OfOption = "",
    model: ModelOption = "",
    budget: BudgetOption = "",
    pupils: PupilsOption = "",
    weight: WeightOption = None,
    rule: RuleOption = "",
    guarantee: GuaranteeOption = "",
    rounding: RoundingOption = "",
    unknown: UnknownOption = "",
    years: Annotated[int, typer.Option("--years", help=_help("years"))] = 1,
    workbook: Annotated[Path | None, typer.Option("--workbook", help=_help("workbook"))] = None,
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
    lang: LangOption = None,
) -> None:
    """Share a budget and print what each unit gets."""
    from nabolag.publish.views.money.allocation.book import allocation_workbook  # noqa: PLC0415
    from nabolag.publish.views.money.allocation.computed import compute  # noqa: PLC0415
    from nabolag.publish.views.money.allocation.scenario import start  # noqa: PLC0415
    from nabolag.publish.views.money.allocation.tables import files  # noqa: PLC0415

    asked = _asked(of=of, model=model, budget=budget, pupils=pupils, rule=rule, weight=weight,
                   guarantee=guarantee, rounding=rounding, unknown=unknown,
                   years=str(years))  # fmt: skip
    release, spoken = workspace_at(directory).release(), chosen_language(lang)
    found, read = _read(release, asked, spoken, given=bool(weight))
    computed = compute(found, read, start(found))
    _refuse(computed.shared)
    if workbook is not None:
        content = allocation_workbook(release, asked, spoken)
        with writing_to(workbook):
            workbook.write_bytes(content)
        notices().print(say("report.done", path=workbook), markup=False)
    wanted = ("overgang",) if computed.years is not None else ("enheter", "grenser")
    table = next(one for one in files(found, computed, spoken) if one.name in wanted)
    _tell(computed.shared)
    emit(table.frame, form, output)


def weights(  # noqa: PLR0913, PLR0917 - options of a command
    directory: Directory,
    at_least: Annotated[list[str], typer.Option("--at-least", help=_help("at_least"))],
    of: OfOption = "",
    model: ModelOption = "",
    budget: BudgetOption = "",
    pupils: PupilsOption = "",
    weight: WeightOption = None,
    rule: RuleOption = "",
    keep_size: Annotated[bool, typer.Option("--keep-size", help=_help("keep_size"))] = False,
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
    lang: LangOption = None,
) -> None:
    """Find the weights nearest the model's that give units at least so much, or say why none do."""
    import polars as pl  # noqa: PLC0415

    from nabolag.allocation import Demand, weights_for  # noqa: PLC0415
    from nabolag.publish.views.money.allocation.answering import proved  # noqa: PLC0415
    from nabolag.publish.views.money.allocation.scenario import model_of  # noqa: PLC0415

    asked = _asked(of=of, model=model, budget=budget, pupils=pupils, rule=rule, weight=weight)
    release, spoken = workspace_at(directory).release(), chosen_language(lang)
    found, read = _read(release, asked, spoken, given=bool(weight))
    least = {unit: int(kroner) for unit, kroner in _pairs(at_least, whole=True).items()}
    chosen = model_of(read.scenario, found, every=True)
    answer = weights_for(chosen, found.units, read.scenario.budget, Demand(least, not keep_size))
    if answer.proof is not None:
        for words in proved(found, answer.proof, spoken):
            notices().print(words, markup=False)
        raise typer.Exit(1)
    rows = [{"weight": name, "before": float(answer.before[name]), "after": float(value)}
            for name, value in answer.weights.items()]  # fmt: skip
    emit(pl.DataFrame(rows), form, output)


def uncertain(  # noqa: PLR0913, PLR0917 - options of a command
    directory: Directory,
    coefficient: Annotated[list[str], typer.Option("--coefficient", help=_help("coefficient"))],
    of: OfOption = "",
    budget: BudgetOption = "",
    pupils: PupilsOption = "",
    rule: RuleOption = "",
    draws: Annotated[int, typer.Option("--draws", help=_help("draws"))] = 1000,
    seed: Annotated[int, typer.Option("--seed", help=_help("seed"))] = 1,
    form: FormatOption = TableFormat.CSV,
    output: OutputOption = None,
    lang: LangOption = None,
) -> None:
    """Share by uncertain coefficients and print the interval of each unit."""
    from nabolag.allocation import Spread, coefficient_sensitivity  # noqa: PLC0415
    from nabolag.publish.numbers import format_number  # noqa: PLC0415
    from nabolag.publish.views.money.allocation.scenario import model_of  # noqa: PLC0415

    given = {name: _coefficient(name, text) for name, text in _pairs(coefficient).items()}
    alike = [f"{name}=1" for name in given]
    asked = _asked(of=of, budget=budget, pupils=pupils, rule=rule, weight=alike)
    release = workspace_at(directory).release()
    found, read = _read(release, asked, chosen_language(lang), given=False)
    others = {name: Fraction(int(name in given)) for name in read.scenario.points}
    read = replace(read, scenario=replace(read.scenario, points=others))
    chosen = model_of(read.scenario, found)
    spread = Spread(draws=draws, seed=seed)
    told = coefficient_sensitivity(chosen, found.units, read.scenario.budget, given, spread)
    if told.clipped:
        share = format_number(100 * told.clipped, language(), 1)
        notices().print(say("allocate.clipped", share=share), markup=False)
    emit(told.table, form, output)


def b11(form: FormatOption = TableFormat.CSV, output: OutputOption = None) -> None:
    """Print table B11 as printed and as computed, and how many amounts agree."""
    import polars as pl  # noqa: PLC0415

    from nabolag.allocation.b11 import b11_recomputed, table_b11  # noqa: PLC0415
    from nabolag.publish.views.money.allocation.computed import b11_agreement  # noqa: PLC0415

    same, count = b11_agreement()
    notices().print(say("allocate.agreement", same=same, count=count), markup=False)
    computed = {f"computed_{name}": list(made.kroner) for name, made in b11_recomputed().items()}
    emit(table_b11().hstack(pl.DataFrame(computed)), form, output)


#: What each option is called in an address, which is read the same way.
_IN_ADDRESS = {
    "of": "for", "model": "modell", "budget": "pott", "pupils": "elever", "rule": "regel",
    "guarantee": "garanti", "rounding": "runding", "unknown": "ukjent", "years": "aar",
}  # fmt: skip


def _asked(*, weight: list[str] | None, **options: str) -> dict[str, str]:
    """Return options as an address has them; criteria that are not given weigh nothing."""
    asked = {_IN_ADDRESS[name]: value for name, value in options.items() if value}
    return asked | {f"v_{name}": value for name, value in _pairs(weight or []).items()}


def _pairs(given: list[str], *, whole: bool = False) -> dict[str, str]:
    """Read `name=value` pairs. Raises `UserError` for what is none."""
    held = {}
    for one in given:
        name, is_there, value = one.partition("=")
        if not (name and is_there and value) or (whole and not value.isdigit()):
            raise error("allocation_pair", given=one)
        held[name] = value
    return held


def _coefficient(name: str, text: str) -> tuple[float, float]:
    middle, between, spread = text.partition(":")
    try:
        return float(middle.replace(",", ".")), float(spread.replace(",", "."))
    except ValueError as wrong:
        raise error("allocation_pair", given=f"{name}={middle}{between}{spread}") from wrong


def _read(
    release: Release, asked: Mapping[str, str], lang: Lang, *, given: bool
) -> tuple[Opened, Read]:
    """Read what is asked. Unlike a page, what is wrong stops here, weights short of 100 too."""
    from nabolag.allocation.numbers import total, written  # noqa: PLC0415
    from nabolag.publish.views.money.allocation import opened  # noqa: PLC0415
    from nabolag.publish.views.money.allocation.scenario import (  # noqa: PLC0415
        read_scenario,
        start,
    )

    found = opened(release, asked.get("for", ""), lang)
    offered = start(found, asked.get("modell", "")).points
    unknown = [k[2:] for k in asked if k.startswith("v_") and k[2:] not in offered]
    if unknown:
        raise error("allocation_need_unknown", name=unknown[0], known=", ".join(offered))
    if given:
        asked = {**{f"v_{name}": "0" for name in offered}, **asked}
    read = read_scenario(found, asked)
    if read.problems:
        raise UserError(*read.problems.values())
    points = total(read.scenario.points.values())
    if given and points != 100:
        raise error("allocation_points_sum", sum=written(points), left=written(100 - points))
    return found, read


def _refuse(shared: Shared) -> None:
    if shared.problems:
        raise UserError(*shared.problems)


def _tell(shared: Shared) -> None:
    """Say on standard error what the sum is, and who is not part of it."""
    from nabolag.publish.views.money.words import kroner  # noqa: PLC0415

    if shared.allocation is not None:
        made = shared.allocation
        total, budget = (kroner(one, language()) for one in (made.sum, made.budget))
        notices().print(say("allocate.sum", sum=total, budget=budget), markup=False)
    for unit in shared.without:
        notices().print(say("allocate.without", unit=unit), markup=False)
