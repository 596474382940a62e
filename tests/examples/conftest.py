"""The examples built from real data, once a run."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from nabolag.pipeline import BuildSummary, build
from nabolag.store import Release, Workspace
from tests.conftest import ROOT

Built = tuple[BuildSummary, Release]


@pytest.fixture(scope="session")
def example(data_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Built]:
    """Build an example by name, and keep it for every test that asks."""
    done: dict[str, Built] = {}

    def built(name: str) -> Built:
        if name not in done:
            folder = tmp_path_factory.mktemp("examples") / name
            shutil.copytree(ROOT / "examples" / name, folder)
            summary = build(folder, data=data_root)
            done[name] = (summary, Workspace(folder).release())
        return done[name]

    return built
