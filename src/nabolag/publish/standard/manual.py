"""The manual of the set, generated: `docs/standard-set.md` is this for bokmål."""

from __future__ import annotations

from nabolag.core import Indicator, Lang, label
from nabolag.indicators import StandardSet
from nabolag.publish.numbers import format_date
from nabolag.publish.standard.measure_words import measure_sentences, rule_lines
from nabolag.publish.standard.pages import (
    break_lines,
    change_lines,
    expression_lines,
    formula,
    level_words,
    origin_lines,
)
from nabolag.publish.views.shared import direction_words


def manual(held: StandardSet, lang: Lang) -> str:
    """Return the edition as one Markdown document, theme by theme."""
    edition = held.edition
    when = format_date(edition.date, lang)
    rings = dict.fromkeys(entry.ring for entry in held.indicators.values())
    lines = [
        f"# {label('set.title', lang)}",
        "",
        label("set.manual.generated", lang),
        "",
        label("set.edition", lang, id=edition.id, date=when) + " " + edition.note.in_(lang),
        "",
        label("set.opening", lang, n=len(held.indicators), counted=len(held.measures)),
        "",
        f"## {label('set.changes', lang)}",
        "",
        *(f"- {line}" for line in change_lines(held, lang)),
        "",
        f"## {label('set.manual.overview', lang)}",
        "",
        *_table(held, lang),
        "",
    ]
    for ring in rings:
        lines += _ring(held, ring, lang)
    return "\n".join(lines).rstrip() + "\n"


def _table(held: StandardSet, lang: Lang) -> list[str]:
    names = ("label", "indicator", "ring", "kind", "minimum_level", "registers")
    heads = [label(f"set.column.{name}", lang) for name in names]
    rows = [
        f"| {entry.label.in_(lang)} | `{entry.id}` | {label(f'ring.{entry.ring}', lang)} "
        f"| {label(f'kind.{entry.kind.value}', lang)} | {level_words(entry, lang)} "
        f"| {label('set.yes' if entry.id in held.measures else 'set.no', lang)} |"
        for entry in held.indicators.values()
    ]
    return [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads), *rows]


def _ring(held: StandardSet, ring: str, lang: Lang) -> list[str]:
    lines = [f"## {label(f'ring.{ring}', lang)}", ""]
    if ring in held.edition.without_asset:
        lines += [held.edition.without_asset[ring].in_(lang), ""]
    for entry in held.indicators.values():
        if entry.ring == ring:
            lines += _entry(held, entry, lang)
    return lines


def _entry(held: StandardSet, entry: Indicator, lang: Lang) -> list[str]:
    member, compared = held.edition.members[entry.id], entry.comparability
    told = [
        ("formula", formula(entry, lang)),
        ("population", entry.population.in_(lang) if entry.population else ""),
        ("kind", f"{label(f'kind.{entry.kind.value}', lang)}. {direction_words(entry, lang)}."),
        ("unit", label(f"unit.{entry.unit.value}", lang)),
        ("minimum_level", level_words(entry, lang)),
    ]
    if compared:
        reason = f" {compared.reason.in_(lang)}" if compared.reason else ""
        words = label(f"comparability.{compared.status.value}", lang)
        told.append(("comparability", f"{words}.{reason}"))
    told += [("breaks", f"{when}: {what}") for when, what in break_lines(entry, lang)]
    origins = [": ".join(filter(None, pair)) for pair in origin_lines(entry, lang)]
    told.append(("sources", "; ".join(origins)))
    asked = [f"{label(f'asked.{one.by}', lang)} {one.reference}" for one in member.asked]
    told.append(("asked", "; ".join(asked)))
    told += _counted(held, entry, lang)
    told.append(("reference", entry.reference))
    facts = [f"- **{label(f'set.column.{key}', lang)}:** {words}" for key, words in told if words]
    version = label("set.version", lang, version=member.version)
    heading = f"### {entry.label.in_(lang)} (`{entry.id}`, {version})"
    return [heading, "", entry.definition.in_(lang), "", *facts, ""]


def _counted(held: StandardSet, entry: Indicator, lang: Lang) -> list[tuple[str, str]]:
    measure = held.measures.get(entry.id)
    if measure is None:
        return []
    lines = dict(expression_lines(measure))
    code = ", ".join(f"`{key}: {words}`" for key, words in lines.items())
    rules = "; ".join(
        f"«{rule.term}» ({rule.reference})" + (f": {rule.numbers}" if rule.numbers else "")
        for rule in rule_lines(measure, lang)
    )
    told = [("counted", " ".join(measure_sentences(measure, lang))), ("expression", code)]
    return [*told, ("rules", rules)]
