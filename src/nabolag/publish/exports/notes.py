"""What every export says about itself: release, sources, definitions, rules, cautions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from nabolag.core import (
    Finding,
    Indicator,
    Kind,
    Lang,
    Provenance,
    Status,
    Unit,
    Worse,
    label,
    source_ids,
)
from nabolag.publish.numbers import format_period
from nabolag.publish.rounding import rounding_notes, rounding_rule
from nabolag.store import Release


@dataclass(frozen=True, slots=True)
class Colophon:
    """The facts that follow a table out of the house, worded in one language.

    `created` is the release's own ISO time, so that the same release always gives the same
    file. `cautions` are sentences a reader must see: invented figures, totals beside hidden
    cells. `indicators` and `sources` are those that the selection holds.
    """

    title: str
    release: str
    created: str
    lang: Lang
    indicators: tuple[Indicator, ...]
    sources: tuple[Provenance, ...]
    cautions: tuple[str, ...]
    rules: tuple[str, ...]
    code_version: str

    def as_dict(self) -> dict[str, Any]:
        """Return plain data for formats that carry metadata as JSON."""
        return {
            "title": self.title,
            "release": self.release,
            "created": self.created,
            "language": self.lang,
            "code_version": self.code_version,
            "notes": list(self.cautions),
            "disclosure": list(self.rules),
            "share": label("export.share_note", self.lang),
            "statuses": status_list(self.lang),
            "indicators": [indicator_facts(i, self.lang) for i in self.indicators],
            "sources": [source_facts(s, self.lang) for s in self.sources],
        }


def colophon(release: Release, rows: pl.DataFrame, lang: Lang) -> Colophon:
    """Return what an export of these observations says about itself.

    Raises `KeyError` for an indicator that the release's catalogue does not have.
    """
    present = set(rows["indicator"].unique())
    used = {one for text in rows["source"].unique() for one in source_ids(text)}
    sources = tuple(p for sid, p in release.sources.items() if sid in used)
    return Colophon(
        title=release.name.in_(lang),
        release=release.id,
        created=str(release.bundle.manifest["created_at"]),
        lang=lang,
        indicators=tuple(i for iid, i in release.indicators.items() if iid in present),
        sources=sources,
        cautions=(*cautions(release, lang), *_own_numbers(sources, lang)),
        rules=rule_sentences(release, lang),
        code_version=str(release.about.get("code_version", "")),
    )


def _own_numbers(sources: Sequence[Provenance], lang: Lang) -> list[str]:
    """Say which of the sources are numbers of somebody's own, and what that means."""
    return [
        label("rule_numbers.caution", lang, title=source.title.in_(lang))
        for source in sources
        if source.is_own_numbers
    ]


def cautions(release: Release, lang: Lang) -> tuple[str, ...]:
    """Return the sentences that must stand beside the figures of this release."""
    found = []
    if release.about.get("synthetic"):
        found.append(label("publish.note.synthetic", lang))
    if totals_beside_hidden(release):
        found.append(label("publish.note.totals", lang))
    named = {iid: entry.label.in_(lang) for iid, entry in release.indicators.items()}
    return (*found, *rounding_notes(release.about, named, lang))


def totals_beside_hidden(release: Release) -> bool:
    """Tell whether the release shows totals beside hidden figures unprotected: older ones may."""
    return bool((release.about.get("disclosure") or {}).get("totals_beside_hidden"))


def rule_sentences(release: Release, lang: Lang) -> tuple[str, ...]:
    """Return the disclosure rules of the release, one sentence each.

    What a rule counts (numerator, complement, denominator) is told with its threshold; 0 is
    a threshold that is switched off.
    """
    rules = (release.about.get("disclosure") or {}).get("rules") or ()
    return tuple(_rule_sentence(rule, lang) for rule in rules)


