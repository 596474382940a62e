"""One part of a release beside the figures of areas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from nabolag.core import Finding
from nabolag.store import empty
from nabolag.store.frames import OBSERVATIONS


@dataclass(frozen=True, slots=True)
class Part:
    """A document by its name, and tables by theirs; `counted` are protected counts among them."""

    name: str
    document: Any
    frames: Mapping[str, pl.DataFrame]
    findings: tuple[Finding, ...] = ()
    counted: pl.DataFrame = field(default_factory=lambda: empty(OBSERVATIONS))
