"""Expenditure need from the delivered files to the release, the page and the command line."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from nabolag.core import UserError
from nabolag.pipeline import build
from nabolag.publish.views.money.need import need_page
from nabolag.store import Release, Workspace
from tests.cli.conftest import Call, nabolag  # noqa: F401 - the fixture, found by name
from tests.support.projected import write_projected

DECLARED = """
[expenditure_need]
name = { nb = "Behov", nn = "Behov", en = "Need" }
file = "behov.csv"
producer = "Prøvekommune"
read = { delimiter = ";" }
level = "grunnkrets"
area = "krets"
of = "criteria"
values = "count"
people = "folk"
columns = { barn = "barn", eldre = "eldre" }
names = { skole = { nb = "Skole", nn = "Skule", en = "School" } }
year = 2023
standing = "own"
[expenditure_need.weights]
file = "vekter.csv"
read = { delimiter = ";", decimal = "," }
sector = "sektor"
criterion = "kriterium"
weight = "vekt"
standing = "published"
source = { nb = "Grønt hefte 2023", nn = "Grønt hefte 2023", en = "Grønt hefte 2023" }
"""
WEIGHTS = """sektor;kriterium;vekt
skole;;0,6
helse;;0,4
skole;barn;1
helse;barn;0,3
helse;eldre;0,7
"""
ROWS = """krets;folk;barn;eldre
99010000;1000;300;100
99010001;1000;100;100
99010002;500;50;2
99019999;500;50;:
"""


def written(
    folder: Path, rows: str = ROWS, weights: str = WEIGHTS, declared: str = DECLARED
) -> Path:
    made = write_projected(folder, "", declared)
    (made / "behov.csv").write_text(rows, encoding="utf-8")
    (made / "vekter.csv").write_text(weights, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = written(tmp_path_factory.mktemp("need"))
    build(made)
    return made


@pytest.fixture(scope="module")
def release(folder: Path) -> Release:
    return Workspace(folder).release()


def test_indices_by_hand_with_the_few_hidden_and_not_to_be_reckoned_back(release: Release) -> None:
    one = release.reckoned["expenditure_need"]
    criteria = {(r["area"], r["criterion"]): r for r in one.table("criteria").to_dicts()}
    children = 0.3 / (500 / 3000)
    assert criteria["99010000", "barn"]["index"] == pytest.approx(children)
    # The two shown are held against themselves alone: 100 of 1 000 in each.
    assert criteria["99010000", "eldre"]["index"] == pytest.approx(1)
    assert criteria["99010002", "eldre"]["status"] == "suppressed_primary"
    assert criteria["99019999", "eldre"]["status"] == "suppressed_primary"
    totals = {r["area"]: r for r in one.table("totals").to_dicts()}
    expected = 0.6 * children + 0.4 * (0.3 * children + 0.7)
    assert totals["99010000"]["index"] == pytest.approx(expected)
    assert (totals["99010002"]["index"], totals["99010002"]["absent"]) == (None, "helse")
    assert one.facts["standing"] == "own"


def test_what_sectors_mean_sums_to_the_total(release: Release) -> None:
    one = release.reckoned["expenditure_need"]
    known = one.table("totals").filter(pl.col("index").is_not_null())
    sums = one.table("sectors").group_by("area").agg(pl.col("share").sum())
    both = known.join(sums, on="area")
    assert both.height == 2
    assert (both["index"] - 1).to_list() == pytest.approx(both["share"].to_list())


@pytest.mark.parametrize("lang", ["nb", "nn", "en"])
def test_the_page_opens_with_the_workspaces_own(release: Release, lang: Any) -> None:
    view = need_page(release, {"omrade": "99010000"}, lang)
    assert "Krets 0" in view.opening
    assert "{" not in " ".join([view.opening, *view.lead, *view.sure, view.rule])
    assert "Grønt hefte 2023" in " ".join(view.lead)
    hidden = need_page(release, {"omrade": "99010002"}, lang)
    assert hidden.opening != view.opening
    assert [field.name for field in view.fields] == ["grunnlag", "omrade"]
    yours = need_page(release, {"w_pleie": "1"}, lang)
    assert "w_pleie" in [field.name for field in yours.fields]


def test_hidden_is_said_to_be_hidden(release: Release) -> None:
    opening = need_page(release, {"omrade": "99010002"}, "nb").opening
    assert "skjult" in opening


def test_the_command_line_prints_it(nabolag: Call, folder: Path) -> None:  # noqa: F811
    rows = list(csv.DictReader(nabolag("expenditure-need", folder).stdout.splitlines()))
    assert [row["area"] for row in rows][:2] == ["99010000", "99010001"]
    assert nabolag("expenditure-need", folder, "--table", "nei").returncode == 2


@pytest.mark.parametrize(
    ("file", "before", "after", "code", "at"),
    [
        ("behov", "1000;300;", "1000;3OO;", "need_not_number", ("behov.csv", 2, "barn")),
        ("behov", "99010001", "99010000", "need_repeated", ("behov.csv", 3, "krets")),
        ("behov", "folk", "antall", "need_column_absent", ("behov.csv", None, "folk")),
        ("vekter", "skole;;0,6", "skole;;0,5", "need_weights_sum", ("vekter.csv", None, "vekt")),
        ("vekter", "helse;;0,4", "helse;;x", "need_not_number", ("vekter.csv", 3, "vekt")),
        ("vekter", "skole;barn", "skole;unge", "need_columns_weights", ("vekter.csv", None, None)),
    ],
)  # fmt: skip
def test_broken_files_are_told_of_with_row_and_column(
    tmp_path: Path, file: str, before: str, after: str, code: str, at: tuple[Any, ...]
) -> None:
    rows = ROWS.replace(before, after, 1) if file == "behov" else ROWS
    weights = WEIGHTS.replace(before, after, 1) if file == "vekter" else WEIGHTS
    with pytest.raises(UserError) as told:
        build(written(tmp_path, rows, weights))
    first = told.value.findings[0]
    assert first.code == code
    assert (first.place.file, first.place.row, first.place.column or None) == at


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('values = "count"\npeople = "folk"', ""),
        ('people = "folk"\n', ""),
        ('criterion = "kriterium"\n', ""),
        ('file = "behov.csv"', 'file = "/hjem/behov.csv"'),
    ],
)
def test_a_wrong_declaration_is_told_of(tmp_path: Path, before: str, after: str) -> None:
    assert before in DECLARED
    with pytest.raises(UserError) as told:
        build(written(tmp_path, declared=DECLARED.replace(before, after, 1)))
    assert told.value.findings[0].code in {"config_part_wrong", "config_path_absolute"}


@pytest.mark.data
def test_published_indices_of_every_municipality_through_a_workspace(
    data_root: Path, tmp_path: Path
) -> None:
    folder = data_root / "3-expenditure-allocation" / "dki"
    held = json.loads((folder / "dki-2026_tabell-E-k_sektor.json").read_text("utf-8"))
    weights = {k: v for k, v in held["sektorvekter"].items() if not k.startswith("_")}
    lines = [";".join(["kode", "navn", *weights])]
    for code, one in held["kommuner"].items():
        lines.append(";".join([code, one["navn"], *(str(one[name]) for name in weights)]))
    columns = ", ".join(f'{name} = "{name}"' for name in weights)
    declared = f"""
