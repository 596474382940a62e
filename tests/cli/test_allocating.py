"""`nabolag allocate`: what can be shared, sharing it, and the question turned round."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.cli.conftest import Call
from tests.support.formulas import Book
from tests.support.shared_schools import write_shared_schools


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose ten schools share ten million."""
    return write_shared_schools(tmp_path_factory.mktemp("cli-shared")).root


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_what_can_be_shared_and_the_described_models(nabolag: Call, shared: Path) -> None:
    listed = rows(nabolag("allocate", "list", shared).stdout)
    assert [one["id"] for one in listed] == ["skoler", "b11"]
    models = {one["id"]: one for one in rows(nabolag("allocate", "models", lang="nn").stdout)}
    assert "L4114" in models["trondheim-skole"]["reference"]
    assert models["trondheim-skole"]["background"] == "true"


def test_sharing_with_weights_and_a_workbook(nabolag: Call, shared: Path, tmp_path: Path) -> None:
    book = tmp_path / "bok.xlsx"
    told = nabolag("allocate", "share", shared, "--pupils", "40", "--weight", "low_income=70",
                   "--weight", "crowded=30", "--workbook", book, "--lang", "en")  # fmt: skip
    assert told.returncode == 0, told.stderr
    kroner = [int(one["kroner"]) for one in rows(told.stdout)]
    assert sum(kroner) == 10_000_000
    assert "NOK 10,000,000 in all" in told.stderr
    read = Book(book.read_bytes())
    letter, row = read.find("Amount (NOK)")
    assert read.column(letter, row + 1, row + 10) == kroner


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--weight", "low_income=50", "--weight", "crowded=40"], "add up to 90"),
        (["--weight", "noise=100"], "Delivered are"),
        (["--budget", "mye"], "not a number"),
        (["--rule", "loddtrekning"], "not a choice"),
        (["--weight", "low_income"], "name=value"),
        (["--model", "trondheim-skole"], "non_western_background"),
    ],
)
def test_what_is_wrong_says_what_to_change(
    nabolag: Call, shared: Path, options: list[str], words: str
) -> None:
    told = nabolag("allocate", "share", shared, *options)
    assert told.returncode == 2
    assert words in told.stderr
    assert told.stdout == ""


def test_weights_that_give_a_school_more_and_the_impossible(nabolag: Call, shared: Path) -> None:
    made = {
        one["unit"]: int(one["kroner"]) for one in rows(nabolag("allocate", "share", shared).stdout)
    }
    wish = f"2={int(made['2'] * 1.04)}"
    answer = rows(nabolag("allocate", "weights", shared, "--at-least", wish).stdout)
    assert sum(float(one["after"]) for one in answer) == pytest.approx(1)
    refused = nabolag("allocate", "weights", shared, "--at-least", "2=9999999", lang="nb")
    assert refused.returncode == 1
    assert "Berg kan høyst få" in refused.stderr


def test_years_and_uncertain_coefficients(nabolag: Call, shared: Path) -> None:
    years = rows(nabolag("allocate", "share", shared, "--years", "3").stdout)
    for year in ("1", "2", "3"):
        assert sum(int(one["kroner"]) for one in years if one["year"] == year) == 10_000_000
    told = nabolag("allocate", "uncertain", shared, "--coefficient", "low_income=900:300",
                   "--coefficient", "crowded=400:300")  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert all(
        int(one["low"]) <= int(one["chosen"]) <= int(one["high"]) for one in rows(told.stdout)
    )
    assert "below 0" in told.stderr


def test_b11_is_printed_beside_computed(nabolag: Call) -> None:
    told = nabolag("allocate", "b11", lang="nb")
    assert "204 av 204" in told.stderr
    table = rows(told.stdout)
    assert all(one["alloc_25_75"] == one["computed_alloc_25_75"] for one in table)
