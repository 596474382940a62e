"""The commands norm, allowance and schemes: words, tables, data, and what is refused."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from nabolag.store import Release
from tests.cli.conftest import Call


def folder_of(release: Release) -> Path:
    return release.bundle.path.parents[1]


def test_norm_says_the_answer_and_prints_tables(nabolag: Call, norm_release: Release) -> None:
    folder = folder_of(norm_release)
    said = nabolag("norm", folder, "--lang", "nb")
    assert said.returncode == 0, said.stderr
    assert "lærernormen" in said.stdout
    done = nabolag("norm", folder, "--table", "norm", "--strength", "20")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len(rows) == 36
    assert {"school", "ceiling", "fte_new"} <= set(rows[0])


def test_norm_refuses_what_it_cannot_use(nabolag: Call, norm_release: Release) -> None:
    folder = folder_of(norm_release)
    for options in (("--stage", "1-10"), ("--strength", "900"), ("--table", "nei")):
        done = nabolag("norm", folder, *options)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr


def test_allowance_computes_one_household(nabolag: Call, norm_release: Release) -> None:
    options = ("--persons", "4", "--income", "25000", "--cost", "12000", "--table", "utregning")
    done = nabolag("allowance", folder_of(norm_release), *options)
    row = next(csv.DictReader(io.StringIO(done.stdout)))
    assert float(row["paid"]) == 4606.25
    assert nabolag("allowance", folder_of(norm_release), "--persons", "0").returncode == 2


def test_schemes_on_a_date_as_data(nabolag: Call) -> None:
    done = nabolag("schemes", "--on", "2023-06-30", "--json")
    told = json.loads(done.stdout)
    by = {one["scheme"]: one for one in told["schemes"]}
    assert by["youth_guarantee"]["standing"] == "not_yet"
    assert by["housing_allowance"]["status"] == "example"
    assert told["changes"][0]["date"] == "2023-07-01"


def test_schemes_in_words_and_what_is_refused(nabolag: Call) -> None:
    done = nabolag("schemes", "--on", "2023-08-11", "--status", "announced", "--lang", "nn")
    assert "varsla" in done.stdout
    assert nabolag("schemes", "--on", "i fjor").returncode == 2
    assert nabolag("schemes", "--status", "sikkert").returncode == 2
