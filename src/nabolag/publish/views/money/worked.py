"""The report's 23 worked examples, recomputed: what agrees, and what does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import polars as pl

from nabolag.core import Lang, label
from nabolag.publish.numbers import format_number
from nabolag.publish.views.analyses.common import columns_of
from nabolag.publish.views.analyses.model import Cell, TableView
from nabolag.publish.views.money.extra_words import three_digits
from nabolag.publish.views.money.model import MoneyView, TableFile
from nabolag.publish.views.money.parts import report_source
from nabolag.spending.extra_cost import Example, Part, worked_examples
from nabolag.spending.extra_cost.arithmetic import filled
from nabolag.spending.extra_cost.worked import Verdict
from nabolag.store import Release

_KEYS = ("example", "about", "sum", "computed", "interval", "quote", "verdict", "lines")
_NUMERIC = ("computed",)
_GROUPED = 10_000


def worked_page(release: Release, asked: Mapping[str, str], lang: Lang) -> MoneyView:
    """Return the page of worked examples."""
    counts = Counter(one.verdict for one in worked_examples())
    wrong = [one.id for one in worked_examples() if one.verdict is Verdict.DISAGREES]
    near = [one.id for one in worked_examples() if one.verdict is Verdict.LAST_DIGIT]
    opening = label(
        "extra_cost.worked.opening",
        lang,
        all=len(worked_examples()),
        agrees=counts[Verdict.AGREES],
        near=len(near),
        wrong=len(wrong),
        implied=counts[Verdict.IMPLIED],
        which=", ".join(wrong),
    )
    return MoneyView(
        lang,
        label("extra_cost.worked.title", lang),
        label("extra_cost.worked.question", lang),
        opening,
        lead=(label("extra_cost.worked.lead", lang),),
        tables=(_table(lang),),
        sure=(
            label("extra_cost.worked.words", lang),
            label("extra_cost.worked.interval", lang),
            label("extra_cost.caveat.not_causal", lang),
            label("extra_cost.caveat.sample_oslo", lang),
        ),
        rule=label("extra_cost.worked.rule", lang),
        sources=(report_source(lang),),
        files=(TableFile("regneeksempler", label("extra_cost.worked.title", lang),
                         worked_frame(lang)),),
    )  # fmt: skip


def worked_frame(lang: Lang) -> pl.DataFrame:
    """Return every computed number beside the printed, for a file."""
    rows = [
        {
            "example": one.id,
            "form": one.form,
            "about": label(f"extra_cost.about.{one.id}", lang),
            "expression": part.expression,
            "sum": _sum(part, lang),
            "computed": part.value,
            "lower": part.lower,
            "upper": part.upper,
            "unit": part.unit,
            "printed": float(part.printed) if part.printed is not None else None,
            "quote": part.quote,
            "verdict": part.verdict.value,
            "lines": part.lines,
            "inputs": "; ".join(f"{i.name} = {i.text} ({i.lines})" for i in part.inputs),
        }
        for one in worked_examples()
        for part in one.parts
    ]
    numbers = dict.fromkeys(("computed", "lower", "upper", "printed"), pl.Float64)
    return pl.DataFrame(rows, schema_overrides=numbers)


def _table(lang: Lang) -> TableView:
    columns = columns_of("extra_cost.worked", _KEYS, _NUMERIC, lang)
    rows = tuple(_row(one, part, lang) for one in worked_examples() for part in one.parts)
    note = label("extra_cost.worked.note", lang)
    return TableView("regneeksempler", label("extra_cost.worked.table", lang), columns, rows, note)


def _row(one: Example, part: Part, lang: Lang) -> tuple[Cell, ...]:
    about = label(f"extra_cost.about.{one.id}", lang)
    verdict = label(f"extra_cost.verdict.{part.verdict.value}", lang)
    quote = f"«{part.quote}»" if part.quote else ""
    return (
        Cell(one.id, one.id),
        Cell(about, about),
        Cell(_sum(part, lang)),
        Cell(_unit(part, part.value, lang), part.value),
        Cell(_interval(part, lang), part.lower),
        Cell(quote, quote),
        Cell(verdict, verdict),
        Cell(part.lines, part.lines),
    )


def _sum(part: Part, lang: Lang) -> str:
    """Return the sum with its numbers: «156,59 × 38 000 : 1 000 000»."""
    written = {one.name: _number(one.text, lang) for one in part.inputs}
    written["1000000"] = format_number(1_000_000, lang)
    written["1000"] = format_number(1000, lang)
    return filled(part.expression, written)


def _number(text: str, lang: Lang) -> str:
    whole = text.removeprefix("-").isdigit()
    if whole and abs(int(text)) >= _GROUPED:
        return format_number(int(text), lang)
    sign = text.replace("-", "\N{MINUS SIGN}")
    return sign if lang == "en" else sign.replace(".", ",")


def _unit(part: Part, value: float, lang: Lang) -> str:
    number = three_digits(value, lang)
    return label(f"extra_cost.unit.{part.unit}", lang, number=number, base="")


def _interval(part: Part, lang: Lang) -> str:
    if part.lower is None or part.upper is None:
        return ""
    return f"{three_digits(part.lower, lang)} – {three_digits(part.upper, lang)}"
