"""Everything that leaves stands in the ledger before anybody can read it."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from nabolag.core import LANGS, UserError
from nabolag.pipeline import build
from nabolag.pipeline.leaving import ledger_of, register_elsewhere
from nabolag.store import Workspace, list_bundles
from tests.support.delivery import write_delivery


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(write_delivery(tmp_path / "town"))


def stricter(workspace: Workspace) -> None:
    config = workspace.root / "nabolag.toml"
    text = config.read_text(encoding="utf-8").replace("numerator = 5", "numerator = 60")
    config.write_text(text, encoding="utf-8")


def test_a_release_is_written_with_what_it_shows(workspace):
    build(workspace.root)
    ledger, release = ledger_of(workspace), Workspace(workspace.root).release()
    (entry,) = ledger.entries()
    assert entry.id == release.id
    assert entry.content == release.bundle.manifest["content_sha256"]
    visible = release.observations.filter(pl.col("status").is_in(["value", "unreliable"]))
    assert ledger.shown(entry).height == visible.height
    assert not ledger.shown(entry)["status"].str.starts_with("suppressed").any()


def test_the_same_release_is_not_written_twice(workspace):
    build(workspace.root)
    build(workspace.root)
    assert len(ledger_of(workspace).entries()) == 1


def test_releases_from_before_the_ledger_are_written_first(workspace):
    build(workspace.root)
    for file in (workspace.root / "ledger").iterdir():
        file.unlink()
    stricter(workspace)
    build(workspace.root)
    ids = [entry.id for entry in ledger_of(workspace).entries()]
    assert sorted(ids) == [bundle.id for bundle in list_bundles(workspace.releases)]
    assert ids[-1] == Workspace(workspace.root).release().id
    assert len(ids) == 2


def test_what_was_shown_cannot_be_hidden_and_that_is_told(workspace):
    build(workspace.root)
    first = Workspace(workspace.root).release().id
    stricter(workspace)
    told = [f for f in build(workspace.root).findings if f.code == "ledger_shown_before"]
    assert [finding.params["id"] for finding in told] == [first]
    assert told[0].count > 0
    assert all(first in told[0].text(lang) for lang in LANGS)


def test_nobody_reads_a_release_that_could_not_be_written(workspace, monkeypatch):
    build(workspace.root)
    before = Workspace(workspace.root).release().id
    stricter(workspace)

    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("nabolag.store.ledger.Ledger._write", full)
    with pytest.raises(OSError, match="no space"):
        build(workspace.root)
    assert Workspace(workspace.root).release().id == before


def test_a_broken_ledger_stops_the_build(workspace):
    build(workspace.root)
    path = ledger_of(workspace).path
    entry = json.loads(path.read_text())
    path.write_text(json.dumps({**entry, "id": "other"}) + "\n")
    stricter(workspace)
    with pytest.raises(UserError) as refused:
        build(workspace.root)
    assert refused.value.findings[0].code == "ledger_line_changed"
    assert len(list_bundles(workspace.releases)) == 1


def test_what_others_published_is_written(workspace, tmp_path):
    file = tmp_path / "rapport.csv"
    file.write_text("level,area,indicator,period,group,value\n"
                    "delbydel,0101,crowded_households,2021,,0.12\n")  # fmt: skip
    entry = register_elsewhere(workspace, file, "Rapport 2021")
    assert (entry.kind, entry.figures) == ("elsewhere", 1)
    assert ledger_of(workspace).shown(entry)["area"].to_list() == ["0101"]


@pytest.mark.parametrize(
    ("text", "code"),
    [("a,b\n1,2\n", "ledger_columns_absent"),
     ("level,area,indicator,period,group,value\nx,y,z,2020,,\n", "ledger_nothing_shown"),
     (None, "ledger_file_absent")],
)  # fmt: skip
def test_files_that_say_nothing_are_refused(workspace, tmp_path, text, code):
    file = tmp_path / "bad.csv"
    if text is not None:
        file.write_text(text)
    with pytest.raises(UserError) as refused:
        register_elsewhere(workspace, file, "bad")
    assert [finding.code for finding in refused.value.findings] == [code]
    assert ledger_of(workspace).entries() == ()
