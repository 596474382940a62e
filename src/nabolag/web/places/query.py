"""The choices an address carries. The address is the state of the page."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from nabolag.core import Lang
from nabolag.publish.views import overview
from nabolag.publish.views.model import OverviewView
from nabolag.store import Release

_LONGEST = 128


@dataclass(frozen=True, slots=True)
class Query:
    """What is chosen in the address; `None` leaves the choice to the page."""

    level: str | None = None
    indicator: str | None = None
    period: str | None = None
    breaks: str | None = None
    area: str | None = None
    sort: str = ""

    def kept(self, **more: str) -> dict[str, str]:
        """Return the choices that are made, for links to the same view."""
        chosen = {
            "level": self.level,
            "indicator": self.indicator,
            "period": self.period,
            "breaks": self.breaks,
            "area": self.area,
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
        sort=given("sort") or "",
    )


def overview_of(release: Release, chosen: Query, lang: Lang) -> OverviewView:
    """Return the municipality's view for the choices: the page's, and the map's beside it."""
    return overview(
        release,
        lang,
        level=chosen.level,
        indicator=chosen.indicator,
        period=chosen.period,
        method=chosen.breaks,
    )
