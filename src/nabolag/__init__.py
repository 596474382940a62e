"""Nabolag: open, publicly owned tool for socially sustainable cities.

The package is light to import. A room is loaded when it is used:

>>> import nabolag
>>> summary = nabolag.build("my-municipality")  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nabolag._version import __version__

if TYPE_CHECKING:
    from nabolag.pipeline import build as build
    from nabolag.store import Workspace as Workspace


__all__ = ["Workspace", "__version__", "build"]

_LAZY = {"build": "nabolag.pipeline", "Workspace": "nabolag.store"}


def __getattr__(name: str) -> Any:
    """Load a public name from its room at first use."""
    if name not in _LAZY:
        raise AttributeError(f"module 'nabolag' has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415

    return getattr(import_module(_LAZY[name]), name)
