"""Where things are, in words: in an area, in the municipality, among how many areas."""

from __future__ import annotations

from nabolag.core import Lang, label
from nabolag.publish.text import place
from nabolag.publish.views.facts import Facts


def at_place(facts: Facts, level: str, code: str, lang: Lang) -> str:
    """Return «i Skogly», «på Grønland»."""
    given = facts.release.about.get("prepositions") or {}
    return place(facts.name(level, code, lang), lang, str(given.get(code, "")))


def in_town(facts: Facts, lang: Lang) -> str:
    """Return « i Oslo» with its space, empty where the release covers more than a municipality.

    The name of a release may be any words («Kommuner 2013»); only a municipality is a place
    that a sentence can be about.
    """
    if facts.municipality is None or facts.municipality not in facts.names:
        return ""
    return f" {at_place(facts, *facts.municipality, lang)}"


def how_many_known(known: int, everything: int, lang: Lang) -> str:
    """Say for how many of the areas there are figures."""
    if known == everything:
        return label("sentence.counts.all", lang, n=everything)
    form = "known" if known else "none"
    return label(f"sentence.counts.{form}", lang, n=known, all=everything)
