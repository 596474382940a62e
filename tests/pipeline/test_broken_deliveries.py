"""Broken deliveries at the level of a workspace: a message, and every byte as it was."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from nabolag.core import LANGS, UserError
from nabolag.pipeline import build
from nabolag.store import Workspace
from tests.pipeline.test_build import fingerprint
from tests.support.delivery import CODES, write_delivery

Spoil = Callable[[Path], None]


def edit(folder: Path, old: str, new: str, name: str = "nabolag.toml") -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def with_workbook(folder: Path) -> Path:
    """Deliver the same table as a workbook, and let the configuration name it."""
    write_delivery(folder)
    lines = (folder / "levekår.csv").read_text(encoding="utf-8").splitlines()
    with xlsxwriter.Workbook(folder / "levekår.xlsx") as book:
        sheet = book.add_worksheet("Tall")
        for at, line in enumerate(lines):
            sheet.write_row(at, 0, line.split(";"))
    edit(folder, "levekår.csv", "levekår.xlsx")
    return folder


def cut(folder: Path) -> None:
    path = folder / "levekår.xlsx"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def beyond_repair(folder: Path) -> None:
    """Let the border of 0101 go to and fro along one line: it crosses itself and holds nothing."""
    path = folder / "grenser.geojson"
    borders = json.loads(path.read_text(encoding="utf-8"))
    line = [[10.70, 59.90], [10.72, 59.91], [10.70, 59.90], [10.72, 59.91], [10.70, 59.90]]
    borders["features"][0]["geometry"]["coordinates"] = [line]
    path.write_text(json.dumps(borders), encoding="utf-8")


def folder_instead(folder: Path) -> None:
    (folder / "levekår.csv").unlink()
    (folder / "levekår.csv").mkdir()


def absolute(folder: Path) -> None:
    edit(folder, '"levekår.csv"', f'"{folder}/levekår.csv"')


SPOILED: dict[str, tuple[Spoil, str]] = {
    "folder in place of a file": (folder_instead, r"levekår\.csv: This is a folder"),
    "absolute path": (absolute, r"source\[levekar\]\.file"),
    "no file named": (
        lambda f: edit(f, 'file = "levekår.csv"', "file = []"),
        "give either file or fetch",
    ),
    "municipality that is not there": (
        lambda f: edit(f, 'code = "9901" }', 'code = "991" }'),
        "municipality is kommune 991",
    ),
    "smart quotes": (
        lambda f: edit(f, '"Prøvekommune"', "“Prøvekommune”"),
        r"nabolag\.toml, row 3: .*straight quotation marks",
    ),
    "empty borders": (lambda f: (f / "grenser.geojson").write_bytes(b""), r"grenser\.geojson"),
    "not filled in": (
        lambda f: edit(f, 'producer = "Prøvekommune"', 'producer = "FYLL INN"'),
        r"geometry\[grenser\]\.producer",
    ),
}


def refused(folder: Path) -> UserError:
    """Build a spoiled workspace: a message that says what to do, and nothing changed."""
    before = fingerprint(folder)
    with pytest.raises(UserError) as raised:
        build(folder)
    assert fingerprint(folder) == before
    assert Workspace(folder).release().bundle.verify() == []
    for finding in raised.value.findings:
        for lang in LANGS:
            assert finding.part("do", lang), f"{finding.code} does not say what to do"
    assert len(set(map(str, raised.value.findings))) == len(raised.value.findings)
    return raised.value


@pytest.mark.parametrize("kind", SPOILED)
def test_a_broken_delivery_gets_a_message_and_changes_nothing(tmp_path: Path, kind: str) -> None:
    folder = write_delivery(tmp_path)
    build(folder)
    spoil, said = SPOILED[kind]
    spoil(folder)
    assert re.search(said, str(refused(folder)))


def test_a_truncated_workbook(tmp_path: Path) -> None:
    folder = with_workbook(tmp_path)
    build(folder)
    cut(folder)
    assert "levekår.xlsx: The workbook cannot be opened" in str(refused(folder))


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_delivery(tmp_path)
    build(folder)
    if os.geteuid() == 0:
        # Whoever runs as root may read everything: answer by the file's own permissions.
        monkeypatch.setattr(os, "access", lambda p, mode: bool(Path(p).stat().st_mode & 0o444))
    for name in ("levekår.csv", "grenser.geojson"):
        before = fingerprint(folder)
        (folder / name).chmod(0)
        with pytest.raises(UserError, match=f"{name}: The file cannot be read"):
            build(folder)
        (folder / name).chmod(0o644)
        assert fingerprint(folder) == before


def test_a_polygon_that_holds_nothing_is_named_and_its_figures_are_kept(tmp_path: Path) -> None:
    """Nothing can be drawn of it, which is told; the area and its figures are not lost."""
    folder = write_delivery(tmp_path)
    beyond_repair(folder)
    summary = build(folder)
    lost = [f for f in summary.findings if f.place.file == "grenser.geojson"]
    assert any("0101" in f.text("nb") and f.part("do", "nb") for f in lost)
    release = Workspace(folder).release()
    assert set(release.shapes["code"]) == set(CODES) - {"0101"}
    assert set(release.observations.filter(level="delbydel")["area"]) == set(CODES)


def test_a_workspace_that_cannot_be_written_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_delivery(tmp_path)
    monkeypatch.setattr(os, "access", lambda p, mode: mode != os.W_OK)
    with pytest.raises(UserError, match="not possible to write here"):
        build(folder)
    assert not (folder / "releases").exists()


@pytest.mark.parametrize("part", ["rules = 1", "counting = [1]", "source = [1]", "analysis = [1]"])
def test_a_part_that_is_no_table_is_told_of(tmp_path: Path, part: str) -> None:
    folder = write_delivery(tmp_path)
    config = folder / "nabolag.toml"
    text = config.read_text(encoding="utf-8").replace("[[source]]", "[[areas]]")
    config.write_text(f"{part}\n{text}", encoding="utf-8")
    with pytest.raises(UserError) as wrong:
        build(folder)
    told = [f for f in wrong.value.findings if part.partition(" ")[0] in f.params.get("key", "")]
    assert [f.code for f in told] in (["config_value_wrong"], ["config_part_wrong"])
