"""Expenditure need: a reader's own weights and indices, and what each sector means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from nabolag.allocation.need import NeedModel, equalisation, total_index
from nabolag.core import Lang, UserError, label
from nabolag.publish.numbers import format_number
from nabolag.publish.views.analyses.model import Cell, Column, TableView
from nabolag.publish.views.money.asked import Numbers, told
from nabolag.publish.views.money.model import Field, MoneyView, TableFile
from nabolag.publish.views.money.need_own import DECLARED, basis_field, own_page
from nabolag.store import Release

#: The seven sectors of the Norwegian income system, largest first.
SECTORS = (
    "pleie", "grunnskole", "barnehage", "administrasjon", "sosial", "kommunehelse", "barnevern",
)  # fmt: skip
_EVEN = 0.00005
_OWN = "own"


def need_page(release: Release, asked: Mapping[str, str], lang: Lang) -> MoneyView:
    """Return the page: the release's own need where it has one, else a reader's numbers.

    `asked` may choose (`grunnlag`, `omrade`), or have `w_<sector>`, `i_<sector>`, `people` and
    `need_a_head`.
    """
    basis, first = basis_field(release, asked, lang)
    if basis == DECLARED:
        return own_page(release, asked, first, lang)
    numbers = Numbers(asked, lang)
    weights = {sector: numbers.get(f"w_{sector}") for sector in SECTORS}
    indices = {sector: numbers.get(f"i_{sector}") for sector in SECTORS}
    heads, each = numbers.get("people"), numbers.get("need_a_head")
    fields = (*first, *_fields(numbers, lang))
    if all(value is None for value in (*weights.values(), *indices.values())):
        return _shell(label("need.page.opening_empty", lang), fields, (), lang)
    absent = [s for s in SECTORS if weights[s] is None or indices[s] is None]
    if absent or numbers.problems:
        names = ", ".join(label(f"need.sector.{sector}", lang) for sector in absent)
        words = label("need.page.opening_unknown", lang, sectors=names or "–")
        return _shell(words, fields, (), lang)
    try:
        model = NeedModel({s: w for s, w in weights.items() if w is not None})
    except UserError as wrong:
        return _shell(label("need.page.no_answer", lang), fields, told(wrong, lang), lang)
    rows = [{"area": _OWN, "sector": s, "index": i} for s, i in indices.items()]
    frame = pl.DataFrame(rows, schema_overrides={"index": pl.Float64})
    total = total_index(frame, model)
    moved = _moved(total, heads, each)
    shares = {s: model.sectors[s] * ((indices[s] or 0.0) - 1) for s in SECTORS}
    return _page(frame, model, total["index"][0], shares, moved, fields, lang)


def _moved(total: pl.DataFrame, heads: float | None, each: float | None) -> float | None:
    if heads is None or each is None:
        return None
    people = pl.DataFrame({"area": [_OWN], "people": [heads]})
    return float(equalisation(total, people, each)["kroner"][0])


def _page(  # noqa: PLR0913, PLR0917
    frame: pl.DataFrame,
    model: NeedModel,
    index: float,
    shares: Mapping[str, float],
    moved: float | None,
    fields: tuple[Field, ...],
    lang: Lang,
) -> MoneyView:
    made = frame.with_columns(
        pl.col("sector")
        .replace_strict(dict(model.sectors), return_dtype=pl.Float64)
        .alias("weight"),
        pl.col("sector").replace_strict(dict(shares), return_dtype=pl.Float64).alias("share"),
    )
    lead = () if moved is None else (_moved_words(moved, lang),)
    return MoneyView(
        lang,
        label("need.page.title", lang),
        label("need.page.question", lang),
        _opening(index, shares, lang),
        lead=lead,
        fields=fields,
        tables=(_table(made, index, lang),),
        sure=_sure(lang),
        rule=label("need.page.rule", lang),
        files=(TableFile("sektorer", label("need.page.table", lang), made.drop("area")),),
    )


def _shell(opening: str, fields: tuple[Field, ...], why: tuple[str, ...], lang: Lang) -> MoneyView:
    return MoneyView(
        lang, label("need.page.title", lang), label("need.page.question", lang), opening,
        notices=why, fields=fields, sure=_sure(lang), rule=label("need.page.rule", lang),
    )  # fmt: skip


def _opening(index: float, shares: Mapping[str, float], lang: Lang) -> str:
    shown = format_number(index, lang, 4)
    if abs(index - 1) < _EVEN:
        return label("need.page.opening_even", lang, index=shown)
    form = "above" if index > 1 else "below"
    chosen = max(shares, key=lambda sector: shares[sector] * (1 if index > 1 else -1))
    return label(
        f"need.page.opening_{form}",
        lang,
        index=shown,
        percent=format_number(abs(index - 1) * 100, lang, 1),
        sector=label(f"need.sector.{chosen}", lang),
    )


def _moved_words(moved: float, lang: Lang) -> str:
    form = "moved" if moved >= 0 else "moved_from"
    return label(f"need.page.{form}", lang, kroner=format_number(abs(moved), lang))


def _table(made: pl.DataFrame, index: float, lang: Lang) -> TableView:
    keys = ("sector", "weight", "index", "share")
    columns = tuple(Column(key, label(f"need.column.{key}", lang), key != "sector") for key in keys)
    rows = []
    for row in made.iter_rows(named=True):
        name = label(f"need.sector.{row['sector']}", lang)
        cells = (Cell(format_number(row[key], lang, 4), row[key]) for key in keys[1:])
        rows.append((Cell(name, name), *cells))
    whole = (Cell(format_number(value, lang, 4), value) for value in (1.0, index, index - 1))
    rows.append((Cell(label("grants.page.sum", lang)), *whole))
    note = label("need.page.table_note", lang)
    return TableView("sektorer", label("need.page.table", lang), columns, tuple(rows), note)


def _sure(lang: Lang) -> tuple[str, ...]:
    return tuple(label(f"need.page.sure_{name}", lang) for name in ("given", "municipality"))


def _fields(numbers: Numbers, lang: Lang) -> Iterator[Field]:
    for sector in SECTORS:
        name = label(f"need.sector.{sector}", lang)
        for part, kind in (("w", "weight"), ("i", "index")):
            key = f"{part}_{sector}"
            yield _number(key, label(f"need.input.{kind}", lang, sector=name), numbers)
    for key in ("people", "need_a_head"):
        yield _number(key, label(f"need.input.{key}", lang), numbers)


def _number(name: str, heading: str, numbers: Numbers) -> Field:
    problem = numbers.problems.get(name, "")
    return Field(name, heading, "number", numbers.asked.get(name, ""), problem=problem)
