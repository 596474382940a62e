"""Lists of grants from the delivered file to the release, the pages and the command line."""

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
from nabolag.pipeline.granting import grants_inside
from nabolag.publish.views.money.grants import grants_page
from nabolag.publish.views.money.reach import reach_page
from nabolag.store import Release, Workspace
from nabolag.web import releases
from tests.cli.conftest import Call, nabolag  # noqa: F401 - the fixture, found by name
from tests.support.granted import DECLARED, ROWS, write_granted

PAGE = "/nb/penger/statlige-tilskudd/"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = write_granted(tmp_path_factory.mktemp("granted"))
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


def shown_on(reader: Client, query: str = "") -> str:
    answer = reader.get(f"{PAGE}{query}")
    assert answer.status_code == 200
    return answer.content.decode().replace("\xa0", " ")


def test_every_krone_in_is_a_krone_out(folder: Path, release: Release) -> None:
    one = release.reckoned["tilskudd"]
    lines = grants_inside(Workspace(folder)).lines
    table = one.table("amounts")
    assert round(table["amount"].sum() * 100) == lines["amount"].sum() == 44_800_875
    assert one.facts["sum"] == 448_008.75
    assert one.facts["placed"] == 447_005.50
    unplaced = table.filter(pl.col("area") == "")
    assert sorted(unplaced["amount"]) == [3.0, 1000.25]
    whole = table.filter(pl.col("level") == "kommune")
    assert whole.select("area", "amount").rows() == [("9901", 7000.0)]


def test_what_the_state_covers_is_held_against_the_accounts(release: Release) -> None:
    rows = {
        (r["area"], r["year"]): r for r in release.reckoned["tilskudd"].table("covered").to_dicts()
    }
    one = rows["99010001", 2023]
    assert (one["state"], one["municipal"], one["spending"]) == (50_000, 150_000, 900_000)
    assert one["of_initiative"] == pytest.approx(0.25)
    assert one["of_spending"] == pytest.approx(50 / 900)
    unread = rows["99010000", 2023]
    assert unread["state"] is None
    assert unread["status"] == "missing"
    unbooked = rows["99010001", 2022]
    assert (unbooked["spending"], unbooked["of_spending"]) == (None, None)


def test_only_where_wrong_lines_stand_leaves(folder: Path, release: Release) -> None:
    problems = release.reckoned["tilskudd"].table("problems")
    assert problems.columns == ["file", "row", "column", "problem", "year"]
    assert problems.select("row", "column", "problem").rows() == [
        (7, "krets", "area"),
        (8, "kroner", "amount"),
        (9, "aar", "year"),
        (10, "krets", "area"),
    ]
    codes = {f.code for f in check_deliveries(Workspace(folder)).findings}
    assert {"grants_line_area", "grants_line_amount", "grants_line_year"} <= codes


def test_amounts_of_few_persons_are_hidden_and_so_is_every_sum_they_are_in(
    release: Release,
) -> None:
    one = release.reckoned["stotte"]
    rows = {r["area"]: (r["amount"], r["status"]) for r in one.table("amounts").to_dicts()}
    assert rows == {
        "99010000": (900_000.0, "value"),
        "99010001": (None, "suppressed_primary"),
        "99010002": (None, "suppressed_rule"),
    }
    assert one.facts["sum"] is None
    assert one.facts["shown"] == 900_000
    held = one.table("covered").filter(pl.col("area") == "99010001")
    assert held["state"].to_list() == [None]
    for lang in ("nb", "nn", "en"):
        view = grants_page(release, {"liste": "stotte"}, lang)
        everything = [
            view.opening,
            *view.lead,
            *(c.text for t in view.tables for r in t.rows for c in r),
        ]
        said = " ".join(everything).replace("\xa0", " ").replace(",", " ")
        assert "70 000" not in said
        assert "1 000 000" not in said


def test_a_list_may_count(release: Release) -> None:
    one = release.reckoned["anlegg"]
    assert one.table("amounts")["amount"].sum() == 3
    assert one.facts["sum"] == 3
    assert "Flest hadde 3 steder: 1" in grants_page(release, {"liste": "anlegg"}, "nb").opening


@pytest.mark.parametrize("chosen", ["tilskudd", "stotte", "anlegg", "dokument"])
@pytest.mark.parametrize("lang", ["nb", "nn", "en"])
def test_the_page_is_in_three_languages(release: Release, chosen: str, lang: Any) -> None:
    view = grants_page(release, {"liste": chosen}, lang)
    assert "{" not in " ".join([view.opening, *view.lead, *view.sure, view.rule])
    assert view.fields[0].name == "liste"


