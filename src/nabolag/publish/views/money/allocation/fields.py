"""What can be chosen and written in the workshop, each with the value it has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from urllib.parse import urlencode

from nabolag.allocation import presets
from nabolag.allocation.model import RULES
from nabolag.allocation.numbers import total, written
from nabolag.core import Finding, Lang, label
from nabolag.publish.numbers import per_cent
from nabolag.publish.views.model import Choice
from nabolag.publish.views.money.allocation import scenario as names
from nabolag.publish.views.money.allocation.computed import AS_OPENED, BY_SIZE, TODAY, Computed
from nabolag.publish.views.money.allocation.model import (
    PresetLine,
    SavedLine,
    Slider,
    UnitChoice,
    Wish,
)
from nabolag.publish.views.money.allocation.opened import Opened
from nabolag.publish.views.money.allocation.scenario import Read, Scenario, kept_as
from nabolag.publish.views.money.model import Field

#: What stands in an address of the form, so that links lead on with the rest of it.
_NOT_KEPT = (names.NAME,)


def query(asked: Mapping[str, str], **changed: str) -> str:
    """Return an address's query with some values changed; an empty value is left out."""
    kept = {key: value for key, value in asked.items() if key not in _NOT_KEPT}
    merged = {key: value for key, value in {**kept, **changed}.items() if value}
    return urlencode(merged)


def sliders(found: Opened, read: Read, lang: Lang) -> tuple[Slider, ...]:
    """Return the part by size and the points of each criterion."""
    scenario = read.scenario
    size = found.size_word.in_(lang)
    first = Field(
        names.PUPILS, label("allocation.field.pupils", lang, size=size), "number",
        written(scenario.pupils * 100), lowest="0", highest="100",
        problem=_problem(read.problems, names.PUPILS, lang), unit="%",
    )  # fmt: skip
    told = label("allocation.by_need", lang, share=per_cent(float(1 - scenario.pupils), lang, 1))
    return (Slider(first, told), *_criteria(found, read, lang))


def _criteria(found: Opened, read: Read, lang: Lang) -> Iterable[Slider]:
    marked = {n for n, need in found.needs.items() if need.background}
    for name, weight in read.scenario.weights.items():
        key = f"{names.WEIGHT}{name}"
        share = per_cent(float(weight), lang, 1)
        yield Slider(
            Field(key, need_name(found, name, lang), "number",
                  written(read.scenario.points[name]), lowest="0", highest="100",
                  problem=_problem(read.problems, key, lang)),
            label("allocation.counts", lang, share=share),
            name in marked,
        )  # fmt: skip


def need_name(found: Opened, name: str, lang: Lang) -> str:
    """Return what a criterion is called, several needs joined."""
    parts = (found.needs.get(one) for one in name.split("*"))
    return " × ".join(
        need.label.in_(lang) if need else one
        for need, one in zip(parts, name.split("*"), strict=True)
    )


def points_note(scenario: Scenario, lang: Lang) -> str:
    """Say how points that do not add up to 100 are read; nothing where they do."""
    points = total(scenario.points.values())
    if points == 100 or scenario.pupils == 1:
        return ""
    key = "points_none" if not points else "points_sum"
    return label(f"allocation.{key}", lang, sum=written(points))


def more(found: Opened, read: Read, computed: Computed, lang: Lang) -> tuple[Field, ...]:
    """Return amounts, rule, guarantee and the rest."""
    scenario, problems = read.scenario, read.problems

    def number(name: str, value: Fraction | int, unit: str = "", high: str = "") -> Field:
        return Field(name, label(f"allocation.field.{name}", lang), "number",
                     written(Fraction(value)), help=label(f"allocation.help.{name}", lang),
                     problem=_problem(problems, name, lang), unit=unit, highest=high)  # fmt: skip

    def choice(name: str, known: Sequence[str], value: str) -> Field:
        offered = tuple(
            Choice(one, label(f"allocation.{name}.{one}", lang), one == value) for one in known
        )
        return Field(name, label(f"allocation.field.{name}", lang), value=value, choices=offered,
                     help=label(f"allocation.help.{name}", lang),
                     problem=_problem(problems, name, lang))  # fmt: skip

    fields = [
        number(names.BUDGET, scenario.budget, "kr"),
        choice(names.RULE, RULES, scenario.rule),
        number(names.BASE, scenario.base, "kr"),
        number(names.RATE, scenario.rate, "kr"),
    ]
    if found.has_today:
        fields.append(number(names.GUARANTEE, scenario.guarantee * 100, "%", "100"))
    if scenario.rule == "zone":
        fields.append(number(names.LINE, (scenario.line or Fraction(0)) * 100, "%", "100"))
    return (
        *fields,
        number(names.YEARS, read.years, "", "20"),
        _against(found, computed, read, lang),
        choice(names.REACH, names.REACHES, read.reach),
        choice(names.ROUNDING, names.ROUNDINGS, scenario.rounding),
        choice(names.UNKNOWN, names.UNKNOWNS, scenario.unknown),
    )


def against_name(found: Opened, name: str, lang: Lang) -> str:
    """Return what a scenario is compared with, in words."""
    known = (TODAY, AS_OPENED, BY_SIZE)
    if name not in known:
        return name
    return label(f"allocation.mot.{name}", lang, size=found.size_word.in_(lang))


