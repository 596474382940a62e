"""The extra-cost page: a coefficient, a change and how many; the answer with its interval."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

import polars as pl

from nabolag.core import Lang, UserError, label
from nabolag.publish.figures.base import Words
from nabolag.publish.figures.effects import Effect, effects
from nabolag.publish.views.analyses.common import columns_of
from nabolag.publish.views.analyses.model import Cell, Picture, TableView
from nabolag.publish.views.money.asked import Numbers, told
from nabolag.publish.views.money.extra_asked import OWN, estimate_of, minus_of, scenario_of
from nabolag.publish.views.money.extra_fields import fields_of
from nabolag.publish.views.money.extra_sectors import sector_table, sectors
from nabolag.publish.views.money.extra_words import (
    amount_words,
    answer,
    law_words,
    outcome_words,
    per_words,
    percent,
    sum_words,
    term_words,
)
from nabolag.publish.views.money.model import MoneyView, TableFile
from nabolag.publish.views.money.parts import report_source
from nabolag.spending.extra_cost import (
    Amount,
    Estimate,
    ExtraCost,
    Scenario,
    extra_cost,
    from_report,
    usable,
)
from nabolag.store import Release


def extra_cost_page(release: Release, asked: Mapping[str, str], lang: Lang) -> MoneyView:
    """Return the page for what is asked. What cannot be computed is said, never a broken page."""
    numbers = Numbers(asked, lang)
    try:
        estimate = estimate_of(asked, numbers)
    except UserError as wrong:
        return _without(asked, numbers, from_report_standard(), told(wrong, lang), lang)
    try:
        scenario = scenario_of(estimate, asked, numbers)
        cost = extra_cost(estimate, scenario, minus_of(estimate, asked))
    except UserError as wrong:
        return _without(asked, numbers, estimate, told(wrong, lang), lang)
    if numbers.problems:
        return _without(asked, numbers, estimate, (), lang)
    return _page(cost, asked, numbers, lang)


def from_report_standard() -> Estimate:
    """Return the coefficient the page opens with."""
    return estimate_of({}, Numbers({}, "nb"))


def _page(cost: ExtraCost, asked: Mapping[str, str], numbers: Numbers, lang: Lang) -> MoneyView:
    beside = list(_beside(cost))
    law = label("extra_cost.page.law", lang, law=law_words(cost, lang),
                level=percent(cost.scenario.level, lang))  # fmt: skip
    return MoneyView(
        lang,
        label("extra_cost.page.title", lang),
        label("extra_cost.page.question", lang),
        answer(cost, lang),
        lead=(sum_words(cost, lang), *((_level_words(cost, lang),) if cost.level else ())),
        notices=tuple(finding.text(lang) for finding in cost.findings),
        fields=fields_of(cost.estimate, cost.minus, asked, numbers, lang),
        pictures=(_picture(cost, beside, lang),) if beside else (),
        tables=tuple(_tables(cost, beside, lang)),
        sure=(*cost.caveat_words(lang), law, label("extra_cost.page.no_sum", lang)),
        rule=label("extra_cost.page.rule", lang),
        sources=(report_source(lang),) if cost.estimate.printed else (),
        files=_files(cost, beside, lang),
    )


def _without(
    asked: Mapping[str, str],
    numbers: Numbers,
    estimate: Estimate,
    notices: tuple[str, ...],
    lang: Lang,
) -> MoneyView:
    """Return the page without an answer: the fields as they were filled in, and what is wrong."""
    return MoneyView(
        lang,
        label("extra_cost.page.title", lang),
        label("extra_cost.page.question", lang),
        label("extra_cost.page.no_answer", lang),
        notices=notices,
        fields=fields_of(estimate, None, asked, numbers, lang),
        sure=(label("extra_cost.page.no_sum", lang),),
        rule=label("extra_cost.page.rule", lang),
        sources=(report_source(lang),),
    )


def _level_words(cost: ExtraCost, lang: Lang) -> str:
    level = cost.level
    assert level is not None  # noqa: S101 - narrowing
    whole, lower, upper = (
        amount_words(level, end, lang) for end in (level.value, level.lower, level.upper)
    )
    return label("extra_cost.page.level", lang, value=whole, lower=lower, upper=upper)


def _beside(cost: ExtraCost) -> Iterator[ExtraCost]:
    """Go through every printed coefficient of the same outcome and variable, for one of the base.

    The difference between two groups has no others beside it.
    """
    column, printed = cost.estimate.column, cost.estimate.printed
    if column is None or printed is None or cost.minus is not None:
        return
    scenario = Scenario(cost.scenario.change, cost.scenario.unit, level=cost.scenario.level)
    for name in _alike(column.outcome, printed.cell.key.term):
        other = from_report(name)
        if other.step == cost.estimate.step and other.unit == cost.estimate.unit:
            yield extra_cost(other, scenario)


@cache
def _alike(outcome: str, term: str) -> tuple[str, ...]:
    return tuple(
        one.name
        for one in usable()
        if one.column and one.printed
        if one.column.outcome == outcome and one.printed.cell.key.term == term
    )


def _picture(cost: ExtraCost, beside: list[ExtraCost], lang: Lang) -> Picture:
    title = label("extra_cost.page.picture", lang)
    rows = [
        Effect(
            one.estimate.name,
            _where(one.estimate, lang),
            one.amounts[0].value,
            one.amounts[0].lower,
            one.amounts[0].upper,
            _spelled(one.amounts[0], lang),
            strong=one.estimate.name == cost.estimate.name,
        )
        for one in beside
    ]
    first = cost.amounts[0]
    unit = amount_words(first, 0.0, lang).replace("0", "").strip()
    axis = f"{unit} {per_words(first, cost.estimate, lang)}".strip()
    points = " ".join(f"{row.name}: {row.text}." for row in rows)
    words = Words(title, label("extra_cost.page.picture_note", lang,
                               level=percent(cost.scenario.level, lang)),
                  f"{title}. {points}", axis)  # fmt: skip
    source = report_source(lang).text
    return Picture("modeller", title, effects(rows, words, source, lang))


def _tables(cost: ExtraCost, beside: list[ExtraCost], lang: Lang) -> Iterator[TableView]:
    keys = ("amount", "value", "lower", "upper")
    columns = columns_of("extra_cost", keys, keys[1:], lang)
    rows = tuple(_amount_row(one, cost.estimate, lang) for one in cost.amounts)
    title = label("extra_cost.page.amounts", lang)
    yield TableView("belop", title, columns, rows, label("extra_cost.page.amounts_note", lang))
    if not beside:
        return
    heads = columns_of("extra_cost", ("model", "sample", "value", "lower", "upper"), keys[1:], lang)
    held = tuple(_model_row(one, lang) for one in beside)
    note = label("extra_cost.page.models_note", lang)
    yield TableView("modeller", label("extra_cost.page.picture", lang), heads, held, note)
    others = sectors(cost)
    if others:
        yield sector_table(others, lang)


def _amount_row(amount: Amount, estimate: Estimate, lang: Lang) -> tuple[Cell, ...]:
    per = per_words(amount, estimate, lang)
    name = per or label("extra_cost.page.all", lang)
    cells = (
        Cell(amount_words(amount, value, lang), value)
        for value in (amount.value, amount.lower, amount.upper)
    )
    return (Cell(name), *cells)


def _model_row(one: ExtraCost, lang: Lang) -> tuple[Cell, ...]:
    column = one.estimate.column
    assert column is not None  # noqa: S101 - narrowing; all of these are printed
    first = one.amounts[0]
    cells = (
        Cell(amount_words(first, value, lang), value)
        for value in (first.value, first.lower, first.upper)
    )
    where = _where(one.estimate, lang)
    sample = label(f"printed.sample.{column.sample}", lang)
    return (Cell(where, where), Cell(sample, sample), *cells)


def _where(estimate: Estimate, lang: Lang) -> str:
    assert estimate.printed is not None  # noqa: S101 - narrowing
    key = estimate.printed.cell.key
    return label("printed.page.at", lang, table=key.table, model=key.model)


def _spelled(amount: Amount, lang: Lang) -> str:
    ends = [amount_words(amount, end, lang) for end in (amount.lower, amount.upper)]
    return f"{amount_words(amount, amount.value, lang)} ({ends[0]} – {ends[1]})"


def _files(cost: ExtraCost, beside: list[ExtraCost], lang: Lang) -> tuple[TableFile, ...]:
    first = TableFile("belop", label("extra_cost.page.amounts", lang), amounts_frame(cost, lang))
    if not beside:
        return (first,)
    models = pl.concat([amounts_frame(one, lang) for one in beside])
    held = (first, TableFile("modeller", label("extra_cost.page.picture", lang), models))
    others = [amounts_frame(one, lang) for one in sectors(cost)]
    if not others:
        return held
    title = label("extra_cost.page.sectors", lang)
    return (*held, TableFile("sektorer", title, pl.concat(others)))


def amounts_frame(cost: ExtraCost, lang: Lang) -> pl.DataFrame:
    """Return the amounts with what they are made of, for a file."""
    scenario = cost.scenario
    rows = [
        {
            "coefficient": cost.estimate.name or OWN,
            "minus": cost.minus.name if cost.minus else "",
            "term": term_words(cost.estimate, lang),
            "outcome": outcome_words(cost.estimate, lang),
            "estimate": cost.estimate.value,
            "standard_error": cost.estimate.error,
            "degrees_of_freedom": cost.estimate.df,
            "change": scenario.change,
            "change_unit": scenario.unit,
            "population": scenario.population,
            "base": cost.estimate.base,
            "hours_per_position": scenario.hours_per_position,
            "cost_per_position": scenario.cost_per_position,
            "level": scenario.level,
            "unit": amount.unit,
            "per": amount.per,
            "value": amount.value,
            "lower": amount.lower,
            "upper": amount.upper,
            "caveats": " ".join(cost.caveats),
        }
        for amount in cost.amounts
    ]
    return pl.DataFrame(rows, schema_overrides=_SCHEMA)


_SCHEMA = {
    "degrees_of_freedom": pl.Int64,
    "population": pl.Float64,
    "hours_per_position": pl.Float64,
    "cost_per_position": pl.Float64,
}
