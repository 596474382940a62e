"""Fixtures that every room's tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from nabolag.store import Release, Workspace
from tests.support.norm_town import write_norm_town
from tests.support.sample import write_sample_release
from tests.support.wide import write_wide_release

ROOT = Path(__file__).parents[1]

# Generated examples are judged by what they show, not by how busy the machine is. What runs
# before a landing draws the same examples each time; by hand they are new every time.
settings.register_profile("nabolag", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("nabolag")

# A browser that is driven from the same process keeps an event loop running; Django would then
# refuse its database in every later test of that process.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def data_root() -> Path:
    """The folder of real data. Tests that need it skip where it is absent."""
    named = os.environ.get("NABOLAG_DATA")
    root = Path(named) if named else ROOT.parent / "shared" / "data"
    if not root.is_dir():
        pytest.skip("the folder of real data is not here (set NABOLAG_DATA)")
    return root


@pytest.fixture(scope="session")
def sample_release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A small hand-made release."""
    return write_sample_release(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="session")
def wide_release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The same with a country around it, and figures by group."""
    return write_wide_release(tmp_path_factory.mktemp("wide"))


@pytest.fixture(scope="session")
def norm_release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A town with schools and households: the teacher norm and a reform of housing allowance."""
    from nabolag.pipeline import build

    folder = write_norm_town(tmp_path_factory.mktemp("norms") / "town")
    build(folder)
    return Workspace(folder).release()
