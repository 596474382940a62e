"""The page on method and data: whether the figures can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nabolag.core import Lang, Level, Status, label
from nabolag.publish.audit_words import audit_sentence
from nabolag.publish.numbers import format_count, format_date, format_number, number_word
from nabolag.publish.rounding import rounding_rule, rounding_told
from nabolag.publish.text import inside, listed
from nabolag.publish.views.classed import top_share
from nabolag.publish.views.facts import Facts, facts_of
from nabolag.publish.views.layer import status_counts
from nabolag.publish.views.model import (
    FindingLine,
    IndicatorLine,
    MethodView,
    Passage,
    StatusCount,
)
from nabolag.publish.views.shared import direction_words, notices, source_lines
from nabolag.publish.views.showing import kind_of
from nabolag.store import Release, list_bundles


def method_page(release: Release, lang: Lang) -> MethodView:
    """Return how the figures of a release were made, protected and checked."""
    facts = facts_of(release)
    counts = _counts(facts, lang)
    findings = _findings(release, lang)
    return MethodView(
        lang=lang,
        name=release.name.in_(lang),
        release_id=release.id,
        created=format_date(str(release.bundle.manifest.get("created_at", "")), lang),
        code_version=str(release.about.get("code_version") or ""),
        passages=_passages(facts, counts, lang),
        indicators=_indicators(facts, lang),
        sources=source_lines(facts, release.sources, lang),
        findings=findings,
        findings_note=label(f"publish.note.findings_{'some' if findings else 'none'}", lang),
        counts=counts,
        facts=_facts(facts, lang),
        notices=notices(facts, lang),
        history=_history(release, lang),
    )


def _counts(facts: Facts, lang: Lang) -> tuple[StatusCount, ...]:
    stated = facts.release.observations["status"].to_list()
    return status_counts([(status, kind_of(Status(status))) for status in stated], lang)


def _findings(release: Release, lang: Lang) -> tuple[FindingLine, ...]:
    return tuple(
        FindingLine(
            found.severity.value,
            label(f"severity.{found.severity.value}", lang),
            found.text(lang),
            found.count,
            found.code,
        )
        for found in release.findings
    )


def _passages(facts: Facts, counts: tuple[StatusCount, ...], lang: Lang) -> tuple[Passage, ...]:
    figures = _passage("figures", [_part("figures.p1", lang), _part("figures.p2", lang)], lang)
    compared = [label("publish.note.judged", lang), _part("comparison.p2", lang)]
    return (
        figures,
        *_accumulation(facts, lang),
        _passage("comparison", compared, lang),
        _disclosure(facts, counts, lang),
        *_least_population(facts, lang),
    )


def _part(key: str, lang: Lang, **params: Any) -> str:
    return label(f"publish.passage.{key}", lang, **params)


def _passage(key: str, paragraphs: list[str], lang: Lang) -> Passage:
    heading = label(f"publish.passage.{key}.heading", lang)
    return Passage(key, heading, tuple(text for text in paragraphs if text))


def _accumulation(facts: Facts, lang: Lang) -> tuple[Passage, ...]:
    rules = facts.release.about.get("accumulation")
    if not rules:
        return ()
    known = facts.release.indicators
    names = [inside(known[name].label.in_(lang)) for name in facts.counted if name in known]
    share = top_share(facts, lang)
    paragraphs = [
        _part("accumulation.p1", lang, share=share),
        _part("accumulation.p2", lang, indicators=listed(names, lang)) if names else "",
        _stated(rules, "pool", lang),
        _stated(rules, "ties", lang),
        _part("accumulation.p3", lang, share=share),
    ]
    return (_passage("accumulation", paragraphs, lang),)


def _stated(rules: Mapping[str, Any], name: str, lang: Lang) -> str:
    chosen = rules.get(name)
    return _part(f"accumulation.{name}_{chosen}", lang) if chosen else ""


def _disclosure(facts: Facts, counts: tuple[StatusCount, ...], lang: Lang) -> Passage:
    about = facts.release.about.get("disclosure") or {}
    declared = about.get("rules", [])
    rules = [rule for rule in declared if rule.get("about_people", True)]
    told = [*(_rule(r, lang) for r in rules), *(s for r in declared for s in _dominance(r, lang))]
    paragraphs = list(dict.fromkeys(told))
    if not paragraphs:
        paragraphs = [_part("disclosure.no_rules", lang)]
    hidden = [count for count in counts if count.kind not in ("value", "unreliable")]
    if hidden:
        counted = [f"{inside(count.text)} ({format_count(count.count, lang)})" for count in hidden]
        paragraphs.append(_part("disclosure.counts", lang, counts=", ".join(counted)))
    if about.get("audit"):
        paragraphs.append(audit_sentence(about["audit"], lang))
    paragraphs.append(rounding_told(facts.release.about, lang))
    if about.get("totals_beside_hidden"):
        paragraphs.append(label("publish.note.totals", lang))
    return _passage("disclosure", paragraphs, lang)


def _rule(rule: Mapping[str, Any], lang: Lang) -> str:
    owner = rule.get("owner") or _part("disclosure.everyone", lang)
    if rounding := rounding_rule(rule, owner, lang):
        return rounding
    limits = [
        _part(f"disclosure.{name}", lang, threshold=rule[name])
        for name in ("numerator", "complement", "denominator")
        if rule.get(name)
    ]
    if not limits:
        return _part("disclosure.no_limit", lang, owner=owner)
    return _part("disclosure.rule", lang, owner=owner, limits=listed(limits, lang, "or"))


def _dominance(rule: Mapping[str, Any], lang: Lang) -> list[str]:
    """Say when an amount is hidden because few stand behind it; nothing where no rule asks."""
    owner = rule.get("owner") or _part("disclosure.everyone", lang)
    n = rule.get("dominance_n") or 0
    told = []
    if n:
        form, many = ("one" if n == 1 else "many"), number_word(n, lang)
        k = _percent(rule["dominance_k"], lang)
        told.append(_part(f"disclosure.dominance_{form}", lang, owner=owner, n=many, k=k))
    if rule.get("dominance_p"):
        p = _percent(rule["dominance_p"], lang)
        told.append(_part("disclosure.dominance_p", lang, owner=owner, p=p))
    return told


def _percent(number: float, lang: Lang) -> str:
    return format_number(number, lang, 0 if float(number).is_integer() else 1)


def _least_population(facts: Facts, lang: Lang) -> tuple[Passage, ...]:
    """Tell how many must live in an area (`[minimum_population]`), nothing where nobody asks."""
    rule = facts.release.about.get("minimum_population")
    if not rule:
        return ()
    levels = [Level(level).plural.in_(lang) for level in rule["levels"]]
    asked = _part("population.rule", lang, levels=listed(levels, lang), least=rule["least"])
    paragraphs = [
        asked,
        _part(f"population.{rule['treatment']}", lang),
        _part("population.own", lang),
    ]
    return (_passage("population", paragraphs, lang),)


def _indicators(facts: Facts, lang: Lang) -> tuple[IndicatorLine, ...]:
    return tuple(
        IndicatorLine(
            indicator=entry.id,
            label=entry.label.in_(lang),
            definition=entry.definition.in_(lang),
            kind_text=label(f"kind.{entry.kind.value}", lang),
            ring_text=label(f"ring.{entry.ring}", lang),
            direction_text=direction_words(entry, lang),
            unit_text=label(f"unit.{entry.unit.value}", lang),
            version=label("publish.version.text", lang, version=entry.version),
        )
        for entry in facts.release.indicators.values()
    )


def _facts(facts: Facts, lang: Lang) -> tuple[tuple[str, str], ...]:
    release, about = facts.release, facts.release.about
    manifest = release.bundle.manifest
    stated = {
        "release": release.id,
        "created": format_date(str(manifest.get("created_at", "")), lang),
        "checksum": str(manifest.get("content_sha256", "")),
        "code_version": str(about.get("code_version") or ""),
        "geography": str(about.get("geography") or ""),
        "levels": ", ".join(Level(level).plural.in_(lang) for level in facts.levels),
        "observations": format_count(release.observations.height, lang),
    }
    return tuple((label(f"publish.fact.{n}", lang), text) for n, text in stated.items() if text)


def _history(release: Release, lang: Lang) -> tuple[tuple[str, str], ...]:
    """Return (release id, date) of every release beside this one, newest first."""
    beside = list_bundles(release.bundle.path.parent)
    return tuple(
        (bundle.id, format_date(str(bundle.manifest.get("created_at", "")), lang))
        for bundle in reversed(beside)
    )
