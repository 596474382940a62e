"""The expenditure need of a release: an area's index, what each sector means, and all areas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from nabolag.core import Lang, Level, Status, label
from nabolag.publish.figures.bars import Bar, bars
from nabolag.publish.figures.base import Words
from nabolag.publish.numbers import format_number
from nabolag.publish.text import inside
from nabolag.publish.views.analyses.common import title_of
from nabolag.publish.views.analyses.model import Cell, Column, Picture, TableView
from nabolag.publish.views.facts import Facts, facts_of
from nabolag.publish.views.money.model import Field, MoneyView, TableFile
from nabolag.publish.views.money.reading import choice_field
from nabolag.publish.views.shared import notices, source_lines
from nabolag.store import Analysed, Release

KIND: Final = "expenditure_need"
DECLARED: Final = "utgivelsen"
YOURS: Final = "egne"
_EVEN: Final = 0.00005
_SHOWN, _BARS = 50, 20


def need_of(release: Release) -> Analysed | None:
    """Return the expenditure need that a release has."""
    return next((one for one in release.reckoned.values() if one.kind == KIND), None)


def basis_field(
    release: Release, asked: Mapping[str, str], lang: Lang
) -> tuple[str, tuple[Field, ...]]:
    """Return whether the release's numbers or a reader's own hold, and the field of it.

    An address with numbers in it is a reader's own.
    """
    held = need_of(release)
    if held is None:
        return YOURS, ()
    name = label("need.own.declared", lang, name=title_of(held, lang), year=held.spec["year"])
    known = [(DECLARED, name), (YOURS, label("need.own.yours", lang))]
    written = any(key.startswith(("w_", "i_")) and value for key, value in asked.items())
    heading = label("need.own.basis", lang)
    chosen, field = choice_field(asked, "grunnlag", heading, known, YOURS if written else DECLARED)
    return chosen, (field,)


@dataclass(frozen=True)
class Shown:
    """The need with the area that is chosen."""

    facts: Facts
    analysed: Analysed
    area: str
    lang: Lang

    def name(self, row: Mapping[str, Any]) -> str:
        """Return what an area is called: as the file says, else as the register does."""
        return row["name"] or self.facts.name(row["level"], row["area"], self.lang)

    @property
    def own(self) -> dict[str, Any]:
        """The total of the area."""
        rows = self.analysed.table("totals").filter(pl.col("area") == self.area)
        return rows.row(0, named=True)

    @property
    def sectors(self) -> pl.DataFrame:
        """The sectors of the area, the heaviest first."""
        rows = self.analysed.table("sectors").filter(pl.col("area") == self.area)
        return rows.sort("weight", descending=True)

    def sector(self, name: str) -> str:
        """Return what a sector is called."""
        words = self.analysed.spec["names"].get(name)
        if words:
            return str(words[self.lang])
        return label(f"need.sector.{name}", self.lang) if name in _NAMED else name


_NAMED: Final = frozenset(
    ("pleie", "grunnskole", "barnehage", "administrasjon", "sosial", "kommunehelse", "barnevern")
)


def own_page(
    release: Release, asked: Mapping[str, str], fields: tuple[Field, ...], lang: Lang
) -> MoneyView:
    """Return the page about the release's expenditure need."""
    analysed, facts = need_of(release), facts_of(release)
    assert analysed is not None  # noqa: S101 - narrowing; the basis was chosen among what is there
    totals = analysed.table("totals")
    plain = Shown(facts, analysed, "", lang)
    known = sorted(
        ((row["area"], plain.name(row)) for row in totals.iter_rows(named=True)),
        key=lambda pair: pair[1],
    )
    town = (release.about.get("municipality") or {}).get("code", "")
    usual = town if town in dict(known) else known[0][0]
    area, field = choice_field(asked, "omrade", label("need.own.area", lang), known, usual)
    shown = Shown(facts, analysed, area, lang)
    standing = analysed.spec["standing"]
    published = analysed.spec["published"]
    source = published[lang] if published else title_of(analysed, lang)
    return MoneyView(
        lang,
        label("need.page.title", lang),
        label("need.own.question", lang),
        _opening(shown),
        lead=(
            label(f"need.own.standing.{standing}", lang, source=source),
            _weights(analysed, lang),
        ),
        notices=notices(facts, lang),
        fields=(*fields, field),
        pictures=tuple(_pictures(shown)),
        tables=(_sectors(shown), _areas(shown)),
        sure=_sure(analysed, lang),
        rule=analysed.text[lang],
        sources=source_lines(facts, analysed.facts["sources"], lang),
        files=tuple(
            TableFile(name, label(f"need.own.table.{name}", lang), analysed.table(name))
            for name in analysed.tables
        ),
    )


