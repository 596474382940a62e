"""Areas planted with heavy challenges among invented figures of any size are found."""

from __future__ import annotations

import polars as pl
import pytest
from benchmarks.accumulation import Size, one_pass, planted_are_found, task


@pytest.mark.parametrize("seed", [1, 2])
def test_planted_areas_have_the_heaviest_class_every_year(seed: int) -> None:
    given = task(Size(areas=400, years=3), seed)
    result = given.run()
    assert planted_are_found(given, result)
    last = result.table.filter(pl.col("area").is_in(given.heavy), pl.col("period") == "2012")
    assert set(last["years"]) == {3}
    assert one_pass(given.observations).height == 2 * 3 * 5


def test_areas_that_are_not_heavy_would_be_told() -> None:
    given = task(Size(areas=400, years=2))
    light = given.observations.with_columns(pl.lit(0.5).alias("value"))
    mixed = type(given)(given.method, light, given.catalogue, given.links, given.heavy)
    assert not planted_are_found(mixed, mixed.run())
