"""The choices an address carries. The address is the state of the page."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from nabolag.core import Lang
from nabolag.publish.views import indicator_page, overview
from nabolag.publish.views.asked import Asked
from nabolag.publish.views.model import IndicatorView, OverviewView
from nabolag.store import Release

_LONGEST = 128
_LONGEST_LIST = 2000


@dataclass(frozen=True, slots=True)
class Query:
    """What is chosen in the address; `None` leaves the choice to the page.

    `open` are the parts of a page that stand open: how it is looked at, not what it shows.
    """

    level: str | None = None
    indicator: str | None = None
    period: str | None = None
    breaks: str | None = None
    area: str | None = None
    group: str | None = None
    theme: str | None = None
    sort: str = ""
    open: tuple[str, ...] = ()

    def kept(self, **more: str) -> dict[str, str]:
        """Return the choices that are made, for links to the same view."""
        chosen = {
            "level": self.level,
            "indicator": self.indicator,
            "period": self.period,
            "breaks": self.breaks,
            "area": self.area,
            "group": self.group,
            "theme": self.theme,
        }
        return {name: value for name, value in {**chosen, **more}.items() if value}


def read_query(request: HttpRequest) -> Query:
    """Read the choices. Parameters that are not ours are left alone."""

    def given(name: str) -> str | None:
        return request.GET.get(name, "").strip()[:_LONGEST] or None

    return Query(
        level=given("level"),
        indicator=given("indicator"),
        period=given("period"),
        breaks=given("breaks"),
        area=given("area"),
        group=given("group"),
        theme=given("theme"),
        sort=given("sort") or "",
        open=tuple(name for name in request.GET.get("open", "")[:_LONGEST_LIST].split(",") if name),
    )


def asked_of(chosen: Query) -> Asked:
    """Return the choices of an indicator's page."""
    return Asked(chosen.level, chosen.period, chosen.breaks, chosen.group or "")


def mapped(release: Release, chosen: Query, lang: Lang) -> OverviewView | IndicatorView:
    """Return a view whose map is that of the choices, about everybody or about one group."""
    if chosen.group and chosen.indicator:
        return indicator_page(release, chosen.indicator, lang, asked_of(chosen))
    return overview_of(release, chosen, lang)


def overview_of(release: Release, chosen: Query, lang: Lang) -> OverviewView:
    """Return the municipality's view for the choices."""
    return overview(
        release,
        lang,
        level=chosen.level,
        indicator=chosen.indicator,
        period=chosen.period,
        method=chosen.breaks,
    )
