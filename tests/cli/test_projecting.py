"""`nabolag project`: what leaves, and what stays in the house."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from nabolag.pipeline import build
from tests.cli.conftest import Call
from tests.support.projected import write_projected


@pytest.fixture(scope="module")
def projected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_projected(tmp_path_factory.mktemp("cli-ahead"))
    build(folder)
    return folder


def test_it_prints_the_answer_and_the_tables(nabolag: Call, projected: Path) -> None:
    (row,) = csv.DictReader(nabolag("project", projected).stdout.splitlines())
    assert "innbyggere 1. januar 2023" in row["answer"]
    assert "people" in row["tables"].split(";")
    table = nabolag("project", projected, "framskriving", "--table", "dependency").stdout
    rows = list(csv.DictReader(table.splitlines()))
    assert {row["name"] for row in rows} >= {"Nordby", "Sørby"}


def test_single_ages_are_said_to_stay_in_the_house(nabolag: Call, projected: Path) -> None:
    answer = nabolag("project", projected, "--inside", "ages")
    assert "must stay in the house" in answer.stderr
    rows = list(csv.DictReader(answer.stdout.splitlines()))
    assert {row["age"] for row in rows} == {str(age) for age in range(106)}


def test_an_unknown_projection_or_table_is_told_of(nabolag: Call, projected: Path) -> None:
    unknown = nabolag("project", projected, "nei", "--table", "people")
    assert unknown.returncode == 2
    assert "framskriving" in unknown.stderr
    assert nabolag("project", projected, "--table", "nei").returncode == 2
