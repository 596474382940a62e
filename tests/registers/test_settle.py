"""What was being put in place when it was stopped is put in place, from wherever it had come."""

from __future__ import annotations

from pathlib import Path

import pytest

from nabolag.registers.settle import NOTE, Swap, draft_of, put_in_place, settle


def year(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "part-0000.parquet").write_text(text, encoding="utf-8")
    return folder


def contents(place: Path) -> str:
    return (place / "part-0000.parquet").read_text(encoding="utf-8")


@pytest.mark.parametrize("moved", ["nothing", "old", "new", "all"])
def test_a_swap_may_be_done_again_wherever_it_was_stopped(tmp_path: Path, moved: str) -> None:
    place = year(tmp_path / "year=2020", "old")
    old = tmp_path / ".old-year=2020"
    swap = Swap(place)
    year(swap.draft, "new")
    if moved != "nothing":
        place.rename(old)
    if moved in ("new", "all"):
        swap.draft.rename(place)
    if moved == "all":
        swap.do()
    swap.do()
    assert contents(place) == "new"
    assert list(tmp_path.iterdir()) == [place]


@pytest.mark.parametrize("moved", [False, True])
def test_what_is_left_empty_is_gone(tmp_path: Path, moved: bool) -> None:
    place = year(tmp_path / "year=2020", "old")
    if moved:
        place.rename(tmp_path / ".old-year=2020")
    Swap(place, filled=False).do()
    assert list(tmp_path.iterdir()) == []


def test_what_was_only_being_written_counts_for_nothing(tmp_path: Path) -> None:
    place = year(tmp_path / "registers" / "person" / "year=2020", "old")
    year(draft_of(place), "half")
    draft_of(tmp_path / "quarantine" / NOTE).parent.mkdir()
    draft_of(tmp_path / "quarantine" / NOTE).write_text("[[", encoding="utf-8")
    settle(tmp_path / "quarantine", tmp_path / "registers")
    assert contents(place) == "old"
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [place / "part-0000.parquet"]


def test_a_workspace_that_was_moved_is_settled_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The note says where things are beside itself."""
    root = tmp_path / "a"
    place = year(root / "registers" / "person" / "year=2020", "old")
    year(draft_of(place), "new")

    def stop(_: Swap) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Swap, "do", stop)
    with pytest.raises(KeyboardInterrupt):
        put_in_place([Swap(place)], root / "quarantine")
    monkeypatch.undo()
    moved = root.rename(tmp_path / "b")
    settle(moved / "quarantine", moved / "registers")
    assert contents(moved / "registers" / "person" / "year=2020") == "new"
