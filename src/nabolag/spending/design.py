"""From a table of units to the numbers of one regression, with everything that was left out."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from nabolag.core import Finding, Place, Severity, UserError, raise_errors
from nabolag.spending.checks import alone, check_scales, codes_of
from nabolag.spending.derive import YEAR, absent, with_derived, with_products
from nabolag.spending.spec import Inference, Regression

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Design:
    """The numbers of one regression.

    `x` has a column for each of `terms`, then one for each year dummy; `groups` holds codes
    from 0 of each fixed effect and of the cluster. `left_out` counts rows that lack a column, and
    under the empty name all that lack any.
    """

    regression: Regression
    terms: tuple[str, ...]
    y: Floats
    x: Floats
    groups: Mapping[str, Ints]
    weight: Floats | None
    unit: pl.Series | None = field(repr=False)
    years: tuple[int, int] | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @cached_property
    def units(self) -> Ints | None:
        """A number from 0 for each row's unit, or nothing where units are not told."""
        return None if self.unit is None else codes_of(self.unit)

    @property
    def n(self) -> int:
        """The number of rows."""
        return len(self.y)

    def group_count(self, name: str) -> int:
        """Return how many groups a grouping has."""
        return int(self.groups[name].max()) + 1 if name in self.groups else 0


def design_of(frame: pl.DataFrame, regression: Regression, inference: Inference) -> Design:
    """Return the numbers of a regression. Raises `UserError` for what cannot be estimated.

    `frame` has one row for each unit and year, columns named as the regression names them.
    """
    columns = _columns(regression)
    whole = with_derived(frame, (regression.outcome, *regression.variables))
    raise_errors(absent(whole, columns, _nearest(columns, frame)))
    chosen = _chosen(whole, regression)
    numbers = (regression.outcome, *regression.variables)
    weights = (regression.weight,) if regression.weight else ()
    chosen = _as_numbers(chosen, (*numbers, *weights))
    known = with_products(chosen.drop_nulls(list(columns)), regression.terms)
    left_out = _left_out(chosen, columns)
    known, single = _without_single(known, regression)
    findings = [*_told_missing(regression, left_out), *_told_alone(regression, single)]
    findings += check_scales(known, numbers)
    raise_errors(findings)
    design = _numbers(known, regression, left_out, tuple(findings))
    _refuse_few(design, inference)
    return design


def _without_single(frame: pl.DataFrame, regression: Regression) -> tuple[pl.DataFrame, int]:
    """Leave out rows that are alone in a fixed effect, and say how many they were."""
    single = alone([codes_of(frame[one]) for one in regression.fixed_effects])
    return (frame.filter(~single), int(single.sum())) if single.any() else (frame, 0)


def _columns(regression: Regression) -> tuple[str, ...]:
    """Return every column a row must have a value in."""
    wanted = [regression.outcome, *regression.variables, *regression.groupings]
    wanted += [YEAR] if regression.year_dummies or regression.years else []
    wanted += [*regression.where, regression.weight]
    return tuple(dict.fromkeys(one for one in wanted if one))


def _nearest(columns: tuple[str, ...], frame: pl.DataFrame) -> dict[str, str]:
    near = {one: difflib.get_close_matches(one, frame.columns, n=1) for one in columns}
    return {one: found[0] for one, found in near.items() if found}


def _chosen(frame: pl.DataFrame, regression: Regression) -> pl.DataFrame:
    """Return the rows the regression is about. Raises `UserError` where there are none."""
    rows = frame
    if regression.years is not None:
        rows = rows.filter(pl.col(YEAR).is_between(*regression.years))
    for column, kept in regression.where.items():
        texts = [str(one) for one in kept]
        as_text = pl.col(column).cast(pl.String).str.replace(r"\.0$", "")
        rows = rows.filter(as_text.is_in(texts))
    if rows.is_empty():
        asked = ", ".join(f"{column} = {'/'.join(map(str, kept))}"
                          for column, kept in regression.where.items())  # fmt: skip
        years = f"year = {regression.years[0]}–{regression.years[1]}" if regression.years else ""
        params = {"outcome": regression.outcome, "asked": ", ".join(filter(None, (years, asked)))}
        raise UserError(Finding("spending_no_rows", Severity.ERROR, params=params))
    return rows


