"""What is kept: whole or not there, found again after a kill, untouched ever after."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nabolag.core import UserError
from nabolag.sources.producers import Answer, FetchFolder, Kept, Request
from nabolag.sources.producers.keep import CURRENT, answer_file, file_name

PARTS = tuple(Request(f"part-{n:04}", f"https://example.org/{n}") for n in range(3))


def answer(request: Request, content: bytes = b'{"a": 1}') -> Answer:
    return Answer(
        request, content, "2026-11-23T07:00:00Z", headers={"content-type": "application/json"}
    )


def finished(folder: FetchFolder, fingerprint: str = "a" * 8) -> Kept:
    run = folder.open_run(fingerprint)
    for request in PARTS:
        run.keep(answer(request, request.url.encode()))
    return folder.finish(run, PARTS, (), {"updated": ""})


def test_nothing_is_current_before_everything_is_here(tmp_path: Path) -> None:
    folder = FetchFolder(tmp_path, "x")
    run = folder.open_run("a" * 8)
    run.keep(answer(PARTS[0]))
    assert folder.current() is None
    assert folder.open_run("a" * 8).find(PARTS[0]) is not None, "another process goes on here"
    assert folder.open_run("b" * 8).find(PARTS[0]) is None, "another query does not"


def test_answers_come_back_as_they_were_in_order(tmp_path: Path) -> None:
    kept = finished(FetchFolder(tmp_path, "x"))
    again = FetchFolder(tmp_path, "x").current()
    assert again is not None
    assert again.folder == kept.folder
    found = list(again.answers())
    assert [one.request for one in found] == list(PARTS)
    assert [one.content for one in found] == [request.url.encode() for request in PARTS]
    assert found[0].headers == {"content-type": "application/json"}
    assert again.ask(PARTS[1]).content == PARTS[1].url.encode()
    with pytest.raises(UserError, match="not fetched before"):
        again.ask(Request("part-0001", "https://example.org/other"))


def test_bytes_without_their_meta_are_no_answer(tmp_path: Path) -> None:
    """A process killed between the two writes has answered nothing."""
    run = FetchFolder(tmp_path, "x").open_run("a" * 8)
    (run.folder / answer_file(PARTS[0])).write_bytes(b"{}")
    assert run.find(PARTS[0]) is None
    run.keep(answer(PARTS[0]))
    (run.folder / answer_file(PARTS[0])).write_bytes(b"{}")
    assert run.find(PARTS[0]) is None, "altered bytes are no answer either"


def test_the_same_name_with_another_question_is_another(tmp_path: Path) -> None:
    run = FetchFolder(tmp_path, "x").open_run("a" * 8)
    run.keep(answer(PARTS[0]))
    assert run.find(Request(PARTS[0].name, "https://example.org/other")) is None


def test_a_new_run_leaves_the_old_and_clears_what_was_begun(tmp_path: Path) -> None:
    folder = FetchFolder(tmp_path, "x")
    first = finished(folder)
    begun = folder.open_run("c" * 8)
    second = finished(folder, "d" * 8)
    assert not begun.folder.exists()
    assert first.folder.is_dir()
    current = folder.current()
    assert current is not None
    assert current.folder == second.folder
    (folder.folder / CURRENT).write_text(first.folder.name, encoding="utf-8")
    back = folder.current()
    assert back is not None
    assert len(list(back.answers())) == 3


def test_a_broken_plan_is_told(tmp_path: Path) -> None:
    folder = FetchFolder(tmp_path, "x")
    kept = finished(folder)
    (kept.folder / "plan.json").write_text("{", encoding="utf-8")
    with pytest.raises(UserError, match=r"plan\.json"):
        folder.current()


@given(st.lists(st.text(min_size=1, max_size=12), min_size=2, max_size=8, unique=True))
def test_names_that_differ_stay_different_in_any_file_system(names: list[str]) -> None:
    files = [file_name(name) for name in names]
    assert len({name.lower() for name in files}) == len(names)
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-") for name in files)
