"""The page about spending models: what goes together with what, how much, and how sure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from nabolag.core import Lang, label
from nabolag.publish.figures.base import Words
from nabolag.publish.figures.coefficients import CoefficientDot, coefficients
from nabolag.publish.spending.layout import group_name
from nabolag.publish.spending.model import Model, model_of
from nabolag.publish.spending.numbers import format_coefficient, format_p
from nabolag.publish.spending.sentences import in_names, interval_words
from nabolag.publish.views.analyses.model import Picture
from nabolag.publish.views.facts import facts_of
from nabolag.publish.views.model import Choice
from nabolag.publish.views.money.model import Field, MoneyView, TableFile
from nabolag.publish.views.money.spending_shown import Shown
from nabolag.publish.views.money.spending_tables import (
    catalogue_table,
    choices_table,
    coefficient_table,
    methods_table,
)
from nabolag.publish.views.shared import notices, source_lines
from nabolag.spending import name_of, variables
from nabolag.store import Release

#: The names of what is chosen, in the address.
MODEL, OUTCOME = "modell", "utfall"


@dataclass(frozen=True, slots=True)
class ModelLine:
    """A model in the list of all: what it is called, and what it answers."""

    id: str
    title: str
    opening: str


@dataclass(frozen=True, slots=True, eq=False)
class SpendingView(MoneyView):
    """The page: every model with its answer, or one, whose whole table can be taken away."""

    model: str = ""
    lines: tuple[ModelLine, ...] = ()


def has_models(release: Release) -> bool:
    """Tell whether a release has a spending model."""
    return bool(release.models)


def spending_page(release: Release, asked: Mapping[str, str], lang: Lang) -> MoneyView:
    """Return the page of the model that is asked for, every model where none is."""
    chosen = asked.get(MODEL, "")
    if chosen not in release.models:
        return _every_model(release, lang)
    model = model_of(release.models[chosen])
    outcome = asked.get(OUTCOME, "")
    outcome = outcome if outcome in model.outcomes else model.outcomes[0]
    shown = Shown(model, outcome, lang)
    facts = facts_of(release)
    return SpendingView(
        lang=lang,
        title=model.heading(lang),
        question=label("spending.page.question", lang),
        opening=shown.answer,
        lead=_lead(model, lang),
        notices=notices(facts, lang),
        fields=_fields(release, chosen, shown),
        pictures=_pictures(shown),
        tables=tuple(
            table
            for table in (coefficient_table(shown), methods_table(shown), choices_table(shown))
            if table.rows
        ),
        sure=_sure(shown),
        rule=(model.rule or {}).get(lang, ""),
        sources=source_lines(facts, model.sources, lang),
        files=_files(model, lang),
        model=model.id,
    )


def _every_model(release: Release, lang: Lang) -> MoneyView:
    """Return the list of models with what each answers, or that there are none."""
    title, question = (label(f"spending.page.{part}", lang) for part in ("title", "question"))
    catalogue = catalogue_table(lang)
    if not release.models:
        none = label("spending.page.none", lang, tables=len(catalogue.rows))
        return MoneyView(lang, title, question, none, tables=(catalogue,))
    opened = [_opened(model_of(one), lang) for one in release.models.values()]
    lines = tuple(ModelLine(one.model.id, _numbered(one.model, lang), one.answer) for one in opened)
    frame = pl.DataFrame([asdict(line) for line in lines])
    sure = sum(one.is_sure for one in opened)
    said = label("spending.page.opening", lang, n=len(lines), sure=sure, models=len(lines))
    return SpendingView(
        lang=lang,
        title=title,
        question=question,
        opening=said,
        lead=(label("spending.note.association", lang),),
        notices=notices(facts_of(release), lang),
        tables=(catalogue,),
        sources=source_lines(facts_of(release), [s for o in opened for s in o.model.sources], lang),
        files=(TableFile("models", title, frame),),
        lines=lines,
    )


def _opened(model: Model, lang: Lang) -> Shown:
    return Shown(model, model.outcomes[0], lang)


def _lead(model: Model, lang: Lang) -> tuple[str, ...]:
    said = []
    if model.table:
        said.append(label("spending.note.report", lang, table=model.table, lines=model.lines))
    if model.years_changed:
        said.append(label("spending.page.sure.years", lang))
    if model.background:
        key = "background" if model.table else "background_own"
        said.append(label(f"spending.page.sure.{key}", lang))
    return tuple(said)


def _fields(release: Release, chosen: str, shown: Shown) -> tuple[Field, ...]:
    lang = shown.lang
    models = [model_of(one) for one in release.models.values()]
    fields = [
        Field(MODEL, label("spending.page.model", lang),
              choices=tuple(Choice(one.id, _numbered(one, lang), one.id == chosen)
                            for one in models))
    ]  # fmt: skip
    if len(shown.model.outcomes) > 1:
        fields.append(
            Field(OUTCOME, label("spending.page.outcome", lang),
                  choices=tuple(Choice(one, name_of(one, lang), one == shown.outcome)
                                for one in shown.model.outcomes))
        )  # fmt: skip
    return tuple(fields)


def _numbered(model: Model, lang: Lang) -> str:
    title = model.heading(lang)
    if not model.table:
        return title
    return label("spending.page.numbered", lang, title=title, table=model.table)


def _pictures(shown: Shown) -> tuple[Picture, ...]:
    """Return the main terms that are measured alike, in every column that has them."""
    dots = [
        _dot(shown, term, number)
        for term in shown.model.main
        if _scale(term) == _scale(shown.term)
        for number in shown.columns_of(term)
    ]
    if not dots:
        return ()
    lang, level = shown.lang, round(100 * shown.model.level)
    outcome = name_of(shown.outcome, lang)
    words = Words(
        title=label("spending.page.picture", lang),
        subtitle=label("spending.page.subtitle", lang, outcome=outcome, level=level),
        description=label("spending.page.alt", lang, outcome=outcome, level=level, rows=len(dots)),
        axis=label("spending.page.axis", lang),
    )
    return (Picture("koeffisienter", words.title, coefficients(dots, words)),)


def _scale(term: str) -> str:
    variable = variables().get(term)
    return variable.scale if variable else "product" if ":" in term else "amount"


def _dot(shown: Shown, term: str, number: int) -> CoefficientDot:
    cell = shown.model.cell(term, number) or {}
    lang = shown.lang
    name = label("spending.page.row", lang, term=name_of(term, lang), column=f"({number})")
    told = f"{format_coefficient(cell['estimate'], lang)}, {interval_words(cell, lang)}"
    return CoefficientDot(name, cell["estimate"], cell["lower"], cell["upper"], told)


def _sure(shown: Shown) -> tuple[str, ...]:
    """Say for each column what leads and how many groups there are, and what was noticed."""
    said = _leads(shown)
    said += [one for one in (_differs(shown),) if one]
    said += [one for one in (_dealt(shown),) if one]
    methods = shown.model.inference["method"]
    if (methods == "randomisation").any():
        said.append(label("spending.page.sure.assigned", shown.lang))
    said += [
        in_names(one, shown.lang).text(shown.lang)
        for one in shown.model.findings
        if _about(one.params, shown)
    ]
    return tuple(dict.fromkeys(said))


def _about(params: Mapping[str, Any], shown: Shown) -> bool:
    return bool(params.get("outcome", shown.outcome) == shown.outcome)


def _leads(shown: Shown) -> list[str]:
    """Say what leads, once for all columns where the same does among as many groups."""
    alike: dict[tuple[str, int | None, str], list[str]] = {}
    for number in shown.numbers:
        column = shown.model.column(number)
        key = (column["lead"] or "none", column["clusters"], column["cluster"])
        alike.setdefault(key, []).append(f"({number})")
    return [
        label(
            f"spending.page.sure.{lead}",
            shown.lang,
            column=", ".join(numbers),
            groups=groups,
            cluster=group_name(cluster, shown.lang),
            floor=shown.model.floor,
        )
        for (lead, groups, cluster), numbers in alike.items()
    ]


def _differs(shown: Shown) -> str:
    """Say what the report's own errors would have said, where another method leads."""
    cell = shown.model.cell(shown.term, shown.number) if shown.term else None
    if (
        cell is None
        or cell["p"] is None
        or cell["report_p"] is None
        or cell["p"] == cell["report_p"]
    ):
        return ""
    lang = shown.lang
    return label("spending.page.sure.differs", lang, report=format_p(cell["report_p"], lang),
                 p=format_p(cell["p"], lang))  # fmt: skip


def _dealt(shown: Shown) -> str:
    """Say what dealing anew gives where groups are too few for anything else."""
    if not shown.term or shown.model.column(shown.number)["lead"]:
        return ""
    told = shown.model.inference.filter(
        pl.col("term") == shown.term,
        pl.col("column") == shown.number,
        pl.col("method") == "randomisation",
    )
    if told.is_empty():
        return ""
    p = format_p(told["p"][0], shown.lang)
    return label("spending.page.sure.dealt", shown.lang, p=p, column=f"({shown.number})")


def _files(model: Model, lang: Lang) -> tuple[TableFile, ...]:
    frames = {"columns": model.columns, "coefficients": model.coefficients,
              "inference": model.inference}  # fmt: skip
    return tuple(
        TableFile(name, label(f"spending.file.{name}", lang), frame)
        for name, frame in frames.items()
    )
