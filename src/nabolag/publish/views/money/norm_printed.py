"""The report's own tables B2–B7 beside a municipality's: how group size followed points."""

from __future__ import annotations

from typing import Final

from nabolag.core import Lang, label
from nabolag.publish.views.analyses.model import Cell
from nabolag.spending.printed import Printed, report

#: Tables of the big cities' schools and of all schools (columns by least squares), by main stage.
TABLES: Final = {
    "cities": {"1-4": "B2", "5-7": "B3", "8-10": "B4"},
    "norway": {"1-4": "B5", "5-7": "B6", "8-10": "B7"},
}
#: The report's terms by ours. Its term for the years after is at no points, not at the average, and
#: is left out.
_TERMS: Final = {"points": "expected_scale_points", "points_after": "expected_scale_points_x_post"}
_COLUMNS: Final = {"before": 1, "after": 2, "both": 3}


def printed_rows(stage: str, lang: Lang) -> list[tuple[Cell, ...]]:
    """Return the printed rows of a stage: sample, term, and the three columns."""
    held = report()
    rows = []
    for sample, tables in TABLES.items():
        table = tables[stage]
        named = label(f"norm.sample.{sample}", lang, table=table)
        for term, words in _TERMS.items():
            cells = tuple(_cell(held, table, model, words, lang) for model in _COLUMNS.values())
            rows.append((Cell(named, named), Cell(label(f"norm.term.{term}", lang)), *cells))
    return rows


def _cell(held: Printed, table: str, model: int, term: str, lang: Lang) -> Cell:
    found = next((cell for cell in held.table(table).cells
                  if (cell.key.model, cell.key.term) == (model, term)), None)  # fmt: skip
    if found is None:
        return Cell("")
    number, wrong = (
        part.text if lang == "en" else part.text.replace(".", ",").replace("-", "\N{MINUS SIGN}")
        for part in (found.coefficient, found.error)
    )
    words = label("norm.printed", lang, number=number, stars="*" * found.stars, error=wrong)
    return Cell(words, float(found.coefficient.value))
