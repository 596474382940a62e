"""`nabolag fetch` as a person runs it: killed and resumed, offline, planned, searched."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Call
from tests.pipeline.test_fetching import workspace_in
from tests.support.pxweb_server import PxServer, population


@pytest.fixture
def server() -> Iterator[PxServer]:
    table, lists = population()
    with PxServer([table], lists=lists, max_cells=10).running() as running:
        yield running


def test_a_fetch_killed_half_way_goes_on_where_it_was(
    nabolag: Call, server: PxServer, tmp_path: Path
) -> None:
    """Killed with no chance to tidy up: what was answered is not asked for again."""
    workspace_in(tmp_path, server)
    fourth = threading.Event()

    def hold(number: int) -> None:
        if number == 4:
            fourth.set()
            threading.Event().wait(1)

    server.on_data = hold
    command = "from nabolag.cli.main import run; run()"
    process = subprocess.Popen([sys.executable, "-c", command, "fetch", str(tmp_path)])
    assert fourth.wait(30)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait(10) == -signal.SIGKILL
    server.on_data = lambda number: None
    before = server.count()
    assert before == 4
    absent = nabolag("fetch", tmp_path, "--offline", "--json")
    assert json.loads(absent.stdout)[0]["state"] == "absent", "a part is nothing yet"
    done = nabolag("fetch", tmp_path, "--json")
    assert done.returncode == 0, done.stderr
    (told,) = json.loads(done.stdout)
    assert (told["state"], told["requests"], told["asked"]) == ("fetched", 6, 3)
    assert server.count() == before + 3
    asked = [url for method, url in server.seen if "/data" in url]
    once = [url for url in asked if asked.count(url) == 1]
    assert len(once) == 5, "only the question that was open when it was killed is asked twice"
    leftovers = [path.name for path in (tmp_path / "raw").rglob(".writing-*")]
    assert leftovers == []


def test_words_say_what_was_fetched(nabolag: Call, server: PxServer, tmp_path: Path) -> None:
    workspace_in(tmp_path, server)
    planned = nabolag("fetch", tmp_path, "--check", lang="nb")
    assert "Det blir 6 spørsmål og 54 tall. Ingenting er hentet." in planned.stdout
    fetched = nabolag("fetch", tmp_path, "folketall", lang="nn")
    assert "folketall: henta 07459: Befolkning" in fetched.stdout
    assert "ingenting nytt" in nabolag("fetch", tmp_path, lang="nb").stdout
    assert "is whole" in nabolag("fetch", tmp_path, "--offline").stdout


def test_tables_are_searched_and_described(nabolag: Call, server: PxServer) -> None:
    where = ("--producer", "pxwebapi", "--address", server.url)
    found = nabolag("fetch", "--list", "befolkning", *where)
    assert found.stdout.startswith("07459  Befolkning"), found.stderr
    told = nabolag("fetch", "--describe", "07459", *where, lang="nb")
    for words in ("Region (region, geo): 3", "9901 = Nordvik", "agg_Landsdel", "kan utelates",
                  "[personer]", "Tall per 1. januar.", "Høyst 10 tall"):  # fmt: skip
        assert words in told.stdout


def test_what_is_wrong_ends_in_words(nabolag: Call, server: PxServer, tmp_path: Path) -> None:
    workspace_in(tmp_path, server)
    unknown = nabolag("fetch", tmp_path, "folketal")
    assert unknown.returncode == 2
    assert "folketall" in unknown.stderr
    server.faults = dict.fromkeys(range(1, 9), "page")
    failed = nabolag("fetch", tmp_path, lang="nb")
    assert failed.returncode == 2
    assert "svarte med en nettside" in failed.stderr
    assert "Traceback" not in failed.stderr
    nowhere = nabolag("fetch", "--list", "x", "--producer", "pxwebapi")
    assert nowhere.returncode == 2
    assert "address" in nowhere.stderr
