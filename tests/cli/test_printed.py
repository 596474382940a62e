"""`nabolag printed` and `nabolag extra-cost`: need no workspace, and end in words."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Call


def test_tables_are_listed_and_found(nabolag: Call) -> None:
    done = nabolag("printed", "list", "--find", "barnevern", lang="nb")
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["16", "17"]


def test_a_table_is_printed_beside_corrected(nabolag: Call) -> None:
    done = nabolag("printed", "show", "20", "--changed", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)) == 23


def test_the_check_says_why(nabolag: Call) -> None:
    assert "10 000" in nabolag("printed", "marks", "17", lang="nb").stdout.replace("\xa0", " ")
    assert "E12" in nabolag("printed", "errata").stdout


def test_ones_own_table_is_checked(nabolag: Call, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    head = "table;model;term;coefficient;error;observations\n"
    path.write_text(head + "X;1;a;420,0***;(3591);60\nX;2;a;157,0***;(5845);60\n", "utf-8")
    done = nabolag("printed", "check", path)
    assert done.returncode == 1
    assert "58.45" in done.stdout
    assert "divided by 100" in done.stderr
    path.write_text(head + "X;1;a;4,0***;(1,0);600\n", "utf-8")
    assert nabolag("printed", "check", path).returncode == 0
    path.write_text(head + "X;1;a;fire;(1,0);600\n", "utf-8")
    wrong = nabolag("printed", "check", path)
    assert wrong.returncode == 2
    assert "row 2" in wrong.stderr


def test_an_extra_cost_is_said_with_its_interval(nabolag: Call) -> None:
    done = nabolag(
        "extra-cost", "compute", "14.5.share_single_parent", "--population", 38000,
        "--base", "inhabitants",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "NOK +5.95 million" in done.stdout
    assert "Oslo only" in done.stdout


def test_the_base_must_be_said(nabolag: Call) -> None:
    wrong = nabolag("extra-cost", "compute", "14.5.share_single_parent", "--population", 38000)
    assert wrong.returncode == 2
    assert "base inhabitants" in wrong.stderr


def test_ones_own_coefficient_and_the_examples(nabolag: Call) -> None:
    done = nabolag(
        "extra-cost", "own", 120, 30, "--df", 14, "--population", 5000, "--format", "json"
    )
    assert json.loads(done.stdout)[-1]["value"] == 600_000
    examples = nabolag("extra-cost", "examples", "--format", "json")
    assert len({row["example"] for row in json.loads(examples.stdout)}) == 23
    assert nabolag("extra-cost", "choices", "--outcome", "advice_spending").stdout.count("\n") > 5
