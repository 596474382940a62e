"""`serve` as a user starts it: what it prepares, and what it refuses with words."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from nabolag.web.places.checks import frontend_is_built
from tests.support.sample import write_sample_release

START = """
import sys
from pathlib import Path
from nabolag.core import UserError
from nabolag.web.server import feedback_reports, serve
class Ready(Exception): pass
def stop(address): raise Ready(address)
try:
    serve(Path(sys.argv[1]), host=sys.argv[2], port=int(sys.argv[3]), on_ready=stop)
except Ready as ready:
    print("ready", ready)
    print(feedback_reports(Path(sys.argv[1])))
except UserError as wrong:
    print(wrong.findings[0].code, wrong)
"""


def start(folder: Path, host: str = "127.0.0.1", port: int = 0) -> str:
    given = {k: v for k, v in os.environ.items() if not k.startswith(("NABOLAG_", "DATABASE_"))}
    told = subprocess.run(
        [sys.executable, "-c", START, str(folder), host, str(port)],
        cwd=Path(__file__).parents[2], env=given, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    return told.stdout


def test_on_this_machine_key_and_database_are_made_for_their_owner_only(tmp_path: Path):
    write_sample_release(tmp_path)
    told = start(tmp_path)
    assert told.startswith("ready http://127.0.0.1:")
    assert told.rstrip().endswith("[]")
    for name in (".web-secret-key", "web.sqlite3"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_an_address_that_others_can_reach_needs_a_key(tmp_path: Path):
    told = start(tmp_path, host="0.0.0.0")
    assert told.startswith("web_secret_key_absent")
    assert "NABOLAG_ALLOWED_HOSTS" in told
    assert not (tmp_path / ".web-secret-key").exists()


def test_a_port_in_use_is_said(tmp_path: Path):
    write_sample_release(tmp_path)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        told = start(tmp_path, port=other.getsockname()[1])
    assert told.startswith("web_port_busy")


@pytest.mark.django_db
def test_the_project_passes_its_own_checks(settings: Any, tmp_path: Path):
    call_command("check")
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    settings.NABOLAG_FRONTEND = tmp_path
    (warning,) = frontend_is_built(None)
    assert warning.id == "nabolag.W001"
