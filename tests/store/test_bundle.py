"""Bundles are whole or absent, whoever dies when."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from nabolag.core import UserError
from nabolag.store import current_bundle, list_bundles, open_bundle, write_bundle
from nabolag.store.bundle import CURRENT


def numbers(n: int) -> dict[str, pl.DataFrame]:
    return {"numbers": pl.DataFrame({"x": range(n)})}


def test_what_is_written_is_read(tmp_path: Path) -> None:
    bundle = write_bundle(tmp_path, numbers(3), {"note": {"å": 1}}, {"kind": "snapshot"})
    again = current_bundle(tmp_path)
    assert again is not None
    assert again.id == bundle.id
    assert again.frame("numbers")["x"].to_list() == [0, 1, 2]
    assert again.scan("numbers").select(pl.len()).collect().item() == 3
    assert again.document("note") == {"å": 1}
    assert again.manifest["kind"] == "snapshot"
    assert again.has("numbers")
    assert not again.has("letters")
    assert again.verify() == []


def test_equal_content_has_equal_hash(tmp_path: Path) -> None:
    one = write_bundle(tmp_path / "a", numbers(3), {}, {})
    two = write_bundle(tmp_path / "b", numbers(3), {}, {})
    other = write_bundle(tmp_path / "c", numbers(4), {}, {})
    assert one.manifest["content_sha256"] == two.manifest["content_sha256"]
    assert one.manifest["content_sha256"] != other.manifest["content_sha256"]


def test_tampering_is_seen(tmp_path: Path) -> None:
    bundle = write_bundle(tmp_path, numbers(3), {}, {})
    (bundle.path / "numbers.parquet").write_bytes(b"changed")
    assert bundle.verify() == ["numbers.parquet"]


def test_earlier_bundles_stay(tmp_path: Path) -> None:
    first = write_bundle(tmp_path, numbers(1), {}, {})
    second = write_bundle(tmp_path, numbers(2), {}, {})
    assert {b.id for b in list_bundles(tmp_path)} == {first.id, second.id}
    assert open_bundle(tmp_path, first.id).frame("numbers").height == 1
    current = current_bundle(tmp_path)
    assert current is not None
    assert current.id == second.id


def test_nothing_there_is_none_and_a_wrong_name_is_a_message(tmp_path: Path) -> None:
    assert current_bundle(tmp_path) is None
    assert list_bundles(tmp_path / "nowhere") == []
    with pytest.raises(UserError, match="20200101"):
        open_bundle(tmp_path, "20200101T000000Z-abc")


def test_a_failing_writer_leaves_the_previous_bundle(tmp_path: Path) -> None:
    first = write_bundle(tmp_path, numbers(1), {}, {})
    with pytest.raises(TypeError):
        write_bundle(tmp_path, numbers(2), {"bad": {("tuple", "key"): 1}}, {})
    current = current_bundle(tmp_path)
    assert current is not None
    assert current.id == first.id


WRITER = """
import sys, pathlib, polars as pl
from nabolag.store import write_bundle
print("ready", flush=True)
n = 0
while True:
    n += 1
    write_bundle(pathlib.Path(sys.argv[1]), {"numbers": pl.DataFrame({"x": range(200_000), "n": n})}, {}, {})
"""


@pytest.mark.parametrize("after", [0.02, 0.05, 0.11, 0.23])
def test_killed_at_any_moment_a_whole_bundle_is_current(tmp_path: Path, after: float) -> None:
    write_bundle(tmp_path, {"numbers": pl.DataFrame({"x": range(200_000), "n": 0})}, {}, {})
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    assert writer.stdout.readline().strip() == "ready"
    time.sleep(after)
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    current = current_bundle(tmp_path)
    assert current is not None
    assert current.verify() == []
    assert current.frame("numbers").height == 200_000
    assert all(bundle.verify() == [] for bundle in list_bundles(tmp_path))


def test_drafts_of_the_dead_are_cleared_after_a_day(tmp_path: Path) -> None:
    draft = tmp_path / ".writing-dead"
    draft.mkdir()
    long_ago = time.time() - 3 * 24 * 3600
    os.utime(draft, (long_ago, long_ago))
    fresh = tmp_path / ".writing-alive"
    fresh.mkdir()
    write_bundle(tmp_path, numbers(1), {}, {})
    assert not draft.exists()
    assert fresh.exists()
    assert (tmp_path / CURRENT).exists()