def _rule_sentence(rule: Mapping[str, Any], lang: Lang) -> str:
    covered = [*rule.get("indicators", ()), *rule.get("sources", ())]
    whose = rule.get("owner") or label("export.rule.everything", lang)
    about = f"{whose} ({', '.join(covered)})" if covered else whose
    if not rule.get("about_people", True):
        return label("export.rule.exempt", lang, about=about, because=rule.get("because", ""))
    if rounding := rounding_rule(rule, about, lang):
        return rounding
    parts = [
        label(f"export.rule.{name}", lang, threshold=rule[name])
        for name in ("numerator", "complement", "denominator")
        if rule.get(name)
    ]
    if not parts:
        return label("export.rule.none", lang, about=about)
    return label("export.rule.sentence", lang, about=about, parts=_joined(parts, lang))


def _joined(parts: Sequence[str], lang: Lang) -> str:
    if len(parts) == 1:
        return parts[0]
    return f"{', '.join(parts[:-1])} {label('export.or', lang)} {parts[-1]}"


def unit_words(unit: Unit, lang: Lang) -> str:
    """Return what the numbers of a file are counted in. A share is written as a fraction of 1."""
    if unit is Unit.SHARE:
        return label("export.unit.share", lang)
    return label(f"unit.{unit.value}", lang)


def status_list(lang: Lang) -> dict[str, str]:
    """Return every status code with its words."""
    return {status.value: status.label.in_(lang) for status in Status}


def source_words(source: Provenance, lang: Lang) -> str:
    """Return a source on one line: producer, title, table."""
    parts = [f"{source.producer}: {source.title.in_(lang)}", source.table]
    return ", ".join(part for part in parts if part)


def indicator_facts(indicator: Indicator, lang: Lang) -> dict[str, str]:
    """Return a catalogue entry in words, by stable field name. Absent parts are empty."""
    optional = {
        name: text.in_(lang) if (text := getattr(indicator, name)) else ""
        for name in ("numerator", "denominator", "population")
    }
    return {
        "indicator": indicator.id,
        "indicator_label": indicator.label.in_(lang),
        "definition": indicator.definition.in_(lang),
        **optional,
        "unit": unit_words(indicator.unit, lang),
        "kind": label(f"kind.{indicator.kind.value}", lang),
        "direction": _direction(indicator, lang),
        "ring": label(f"ring.{indicator.ring}", lang),
        "reference": indicator.reference,
        "version": str(indicator.version),
        "comparability": _comparability(indicator, lang),
        "breaks": " ".join(
            label(
                "publish.break.text",
                lang,
                period=format_period(change.from_period, lang),
                what=change.what.in_(lang),
            )
            for change in indicator.breaks()
        ),
    }


def _comparability(indicator: Indicator, lang: Lang) -> str:
    """Say how far figures compare, and why not further; empty where it is not stated."""
    stated = indicator.comparability
    if stated is None:
        return ""
    words = label(f"comparability.{stated.status.value}", lang)
    return f"{words}. {stated.reason.in_(lang)}" if stated.reason else f"{words}."


def _direction(indicator: Indicator, lang: Lang) -> str:
    """Say what a high or a low value means; little of an asset is not called a challenge."""
    if indicator.kind is not Kind.ASSET or indicator.worse is Worse.NEITHER:
        return label(f"worse.{indicator.worse.value}", lang)
    better = "high" if indicator.worse is Worse.LOW else "low"
    return label(f"publish.direction.asset_{better}", lang)


def source_facts(source: Provenance, lang: Lang) -> dict[str, str]:
    """Return where figures come from, by stable field name. What is not stated is said to be."""
    unstated = label("export.not_stated", lang)
    facts = {
        "source_code": source.source,
        "producer": source.producer,
        "title": source.title.in_(lang),
        "table": source.table,
        "file": source.file,
        "sha256": source.sha256,
        "retrieved_at": source.retrieved_at,
        "updated_at": source.updated_at,
        "licence": source.licence,
        "url": source.url,
        "geography": source.geography,
        "definition_version": source.definition_version,
        "note": source.note.in_(lang) if source.note else "",
    }
    said = ("producer", "retrieved_at", "updated_at", "licence")
    missing = "" if source.definition_version else unstated
    return {name: words or (missing if name in said else "") for name, words in facts.items()}


def finding_lines(findings: Sequence[Finding], lang: Lang) -> list[tuple[str, str]]:
    """Return the release's findings as (severity in words, text)."""
    return [(label(f"severity.{f.severity.value}", lang), f.text(lang)) for f in findings]
