"""One synthetic municipality for the whole room: it is the same every time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from nabolag.registers import CONTRACTS, scan_register
from nabolag.synthetic import Facts, Ground, MunicipalitySpec, lay_ground, write_municipality

SEED = 2026  # what «nabolag demo» makes unless told otherwise


@dataclass(frozen=True)
class Town:
    """A written municipality and what lies in its folder."""

    folder: Path
    facts: Facts

    @cached_property
    def truth(self) -> dict[str, Any]:
        return dict(json.loads((self.folder / "truth.json").read_text(encoding="utf-8")))

    @cached_property
    def frames(self) -> dict[str, pl.DataFrame]:
        return {
            name: scan_register(self.folder / "registers", name).collect()
            for name in CONTRACTS
            if self.facts.rows[name]
        }

    @cached_property
    def ground(self) -> Ground:
        return lay_ground(MunicipalitySpec(SEED))


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    folder = tmp_path_factory.mktemp("fjordvik")
    return Town(folder, write_municipality(folder, seed=SEED))
