"""Figures beside what they are compared with: differences turned so that high is worse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from nabolag.analysis.arrays import Floats
from nabolag.analysis.errors import deviate
from nabolag.analysis.periods import targets
from nabolag.core import Finding, Indicator, Level, Period, Severity, Worse
from nabolag.geography import ancestors_of
from nabolag.store.statuses import without_numbers

if TYPE_CHECKING:
    from nabolag.analysis.development.spec import Development
    from nabolag.analysis.method import Given

#: A 95 % interval is so many standard errors wide.
_WIDE: Final = 2 * deviate(0.95)


@dataclass(frozen=True, slots=True)
class Differences:
    """Differences from the municipality or the country.

    `apart` and `errors` have the shape areas × indicators × years; `errors` are standard errors.
    What is not known is NaN. High is worse. `against` is each indicator's mean figure that areas
    are held against in the last year, 0 where there is none.
    """

    areas: Sequence[str]
    indicators: Sequence[str]
    years: Sequence[int]
    apart: Floats
    errors: Floats
    against: Floats


def differences(spec: Development, given: Given) -> tuple[Differences, list[Finding]]:
    """Return the differences of the level's areas in the last years, and what was noticed.

    Only years with the definition of the last one count. A figure whose counterpart is not
    released is not known, and that is told.
    """
    figures = _figures(spec, given)
    own = figures.filter(pl.col("level") == spec.level.value).drop("level")
    other, findings = _counterparts(spec, given, figures, own)
    beside = own.join(other, on=["area", "indicator", "year"], how="left")
    signs = {i: -1.0 if given.catalogue[i].worse is Worse.LOW else 1.0 for i in spec.indicators}
    turned = beside.with_columns(
        apart=(pl.col("value") - pl.col("against")) * pl.col("indicator").replace_strict(signs)
    ).drop_nulls("apart")
    years = _years(spec, turned)
    areas = _areas(spec, given, years[-1]) if years else []
    held = turned.filter(pl.col("year").is_in(years), pl.col("area").is_in(areas))
    kept = _same_definition(held, years, given.catalogue)
    return _cube(areas, spec.indicators, years, kept), findings


def _figures(spec: Development, given: Given) -> pl.DataFrame:
    """Return `level`, `area`, `indicator`, `year`, `value` and `error` of what is shown.

    One period stands for the year it ends in: the year itself where areas have it, else the one
    `targets` prefers. What they are compared with is of the same period.
    """
    rows = given.observations.filter(
        pl.col("indicator").is_in(spec.indicators), pl.col("group") == ""
    )
    shown = without_numbers(rows).drop_nulls("value")
    own = shown.filter(pl.col("level") == spec.level.value).select("indicator", "period").unique()
    kept = [
        (iid, period, Period.parse(period).end)
        for (iid,), held in own.group_by("indicator")
        for period in targets(held["period"])
    ]
    schema = {"indicator": pl.String(), "period": pl.String(), "year": pl.Int64()}
    years = pl.DataFrame(kept, schema=schema, orient="row")
    error = (pl.col("upper") - pl.col("lower")) / _WIDE
    return shown.join(years, on=["indicator", "period"]).select(
        "level", "area", "indicator", "value", "year", error.alias("error")
    )


def _counterparts(
    spec: Development, given: Given, figures: pl.DataFrame, own: pl.DataFrame
) -> tuple[pl.DataFrame, list[Finding]]:
    """Return `area`, `indicator`, `year` and the figure it is held `against`."""
    level = Level.KOMMUNE if spec.against == "municipality" else Level.LAND
    place = ancestors_of(given.links, level).filter(pl.col("level") == spec.level.value)
    above = figures.filter(pl.col("level") == level.value).select(
        "indicator", "year", against="value", parent_code="area"
    )
    found = place.select("parent_code", area="code").join(above, on="parent_code")
    told = found.select("indicator").unique()
    lacking = [i for i in spec.indicators if i not in set(told["indicator"])]
    findings = [
        Finding("development_no_counterpart", Severity.WARNING,
                params={"id": spec.id, "indicator": i, "level": level.value})
        for i in lacking if i in set(own["indicator"])
    ]  # fmt: skip
    return found.drop("parent_code"), findings


def _years(spec: Development, turned: pl.DataFrame) -> list[int]:
    """Return the last years, ending with the one asked for or the last with figures enough."""
    enough = (
        turned.group_by("year")
        .agg(pl.col("indicator").n_unique())
        .filter(pl.col("indicator") >= spec.known_needed)["year"]
    )
    latest = enough.max()
    last = Period.parse(spec.period).end if spec.period else latest
    if not isinstance(last, int):
        return []
    return list(range(last - spec.years + 1, last + 1))


def _areas(spec: Development, given: Given, last: int) -> list[str]:
    """Return the areas that the last year tells of, hidden or not; those that ended are not."""
    rows = given.observations.filter(
        pl.col("level") == spec.level.value,
        pl.col("indicator").is_in(spec.indicators),
        pl.col("group") == "",
    )
    told = rows.select("area", "period").unique()
    now = [period for period in told["period"].unique() if Period.parse(period).end == last]
    return told.filter(pl.col("period").is_in(now))["area"].unique().sort().to_list()


def _same_definition(
    figures: pl.DataFrame, years: Sequence[int], catalogue: Mapping[str, Indicator]
) -> pl.DataFrame:
    """Leave out years that a change of definition parts from the last."""
    pairs = figures.select("indicator", "year").unique().rows()
    broken = [
        pair for pair in pairs if catalogue[pair[0]].breaks_between(str(pair[1]), str(years[-1]))
    ]
    schema = {"indicator": pl.String(), "year": pl.Int64()}
    apart = pl.DataFrame(broken, schema=schema, orient="row")
    return figures.join(apart, on=["indicator", "year"], how="anti")


def _cube(
    areas: list[str], indicators: Sequence[str], years: Sequence[int], figures: pl.DataFrame
) -> Differences:
    shape = (len(areas), len(indicators), len(years))
    apart, errors = np.full(shape, np.nan), np.full(shape, np.nan)
    if figures.is_empty():
        return Differences(areas, indicators, years, apart, errors, np.zeros(len(indicators)))
    places = figures.select(
        pl.col("area").replace_strict({a: n for n, a in enumerate(areas)}, return_dtype=pl.Int64),
        pl.col("indicator").replace_strict(
            {i: n for n, i in enumerate(indicators)}, return_dtype=pl.Int64
        ),
        (pl.col("year") - years[0]).alias("year"),
    )
    at = tuple(places[name].to_numpy() for name in ("area", "indicator", "year"))
    apart[at] = figures["apart"].to_numpy()
    errors[at] = figures["error"].to_numpy()
    last = figures.filter(pl.col("year") == years[-1]).group_by("indicator")
    means = dict(last.agg(pl.col("against").abs().mean()).iter_rows())
    against = np.array([means.get(iid, 0.0) for iid in indicators])
    return Differences(areas, indicators, years, apart, errors, against)
