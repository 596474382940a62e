"""The committee's five questions: a page of all, and a page of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from nabolag.core import Lang, label
from nabolag.publish.views.analyses.common import columns_of
from nabolag.publish.views.analyses.model import Cell, TableView
from nabolag.publish.views.money.model import MoneyView, TableFile
from nabolag.publish.views.money.parts import report_source
from nabolag.spending.questions import Question, questions
from nabolag.store import Release

#: What the pages are called in addresses.
ALL = "sporsmal"
_TITLES = {
    "utgiftsulempe": "extra_cost.page.title",
    "regneeksempler": "extra_cost.worked.title",
    "trykte-tabeller": "printed.page.title",
    "statlige-tilskudd": "grants.page.title",
    "nar-pengene-behovet": "reach.title",
}
_KEYS = ("number", "short", "status", "summary", "lines")


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question: as it was asked, what can be said, what is needed, and where there is more.

    `pages` are (name in addresses, title).
    """

    number: int
    page: str
    short: str
    status: str
    asked: str
    summary: str
    points: tuple[str, ...]
    needed: str
    pages: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class QuestionsView(MoneyView):
    """A page of questions."""

    answers: tuple[QuestionView, ...] = ()


def questions_page(release: Release, asked: Mapping[str, str], lang: Lang) -> MoneyView:
    """Return the page that lists the five."""
    return QuestionsView(
        lang,
        label("questions.title", lang),
        label("questions.question", lang),
        label("questions.opening", lang),
        tables=(_table(lang),),
        rule=label("questions.rule", lang),
        sources=(report_source(lang),),
        files=(_file(lang),),
        answers=tuple(_view(one, lang) for one in questions()),
    )


def question_page(number: int) -> Callable[[Release, Mapping[str, str], Lang], MoneyView]:
    """Return what makes the page of one question."""
    one = next(question for question in questions() if question.number == number)

    def made(release: Release, asked: Mapping[str, str], lang: Lang) -> MoneyView:
        view = _view(one, lang)
        return QuestionsView(
            lang,
            view.short,
            label("questions.one", lang, number=one.number),
            view.summary,
            rule=label("questions.rule", lang),
            sources=(report_source(lang),),
            files=(_file(lang),),
            answers=(view,),
        )

    return made


def page_name(number: int) -> str:
    """Return what the page of a question is called in addresses."""
    return f"{ALL}-{number}"


def _view(one: Question, lang: Lang) -> QuestionView:
    key = f"questions.q{one.number}"
    return QuestionView(
        number=one.number,
        page=page_name(one.number),
        short=label(f"{key}.short", lang),
        status=label(f"questions.status.{one.status}", lang),
        asked=label("questions.asked", lang, lines=one.lines, quote=one.quote),
        summary=label(f"{key}.summary", lang),
        points=tuple(label(f"{key}.point.p{n}", lang) for n in range(1, one.points + 1)),
        needed=label(f"{key}.needed", lang),
        pages=tuple((page, label(_TITLES[page], lang)) for page in one.pages),
    )


def _table(lang: Lang) -> TableView:
    columns = columns_of("questions", _KEYS, ("number",), lang)
    rows = tuple(
        (
            Cell(str(one.number), float(one.number)),
            Cell(view.short, view.short),
            Cell(view.status, view.status),
            Cell(view.summary, view.summary),
            Cell(f"L{one.lines}", one.lines),
        )
        for one in questions()
        for view in [_view(one, lang)]
    )
    return TableView("sporsmal", label("questions.title", lang), columns, rows)


def _file(lang: Lang) -> TableFile:
    rows = [
        {
            "question": one.number,
            "asked": one.quote,
            "lines": f"L{one.lines}",
            "status": one.status,
            "answer": view.summary,
            "facts": " ".join(view.points),
            "needed": view.needed,
        }
        for one in questions()
        for view in [_view(one, lang)]
    ]
    return TableFile("sporsmal", label("questions.title", lang), pl.DataFrame(rows))
