"""What the pages that read the report share: its source line, its numbers as they are printed."""

from __future__ import annotations

from decimal import Decimal

from nabolag.core import Lang, label
from nabolag.publish.views.model import SourceLine
from nabolag.spending.printed import SOURCE, Corrected, Numeral

#: Below this, a number is written as it is printed, with a power of ten.
_SMALL = Decimal("0.00001")


def report_source(lang: Lang) -> SourceLine:
    """Return the report as it is cited."""
    title = label("printed.source.title", lang)
    text = label("printed.source.text", lang, title=title, report=SOURCE)
    empty = dict.fromkeys(("retrieved", "updated", "licence", "url", "geography"), "")
    return SourceLine(
        source="sof-04-20",
        producer=label("printed.source.producer", lang),
        title=title,
        text=text,
        note=label("printed.source.note", lang),
        rows=(),
        **empty,
    )


def white_paper_source(lang: Lang) -> SourceLine:
    """Return the white paper as it is cited."""
    empty = dict.fromkeys(("retrieved", "updated", "licence", "url", "geography"), "")
    return SourceLine(
        source="meld-st-28",
        producer=label("grants.source.producer", lang),
        title=label("grants.source.title", lang),
        text=label("grants.source.text", lang),
        note="",
        rows=(),
        **empty,
    )


def digits(number: Numeral | Decimal, lang: Lang) -> str:
    """Return a number with the digits it is printed with, in the language's signs."""
    if isinstance(number, Numeral):
        text = number.text
    else:
        text = f"{number:e}" if 0 < abs(number) < _SMALL else f"{number:f}"
    text = text.replace("-", "\N{MINUS SIGN}")
    return text if lang == "en" else text.replace(".", ",")


def as_printed(one: Corrected, lang: Lang) -> str:
    """Return «419,95*** (3591)»."""
    cell = one.cell
    stars = "*" * cell.stars
    return f"{digits(cell.coefficient, lang)}{stars} ({digits(cell.error, lang)})"


def as_corrected(one: Corrected, lang: Lang) -> str:
    """Return «419,95*** (35,91)», the numbers that the check proposes."""
    stars = "*" * one.cell.stars
    return f"{digits(one.coefficient, lang)}{stars} ({digits(one.error, lang)})"
