"""Areas with planted differences and movements, and the noise that few people make."""

from __future__ import annotations

import numpy as np
import polars as pl

from nabolag.analysis.method import Given
from nabolag.indicators import load_catalogue
from nabolag.indicators.figures import wilson
from nabolag.store import conform, empty
from nabolag.store.frames import AREAS, LINKS, OBSERVATIONS, SHAPES

INDICATORS = ("low_income_households", "crowded_households", "tenant_households",
              "low_education", "outside_work_education_20_29")  # fmt: skip
BASE = np.array([0.10, 0.08, 0.25, 0.22, 0.12])
YEARS = tuple(range(2019, 2025))


def given(
    effect: np.ndarray, slope: np.ndarray, people: int = 900, seed: int = 1, share: float = 1.0
) -> Given:
    """Areas whose shares are the municipality's times exp(effect + slope · years before the last).

    `effect` and `slope` are numbers an area; people an area vary around `people`. `share` is how
    large a part of the effect every indicator has.
    """
    chance = np.random.default_rng(seed)
    areas, years = len(effect), len(YEARS)
    count = np.maximum(chance.poisson(people, (areas, 1, 1)), 50)
    back = np.arange(years) - (years - 1)
    log = share * (effect[:, None, None] + slope[:, None, None] * back[None, None, :])
    odds = (BASE / (1 - BASE))[None, :, None] * np.exp(log)
    true = odds / (1 + odds)
    cases = chance.binomial(np.broadcast_to(count, true.shape), true)
    codes = [f"{9901:04d}{n:04d}" for n in range(areas)]
    index = np.indices(true.shape)
    frame = pl.DataFrame(
        {
            "level": "grunnkrets",
            "area": np.array(codes)[index[0].ravel()],
            "indicator": np.array(INDICATORS)[index[1].ravel()],
            "period": np.array([str(y) for y in YEARS])[index[2].ravel()],
            "numerator": cases.ravel().astype(float),
            "denominator": np.broadcast_to(count, true.shape).ravel().astype(float),
        }
    )
    town = frame.group_by("indicator", "period", maintain_order=True).agg(
        pl.col("numerator").sum(), pl.col("denominator").sum()
    ).with_columns(level=pl.lit("kommune"), area=pl.lit("9901"))  # fmt: skip
    rows = pl.concat([frame, town.select(frame.columns)]).with_columns(
        *wilson(pl.col("numerator"), pl.col("denominator")),
        value=pl.col("numerator") / pl.col("denominator"),
        status=pl.lit("value"), group=pl.lit(""),
    )  # fmt: skip
    links = pl.DataFrame([("grunnkrets", c, "kommune", "9901") for c in codes], schema=LINKS,
                         orient="row")  # fmt: skip
    return Given(conform(rows, OBSERVATIONS), load_catalogue(), conform(links, LINKS),
                 empty(AREAS), empty(SHAPES))  # fmt: skip
