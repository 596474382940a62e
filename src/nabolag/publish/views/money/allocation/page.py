"""The budget workshop: what if need weighed more? The answer, the sliders, picture, map, tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nabolag.allocation import Allocation, preset
from nabolag.allocation.b11 import COLUMNS
from nabolag.core import Finding, Lang, label
from nabolag.publish.figures.base import Words
from nabolag.publish.figures.sharing import Change, before_and_after
from nabolag.publish.numbers import format_number, per_cent
from nabolag.publish.text import capital
from nabolag.publish.views.analyses.model import Picture
from nabolag.publish.views.facts import Facts, facts_of
from nabolag.publish.views.model import Choice, SourceLine
from nabolag.publish.views.money.allocation import fields, tables
from nabolag.publish.views.money.allocation import scenario as names
from nabolag.publish.views.money.allocation.answering import answer_of, uncertain_words
from nabolag.publish.views.money.allocation.computed import Computed, b11_agreement, compute
from nabolag.publish.views.money.allocation.mapping import change_map
from nabolag.publish.views.money.allocation.model import AllocationView
from nabolag.publish.views.money.allocation.opened import B11, Opened, names_of, opened
from nabolag.publish.views.money.allocation.scenario import Read, read_scenario, start
from nabolag.publish.views.money.parts import REPORT, cited
from nabolag.publish.views.shared import notices, source_lines
from nabolag.store import Release

_DRAWN = 60


def allocation_page(release: Release, asked: Mapping[str, str], lang: Lang) -> AllocationView:
    """Return the workshop for an address. What cannot be shared is told on the page."""
    asked = _with_named(asked)
    found = opened(release, asked.get(names.FOR, ""), lang)
    read = read_scenario(found, asked)
    computed = compute(found, read, start(found))
    facts = facts_of(release)
    made = computed.shared.allocation
    return AllocationView(
        lang=lang,
        title=label("allocation.title", lang),
        question=label("allocation.question", lang),
        opening=_opening(found, computed, lang),
        lead=tuple(filter(None, [" ".join(_lead(found, computed, lang))])),
        notices=notices(facts, lang) if found.id != B11 else (),
        pictures=_pictures(found, computed, lang),
        tables=tables.every(found, computed, lang),
        sure=_sure(found, read, computed, lang),
        rule=_rule(found, read, lang),
        sources=_sources(facts, found, lang),
        files=tables.files(found, computed, lang),
        for_id=found.id,
        columns=_columns(found, read, lang),
        query=fields.query(asked),
        hidden=_hidden(found, read, asked),
        found=tuple(Choice(name, words.in_(lang), name == found.id)
                    for name, words in names_of(release).items()),
        sliders=fields.sliders(found, read, lang),
        points_note=fields.points_note(read.scenario, lang),
        more=fields.more(found, read, computed, lang),
        chosen=fields.unit_choices(found, read.scenario),
        presets=fields.preset_lines(found, read, lang),
        saved=fields.saved_lines(found, computed, asked, lang),
        wishes=fields.wishes(found, read, asked, lang),
        coefficients=fields.coefficients(found, read, asked, lang),
        uncertain=uncertain_words(computed, lang),
        answer=answer_of(found, computed, asked, lang),
        problems=_problems(computed, lang),
        ways_out=_ways_out(computed, asked, lang),
        map=change_map(facts, found, computed, lang),
        open=tuple(asked.get("open", "").split(",")),
        background=_background(read, lang),
        workbook=made is not None and len(made.model.pots) == 1,
    )  # fmt: skip


def _with_named(asked: Mapping[str, str]) -> dict[str, str]:
    """Return an address in which a scenario that was just named is among the kept ones."""
    kept = fields.saved_with(asked)
    return {**{k: v for k, v in asked.items() if k not in (names.NAME, names.SAVED)},
            **({names.SAVED: kept} if kept else {})}  # fmt: skip


def _hidden(found: Opened, read: Read, asked: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return what the form carries on that no field of it shows."""
    held = [(names.FOR, found.id)]
    if read.scenario.origin:
        held.append((names.ORIGIN, read.scenario.origin))
    return (*held, *((names.SAVED, one) for one in asked.get(names.SAVED, "").split(",") if one))


