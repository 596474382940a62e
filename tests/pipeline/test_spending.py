"""Spending models from `[[spending]]` to the release, and what stops them."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from nabolag.core import UserError
from nabolag.pipeline import build
from nabolag.pipeline.spending import run_one
from nabolag.store import Workspace
from tests.support.models import MODELS, PLANTED, table_rows, write_models, write_table


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = write_models(tmp_path_factory.mktemp("modeller"))
    build(folder)
    return Workspace(folder)


def test_models_leave_with_the_release_and_their_source(built):
    release = built.release()
    assert list(release.models) == ["aktiviteter", "egen"]
    found = release.models["aktiviteter"]
    low = found.table("coefficients").filter(term="share_low_income", column=1).row(0, named=True)
    assert low["lower"] < PLANTED < low["upper"]
    assert found.table("columns")["clusters"].unique().to_list() == [15]
    assert release.sources["aktiviteter"].file == "bydeler.csv"
    assert "tabell 14" in found.text["nb"]
    assert found.facts["background"]


def test_no_unit_and_no_row_of_the_table_is_in_the_release(built):
    release = built.release()
    names = {row["Bydel"] for row in table_rows()}
    for model in release.models.values():
        for name in model.tables:
            frame = model.table(name)
            texts = {v for c in frame.iter_columns() if c.dtype == pl.String for v in c}
            assert not texts & names
    assert not any(name in str(release.bundle.document("models")) for name in names)


def test_four_districts_are_too_few_to_say_how_sure(built):
    found = built.release().models["egen"]
    assert found.table("coefficients")["status"][0] == "too_few_groups"
    assert found.table("coefficients")["p"][0] is None
    assert {f.code for f in built.release().findings} >= {"spending_too_few_groups"}


def test_one_model_can_be_run_without_a_release(built):
    declared, result = run_one(built, "aktiviteter")
    released = built.release().models["aktiviteter"].table("coefficients")
    assert declared.id == "aktiviteter"
    assert result.coefficients.equals(released)
    with pytest.raises(UserError, match="aktiviteter"):
        run_one(built, "aktivitet")


def test_an_earlier_release_has_no_models(sample_release):
    assert sample_release.models == {}


BROKEN = {
    "spending_model_unknown": ('model = "table-14"', 'model = "table-141"'),
    "spending_variable_unused": ("{ unit =", '{ rogn = "Kroner", unit ='),
    "config_id_repeated": ('id = "egen"', 'id = "aktiviteter"'),
    "config_part_wrong": ('model = "table-14"', 'model = "table-14"\ncolumns = [9]'),
    "spending_column_absent": ('unit = "Bydel", year', 'unit = "Bydl", year'),
}


@pytest.mark.parametrize("code", BROKEN)
def test_a_mistake_in_the_declaration_is_named_and_nothing_is_released(tmp_path, code):
    old, new = BROKEN[code]
    assert old in MODELS
    folder = write_models(tmp_path, MODELS.replace(old, new, 1))
    with pytest.raises(UserError) as wrong:
        build(folder)
    assert code in {f.code for f in wrong.value.findings}
    assert not list((folder / "releases").glob("*")) if (folder / "releases").exists() else True


def _rebuilt(folder: Path, change) -> UserError:
    rows = table_rows()
    change(rows)
    made = write_models(folder)
    write_table(made / "bydeler.csv", rows)
    with pytest.raises(UserError) as wrong:
        build(made)
    return wrong.value


def test_a_number_that_is_none_is_named_with_file_row_and_column(tmp_path):
    def change(rows):
        rows[3]["Lavinntekt"] = "12,4,1"

    text = str(_rebuilt(tmp_path, change))
    assert "bydeler.csv, row 5, column «Lavinntekt»" in text
    assert "12,4,1" in text


def test_fractions_for_per_cent_are_refused(tmp_path):
    def change(rows):
        for row in rows:
            row["Lavinntekt"] = str(float(row["Lavinntekt"].replace(",", ".")) / 100)

    finding = _rebuilt(tmp_path, change).findings[0]
    assert finding.code == "spending_fraction_given"
    assert finding.place.file == "bydeler.csv"


def test_a_unit_twice_in_a_year_is_named(tmp_path):
    def change(rows):
        rows.append(dict(rows[0]))

    finding = _rebuilt(tmp_path, change).findings[0]
    assert finding.code == "spending_unit_twice"
    assert "B00" in finding.text("nb")


def test_every_word_of_a_refused_specification_is_in_norwegian(tmp_path):
    folder = write_models(tmp_path, MODELS.replace('model = "table-14"\n', "", 1))
    with pytest.raises(UserError) as wrong:
        build(folder)
    assert "skriv enten model eller column" in wrong.value.findings[0].text("nb")


def test_a_model_units_could_be_read_out_of_stays_inside_and_the_rest_leaves(tmp_path):
    few = MODELS.replace('where = { "Del" = ["øst"] }', 'where = { "unit" = ["B00", "B01"] }')
    folder = write_models(tmp_path, few)
    summary = build(folder)
    told = {f.code: f for f in summary.findings}
    assert told["spending_too_few_rows"].severity == "warning"
    assert "spending[egen]" in told["spending_too_few_rows"].text("nb") or "bydeler.csv" in (
        told["spending_too_few_rows"].text("nb")
    )
    assert list(Workspace(folder).release().models) == ["aktiviteter"]
