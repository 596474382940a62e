"""A ledger from the delivered file to the release, the page and the command line."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.test import Client

from nabolag.core import UserError
from nabolag.pipeline import build, check_deliveries
from nabolag.pipeline.ledgers import ledger_inside
from nabolag.publish.views.money.accounts import accounts_page
from nabolag.store import Release, Workspace
from nabolag.web import releases
from tests.cli.conftest import Call, nabolag  # noqa: F401 - the fixture, found by name
from tests.support.ledger import DECLARED, ROWS, write_ledger

PAGE = "/nb/penger/regnskap/"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = write_ledger(tmp_path_factory.mktemp("ledger"))
    build(made)
    return made


@pytest.fixture(scope="module")
def release(folder: Path) -> Release:
    return Workspace(folder).release()


@pytest.fixture
def reader(folder: Path, settings: Any) -> Iterator[Client]:
    settings.NABOLAG_WORKSPACE = folder
    yield Client()
    releases._opened.clear()


def test_amounts_leave_divided_and_in_fixed_prices(release: Release) -> None:
    table = release.reckoned["regnskap"].table("shares")
    rows = {(r["area"], r["year"], r["service"]): r for r in table.to_dicts()}
    people = release.observations.filter(pl.col("area") == "99010000", pl.col("period") == "2022")[
        "value"
    ][0]
    assert rows["99010000", 2022, "school"]["real_per_inhabitant"] == pytest.approx(
        1_100_000 / people
    )
    assert rows["9901", 2023, "school"]["kroner"] == pytest.approx(2_000_007.50)
    assert rows["9901", 2023, "welfare"]["read"] is False
    assert rows["9901", 2023, ""]["kroner"] == pytest.approx(10.25)


def test_only_where_wrong_lines_stand_leaves_and_the_file_is_kept(
    folder: Path, release: Release
) -> None:
    table = release.reckoned["regnskap"].table("problems")
    assert table.columns == ["file", "row", "column", "problem", "year"]
    assert table.select("row", "problem").rows() == [
        (6, "amount"),
        (7, "service"),
        (8, "area"),
    ]
    inside = ledger_inside(Workspace(folder))
    assert inside.problems["text"].to_list() == ["50O", "10,25"]
    assert inside.lines.height == 7
    assert "regnskap" in release.sources
    assert any(path.name.endswith("regnskap.csv") for path in (folder / "raw").rglob("*"))


def test_import_tells_what_is_wrong_before_anything_is_kept(tmp_path: Path) -> None:
    report = check_deliveries(Workspace(write_ledger(tmp_path)))
    codes = {finding.code for finding in report.findings}
    assert {"accounts_amount", "accounts_service", "accounts_area"} <= codes


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ('amount = "beløp"', 'amount = "sum"', "accounts_column_absent"),
        ('file = "regnskap.csv"', 'file = "borte.csv"', "delivered_file_absent"),
        ('functions = ["202"]', 'functions = ["25*"]', "config_part_wrong"),
        ("base = 2023", "base = 1999", "config_part_wrong"),
    ],
)
def test_a_wrong_declaration_is_told_of(tmp_path: Path, before: str, after: str, code: str) -> None:
    made = write_ledger(tmp_path, ROWS, DECLARED.replace(before, after))
    with pytest.raises(UserError) as told:
        build(made)
    codes = [finding.code for finding in told.value.findings]
    assert codes == [code]


def test_the_page_answers_and_lists_what_is_wrong(reader: Client) -> None:
    shown = reader.get(PAGE).content.decode()
    assert "Nordby brukte" in shown
    assert "kroner per innbygger på grunnskole i 2023" in shown
    assert "Sum inn er lik sum ut" in shown
    assert "beløpet kan ikke leses" in shown
    chosen = reader.get(
        f"{PAGE}?omrade=grunnkrets:99010000&tjeneste=school&ar=2022"
    ).content.decode()
    assert "Krets 0 i 9901 brukte" in chosen
    assert "i 2022" in chosen


def test_a_sum_with_an_unread_line_says_so(reader: Client) -> None:
    shown = reader.get(f"{PAGE}?tjeneste=welfare").content.decode()
    assert "minst én linje kan ikke leses" in shown


@pytest.mark.parametrize("table", ["shares", "problems", "balance"])
def test_tables_are_files(reader: Client, table: str) -> None:
    for form in ("csv", "xlsx", "json"):
        assert reader.get(f"{PAGE}tabell/{table}.{form}").status_code == 200


@pytest.mark.parametrize("lang", ["nb", "nn", "en"])
def test_the_page_is_in_three_languages(release: Release, lang: Any) -> None:
    view = accounts_page(release, {}, lang)
    assert "{" not in " ".join([view.opening, *view.lead, *view.sure, view.rule])
    assert [table.name for table in view.tables] == ["services", "years", "areas", "problems"]


def test_a_release_without_a_ledger_says_how_to_get_one(sample_release: Release) -> None:
    assert "[[accounts]]" in accounts_page(sample_release, {}, "nb").opening


def test_the_command_line_prints_amounts_and_lines(nabolag: Call, folder: Path) -> None:  # noqa: F811
    rows = list(csv.DictReader(nabolag("accounts", folder).stdout.splitlines()))
    assert {row["name"] for row in rows} >= {"Nordby"}
    lines = nabolag("accounts", folder, "--inside", "lines")
    assert len(list(csv.DictReader(lines.stdout.splitlines()))) == 7
    assert "50O" in lines.stderr
    assert nabolag("accounts", folder, "nei").returncode == 2
