"""The folder: the same bytes for the same seed, made fast, and nobody's own files touched."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from nabolag.core import UserError
from nabolag.synthetic import MunicipalitySpec, write_municipality
from tests.synthetic.conftest import Town

SMALL = 8_000


def hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    write_municipality(tmp_path / "a", seed=5, persons=SMALL)
    one = hashes(tmp_path / "a")
    # The second time in a folder that holds another seed's files: nothing of them is left.
    write_municipality(tmp_path / "b", seed=6, persons=SMALL)
    other = hashes(tmp_path / "b")
    write_municipality(
        tmp_path / "b",
        seed=5,
        persons=SMALL,
        progress=lambda key, done, total: told.append((key, done, total)),
    )
    assert hashes(tmp_path / "b") == one
    assert set(one) == set(other)
    assert all(one[name] != other[name] for name in one)
    # And on the way it told how far it had come, from nothing to done.
    done = [step for _, step, _ in told]
    assert done == sorted(done)
    assert (done[0], done[-1]) == (0, told[-1][2])
    assert {key for key, _, _ in told} == {"synthetic"}


def test_a_workspace_of_ones_own_is_never_overwritten(tmp_path: Path) -> None:
    own = tmp_path / "nabolag.toml"
    own.write_text('[workspace]\nname = "Vår kommune"\n', encoding="utf-8")
    with pytest.raises(UserError) as wrong:
        write_municipality(tmp_path, persons=SMALL)
    assert wrong.value.findings[0].code == "synthetic_folder_taken"
    assert [path.name for path in tmp_path.iterdir()] == ["nabolag.toml"]
    assert "Vår kommune" in own.read_text(encoding="utf-8")


def test_without_a_writer_of_workbooks_nothing_is_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nabolag.synthetic.files.find_spec", lambda name: None)
    with pytest.raises(UserError) as wrong:
        write_municipality(tmp_path / "x", persons=SMALL)
    assert "xlsxwriter" in str(wrong.value)
    assert not (tmp_path / "x").exists()


def test_a_run_that_is_cut_off_leaves_nothing_to_build(tmp_path: Path) -> None:
    write_municipality(tmp_path, seed=5, persons=SMALL)

    def stop(key: str, done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_municipality(tmp_path, seed=6, persons=SMALL, progress=stop)
    assert not (tmp_path / "nabolag.toml").exists()


def test_the_facts_name_every_file(town: Town) -> None:
    written = {
        str(path.relative_to(town.folder))
        for path in town.folder.rglob("*")
        if path.is_file() and "registers" not in path.parts
    }
    assert written == set(town.facts.files)


def test_too_small_a_town_is_refused() -> None:
    with pytest.raises(ValueError, match="at least"):
        MunicipalitySpec(1, persons=100)
