"""One server for all tests of producers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.producer_server import FEATURES, Served, nothing, producer_server


@pytest.fixture(scope="session")
def _server() -> Iterator[Served]:
    with producer_server() as served:
        yield served


@pytest.fixture
def served(_server: Served) -> Served:
    """The server, with nothing asked and nothing wrong."""
    _server.asked.clear()
    _server.bodies.clear()
    _server.faults.clear()
    _server.features = FEATURES
    _server.on_ask = nothing
    return _server
