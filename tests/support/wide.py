"""The sample with a country around it and figures by group, for tests of what pages add then.

The country «Landet» holds two municipalities: the sample's own and «Nabo». «Low income» and
«rent» have figures by sex and age, from districts up; in the municipality «low income» also has
figures by a background grouping. The figures are invented.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import shapely

from nabolag.core import Status
from nabolag.store import Release, conform, indicator_as_dict, write_bundle
from nabolag.store.frames import AREAS, LINKS, OBSERVATIONS, SHAPES
from tests.support import sample

PLACES = (("land", "0"), ("kommune", "9901"), ("kommune", "9902"), ("bydel", "990101"),
          ("bydel", "990102"))  # fmt: skip
SEXES = ("sex=female", "sex=male")
AGES = ("age_band=0-17", "age_band=18-66", "age_band=67+")
ORIGINS = ("immigration_category=A", "immigration_category=B")
GROUPED = ("low_income", "tenants")
#: One group of one district is hidden, one is missing, one is uncertain.
HIDDEN = ("990101", "low_income", "2017", "age_band=67+")
ABSENT = ("990102", "low_income", "2017", "age_band=67+")
UNSURE = ("990102", "low_income", "2017", "age_band=0-17")


def _row(level: str, area: str, indicator: str, year: int, group: str, step: int) -> dict[str, Any]:
    share = 0.1 + 0.02 * step + 0.01 * year + (0.03 if level == "land" else 0.0)
    persons = 4000.0 if level == "land" else 500.0
    half = 1.96 * (share * (1 - share) / persons) ** 0.5
    row = {
        "level": level, "area": area, "geography": "2020", "indicator": indicator,
        "period": sample.PERIODS[year], "group": group, "reason": "", "mark": "",
        "source": sample.SOURCE.source, "value": share, "numerator": share * persons,
        "denominator": persons, "lower": share - half, "upper": share + half, "status": "value",
    }  # fmt: skip
    return _unlike(row)


def _unlike(row: dict[str, Any]) -> dict[str, Any]:
    """Return the row with the status that its place in the table is given."""
    key = (row["area"], row["indicator"], row["period"], row["group"])
    if key == UNSURE:
        return row | {"status": Status.UNRELIABLE.value}
    status = {HIDDEN: Status.SUPPRESSED_PRIMARY, ABSENT: Status.MISSING}.get(key)
    if status is None:
        return row
    blank = dict.fromkeys(("value", "numerator", "denominator", "lower", "upper"))
    reason = "numerator<5" if status is Status.SUPPRESSED_PRIMARY else ""
    return row | blank | {"status": status.value, "reason": reason}


def _rows() -> Iterator[dict[str, Any]]:
    for indicator in [entry.id for entry in sample.INDICATORS]:
        for level, area in (("land", "0"), ("kommune", "9902")):
            for year in range(len(sample.PERIODS)):
                yield _row(level, area, indicator, year, "", 1)
    for indicator in GROUPED:
        for level, area in PLACES:
            groups = (*SEXES, *AGES, *(ORIGINS if indicator == "low_income" else ()))
            for step, group in enumerate(groups):
                for year in range(len(sample.PERIODS)):
                    if group not in ORIGINS or level in ("kommune", "land"):
                        yield _row(level, area, indicator, year, group, step)


def observations() -> pl.DataFrame:
    """Return the sample's observations, those of country and neighbour, and those by group."""
    more = conform(pl.DataFrame(list(_rows()), infer_schema_length=None), OBSERVATIONS)
    return pl.concat([sample.observations(), more])


def areas() -> pl.DataFrame:
    """Return the sample's areas with the country and the neighbour."""
    rows = [{"level": "land", "code": "0", "name": "Landet", "geography": "2020"},
            {"level": "kommune", "code": "9902", "name": "Nabo", "geography": "2020"}]  # fmt: skip
    return pl.concat([sample.areas(), conform(pl.DataFrame(rows), AREAS)])


def links() -> pl.DataFrame:
    """Return the sample's links, and every area's link to the country."""
    inside = sample.areas().select("level", "code").iter_rows()
    rows = [{"level": level, "code": code, "parent_level": "land", "parent_code": "0"}
            for level, code in (*inside, ("kommune", "9902"))]  # fmt: skip
    return pl.concat([sample.links(), conform(pl.DataFrame(rows), LINKS)])


def shapes() -> pl.DataFrame:
    """Return the sample's shapes, and the two districts that they make."""
    southern = {"990101": 59.90, "990102": 59.91}
    rows = [("bydel", code, shapely.to_wkb(shapely.box(10.70, south, 10.76, south + 0.01)), 3.72)
            for code, south in southern.items()]  # fmt: skip
    return pl.concat([sample.shapes(), pl.DataFrame(rows, schema=SHAPES, orient="row")])


def write_wide_release(folder: Path, **about_it: Any) -> Release:
    """Write it as a release under `folder/releases` and open it; `about_it` describes it further."""
    frames = {
        "observations": observations(), "accumulation": sample.accumulation(),
        "reasons": sample.reasons(), "areas": areas(), "links": links(),
        "shapes": shapes(),
    }  # fmt: skip
    about = sample.about() | {
        "country": {"level": "land", "code": "0"},
        "levels": ["delbydel", "bydel", "kommune", "land"],
        **about_it,
    }
    documents = {
        "indicators": [indicator_as_dict(entry) for entry in sample.INDICATORS],
        "sources": [sample.SOURCE.as_dict()],
        "findings": [],
        "about": about,
    }
    return Release(write_bundle(folder / "releases", frames, documents, {"kind": "release"}))
