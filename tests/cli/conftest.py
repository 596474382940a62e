"""A built workspace, and a way to call the command line as a person does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from nabolag.pipeline import build
from tests.support.delivery import write_delivery

Call = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_delivery(tmp_path_factory.mktemp("cli") / "arbeid")
    build(folder)
    return folder


@pytest.fixture(scope="session")
def nabolag() -> Call:
    """Run `nabolag …` in a process of its own, with its own language."""

    def call(
        *words: object, lang: str = "en", cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("NABOLAG_")}
        return subprocess.run(
            [sys.executable, "-c", "from nabolag.cli.main import run; run()", *map(str, words)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**environment, "NABOLAG_LANG": lang, "COLUMNS": "200"},
            cwd=cwd,
            check=False,
        )

    return call