def _weights(analysed: Analysed, lang: Lang) -> str:
    weights = analysed.spec["weights"]
    source = weights["source"][lang]
    return label(f"need.own.weights.{weights['standing']}", lang, source=source)


def _sure(analysed: Analysed, lang: Lang) -> tuple[str, ...]:
    whole = analysed.spec["level"] == Level.KOMMUNE.value
    second = "need.page.sure_municipality" if whole else "need.own.sure_inside"
    return label("need.own.sure_given", lang), label(second, lang)


def _opening(shown: Shown) -> str:
    row, lang = shown.own, shown.lang
    words: dict[str, Any] = {"place": shown.name(row), "year": shown.analysed.spec["year"]}
    if row["index"] is None:
        if row["status"].startswith("suppressed"):
            return label("need.own.opening_hidden", lang, **words)
        absent = ", ".join(inside(shown.sector(s)) for s in row["absent"].split(", ") if s) or "–"
        return label("need.own.opening_absent", lang, absent=absent, **words)
    words["index"] = format_number(row["index"], lang, 4)
    if abs(row["index"] - 1) < _EVEN:
        return label("need.own.opening_even", lang, **words)
    more = row["index"] > 1
    most = shown.sectors.sort("share", descending=more).row(0, named=True)
    words["percent"] = format_number(abs(row["index"] - 1) * 100, lang, 1)
    words["sector"] = inside(shown.sector(most["sector"]))
    return label(f"need.own.opening_{'above' if more else 'below'}", lang, **words)


def _ordered(shown: Shown) -> pl.DataFrame:
    totals = shown.analysed.table("totals")
    return totals.sort(["index", "area"], descending=[True, False], nulls_last=True)


def _pictures(shown: Shown) -> Iterator[Picture]:
    lang = shown.lang
    known = _ordered(shown).filter(pl.col("index").is_not_null())
    rows = pl.concat([known.head(_BARS), known.filter(pl.col("area") == shown.area)])
    made = [
        Bar(row["area"], shown.name(row), row["index"], format_number(row["index"], lang, 4),
            strong=row["area"] == shown.area)
        for row in rows.unique("area", maintain_order=True).iter_rows(named=True)
    ]  # fmt: skip
    if made:
        title = label("need.own.picture", lang)
        points = " ".join(f"{bar.name}: {bar.text}." for bar in made)
        year = str(shown.analysed.spec["year"])
        words = Words(title, year, f"{title}. {points}", label("need.own.axis", lang))
        yield Picture("omrader", title, bars(made, words, "", lang))


def _cell(value: float | None, status: str, lang: Lang) -> Cell:
    if value is not None:
        return Cell(format_number(value, lang, 4), value)
    hidden = Status(status).is_suppressed
    return Cell(label("need.own.hidden" if hidden else "need.own.unknown", lang))


def _sectors(shown: Shown) -> TableView:
    lang, own = shown.lang, shown.own
    keys = ("weight", "index", "share")
    columns = tuple(
        Column(k, label(f"need.column.{k}", lang), k != "sector") for k in ("sector", *keys)
    )
    rows = [
        (Cell(name := shown.sector(row["sector"]), name),
         *(_cell(row[key], row["status"], lang) for key in keys))
        for row in shown.sectors.iter_rows(named=True)
    ]  # fmt: skip
    more = None if own["index"] is None else own["index"] - 1
    total = (_cell(value, own["status"], lang) for value in (1.0, own["index"], more))
    rows.append((Cell(label("grants.page.sum", lang)), *total))
    title = label("need.own.sectors", lang, place=shown.name(own))
    note = label("need.page.table_note", lang)
    return TableView("sektorer", title, columns, tuple(rows), note)


def _areas(shown: Shown) -> TableView:
    lang, ordered = shown.lang, _ordered(shown)
    rows = tuple(
        (Cell(shown.name(row), shown.name(row)), _cell(row["index"], row["status"], lang))
        for row in ordered.head(_SHOWN).iter_rows(named=True)
    )
    columns = (
        Column("area", label("need.own.area", lang)),
        Column("index", label("need.own.total", lang), numeric=True),
    )
    note = label("need.own.areas_note", lang, shown=len(rows), all=ordered.height)
    return TableView("omrader", label("need.own.areas", lang), columns, rows, note)
