"""Distances between areas in standardised traits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from nabolag.analysis.asked import latest_with
from nabolag.store.statuses import without_numbers

if TYPE_CHECKING:
    from nabolag.analysis.peers.spec import Peers

_BLOCK: Final = 200
_NEIGHBOURS: Final[dict[str, pl.DataType]] = {
    "area": pl.String(),
    "rank": pl.Int64(),
    "peer": pl.String(),
    "distance": pl.Float64(),
    "most_alike": pl.String(),
    "least_alike": pl.String(),
}


def trait_table(observations: pl.DataFrame, spec: Peers) -> tuple[pl.DataFrame, str]:
    """Return `area` and a column for each trait, null where it is not known, and the period.

    Without a period of its own the specification takes the latest that every trait has figures
    for; where there is none, the empty text and no rows.
    """
    figures = without_numbers(
        observations.filter(
            pl.col("level") == spec.level.value,
            pl.col("indicator").is_in(spec.traits),
            pl.col("group") == "",
        )
    )
    period = spec.period or latest_with(figures, len(spec.traits))
    wide = figures.filter(pl.col("period") == period).pivot(
        "indicator", index="area", values="value", on_columns=list(spec.traits)
    )
    return wide.select("area", *spec.traits).sort("area"), period


def nearest(traits: pl.DataFrame, names: Sequence[str], count: int) -> pl.DataFrame:
    """Return each area's nearest neighbours: `area`, `rank` from 1, `peer`, `distance`.

    `most_alike` and `least_alike` are the traits with the smallest and the largest difference.
    A trait that is the same everywhere parts nobody. Areas equally near stand in code order.
    """
    if traits.height < 2:
        return pl.DataFrame(schema=_NEIGHBOURS)
    codes, scaled = traits["area"].to_numpy(), _standardised(traits, names)
    kept = min(count, traits.height - 1)
    parts = [_block(codes, scaled, names, start, kept) for start in range(0, traits.height, _BLOCK)]
    return pl.concat(parts)


def _standardised(traits: pl.DataFrame, names: Sequence[str]) -> npt.NDArray[np.float64]:
    values = traits.select(names).cast(pl.Float64).to_numpy()
    spread = values.std(axis=0)
    scaled: npt.NDArray[np.float64] = np.where(
        spread > 0, (values - values.mean(axis=0)) / np.where(spread > 0, spread, 1.0), 0.0
    )
    return scaled


def _block(
    codes: npt.NDArray[np.str_],
    scaled: npt.NDArray[np.float64],
    names: Sequence[str],
    start: int,
    kept: int,
) -> pl.DataFrame:
    """Return the neighbours of some of the areas; memory is a block times the number of areas."""
    own = np.arange(start, min(start + _BLOCK, len(codes)))
    apart = np.abs(scaled[own, None, :] - scaled[None, :, :])
    distance = np.sqrt((apart**2).mean(axis=2))
    distance[np.arange(len(own)), own] = np.inf
    order = np.argsort(distance, axis=1, kind="stable")[:, :kept]
    rows = np.repeat(np.arange(len(own)), kept)
    peers = order.ravel()
    differences = apart[rows, peers]
    traits = np.array(names)
    return pl.DataFrame(
        {
            "area": codes[own[rows]],
            "rank": np.tile(np.arange(1, kept + 1), len(own)),
            "peer": codes[peers],
            "distance": distance[rows, peers],
            "most_alike": traits[differences.argmin(axis=1)],
            "least_alike": traits[differences.argmax(axis=1)],
        },
        schema=_NEIGHBOURS,
    )