def _as_numbers(frame: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """Return the frame with numbers in the columns. Raises `UserError` naming the first others."""
    made, wrong = [], []
    for name in dict.fromkeys(columns):
        column = frame[name]
        cast = column.cast(pl.Float64, strict=False)
        lost = cast.is_null() & column.is_not_null() | cast.is_infinite().fill_null(value=False)
        if lost.any():
            row = int(lost.arg_max() or 0)
            params = {"given": str(column[row]), "row": row + 1}
            place = Place(column=name)
            count = int(lost.sum())
            wrong.append(Finding("spending_not_a_number", Severity.ERROR, place, params, count))
        made.append(cast.fill_nan(None).alias(name))
    raise_errors(wrong)
    return frame.with_columns(made)


def _left_out(frame: pl.DataFrame, columns: tuple[str, ...]) -> dict[str, int]:
    """Return how many rows lack each column, and all that lack any under the empty name."""
    each = {one: int(frame[one].null_count()) for one in columns if frame[one].null_count()}
    lacking = frame.height - frame.drop_nulls(list(columns)).height
    return {**each, "": lacking} if lacking else {}


def _told_missing(regression: Regression, left_out: Mapping[str, int]) -> list[Finding]:
    if not left_out:
        return []
    which = ", ".join(f"{name} ({count})" for name, count in left_out.items() if name)
    params = {"outcome": regression.outcome, "columns": which}
    return [Finding("spending_rows_left_out", Severity.INFO, params=params, count=left_out[""])]


def _told_alone(regression: Regression, alone: int) -> list[Finding]:
    if not alone:
        return []
    params = {"outcome": regression.outcome, "effects": ", ".join(regression.fixed_effects)}
    return [Finding("spending_singletons", Severity.INFO, params=params, count=alone)]


def _refuse_few(design: Design, inference: Inference) -> None:
    """Refuse what could be solved back to single units, or told with no certainty at all."""
    regression = design.regression
    effects = sum(design.group_count(one) - 1 for one in regression.fixed_effects)
    free = design.n - design.x.shape[1] - 1 - effects
    if free < inference.least:
        params = {"outcome": regression.outcome, "rows": design.n, "free": free,
                  "least": inference.least}  # fmt: skip
        raise UserError(Finding("spending_too_few_rows", Severity.ERROR, params=params))
    raise_errors(_thin_sides(design, inference))


def _thin_sides(design: Design, inference: Inference) -> list[Finding]:
    """Name 0/1 variables with very few units on one side: their coefficient is those units."""
    found = []
    for at, name in enumerate(design.terms):
        values = design.x[:, at]
        if not np.all((values == 0) | (values == 1)):
            continue
        sides = [_units_where(design, values == side) for side in (0, 1)]
        if 0 < min(sides) < inference.least_in_group:
            params = {"variable": name, "least": inference.least_in_group}
            found.append(Finding("spending_thin_side", Severity.ERROR, params=params,
                                 count=min(sides)))  # fmt: skip
    return found


def _units_where(design: Design, rows: npt.NDArray[np.bool_]) -> int:
    if design.units is None:
        return int(rows.sum())
    return int((np.bincount(design.units, rows) > 0).sum())


def _numbers(
    frame: pl.DataFrame,
    regression: Regression,
    left_out: Mapping[str, int],
    told: tuple[Finding, ...],
) -> Design:
    columns = [frame[term].to_numpy() for term in regression.terms]
    return Design(
        regression=regression,
        terms=regression.terms,
        y=frame[regression.outcome].to_numpy().astype(np.float64),
        x=np.stack([*columns, *_dummies(frame, regression)]).astype(np.float64).T,
        groups={one: codes_of(frame[one]) for one in regression.groupings},
        weight=frame[regression.weight].to_numpy() if regression.weight else None,
        unit=frame[regression.unit] if regression.unit in frame.columns else None,
        years=_years(frame),
        left_out=left_out,
        findings=told,
    )


def _years(frame: pl.DataFrame) -> tuple[int, int] | None:
    """Return the first and the last year, where rows have one."""
    if YEAR not in frame.columns or not frame[YEAR].dtype.is_integer() or frame.is_empty():
        return None
    year = frame[YEAR].to_numpy()
    return int(year.min()), int(year.max())


def _dummies(frame: pl.DataFrame, regression: Regression) -> list[Floats]:
    if not regression.year_dummies:
        return []
    year = frame[YEAR].to_numpy()
    return [(year == one).astype(np.float64) for one in np.unique(year)[1:]]
