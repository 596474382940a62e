"""Fetching into a workspace: whole or not at all, resumed, repeated, offline, changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from nabolag.core import UserError
from nabolag.pipeline import build
from nabolag.pipeline.fetching import FetchOutcome, fetch, kept_fetches
from nabolag.sources.producers.transport import Politeness
from nabolag.store import Workspace
from tests.support.pxweb_server import PxServer, population

QUICK = Politeness(first_pause=0.01, attempts=2, timeout=5)

CONFIG = """
[workspace]
name = "Prøveland"
main_level = "kommune"
geography = "2024"
synthetic = true

[[fetch]]
id = "folketall"
producer = "pxwebapi"
address = "{address}"
table = "07459"
concurrency = 1
select = {{ Region = "*", Kjonn = "*", Alder = "*", ContentsCode = "*", Tid = {years} }}

[[areas]]
id = "kommuner"
level = "kommune"
names = {{ "9901" = "Nordvik", "9902" = "Sørvik", "9903" = "Øyvær" }}

[[source]]
id = "folketall_lest"
fetch = "folketall"
producer = "Prøvebyrået"
title = "Folketall"
geography = "2024"
area = [{{ level = "kommune", column = "Region" }}]
period = {{ column = "Tid" }}
dimensions = {{ kjonn = "Kjonn", alder = "Alder" }}
measure_column = "ContentsCode"
measure = [{{ id = "personer", column = "value", code = "Personer", min = 0 }}]

