"""What the pages about money say of one area, for the area's own page."""

from __future__ import annotations

from nabolag.core import Lang
from nabolag.publish.views.money.accounts import accounts_of
from nabolag.publish.views.money.model import AreaMoney
from nabolag.publish.views.money.projection.page import projections_of
from nabolag.store import Release


def money_of_area(release: Release, level: str, code: str, lang: Lang) -> tuple[AreaMoney, ...]:
    """Return what comes and what is spent in an area, as far as the release tells."""
    return (
        *projections_of(release, level, code, lang),
        *accounts_of(release, level, code, lang),
    )
