"""A model's table as a file: HTML, Word, LaTeX and Excel, laid out as the report prints it."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from html import escape
from typing import Any, Final

from nabolag.core import Lang, error, label
from nabolag.publish.exports.frames import FrameForm
from nabolag.publish.spending.layout import Layout, layout_of
from nabolag.publish.spending.model import Model

_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
LAYOUT_FORMS: Final[Mapping[str, FrameForm]] = {
    "html": FrameForm("text/html; charset=utf-8", ".html"),
    "docx": FrameForm(f"{_OFFICE}.wordprocessingml.document", ".docx"),
    "tex": FrameForm("application/x-tex; charset=utf-8", ".tex"),
    "xlsx": FrameForm(f"{_OFFICE}.spreadsheetml.sheet", ".xlsx"),
}


def layout_bytes(model: Model, form: str, lang: Lang) -> bytes:
    """Return a model's table as a file. Raises `UserError` for a form that is not there."""
    if form not in _WRITERS:
        raise error("web_form_unknown", given=form, known=", ".join(_WRITERS))
    return _WRITERS[form](model, layout_of(model, lang), lang)


def _html(model: Model, layout: Layout, lang: Lang) -> bytes:
    """Return a page of its own that holds the table and nothing else."""
    spans = "".join(f'<th colspan="{count}" scope="colgroup">{escape(name)}</th>'
                    for name, count in layout.outcomes)  # fmt: skip
    numbers = "".join(f'<th scope="col">{escape(one)}</th>' for one in layout.numbers)
    rows = "".join(
        f'<tr class="{row.kind}"><th scope="row">{escape(row.heading)}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in row.cells)
        + "</tr>"
        for row in layout.rows
    )
    notes = "".join(f"<p>{escape(one)}</p>" for one in layout.notes)
    text = (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        f"<title>{escape(layout.title)}</title><style>{_STYLE}</style></head><body><table>"
        f"<caption>{escape(layout.title)}</caption><thead><tr><td></td>{spans}</tr>"
        f"<tr><td></td>{numbers}</tr></thead><tbody>{rows}</tbody></table>{notes}</body></html>"
    )
    return text.encode()


_STYLE: Final = (
    "body{font:15px/1.4 sans-serif;margin:2rem;max-width:70rem}"
    "table{border-collapse:collapse;border-bottom:2px solid}caption{text-align:left;"
    "font-weight:600;padding:.5rem 0}th,td{padding:.15rem .6rem;text-align:right;"
    "font-weight:400}tbody th{text-align:left}thead th{border-bottom:1px solid;"
    "text-align:center}thead tr:first-child th{border-top:2px solid}"
    "tr.fit th,tr.fit td{border-top:1px solid #ddd}p{font-size:13px;margin:.4rem 0}"
)


def _tex(model: Model, layout: Layout, lang: Lang) -> bytes:
    """Return a LaTeX table for `booktabs`, ready to be put into a document."""
    count = len(layout.numbers)
    spans = " & ".join(
        rf"\multicolumn{{{n}}}{{c}}{{{_tex_text(name)}}}" for name, n in layout.outcomes
    )
    body = []
    fit = False
    for row in layout.rows:
        if row.kind == "fit" and not fit:
            body.append(r"\midrule")
            fit = True
        cells = " & ".join(_tex_text(cell) for cell in row.cells)
        body.append(rf"{_tex_text(row.heading)} & {cells} \\")
    notes = r" \\ ".join(_tex_text(one) for one in layout.notes)
    lines = [
        rf"% {label('spending.file.tex', lang)}",
        r"\begin{table}[htbp]",
        rf"\caption{{{_tex_text(layout.title)}}}",
        rf"\begin{{tabular}}{{l{'r' * count}}}",
        r"\toprule",
        rf" & {spans} \\",
        rf" & {' & '.join(layout.numbers)} \\",
        r"\midrule",
        *body,
        r"\bottomrule",
        r"\end{tabular}",
        r"\par\smallskip\footnotesize",
        notes,
        r"\end{table}",
    ]
    return ("\n".join(lines) + "\n").encode()


_TEX_SIGNS: Final = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "\N{MINUS SIGN}": "$-$", "\u00a0": "~", "·": r"$\cdot$", "×": r"$\times$", "²": "$^2$",
    "«": r"\guillemotleft{}", "»": r"\guillemotright{}", "–": "--",
}  # fmt: skip
_POWERS: Final = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-", strict=True))


def _tex_text(text: str) -> str:
    """Return a text as LaTeX writes it; powers of ten are set as mathematics."""
    made, power = "", ""
    for sign in text:
        if sign in _POWERS and sign != "²":
            power += _POWERS[sign]
            continue
        made += f"$^{{{power}}}$" if power else ""
        power = ""
        made += _TEX_SIGNS.get(sign, sign)
    return made + (f"$^{{{power}}}$" if power else "")


