"""What the web application takes from its environment. Every reader is pure but the last."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from nabolag.core import LANGS, Lang, error

SECRET_FILE = ".web-secret-key"  # noqa: S105 - a file name
DATABASE_FILE = "web.sqlite3"
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_POSTGRES = ("postgres", "postgresql")
_YES = frozenset({"1", "true", "yes", "on", "ja"})


@dataclass(frozen=True, slots=True)
class Environment:
    """Settings as they were given. `local` is a person's own machine, not a public server."""

    workspace: Path | None = None
    debug: bool = False
    local: bool = False
    https: bool = False
    hosts: tuple[str, ...] = LOOPBACK
    languages: tuple[Lang, ...] = LANGS
    database: Mapping[str, Any] = field(default_factory=dict)
    secret_key: str = ""


def read_environment(given: Mapping[str, str]) -> Environment:
    """Return the settings that `NABOLAG_…` and `DATABASE_URL` describe.

    Raises `UserError` for a value that cannot be used, and for a public server without a key.
    """
    named = given.get("NABOLAG_WORKSPACE", "")
    workspace = Path(named) if named else None
    debug, local = _is_on(given, "NABOLAG_DEBUG_WEB"), _is_on(given, "NABOLAG_LOCAL")
    return Environment(
        workspace=workspace,
        debug=debug,
        local=local,
        https=_is_on(given, "NABOLAG_HTTPS"),
        hosts=_listed(given.get("NABOLAG_ALLOWED_HOSTS", "")) or LOOPBACK,
        languages=_languages(given.get("NABOLAG_LANGUAGES", "")),
        database=_database(given, workspace),
        secret_key=_secret_key(given, workspace, own_machine=debug or local),
    )


def keep_secret_key(folder: Path) -> str:
    """Return the workspace's own secret key; make it (readable by its owner only) where absent."""
    path = folder / SECRET_FILE
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
    return path.read_text(encoding="ascii").strip()


def parse_database_url(url: str) -> dict[str, Any]:
    """Return Django's database settings for `postgresql://…` or `sqlite:///path`.

    Parameters after `?` (`host` for a socket folder, `sslmode`) go to the driver as they are.
    Raises `UserError` for any other kind of address; the address itself, which may hold a
    password, is not repeated.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return sqlite(parts.path[1:] or ":memory:")
    if parts.scheme not in _POSTGRES:
        raise error("web_database_url", scheme=parts.scheme or "?")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def sqlite(name: str) -> dict[str, Any]:
    """Return Django's settings for an SQLite file that readers and a writer share (WAL)."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        "OPTIONS": {
            "timeout": 10,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }


def _database(given: Mapping[str, str], workspace: Path | None) -> dict[str, Any]:
    url = given.get("DATABASE_URL", "")
    if url:
        return parse_database_url(url)
    file = given.get("NABOLAG_DATABASE", "")
    if file:
        return sqlite(file)
    return sqlite(str(workspace / DATABASE_FILE) if workspace else ":memory:")


def _secret_key(given: Mapping[str, str], workspace: Path | None, *, own_machine: bool) -> str:
    key = given.get("NABOLAG_SECRET_KEY", "")
    if key:
        return key
    if workspace is None:
        # Nothing to serve and nothing to sign for long: tests and `check` need some key.
        return secrets.token_urlsafe(48)
    if own_machine:
        return keep_secret_key(workspace)
    raise error("web_secret_key_absent")


def _languages(written: str) -> tuple[Lang, ...]:
    if not written:
        return LANGS
    wanted = _listed(written)
    unknown = [name for name in wanted if name not in LANGS]
    if unknown:
        raise error("web_language_unknown", given=", ".join(unknown), known=", ".join(LANGS))
    return tuple(lang for name in wanted for lang in LANGS if lang == name)


def _listed(written: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in written.split(",") if part.strip())


def _is_on(given: Mapping[str, str], name: str) -> bool:
    return given.get(name, "").strip().lower() in _YES
