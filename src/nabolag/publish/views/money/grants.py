"""State grants to exposed areas: the ledger, what else is known, and what the state covers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from nabolag.allocation.grants import Covered, Grant, Ledger, ledger, other_grants
from nabolag.core import Lang, UserError, label
from nabolag.publish.figures.bars import Bar, bars
from nabolag.publish.figures.base import Words
from nabolag.publish.numbers import format_number
from nabolag.publish.views.analyses.model import Cell, Column, Picture, TableView
from nabolag.publish.views.money.asked import Numbers, told
from nabolag.publish.views.money.grants_own import DOCUMENT, list_field, own_page
from nabolag.publish.views.money.model import Field, MoneyView, TableFile
from nabolag.publish.views.money.parts import report_source, white_paper_source
from nabolag.store import Release

_OWN = ("state", "municipality", "spending")
_MILLION = 1_000_000
_OSLO = "Oslo"


def grants_page(release: Release, asked: Mapping[str, str], lang: Lang) -> MoneyView:
    """Return the page: the workspace's own list where it has one, else the document's.

    `asked` may choose (`liste`, `ar`), and have a reader's own `state`, `municipality` and
    `spending`.
    """
    chosen, first = list_field(release, asked, lang)
    if chosen != DOCUMENT:
        return own_page(release, asked, chosen, first, lang)
    numbers = Numbers(asked, lang)
    lead, notices = _own(numbers, lang)
    held = ledger()
    share = held.where(municipality=_OSLO).total / held.total
    opening = label(
        "grants.page.opening",
        lang,
        total=format_number(held.total / _MILLION, lang, 1),
        year=held.years[-1],
        share=format_number(100 * share, lang, 1),
    )
    return MoneyView(
        lang,
        label("grants.page.title", lang),
        label("grants.page.question", lang),
        opening,
        lead=(label("grants.page.lead", lang), *lead),
        notices=notices,
        fields=(*first, *(_field(name, numbers, lang) for name in _OWN)),
        pictures=(_picture(held, lang),),
        tables=(_ledger_table(held, lang), _other_table(lang)),
        sure=tuple(label(f"grants.page.sure_{name}", lang) for name in ("not_all", "unit")),
        rule=label("grants.page.rule", lang),
        sources=(report_source(lang), white_paper_source(lang)),
        files=(
            TableFile("bevilgninger", label("grants.page.ledger", lang), ledger_frame(held)),
            TableFile("andre", label("grants.page.other", lang), other_frame(lang)),
        ),
    )


def ledger_frame(held: Ledger) -> pl.DataFrame:
    """Return a ledger with one row a grant."""
    names = ("place", "name", "municipality", "ministry", "year", "kroner", "lines")
    rows = [{name: getattr(entry, name) for name in names} for entry in held.entries]
    numbers = ("year", "kroner")
    schema = {name: pl.Int64 if name in numbers else pl.String for name in names}
    return pl.DataFrame(rows, schema=schema)


def other_frame(lang: Lang) -> pl.DataFrame:
    """Return what the documents tell of other grants."""
    rows = [
        {
            "grant": grant.id,
            "name": label(f"grants.other.{grant.id}", lang),
            "value": grant.value,
            "unit": grant.unit,
            "year": grant.year,
            "place": grant.place,
            "document": label(f"grants.document.{grant.document}", lang),
            "lines": grant.lines,
        }
        for grant in other_grants()
    ]
    return pl.DataFrame(rows, schema_overrides={"value": pl.Float64, "year": pl.Int64})


def _own(numbers: Numbers, lang: Lang) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what a reader's own numbers come to, and what is wrong with them."""
    given = {name: numbers.get(name) for name in _OWN}
    if all(value is None for value in given.values()):
        return (), ()
    try:
        covered = Covered(**given)
    except UserError as wrong:
        return (label("grants.page.no_answer", lang),), told(wrong, lang)
    return tuple(_covered_words(covered, lang)), ()


