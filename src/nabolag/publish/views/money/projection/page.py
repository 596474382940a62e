"""`/penger/framskriving/`: the answer, the choices, pictures, tables, how sure, and files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nabolag.core import Lang, Level, label
from nabolag.projection.axes import Ages
from nabolag.publish.numbers import format_count, format_number, per_cent
from nabolag.publish.text import inside
from nabolag.publish.views.analyses.common import title_of
from nabolag.publish.views.facts import Facts, facts_of
from nabolag.publish.views.money.model import AreaMoney, Field, MoneyView, TableFile
from nabolag.publish.views.money.projection.pictures import pictures
from nabolag.publish.views.money.projection.shown import Shown
from nabolag.publish.views.money.projection.tables import cost_sums, tables
from nabolag.publish.views.money.projection.words import standing_words
from nabolag.publish.views.money.reading import choice_field
from nabolag.publish.views.money.words import short_kroner
from nabolag.publish.views.shared import notices, source_lines
from nabolag.store import Analysed, Release

KIND = "projection"


def projection_page(release: Release, asked: Mapping[str, str], lang: Lang) -> MoneyView:
    """Return the page for what the address chooses. Without a projection it says how to get one."""
    held = release.reckoned_of(KIND)
    name, question = (label(f"analysis.kind.{KIND}.{part}", lang) for part in ("name", "question"))
    if not held:
        return MoneyView(lang, name, question, label("projection.absent", lang))
    chosen, first = choice_field(
        asked, "framskriving", name, [(one.id, title_of(one, lang)) for one in held.values()],
        next(iter(held)),
    )  # fmt: skip
    facts = facts_of(release)
    shown, fields = _chosen(facts, held[chosen], asked, lang)
    return MoneyView(
        lang=lang,
        title=title_of(held[chosen], lang),
        question=question,
        opening=_opening(shown),
        lead=tuple(words for words in (_dependency(shown), _cost(shown)) if words),
        notices=notices(facts, lang),
        fields=(first, *fields) if len(held) > 1 else fields,
        pictures=pictures(shown),
        tables=tables(shown),
        sure=_sure(shown),
        rule=shown.analysed.text[lang],
        sources=source_lines(facts, shown.analysed.facts["sources"], lang),
        files=_files(shown),
    )


def projections_of(release: Release, level: str, code: str, lang: Lang) -> list[AreaMoney]:
    """Return what each projection says of an area, left out where it does not show the area."""
    facts, said = facts_of(release), []
    for one in release.reckoned_of(KIND).values():
        if (level, code) not in set(one.table("people").select("level", "area").unique().rows()):
            continue
        asked = {"framskriving": one.id, "omrade": f"{level}:{code}"}
        shown, _ = _chosen(facts, one, asked, lang)
        said.append(AreaMoney("framskriving", title_of(one, lang), _opening(shown), asked))
    return said


def _chosen(
    facts: Facts, analysed: Analysed, asked: Mapping[str, str], lang: Lang
) -> tuple[Shown, tuple[Field, ...]]:
    """Return what is shown, and the fields a reader chooses with."""
    held = analysed.table("people").select("level", "area").unique(maintain_order=True).rows()
    places = [(f"{level}:{code}", _place(facts, level, code, lang)) for level, code in held]
    own = facts.municipality
    standard = f"{own[0]}:{own[1]}" if own and own in held else places[0][0]
    area, area_field = choice_field(
        asked, "omrade", label("projection.choose.area", lang), places, standard
    )
    names = [(one["id"], one["name"][lang]) for one in analysed.facts["scenarios"]]
    scenario, scenario_field = choice_field(
        asked, "alternativ", label("projection.choose.scenario", lang), names, "main"
    )
    base, last = analysed.facts["base"], analysed.facts["last"]
    years = [(str(year), str(year)) for year in range(last, base, -1)]
    year, year_field = choice_field(
        asked, "ar", label("projection.choose.year", lang), years, str(last)
    )
    level, code = area.split(":", 1)
    shown = Shown(facts, analysed, lang, level, code, scenario, int(year))
    return shown, (area_field, scenario_field, year_field)


def _place(facts: Facts, level: str, code: str, lang: Lang) -> str:
    return f"{facts.name(level, code, lang)} ({Level(level).label.in_(lang)})"


def _opening(shown: Shown) -> str:
    lang = shown.lang
    now = shown.at(shown.totals, shown.scenario, shown.base)
    later = shown.at(shown.totals, shown.scenario, shown.year)
    before, after = (row["persons"] if row else None for row in (now, later))
    if not before or after is None:
        return label("sentence.projection.hidden", lang, place=shown.place)
    change = after / before - 1
    words = {
        "place": shown.place,
        "before": format_count(before, lang),
        "after": format_count(after, lang),
        "base": shown.base,
        "year": shown.year,
        "percent": per_cent(abs(change), lang, 1),
        "scenario": inside(shown.scenarios[shown.scenario]),
    }
    key = "same" if abs(change) < 0.0005 else "more" if change > 0 else "fewer"
    return " ".join([_said(key, lang, words), *_spread(shown)])


def _said(key: str, lang: Lang, words: Mapping[str, Any]) -> str:
    return label(f"sentence.projection.{key}", lang, **words)


def _spread(shown: Shown) -> list[str]:
    rows = [shown.at(shown.totals, one, shown.year) for one in shown.scenarios]
    held = [row["persons"] for row in rows if row and row["persons"] is not None]
    if len(held) < 2:
        return []
    ends = {"low": format_count(min(held), shown.lang), "high": format_count(max(held), shown.lang)}
    return [_said("spread", shown.lang, ends)]


def _dependency(shown: Shown) -> str:
    held = {(r["scenario"], r["year"]): r for r in shown.table("dependency").iter_rows(named=True)}
    before, after = (
        (shown.at(held, shown.scenario, year) or {}).get("ratio")
        for year in (shown.base, shown.year)
    )
    if before is None or after is None:
        return ""
    words = {
        "ages": shown.ages_words(Ages(*shown.spec["dependency"]["ages"])),
        "before": format_number(before, shown.lang, 2),
        "after": format_number(after, shown.lang, 2),
        "base": shown.base,
        "year": shown.year,
    }
    return _said("dependency", shown.lang, words)


def _cost(shown: Shown) -> str:
    amount = cost_sums(shown).get((shown.scenario, shown.year))
    if amount is None:
        return ""
    section = shown.spec["cost"]
    words = {
        "kroner": short_kroner(abs(amount), shown.lang),
        "base": shown.base,
        "year": shown.year,
        "prices": section["prices"],
        "standing": standing_words(section["status"], shown.lang),
    }
    return _said("cost" if amount >= 0 else "cost_less", shown.lang, words)


def _sure(shown: Shown) -> tuple[str, ...]:
    lang, bounds, back = shown.lang, shown.spec["bounds"], shown.analysed.facts["backtest"]
    said = [label("projection.sure.condition", lang)]
    if len(shown.scenarios) > 1:
        said.append(label("projection.sure.scenarios", lang))
    if bounds["draws"]:
        share = per_cent(bounds["share"], lang)
        said.append(label("projection.sure.chance", lang, draws=bounds["draws"], share=share))
    else:
        said.append(label("projection.sure.no_draws", lang))
    if back:
        off = per_cent(abs(back["whole"]) / 100, lang, 1)
        words = {"since": back["since"], "until": back["until"], "whole": off}
        said.append(label("projection.sure.backtest", lang, **words))
    else:
        said.append(label("projection.sure.no_backtest", lang))
    larger = Level(shown.spec["larger"]).label.in_(lang)
    return (*said, label("projection.sure.small", lang, larger=inside(larger)))


def _files(shown: Shown) -> tuple[TableFile, ...]:
    """Return every table of the release, about all areas."""
    return tuple(
        TableFile(name, label(f"projection.table.{name}", shown.lang), shown.analysed.table(name))
        for name in shown.analysed.tables
    )
