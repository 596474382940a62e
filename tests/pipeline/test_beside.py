"""The teacher norm and housing allowance through a build: planted truths, and what is refused."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from nabolag.core import LANGS, UserError
from nabolag.pipeline import build
from nabolag.pipeline.leaving import ledger_of
from nabolag.publish.views.money.allowance import allowance_page
from nabolag.publish.views.money.schemes import schemes_page
from nabolag.store import Release, Workspace
from tests.support.norm_town import AREAS, CONFIG, FEW, write_norm_town

WHOLE, INSIDE, REST = "9901", "allowance-inside", "allowance-rest"


def table(release: Release, name: str) -> pl.DataFrame:
    return release.bundle.frame(name)


def counted(release: Release, indicator: str, group: str = "") -> dict[str, float | None]:
    figures = table(release, "housing_allowance-figures").filter(
        pl.col("indicator") == f"allowance_{indicator}", pl.col("group") == group
    )
    return dict(figures.select("area", "value").rows())


def test_the_norm_is_judged_by_the_year(norm_release: Release) -> None:
    years = table(norm_release, "teacher_norm-years").filter(pl.col("stage") == "1-4")
    by = {row["year"]: row for row in years.iter_rows(named=True)}
    assert by[2017]["maximum"] is None
    assert (by[2018]["maximum"], by[2018]["met"]) == (16, 16)
    # Schools of the last three areas are above fifteen, but for the first of the fourth.
    above = [13 + 0.6 * place + 0.1 * one for place in range(6) for one in range(3)]
    assert by[2020]["met"] == sum(size <= 15 for size in above)
    missing = sum(max(size * 1000 / 15 - 1000, 0) for size in above) / 741
    assert by[2020]["missing_fte"] == pytest.approx(missing)
    assert by[2020]["cost"] == pytest.approx(missing * 700_000)


def test_need_is_the_indicator_around_the_school(norm_release: Release) -> None:
    schools = table(norm_release, "teacher_norm-schools").filter(pl.col("year") == 2020)
    need = dict(schools.select("school", "need").rows())
    assert need["101"] == pytest.approx(20 / 200)
    assert need["151"] == pytest.approx(145 / 200)
    assert norm_release.bundle.document("teacher_norm")["need_period"] == "2020"


def test_the_reform_is_counted_and_the_few_come_out_nowhere(norm_release: Release) -> None:
    """Three come within in Vika: hidden there, and not to be had from the town less the rest."""
    added, new, old = (
        counted(norm_release, name) for name in ("added", "within_new", "within_old")
    )
    assert added[INSIDE] is None
    assert None in (added[WHOLE], added[REST])
    assert None in (new[INSIDE], old[INSIDE])
    shown = added[WHOLE] if added[REST] is None else added[REST]
    assert shown == (FEW + 100 if added[REST] is None else 100)
    assert counted(norm_release, "every_household") == {INSIDE: 200, REST: 1000, WHOLE: 1200}


def test_counts_are_written_in_the_ledger(norm_release: Release) -> None:
    root = norm_release.bundle.path.parents[1]
    ledger = ledger_of(Workspace(root))
    entry = ledger.entries()[-1]
    assert "allowance_every_household" in set(ledger.shown(entry)["indicator"])
    assert "allowance_added" not in set(norm_release.observations["indicator"])


def test_building_twice_shows_the_same(tmp_path: Path) -> None:
    folder = write_norm_town(tmp_path / "town")
    build(folder)
    first = Workspace(folder).release()
    build(folder)
    again = Workspace(folder).release()
    for name in ("housing_allowance-figures", "teacher_norm-schools"):
        assert table(first, name).equals(table(again, name))


def test_a_delivered_table_takes_the_place_of_the_register(tmp_path: Path) -> None:
    lines = ["skole;aar;trinn;elevtimer;timer;elever;krets"]
    lines += [f"{n};2020/2021;1-4;{16000 + 10 * n};1000;100;{AREAS[n % 6]}" for n in range(12)]
    extra = """
