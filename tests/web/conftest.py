"""The site over the sample release, and helpers to read its answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from nabolag.store import Release
from nabolag.web import releases
from tests.browser.conftest import (  # noqa: F401 - the browser's fixtures, found by name
    axe,
    browser,
    desktop,
    open_page,
    phone,
    screenshot,
)


@pytest.fixture
def workspace(sample_release: Release, settings: Any) -> Iterator[Path]:
    """The sample's workspace, served."""
    settings.NABOLAG_WORKSPACE = sample_release.bundle.path.parents[1]
    yield settings.NABOLAG_WORKSPACE
    releases._opened.clear()


@pytest.fixture
def site(workspace: Path) -> Client:
    """A reader's browser, without scripts, at the sample's site."""
    return Client()


@pytest.fixture
def wide_site(wide_release: Release, settings: Any) -> Iterator[Client]:
    """The same at the site that has a country and figures by group."""
    settings.NABOLAG_WORKSPACE = wide_release.bundle.path.parents[1]
    yield Client()
    releases._opened.clear()
