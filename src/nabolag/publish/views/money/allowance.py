"""The page about housing allowance: one household step by step, and a reform by area and size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from nabolag.allocation.housing_allowance import Steps, along_income, steps, terms_of
from nabolag.core import Lang, label
from nabolag.publish.figures.allowance import Paid, paid_along_income
from nabolag.publish.figures.base import Words
from nabolag.publish.numbers import format_count, format_number
from nabolag.publish.views.analyses.common import columns_of
from nabolag.publish.views.analyses.model import Cell, Picture, TableView
from nabolag.publish.views.facts import Facts, facts_of
from nabolag.publish.views.money.allowance_reform import Reformed, reformed
from nabolag.publish.views.money.model import Field, MoneyView, TableFile
from nabolag.publish.views.money.reading import Limits, number_field
from nabolag.publish.views.money.schemes import made_on
from nabolag.publish.views.money.words import kroner
from nabolag.publish.views.shared import notices, source_lines
from nabolag.rules import HousingAllowanceTerms
from nabolag.store import Release

#: The document and the tables in a release.
NAME: Final = "housing_allowance"
_PERSONS, _INCOME, _COST = 4, 25_000.0, 12_000.0
_POINTS: Final = 121


@dataclass(frozen=True, slots=True)
class _Terms:
    """The terms that hold, those after the reform where there is one, and whose they are."""

    before: HousingAllowanceTerms
    after: HousingAllowanceTerms | None
    example: bool


def allowance_page(release: Release, asked: Mapping[str, str], lang: Lang) -> MoneyView:
    """Return the page. The calculator is there whatever the release holds."""
    facts, terms = facts_of(release), _terms(release)
    own, fields = _household(asked, terms.before, lang)
    found = reformed(facts, release.bundle, NAME, lang) if release.bundle.has(NAME) else None
    step_table = _steps_table(own, terms.before, lang)
    files = (TableFile("utregning", step_table.title, _steps_frame(own)),)
    return MoneyView(
        lang=lang,
        title=label("allowance.title", lang),
        question=label("allowance.question", lang),
        opening=_opening(own, terms, found, lang),
        lead=(*_warning(terms, lang), *(found.lead if found else (_absent(lang),))),
        notices=notices(facts, lang),
        fields=fields,
        pictures=(_picture(own, terms, lang),),
        tables=(step_table, _terms_table(terms, lang), *(found.tables if found else ())),
        sure=_sure(terms, found, lang),
        rule=label("allowance.rule", lang),
        sources=_sources(facts, found, lang),
        files=(*files, *(found.files if found else ())),
    )


def _terms(release: Release) -> _Terms:
    """Return the workspace's terms where the release has them, else the house's example."""
    if release.bundle.has(NAME):
        document = release.bundle.document(NAME)
        before, after = terms_of(document["before"]), terms_of(document["after"])
        return _Terms(before, after, str(document["before"].get("status")) == "example")
    return _Terms(HousingAllowanceTerms.at(made_on(release)), None, example=True)


def _household(
    asked: Mapping[str, str], terms: HousingAllowanceTerms, lang: Lang
) -> tuple[Steps, tuple[Field, ...]]:
    persons, persons_field = number_field(
        asked, "personer", _PERSONS, Limits(1, 20), lang, heading=label("allowance.persons", lang)
    )
    income, income_field = number_field(
        asked, "inntekt", _INCOME, Limits(0, 1e7), lang,
        heading=label("allowance.income", lang), unit=label("allowance.monthly", lang),
        help=label("allowance.income_help", lang),
    )  # fmt: skip
    cost, cost_field = number_field(
        asked, "boutgifter", _COST, Limits(0, 1e7), lang,
        heading=label("allowance.cost", lang), unit=label("allowance.monthly", lang),
        help=label("allowance.cost_help", lang),
    )  # fmt: skip
    own = steps(int(persons or _PERSONS), income or 0.0, cost or 0.0, terms)
    return own, (persons_field, income_field, cost_field)


def _opening(own: Steps, terms: _Terms, found: Reformed | None, lang: Lang) -> str:
    words = {
        "persons": format_count(own.persons, lang),
        "income": kroner(own.income, lang),
        "cost": kroner(own.housing_cost, lang),
        "paid": kroner(own.paid, lang),
        "limit": kroner(own.limit, lang),
    }
    key = "paid" if own.paid > 0 else "above" if not own.within else "nothing"
    said = label(f"allowance.opening_{key}", lang, n=own.persons, **words)
    said = f"{label('allowance.by_example', lang)} {said}" if terms.example else said
    return f"{said} {found.opening}" if found else said


def _warning(terms: _Terms, lang: Lang) -> tuple[str, ...]:
    if terms.example:
        return (label("allowance.example", lang),)
    return (label("allowance.own_tables", lang, reference=terms.before.reference),)


def _absent(lang: Lang) -> str:
    return label("allowance.no_reform", lang)


def _steps_table(own: Steps, terms: HousingAllowanceTerms, lang: Lang) -> TableView:
    """Return the computation, a line for each step."""

    def row(key: str, amount: float | None, **words: str) -> tuple[Cell, ...]:
        name = label(f"allowance.step.{key}", lang)
        how = label(f"allowance.how.{key}", lang, n=None, **words)
        shown = "–" if amount is None else format_number(amount, lang, 0)
        return Cell(name), Cell(how), Cell(shown, amount)

    def bare(amount: float) -> str:
        return format_number(amount, lang)

    low, start, rate = (
        getattr(terms, f"own_share_{part}")[own.band] for part in ("from", "start", "percent")
    )
    persons = format_count(own.persons, lang)
    inside = label("allowance.within" if own.within else "allowance.not_within", lang)
    percent = format_number(own.paid_percent, lang, 1)
    rows = (
        row("cost", own.housing_cost),
        row("approved", own.approved, ceiling=bare(own.ceiling), persons=persons),
        row("own_share", own.own_share, start=bare(start), percent=format_number(rate, lang, 0),
            income=bare(own.income), low=bare(low)),
        row("left", own.left),
        row("limit", own.limit, persons=persons, inside=inside),
        row("paid", own.paid, percent=percent),
    )  # fmt: skip
    columns = columns_of("allowance", ("step", "how", "kroner"), ("kroner",), lang)
    return TableView("utregning", label("allowance.table.steps", lang), columns, rows)


def _steps_frame(own: Steps) -> pl.DataFrame:
    return pl.DataFrame([{name: getattr(own, name) for name in Steps.__dataclass_fields__}])


def _terms_table(terms: _Terms, lang: Lang) -> TableView:
    """Return the tables by household size that are used, before and after the reform."""
    before, after = terms.before, terms.after
    sizes = max(len(before.cost_ceilings), len(before.income_limits))

    def entry(table: tuple[float, ...], size: int) -> Cell:
        amount = table[min(size, len(table)) - 1]
        return Cell(format_number(amount, lang), amount)

    keys = ["size", "ceiling", "limit", *(["ceiling_new", "limit_new"] if after else [])]
    columns = columns_of("allowance", keys, keys[1:], lang)
    rows = []
    for size in range(1, sizes + 1):
        name = label("allowance.size_last" if size == sizes else "allowance.size", lang, n=size)
        cells = [Cell(name, size), entry(before.cost_ceilings, size),
                 entry(before.income_limits, size)]  # fmt: skip
        if after:
            cells += [entry(after.cost_ceilings, size), entry(after.income_limits, size)]
        rows.append(tuple(cells))
    key = "example_status" if terms.example else "own_status"
    note = label(f"allowance.{key}", lang, reference=before.reference)
    return TableView("satser", label("allowance.table.terms", lang), columns, tuple(rows), note)


def _picture(own: Steps, terms: _Terms, lang: Lang) -> Picture:
    """Draw what such a household is paid along income."""
    top = max(own.income, own.limit * 1.2, 1.0)
    incomes = [float(one) for one in np.linspace(0, top, _POINTS)]
    named = {"before": terms.before} | ({"after": terms.after} if terms.after else {})
    lines = [
        Paid(label(f"allowance.line.{key}", lang), incomes,
             along_income(incomes, own.persons, own.housing_cost, one))
        for key, one in named.items()
    ]  # fmt: skip
    title = label("allowance.picture", lang)
    household = label("allowance.picture_note", lang, n=own.persons,
                      cost=kroner(own.housing_cost, lang))  # fmt: skip
    words = Words(
        title=title,
        subtitle=household,
        description=label(
            "allowance.picture_alt", lang, household=household,
            most=kroner(lines[0].amounts[0], lang), limit=kroner(own.limit, lang),
        ),
        axis=label("allowance.axis", lang),
    )  # fmt: skip
    spec = paid_along_income(lines, (own.income, own.paid), words, label("allowance.across", lang))
    return Picture("inntekt", title, spec)


def _sure(terms: _Terms, found: Reformed | None, lang: Lang) -> tuple[str, ...]:
    said = [label("allowance.sure.percent", lang)]
    if terms.example:
        said.append(label("allowance.sure.example", lang))
    return (*said, *(found.sure if found else ()))


def _sources(facts: Facts, found: Reformed | None, lang: Lang) -> Any:
    return source_lines(facts, [found.source] if found else [], lang)
