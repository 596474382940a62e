"""What the pages that read the report share: its source line, its numbers as they are printed."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from nabolag.core import Lang, label
from nabolag.publish.views.model import SourceLine
from nabolag.spending.printed import SOURCE, Corrected, Numeral

#: What the report is called among sources.
REPORT: Final = "sof-04-20"
#: Below this, a number is written as it is printed, with a power of ten.
_SMALL = Decimal("0.00001")


def report_source(lang: Lang) -> SourceLine:
    """Return the report as it is cited."""
    title = label("printed.source.title", lang)
    text = label("printed.source.text", lang, title=title, report=SOURCE)
    producer, note = (label(f"printed.source.{part}", lang) for part in ("producer", "note"))
    return cited(REPORT, producer, title, text, note)


def white_paper_source(lang: Lang) -> SourceLine:
    """Return the white paper as it is cited."""
    words = (label(f"grants.source.{part}", lang) for part in ("producer", "title", "text"))
    return cited("meld-st-28", *words)


def cited(source: str, producer: str, title: str, text: str, note: str = "") -> SourceLine:
    """Return a document as a source: it was not fetched, and has no borders."""
    empty = dict.fromkeys(("retrieved", "updated", "licence", "url", "geography"), "")
    return SourceLine(
        source=source, producer=producer, title=title, text=text, note=note, rows=(), **empty
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
