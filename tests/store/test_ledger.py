"""The ledger: only added to, whole or not at all, and every change of it is seen."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nabolag.core import LANGS, UserError
from nabolag.store.ledger import SHOWN, Ledger


def figures(value: float = 0.5) -> pl.DataFrame:
    row = {"level": "kommune", "area": "9901", "indicator": "x", "period": "2024", "group": "",
           "value": value, "numerator": 5.0, "denominator": 10.0,
           "lower": None, "upper": None, "status": "value"}  # fmt: skip
    return pl.DataFrame([row])


def written(folder: Path, count: int = 3) -> Ledger:
    ledger = Ledger(folder)
    for n in range(count):
        ledger.append("release", f"r{n}", f"{n}" * 64, figures(n), {"note": n})
    return ledger


def test_what_left_is_read_back_in_order(tmp_path):
    ledger = written(tmp_path)
    entries = ledger.entries()
    assert [entry.id for entry in entries] == ["r0", "r1", "r2"]
    assert ledger.shown(entries[1])["value"].to_list() == [1.0]
    assert tuple(ledger.shown(entries[0]).columns) == SHOWN
    assert ledger.has("1" * 64)
    assert not ledger.has("9" * 64)
    assert ledger.verify() == []


@pytest.mark.parametrize("line", [0, 1, 2])
@pytest.mark.parametrize("key", ["id", "content", "at", "kind", "number", "figures"])
def test_a_changed_line_is_seen(tmp_path, line, key):
    ledger = written(tmp_path)
    lines = ledger.path.read_text().splitlines()
    entry = json.loads(lines[line])
    entry[key] = 7 if key in ("number", "figures") else "other"
    lines[line] = json.dumps(entry)
    ledger.path.write_text("\n".join(lines) + "\n")
    assert "ledger_line_changed" in {finding.code for finding in ledger.verify()}


def test_a_line_left_out_moved_or_sealed_anew_is_seen(tmp_path):
    ledger = written(tmp_path)
    lines = ledger.path.read_text().splitlines()
    for changed in (lines[1:], [lines[0], lines[2]], [lines[1], lines[0], lines[2]]):
        ledger.path.write_text("\n".join(changed) + "\n")
        assert "ledger_chain_broken" in {finding.code for finding in ledger.verify()}
    anew = json.loads(lines[1])
    anew["id"] = "other"
    from nabolag.store.ledger import Entry

    sealed = Entry(**anew).seal()
    lines[1] = json.dumps({**anew, "hash": sealed})
    ledger.path.write_text("\n".join(lines) + "\n")
    assert [finding.code for finding in ledger.verify()] == ["ledger_chain_broken"]


def test_a_line_that_was_never_finished_is_no_entry(tmp_path):
    ledger = written(tmp_path)
    whole = ledger.path.read_bytes()
    ledger.path.write_bytes(whole + b'{"number": 4, "at"')
    assert len(ledger.entries()) == 3
    ledger.append("file", "next", "a" * 64)
    assert [entry.number for entry in ledger.entries()] == [1, 2, 3, 4]
    assert ledger.path.read_bytes().startswith(whole)
    assert ledger.verify() == []


def test_a_writer_killed_in_the_middle_leaves_a_whole_ledger(tmp_path):
    ledger = written(tmp_path, 1)
    code = f"""
import os, signal
from pathlib import Path
from nabolag.store import ledger as module
write = module.Ledger._write
module.Ledger._write = lambda self, entry: os.kill(os.getpid(), signal.SIGKILL)
module.Ledger(Path({str(tmp_path)!r})).append("file", "killed", "b" * 64)
"""
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == -9
    assert len(ledger.entries()) == 1
    ledger.append("file", "after", "c" * 64)
    assert ledger.verify() == []


def test_figures_that_are_gone_and_lines_that_cannot_be_read_are_told(tmp_path):
    ledger = written(tmp_path)
    next(tmp_path.glob("00002.parquet")).unlink()
    assert [finding.code for finding in ledger.verify()] == ["ledger_figures_absent"]
    with pytest.raises(UserError) as absent:
        ledger.shown(ledger.entries()[1])
    assert all(absent.value.findings[0].text(lang) for lang in LANGS)
    ledger.path.write_text("not json\n")
    with pytest.raises(UserError) as wrong:
        ledger.entries()
    assert wrong.value.findings[0].place.row == 1


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=5)), max_size=5))
def test_any_name_and_note_is_kept(tmp_path_factory, given_entries):
    ledger = Ledger(tmp_path_factory.mktemp("ledger"))
    for name, note in given_entries:
        ledger.append("elsewhere", name, "d" * 64, None, {"note": note})
    assert [(e.id, e.about["note"]) for e in ledger.entries()] == given_entries
    assert ledger.verify() == []
