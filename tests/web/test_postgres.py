"""The relational part on a real PostgreSQL: migrations, the form, the limit, the listing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nabolag.store import Release
from tests.support.postgres import postgres_server

pytestmark = pytest.mark.postgres

#: Runs in a process of its own: one process of Django has one default database.
STORY = """
import django
from django.core.management import call_command
django.setup()
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import setup_test_environment
setup_test_environment()
assert connection.vendor == "postgresql", connection.vendor
call_command("migrate", verbosity=0)
call_command("makemigrations", check=True, dry_run=True, verbosity=0)
settings.NABOLAG_FEEDBACK_LIMIT = 2
form = {"message": "Tallet stemmer ikke med vår egen telling – sjekk 2016.",
        "level": "delbydel", "area": "0103", "indicator": "crowded", "period": "2016"}
reader = Client()
codes = [reader.post("/nn/tilbakemelding/", form).status_code for _ in range(3)]
assert codes == [302, 302, 429], codes
assert reader.post("/nn/tilbakemelding/", {**form, "message": ""}).status_code == 400
from nabolag.web.feedback.listing import reports
kept = reports()
assert [(r["area"], r["lang"], r["message"]) for r in kept] == [("0103", "nn", form["message"])] * 2
call_command("feedback", handled=kept[0]["id"])
assert len(reports()) == 1 and len(reports(handled=True)) == 2
assert reader.get("/helse").json()["database"] is True
call_command("migrate", "feedback", "zero", verbosity=0)
assert "feedback_report" not in connection.introspection.table_names()
print("told to the end")
"""


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL that lives as long as this module's tests."""
    with postgres_server() as address:
        yield address


def test_the_whole_story_of_a_report_on_postgresql(postgres: str, sample_release: Release):
    given = {
        **os.environ,
        "DATABASE_URL": postgres,
        "NABOLAG_WORKSPACE": str(sample_release.bundle.path.parents[1]),
        "NABOLAG_SECRET_KEY": "only for this test",
        "DJANGO_SETTINGS_MODULE": "nabolag.web.settings",
    }
    root = Path(__file__).parents[2]
    told = subprocess.run(
        [sys.executable, "-W", "error::RuntimeWarning", "-c", STORY],
        env=given, cwd=root, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert told.stdout.strip() == "told to the end"