[teacher_norm.table]
file = "gsi.csv"
school = "skole"
year = "aar"
stage = "trinn"
pupil_hours = "elevtimer"
teaching_hours = "timer"
pupils = "elever"
area = "krets"
producer = "Udir"
read = { delimiter = ";" }
"""
    config = CONFIG.replace("[housing_allowance]", extra + "\n[housing_allowance]")
    folder = write_norm_town(tmp_path / "town", config)
    (folder / "gsi.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    build(folder)
    release = Workspace(folder).release()
    row = table(release, "teacher_norm-years").row(0, named=True)
    assert (row["schools"], row["met"]) == (12, 0)
    assert release.sources["teacher_hours"].producer == "Udir"
    lines[1] = lines[1].replace(AREAS[0], "99019999")
    (folder / "gsi.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    told = {finding.code: finding for finding in build(folder).findings}
    assert told["norm_area_unknown"].examples == ("0 (99019999)",)
    schools = table(Workspace(folder).release(), "teacher_norm-schools")
    assert schools.filter(pl.col("school") == "0")["need"].to_list() == [None]
    assert schools.height == 12
    (folder / "gsi.csv").write_text("\n".join([*lines, "x;2020;1-4;-5;3;1;1"]), encoding="utf-8")
    with pytest.raises(UserError, match=r"gsi\.csv, row 14, column «elevtimer»"):
        build(folder)


NORM = 'need = "tenant_households"'


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (NORM, 'need = "tenant_household"', "norm_need_unknown"),
        (NORM, 'need = "immigrants"', "norm_need_background"),
        (NORM, 'need = "low_income_households"', "norm_need_without_figures"),
        ('inside = ["99010101"]', 'inside = ["99010109"]', "allowance_area_unknown"),
        ('inside = ["99010101"]', f"inside = {list(AREAS)}", "allowance_no_rest"),
        ('inside_name = "Vika"', 'inside_name = "Vika"\nyear = 1999', "allowance_year_absent"),
        ('"8-10" = 656', '"8-10" = -656', "config_part_wrong"),
        ("cost_per_fte = 700000", "", "config_key_absent"),
    ],
)
def test_what_cannot_be_asked_is_told_in_words(
    tmp_path: Path, old: str, new: str, code: str
) -> None:
    assert old in CONFIG
    folder = write_norm_town(tmp_path / "town", CONFIG.replace(old, new))
    with pytest.raises(UserError) as refused:
        build(folder)
    codes = {finding.code for finding in refused.value.findings}
    assert codes == {code}
    for finding in refused.value.findings:
        assert all("{" not in finding.text(lang) for lang in LANGS)


def test_without_tables_of_ones_own_nothing_is_invented(tmp_path: Path) -> None:
    config = CONFIG + "\n[rules]\nhouse_numbers = false\n"
    folder = write_norm_town(tmp_path / "town", config)
    with pytest.raises(UserError, match="housing allowance are not given"):
        build(folder)


def test_a_budget_finds_the_raise_and_the_page_says_so(tmp_path: Path) -> None:
    config = CONFIG.replace("income_limit_raise = 0.1", "budget = 2000000")
    folder = write_norm_town(tmp_path / "town", config)
    build(folder)
    release = Workspace(folder).release()
    document = release.bundle.document("housing_allowance")
    assert document["budget"] == 2_000_000
    # Those between are at 47 000 kroner, which is 4.45 per cent above the old limit.
    assert document["spec"]["reform"]["income_limit_raise"] >= 0.045
    said = allowance_page(release, {}, "nb").opening.replace("\u00a0", " ")
    assert "2 000 000 kroner mer i året" in said


def test_ones_own_tables_are_used_and_are_called_no_example(tmp_path: Path) -> None:
    folder = write_norm_town(tmp_path / "town", CONFIG + '\n[rules]\nsettings = "regler.yaml"\n')
    (folder / "regler.yaml").write_text(OWN_TABLES, encoding="utf-8")
    build(folder)
    release = Workspace(folder).release()
    # At a limit of 90 000 everybody is within before, and nobody comes.
    assert counted(release, "within_old")[WHOLE] == 1200
    assert counted(release, "added")[WHOLE] == 0
    schemes = schemes_page(release, {"dato": "2020-01-01", "sok": "bostøtte"}, "nb")
    assert any("regler.yaml" in words for words in schemes.sure)
    assert "Forskrift 2026" in {row[5].text for row in schemes.tables[0].rows}
    view = allowance_page(release, {}, "nb")
    assert "eksempel" not in view.opening
    assert "Forskrift 2026" in view.lead[0]


OWN_TABLES = """
housing_allowance:
  - from: 2015-01-01
    paid_percent: 73.7
    capital_free: 5502
    cost_ceilings: [9000]
    income_limits: [90000]
    own_share_from: [0]
    own_share_to: [null]
    own_share_start: [1000]
    own_share_percent: [5]
    reference: Forskrift 2026
"""
