"""An area's page by theme: what stands in each, what is open, and where the contents lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nabolag.core import Lang, label
from nabolag.publish.views.model import AreaRow, AreaView, Breakdown, StandOut, Theme
from nabolag.web.places import charts, tables
from nabolag.web.places.charts import Chart
from nabolag.web.places.links import Link, address
from nabolag.web.places.query import Query

#: The name, in the address, of the part that says who lives here.
BACKGROUND = "background"


@dataclass(frozen=True, slots=True)
class Groups:
    """An indicator by group, under its own disclosure. `name` is that part's in the address."""

    name: str
    open: bool
    table: Breakdown
    chart: Chart | None
    id: str
    columns: int


@dataclass(frozen=True, slots=True)
class Card:
    """One indicator of a theme: how it has moved, and how it is spread over groups.

    `find` is what the page's filter reads.
    """

    id: str
    row: AreaRow
    find: str
    chart: Chart | None
    groups: Groups | None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page that opens and closes: a theme, or who lives here."""

    name: str
    id: str
    text: str
    summary: str
    open: bool
    href: str
    spine: Chart | None
    assets: tuple[Any, ...]
    challenges: tuple[Any, ...]
    background: tuple[Any, ...]
    cards: tuple[Card, ...]
    histories: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that the page begins with, and where the rest of it stands."""

    told: StandOut
    href: str
    part: str


def parts(view: AreaView, chosen: Query, lang: Lang) -> tuple[Part, ...]:
    """Return the themes of an area, those named in the address open."""
    return tuple(_theme(view, theme, chosen, lang) for theme in view.themes)


def background_part(view: AreaView, chosen: Query, lang: Lang) -> Part | None:
    """Return who lives here, which stands apart from every theme; none where nothing is told."""
    if not view.background:
        return None
    return Part(
        name=BACKGROUND,
        id="bakgrunn",
        text=label("web.area.background", lang),
        summary=label("publish.theme.figures", lang, n=_known(view.background)),
        open=BACKGROUND in chosen.open,
        href=_opened(view, BACKGROUND, "bakgrunn", lang),
        spine=None,
        assets=(),
        challenges=(),
        background=_rows(view.background, view, lang),
        cards=tuple(
            _card(row, view, chosen, lang, moved=False) for row in view.background if row.breakdown
        ),
        histories=(),
    )


def facts(view: AreaView, lang: Lang) -> tuple[Fact, ...]:
    """Return what stands out, each with the way to its theme."""
    return tuple(
        Fact(told, _opened(view, told.ring, f"om-{told.indicator}", lang), told.ring)
        for told in view.standing_out
    )


def contents(
    view: AreaView, known: Sequence[Part], lang: Lang, *, schools: bool = False
) -> tuple[tuple[Link, str], ...]:
    """Return the page's table of contents: where each entry leads, and which part it opens.

    `schools` tells whether the page says which schools and kindergartens lie there.
    """
    here = address("area", lang, {"level": view.level, "code": view.code}, period=view.period)
    first = [
        ("skiller", "stands_out", bool(view.standing_out or view.standing_out_note)),
        ("opphopning", "class", bool(view.accumulation or view.accumulation_note)),
    ]
    last = [("skoler", "schools", schools)]
    last += [("skjult", "hidden", True), ("andre", "others", bool(view.children or view.siblings))]

    def plain(entries: Sequence[tuple[str, str, bool]]) -> list[tuple[Link, str]]:
        return [
            (Link(f"{here}#{anchor}", label(f"web.area.{words}", lang)), "")
            for anchor, words, told in entries
            if told
        ]

    themes = [(Link(part.href, part.text, part.summary), part.name) for part in known]
    return (*plain(first), *themes, *plain(last))


def _theme(view: AreaView, theme: Theme, chosen: Query, lang: Lang) -> Part:
    rows = theme.rows
    return Part(
        name=theme.ring,
        id=f"tema-{theme.ring}",
        text=theme.text,
        summary=theme.summary,
        open=theme.ring in chosen.open,
        href=_opened(view, theme.ring, f"tema-{theme.ring}", lang),
        spine=charts.spine(view, theme, lang),
        assets=_rows(theme.assets, view, lang),
        challenges=_rows(theme.challenges, view, lang),
        background=(),
        cards=tuple(_card(row, view, chosen, lang) for row in rows),
        histories=tuple(tables.history_table(row) for row in rows if charts.has_history(row)),
    )


def _rows(rows: Sequence[AreaRow], view: AreaView, lang: Lang) -> tuple[Any, ...]:
    linked = tables.indicator_rows(rows, lang, view.level, view.code)
    return tuple({**one, "find": _find(one["row"])} for one in linked)


def _card(row: AreaRow, view: AreaView, chosen: Query, lang: Lang, *, moved: bool = True) -> Card:
    drawn = moved and charts.has_history(row)
    return Card(
        id=f"om-{row.indicator}",
        row=row,
        find=_find(row),
        chart=charts.trend(row, view, lang) if drawn else None,
        groups=_groups(row, view, chosen, lang),
    )


def _groups(row: AreaRow, view: AreaView, chosen: Query, lang: Lang) -> Groups | None:
    if row.breakdown is None:
        return None
    name = f"by-{row.indicator}"
    return Groups(
        name=name,
        open=name in chosen.open,
        table=row.breakdown,
        chart=charts.groups(row.breakdown, lang, period=view.period),
        id=f"grupper-{row.indicator}",
        columns=tables.group_columns(row.breakdown),
    )


def _find(row: AreaRow) -> str:
    return f"{row.label} {row.definition} {row.ring_text}"


def _known(rows: Sequence[AreaRow]) -> int:
    return sum(row.shown.has_value for row in rows)


def _opened(view: AreaView, part: str, anchor: str, lang: Lang) -> str:
    """Return the page with one part open, at an anchor inside it: the way there without scripts."""
    place = {"level": view.level, "code": view.code}
    return f"{address('area', lang, place, period=view.period, open=part)}#{anchor}"
