"""The workspace finds its files, its releases and its one writer."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from nabolag.core import UserError
from nabolag.store import Release, Section, Workspace, conform, engine, keep_raw, parse_section
from nabolag.store.frames import OBSERVATIONS, empty


def test_no_configuration_is_a_message(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="nabolag init"):
        _ = Workspace(tmp_path).config


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"[workspace\n", "row 1"),
        (b'x = 1\ny = "\xf8"\n', "row 2.*UTF-8"),
        (b"a = 1\na = 2\n", "row 2"),
    ],
)
def test_a_broken_configuration_names_the_row(
    tmp_path: Path, content: bytes, expected: str
) -> None:
    (tmp_path / "nabolag.toml").write_bytes(content)
    with pytest.raises(UserError, match=expected):
        _ = Workspace(tmp_path).config


class Example(Section):
    level: str
    size: int = 1


def test_every_mistake_in_a_section_is_told_at_once() -> None:
    with pytest.raises(UserError) as raised:
        parse_section(Example, {"size": "stor", "colour": 1}, "nabolag.toml", "source[2]")
    text = str(raised.value)
    assert {f.code for f in raised.value.findings} == {
        "config_key_absent",
        "config_unknown_key",
        "config_value_wrong",
    }
    assert "source[2].level" in text
    assert "source[2].colour" in text
    assert "«stor»" in text


def test_delivered_files_are_looked_for_in_the_workspace_and_the_data_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NABOLAG_DATA", raising=False)
    here, there = tmp_path / "ws", tmp_path / "data"
    here.mkdir()
    there.mkdir()
    (there / "a.csv").write_text("x")
    assert Workspace(here, there).delivered("a.csv") == there / "a.csv"
    monkeypatch.setenv("NABOLAG_DATA", str(there))
    assert Workspace(here).delivered("a.csv") == there / "a.csv"
    (here / "a.csv").write_text("y")
    assert Workspace(here).delivered("a.csv") == here / "a.csv"
    with pytest.raises(UserError, match=r"b\.csv"):
        Workspace(here).delivered("b.csv")
    with pytest.raises(UserError, match="does not exist"):
        Workspace(here, tmp_path / "nowhere").delivered("b.csv")


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    space = Workspace(tmp_path)
    with space.writing(), pytest.raises(UserError, match="Another run"), space.writing():
        pass
    with space.writing():
        pass


def test_before_the_first_build_there_is_no_release(tmp_path: Path) -> None:
    assert Workspace(tmp_path).snapshot() is None
    with pytest.raises(UserError, match="nabolag build"):
        Workspace(tmp_path).release()


def test_raw_is_kept_once_and_untouched(tmp_path: Path) -> None:
    delivered = tmp_path / "levert.csv"
    delivered.write_bytes(b"a;b\n")
    digest, place = keep_raw(tmp_path / "raw", delivered)
    assert place.read_bytes() == b"a;b\n"
    assert place.name.startswith(digest[:12])
    assert keep_raw(tmp_path / "raw", delivered) == (digest, place)
    assert len(list((tmp_path / "raw").iterdir())) == 1
    keep_raw(tmp_path / "raw", delivered, {"producer": "Oslo kommune"})
    origin = json.loads((tmp_path / "raw" / f"{place.name}.origin.json").read_text())
    assert origin == {"producer": "Oslo kommune", "sha256": digest}


def test_a_release_reads_back(sample_release: Release) -> None:
    assert sample_release.indicators["crowded"].kind.value == "challenge"
    assert sample_release.sources["deliveries"].licence == "CC BY 4.0"
    assert sample_release.main_level.value == "delbydel"
    assert sample_release.bundle.verify() == []
    hidden = sample_release.observations.filter(~pl.col("status").is_in(["value", "unreliable"]))
    assert hidden.height > 0
    assert hidden["value"].null_count() == hidden.height


def test_conform_refuses_what_it_does_not_know() -> None:
    assert conform(pl.DataFrame({"area": ["0101"]}), OBSERVATIONS).columns == list(OBSERVATIONS)
    assert empty(OBSERVATIONS).height == 0
    with pytest.raises(ValueError, match="colour"):
        conform(pl.DataFrame({"colour": [1]}), OBSERVATIONS)


def test_the_engine_is_closed_and_capped() -> None:
    with engine(memory="256MB", threads=1) as connection:
        assert connection.execute("select 1 + 1").fetchone() == (2,)
        limit = connection.execute("select current_setting('memory_limit')").fetchone()
    assert limit is not None
    assert "MiB" in str(limit[0])