def _docx(model: Model, layout: Layout, lang: Lang) -> bytes:
    """Return a Word document with the table, which a person can move into their own."""
    from docx import Document  # noqa: PLC0415
    from docx.shared import Pt  # noqa: PLC0415

    document = Document()
    document.core_properties.title = layout.title
    document.core_properties.language = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}[lang]
    document.styles["Normal"].font.size = Pt(10)
    width = _docx_page(document.sections[0], lying=len(layout.numbers) > _UPRIGHT)
    document.add_heading(layout.title, level=1)
    table = document.add_table(rows=0, cols=len(layout.numbers) + 1)
    table.style = "Table Grid" if "Table Grid" in document.styles else None
    _docx_head(table, layout)
    for row in layout.rows:
        _docx_row(table, (row.heading, *row.cells))
    _docx_widths(table, width)
    for note in layout.notes:
        document.add_paragraph(note)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


#: With more columns than this the page lies down.
_UPRIGHT: Final = 4
#: How much of the width the headings of the rows have.
_HEADINGS: Final = 0.32


def _docx_page(section: Any, *, lying: bool) -> int:
    """Let a page be A4, upright or lying, and return how wide its text is."""
    from docx.enum.section import WD_ORIENT  # noqa: PLC0415
    from docx.shared import Mm  # noqa: PLC0415

    short, long = Mm(210), Mm(297)
    section.orientation = WD_ORIENT.LANDSCAPE if lying else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if lying else (short, long)
    section.left_margin = section.right_margin = Mm(20)
    return int(section.page_width - section.left_margin - section.right_margin)


def _docx_widths(table: Any, width: int) -> None:
    """Give the headings of the rows room for whole words, and the numbers the rest alike."""
    table.autofit = False
    first = int(width * _HEADINGS)
    rest = (width - first) // (len(table.columns) - 1)
    for at, column in enumerate(table.columns):
        column.width = rest if at else first
    for row in table.rows[1:]:
        for at, cell in enumerate(row.cells):
            cell.width = rest if at else first


def _docx_head(table: Any, layout: Layout) -> None:
    """Write what is explained over its columns, and the columns' numbers; both rows repeat."""
    cells = table.add_row().cells
    at = 1
    for name, count in layout.outcomes:
        merged = cells[at].merge(cells[at + count - 1]) if count > 1 else cells[at]
        merged.text = name
        at += count
    _docx_row(table, ("", *layout.numbers))
    for row in table.rows[:2]:
        _repeat(row)


def _repeat(row: Any) -> None:
    """Let a row stand again at the top of every page."""
    from docx.oxml import OxmlElement  # noqa: PLC0415

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _docx_row(table: Any, texts: tuple[str, ...]) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415

    for at, (cell, text) in enumerate(zip(table.add_row().cells, texts, strict=True)):
        cell.text = text
        if at:
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _xlsx(model: Model, layout: Layout, lang: Lang) -> bytes:
    """Return a workbook: the table as printed, and the numbers behind it as numbers."""
    import xlsxwriter  # noqa: PLC0415

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    bold = book.add_format({"bold": True})
    _xlsx_layout(book, layout, lang)
    frames = {"columns": model.columns, "coefficients": model.coefficients,
              "inference": model.inference}  # fmt: skip
    for name, frame in frames.items():
        sheet = book.add_worksheet(label(f"spending.file.{name}", lang))
        sheet.write_row(0, 0, frame.columns, bold)
        for at, column in enumerate(frame.columns):
            sheet.write_column(1, at, frame[column].to_list())
        sheet.freeze_panes(1, 0)
    book.close()
    return buffer.getvalue()


def _xlsx_layout(book: Any, layout: Layout, lang: Lang) -> None:
    bold = book.add_format({"bold": True})
    center = book.add_format({"align": "center", "bottom": 1, "text_wrap": True, "valign": "top"})
    right = book.add_format({"align": "right"})
    sheet = book.add_worksheet(label("spending.file.table", lang))
    sheet.set_column(0, 0, 52)
    sheet.set_column(1, len(layout.numbers), 16)
    sheet.write_string(0, 0, layout.title, bold)
    at = 1
    for name, count in layout.outcomes:
        if count > 1:
            sheet.merge_range(2, at, 2, at + count - 1, name, center)
        else:
            sheet.write_string(2, at, name, center)
        at += count
    for place, number in enumerate(layout.numbers, start=1):
        sheet.write_string(3, place, number, right)
    for down, row in enumerate(layout.rows, start=4):
        sheet.write_string(down, 0, row.heading)
        for place, cell in enumerate(row.cells, start=1):
            sheet.write_string(down, place, cell, right)
    for down, note in enumerate(layout.notes, start=5 + len(layout.rows)):
        sheet.write_string(down, 0, note)
    sheet.freeze_panes(4, 1)


_WRITERS: Final[Mapping[str, Callable[[Model, Layout, Lang], bytes]]] = {
    "html": _html,
    "docx": _docx,
    "tex": _tex,
    "xlsx": _xlsx,
}
