"""What is written in an address is read the same on every page about money, or told of."""

from __future__ import annotations

import pytest

from nabolag.publish.views.money.asked import Numbers
from nabolag.publish.views.money.reading import read_number
from nabolag.publish.views.money.words import kroner, short_kroner


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("38 000", 38_000),
        ("38\N{NO-BREAK SPACE}000,5", 38_000.5),
        ("1\N{NARROW NO-BREAK SPACE}000", 1_000),
        ("\N{MINUS SIGN}0.5", -0.5),
        ("tre", None),
        ("nan", None),
        ("1e999", None),
        ("", None),
    ],
)
def test_a_number_is_read_as_people_write_it(text: str, number: float | None) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize("text", ["inf", "nan", "mange"])
def test_what_is_no_number_is_told_and_the_standard_holds(text: str) -> None:
    numbers = Numbers({"top": text}, "nb")
    assert numbers.get("top", 20.0) == 20.0
    assert f"«{text}» er ikke et tall" in numbers.problems["top"]


def test_an_amount_is_written_in_millions_from_one_million() -> None:
    assert short_kroner(999_999, "nb").replace("\N{NO-BREAK SPACE}", " ") == "999 999 kroner"
    assert short_kroner(-1_250_000, "nn") == "\N{MINUS SIGN}1,3 millionar kroner"
    assert kroner(1_250_000, "nb", 2).replace("\N{NO-BREAK SPACE}", " ") == "1 250 000,00 kroner"