[expenditure_need]
file = "behov.csv"
read = {{ delimiter = ";" }}
area = "kode"
area_name = "navn"
of = "sectors"
columns = {{ {columns} }}
year = 2026
standing = "published"
published = "Kommunal- og distriktsdepartementet, tabell E-k"
[expenditure_need.weights]
file = "vekter.csv"
read = {{ delimiter = ";" }}
sector = "sektor"
weight = "vekt"
standing = "published"
source = "Grønt hefte 2026"
"""
    table = "sektor;vekt\n" + "".join(f"{name};{weight}\n" for name, weight in weights.items())
    made = written(tmp_path, "\n".join(lines) + "\n", table, declared)
    build(made)
    release = Workspace(made).release()
    one = release.reckoned["expenditure_need"]
    totals = dict(one.table("totals").select("area", "index").iter_rows())
    assert len(totals) == 352
    official = {code: one["samlet"] for code, one in held["kommuner"].items()}
    assert max(abs(totals[code] - official[code]) for code in official) < 0.0005
    assert one.facts["standing"] == "published"
    view = need_page(release, {"omrade": "1103"}, "nb")
    assert "Stavanger har i 2026 utgiftsbehov 0,95" in view.opening


def test_a_number_that_alone_is_hidden_has_another_hidden_beside_it(tmp_path: Path) -> None:
    rows = ROWS.replace("500;50;:", "500;50;60")
    made = written(tmp_path, rows)
    build(made)
    table = Workspace(made).release().reckoned["expenditure_need"].table("criteria")
    old = dict(table.filter(pl.col("criterion") == "eldre").select("area", "status").iter_rows())
    assert old == {
        "99010000": "value",
        "99010001": "value",
        "99010002": "suppressed_primary",
        "99019999": "suppressed_secondary",
    }
