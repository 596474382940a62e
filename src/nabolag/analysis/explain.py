"""The rule of accumulation in words, from the specification's own parameters."""

from __future__ import annotations

from collections.abc import Mapping

from nabolag.analysis.spec import AccumulationSpec
from nabolag.analysis.words import declared_percent
from nabolag.core import Indicator, Lang, Worse, label


def explain(spec: AccumulationSpec, catalogue: Mapping[str, Indicator], lang: Lang) -> str:
    """Return the rule as one paragraph in one language."""
    return " ".join(sentences(spec, catalogue, lang))


def sentences(spec: AccumulationSpec, catalogue: Mapping[str, Indicator], lang: Lang) -> list[str]:
    """Return the rule sentence by sentence."""
    said = [_what(spec, catalogue, lang), _line(spec, lang)]
    said.append(label(f"accumulation.explain.ties_{spec.ties}", lang))
    said.append(label(f"accumulation.explain.period_{spec.period}", lang, age=spec.max_age))
    said.append(label("accumulation.explain.classes", lang))
    said.append(label("accumulation.explain.unknown", lang, needed=spec.known_needed))
    if spec.preset:
        said.append(label(f"accumulation.explain.preset_{spec.preset}", lang))
    return said


def _what(spec: AccumulationSpec, catalogue: Mapping[str, Indicator], lang: Lang) -> str:
    names = [_named(catalogue[iid], lang) for iid in spec.chosen]
    return label("accumulation.explain.what", lang, indicators="; ".join(names))


def _named(indicator: Indicator, lang: Lang) -> str:
    name = indicator.label.in_(lang)
    if indicator.worse is Worse.LOW:
        return label("accumulation.explain.low", lang, indicator=name)
    return name


def _line(spec: AccumulationSpec, lang: Lang) -> str:
    share = declared_percent(spec.top_share, lang)
    levels = ", ".join(level.plural.in_(lang) for level in spec.levels)
    key = f"accumulation.explain.line_{spec.pool}"
    return label(key, lang, share=share, levels=levels, needed=spec.areas_needed)