def _columns(found: Opened, read: Read, lang: Lang) -> tuple[Choice, ...]:
    """Return the printed columns of the example."""
    if found.id != B11:
        return ()
    now = read.scenario.pupils * 100
    return tuple(
        Choice(str(n), label("allocation.b11.column", lang, pupils=n, need=100 - n), n == now)
        for n in COLUMNS.values()
    )


def _opening(found: Opened, computed: Computed, lang: Lang) -> str:
    shared, moved = computed.shared, computed.moves
    words: dict[str, Any] = {
        "units": found.units_word.in_(lang),
        "count": format_number(len(shared.units), lang),
    }
    if shared.problems:
        return label("allocation.opening.problem", lang)
    budget = format_number(shared.scenario.budget, lang)
    if shared.bounds is not None:
        return label("allocation.opening.bounds", lang, budget=budget, **words)
    if moved is None or moved.unknown == len(shared.units):
        return label("allocation.opening.alone", lang, budget=budget, **words)
    told: dict[str, Any] = {
        "winners": format_number(moved.winners, lang),
        "losers": format_number(moved.losers, lang),
        "moved": format_number(moved.moved, lang),
        "against": fields.against_name(found, computed.against, lang),
    }
    key = "same" if not moved.winners and not moved.losers else "moved"
    return label(f"allocation.opening.{key}", lang, budget=budget, **words, **told)


def _lead(found: Opened, computed: Computed, lang: Lang) -> tuple[str, ...]:
    shared, moved = computed.shared, computed.moves
    made = shared.allocation
    said: list[str] = []
    if found.id == B11:
        same, count = b11_agreement()
        said.append(label("allocation.b11.agreement", lang, same=same, count=count))
    if made is None:
        return tuple(said)
    if len(made.model.pots) > 1:
        first = made.model.pots[0]
        share = per_cent(float(first.share), lang)
        said.append(label("allocation.several", lang, n=len(made.model.pots), share=share))
    if shared.without:
        without = ", ".join(found.units.called(unit) for unit in shared.without)
        said.append(label("allocation.without", lang, n=len(shared.without), units=without))
    if moved and moved.largest_gain and moved.largest_loss:
        gain = _largest(found, moved.largest_gain, "gain", lang)
        loss = _largest(found, moved.largest_loss, "loss", lang)
        said.append(label("allocation.largest", lang, **gain, **loss))
    if moved and moved.unknown:
        said.append(label("allocation.unknown_before", lang, n=moved.unknown))
    rounding = len(made.units) if "nearest" in (made.model.rounding, found.model.rounding) else 0
    if moved and abs(moved.grown) > rounding and moved.unknown == 0:
        key = "grown" if moved.grown > 0 else "shrunk"
        said.append(label(f"allocation.{key}", lang, kroner=format_number(abs(moved.grown), lang)))
    said.append(_sum(made, lang))
    if found.fte_cost and moved and moved.moved:
        fte = format_number(moved.moved / found.fte_cost, lang, 1)
        cost = format_number(found.fte_cost, lang)
        said.append(label("allocation.fte", lang, fte=fte, cost=cost))
    return tuple(said)


def _largest(found: Opened, one: tuple[str, int], key: str, lang: Lang) -> dict[str, Any]:
    unit, kroner = one
    name = found.units.names[found.units.at(unit)]
    return {key: name, f"{key}_kroner": format_number(abs(kroner), lang)}


def _sum(made: Allocation, lang: Lang) -> str:
    off = made.sum - made.budget
    words: dict[str, Any] = {
        "sum": format_number(made.sum, lang),
        "off": format_number(abs(off), lang),
    }
    key = "exact" if not off else "over" if off > 0 else "under"
    return label(f"allocation.sum.{key}", lang, **words)


