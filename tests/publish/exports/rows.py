"""Releases made of given observations, for tests of every format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import strategies as st

from nabolag.core import Status
from nabolag.store import Release, conform, indicator_as_dict, write_bundle
from nabolag.store.frames import AREAS, OBSERVATIONS
from tests.support import sample

KEY = ["level", "area", "indicator", "period", "group"]


def write_release(
    folder: Path,
    observations: pl.DataFrame | None = None,
    names: dict[str, str] | None = None,
    about: dict[str, Any] | None = None,
) -> Release:
    """The sample release with other observations, area names or facts."""
    areas = sample.areas()
    if names:
        areas = conform(areas.with_columns(pl.col("code").replace(names).alias("new")).with_columns(
            pl.when(pl.col("new") == pl.col("code")).then("name").otherwise("new").alias("name")
        ).drop("new"), AREAS)  # fmt: skip
    frames = {
        "observations": sample.observations() if observations is None else observations,
        "accumulation": sample.accumulation(),
        "reasons": sample.reasons(),
        "areas": areas,
        "links": sample.links(),
        "shapes": sample.shapes(),
    }
    documents = {
        "indicators": [indicator_as_dict(i) for i in sample.INDICATORS],
        "sources": [sample.SOURCE.as_dict()],
        "findings": [],
        "about": sample.about() | (about or {}),
    }
    return Release(write_bundle(folder / "releases", frames, documents, {"kind": "release"}))


_YEARS = ["2015", "2016", "2017"]
_NUMBER = st.floats(allow_nan=False, allow_infinity=False, width=64)


@st.composite
def _row(draw: st.DrawFn) -> dict[str, Any]:
    status = draw(st.sampled_from(list(Status)))
    shown = status.has_value
    number = draw(_NUMBER) if shown else None
    maybe = st.none() | _NUMBER
    return {
        "value": number,
        "numerator": draw(maybe) if shown else None,
        "denominator": draw(maybe) if shown else None,
        "lower": draw(maybe) if shown else None,
        "upper": draw(maybe) if shown else None,
        "status": status.value,
        "reason": draw(st.sampled_from(["", "numerator<5", "denominator<5"])),
        "geography": draw(st.sampled_from(["2019", "2020"])),
    }


@st.composite
def observation_frames(draw: st.DrawFn, years_only: bool = False) -> pl.DataFrame:
    """Some observations of the sample's areas and indicators, any status, any group."""
    keys = st.tuples(
        st.just("delbydel"),
        st.sampled_from(sorted(sample.AREA_NAMES)),
        st.sampled_from([i.id for i in sample.INDICATORS]),
        st.sampled_from(_YEARS if years_only else [*_YEARS, "2016-2018", "2017/2018", "2018K4"]),
        st.sampled_from(["", "sex=women", "age=0-17;sex=men"]),
    )
    chosen = draw(st.lists(keys, min_size=1, max_size=25, unique=True))
    rows = [
        dict(zip(KEY, key, strict=True)) | draw(_row()) | {"mark": "", "source": "deliveries"}
        for key in chosen
    ]
    return conform(pl.DataFrame(rows, infer_schema_length=None), OBSERVATIONS)