def _against(found: Opened, computed: Computed, read: Read, lang: Lang) -> Field:
    held = [*([TODAY] if found.has_today else []), AS_OPENED, BY_SIZE, *read.saved]
    choices = tuple(
        Choice(one, against_name(found, one, lang), one == computed.against) for one in held
    )
    return Field(names.AGAINST, label("allocation.field.mot", lang), value=computed.against,
                 choices=choices, help=label("allocation.help.mot", lang))  # fmt: skip


def unit_choices(found: Opened, scenario: Scenario) -> tuple[UnitChoice, ...]:
    """Return every unit, and whether it is left out."""
    out = set(scenario.left_out)
    named = zip(found.units.ids, found.units.names, strict=True)
    return tuple(UnitChoice(unit, name, unit in out) for unit, name in named)


def preset_lines(found: Opened, read: Read, lang: Lang) -> tuple[PresetLine, ...]:
    """Return the described models, those that can be used here with an address that opens them."""
    lines = []
    for one in presets().values():
        needs = one.model.needs
        lacks = [name for name in needs if name not in found.needs]
        open_as = "" if lacks else urlencode({names.FOR: found.id, names.ORIGIN: one.id})
        lines.append(
            PresetLine(
                one.id,
                one.name.in_(lang),
                label(f"allocation.status.{one.status}", lang, as_of=one.as_of),
                one.words.in_(lang),
                one.reference,
                one.background.in_(lang) if one.background else "",
                label("allocation.lacks", lang, needs=_lacking(lacks, lang)) if lacks else "",
                open_as,
                read.scenario.origin == one.id,
                tuple(each.label.in_(lang) for each in one.indicators),
            )
        )
    return tuple(lines)


def _lacking(needs: Sequence[str], lang: Lang) -> str:
    return ", ".join(label(f"allocation.need.{name}", lang) for name in needs)


def saved_with(asked: Mapping[str, str]) -> str:
    """Return the kept scenarios of an address, and this one where it has just been named."""
    held = [one for one in asked.get(names.SAVED, "").split(",") if one]
    name = asked.get(names.NAME, "")
    if name:
        new = kept_as(name, asked)
        title = new.split("~")[0]
        held = [*(one for one in held if one.split("~")[0] != title), new]
    return ",".join(held)


def saved_lines(
    found: Opened, computed: Computed, asked: Mapping[str, str], lang: Lang
) -> tuple[SavedLine, ...]:
    """Return the scenarios that have a name."""
    kept = {one.split("~")[0].strip(): one for one in asked.get(names.SAVED, "").split(",") if one}
    lines = []
    for name, shared in computed.saved.items():
        others = ",".join(text for other, text in kept.items() if other != name)
        lines.append(
            SavedLine(
                name,
                in_short(found, shared.scenario, lang),
                _opening(found, kept.get(name, ""), asked),
                query(asked, **{names.SAVED: others}),
            )
        )
    return tuple(lines)


def _opening(found: Opened, kept: str, asked: Mapping[str, str]) -> str:
    """Return the address that shows a kept scenario, all kept ones still beside it."""
    pairs = [part.partition(".") for part in kept.split("~")[1:]]
    own = {key: value.replace("_p_", ".") for key, _, value in pairs}
    held = {key: asked[key] for key in (names.SAVED, names.AGAINST) if key in asked}
    return urlencode({names.FOR: found.id, **own, **held})


def in_short(found: Opened, scenario: Scenario, lang: Lang) -> str:
    """Say a scenario in one line."""
    parts = [
        f"{need_name(found, name, lang)} {per_cent(float(weight), lang, 1)}"
        for name, weight in scenario.weights.items()
        if weight
    ]
    size = f"{found.size_word.in_(lang)} {per_cent(float(scenario.pupils), lang, 1)}"
    rule = label(f"allocation.regel.{scenario.rule}", lang)
    return label("allocation.in_short", lang, size=size, rule=rule, parts=", ".join(parts) or "–")


def wishes(found: Opened, read: Read, asked: Mapping[str, str], lang: Lang) -> tuple[Wish, ...]:
    """Return the lines of the question turned round."""
    lines = []
    for place in range(1, names.WISHES + 1):
        unit, kroner = f"{names.ASKED_UNIT}{place}", f"{names.ASKED_KRONER}{place}"
        given = asked.get(unit, "")
        offered = zip(found.units.ids, found.units.names, strict=True)
        choices = (
            Choice("", label("allocation.no_unit", lang), not given),
            *(Choice(one, name, one == given) for one, name in offered),
        )
        lines.append(
            Wish(
                Field(unit, label("allocation.field.enhet", lang, n=place), value=given,
                      choices=choices, problem=_problem(read.problems, unit, lang)),
                Field(kroner, label("allocation.field.minst", lang, n=place), "number",
                      asked.get(kroner, ""), unit="kr",
                      problem=_problem(read.problems, kroner, lang)),
            )
        )  # fmt: skip
    return tuple(lines)


def coefficients(
    found: Opened, read: Read, asked: Mapping[str, str], lang: Lang
) -> tuple[tuple[Field, Field], ...]:
    """Return, need by need, kroner for one more of it and the standard error of that."""

    def of(key: str, name: str) -> Field:
        words = label(f"allocation.field.{key}", lang, need=need_name(found, name, lang))
        return Field(f"{key}{name}", words, "number", asked.get(f"{key}{name}", ""),
                     problem=_problem(read.problems, f"{key}{name}", lang))  # fmt: skip

    return tuple(
        (of(names.COEFFICIENT, name), of(names.ERROR, name)) for name in read.scenario.points
    )


def _problem(problems: Mapping[str, Finding], name: str, lang: Lang) -> str:
    return problems[name].text(lang) if name in problems else ""