def _pictures(found: Opened, computed: Computed, lang: Lang) -> tuple[Picture, ...]:
    made, spread = computed.shared.allocation, computed.spread
    if made is None:
        return ()
    before = computed.before or (None,) * len(made.units)
    changes = []
    for at, unit in enumerate(made.units.ids):
        ends = (float(spread.low[at]), float(spread.high[at])) if spread else (None, None)
        held = before[at]
        step = None if held is None else made.kroner[at] - held
        sign = "+" if step and step > 0 else ""
        text = format_number(made.kroner[at], lang)
        text += "" if step is None else f" ({sign}{format_number(step, lang)})"
        changes.append(Change(unit, made.units.names[at], held, made.kroner[at], text, *ends))
    changes.sort(key=lambda c: (c.before is None, (c.before or 0) - c.after))
    shown = (
        [*changes[: _DRAWN // 2], *changes[-_DRAWN // 2 :]] if len(changes) > _DRAWN else changes
    )
    against = capital(fields.against_name(found, computed.against, lang))
    titled = "picture" if len(shown) == len(changes) else "picture_ends"
    title = label(f"allocation.{titled}", lang, n=len(shown))
    words = Words(title, label("allocation.picture_note", lang),
                  label("allocation.picture_alt", lang, against=against),
                  label("allocation.axis", lang))  # fmt: skip
    after = label("allocation.column.kroner", lang)
    return (Picture("fordeling", title, before_and_after(shown, words, (against, after))),)


def _sure(found: Opened, read: Read, computed: Computed, lang: Lang) -> tuple[str, ...]:
    said = []
    if computed.spread is not None:
        said.append(label(f"allocation.sure.{read.reach}", lang, draws=computed.spread.draws))
    elif computed.spread_problem is not None:
        said.append(computed.spread_problem.text(lang))
    if read.scenario.guarantee and computed.spread is not None:
        said.append(label("allocation.sure.guarantee", lang))
    if any(need.indicator for need in found.needs.values()):
        said.append(label("allocation.sure.area", lang))
    return (*said, label("allocation.sure.choice", lang), label("allocation.sure.causes", lang))


def _rule(found: Opened, read: Read, lang: Lang) -> str:
    scenario = read.scenario
    described = preset(scenario.origin) if scenario.origin else None
    parts = [
        label("allocation.rule.formula", lang),
        label(f"allocation.rule.{scenario.rule}", lang),
        label(f"allocation.rule.{scenario.rounding}", lang),
        fields.in_short(found, scenario, lang) + ".",
    ]
    if described is not None:
        told = label("allocation.rule.described", lang, name=described.name.in_(lang),
                     reference=described.reference)  # fmt: skip
        parts.append(told)
    return " ".join(parts)


def _sources(facts: Facts, found: Opened, lang: Lang) -> tuple[SourceLine, ...]:
    if found.id == B11:
        text = label("allocation.b11.source", lang)
        title = found.name.in_(lang)
        producer = label("printed.source.producer", lang)
        return (cited(REPORT, producer, title, text),)
    of_needs = [
        source for need in found.needs.values() if need.indicator
        for source in facts.source_ids(need.indicator)
    ]  # fmt: skip
    return source_lines(facts, [found.source, *of_needs], lang)


def _problems(computed: Computed, lang: Lang) -> tuple[Mapping[str, str], ...]:
    return tuple(_told(finding, lang) for finding in computed.shared.problems)


def _told(finding: Finding, lang: Lang) -> dict[str, str]:
    return {part: finding.part(part, lang) for part in ("what", "expected", "do")}


def _ways_out(
    computed: Computed, asked: Mapping[str, str], lang: Lang
) -> tuple[tuple[str, str], ...]:
    """Return addresses that answer needs which are not known, each with what it does."""
    codes = {finding.code for finding in computed.shared.problems}
    if not codes & {"allocation_need_missing", "allocation_need_hidden"}:
        return ()
    return tuple(
        (fields.query(asked, **{names.UNKNOWN: way}), label(f"allocation.way.{way}", lang))
        for way in ("bounds", "out")
    )


def _background(read: Read, lang: Lang) -> str:
    described = preset(read.scenario.origin) if read.scenario.origin else None
    return described.background.in_(lang) if described and described.background else ""
