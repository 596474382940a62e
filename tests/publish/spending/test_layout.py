"""Tables laid out as the report prints them, in text, HTML, Word, LaTeX and Excel."""

from __future__ import annotations

import io
from html.parser import HTMLParser

import pytest
from docx import Document
from python_calamine import CalamineWorkbook

from nabolag.core import LANGS, UserError
from nabolag.publish.spending import (
    LAYOUT_FORMS,
    as_text,
    layout_bytes,
    layout_of,
    model_of_result,
)
from nabolag.publish.spending.model import Model
from nabolag.publish.spending.numbers import amount_of, format_coefficient, format_p, step_of
from nabolag.spending import Inference, estimate, named_model
from tests.spending.made import panel


@pytest.fixture(scope="module")
def model() -> Model:
    """Table 2 on eight made municipalities, with the outcome between 0 and 1."""
    import polars as pl

    rows = panel(municipalities=8).with_columns(
        qualified_share=0.9 + pl.col("y") / 1000,
        pupils=200 + 10 * pl.col("x"),
        lower_secondary_school=(pl.col("unit") % 4 == 0).cast(pl.Float64),
        combined_school=(pl.col("unit") % 4 == 1).cast(pl.Float64),
        share_grade1_4_pupils=(pl.col("z") - pl.col("z").min()) / 10,
    )
    return model_of_result(estimate(named_model("table-02"), rows, Inference(draws=999)))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-0.0304, "−0,0304"), (0.00767, "0,00767"), (2.07e-05, "2,07·10⁻⁵"), (0.97, "0,970"),
        (-160304.2, "−160\u00a0304"), (13.08, "13,1"), (156.59, "157"), (0, "0"),
        (1.30e-07, "1,30·10⁻⁷"),
    ],
)  # fmt: skip
def test_coefficients_have_three_digits_and_a_decimal_comma(value, text):
    assert format_coefficient(value, "nb") == text


def test_english_has_a_point():
    assert format_coefficient(-0.0304, "en") == "−0.0304"
    assert format_p(0.0002, "en") == "under 0.001"


def test_sizes_are_said_in_the_outcomes_unit():
    assert amount_of(-0.0304, "qualified_share", "nb") == "3,04 prosentpoeng"
    assert amount_of(1021, "advice_per_resident", "nb") == "1\u00a0021 kr"
    assert amount_of(0.442, "ordinary_hours_per_pupil", "nb") == "0,44 timer"


def test_a_fraction_is_moved_by_a_percentage_point():
    step = step_of("share_age_0_15", "nb")
    assert step is not None
    assert (step.words, step.times) == ("ett prosentpoeng", 0.01)
    assert step_of("analysis_area", "nb") is None


def test_the_layout_has_the_reports_rows(model):
    layout = layout_of(model, "nb")
    assert layout.title.startswith("Tabell 2: ")
    assert layout.numbers == ("(1)", "(2)", "(3)", "(4)")
    assert layout.outcomes == (("Andel årsverk til undervisning med godkjent kompetanse", 4),)
    headings = [row.heading for row in layout.rows]
    assert headings[:4] == ["Analyseområde", "", "Antall elever ved skolen", ""]
    assert {"Konstantledd", "Observasjoner", "R-kvadrert", "Antall grupper (G)"} <= set(headings)
    assert all(len(row.cells) == 4 for row in layout.rows)
    errors = [c for row in layout.rows if row.kind == "error" for c in row.cells if c]
    assert errors
    assert all(c.startswith("(") and c.endswith(")") for c in errors)


def test_groups_are_always_told(model):
    layout = layout_of(model, "nb")
    groups = next(row for row in layout.rows if row.heading == "Antall grupper (G)")
    assert groups.cells == ("48", "48", "48", "8")
    assert layout.notes[-1] == "Tallene viser sammenheng, ikke årsak."


class _Cells(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def _texts(form: str, content: bytes) -> str:
    if form == "docx":
        document = Document(io.BytesIO(content))
        cells = [c.text for row in document.tables[0].rows for c in row.cells]
        return "\n".join([*(p.text for p in document.paragraphs), *cells])
    if form == "xlsx":
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return "\n".join(str(c) for row in book.get_sheet_by_index(0).to_python() for c in row)
    if form == "html":
        reader = _Cells()
        reader.feed(content.decode())
        return "\n".join(reader.texts)
    return content.decode()


@pytest.mark.parametrize("form", LAYOUT_FORMS)
@pytest.mark.parametrize("lang", LANGS)
def test_every_form_holds_every_cell(model, form, lang):
    text = _texts(form, layout_bytes(model, form, lang))
    for row in layout_of(model, lang).rows:
        for cell in row.cells:
            if form != "tex":
                assert cell in text
    if form == "tex":
        assert r"\toprule" in text
        assert "−" not in text
        assert "⁻" not in text


def test_the_workbook_has_the_numbers_as_numbers(model):
    book = CalamineWorkbook.from_filelike(io.BytesIO(layout_bytes(model, "xlsx", "nb")))
    rows = book.get_sheet_by_name("Koeffisienter").to_python()
    at = rows[0].index("estimate")
    assert rows[1][at] == pytest.approx(model.coefficients["estimate"][0])


def test_markup_in_a_name_stays_text(model):
    from dataclasses import replace

    odd = replace(model, title={"nb": "<b>50 % & mer_</b>", "nn": "x", "en": "x"})
    assert b"<b>50" not in layout_bytes(odd, "html", "nb")
    assert rb"50~\% \& mer\_" in layout_bytes(odd, "tex", "nb").replace(b" \\%", b"~\\%")


def test_a_form_nobody_knows_is_refused(model):
    with pytest.raises(UserError, match="html"):
        layout_bytes(model, "pdf", "nb")


def test_plain_text_lines_up(model):
    lines = as_text(layout_of(model, "nb")).splitlines()
    head = next(line for line in lines if "(1)" in line and "(4)" in line)
    first = next(line for line in lines if line.startswith("Analyseområde"))
    assert len(head) == len(first)
