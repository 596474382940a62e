"""The same change in other sectors, side by side and never added up."""

from __future__ import annotations

from collections.abc import Iterator

from nabolag.core import Lang, label
from nabolag.publish.views.analyses.common import columns_of
from nabolag.publish.views.analyses.model import Cell, TableView
from nabolag.publish.views.money.extra_words import amount_words, outcome_words, per_words
from nabolag.spending.extra_cost import Estimate, ExtraCost, Scenario, extra_cost, usable
from nabolag.spending.extra_cost.estimate import INDICATORS
from nabolag.spending.printed import checked_report

_KEYS = ("sector", "per", "value", "lower", "upper", "model")
_NUMERIC = ("value", "lower", "upper")


def sectors(cost: ExtraCost) -> tuple[ExtraCost, ...]:
    """Return the same change in every other outcome of the same sample, for one of each base.

    Models of the same kind are taken: with all indicators together, or with this one alone.
    Nothing for a difference between groups, or a reader's own coefficient.
    """
    if cost.estimate.printed is None or cost.minus is not None:
        return ()
    scenario = Scenario(cost.scenario.change, cost.scenario.unit, level=cost.scenario.level)
    return tuple(extra_cost(one, scenario) for one in _alike(cost.estimate))


def sector_table(costs: tuple[ExtraCost, ...], lang: Lang) -> TableView:
    """Return the table. It has no sum, and says why."""
    columns = columns_of("extra_cost", _KEYS, _NUMERIC, lang)
    rows = tuple(_row(cost, lang) for cost in costs)
    note = label("extra_cost.page.sectors_note", lang)
    return TableView("sektorer", label("extra_cost.page.sectors", lang), columns, rows, note)


def _alike(chosen: Estimate) -> Iterator[Estimate]:
    assert chosen.printed is not None  # noqa: S101 - narrowing
    column, term = chosen.column, chosen.printed.cell.key.term
    assert column is not None  # noqa: S101
    together = _together(chosen)
    for one in usable():
        other = one.column
        if one.printed is None or other is None or one.printed.cell.key.term != term:
            continue
        elsewhere = other.sample == column.sample and other.outcome != column.outcome
        if elsewhere and one.step == chosen.step and _together(one) == together:
            yield one


def _together(estimate: Estimate) -> bool:
    """Tell whether the model holds other living-condition indicators fixed."""
    assert estimate.printed is not None  # noqa: S101 - narrowing
    key = estimate.printed.cell.key
    table = checked_report().printed.by_id[key.table]
    terms = {cell.key.term for cell in table.cells if cell.key.model == key.model}
    return len(terms & set(INDICATORS)) > 1


def _row(cost: ExtraCost, lang: Lang) -> tuple[Cell, ...]:
    first, printed = cost.amounts[0], cost.estimate.printed
    assert printed is not None  # noqa: S101 - narrowing
    outcome = outcome_words(cost.estimate, lang)
    key = printed.cell.key
    where = label("printed.page.at", lang, table=key.table, model=key.model)
    amounts = (
        Cell(amount_words(first, value, lang), value)
        for value in (first.value, first.lower, first.upper)
    )
    per = per_words(first, cost.estimate, lang)
    return (Cell(outcome, outcome), Cell(per, per), *amounts, Cell(where, where))
