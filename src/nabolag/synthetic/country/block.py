"""A block of municipalities: they live side by side, and are written as one part a year."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from nabolag.registers import CONTRACTS, write_part
from nabolag.synthetic.country.exchange import Incoming, Offer
from nabolag.synthetic.country.spec import BlockPlan
from nabolag.synthetic.demand import Cells
from nabolag.synthetic.ground import lay_ground
from nabolag.synthetic.life import Life
from nabolag.synthetic.moving import wanted_cells
from nabolag.synthetic.year import Half


class Block:
    """Lives and writes some municipalities. Call `leave` and `come` in turn, year by year."""

    def __init__(self, plan: BlockPlan, registers: Path) -> None:
        """Found every town of the block."""
        self._plan, self._registers = plan, registers
        self._lives = [Life(lay_ground(p.spec), p.demands) for p in plan.plans]
        self._halves: list[Half] = []
        self._rows: dict[str, int] = dict.fromkeys(CONTRACTS, 0)
        self._persons: dict[int, int] = {}

    def leave(self) -> list[Offer]:
        """Write the year's records, let people leave, and say who has and how many may come."""
        year = self._lives[0].year
        self._write([life.records() for life in self._lives], year)
        self._halves = [life.leave() for life in self._lives]
        return [_offer(life, half) for life, half in zip(self._lives, self._halves, strict=True)]

    def come(self, incoming: Sequence[Incoming]) -> None:
        """Let people come, and write what happened during the year."""
        year = self._lives[0].year
        happened = [
            {"population_event": life.come(half, new.people, new.origin, new.gone)}
            for life, half, new in zip(self._lives, self._halves, incoming, strict=True)
        ]
        self._halves = []
        self._write(happened, year)

    def _write(self, frames: Sequence[dict[str, pl.DataFrame]], year: int) -> None:
        for name in frames[0]:
            whole = pl.concat([own[name] for own in frames])
            write_part(whole, self._registers, CONTRACTS[name], year, self._plan.number)
            self._rows[name] += whole.height
            if name == "person":
                self._persons[year] = whole.height

    def told(self) -> dict[str, Any]:
        """Return what was written, and what is true of each municipality."""
        return {
            "rows": self._rows,
            "persons": self._persons,
            "municipalities": [life.truth() for life in self._lives],
        }


def _offer(life: Life, half: Half) -> Offer:
    """Return who left a municipality, where each lived, and how many it wants."""
    codes = np.array([int(code) for code in life.ground.areas.codes])
    demand, next_year = half.demand, half.year + 1
    if isinstance(demand, Cells):
        wanted = wanted_cells(half.now, next_year, demand)
    else:
        wanted = np.array([max(0, demand.persons - len(half.now.people))])
    return Offer(half.leavers.people, codes[half.leavers.area], wanted)
