"""What a coefficient says, in a sentence that never says more than is sure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from nabolag.core import Finding, Lang, label
from nabolag.publish.spending.layout import group_name
from nabolag.publish.spending.model import Model
from nabolag.publish.spending.numbers import amount_of, format_coefficient, step_of
from nabolag.publish.text import inside, say, together
from nabolag.spending import name_of
from nabolag.spending.spec import TIMES


def answer(model: Model, term: str, number: int, lang: Lang) -> str:
    """Return what a column says of a term, and that it is no cause."""
    cell = model.cell(term, number) if term else None
    if cell is None:
        return say("spending.nothing", lang).text
    column = model.column(number)
    words: dict[str, Any] = {
        "term": inside(name_of(term, lang)),
        "outcome": inside(name_of(column["outcome"], lang)),
    }
    last = say("spending.association", lang)
    if cell["status"] == "too_few_groups" or cell["p"] is None:
        return say("spending.too_few", lang, groups=column["clusters"], **words).text
    step = step_of(term, lang)
    times = step.times if step else 1.0
    ends = _ends(cell, column["outcome"], times, lang)
    if cell["p"] >= 1 - model.level:
        key = "spending.cannot" if ends else "spending.cannot_open"
        return say(key, lang, **words, **ends).text
    size = amount_of(times * cell["estimate"], column["outcome"], lang)
    way = "higher" if cell["estimate"] > 0 else "lower"
    ends = ends or dict.fromkeys(("lower", "upper"), "–")
    if TIMES in term:
        return together(say("spending.product", lang, size=size, **words, **ends), last).text
    if step is None:
        return together(say(f"spending.flag_{way}", lang, size=size, **words, **ends), last).text
    said = say(f"spending.step_{way}", lang, size=size, step=step.words, **words, **ends)
    return together(said, last).text


def _ends(cell: Mapping[str, Any], outcome: str, times: float, lang: Lang) -> dict[str, Any]:
    """Return the ends of the interval with their signs, the smaller first; none where open."""
    if cell["lower"] is None or cell["upper"] is None:
        return {}
    return {name: signed(times * cell[name], outcome, lang) for name in ("lower", "upper")}


def signed(value: float, outcome: str, lang: Lang) -> str:
    """Return a size with a minus where it is below nothing."""
    size = amount_of(value, outcome, lang)
    return f"\N{MINUS SIGN}{size}" if value < 0 else size


def interval_words(cell: Mapping[str, Any], lang: Lang) -> str:
    """Return «from … to …» as coefficients are printed, or that it cannot be told."""
    if cell["lower"] is None or cell["upper"] is None:
        return label("spending.page.no_interval", lang)
    ends: dict[str, Any] = {
        name: format_coefficient(cell[name], lang) for name in ("lower", "upper")
    }
    return label("spending.page.interval", lang, **ends)


_TERM = re.compile(r"^(.*?)( \(\d+\))?$")


def in_names(finding: Finding, lang: Lang) -> Finding:
    """Return what was noticed of a model with variables and groups called what people call them."""
    params = dict(finding.params)
    if "outcome" in params:
        params["outcome"] = inside(name_of(params["outcome"], lang))
    for key in ("terms", "columns"):
        if key in params:
            params[key] = ", ".join(_named(one, lang) for one in str(params[key]).split(", "))
    for key in ("effects", "cluster"):
        if key in params:
            parts = str(params[key]).split(", ")
            params[key] = ", ".join(group_name(one, lang) for one in parts)
    return replace(finding, params=params)


def _named(text: str, lang: Lang) -> str:
    """Return «pupils (32)» with the variable's own name."""
    found = _TERM.match(text)
    term, tail = (found.group(1), found.group(2) or "") if found else (text, "")
    return inside(name_of(term, lang)) + tail
