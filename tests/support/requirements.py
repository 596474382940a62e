"""What a test does where something it needs is not installed."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

#: Set by `make test`, which installs everything: then a test that lacks something fails.
COMPLETE = "NABOLAG_TESTS_COMPLETE"


def lacking(reason: str) -> NoReturn:
    """Skip with the reason; fail where the whole set-up was promised."""
    if os.environ.get(COMPLETE):
        pytest.fail(reason)
    pytest.skip(reason)
