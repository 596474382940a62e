"""The pages of analyses: which there are, one of them, and what they say of an area."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from nabolag.core import Lang, error
from nabolag.publish.text import Sentence
from nabolag.publish.views.analyses import (
    access,
    development,
    index,
    inequality,
    peers,
    ranks,
    regions,
    segregation,
    space,
    stability,
)
from nabolag.publish.views.analyses.common import title_of
from nabolag.publish.views.analyses.model import AnalysisLine, AnalysisView, AreaFinding, Asked
from nabolag.publish.views.facts import Facts, facts_of
from nabolag.store import Analysed, Release

Page: TypeAlias = Callable[[Facts, Analysed, Asked, Lang], AnalysisView]
OfArea: TypeAlias = Callable[[Facts, Analysed, str, str, Lang], Sentence | None]


@dataclass(frozen=True, slots=True)
class Pages:
    """How a kind of analysis is shown: its page, and its sentence on an area's page."""

    page: Page
    of_area: OfArea


#: A new kind is one line here, and its words in `core/labels`.
PAGES: Final[Mapping[str, Pages]] = {
    "access": Pages(access.page, access.of_area),
    "index": Pages(index.page, index.of_area),
    "development": Pages(development.page, development.of_area),
    "peers": Pages(peers.page, peers.of_area),
    "ranks": Pages(ranks.page, ranks.of_area),
    "segregation": Pages(segregation.page, segregation.of_area),
    "regions": Pages(regions.page, regions.of_area),
    "space": Pages(space.page, space.of_area),
    "stability": Pages(stability.page, stability.of_area),
    "inequality": Pages(inequality.page, inequality.of_area),
}


def analysis_page(
    release: Release, analysis: str, lang: Lang, asked: Asked | None = None
) -> AnalysisView:
    """Return the page of an analysis. Raises `UserError` for one the release does not hold."""
    known = release.analyses
    if analysis not in known:
        raise error("analysis_unknown", given=analysis, known=", ".join(known) or "–")
    analysed = known[analysis]
    return PAGES[analysed.kind].page(facts_of(release), analysed, asked or Asked(), lang)


def analysis_lines(release: Release, lang: Lang) -> tuple[AnalysisLine, ...]:
    """Return every analysis with what it asks and what it answers."""
    pages = (analysis_page(release, one, lang) for one in release.analyses)
    return tuple(
        AnalysisLine(view.id, view.kind, view.title, view.question, view.opening.text)
        for view in pages
    )


def area_findings(release: Release, level: str, code: str, lang: Lang) -> tuple[AreaFinding, ...]:
    """Return what the analyses say of one area; those that say nothing of it are left out."""
    facts = facts_of(release)
    said = (
        (one, PAGES[one.kind].of_area(facts, one, level, code, lang))
        for one in release.analyses.values()
    )
    return tuple(
        AreaFinding(one.id, title_of(one, lang), sentence) for one, sentence in said if sentence
    )
