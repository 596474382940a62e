"""Does the money reach the need? A page of money in the release against a measure of need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

import polars as pl

from nabolag.allocation.reach import Reach, ReachResult, Score, areas_of
from nabolag.core import Indicator, Lang, Level, UserError, label
from nabolag.publish.figures.base import Words
from nabolag.publish.figures.palette import AREA
from nabolag.publish.figures.scatter import Axes, Dot, scatter
from nabolag.publish.numbers import format_number, format_period, per_cent
from nabolag.publish.views.analyses.common import title_of
from nabolag.publish.views.analyses.model import Cell, Column, Picture, TableView
from nabolag.publish.views.facts import Facts, facts_of
from nabolag.publish.views.model import Choice
from nabolag.publish.views.money.asked import Numbers, told
from nabolag.publish.views.money.grants_own import amounts_at, lists_of
from nabolag.publish.views.money.model import Field, MoneyView, TableFile
from nabolag.publish.views.money.reach_own import OWN, OwnAmounts, own_amounts
from nabolag.publish.views.money.reach_rows import (
    LIST,
    PEOPLE,
    Chosen,
    Offered,
    can_be_held,
    offered,
    rows_of,
)
from nabolag.publish.views.shared import notices, period_choices, source_lines
from nabolag.store import Release

_TOPS = ("10", "20", "30", "50")
_STANDARD = "20"
_DRAWS = 2000
_SEED = 1
_FEW = 30


def reach_listed(release: Release) -> bool:
    """Tell whether a release has residents and need to hold money against; asked for every page."""
    return can_be_held(release.indicators)


def reach_page(release: Release, asked: Mapping[str, str], lang: Lang) -> MoneyView:
    """Return the page for what is asked. Raises `UserError` for a choice that is none."""
    facts = facts_of(release)
    if not can_be_held(facts.release.indicators):
        return _shell(lang, label("reach.opening_none", lang))
    chosen, others = offered(facts, asked)
    top = asked.get("top", _STANDARD)
    fields = _fields(facts, chosen, others, asked, lang)
    if not (chosen.need and chosen.level and chosen.period):
        return _shell(lang, label("reach.opening_none", lang), fields)
    own = None
    if chosen.listed:
        own = _of_list(facts, chosen, lang)
    elif chosen.money == OWN:
        own = own_amounts(facts, chosen.level, asked.get("amounts", ""), lang)
        if not any(own.by_area.values()):
            return _shell(lang, label("reach.own.none", lang), fields, own.problems)
    rows = rows_of(facts, chosen, own.by_area if own else None)
    entry = facts.release.indicators.get(chosen.need)
    high = entry is None or entry.worse.value == "high"
    numbers = Numbers({"top": top}, lang)
    part = numbers.get("top")
    if part is None:
        return _shell(
            lang, label("reach.no_answer", lang), fields, tuple(numbers.problems.values())
        )
    try:
        areas, findings = areas_of(rows, high_is_need=high)
        result = Reach(top=part / 100, draws=_DRAWS, seed=_SEED).score(areas)
    except UserError as wrong:
        return _shell(lang, label("reach.no_answer", lang), fields, told(wrong, lang))
    notes = [finding.text(lang) for finding in findings]
    if own is not None:
        rest = "reach.list.notice_rest" if chosen.listed else "reach.own.rest"
        notes += [*own.problems, label(rest, lang)]
    return _page(facts, chosen, rows, (result, tuple(notes)), fields, lang)


def _of_list(facts: Facts, chosen: Chosen, lang: Lang) -> OwnAmounts:
    """Return the amounts of a list of grants, and what of it is not in them."""
    analysed = lists_of(facts.release)[chosen.listed]
    held, elsewhere = amounts_at(analysed, chosen.level, chosen.period)
    told = []
    if None in held.values():
        told.append(label("reach.list.notice_hidden", lang))
    if elsewhere:
        decimals = 0 if elsewhere.is_integer() else 2
        amount = format_number(elsewhere, lang, decimals)
        told.append(label("reach.list.notice_other", lang, amount=amount))
    return OwnAmounts(held, tuple(told))


def _shell(
    lang: Lang, opening: str, fields: tuple[Field, ...] = (), why: tuple[str, ...] = ()
) -> MoneyView:
    return MoneyView(
        lang, label("reach.title", lang), label("reach.question", lang), opening,
        fields=fields, notices=why, rule=label("reach.rule", lang, draws=_DRAWS),
    )  # fmt: skip


def _page(
    facts: Facts,
    chosen: Chosen,
    rows: pl.DataFrame,
    scored: tuple[ReachResult, tuple[str, ...]],
    fields: tuple[Field, ...],
    lang: Lang,
) -> MoneyView:
    result, notes = scored
    sources = dict.fromkeys(
        source for name in (chosen.money, chosen.need, PEOPLE) for source in facts.source_ids(name)
    )
    if chosen.listed:
        cited = (chosen.listed, *sources)
        sources = dict.fromkeys(cited)
    named = rows.with_columns(
        pl.col("area").replace_strict(
            {code: facts.name(chosen.level, code, lang) for code in rows["area"]},
            default=None,
            return_dtype=pl.String,
        ).alias("name")
    )  # fmt: skip
    return MoneyView(
        lang,
        label("reach.title", lang),
        label("reach.question", lang),
        _opening(facts, chosen, result, lang),
        lead=tuple(_lead(result, lang)),
        notices=(*notices(facts, lang), *notes),
        fields=fields,
        pictures=(_picture(facts, chosen, rows, lang),),
        tables=(_scores(result, lang), _areas(facts, chosen, result, rows, lang)),
        sure=tuple(_sure(result, lang)),
        rule=label("reach.rule", lang, draws=_DRAWS),
        sources=source_lines(facts, list(sources), lang),
        files=(
            TableFile("tall", label("reach.scores", lang), score_frame(result)),
            TableFile("omrader", label("reach.file", lang), named),
        ),
    )


def score_frame(result: ReachResult) -> pl.DataFrame:
    """Return the scores with bounds and intervals, for a file. What is not known is empty."""
    scores = {"share": result.share, "ratio": result.ratio, "concentration": result.concentration}
    rows = [
        {
            "score": name,
            "value": _finite(score.value),
            "lower": _finite(score.lower),
            "upper": _finite(score.upper),
            "sampled_lower": _finite(score.sampled_lower),
            "sampled_upper": _finite(score.sampled_upper),
        }
        for name, score in scores.items()
    ]
    alone = (("moved", result.moved), ("chance", result.chance))
    rows += [{"score": name, "value": value} for name, value in alone]
    numbers = ("value", "lower", "upper", "sampled_lower", "sampled_upper")
    schema = {"score": pl.String, **dict.fromkeys(numbers, pl.Float64)}
    frame = pl.DataFrame(rows, schema=schema)
    facts = {
        "top": result.asked.top,
        "confidence": result.asked.confidence,
        "draws": result.asked.draws,
        "seed": result.asked.seed,
        "areas": len(result.areas.codes),
    }
    return frame.with_columns(pl.lit(value).alias(name) for name, value in facts.items())


def _finite(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None


def _opening(facts: Facts, chosen: Chosen, result: ReachResult, lang: Lang) -> str:
    catalogue = facts.release.indicators
    words = {
        "top": format_number(100 * result.asked.top, lang),
        "money": _money_words(facts, chosen, lang),
        "need": catalogue[chosen.need].label.in_(lang),
    }
    share = result.share
    if share.value is None:
        ends = {"lower": per_cent(share.lower, lang), "upper": per_cent(share.upper, lang)}
        return label("reach.opening_bounds", lang, n=None, **words, **ends)
    ratio = _times(result.ratio.value, lang)
    shown = per_cent(share.value, lang, 1)
    return label("reach.opening_known", lang, n=None, **words, share=shown, ratio=ratio)


def _money_words(facts: Facts, chosen: Chosen, lang: Lang) -> str:
    if chosen.money == OWN:
        return label("reach.own.name", lang)
    if chosen.listed:
        return _list_name(facts, chosen.listed, lang)
    return facts.release.indicators[chosen.money].label.in_(lang)


def _list_name(facts: Facts, name: str, lang: Lang) -> str:
    one = lists_of(facts.release)[name]
    counted = one.spec["counts"]
    if not counted:
        return title_of(one, lang)
    return label("reach.list.count", lang, name=title_of(one, lang), what=counted[lang])


def _lead(result: ReachResult, lang: Lang) -> Iterator[str]:
    index = result.concentration
    if index.value is None and index.lower <= 0 <= index.upper:
        yield label("reach.lean_bounds", lang)
    elif index.value is None:
        yield label("reach.lean_more" if index.lower > 0 else "reach.lean_less", lang)
    elif result.chance is None or result.chance > 1 - result.asked.confidence:
        yield label("reach.lean_unsure", lang)
    else:
        yield label("reach.lean_more" if index.value > 0 else "reach.lean_less", lang)
    if result.moved is not None:
        yield label("reach.moved", lang, share=per_cent(result.moved, lang, 1))


def _sure(result: ReachResult, lang: Lang) -> Iterator[str]:
    yield label("reach.sure_where", lang)
    yield label("reach.sure_areas", lang)
    count = len(result.areas.codes)
    if count < _FEW:
        yield label("reach.sure_few", lang, count=count)


def _fields(
    facts: Facts, chosen: Chosen, others: Offered, asked: Mapping[str, str], lang: Lang
) -> tuple[Field, ...]:
    catalogue = facts.release.indicators
    own = Choice(OWN, label("reach.own.choice", lang), chosen.money == OWN)
    money = (_choice(catalogue[n], chosen.money, lang) for n in others.money)
    lists = (
        Choice(n, _list_name(facts, n.removeprefix(LIST), lang), n == chosen.money)
        for n in others.lists
    )
    needs = tuple(_choice(catalogue[n], chosen.need, lang) for n in others.needs)
    levels = tuple(
        Choice(one, Level(one).plural.in_(lang), one == chosen.level) for one in others.levels
    )
    periods = period_choices(others.periods, chosen.period, lang)
    amounts = Field("amounts", label("reach.own.heading", lang), "text", asked.get("amounts", ""),
                    help=label("reach.own.help", lang))  # fmt: skip
    return (
        Field("money", label("reach.input.money", lang), choices=(*money, *lists, own)),
        *((amounts,) if chosen.money == OWN else ()),
        Field("need", label("reach.input.need", lang), choices=needs),
        Field("level", label("reach.input.level", lang), choices=levels),
        Field("period", label("reach.input.period", lang), choices=periods),
        Field("top", label("reach.input.top", lang), choices=_tops(asked, lang)),
    )


def _choice(entry: Indicator, chosen: str, lang: Lang) -> Choice:
    return Choice(entry.id, entry.label.in_(lang), entry.id == chosen)


def _tops(asked: Mapping[str, str], lang: Lang) -> tuple[Choice, ...]:
    top = asked.get("top", _STANDARD)
    return tuple(
        Choice(one, label("publish.unit.share", lang, number=one), one == top)
        for one in dict.fromkeys((*_TOPS, top))
    )


def _picture(facts: Facts, chosen: Chosen, rows: pl.DataFrame, lang: Lang) -> Picture:
    catalogue = facts.release.indicators
    title = label("reach.picture", lang)
    dots = []
    for row in rows.iter_rows(named=True):
        if row["need"] is None or row["each"] is None:
            continue
        need = _told(facts, chosen, row["area"], lang)
        each = _each(facts, chosen, row, lang)
        name = facts.name(chosen.level, row["area"], lang)
        dots.append(Dot(name, 100 * row["need"], row["each"], "area", f"{need}, {each}"))
    points = " ".join(f"{dot.name}: {dot.text}." for dot in dots)
    when = format_period(chosen.period, lang)
    words = Words(title, f"{when}. {label('reach.picture_note', lang)}", f"{title}. {points}")
    need_axis = f"{catalogue[chosen.need].label.in_(lang)} (%)"
    each_axis = "reach.column.each" if chosen.measured else "reach.column.each_own"
    axes = Axes(need_axis, label(each_axis, lang), (), ())
    group = {"area": (Level(chosen.level).plural.in_(lang), AREA)}
    return Picture("omrader", title, scatter(dots, axes, group, words))


def _scores(result: ReachResult, lang: Lang) -> TableView:
    keys = ("score", "value", "lower", "upper", "interval")
    columns = tuple(
        Column(key, label(f"reach.column.{key}", lang), key not in ("score", "interval"))
        for key in keys
    )
    rows = [
        _score_row("share", result.share, lang),
        _score_row("ratio", result.ratio, lang),
        _score_row("concentration", result.concentration, lang),
    ]
    for name, value in (("moved", result.moved), ("chance", result.chance)):
        shown = _written(name, value, lang)
        rows.append((Cell(label(f"reach.score.{name}", lang)), Cell(shown, value),
                     Cell(""), Cell(""), Cell("")))  # fmt: skip
    note = label("reach.scores_note", lang)
    return TableView("tall", label("reach.scores", lang), columns, tuple(rows), note)


def _score_row(name: str, score: Score, lang: Lang) -> tuple[Cell, ...]:
    interval = ""
    if score.sampled_lower is not None and score.sampled_upper is not None:
        ends = (score.sampled_lower, score.sampled_upper)
        interval = " – ".join(_written(name, end, lang) for end in ends)
    return (
        Cell(label(f"reach.score.{name}", lang)),
        Cell(_written(name, score.value, lang), score.value),
        Cell(_written(name, score.lower, lang), score.lower),
        Cell(_written(name, score.upper, lang), score.upper),
        Cell(interval),
    )


def _written(name: str, value: float | None, lang: Lang) -> str:
    if value is None:
        return label("reach.unknown", lang)
    if name == "ratio":
        return _times(value, lang)
    if name == "concentration":
        return format_number(value, lang, 3)
    return per_cent(value, lang, 1)


def _times(value: float | None, lang: Lang) -> str:
    if value is None or not isfinite(value):
        return label("reach.unknown", lang)
    return format_number(value, lang, 2)


def _areas(
    facts: Facts, chosen: Chosen, result: ReachResult, rows: pl.DataFrame, lang: Lang
) -> TableView:
    keys = ("area", "people", "need", "each", "money")
    columns = tuple(Column(key, label(f"reach.column.{key}", lang), key != "area") for key in keys)
    scored = set(result.areas.codes)
    high = bool((facts.release.indicators[chosen.need].worse.value) == "high")
    ordered = rows.sort("need", descending=high, nulls_last=True)
    made = tuple(
        _area_row(facts, chosen, row, lang)
        for row in ordered.iter_rows(named=True)
        if row["area"] in scored
    )
    note = label("reach.areas_note", lang)
    return TableView("omrader", label("reach.areas", lang), columns, made, note)


def _area_row(facts: Facts, chosen: Chosen, row: Mapping[str, Any], lang: Lang) -> tuple[Cell, ...]:
    area = str(row["area"])
    name = facts.name(chosen.level, area, lang)
    need, each = _told(facts, chosen, area, lang), _each(facts, chosen, row, lang)
    money, people = row["money"], row["people"]
    kroner = label("reach.hidden", lang) if money is None else format_number(float(money), lang)
    return (
        Cell(name, name, area=(chosen.level, area)),
        Cell(format_number(float(people or 0), lang), _number(people)),
        Cell(need, _number(row["need"])),
        Cell(each, _number(row["each"])),
        Cell(kroner, _number(money)),
    )


def _told(facts: Facts, chosen: Chosen, area: str, lang: Lang) -> str:
    """Return the need of an area as any page tells it, a status in words."""
    return facts.shown(chosen.level, area, chosen.need, chosen.period, lang).text


def _each(facts: Facts, chosen: Chosen, row: Mapping[str, Any], lang: Lang) -> str:
    """Return money a head: as any page tells it, or of a reader's own amounts."""
    if chosen.measured:
        return facts.shown(chosen.level, row["area"], chosen.money, chosen.period, lang).text
    each = row["each"]
    return label("reach.hidden", lang) if each is None else format_number(each, lang, 2)


def _number(value: float | str | None) -> float | None:
    return None if value is None else float(value)
