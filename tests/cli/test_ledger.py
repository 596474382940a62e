"""`nabolag ledger verify`: what it says of a whole ledger, and of one that was changed."""

from __future__ import annotations

from pathlib import Path

from nabolag.pipeline import build
from tests.cli.conftest import Call
from tests.support.delivery import write_delivery


def test_a_ledger_is_whole_until_a_line_is_changed(nabolag: Call, tmp_path: Path) -> None:
    folder = write_delivery(tmp_path)
    release = build(folder).release
    told = nabolag("ledger", "verify", folder, lang="nb")
    assert (told.returncode, told.stdout.strip()) == (0, "Loggen er hel: én linje.")
    (entries,) = [path for path in (folder / "ledger").iterdir() if path.suffix == ".jsonl"]
    text = entries.read_text(encoding="utf-8")
    entries.write_text(text.replace(release, "another"), encoding="utf-8")
    wrong = nabolag("ledger", "verify", folder, lang="nb")
    assert wrong.returncode == 1
    assert wrong.stdout == ""
    assert wrong.stderr
