"""The page of an area that a reader puts together: what can be chosen, and the figures of it all.

Figures are those of `publish.own_area`: sums of what a release shows. Everything a page says of
them is said by what says it on any area's page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nabolag.core import Lang, Level, Place, error, label
from nabolag.geography import AreaRegister
from nabolag.geography.custom import parts_of
from nabolag.publish.exports.custom_toml import custom_area_toml
from nabolag.publish.numbers import number_word
from nabolag.publish.own_area import OwnArea, OwnRelease, with_own_area
from nabolag.publish.text import Sentence, capital, ref_of
from nabolag.publish.views.area import Among, area_row_of, page_of
from nabolag.publish.views.asked import area_of, fold, indicator_of
from nabolag.publish.views.facts import Facts, facts_of, in_time_order
from nabolag.publish.views.model import AreaLink, AreaRow, AreaView, Choice
from nabolag.publish.views.shared import notices
from nabolag.store import Release

#: So many areas the list shows at once.
LISTED = 600
#: Levels whose areas may lie in one another, or are no areas.
_UNFIT = (Level.CUSTOM, Level.SCHOOL, Level.KINDERGARTEN)
RESIDENTS = "population"


@dataclass(frozen=True, slots=True)
class OwnAsked:
    """What a reader chose. `level` `None` leaves it to the page; `find` narrows the list."""

    level: str | None = None
    codes: tuple[str, ...] = ()
    name: str = ""
    find: str = ""


@dataclass(frozen=True, slots=True)
class OwnAreaView:
    """The page. `page` has the figures as an area's page has them; `None` where none is chosen.

    `areas` are those to choose from, under the area they lie in (`group`); `listed_note` says
    where the list does not show all. `same` is the released area that is exactly the chosen ones.
    """

    lang: Lang
    level: str
    level_text: str
    level_plural: str
    levels: tuple[Choice, ...]
    areas: tuple[Choice, ...]
    listed_note: str
    title: str
    name: str
    opening: Sentence
    members: tuple[AreaLink, ...]
    same: AreaLink | None
    same_note: str
    page: AreaView | None
    toml: str
    notices: tuple[str, ...]


def own_area_page(release: Release, asked: OwnAsked, lang: Lang) -> OwnAreaView:
    """Return the page of the chosen areas, or of what can be chosen where none are.

    Raises `UserError` for a level that does not fit and a code that the level does not have.
    """
    facts = facts_of(release)
    own = own_area_of(release, asked, lang)
    made = with_own_area(release, own) if own.codes else None
    page = _page(facts, made, lang) if made else None
    same = facts.link(*made.same[0], lang) if made and made.same else None
    areas, note = _to_choose(facts, own, asked.find, lang)
    return OwnAreaView(
        lang=lang,
        level=own.level,
        level_text=Level(own.level).label.in_(lang),
        level_plural=Level(own.level).plural.in_(lang),
        levels=tuple(
            Choice(level, Level(level).plural.in_(lang), level == own.level)
            for level in fit_levels(facts)
        ),
        areas=areas,
        listed_note=note,
        title=asked.name or label("own.title", lang),
        name=own.name,
        opening=_opening(release, own, page, lang),
        members=tuple(facts.link(own.level, code, lang) for code in own.codes),
        same=same,
        same_note=_same_note(own, same, lang),
        page=page,
        toml=_toml(release, own, asked.name, lang) if page else "",
        notices=notices(facts, lang),
    )


def own_area_of(release: Release, asked: OwnAsked, lang: Lang) -> OwnArea:
    """Return what was chosen, held against what the release has. Raises as `own_area_page`."""
    facts = facts_of(release)
    level = _level_of(facts, asked.level, lang)
    codes = dict.fromkeys(asked.codes)
    for code in codes:
        _known(facts, level, code, lang)
    return OwnArea(level, tuple(codes), asked.name or label("own.unnamed", lang))


def own_area_row(release: Release, asked: OwnAsked, indicator: str, lang: Lang) -> AreaRow | None:
    """Return one row of the page, `None` where the level has no such figures or none is chosen."""
    own = own_area_of(release, asked, lang)
    entry = release.indicators[indicator_of(facts_of(release), indicator)]
    if not own.codes:
        return None
    among = Among(facts_of(release), own.level)
    return area_row_of(Facts(with_own_area(release, own)), own.place, entry, "", lang, among)


def fit_levels(facts: Facts) -> tuple[str, ...]:
    """Return the levels whose areas can be put together: more than one, and none in another."""
    return tuple(
        level for level in facts.levels if level not in _UNFIT and len(facts.areas(level)) > 1
    )


def _page(facts: Facts, made: OwnRelease, lang: Lang) -> AreaView:
    return page_of(Facts(made), made.own.place, "", lang, Among(facts, made.own.level))


def _level_of(facts: Facts, given: str | None, lang: Lang) -> str:
    fit = fit_levels(facts)
    main = facts.release.main_level.value
    wanted = given or (main if main in fit else next(iter(fit), main))
    if wanted in fit:
        return wanted
    known = ", ".join(fit) or "–"
    name = Level(wanted).label.in_(lang) if wanted in set(Level) else f"«{wanted}»"
    raise error("own_area_level_unfit", Place(), level=name, nearest=known)


def _known(facts: Facts, level: str, code: str, lang: Lang) -> None:
    """Refuse a code the level does not have, and say where it stands at another level alone."""
    if code in facts.areas(level):
        return
    others = [other for other in facts.levels if code in facts.areas(other)]
    if others:
        other, own = (Level(one).label.in_(lang) for one in (others[0], level))
        raise error("own_area_other_level", Place(), given=code, other=other, level=own)
    area_of(facts, level, code, lang)


def _to_choose(facts: Facts, own: OwnArea, find: str, lang: Lang) -> tuple[tuple[Choice, ...], str]:
    """Return the areas to choose from, those under one area together, and what is not shown.

    A long list is narrowed to those whose name or code holds the words; chosen areas always stand.
    """
    chosen, wanted = set(own.codes), fold(find)
    codes = sorted({*_there_now(facts, own.level), *chosen})
    named = {code: facts.name(own.level, code) for code in codes}
    fits = [c for c in codes if not wanted or wanted in fold(f"{named[c]} {c}")]
    shown = {*[c for c in fits if c not in chosen][:LISTED], *chosen}
    choices = [
        Choice(code, named[code], code in chosen, _group(facts, own.level, code, lang))
        for code in codes
        if code in shown
    ]
    ordered = sorted(choices, key=lambda one: (one.group, fold(one.text), one.value))
    if len(ordered) == len(codes):
        return tuple(ordered), ""
    words = label("own.listed_some", lang, shown=len(ordered), all=len(codes))
    return tuple(ordered), words


def _there_now(facts: Facts, level: str) -> list[str]:
    """Return the areas of a level that exist in the latest period that anything is told of."""
    told = {facts.latest(name, level) for name in facts.release.indicators}
    periods = in_time_order(period for period in told if period)
    return facts.areas_at(level, periods[-1]) if periods else facts.areas(level)


def _group(facts: Facts, level: str, code: str, lang: Lang) -> str:
    """Return the nearest area that one lies in, where it is not what everything lies in."""
    above = [
        facts.name(*place, lang)
        for place in facts.ancestors(level, code)
        if place not in (facts.municipality, facts.country) and place[0] != Level.CUSTOM
    ]
    return above[0] if above else ""


def _opening(release: Release, own: OwnArea, page: AreaView | None, lang: Lang) -> Sentence:
    """Say how many areas there are, whether they hang together, and how many live there."""
    if page is None:
        return Sentence(label("own.empty", lang))
    level, n = Level(own.level), len(own.codes)
    words: dict[str, Any] = {
        "word": number_word(n, lang),
        "level": level.label.in_(lang),
        "levels": level.plural.in_(lang),
    }
    lived = next((row.shown for row in page.rows if row.indicator == RESIDENTS), None)
    text = label(
        "own.opening.text",
        lang,
        name=own.name,
        areas=label("own.opening.areas", lang, n=n, **words),
        joined=_joined(release, own, lang),
        residents=_residents(lived, lang),
    )
    refs = (ref_of(lived),) if lived is not None else ()
    return Sentence(capital(text), refs)


def _joined(release: Release, own: OwnArea, lang: Lang) -> str:
    if len(own.codes) == 1:
        return ""
    register = AreaRegister(release.areas, release.links, release.shapes)
    pieces = parts_of(list(own.codes), register, Level(own.level))
    if sum(map(len, pieces)) < len(own.codes):
        return label("own.opening.unshaped", lang)
    form = "together" if len(pieces) == 1 else "apart"
    return label(f"own.opening.{form}", lang, parts=number_word(len(pieces), lang))


def _residents(lived: Any, lang: Lang) -> str:
    if lived is None:
        return ""
    if not lived.has_value:
        return label("own.opening.residents_absent", lang)
    return label("own.opening.residents", lang, count=lived.text, period=lived.period_text)


def _same_note(own: OwnArea, same: AreaLink | None, lang: Lang) -> str:
    if same is None:
        return ""
    return label("own.same_one" if len(own.codes) == 1 else "own.same", lang, name=same.name)


def _toml(release: Release, own: OwnArea, name: str, lang: Lang) -> str:
    """Return the area as `[[custom_area]]`, for whoever builds the release."""
    known = [code for level, code in facts_of(release).names if level == Level.CUSTOM]
    fields = {
        "code": _free(known),
        "name": name or label("own.title", lang),
        "level": own.level,
        "members": list(own.codes),
    }
    told = label("own.toml_note", lang, release=release.id)
    return f"# {told}\n\n{custom_area_toml(fields)}\n"


def _free(taken: Sequence[str]) -> str:
    """Return a code that no area of the release has."""
    return next(code for n in range(1, len(taken) + 2) if (code := f"eget-{n}") not in taken)
