"""What a reform of housing allowance did on the registers, as a release tells it: table B12."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from nabolag.allocation.housing_allowance import COUNTED, INSIDE, REST, SIZE, percent_more
from nabolag.core import Lang, Level, Text, label
from nabolag.publish.numbers import format_count, format_number, per_cent
from nabolag.publish.text import inside as within_sentence
from nabolag.publish.views.analyses.common import columns_of
from nabolag.publish.views.analyses.model import Cell, Column, TableView
from nabolag.publish.views.facts import Facts
from nabolag.publish.views.money.model import TableFile
from nabolag.store import Bundle
from nabolag.store.statuses import NUMBERED

_OWN: Final = Level.CUSTOM.value


@dataclass(frozen=True, slots=True)
class Reformed:
    """What the page says of the reform."""

    opening: str
    lead: tuple[str, ...]
    tables: tuple[TableView, ...]
    files: tuple[TableFile, ...]
    sure: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class _Counts:
    """Protected counts: a number where it may be shown, nothing where it is hidden."""

    document: Mapping[str, Any]
    figures: pl.DataFrame
    paid: pl.DataFrame
    facts: Facts
    lang: Lang

    def number(self, place: tuple[str, str], column: str, size: int | None) -> float | None:
        """Return a count of an area and size (`None`: the sizes together)."""
        group = "" if size is None else f"{SIZE}={size}"
        row = self.figures.filter(
            pl.col("level") == place[0], pl.col("area") == place[1],
            pl.col("indicator") == COUNTED[column], pl.col("group") == group,
            pl.col("status").is_in(NUMBERED),
        )  # fmt: skip
        return float(row["value"][0]) if row.height else None

    @property
    def sizes(self) -> list[int]:
        """The household sizes of the table."""
        return list(self.document["spec"]["sizes"])

    @property
    def whole(self) -> tuple[str, str]:
        """The municipality."""
        level, code = self.document["whole"]
        return level, code

    @property
    def places(self) -> list[tuple[str, str]]:
        """The areas, those looked at first, then the rest and the whole, then each by itself."""
        first = [(_OWN, INSIDE), (_OWN, REST), self.whole]
        held = self.figures.select("level", "area").unique().sort("area").rows()
        return first + [one for one in held if one not in first]

    def name(self, place: tuple[str, str]) -> str:
        """Return what an area is called."""
        town = self.facts.name(*self.whole, self.lang)
        if place == (_OWN, INSIDE):
            return Text.of(self.document["inside_name"]).in_(self.lang)
        if place == (_OWN, REST):
            return label("allowance.rest", self.lang, town=town)
        if place == self.whole:
            return label("allowance.whole", self.lang, town=town)
        return self.facts.name(*place, self.lang)


def reformed(facts: Facts, bundle: Bundle, name: str, lang: Lang) -> Reformed:
    """Return what the release tells of the reform."""
    counts = _Counts(
        bundle.document(name), bundle.frame(f"{name}-figures"), bundle.frame(f"{name}-paid"),
        facts, lang,
    )  # fmt: skip
    tables = (_percent(counts), _numbers(counts), _shares(counts), _amounts(counts))
    return Reformed(
        opening=_opening(counts),
        lead=_lead(counts),
        tables=tables,
        files=(
            TableFile("reform", tables[1].title, _plain(counts)),
            TableFile("kroner", tables[3].title, counts.paid),
        ),
        sure=_sure(counts),
        source=str(counts.document["source"]),
    )


def _opening(counts: _Counts) -> str:
    lang, place = counts.lang, counts.whole
    more = counts.number(place, "added", None)
    words = {
        "change": _change(counts),
        "sizes": _sizes(counts.sizes),
        "town": counts.facts.name(*place, lang),
    }
    if more is None:
        return label("allowance.reform_hidden", lang, n=None, **words)
    return label("allowance.reform", lang, n=int(more), more=format_count(more, lang), **words)


def _change(counts: _Counts) -> str:
    """Say what is changed; with a budget, that the raise is what the money reaches to."""
    said = change_words(counts.document["spec"]["reform"], counts.lang)
    budget = counts.document.get("budget")
    if budget is None:
        return said
    kroner = format_number(round(budget), counts.lang)
    return label("allowance.for_budget", counts.lang, kroner=kroner, change=said)


def change_words(reform: Mapping[str, Any], lang: Lang) -> str:
    """Return what a reform changes, in words."""
    said = []
    for key in ("income_limit_raise", "cost_ceiling_raise"):
        if reform[key]:
            said.append(
                label(f"allowance.change.{key}", lang, percent=_share_text(reform[key], lang))
            )
    if reform["own_share_less"]:
        less = format_number(reform["own_share_less"], lang)
        said.append(label("allowance.change.own_share_less", lang, kroner=less))
    if reform["paid_percent"] is not None:
        percent = format_number(reform["paid_percent"], lang, 1)
        said.append(label("allowance.change.paid_percent", lang, percent=percent))
    return ", ".join(said)


def _share_text(share: float, lang: Lang) -> str:
    whole = abs(share * 100 - round(share * 100)) < 1e-9
    return per_cent(share, lang, 0 if whole else 1)


def _lead(counts: _Counts) -> tuple[str, ...]:
    """Say whether the areas looked at gain relatively more than the rest, as the report asks."""
    lang = counts.lang
    inside, rest = (_more(counts, (_OWN, code), None) for code in (INSIDE, REST))
    name = counts.name((_OWN, INSIDE))
    if inside is None or rest is None:
        return (label("allowance.compare_hidden", lang, inside=within_sentence(name)),)
    key = "more" if inside > rest else "less" if inside < rest else "same"
    ends = {
        "inside_percent": _percent_text(inside, lang),
        "rest_percent": _percent_text(rest, lang),
    }
    return (label(f"allowance.compare_{key}", lang, n=None, inside=name, **ends),)


def _more(counts: _Counts, place: tuple[str, str], size: int | None) -> float | None:
    return percent_more(counts.number(place, "old", size), counts.number(place, "new", size))


def _percent_text(percent: float, lang: Lang) -> str:
    return per_cent(percent / 100, lang, 1)


def _hidden(lang: Lang) -> Cell:
    return Cell(label("allowance.hidden", lang))


def _count(value: float | None, lang: Lang) -> Cell:
    return _hidden(lang) if value is None else Cell(format_count(value, lang), value)


def _size_text(size: int | None, lang: Lang) -> str:
    return label("allowance.sum", lang) if size is None else label("allowance.size", lang, n=size)


def _sizes(sizes: Sequence[int]) -> str:
    ordered = sorted(sizes)
    if ordered == list(range(ordered[0], ordered[-1] + 1)) and len(ordered) > 1:
        return f"{ordered[0]}–{ordered[-1]}"
    return ", ".join(map(str, ordered))


def _percent(counts: _Counts) -> TableView:
    """Return per cent more within the limit, areas down and sizes across, as table B12."""
    lang = counts.lang
    sizes: list[int | None] = [*counts.sizes, None]
    columns = (
        Column("area", label("allowance.column.area", lang)),
        *(Column(f"size_{size or 'sum'}", _size_text(size, lang), True) for size in sizes),
    )
    rows = tuple(
        (_place_cell(counts, place), *(_percent_cell(counts, place, size) for size in sizes))
        for place in counts.places
    )
    return TableView("okning", label("allowance.table.percent", lang), columns, rows,
                     label("allowance.table.percent_note", lang))  # fmt: skip


def _percent_cell(counts: _Counts, place: tuple[str, str], size: int | None) -> Cell:
    old, new = (counts.number(place, column, size) for column in ("old", "new"))
    if old is None or new is None:
        return _hidden(counts.lang)
    percent = percent_more(old, new)
    if percent is None:
        return Cell(label("allowance.none_before", counts.lang))
    return Cell(_percent_text(percent, counts.lang), percent)


def _place_cell(counts: _Counts, place: tuple[str, str]) -> Cell:
    name = counts.name(place)
    return Cell(name, name, area=None if place[0] == _OWN else place)


def _numbers(counts: _Counts) -> TableView:
    lang = counts.lang
    keys = ("area", "household", "households", "old", "added", "new")
    columns = columns_of("allowance", keys, keys[2:], lang)
    rows = tuple(
        (
            _place_cell(counts, place),
            Cell(_size_text(size, lang), size or 99),
            *(_count(counts.number(place, column, size), lang)
              for column in ("households", "old", "added", "new")),
        )
        for place in counts.places
        for size in [*counts.sizes, None]
    )  # fmt: skip
    return TableView("reform", label("allowance.table.numbers", lang), columns, rows,
                     label("allowance.table.numbers_note", lang))  # fmt: skip


def _shares(counts: _Counts) -> TableView:
    """Return shares of all households before and after, as the report gives for Oslo."""
    lang = counts.lang
    keys = ("area", "share_old", "share_new")
    columns = columns_of("allowance", keys, keys[1:], lang)
    rows = tuple(
        (
            _place_cell(counts, place),
            *(_share(counts, place, column) for column in ("old", "new")),
        )
        for place in counts.places
    )
    return TableView("andeler", label("allowance.table.shares", lang), columns, rows,
                     label("allowance.table.shares_note", lang))  # fmt: skip


def _share(counts: _Counts, place: tuple[str, str], column: str) -> Cell:
    part, everybody = counts.number(place, column, None), counts.number(place, "all", None)
    if part is None or not everybody:
        return _hidden(counts.lang)
    return Cell(per_cent(part / everybody, counts.lang, 2), part / everybody)


def _amounts(counts: _Counts) -> TableView:
    lang = counts.lang
    keys = ("area", "get_old", "get_new", "paid_old", "paid_new")
    columns = columns_of("allowance", keys, keys[1:], lang)
    held = {(row["level"], row["area"]): row for row in counts.paid.iter_rows(named=True)}
    rows = tuple(
        (_place_cell(counts, place), *(_count(held[place][key], lang) for key in keys[1:]))
        for place in counts.places
        if place in held
    )
    return TableView("kroner", label("allowance.table.amounts", lang), columns, rows,
                     label("allowance.table.amounts_note", lang))  # fmt: skip


def _plain(counts: _Counts) -> pl.DataFrame:
    """Return the counts as data, hidden ones empty with their status beside them."""
    names = {indicator: column for column, indicator in COUNTED.items()}
    return counts.figures.select(
        "level", "area", "period", household=pl.col("group"),
        counted=pl.col("indicator").replace_strict(names), value="value", status="status",
        reason="reason",
    )  # fmt: skip


def _sure(counts: _Counts) -> tuple[str, ...]:
    lang, spec = counts.lang, counts.document["spec"]
    income = label(f"allowance.register.{spec['income']}", lang)
    return (
        label("allowance.sure.income", lang, income=income, year=counts.document["year"]),
        label("allowance.sure.cost", lang),
        label("allowance.sure.small", lang),
        label("allowance.sure.hidden", lang, n=sum(counts.document["hidden"].values())),
        label("allowance.sure.reform", lang, reference=spec["reform"]["reference"]),
    )
