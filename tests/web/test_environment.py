"""What the environment means, and what is refused."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from nabolag.core import UserError
from nabolag.web.environment import keep_secret_key, parse_database_url, read_environment


def test_nothing_given_is_enough_to_import_settings():
    found = read_environment({})
    assert found.workspace is None
    assert found.database["NAME"] == ":memory:"
    assert len(found.secret_key) > 40


def test_a_public_server_without_a_key_is_refused(tmp_path: Path):
    with pytest.raises(UserError) as wrong:
        read_environment({"NABOLAG_WORKSPACE": str(tmp_path)})
    assert "NABOLAG_SECRET_KEY" in wrong.value.findings[0].text("nb")
    assert not list(tmp_path.iterdir())


def test_on_ones_own_machine_the_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path):
    given = {"NABOLAG_WORKSPACE": str(tmp_path), "NABOLAG_LOCAL": "1"}
    first, second = read_environment(given), read_environment(given)
    assert first.secret_key == second.secret_key == keep_secret_key(tmp_path)
    (file,) = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_database_is_a_file_in_the_workspace_unless_another_is_named(tmp_path: Path):
    given = {"NABOLAG_WORKSPACE": str(tmp_path), "NABOLAG_SECRET_KEY": "k"}
    assert read_environment(given).database["NAME"] == str(tmp_path / "web.sqlite3")
    named = read_environment({**given, "NABOLAG_DATABASE": "/srv/web.sqlite3"})
    assert named.database["NAME"] == "/srv/web.sqlite3"
    url = read_environment({**given, "DATABASE_URL": "postgresql://u:p%40ss@db:5433/nabolag"})
    assert url.database["ENGINE"].endswith("postgresql")
    assert (url.database["USER"], url.database["PASSWORD"]) == ("u", "p@ss")
    assert (url.database["HOST"], url.database["PORT"]) == ("db", "5433")


def test_a_socket_folder_and_driver_options_are_kept():
    found = parse_database_url("postgresql://postgres:@/postgres?host=/run/pg&sslmode=disable")
    assert found["HOST"] == "/run/pg"
    assert found["OPTIONS"] == {"sslmode": "disable"}


def test_another_database_is_refused_without_repeating_its_password():
    with pytest.raises(UserError) as wrong:
        parse_database_url("mysql://root:hemmelig@db/x")
    words = wrong.value.findings[0].text("nn")
    assert "mysql" in words
    assert "hemmelig" not in words


def test_languages_and_hosts_are_lists():
    found = read_environment({"NABOLAG_LANGUAGES": "nn, nb", "NABOLAG_ALLOWED_HOSTS": "a.no,b.no"})
    assert found.languages == ("nn", "nb")
    assert found.hosts == ("a.no", "b.no")
    with pytest.raises(UserError, match="se"):
        read_environment({"NABOLAG_LANGUAGES": "nb,se"})