[[indicator]]
id = "population"
source = "folketall_lest"
value = {{ measure = "personer" }}
groups = []
"""


@pytest.fixture
def server() -> Iterator[PxServer]:
    table, lists = population()
    with PxServer([table], lists=lists, max_cells=10).running() as running:
        yield running


def workspace_in(folder: Path, server: PxServer, years: str = '"*"') -> Workspace:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "nabolag.toml").write_text(
        CONFIG.format(address=server.url, years=years), encoding="utf-8"
    )
    return Workspace(folder)


def one(workspace: Workspace, **options: bool) -> FetchOutcome:
    (found,) = fetch(workspace, politeness=QUICK, **options)
    return found


def cells_of(workspace: Workspace) -> list[tuple[object, ...]]:
    from nabolag.pipeline.inputs import read_inputs
    from nabolag.pipeline.plan import load_plan
    from nabolag.pipeline.step import no_progress

    inputs = read_inputs(workspace, load_plan(workspace), no_progress)
    assert not inputs.errors, [f.text("en") for f in inputs.errors]
    return inputs.tables["folketall_lest"].cells.sort("area", "period", "kjonn", "alder").rows()


def bytes_of(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_fetch_is_read_as_one_table_with_its_origin(server: PxServer, tmp_path: Path) -> None:
    workspace = workspace_in(tmp_path, server)
    told = one(workspace)
    assert (told.state, told.requests, told.asked, told.cells) == ("fetched", 6, 6, 54)
    cells = cells_of(workspace)
    assert len(cells) == 54
    from nabolag.pipeline.inputs import read_inputs
    from nabolag.pipeline.plan import load_plan
    from nabolag.pipeline.step import no_progress

    inputs = read_inputs(workspace, load_plan(workspace), no_progress)
    frame = inputs.tables["folketall_lest"].cells
    hidden = frame.filter(frame["status"] != "value")
    assert set(zip(hidden["status"], hidden["mark"], strict=True)) == {
        ("not_applicable", "."), ("suppressed_primary", ":"),
    }  # fmt: skip
    assert hidden["value"].is_null().all()
    (origin,) = inputs.sources
    assert (origin.table, origin.updated_at) == ("07459", "2026-02-25T07:00:00Z")
    assert origin.licence == "https://creativecommons.org/licenses/by/4.0/"
    assert origin.retrieved_at.startswith("20")
    assert origin.query == "Region=*; Kjonn=*; Alder=*; ContentsCode=*; Tid=*"
    assert origin.file.startswith("raw/fetched/folketall/")
    assert len(origin.sha256) == 64
    assert origin.note is not None
    assert "Tall per 1. januar." in origin.note.nb
    assert "2 år eller eldre: Åpen gruppe." in origin.note.nb


def test_every_answer_is_kept_with_what_it_answers(server: PxServer, tmp_path: Path) -> None:
    one(workspace_in(tmp_path, server))
    metas = sorted((tmp_path / "raw" / "fetched" / "folketall").glob("*/*.meta.json"))
    assert [meta.name.split(".")[0] for meta in metas] == [
        "config", "metadata", *(f"part-000{n}" for n in range(1, 7)),
    ]  # fmt: skip
    for meta in metas:
        told = json.loads(meta.read_text(encoding="utf-8"))
        content = meta.with_name(meta.name.replace(".meta", "")).read_bytes()
        assert told["sha256"] == hashlib.sha256(content).hexdigest()
        assert told["request"]["url"].startswith(server.url)
        assert told["headers"]["content-type"] == "application/json"


def test_what_is_not_updated_is_not_asked_for_again(server: PxServer, tmp_path: Path) -> None:
    workspace = workspace_in(tmp_path, server)
    first = one(workspace)
    before = bytes_of(tmp_path / "raw")
    again = one(workspace)
    assert (again.state, again.asked, again.retrieved_at) == ("current", 0, first.retrieved_at)
    assert server.count() == 6
    assert bytes_of(tmp_path / "raw") == before
    server.tables["07459"].updated = "2027-02-25T07:00:00Z"
    newer = one(workspace)
    assert (newer.state, newer.asked, newer.updated) == ("fetched", 6, "2027-02-25T07:00:00Z")


def test_another_query_is_asked_and_the_old_stands_until_then(
    server: PxServer, tmp_path: Path
) -> None:
    workspace = workspace_in(tmp_path, server)
    one(workspace)
    narrower = workspace_in(tmp_path, server, '["2024"]')
    (kept,) = kept_fetches(narrower)
    assert (kept.state, [f.code for f in kept.findings]) == ("kept", ["fetch_query_changed"])
    assert len(cells_of(narrower)) == 54
    assert one(narrower).cells == 18
    assert len(cells_of(narrower)) == 18


def test_builds_without_a_network_give_the_same_bytes(
    server: PxServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    workspace = workspace_in(tmp_path, server)
    one(workspace)

    def no_network(*words: object) -> None:
        raise AssertionError("a build opens no connection")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    build(tmp_path)
    first = _tables(workspace)
    build(tmp_path)
    assert _tables(workspace) == first
    assert {"cells_folketall_lest.parquet", "observations.parquet"} <= set(first)
    (kept,) = kept_fetches(workspace)
    assert (kept.state, kept.requests, kept.cells) == ("kept", 6, 54)


def _tables(workspace: Workspace) -> dict[str, str]:
    """Return the hash of every table in the current snapshot and release."""
    snapshot = workspace.snapshot()
    assert snapshot is not None
    found = bytes_of(snapshot.path) | bytes_of(workspace.release().bundle.path)
    return {name: digest for name, digest in found.items() if name != "manifest.json"}


def test_a_fetch_that_failed_goes_on_where_it_was(server: PxServer, tmp_path: Path) -> None:
    workspace = workspace_in(tmp_path, server)
    server.faults = {4: "500", 5: "500"}
    failed = one(workspace)
    assert failed.state == "failed"
    assert failed.findings[0].code == "producer_failing"
    assert "[[fetch]] folketall (pxwebapi 07459)" in failed.findings[0].text("nb")
    assert kept_fetches(workspace)[0].state == "absent", "three of six parts are nothing yet"
    asked = server.count()
    done = one(workspace)
    assert (done.state, done.requests, done.asked) == ("fetched", 6, 3)
    assert server.count() == asked + 3
    assert server.count("/config") == 1


def test_a_table_that_changes_between_two_answers_is_begun_anew(
    server: PxServer, tmp_path: Path
) -> None:
    workspace = workspace_in(tmp_path, server)

    def change(number: int) -> None:
        if number == 3:
            server.tables["07459"].updated = "2026-11-23T07:00:00Z"

    server.on_data = change
    told = one(workspace)
    assert (told.state, told.updated) == ("fetched", "2026-11-23T07:00:00Z")
    stamps = {
        json.loads(part.read_text(encoding="utf-8"))["updated"]
        for part in (tmp_path / "raw").rglob("part-000?.json")
    }
    assert stamps == {"2026-11-23T07:00:00Z"}
    assert server.count() == 3 + 6


def test_a_code_that_goes_between_two_answers_is_a_changed_table(
    server: PxServer, tmp_path: Path
) -> None:
    """The service refuses the rest of the plan; it is described and planned anew."""
    workspace = workspace_in(tmp_path, server)

    def change(number: int) -> None:
        if number == 3:
            server.tables["07459"], server.lists = population(
                {"9901": "Nordvik", "9903": "Øyvær"}, updated="2026-11-23T07:00:00Z"
            )

    server.on_data = change
    told = one(workspace)
    assert (told.state, told.cells) == ("fetched", 36)
    assert {row[2] for row in cells_of(workspace)} == {"9901", "9903"}


def test_a_table_that_keeps_changing_is_told(server: PxServer, tmp_path: Path) -> None:
    workspace = workspace_in(tmp_path, server)

    def change(number: int) -> None:
        server.tables["07459"].updated = f"2026-11-23T07:00:{number:02}Z"

    server.on_data = change
    told = one(workspace)
    assert [f.code for f in told.findings] == ["fetch_keeps_changing"]
    assert kept_fetches(workspace)[0].state == "absent"


def test_codes_that_go_and_come_are_told(server: PxServer, tmp_path: Path) -> None:
    workspace = workspace_in(tmp_path, server)
    one(workspace)
    table, lists = population(
        {"9901": "Nordvik", "9903": "Øyvær", "9904": "Nyvik"}, updated="2027-01-01T07:00:00Z"
    )
    server.tables["07459"], server.lists = table, lists
    told = one(workspace)
    assert told.state == "fetched"
    found = {f.code: f.text("nb") for f in told.findings}
    assert "9902 (Sørvik)" in found["table_codes_gone"]
    assert "9904 (Nyvik)" in found["table_codes_new"]


def test_a_code_that_is_gone_stops_the_fetch_and_the_old_stands(
    server: PxServer, tmp_path: Path
) -> None:
    workspace = workspace_in(tmp_path, server, '["2022", "2023"]')
    one(workspace)
    before = bytes_of(tmp_path / "raw")
    table, lists = population(years=(2023, 2024), updated="2027-01-01T07:00:00Z")
    server.tables["07459"], server.lists = table, lists
    told = one(workspace)
    assert told.state == "failed"
    assert "«2022» is not in Tid" in told.findings[0].text("en")
    assert bytes_of(tmp_path / "raw") == before
    assert len(cells_of(workspace)) == 36


@pytest.mark.parametrize("fault", ["page", "truncated", "half-json", "500", "other-codes"])
def test_whatever_goes_wrong_the_state_before_stands(
    server: PxServer, tmp_path: Path, fault: str
) -> None:
    workspace = workspace_in(tmp_path, server)
    one(workspace)
    cells = cells_of(workspace)
    server.tables["07459"].updated = "2027-02-25T07:00:00Z"
    server.faults = dict.fromkeys(range(server.count() + 2, 99), fault)
    assert one(workspace).state == "failed"
    assert cells_of(workspace) == cells
    server.faults = {}
    assert one(workspace).state == "fetched"


def test_a_damaged_answer_is_told_and_fetched_again(server: PxServer, tmp_path: Path) -> None:
    workspace = workspace_in(tmp_path, server)
    one(workspace)
    part = next((tmp_path / "raw").rglob("part-0002.json"))
    part.write_bytes(part.read_bytes().replace(b"24", b"25"))
    (kept,) = kept_fetches(workspace)
    assert (kept.state, kept.findings[0].code) == ("failed", "fetch_kept_damaged")
    with pytest.raises(UserError, match="part-0002"):
        build(tmp_path)
    assert one(workspace).state == "fetched"
    build(tmp_path)


def test_a_check_counts_and_keeps_nothing(server: PxServer, tmp_path: Path) -> None:
    workspace = workspace_in(tmp_path, server)
    told = one(workspace, check=True)
    assert (told.state, told.requests, told.cells) == ("planned", 6, 54)
    assert server.count() == 0
    assert not (tmp_path / "raw").exists()


def test_a_source_that_is_not_fetched_says_so(server: PxServer, tmp_path: Path) -> None:
    workspace_in(tmp_path, server)
    with pytest.raises(UserError, match="nabolag fetch"):
        build(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('producer = "pxwebapi"', 'producer = "pxweb"', "pxwebapi"),
        ('fetch = "folketall"', 'fetch = "folketal"', "Nearest: folketall"),
        ('fetch = "folketall"', 'fetch = "folketall"\nfile = "x.csv"', "either file or fetch"),
        ("concurrency = 1", "concurrency = 50", "at most 8"),
        ('address = "http', 'address = "ftp', "begins with https"),
        ('table = "07459"', 'tabell = "07459"', "fetch[folketall].tabell"),
        ("concurrency = 1", "antall = 1", "fetch[folketall].antall"),
    ],
)
def test_mistakes_in_a_fetch_are_told(
    server: PxServer, tmp_path: Path, old: str, new: str, said: str
) -> None:
    workspace = workspace_in(tmp_path, server)
    path = tmp_path / "nabolag.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UserError) as caught:
        fetch(Workspace(workspace.root))
    assert said in str(caught.value)


def test_an_id_that_is_none_is_told(server: PxServer, tmp_path: Path) -> None:
    workspace = workspace_in(tmp_path, server)
    with pytest.raises(UserError, match="folketall"):
        fetch(workspace, ["folketal"])
    assert fetch(workspace, ["folketall"], politeness=QUICK)[0].state == "fetched"


def test_the_limits_of_the_producer_are_held(server: PxServer, tmp_path: Path) -> None:
    """Four questions a second, said in the settings and enforced: none of ours is refused."""
    server.calls = server.enforced = 4
    server.window = 1
    once = Politeness(first_pause=0.01, attempts=1, timeout=5)
    (told,) = fetch(workspace_in(tmp_path, server), politeness=once)
    assert (told.state, told.asked) == ("fetched", 6)
