"""The workbook's formulas, computed by a second program, come to the same kroner."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from nabolag.allocation import Model, Need, Units, allocate
from nabolag.allocation.b11 import BUDGET, b11_model, b11_units
from nabolag.allocation.numbers import exact
from nabolag.core import Text, label
from nabolag.publish.exports.allocation_book import BookWords, allocation_book, column_name
from tests.allocation.support import schools, two_criteria
from tests.support.formulas import Book

WORDS = BookWords(Text.same("Prøve"), Text.same("skoler"), Text.same("elever"), {}, {"Regel": "x"})
KRONER = label("allocation.book.column.kroner", "nb")


def computed(made: Any) -> tuple[Book, list[float]]:
    book = Book(allocation_book(made, WORDS, "nb"))
    column, row = book.find(KRONER)
    return book, book.column(column, row + 1, row + len(made.units))


@pytest.mark.parametrize("rule", ["share", "gap", "index"])
@pytest.mark.parametrize("rounding", ["largest_remainder", "nearest"])
@pytest.mark.parametrize("guarantee", [None, "0.9"])
def test_formulas_come_to_the_same_kroner(rule: str, rounding: str, guarantee: str | None) -> None:
    more = {"guarantee": {"share": guarantee}} if guarantee else {}
    model = two_criteria(rule, base=10_000, per_pupil="12.5", rounding=rounding, **more)
    made = allocate(model, schools(17), 17_000_003)
    _, kroner = computed(made)
    assert kroner == list(made.kroner)


@pytest.mark.parametrize("pupils", [50, 25, 75, 0])
def test_table_b11_in_formulas(pupils: int) -> None:
    made = allocate(b11_model(pupils), b11_units(), BUDGET)
    assert computed(made)[1] == list(made.kroner)


def test_a_changed_weight_changes_the_kroner_as_the_method_does() -> None:
    units = schools(11)
    book, _ = computed(allocate(two_criteria(), units, 5_000_000))
    book.set("B16", 10.0)
    book.set("B17", 90.0)
    book.set("B7", 0.5)
    pot = two_criteria().pots[0]
    criteria = tuple(
        one.model_copy(update={"weight": weight})
        for one, weight in zip(pot.criteria, (Fraction(1, 10), Fraction(9, 10)), strict=True)
    )
    changed = pot.model_copy(update={"pupils": Fraction(1, 2), "criteria": criteria})
    made = allocate(Model(pots=(changed,)), units, 5_000_000)
    column, row = book.find(KRONER)
    assert book.column(column, row + 1, row + 11) == list(made.kroner)
    assert book.get("B13") == 0


def test_columns_are_named_as_spreadsheets_do() -> None:
    assert [column_name(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


@pytest.mark.parametrize("rule", ["share", "gap", "index"])
@pytest.mark.parametrize("guarantee", [None, "0.9"])
def test_programs_that_do_not_compute_show_the_same(rule: str, guarantee: str | None) -> None:
    """Every cell holds what its formula comes to."""
    more = {"guarantee": {"share": guarantee}} if guarantee else {}
    content = allocation_book(
        allocate(two_criteria(rule, **more), schools(9), 9_000_001), WORDS, "nb"
    )
    book = Book(content)
    assert len(book.kept) > 80
    for cell, kept in book.kept.items():
        told = book.get(cell)
        assert told == pytest.approx(kept, rel=1e-9, abs=1e-5), (cell, book.formulas[cell])


def without_kept_values(content: bytes) -> bytes:
    """Return the workbook with nothing in its formulas' cells, so that they must be computed."""
    made = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(made, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml"):
                data = re.sub(rb"</f><v>[^<]*</v>", b"</f>", data)
            new.writestr(name, data)
    return made.getvalue()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("rule", ["share", "index"])
def test_libreoffice_comes_to_the_same(tmp_path: Path, rule: str) -> None:
    made = allocate(two_criteria(rule, guarantee={"share": "0.9"}), schools(17), 17_000_003)
    content = without_kept_values(allocation_book(made, WORDS, "nb"))
    (tmp_path / "bok.xlsx").write_bytes(content)
    form = "csv:Text - txt - csv (StarCalc):44,34,76"
    subprocess.run(["soffice", f"-env:UserInstallation=file://{tmp_path}/office", "--headless",
                    "--convert-to", form, "--outdir", str(tmp_path), str(tmp_path / "bok.xlsx")],
                   check=True, timeout=120, capture_output=True)  # fmt: skip
    rows = list(csv.reader((tmp_path / "bok.csv").read_text(encoding="utf-8").splitlines()))
    at = next(n for n, row in enumerate(rows) if KRONER in row)
    place = rows[at].index(KRONER)
    told = [int("".join(c for c in row[place] if c.isdigit())) for row in rows[at + 1 : at + 18]]
    assert told == list(made.kroner)


def test_zones_counts_and_products_in_formulas() -> None:
    size = tuple(exact(n) for n in (120, 80, 300, 95, 210))
    ids = tuple("abcde")
    needs = {
        "zone": Need.known([1, 2, 3, 2, 1], "points"),
        "poor": Need.known([12, 30, 41, 9, 3], "count"),
        "unmarried": Need.known(["0.2", "0.3", "0.1", "0.4", "0.25"]),
        "moving": Need.known(["1.1", "0.9", "1.3", "1", "0.7"], "points"),
    }
    units = Units(ids, ids, {"size": size}, needs)
    zone = {"weights": {"1": 0, "2": "0.5", "3": 2}}
    pots = [
        {"rule": "zone", "zone": zone, "criteria": [{"need": "zone", "weight": 1}]},
        {"criteria": [{"need": "poor", "weight": "0.5"}, {"need": ["unmarried", "moving"], "weight": "0.5"}]},
        {"rule": "index", "criteria": [{"need": "poor", "weight": "0.7"}, {"need": "moving", "weight": "0.3", "worse": "low"}]},
        {"rule": "gap", "times_size": True, "criteria": [{"need": "moving", "weight": 1, "worse": "low"}]},
        {"pupils": 1},
    ]  # fmt: skip
    for pot in pots:
        made = allocate(Model.model_validate({"pots": [pot]}), units, 1_000_003)
        assert computed(made)[1] == list(made.kroner), pot