def _covered_words(covered: Covered, lang: Lang) -> Iterator[str]:
    if covered.of_initiative is not None:
        yield label("grants.page.own_initiative", lang, share=_percent(covered.of_initiative, lang))
    if covered.of_spending is not None:
        yield label("grants.page.own_spending", lang, share=_percent(covered.of_spending, lang))
    else:
        yield label("grants.page.own_unknown", lang)


def _percent(share: float, lang: Lang) -> str:
    return format_number(100 * share, lang, 1)


def _field(name: str, numbers: Numbers, lang: Lang) -> Field:
    return Field(
        name,
        label(f"grants.input.{name}", lang),
        "number",
        numbers.asked.get(name, ""),
        help=label("grants.input.help", lang),
        problem=numbers.problems.get(name, ""),
    )


def _picture(held: Ledger, lang: Lang) -> Picture:
    title = label("grants.page.picture", lang)
    ordered = sorted(held.sums("place").items(), key=lambda pair: -pair[1])
    rows = [
        Bar(str(place), held.name(str(place)), kroner / _MILLION,
            format_number(kroner / _MILLION, lang, 1),
            strong=held.where(place=place).entries[0].municipality == _OSLO)
        for place, kroner in ordered
    ]  # fmt: skip
    points = " ".join(f"{row.name}: {row.text}." for row in rows)
    axis = label("grants.page.picture_axis", lang)
    words = Words(title, f"{axis}, {held.years[-1]}", f"{title}. {points}", axis)
    return Picture("steder", title, bars(rows, words, report_source(lang).text, lang))


def _ledger_table(held: Ledger, lang: Lang) -> TableView:
    ministries = held.ministries
    columns = (
        Column("place", label("grants.column.place", lang)),
        *(Column(m, label(f"grants.ministry.{m}", lang), numeric=True) for m in ministries),
        Column("sum", label("grants.column.sum", lang), numeric=True),
    )
    rows = [_place_row(held, place, ministries, lang) for place in held.places]
    sums = held.sums("ministry")
    total = (_kroner(sums[m], lang) for m in ministries)
    rows.append((Cell(label("grants.page.sum", lang)), *total, _kroner(held.total, lang)))
    note = label("grants.page.ledger_note", lang, year=held.years[-1])
    title = label("grants.page.ledger", lang)
    return TableView("bevilgninger", title, columns, tuple(rows), note)


def _place_row(
    held: Ledger, place: str, ministries: tuple[str, ...], lang: Lang
) -> tuple[Cell, ...]:
    own = held.where(place=place)
    sums = own.sums("ministry")
    cells = (_kroner(sums[m], lang) if m in sums else Cell("") for m in ministries)
    return (Cell(held.name(place), held.name(place)), *cells, _kroner(own.total, lang))


def _kroner(kroner: int, lang: Lang) -> Cell:
    return Cell(format_number(kroner, lang), float(kroner))


def _other_table(lang: Lang) -> TableView:
    keys = ("grant", "value", "year", "source", "lines")
    columns = tuple(Column(key, label(f"grants.column.{key}", lang)) for key in keys)
    rows = tuple(_other_row(grant, lang) for grant in other_grants())
    note = label("grants.page.other_note", lang)
    return TableView("andre", label("grants.page.other", lang), columns, rows, note)


def _other_row(grant: Grant, lang: Lang) -> tuple[Cell, ...]:
    name = label(f"grants.other.{grant.id}", lang)
    amount = label("grants.page.no_amount", lang)
    if grant.value is not None:
        decimals = 0 if grant.value == int(grant.value) else 1
        number = format_number(grant.value, lang, decimals)
        amount = label(f"grants.unit.{grant.unit}", lang, number=number)
    return (
        Cell(name, name),
        Cell(amount, grant.value),
        Cell(str(grant.year) if grant.year else "", float(grant.year) if grant.year else None),
        Cell(label(f"grants.document.{grant.document}", lang)),
        Cell(grant.lines, grant.lines),
    )
