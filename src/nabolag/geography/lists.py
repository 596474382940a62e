"""Code lists and inline areas, read into areas and links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from nabolag.core import Finding
from nabolag.geography.spec import AreaListSpec


@dataclass(frozen=True, slots=True)
class AreaListRead:
    """What one `[[areas]]` gave: `areas` and `links` per `core.columns`. No errors inside."""

    spec: AreaListSpec
    areas: pl.DataFrame
    links: pl.DataFrame
    findings: tuple[Finding, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


def read_area_list(spec: AreaListSpec, path: Path | None = None, name: str = "") -> AreaListRead:
    """Read one `[[areas]]`. `path` and `name` are given where the specification has a file.

    Raises `UserError` holding every error found.
    """
    raise NotImplementedError