def test_the_page_opens_with_the_workspaces_own(reader: Client) -> None:
    shown = shown_on(reader)
    assert "var tilskuddene" in shown
    assert "Sum inn er lik sum ut: 448 008,75 kr" in shown
    assert "ukjent sted" in shown
    assert "Egenandel" in shown
    assert "221 564 000" in shown_on(reader, "?liste=dokument")
    for table in ("amounts", "covered", "problems"):
        for form in ("csv", "xlsx", "json"):
            assert reader.get(f"{PAGE}tabell/{table}.{form}").status_code == 200


def test_the_command_line_prints_what_left_and_what_is_inside(nabolag: Call, folder: Path) -> None:  # noqa: F811
    rows = list(csv.DictReader(nabolag("grants", "list", folder).stdout.splitlines()))
    assert sum(float(row["amount"] or 0) for row in rows) == pytest.approx(448_008.75)
    hidden = nabolag("grants", "list", folder, "stotte").stdout
    assert "70000" not in hidden
    lines = nabolag("grants", "list", folder, "--inside", "lines")
    assert len(list(csv.DictReader(lines.stdout.splitlines()))) == 9
    assert "12 O00" in lines.stderr
    assert nabolag("grants", "list", folder, "nei").returncode == 2
    assert nabolag("grants", "list", folder, "--table", "nei").returncode == 2


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ('amount = "kroner"\nmunicipal', 'amount = "sum"\nmunicipal', "grants_column_absent"),
        ('file = "tilskudd.csv"', 'file = "borte.csv"', "delivered_file_absent"),
        ('published = "Tilsagnsbrevene er offentlige"\n', "", "config_part_wrong"),
        (', municipality = "9901" }', " }", "config_part_wrong"),
        ('persons = "personer"', 'users = "ingen"', "grants_users_unknown"),
        ('unit = "anlegg"\n', 'unit = "anlegg"\naccounts = "x"\nusers = "population"\n', "config_part_wrong"),
        ('conditions = "vilkår"', 'conditions = "vilkår"\naccounts = "borte"', "accounts_unknown"),
    ],
)  # fmt: skip
def test_a_wrong_declaration_is_told_of(tmp_path: Path, before: str, after: str, code: str) -> None:
    assert before in DECLARED
    made = write_granted(tmp_path, ROWS, DECLARED.replace(before, after, 1))
    with pytest.raises(UserError) as told:
        build(made)
    assert code in [finding.code for finding in told.value.findings]


def test_lines_delivered_twice_are_counted_and_told_of(tmp_path: Path) -> None:
    twice = ROWS + "2022;99010001;KDD;Områdesatsing;;40 000;\n"
    made = write_granted(tmp_path, twice)
    report = check_deliveries(Workspace(made))
    told = [f for f in report.findings if f.code == "grants_line_twice"]
    assert [f.count for f in told] == [2]
    assert grants_inside(Workspace(made)).lines["amount"].sum() == 48_700_050


def test_money_can_be_a_list_against_need(release: Release) -> None:
    view = reach_page(release, {"money": "list:anlegg"}, "nb")
    assert "Nærmiljøanlegg (anlegg)" in view.opening
    choices = [choice.value for choice in view.fields[0].choices]
    assert choices[-4:] == ["list:tilskudd", "list:stotte", "list:anlegg", "own"]
    money = {row[0].text: row[4].sort for row in view.tables[1].rows}
    assert sum(amount for amount in money.values() if isinstance(amount, float)) == pytest.approx(3)
    assert "anlegg" in [source.source for source in view.sources]


def test_hidden_amounts_and_hidden_need_give_bounds(release: Release) -> None:
    view = reach_page(release, {"money": "list:stotte"}, "nb")
    assert "Beløp i listen som er skjulte" in " ".join(view.notices)
    share = view.tables[0].rows[0]
    assert share[1].sort is None
    assert isinstance(share[2].sort, float)
    assert isinstance(share[3].sort, float)
    assert share[2].sort < share[3].sort


def test_what_a_list_has_elsewhere_is_told_of(release: Release) -> None:
    view = reach_page(release, {"money": "list:tilskudd"}, "nb")
    told = " ".join(view.notices).replace("\xa0", " ")
    assert "er ikke med: 8 003,25" in told
