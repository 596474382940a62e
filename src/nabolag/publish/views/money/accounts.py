"""`/penger/regnskap/`: what money is spent on, where, and how much it is for each inhabitant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import polars as pl

from nabolag.core import Lang, Level, Status, label
from nabolag.publish.figures.base import Words
from nabolag.publish.figures.projected import Point, ahead
from nabolag.publish.numbers import format_count, format_number
from nabolag.publish.text import inside
from nabolag.publish.views.analyses.common import area_cell, columns_of, title_of
from nabolag.publish.views.analyses.model import Cell, Column, Picture, TableView
from nabolag.publish.views.facts import Facts, facts_of
from nabolag.publish.views.money.model import AreaMoney, Field, MoneyView, TableFile
from nabolag.publish.views.money.reading import choice_field
from nabolag.publish.views.money.words import kroner, short_kroner
from nabolag.publish.views.shared import notices, source_lines
from nabolag.store import Analysed, Release

KIND: Final = "accounts"
#: So many lines with something wrong stand on the page; the file has them all.
_SHOWN: Final = 50


@dataclass(frozen=True)
class Shown:
    """A ledger with what the address chooses."""

    facts: Facts
    analysed: Analysed
    lang: Lang
    level: str
    area: str
    service: str
    year: int

    @property
    def place(self) -> str:
        """What the area is called."""
        return self.facts.name(self.level, self.area, self.lang)

    @cached_property
    def services(self) -> dict[str, str]:
        """What each service is called, and last what no service has."""
        known = {one["id"]: one["name"][self.lang] for one in self.analysed.spec["service"]}
        return {**known, "": label("accounts.no_service", self.lang)}

    def has_users(self, service: str | None = None) -> bool:
        """Tell whether it is known who uses a service, or any of them."""
        return any(
            one["users"] for one in self.analysed.spec["service"] if service in (None, one["id"])
        )

    @property
    def base(self) -> int | None:
        """The year whose prices fixed prices are in, where there is an index."""
        deflator = self.analysed.spec["deflator"]
        return None if deflator is None else int(deflator["base"])

    @cached_property
    def shares(self) -> pl.DataFrame:
        """Every amount of the ledger."""
        return self.analysed.table("shares")

    @property
    def here(self) -> pl.DataFrame:
        """The amounts of the area."""
        return self.shares.filter(pl.col("level") == self.level, pl.col("area") == self.area)

    @property
    def own(self) -> dict[str, Any] | None:
        """The amount that is asked for."""
        rows = self.here.filter(pl.col("service") == self.service, pl.col("year") == self.year)
        return rows.row(0, named=True) if rows.height else None


def accounts_page(release: Release, asked: Mapping[str, str], lang: Lang) -> MoneyView:
    """Return the page for what the address chooses. Without a ledger it says how to get one."""
    held = release.reckoned_of(KIND)
    title, question = label("accounts.title", lang), label("accounts.question", lang)
    if not held:
        return MoneyView(lang, title, question, label("accounts.absent", lang))
    names = [(one.id, title_of(one, lang)) for one in held.values()]
    ledger, first = choice_field(
        asked, "regnskap", label("accounts.choose.ledger", lang), names, names[0][0]
    )
    facts = facts_of(release)
    shown, fields = _chosen(facts, held[ledger], asked, lang)
    return MoneyView(
        lang=lang,
        title=title_of(held[ledger], lang),
        question=question,
        opening=_opening(shown),
        lead=(_whole_sum(shown),),
        notices=notices(facts, lang),
        fields=(first, *fields) if len(held) > 1 else fields,
        pictures=_pictures(shown),
        tables=tuple(table for table in _tables(shown) if table.rows),
        sure=_sure(shown),
        rule=shown.analysed.text[lang],
        sources=source_lines(facts, _sources(shown), lang),
        files=tuple(
            TableFile(name, _file_title(name, lang), shown.analysed.table(name))
            for name in shown.analysed.tables
        ),
    )


def accounts_of(release: Release, level: str, code: str, lang: Lang) -> list[AreaMoney]:
    """Return what each ledger says of an area, left out where it has no amounts of the area."""
    facts, said = facts_of(release), []
    for one in release.reckoned_of(KIND).values():
        if (level, code) not in set(one.table("shares").select("level", "area").unique().rows()):
            continue
        asked = {"regnskap": one.id, "omrade": f"{level}:{code}"}
        shown, _ = _chosen(facts, one, asked, lang)
        said.append(AreaMoney("regnskap", title_of(one, lang), _opening(shown), asked))
    return said


def _chosen(
    facts: Facts, analysed: Analysed, asked: Mapping[str, str], lang: Lang
) -> tuple[Shown, tuple[Field, ...]]:
    shares, spec = analysed.table("shares"), analysed.spec
    own = f"{Level.KOMMUNE.value}:{spec['municipality']}"
    held = shares.select("level", "area").unique()
    ordered = held.sort("level", "area", descending=[True, False]).iter_rows()
    places = [
        (f"{x}:{code}", f"{facts.name(x, code, lang)} ({Level(x).label.in_(lang)})")
        for x, code in ordered
    ]
    area, area_field = choice_field(
        asked, "omrade", label("accounts.choose.area", lang), places, own
    )
    services = [(one["id"], one["name"][lang]) for one in spec["service"]]
    service, service_field = choice_field(
        asked, "tjeneste", label("accounts.choose.service", lang), services, services[0][0]
    )
    years = sorted(set(shares["year"].to_list()), reverse=True)
    known = [(str(year), str(year)) for year in years]
    year, year_field = choice_field(
        asked, "ar", label("accounts.choose.year", lang), known, str(years[0])
    )
    level, code = area.split(":", 1)
    shown = Shown(facts, analysed, lang, level, code, service, int(year))
    return shown, (area_field, service_field, year_field)


def _file_title(name: str, lang: Lang) -> str:
    return label(f"accounts.table.{name}", lang)


def _sources(shown: Shown) -> list[str]:
    inhabitants = shown.facts.source_ids(shown.analysed.spec["inhabitants"])
    return [*shown.analysed.facts["sources"], *inhabitants]


def _opening(shown: Shown) -> str:
    row, lang = shown.own, shown.lang
    words: dict[str, Any] = {
        "place": shown.place,
        "service": inside(shown.services[shown.service]),
        "year": shown.year,
    }
    if row is None or row["kroner"] is None:
        return label("accounts.opening_hidden", lang, **words)
    if row["per_inhabitant"] is None:
        return label("accounts.opening_sum", lang, sum=short_kroner(row["kroner"], lang), **words)
    budget = shown.analysed.facts["stage"] == "budget"
    key = "accounts.opening_budget" if budget else "accounts.opening"
    return label(key, lang, each=short_kroner(row["per_inhabitant"], lang), **words)


def _whole_sum(shown: Shown) -> str:
    facts, lang = shown.analysed.facts, shown.lang
    counts = {name: format_count(facts[name], lang) for name in ("lines", "used", "wrong")}
    total = kroner(facts["sum_ore"] / 100, lang, 2)
    return label("accounts.whole_sum", lang, n=None, sum=total, **counts)


def _pictures(shown: Shown) -> tuple[Picture, ...]:
    lang, base = shown.lang, shown.base
    key = "per_inhabitant" if base is None else "real_per_inhabitant"
    rows = shown.here.filter(pl.col("service") == shown.service, pl.col(key).is_not_null())
    points = [
        Point(shown.place, row["year"], row[key], short_kroner(row[key], lang))
        for row in rows.sort("year").iter_rows(named=True)
    ]
    if len(points) < 2:
        return ()
    prices = label("accounts.nominal", lang) if base is None else label(
        "accounts.real", lang, base=base
    )  # fmt: skip
    service = shown.services[shown.service]
    title = label("accounts.picture.years", lang, service=service, prices=prices)
    words = Words(
        title=f"{shown.place}: {inside(title)}",
        subtitle="",
        description=label("accounts.picture.alt", lang, place=shown.place, service=inside(service),
                          first=points[0].year, last=points[-1].year),
        axis=label("accounts.picture.axis", lang),
    )  # fmt: skip
    return (Picture("aar", title, ahead(points, words, zero=True)),)


def _tables(shown: Shown) -> Iterable[TableView]:
    yield _services(shown)
    yield _years(shown)
    yield _areas(shown)
    yield _problems(shown)


def _columns(shown: Shown, keys: Sequence[str]) -> tuple[Column, ...]:
    words = {"service", "area", "year", "file", "row", "column", "problem"}
    return columns_of("accounts", keys, set(keys) - words, shown.lang, base=shown.base)


def _money_keys(shown: Shown, service: str | None = None) -> list[str]:
    real = ["real"] if shown.base is not None else []
    return ["kroner", "each", *real, *(["user"] if shown.has_users(service) else [])]


def _money_cells(row: Mapping[str, Any], shown: Shown, service: str | None = None) -> list[Cell]:
    names = {"kroner": "kroner", "each": "per_inhabitant", "real": "real_per_inhabitant",
             "user": "per_user"}  # fmt: skip
    return [_cell(row, names[key], shown) for key in _money_keys(shown, service)]


def _cell(row: Mapping[str, Any], name: str, shown: Shown) -> Cell:
    if row["status"] != Status.VALUE.value:
        return Cell(label("accounts.hidden", shown.lang))
    if row[name] is None:
        return Cell(label("analysis.unknown_cell", shown.lang))
    amount = short_kroner(row[name], shown.lang)
    if not row["read"]:
        amount = label("accounts.unread", shown.lang, amount=amount)
    return Cell(amount, row[name])


def _services(shown: Shown) -> TableView:
    rows = {
        row["service"]: row
        for row in shown.here.filter(pl.col("year") == shown.year).iter_rows(named=True)
    }
    cells = tuple(
        (Cell(name, name), *_money_cells(rows[service], shown))
        for service, name in shown.services.items()
        if service in rows
    )
    title = label("accounts.table.services", shown.lang, place=shown.place, year=shown.year)
    columns = _columns(shown, ["service", *_money_keys(shown)])
    return TableView("services", title, columns, cells, label("accounts.note.services", shown.lang))


def _years(shown: Shown) -> TableView:
    rows = shown.here.filter(pl.col("service") == shown.service).sort("year")
    cells = tuple(
        (Cell(str(row["year"]), float(row["year"])), *_money_cells(row, shown, shown.service))
        for row in rows.iter_rows(named=True)
    )
    title = label("accounts.table.years", shown.lang, place=shown.place,
                  service=shown.services[shown.service])  # fmt: skip
    key = "years_nominal" if shown.base is None else "years"
    note = label(f"accounts.note.{key}", shown.lang, base=shown.base)
    return TableView(
        "years", title, _columns(shown, ["year", *_money_keys(shown, shown.service)]), cells, note
    )


def _areas(shown: Shown) -> TableView:
    rows = shown.shares.filter(
        pl.col("service") == shown.service, pl.col("year") == shown.year,
        pl.col("level") != Level.KOMMUNE.value,
    )  # fmt: skip
    cells = tuple(
        (
            area_cell(shown.facts, row["level"], row["area"], shown.lang),
            *_money_cells(row, shown, shown.service),
        )
        for row in rows.sort("area").iter_rows(named=True)
    )
    title = label("accounts.table.areas", shown.lang, year=shown.year,
                  service=shown.services[shown.service])  # fmt: skip
    columns = _columns(shown, ["area", *_money_keys(shown, shown.service)])
    return TableView("areas", title, columns, cells, label("accounts.note.areas", shown.lang))


def _problems(shown: Shown) -> TableView:
    table = shown.analysed.table("problems")
    cells = tuple(
        (
            Cell(row["file"], row["file"]),
            Cell(str(row["row"]), float(row["row"])),
            Cell(row["column"], row["column"]),
            Cell(label(f"accounts.wrong_{row['problem']}", shown.lang), row["problem"]),
        )
        for row in table.head(_SHOWN).iter_rows(named=True)
    )
    columns = (
        *_columns(shown, ["file", "row", "column"]),
        Column("problem", label("accounts.problem", shown.lang)),
    )
    counts = {"shown": len(cells), "all": table.height}
    note = label("accounts.note.problems", shown.lang, **counts)
    return TableView("problems", label("accounts.table.problems", shown.lang), columns, cells, note)


def _sure(shown: Shown) -> tuple[str, ...]:
    said = [label("accounts.sure.what", shown.lang), label("accounts.sure.areas", shown.lang)]
    if shown.analysed.spec["balanced"]:
        off = shown.analysed.table("balance").filter(pl.col("ore") != 0)
        years = ", ".join(
            f"{row['year']} ({format_number(row['ore'] / 100, shown.lang, 2)})"
            for row in off.iter_rows(named=True)
        )
        if years:
            said.append(label("accounts.sure.unbalanced", shown.lang, years=years))
    return tuple(said)
