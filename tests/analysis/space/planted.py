"""A grid of square areas with planted high and low places."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import polars as pl
import shapely

from nabolag.analysis.method import Given
from nabolag.core import Indicator
from nabolag.indicators import load_catalogue
from nabolag.sources.vector_shapes import DEGREES, METRES, reprojected
from nabolag.store import conform, empty
from nabolag.store.frames import AREAS, LINKS, OBSERVATIONS, SHAPES

INDICATOR = "low_income_households"


@cache
def catalogue() -> Mapping[str, Indicator]:
    return load_catalogue()


def codes(side: int) -> list[str]:
    return [f"9901{n:04d}" for n in range(side * side)]


@cache
def grid(side: int) -> pl.DataFrame:
    """Squares of a kilometre, the first row in the south, as `SHAPES` of grunnkretser."""
    made = [shapely.box(*(1000 * np.array([x, y, x + 1, y + 1]) + np.tile([260_000, 6_640_000], 2)))
            for y in range(side) for x in range(side)]  # fmt: skip
    degrees = reprojected(np.array(made, dtype=object), METRES, DEGREES)
    rows = [("grunnkrets", code, shapely.to_wkb(one), 1.0)
            for code, one in zip(codes(side), degrees, strict=True)]  # fmt: skip
    return pl.DataFrame(rows, schema=SHAPES, orient="row")


def given(values: np.ndarray, **more) -> Given:
    """Areas of a grid with the values, NaN hidden; `more` replaces parts of what is given."""
    side = round(len(values) ** 0.5)
    frame = pl.DataFrame(
        {"level": "grunnkrets", "area": codes(side), "indicator": INDICATOR, "period": "2024",
         "group": "", "value": values,
         "status": ["value" if np.isfinite(v) else "suppressed_primary" for v in values]}
    ).with_columns(pl.col("value").fill_nan(None))  # fmt: skip
    areas = pl.DataFrame({"level": "grunnkrets", "code": codes(side), "name": codes(side)})
    parts = {
        "observations": conform(frame, OBSERVATIONS), "catalogue": catalogue(),
        "links": empty(LINKS), "areas": conform(areas, AREAS), "shapes": grid(side), **more,
    }  # fmt: skip
    return Given(**parts)


def patched(side: int, chance: np.random.Generator, high: slice, effect: float) -> np.ndarray:
    """Noise with mean 0.2 and one square of high places, `high` rows and columns of the grid."""
    values = 0.2 + chance.normal(0, 0.02, (side, side))
    values[high, high] += effect
    return values.ravel()
