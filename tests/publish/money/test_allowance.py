"""The page about housing allowance: the steps, the warning, the table, and what is hidden."""

from __future__ import annotations

import polars as pl
import pytest

from nabolag.core import LANGS, Lang
from nabolag.publish.figures import to_svg
from nabolag.publish.views.money.allowance import allowance_page
from nabolag.store import Release

ASKED = {"personer": "4", "inntekt": "25 000", "boutgifter": "12000"}


def plain(words: str) -> str:
    return words.replace("\u00a0", " ")


def test_every_step_of_one_household_is_shown(norm_release: Release) -> None:
    view = allowance_page(norm_release, ASKED, "nb")
    steps = next(table for table in view.tables if table.name == "utregning")
    assert [plain(row[2].text) for row in steps.rows] == [
        "12 000", "9 000", "2 750", "6 250", "45 000", "4 606",
    ]  # fmt: skip
    assert "4 606 kroner" in plain(view.opening)


@pytest.mark.parametrize("lang", LANGS)
def test_an_example_is_called_one_in_the_first_words(norm_release: Release, lang: Lang) -> None:
    view = allowance_page(norm_release, ASKED, lang)
    word = {"nb": "eksempel", "nn": "døme", "en": "example"}[lang]
    assert word in view.opening
    assert word in view.lead[0]
    assert all("{" not in words for words in (view.opening, *view.lead, *view.sure, view.rule))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"personer": "1", "inntekt": "30001"}, "er over grensen på 30 000 kroner"),
        ({"boutgifter": "100"}, "egenandelen er like høy"),
        ({"personer": "1", "inntekt": "0"}, "Én person"),
    ],
)
def test_those_who_are_paid_nothing_are_told_why(
    norm_release: Release, asked: dict[str, str], words: str
) -> None:
    assert words in plain(allowance_page(norm_release, asked, "nb").opening)


def test_what_is_hidden_says_so_and_is_never_a_zero(norm_release: Release) -> None:
    view = allowance_page(norm_release, {}, "nb")
    table = next(table for table in view.tables if table.name == "okning")
    rows = {row[0].text: [cell.text for cell in row[1:]] for row in table.rows}
    assert rows["Vika"][0] == "Skjult av hensyn til personvern"
    assert rows["Vika"][1] == "ingen fra før"  # nobody of five persons lives here
    hidden = next(file for file in view.files if file.name == "reform").frame
    inside = hidden.filter(
        pl.col("area") == "allowance-inside", pl.col("counted") == "added",
        pl.col("household") == "household_size=4",
    ).row(0, named=True)  # fmt: skip
    assert inside["value"] is None
    assert inside["status"].startswith("suppressed")


def test_wrong_numbers_are_told(norm_release: Release) -> None:
    view = allowance_page(norm_release, {"personer": "null", "inntekt": "-1"}, "nb")
    assert [field.name for field in view.fields if field.problem] == ["personer", "inntekt"]


def test_the_calculator_is_there_without_a_reform(sample_release: Release) -> None:
    view = allowance_page(sample_release, ASKED, "nb")
    assert "4 606 kroner" in plain(view.opening)
    assert any("[housing_allowance]" in words for words in view.lead)
    assert [table.name for table in view.tables] == ["utregning", "satser"]


def test_the_picture_can_be_drawn(norm_release: Release) -> None:
    (picture,) = allowance_page(norm_release, ASKED, "en").pictures
    assert "<svg" in to_svg(picture.spec, "en")
