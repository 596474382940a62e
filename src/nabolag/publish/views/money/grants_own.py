"""Lists of grants of a release: by place, funder and year, and what the state covers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from nabolag.allocation.grants import by_funder, shown_sum
from nabolag.core import Lang, Level, Status, Text, label
from nabolag.publish.figures.bars import Bar, bars
from nabolag.publish.figures.base import Words
from nabolag.publish.numbers import format_count, format_number, per_cent
from nabolag.publish.views.analyses.common import area_cell, title_of
from nabolag.publish.views.analyses.model import Cell, Column, Picture, TableView
from nabolag.publish.views.facts import Facts, facts_of
from nabolag.publish.views.money.model import Field, MoneyView, TableFile
from nabolag.publish.views.money.reading import choice_field
from nabolag.publish.views.shared import notices, source_lines
from nabolag.store import Analysed, Release

KIND: Final = "grants"
DOCUMENT: Final = "dokument"
_PLACE: Final = ["level", "area", "unit"]
#: So many lines with something wrong, and so many bars, stand on the page; files have them all.
_SHOWN, _BARS = 50, 20


def lists_of(release: Release) -> dict[str, Analysed]:
    """Return the lists of grants that a release has, by id."""
    return {one.id: one for one in release.reckoned.values() if one.kind == KIND}


def list_field(
    release: Release, asked: Mapping[str, str], lang: Lang
) -> tuple[str, tuple[Field, ...]]:
    """Return which list is chosen, or `DOCUMENT`, and the field where there is a choice."""
    held = lists_of(release)
    if not held:
        return DOCUMENT, ()
    names = [(one.id, title_of(one, lang)) for one in held.values()]
    names.append((DOCUMENT, label("grants.list.document", lang)))
    heading = label("grants.list.choose", lang)
    chosen, field = choice_field(asked, "liste", heading, names, names[0][0])
    return chosen, (field,)


@dataclass(frozen=True)
class Shown:
    """A list with the year that is chosen."""

    facts: Facts
    analysed: Analysed
    lang: Lang
    year: int | None

    @property
    def counts(self) -> Text | None:
        """What the list counts, nothing where it is kroner."""
        given = self.analysed.spec["counts"]
        return Text.of(given) if given else None

    @property
    def rows(self) -> pl.DataFrame:
        """The amounts of the year."""
        table = self.analysed.table("amounts")
        return table.filter(pl.col("year") == self.year) if self.year else table.head(0)

    def amount(self, number: float) -> str:
        """Return an amount in words."""
        if self.counts is not None:
            return format_count(number, self.lang)
        decimals = 0 if float(number).is_integer() else 2
        shown = format_number(number, self.lang, decimals)
        return label("grants.unit.nok", self.lang, number=shown)

    def place(self, row: Mapping[str, Any]) -> Cell:
        """Return the place of a row; it leads to its page where it is an area."""
        if not row["area"]:
            name = row.get("unit") or label("grants.list.unplaced", self.lang)
            return Cell(name, name)
        cell = area_cell(self.facts, row["level"], row["area"], self.lang)
        unit = row.get("unit")
        return Cell(f"{cell.text} – {unit}", f"{cell.text} – {unit}", cell.area) if unit else cell


def own_page(
    release: Release,
    asked: Mapping[str, str],
    chosen: str,
    fields: tuple[Field, ...],
    lang: Lang,
) -> MoneyView:
    """Return the page about one list of the release."""
    facts, analysed = facts_of(release), lists_of(release)[chosen]
    years = sorted(set(analysed.table("amounts")["year"].drop_nulls()), reverse=True)
    year = None
    if years:
        words = [(str(one), str(one)) for one in years]
        picked, field = choice_field(
            asked, "ar", label("grants.list.year", lang), words, words[0][0]
        )
        year, fields = int(picked), (*fields, field)
    shown = Shown(facts, analysed, lang, year)
    return MoneyView(
        lang,
        title_of(analysed, lang),
        label("grants.page.question", lang),
        _opening(shown),
        lead=(_whole(shown), label(f"grants.list.status.{analysed.spec['status']}", lang)),
        notices=notices(facts, lang),
        fields=fields,
        pictures=tuple(_pictures(shown)),
        tables=tuple(table for table in _tables(shown) if table.rows),
        sure=tuple(_sure(shown)),
        rule=analysed.text[lang],
        sources=source_lines(facts, analysed.facts["sources"], lang),
        files=tuple(
            TableFile(name, label(f"grants.list.table.{name}", lang), analysed.table(name))
            for name in analysed.tables
        ),
    )


def _opening(shown: Shown) -> str:
    rows, lang = shown.rows, shown.lang
    if rows.is_empty():
        return label("grants.list.opening_none", lang)
    total, hidden = shown_sum(rows), rows.filter(pl.col("status") != Status.VALUE.value).height
    told: dict[str, Any] = {"year": shown.year, "sum": shown.amount(total)}
    if hidden:
        return label("grants.list.opening_hidden", lang, n=None, hidden=hidden, **told)
    placed = rows.filter((pl.col("area") != "") | (pl.col("unit") != ""))
    places = by_funder(placed, _PLACE).drop_nulls("amount")
    if places.is_empty():
        return label("grants.list.opening_none", lang)
    most = places.sort("amount", descending=True).row(0, named=True)
    words = {"place": shown.place(most).text, "most": shown.amount(most["amount"])}
    alike = places.filter(pl.col("amount") == most["amount"]).height
    if alike > 1:
        words["place"] = label("grants.list.several", lang, number=format_count(alike, lang))
    if shown.counts is None:
        return label("grants.list.opening", lang, n=None, **told, **words)
    what = shown.counts.in_(lang)
    return label("grants.list.opening_count", lang, n=None, what=what, **told, **words)


def _whole(shown: Shown) -> str:
    facts, lang = shown.analysed.facts, shown.lang
    counts = {name: format_count(facts[name], lang) for name in ("lines", "used", "wrong")}
    if facts["sum"] is None:
        amount = shown.amount(facts["shown"])
        return label("grants.list.whole_hidden", lang, n=None, sum=amount, **counts)
    placed, total = shown.amount(facts["placed"]), shown.amount(facts["sum"])
    return label("grants.list.whole_sum", lang, n=None, sum=total, placed=placed, **counts)


def _pictures(shown: Shown) -> Iterator[Picture]:
    lang = shown.lang
    places = by_funder(shown.rows, _PLACE).filter(pl.col("amount") > 0)
    if places.is_empty():
        return
    title = label("grants.list.picture", lang, year=shown.year)
    axis = shown.counts.in_(lang) if shown.counts else label("grants.list.axis", lang)
    rows = [
        Bar(f"{row['level']}:{row['area']}:{row['unit']}", shown.place(row).text, row["amount"],
            shown.amount(row["amount"]))
        for row in places.sort("amount", descending=True).head(_BARS).iter_rows(named=True)
    ]  # fmt: skip
    points = " ".join(f"{row.name}: {row.text}." for row in rows)
    name = title_of(shown.analysed, lang)
    words = Words(title, name, f"{title}. {points}", axis)
    yield Picture("steder", title, bars(rows, words, "", lang))


def _tables(shown: Shown) -> Iterator[TableView]:
    yield _places(shown)
    yield _schemes(shown)
    if shown.counts is None:
        yield _covered(shown)
    yield _years(shown)
    yield _problems(shown)


def _columns(keys: Sequence[str], numbers: Sequence[str], lang: Lang) -> tuple[Column, ...]:
    return tuple(Column(k, label(f"grants.list.column.{k}", lang), k in numbers) for k in keys)


def _amount_key(shown: Shown) -> str:
    return "amount" if shown.counts is None else "number"


def _cell(shown: Shown, row: Mapping[str, Any]) -> Cell:
    """Return a sum of `by_funder` as a cell."""
    if row["hidden"]:
        return Cell(label("grants.list.hidden", shown.lang))
    if row["amount"] is None:
        return Cell(label("grants.list.unknown", shown.lang))
    text = shown.amount(row["amount"])
    if not row["read"]:
        text = label("grants.list.unread", shown.lang, amount=text)
    return Cell(text, row["amount"])


def _places(shown: Shown) -> TableView:
    lang, rows = shown.lang, shown.rows
    funders = sorted(set(rows["funder"]), key=lambda name: (name == "", name))
    cells = {
        (*(row[key] for key in _PLACE), row["funder"]): _cell(shown, row)
        for row in by_funder(rows, [*_PLACE, "funder"]).iter_rows(named=True)
    }
    made = []
    for row in by_funder(rows, _PLACE).iter_rows(named=True):
        key = tuple(row[name] for name in _PLACE)
        own = (cells.get((*key, funder), Cell("")) for funder in funders)
        made.append((shown.place(row), *own, _cell(shown, row)))
    total = shown_sum(rows)
    if made:
        parts = (shown_sum(rows.filter(pl.col("funder") == name)) for name in funders)
        sums = (Cell(shown.amount(part), part) for part in (*parts, total))
        made.append((Cell(label("grants.list.sum_shown", lang)), *sums))
    named = [name or label("grants.list.no_funder", lang) for name in funders]
    columns = (
        *_columns(["place"], [], lang),
        *(Column(f"f{at}", name, numeric=True) for at, name in enumerate(named)),
        Column("sum", label("grants.column.sum", lang), numeric=True),
    )
    title = label("grants.list.table.places", lang, year=shown.year)
    return TableView("places", title, columns, tuple(made), label("grants.list.note.places", lang))


def _schemes(shown: Shown) -> TableView:
    lang = shown.lang
    rows = shown.rows.filter((pl.col("scheme") != "") | (pl.col("conditions") != ""))
    made = tuple(
        (
            Cell(row["scheme"] or label("grants.list.unknown", lang), row["scheme"]),
            Cell(row["funder"], row["funder"]),
            shown.place(row),
            _cell(shown, {**row, "hidden": row["status"] != Status.VALUE.value}),
            Cell(row["conditions"], row["conditions"]),
        )
        for row in rows.sort("scheme", "funder", "area").iter_rows(named=True)
    )
    amount = _amount_key(shown)
    columns = _columns(["scheme", "funder", "place", amount, "conditions"], [amount], lang)
    return TableView(
        "schemes", label("grants.list.table.schemes", lang, year=shown.year), columns, made
    )


def _covered(shown: Shown) -> TableView:
    lang = shown.lang
    table = shown.analysed.table("covered")
    kroner, shares = ("state", "municipal", "spending"), ("of_initiative", "of_spending")
    made = tuple(
        (
            shown.place(row),
            Cell(str(row["year"]), float(row["year"])),
            *(_known(row[key], shown, share=False) for key in kroner),
            *(_known(row[key], shown, share=True) for key in shares),
        )
        for row in table.sort(["year", "area"], descending=[True, False]).iter_rows(named=True)
    )
    columns = _columns(["place", "year", *kroner, *shares], ["year", *kroner, *shares], lang)
    note = label("grants.list.note.covered", lang)
    return TableView("covered", label("grants.list.table.covered", lang), columns, made, note)


def _known(value: float | None, shown: Shown, *, share: bool) -> Cell:
    if value is None:
        return Cell(label("grants.list.unknown", shown.lang))
    return Cell(per_cent(value, shown.lang, 1) if share else shown.amount(value), value)


def _years(shown: Shown) -> TableView:
    lang, table = shown.lang, shown.analysed.table("amounts")
    years = sorted(set(table["year"].drop_nulls()))
    sums = [(year, shown_sum(table.filter(pl.col("year") == year))) for year in years]
    made = tuple(
        (Cell(str(year), float(year)), Cell(shown.amount(total), total)) for year, total in sums
    )
    amount = _amount_key(shown)
    columns = _columns(["year", amount], ["year", amount], lang)
    note = label("grants.list.note.years", lang) if shown.counts is None else ""
    return TableView("years", label("grants.list.table.years", lang), columns, made, note)


def _problems(shown: Shown) -> TableView:
    lang, table = shown.lang, shown.analysed.table("problems")
    made = tuple(
        (
            Cell(row["file"], row["file"]),
            Cell(str(row["row"]), float(row["row"])),
            Cell(row["column"], row["column"]),
            Cell(label(f"grants.list.wrong.{row['problem']}", lang), row["problem"]),
        )
        for row in table.head(_SHOWN).iter_rows(named=True)
    )
    columns = _columns(["file", "row", "column", "problem"], ["row"], lang)
    note = label("grants.list.note.problems", lang, shown=len(made), all=table.height)
    return TableView("problems", label("grants.list.table.problems", lang), columns, made, note)


def _sure(shown: Shown) -> Iterator[str]:
    yield label("grants.list.sure.what", shown.lang)
    if shown.counts is None:
        key = "accounts" if shown.analysed.facts["accounts"] else "no_accounts"
        yield label(f"grants.list.sure.{key}", shown.lang)


def amounts_at(analysed: Analysed, level: str, year: str) -> tuple[dict[str, float | None], float]:
    """Return amounts by area of a level in a year, and what stands elsewhere that year.

    An amount is `None` where a part of it is hidden or could not be read.
    """
    table = analysed.table("amounts").filter(pl.col("year").cast(pl.String) == year)
    here = (pl.col("level") == level) & (pl.col("area") != "")
    found = by_funder(table.filter(here), ["area"])
    held = {
        row["area"]: row["amount"] if row["read"] else None for row in found.iter_rows(named=True)
    }
    return held, shown_sum(table.filter(~here))


def places_of(analysed: Analysed) -> dict[str, list[str]]:
    """Return the years in which a list has amounts at each level."""
    table = analysed.table("amounts").filter(pl.col("area") != "", pl.col("year").is_not_null())
    found: dict[str, list[str]] = {}
    for level, year in table.select("level", "year").unique().sort("level", "year").iter_rows():
        if level != Level.KOMMUNE.value:
            found.setdefault(level, []).append(str(year))
    return found
