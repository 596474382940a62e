"""The columns that rooms hand one another, named once. No dataframe library is imported.

Types are the names the store maps to its engine: `str`, `f64`, `i64`, `date`, `bytes`.
"""

from __future__ import annotations

from typing import Final

#: One row an observation. `group` is "" for everybody, else `name=value` pairs joined by `;`.
#: `reason` says why a figure is hidden or unreliable; `mark` is the producer's own mark.
OBSERVATIONS: Final[dict[str, str]] = {
    "level": "str",
    "area": "str",
    "geography": "str",
    "indicator": "str",
    "period": "str",
    "group": "str",
    "value": "f64",
    "numerator": "f64",
    "denominator": "f64",
    "lower": "f64",
    "upper": "f64",
    "status": "str",
    "reason": "str",
    "mark": "str",
    "source": "str",
}
OBSERVATION_KEY: Final = ("level", "area", "indicator", "period", "group")
#: The numbers of an observation: all of them are taken away where it is hidden.
OBSERVATION_NUMBERS: Final = ("value", "numerator", "denominator", "lower", "upper")

#: One row a delivered figure, before it means anything. A source's own dimensions follow as
#: further `str` columns. `row` is the row number in the delivered file, as a user sees it.
CELLS: Final[dict[str, str]] = {
    "row": "i64",
    "level": "str",
    "area": "str",
    "period": "str",
    "measure": "str",
    "value": "f64",
    "status": "str",
    "mark": "str",
}

#: Who stands behind an amount: one row a contributor (a school, an employer, a unit of accounts) of
#: an observation that is a sum of theirs. `amount` is in the unit of the sum, and never below 0.
CONTRIBUTIONS: Final[dict[str, str]] = {
    **dict.fromkeys(OBSERVATION_KEY, "str"),
    "source": "str",
    "contributor": "str",
    "amount": "f64",
}

AREAS: Final[dict[str, str]] = {
    "level": "str",
    "code": "str",
    "name": "str",
    "valid_from": "date",
    "valid_to": "date",
    "geography": "str",
}
#: Which area lies in which. One area may lie in several, at different levels.
LINKS: Final[dict[str, str]] = {
    "level": "str",
    "code": "str",
    "parent_level": "str",
    "parent_code": "str",
}
#: Shapes in EPSG:4326 as well-known binary; `area_km2` measured in EPSG:25833.
SHAPES: Final[dict[str, str]] = {
    "level": "str",
    "code": "str",
    "wkb": "bytes",
    "area_km2": "f64",
}

#: Places in degrees (EPSG:4326), null where they have no coordinates. `municipality` is what the
#: file says, not where the point was found to lie. `how` is `inside`, `near` (outside every area,
#: but close to one), `outside` or `no_point`; `at_level` the finest level that has the point in an
#: area, and `to_border_m` how far that area's border is. Which areas it lies in are `LINKS` of
#: their own: figures are never summed along them.
POINTS: Final[dict[str, str]] = {
    "level": "str",
    "code": "str",
    "name": "str",
    "lon": "f64",
    "lat": "f64",
    "municipality": "str",
    "how": "str",
    "at_level": "str",
    "to_border_m": "f64",
    "source": "str",
}

#: Which areas' pupils belong to which school. `share` is the part of the area's pupils that do;
#: `to_year` the last year in which it holds, null where it still does. Each `source` is a division
#: of its own: primary and lower secondary schools, for example.
CATCHMENTS: Final[dict[str, str]] = {
    "school": "str",
    "level": "str",
    "area": "str",
    "share": "f64",
    "from_year": "i64",
    "to_year": "i64",
    "source": "str",
}

#: `class` is one of `0`, `1`, `2-3`, `4+`; `count` the number of flagged challenges, `known` the
#: number that could be judged; `reasons` the flagged indicators joined by `;`; `years` how many
#: periods in a row, ending with this one, the area has had this class or a heavier one.
ACCUMULATION: Final[dict[str, str]] = {
    "level": "str",
    "area": "str",
    "period": "str",
    "class": "str",
    "count": "i64",
    "known": "i64",
    "reasons": "str",
    "years": "i64",
}
#: Each indicator of each area and year beside the municipality and the country. `period` is the
#: year that is classified, `used_period` the one the figure is from; `years` counts the
#: indicator's own periods in a row, ending with the used one, in which the area was flagged.
REASONS: Final[dict[str, str]] = {
    "level": "str",
    "area": "str",
    "period": "str",
    "indicator": "str",
    "value": "f64",
    "status": "str",
    "threshold": "f64",
    "flagged": "bool",
    "municipality": "f64",
    "country": "f64",
    "to_municipality": "f64",
    "to_country": "f64",
    "years": "i64",
    "used_period": "str",
}
