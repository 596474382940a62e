"""`nabolag grants`, `nabolag reach` and `nabolag need-index`: tables in, words out."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Call


def test_the_ledger_and_its_sums(nabolag: Call, tmp_path: Path) -> None:
    done = nabolag("grants", "ledger", "--by", "ministry", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert sum(row["kroner"] for row in json.loads(done.stdout)) == 221_564_000
    assert nabolag("grants", "ledger", "--by", "moon").returncode == 2
    path = tmp_path / "egne.csv"
    path.write_text("place;ministry;year;kroner\nA;K;2024;12,5\n", encoding="utf-8")
    wrong = nabolag("grants", "ledger", path)
    assert "row 2, column «kroner»" in wrong.stderr
    assert "L3969-L3971" in nabolag("grants", "other").stdout


def test_whether_money_reaches_need(nabolag: Call, tmp_path: Path) -> None:
    path = tmp_path / "penger.csv"
    head = "area;people;need;money;need_status\n"
    path.write_text(
        head + "a;100;0,3;900;\nb;100;0,2;500;\nc;100;;400;suppressed_primary\n", "utf-8"
    )
    done = nabolag("reach", path, "--top", 0.34, "--draws", 100, "--format", "json")
    assert done.returncode == 0, done.stderr
    share = next(row for row in json.loads(done.stdout) if row["score"] == "share")
    assert share["value"] is None
    assert 0.2 < share["lower"] < share["upper"] < 0.6
    assert "hidden or missing for one area" in done.stderr
    path.write_text(head + "a;100;mye;900;\nb;100;0,2;500;skjult\n", "utf-8")
    wrong = nabolag("reach", path)
    assert wrong.returncode == 2
    assert "row 2, column «need»" in wrong.stderr
    assert "row 3, column «need_status»" in wrong.stderr


def test_expenditure_need(nabolag: Call, tmp_path: Path) -> None:
    weights, table = tmp_path / "vekter.json", tmp_path / "sektorer.csv"
    weights.write_text(json.dumps({"sectors": {"skole": 0.6, "helse": 0.4}}), "utf-8")
    table.write_text("area;sector;index\n1;skole;1,1\n1;helse;1\n2;skole;1\n", "utf-8")
    done = nabolag("need-index", table, weights, "--format", "json")
    assert done.returncode == 0, done.stderr
    rows = {row["area"]: row for row in json.loads(done.stdout)}
    assert abs(rows["1"]["index"] - 1.06) < 1e-9
    assert (rows["2"]["index"], rows["2"]["absent"]) == (None, "helse")
    weights.write_text(json.dumps({"sectors": {"skole": 0.5, "helse": 0.4}}), "utf-8")
    assert "0.1 is missing" in nabolag("need-index", table, weights).stderr
    weights.write_text("nei", "utf-8")
    assert "JSON" in nabolag("need-index", table, weights).stderr
