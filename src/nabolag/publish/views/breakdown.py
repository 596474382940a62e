"""One indicator in one area, group by group: sex, age band and whatever else is declared."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from nabolag.core import Indicator, Lang, label
from nabolag.publish.groups import (
    group_words,
    grouping_of,
    grouping_words,
    in_order,
    is_background,
)
from nabolag.publish.numbers import format_period
from nabolag.publish.text import inside, listed
from nabolag.publish.views.facts import Facts
from nabolag.publish.views.grouped import Breakdown, Grouping, GroupRow
from nabolag.publish.views.shared import cited

Place = tuple[str, str]


def breakdown(
    facts: Facts, place: Place, entry: Indicator, period: str, lang: Lang
) -> Breakdown | None:
    """Return an indicator by group in an area and period; `None` where its level has no groups."""
    groups = in_order(facts.groups(entry.id, place[0]))
    if not groups:
        return None
    beside = _beside(facts, place, entry)
    found = [
        Grouping(
            key="-".join(names),
            text=grouping_words(names, lang),
            rows=tuple(_row(facts, group, (place, *beside), entry, period, lang) for group in held),
        )
        for names, held in groupby(groups, key=grouping_of)
    ]
    apart = {g.key for g in found if is_background(tuple(g.key.split("-")), facts.background)}
    town, country = beside
    return Breakdown(
        level=place[0],
        area=place[1],
        name=facts.name(*place, lang),
        indicator=entry.id,
        label=entry.label.in_(lang),
        unit=entry.unit.value,
        period=period,
        period_text=format_period(period, lang),
        by=_by(found, lang),
        everybody=_row(facts, "", (place, *beside), entry, period, lang),
        groupings=tuple(g for g in found if g.key not in apart),
        background=tuple(g for g in found if g.key in apart),
        background_note=label("publish.note.background_groups", lang),
        municipality_name=facts.name(*town, lang) if town else "",
        country_name=facts.name(*country, lang) if country else "",
        source_text=cited(facts, facts.source_ids(entry.id), lang),
    )


def _beside(facts: Facts, place: Place, entry: Indicator) -> tuple[Place | None, Place | None]:
    """Return the municipality and the country, where they have groups to stand beside."""
    asked = (facts.municipality_of(*place), facts.country)
    town, country = (
        other if other and other != place and facts.groups(entry.id, other[0]) else None
        for other in asked
    )
    return town, country


def _row(
    facts: Facts,
    group: str,
    places: tuple[Place, Place | None, Place | None],
    entry: Indicator,
    period: str,
    lang: Lang,
) -> GroupRow:
    own = facts.of_group(group)
    shown, town, country = (
        own.shown(*place, entry.id, period, lang) if place else None for place in places
    )
    assert shown is not None  # noqa: S101 - the first place is always given
    return GroupRow(group, group_words(group, lang), shown, town, country)


def _by(found: Sequence[Grouping], lang: Lang) -> str:
    names = listed([inside(grouping.text) for grouping in found], lang)
    return label("group.by", lang, groupings=names)
