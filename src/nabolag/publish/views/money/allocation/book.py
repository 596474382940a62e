"""The scenario of an address as a workbook."""

from __future__ import annotations

from collections.abc import Mapping

from nabolag.core import Lang, UserError, error, label
from nabolag.publish.exports.allocation_book import BookWords, allocation_book
from nabolag.publish.views.money.allocation.computed import share
from nabolag.publish.views.money.allocation.opened import opened
from nabolag.publish.views.money.allocation.page import allocation_page
from nabolag.publish.views.money.allocation.scenario import FOR, read_scenario
from nabolag.store import Release


def allocation_workbook(release: Release, asked: Mapping[str, str], lang: Lang) -> bytes:
    """Return the workbook of a scenario. Raises `UserError` for one that cannot be shared."""
    found = opened(release, asked.get(FOR, ""), lang)
    shared = share(found, read_scenario(found, asked).scenario)
    if shared.allocation is None:
        raise UserError(*shared.problems)
    pots = shared.allocation.model.pots
    if len(pots) > 1:
        raise error("allocation_one_pot", pots=", ".join(pot.id for pot in pots))
    view = allocation_page(release, asked, lang)
    facts = {
        label("money.file.answer", lang): view.opening,
        label("analysis.rule", lang): view.rule,
        label("web.sources.title", lang): "; ".join(source.text for source in view.sources),
        label("analysis.file.release", lang): release.id,
    }
    needs = {name: need.label for name, need in found.needs.items()}
    words = BookWords(found.name, found.units_word, found.size_word, needs, facts)
    return allocation_book(shared.allocation, words, lang)
