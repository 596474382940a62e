"""Answers beside the sharing itself: which weights give what is wished, and what chance gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nabolag.allocation import Inverse
from nabolag.allocation.inverse import Proof
from nabolag.allocation.numbers import written
from nabolag.core import Lang, label
from nabolag.publish.numbers import format_number, per_cent
from nabolag.publish.views.money.allocation import fields
from nabolag.publish.views.money.allocation import scenario as names
from nabolag.publish.views.money.allocation.computed import Computed
from nabolag.publish.views.money.allocation.model import Answer
from nabolag.publish.views.money.allocation.opened import Opened


def uncertain_words(computed: Computed, lang: Lang) -> tuple[str, ...]:
    """Say what uncertain coefficients give, or why they cannot be used."""
    if computed.uncertain_problem is not None:
        return (computed.uncertain_problem.text(lang),)
    told = computed.uncertain
    if told is None:
        return ()
    said = [label("allocation.uncertain.table_below", lang, draws=told.draws)]
    if told.clipped:
        clipped = per_cent(told.clipped, lang, 1)
        said.append(label("allocation.uncertain.clipped", lang, share=clipped))
    return tuple(said)


def answer_of(
    found: Opened, computed: Computed, asked: Mapping[str, str], lang: Lang
) -> Answer | None:
    """Return the answer to the question turned round; nothing where nothing is asked."""
    if computed.inverse_problem is not None:
        return Answer((computed.inverse_problem.text(lang),), possible=False)
    inverse = computed.inverse
    if inverse is None:
        return None
    if inverse.proof is not None:
        return Answer(proved(found, inverse.proof, lang), possible=False)
    changed = {names.PUPILS: written(inverse.weights["size"] * 100)}
    by_need = 1 - inverse.weights["size"]
    for name, weight in inverse.weights.items():
        if name != "size":
            points = weight / by_need * 100 if by_need else weight * 0
            changed[f"{names.WEIGHT}{name}"] = written(points)
    return Answer(_weights_told(found, inverse, lang), fields.query(asked, **changed))


def _weights_told(found: Opened, inverse: Inverse, lang: Lang) -> tuple[str, ...]:
    moved = sum(abs(w - inverse.before[name]) for name, w in inverse.weights.items())
    if moved < 1e-9:
        return (label("allocation.answer.already", lang),)
    parts = []
    for name, weight in inverse.weights.items():
        words = found.size_word.in_(lang) if name == "size" else fields.need_name(found, name, lang)
        before, after = (per_cent(float(x), lang, 2) for x in (inverse.before[name], weight))
        told = label("allocation.answer.from_to", lang, name=words, before=before, after=after)
        parts.append(told)
    return (label("allocation.answer.possible", lang), *parts)


def proved(found: Opened, proof: Proof, lang: Lang) -> tuple[str, ...]:
    """Say why no weights give units what is asked for them."""
    said = [label("allocation.answer.impossible", lang)]
    for unit, most in proof.alone.items():
        name = found.units.names[found.units.at(unit)]
        told: dict[str, Any] = {"unit": name, "most": format_number(most, lang)}
        said.append(label("allocation.answer.alone", lang, **told))
    if not proof.alone:
        weighed = ", ".join(
            f"{found.units.names[found.units.at(unit)]} {per_cent(share, lang, 1)}"
            for unit, share in proof.together.items()
        )
        said.append(label("allocation.answer.together", lang, units=weighed,
                          asked=format_number(proof.asked, lang),
                          most=format_number(proof.most, lang)))  # fmt: skip
    for unit, short in proof.short.items():
        name = found.units.names[found.units.at(unit)]
        kroner = format_number(short, lang)
        said.append(label("allocation.answer.short", lang, unit=name, kroner=kroner))
    return tuple(said)
