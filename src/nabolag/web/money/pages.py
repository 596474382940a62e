"""Every page about money, in the order a reader meets them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from nabolag.core import Lang
from nabolag.publish.views.money import MoneyView
from nabolag.publish.views.money.accounts import accounts_page
from nabolag.publish.views.money.allocation import allocation_page
from nabolag.publish.views.money.allowance import allowance_page
from nabolag.publish.views.money.extra_cost import extra_cost_page
from nabolag.publish.views.money.grants import grants_page
from nabolag.publish.views.money.need import need_page
from nabolag.publish.views.money.norm import norm_page
from nabolag.publish.views.money.printed import printed_page
from nabolag.publish.views.money.projection import projection_page
from nabolag.publish.views.money.questions import page_name, question_page, questions_page
from nabolag.publish.views.money.reach import reach_listed, reach_page
from nabolag.publish.views.money.schemes import schemes_page
from nabolag.publish.views.money.spending import has_models, spending_page
from nabolag.publish.views.money.worked import worked_page
from nabolag.spending.questions import questions
from nabolag.store import Release

#: Makes a page of a release, of what the address asks, and of the reader's language.
ViewOf: TypeAlias = Callable[[Release, Mapping[str, str], Lang], MoneyView]


def always(release: Release) -> bool:
    """Tell that a page has something to show whatever the release holds."""
    return True


def never(release: Release) -> bool:
    """Tell that a page is reached from another one, and does not stand in the list."""
    return False


@dataclass(frozen=True, slots=True)
class MoneyPage:
    """A page: its name in addresses, what makes it, what lays it out, and when it is listed.

    `about` is the part of the list it stands in (`money.about.*`).
    """

    name: str
    view: ViewOf
    template: str = "money/page.html"
    listed: Callable[[Release], bool] = always
    about: str = "sharing"


PAGES: Final[tuple[MoneyPage, ...]] = (
    MoneyPage("fordeling", allocation_page, "money/allocation.html"),
    MoneyPage("larernorm", norm_page),
    MoneyPage("bostotte", allowance_page),
    MoneyPage("nar-pengene-behovet", reach_page, listed=reach_listed, about="reach"),
    MoneyPage("statlige-tilskudd", grants_page, about="reach"),
    MoneyPage("utgiftsbehov", need_page, about="reach"),
    MoneyPage("regnskap", accounts_page, about="cost"),
    MoneyPage("sporsmal", questions_page, "money/questions.html", about="cost"),
    *(
        MoneyPage(page_name(one.number), question_page(one.number), "money/questions.html", never)
        for one in questions()
    ),
    MoneyPage("utgiftsmodeller", spending_page, "money/spending.html", has_models, "cost"),
    MoneyPage("utgiftsulempe", extra_cost_page, about="cost"),
    MoneyPage("regneeksempler", worked_page, about="cost"),
    MoneyPage("trykte-tabeller", printed_page, "money/printed.html", about="cost"),
    MoneyPage("framskriving", projection_page, about="coming"),
    MoneyPage("ordninger", schemes_page, about="coming"),
)


def pages(release: Release) -> list[MoneyPage]:
    """Return the pages that have something to show of a release."""
    return [page for page in PAGES if page.listed(release)]


def page_named(name: str) -> MoneyPage | None:
    """Return a page by its name, none where there is no such page."""
    return next((page for page in PAGES if page.name == name), None)
