"""The whole set as a file: CSV, XLSX, JSON, and the manual in Markdown."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from datetime import datetime, time
from typing import Any, Final

from nabolag.core import Indicator, Lang, error, label
from nabolag.indicators import StandardSet, standard_set
from nabolag.publish.exports import Format
from nabolag.publish.exports.delimited import FORMS, Style, guarded
from nabolag.publish.standard.manual import manual
from nabolag.publish.standard.measure_words import measure_sentences
from nabolag.publish.standard.pages import (
    break_lines,
    expression_lines,
    formula,
    level_words,
    origin_lines,
)
from nabolag.publish.views.shared import direction_words
from nabolag.store import indicator_as_dict

#: Every form the set is handed on in, by name.
SET_FORMATS: Final[dict[str, Format]] = {
    form.name: form
    for form in (
        Format("csv", ".csv", "text/csv; charset=utf-8"),
        Format("csv-international", ".csv", "text/csv; charset=utf-8"),
        Format(
            "xlsx", ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        ),
        Format("json", ".json", "application/json"),
        Format("markdown", ".md", "text/markdown; charset=utf-8"),
    )
}


def set_bytes(form: str, lang: Lang, edition: str | None = None) -> bytes:
    """Return an edition of the set in a form of `SET_FORMATS`.

    JSON holds every language and is what a program reads; the others are in one. Raises
    `UserError` for an unknown form or edition.
    """
    held = standard_set(edition)
    match form:
        case "csv":
            return _csv(held, lang, "no")
        case "csv-international":
            return _csv(held, lang, "international")
        case "xlsx":
            return _xlsx(held, lang)
        case "json":
            written = json.dumps(set_document(held), ensure_ascii=False, indent=1)
            return (written + "\n").encode()
        case "markdown":
            return manual(held, lang).encode()
        case _:
            raise error("export_format_unknown", given=form, known=", ".join(SET_FORMATS))


def set_rows(held: StandardSet, lang: Lang) -> list[dict[str, str]]:
    """Return one row an indicator, by stable field names, the words in one language."""
    return [_row(held, entry, lang) for entry in held.indicators.values()]


def _row(held: StandardSet, entry: Indicator, lang: Lang) -> dict[str, str]:
    measure = held.measures.get(entry.id)
    compared = entry.comparability
    origins = [": ".join(filter(None, pair)) for pair in origin_lines(entry, lang)]
    asked = held.edition.members[entry.id].asked
    return {
        "edition": held.edition.id,
        "indicator": entry.id,
        "label": entry.label.in_(lang),
        "short": entry.heading.in_(lang),
        "ring": label(f"ring.{entry.ring}", lang),
        "kind": label(f"kind.{entry.kind.value}", lang),
        "direction": direction_words(entry, lang),
        "definition": entry.definition.in_(lang),
        "formula": formula(entry, lang),
        "population": entry.population.in_(lang) if entry.population else "",
        "unit": label(f"unit.{entry.unit.value}", lang),
        "minimum_level": level_words(entry, lang),
        "comparability": label(f"comparability.{compared.status.value}", lang) if compared else "",
        "reason": compared.reason.in_(lang) if compared and compared.reason else "",
        "breaks": "; ".join(f"{when}: {what}" for when, what in break_lines(entry, lang)),
        "sources": "; ".join(origins),
        "asked": "; ".join(f"{label(f'asked.{one.by}', lang)} {one.reference}" for one in asked),
        "counted": " ".join(measure_sentences(measure, lang)) if measure else "",
        "expression": "; ".join(f"{k}: {v}" for k, v in expression_lines(measure))
        if measure
        else "",
        "version": str(held.edition.members[entry.id].version),
        "reference": entry.reference,
    }


def _csv(held: StandardSet, lang: Lang, style: Style) -> bytes:
    form = FORMS[style]
    rows = set_rows(held, lang)
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=form.delimiter, lineterminator="\r\n")
    writer.writerow(rows[0])
    writer.writerows([guarded(cell) for cell in row.values()] for row in rows)
    return (("\ufeff" if form.mark else "") + buffer.getvalue()).encode()


def _xlsx(held: StandardSet, lang: Lang) -> bytes:
    import xlsxwriter  # noqa: PLC0415

    rows = set_rows(held, lang)
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    # The day of the edition and not the moment of writing: the same edition gives the same file.
    book.set_properties({"created": datetime.combine(held.edition.date, time())})
    heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    body = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(label("set.sheet", lang))
    for place, name in enumerate(rows[0]):
        wide = name in ("definition", "reason", "sources", "asked", "counted", "expression")
        sheet.set_column(place, place, 48 if wide else 22)
        sheet.write_string(0, place, label(f"set.column.{name}", lang), heading)
    for number, row in enumerate(rows, start=1):
        for place, cell in enumerate(row.values()):
            sheet.write_string(number, place, cell, body)
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, len(rows), len(rows[0]) - 1)
    book.close()
    return buffer.getvalue()


def set_document(held: StandardSet) -> dict[str, Any]:
    """Return the whole edition as plain data in every language."""
    edition = held.edition
    return {
        "edition": edition.id,
        "date": edition.date.isoformat(),
        "note": edition.note.as_dict(),
        "without_asset": {ring: why.as_dict() for ring, why in edition.without_asset.items()},
        "indicators": [_entry_document(held, entry) for entry in held.indicators.values()],
    }


def _entry_document(held: StandardSet, entry: Indicator) -> Mapping[str, Any]:
    member, measure = held.edition.members[entry.id], held.measures.get(entry.id)
    told: dict[str, Any] = {
        **indicator_as_dict(entry),
        "version": member.version,
        "asked": [{"by": one.by, "reference": one.reference} for one in member.asked],
        "measure": None,
    }
    if measure is not None:
        groups = [list(group) for group in measure.groups]
        lines = dict(expression_lines(measure))
        told["measure"] = {**lines, "groups": groups, "years": measure.years}
    return told
