"""One area and what lies in it, with everything larger around: the rest is left out."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from nabolag.core import Level
from nabolag.geography.register import AreaRegister


def focused(register: AreaRegister, level: Level, code: str) -> AreaRegister:
    """Return the register without smaller areas that lie elsewhere than in one area.

    Areas of the area's own level and of every coarser level stay: they are what it is compared
    with. Finer areas stay where they lie in it.
    """
    outside = smaller_elsewhere(register, level, code)
    key = ["level", "code"]
    gone = outside.rename({"level": "parent_level", "code": "parent_code"})
    return replace(
        register,
        areas=register.areas.join(outside, on=key, how="anti"),
        links=register.links.join(outside, on=key, how="anti").join(
            gone, on=["parent_level", "parent_code"], how="anti"
        ),
        shapes=register.shapes.join(outside, on=key, how="anti"),
        marks=register.marks.join(outside, on=key, how="anti"),
    )


def smaller_elsewhere(register: AreaRegister, level: Level, code: str) -> pl.DataFrame:
    """Return the areas (`level`, `code`) finer than a level that do not lie in one area of it."""
    coarser = [one.value for one in list(Level)[: list(Level).index(level) + 1]]
    finer = register.areas.filter(pl.col("level").is_in(coarser).not_()).select("level", "code")
    inside = register.children(level, code)
    return finer.join(inside, on=["level", "code"], how="anti").unique(maintain_order=True)
