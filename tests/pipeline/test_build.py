"""The thread from delivered files to a release."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from nabolag.core import Severity, UserError
from nabolag.pipeline import build, check_deliveries, import_deliveries
from nabolag.store import Release, Workspace
from tests.support.delivery import CODES, HEAVY, write_delivery


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_delivery(tmp_path_factory.mktemp("built"))
    build(folder)
    return folder


@pytest.fixture(scope="module")
def release(built: Path) -> Release:
    return Workspace(built).release()


def fingerprint(folder: Path) -> dict[str, str]:
    files = (p for p in folder.rglob("*") if p.is_file() and p.name != ".lock")
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def one(release: Release, **wanted: str) -> dict[str, object]:
    rows = release.observations.filter(pl.col(name) == value for name, value in wanted.items())
    assert rows.height == 1
    return rows.row(0, named=True)


def test_shares_keep_numerator_and_denominator(release: Release) -> None:
    row = one(release, area="0103", indicator="crowded_households", period="2021")
    assert (row["numerator"], row["denominator"]) == (152.0, 1200.0)
    assert row["value"] == pytest.approx(152 / 1200)
    assert row["status"] == "value"
    assert row["source"] == "levekar"


def test_parents_are_summed_from_numerators_and_denominators(release: Release) -> None:
    row = one(release, area="990101", indicator="tenant_households", period="2021")
    assert row["denominator"] == 6 * 1200
    assert row["numerator"] == 90 * 5 + 90 * 5 + sum(range(6))
    town = one(release, level="kommune", indicator="tenant_households", period="2020")
    assert town["denominator"] == 12 * 1200


def test_small_numbers_are_hidden_and_say_why(release: Release) -> None:
    row = one(release, area="0101", indicator="low_income_households", period="2021")
    assert row["status"] == "suppressed_primary"
    assert row["value"] is None
    assert row["numerator"] is None
    assert row["denominator"] is None
    assert "numerator" in str(row["reason"])


def test_what_the_producer_hid_or_left_out_stays_so(release: Release) -> None:
    hidden = one(release, area="0205", indicator="single_parent_households", period="2020")
    assert hidden["status"] == "suppressed_primary"
    assert hidden["mark"] == ":"
    missing = one(release, area="0206", indicator="crowded_households", period="2021")
    assert missing["status"] == "missing"


def test_a_total_of_a_missing_part_is_missing(release: Release) -> None:
    row = one(release, area="990102", indicator="crowded_households", period="2021")
    assert row["value"] is None
    assert row["status"] == "missing"


def test_planted_areas_are_found_with_every_reason(release: Release) -> None:
    classes = release.accumulation.filter(pl.col("period") == "2021")
    found = dict(classes.select("area", "class").iter_rows())
    assert {area for area, cls in found.items() if cls == "4+"} == set(HEAVY)
    reasons = classes.filter(pl.col("area") == HEAVY[0]).row(0, named=True)
    assert set(reasons["reasons"].split(";")) == {
        "low_income_households",
        "crowded_households",
        "tenant_households",
        "single_parent_households",
    }
    assert reasons["years"] == 2


def test_nobody_is_lost(release: Release) -> None:
    assert set(release.observations.filter(level="delbydel")["area"]) == set(CODES)
    assert set(release.accumulation["area"]) == set(CODES)
    assert release.shapes.height == len(CODES)


def test_a_release_says_where_everything_comes_from(release: Release, built: Path) -> None:
    source = release.sources["levekar"]
    assert source.file == "levekår.csv"
    assert source.sha256 == hashlib.sha256((built / "levekår.csv").read_bytes()).hexdigest()
    assert release.about["municipality"] == {"level": "kommune", "code": "9901"}
    assert release.about["main_period"] == "2021"
    assert release.about["disclosure"]["audit"]["exact"] == 0
    assert release.about["background_groups"] == ["country_group", "immigration_category"]
    assert str(built) not in (release.bundle.path / "about.json").read_text()
    kept = sorted(p.name[13:] for p in (built / "raw").iterdir())
    assert kept == [
        "grenser.geojson", "grenser.geojson.origin.json", "levekår.csv", "levekår.csv.origin.json",
    ]  # fmt: skip


def test_left_out_rows_are_reported(built: Path) -> None:
    report = check_deliveries(Workspace(built))
    table = next(d for d in report.deliveries if d.id == "levekar")
    assert table.rows == 26
    assert [(why.nb, rows) for why, rows in table.left_out] == [("sumrader", 2)]
    assert dict(table.statuses)["missing"] == 1
    assert report.errors == ()
    assert "sumrader: 2" in report.text("nb")
    assert "rows left out" in report.text("en")


def test_a_check_keeps_nothing(tmp_path: Path) -> None:
    folder = write_delivery(tmp_path)
    before = fingerprint(folder)
    check_deliveries(Workspace(folder))
    assert fingerprint(folder) == before


def test_an_import_keeps_a_snapshot_and_publishes_nothing(tmp_path: Path) -> None:
    folder = write_delivery(tmp_path)
    snapshot = import_deliveries(Workspace(folder))
    assert snapshot.verify() == []
    assert snapshot.frame("cells_levekar").height > 0
    with pytest.raises(UserError, match="nabolag build"):
        Workspace(folder).release()


def test_the_same_files_give_the_same_release(tmp_path: Path) -> None:
    one_, two = write_delivery(tmp_path / "a"), write_delivery(tmp_path / "b")
    build(one_)
    build(two)
    first, second = Workspace(one_).release(), Workspace(two).release()
    assert first.bundle.manifest["content_sha256"] == second.bundle.manifest["content_sha256"]


def spoil_table(folder: Path, old: str, new: str) -> None:
    path = folder / "levekår.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def wrong_delimiter(folder: Path) -> None:
    path = folder / "levekår.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(";", ","), encoding="utf-8")


def latin(folder: Path) -> None:
    path = folder / "levekår.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1"))


def crossing(folder: Path) -> None:
    path = folder / "grenser.geojson"
    path.write_text(path.read_text(encoding="utf-8")[:-40], encoding="utf-8")


SPOILED = {
    "wrong delimiter": (wrong_delimiter, r"levekår\.csv"),
    "latin-1 read as UTF-8": (latin, r"levekår\.csv.*"),
    "letters in numbers": (
        lambda f: spoil_table(f, "0102;2020;41", "0102;2020;4l"),
        r"levekår\.csv, row 3, column «Lavinntekt».*4l",
    ),
    "missing column": (lambda f: spoil_table(f, "Bor trangt", "Bor rommelig"), "Bor trangt"),
    "duplicate keys": (lambda f: spoil_table(f, "0102;2020", "0101;2020"), "0101"),
    "unknown code": (lambda f: spoil_table(f, "0102;2020", "0999;2020"), "0999"),
    "truncated borders": (crossing, r"grenser\.geojson"),
    "unknown key": (
        lambda f: (f / "nabolag.toml").write_text("[worksapce]\nname = 'x'\n"),
        "worksapce",
    ),
}


@pytest.mark.parametrize("kind", SPOILED)
def test_a_wrong_file_gets_a_message_and_changes_nothing(tmp_path: Path, kind: str) -> None:
    folder = write_delivery(tmp_path)
    build(folder)
    spoil, expected = SPOILED[kind]
    spoil(folder)
    before = fingerprint(folder)
    with pytest.raises(UserError, match=expected) as raised:
        build(folder)
    assert fingerprint(folder) == before
    for finding in raised.value.findings:
        for lang in ("nb", "nn", "en"):
            assert finding.part("do", lang), f"{finding.code} does not say what to do"


def test_a_self_crossing_polygon_is_mended_and_told(tmp_path: Path) -> None:
    folder = write_delivery(tmp_path)
    path = folder / "grenser.geojson"
    text = path.read_text()
    square = "[10.7, 59.9], [10.719999999999999, 59.9], [10.719999999999999, 59.91], [10.7, 59.91]"
    assert square in text
    bow = "[10.7, 59.9], [10.719999999999999, 59.91], [10.719999999999999, 59.9], [10.7, 59.91]"
    path.write_text(text.replace(square, bow))
    summary = build(folder)
    told = [f for f in summary.findings if "0101" in f.text("nb") and f.place.file == path.name]
    assert told
    assert all(f.severity is not Severity.ERROR for f in told)


KILL = "import sys; from nabolag.pipeline import build; print('go', flush=True); build(sys.argv[1])"


@pytest.mark.parametrize("after", [0.05, 0.3, 0.6, 0.9])
def test_a_build_killed_half_way_leaves_the_previous_release(tmp_path: Path, after: float) -> None:
    folder = write_delivery(tmp_path)
    build(folder)
    before = Workspace(folder).release()
    spoil_table(folder, "0102;2020;41", "0102;2020;77")
    process = subprocess.Popen(
        [sys.executable, "-c", KILL, str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "go"
    time.sleep(after)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    after_kill = Workspace(folder).release()
    assert after_kill.bundle.verify() == []
    snapshot = Workspace(folder).snapshot()
    assert snapshot is not None
    assert snapshot.verify() == []
    assert Release(before.bundle).bundle.verify() == []
    build(folder)
    assert (
        one(
            Workspace(folder).release(),
            area="0102",
            indicator="low_income_households",
            period="2020",
        )["numerator"]
        == 77
    )
