"""Serving a workspace on this machine: migrations, then waitress."""

from __future__ import annotations

import os
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nabolag.core import error

THREADS = 8
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def serve(
    workspace: Path,
    host: str = "127.0.0.1",
    port: int = 8000,
    open_browser: bool = False,
    on_ready: Callable[[str], None] | None = None,
) -> None:
    """Serve a workspace's current release until stopped.

    On a loopback address the secret key is made and kept in the workspace; on any other one
    `NABOLAG_SECRET_KEY` and `NABOLAG_ALLOWED_HOSTS` must be given. `on_ready` is called with the
    address once the port is open. Raises `UserError` for a port in use or settings that are absent.
    """
    configure(workspace, host)
    from waitress import create_server  # noqa: PLC0415

    from nabolag.web.wsgi import application  # noqa: PLC0415

    _prepare_database()
    try:
        server = create_server(application, host=host, port=port, threads=THREADS, ident=None)
    except OSError as busy:
        raise error("web_port_busy", host=host, port=port) from busy
    address = f"http://{_shown(host)}:{server.effective_port}/"
    if on_ready is not None:
        on_ready(address)
    if open_browser:
        threading.Timer(0.5, webbrowser.open, (address,)).start()
    try:
        server.run()
    finally:
        server.close()


def configure(workspace: Path, host: str) -> None:
    """Put what `settings` reads into the environment; what is there already wins."""
    os.environ["NABOLAG_WORKSPACE"] = str(workspace.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nabolag.web.settings")
    if host in _LOOPBACK:
        os.environ.setdefault("NABOLAG_LOCAL", "1")


def feedback_reports(workspace: Path, *, handled: bool = False) -> list[dict[str, Any]]:
    """Return what readers of a workspace have reported, oldest first, as plain data.

    Those that are handled only when asked for; see `feedback.listing.FIELDS` for the keys.
    """
    configure(workspace, "localhost")
    import django  # noqa: PLC0415

    django.setup()
    _prepare_database()
    from nabolag.web.feedback.listing import reports  # noqa: PLC0415 - needs the set-up

    return reports(handled=handled)


def _prepare_database() -> None:
    """Bring the database up to date; a file of ours is its owner's to read, like what is in it."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    call_command("migrate", interactive=False, verbosity=0)
    file = Path(str(connection.settings_dict["NAME"]))
    if connection.vendor == "sqlite" and file.is_file():
        for path in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
            if path.exists():
                path.chmod(0o600)


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
