"""A table of regressions estimated on a table of units."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import polars as pl
from scipy.special import stdtr

from nabolag.core import Finding, UserError
from nabolag.spending.design import Design, design_of
from nabolag.spending.fitting import Fit, fit, require_library
from nabolag.spending.infer import Said, Told, tell
from nabolag.spending.result import (
    COEFFICIENTS,
    COLUMNS,
    CONSTANT,
    INFERENCE,
    SpendingResult,
    stars_of,
)
from nabolag.spending.spec import Inference, ModelSpec


def estimate(spec: ModelSpec, frame: pl.DataFrame, how: Inference | None = None) -> SpendingResult:
    """Estimate every column of a table.

    `frame` has a row for each unit and year and the columns that the table names. Raises one
    `UserError` with everything that is wrong in any column; then nothing is estimated.
    """
    require_library()
    inference = how or Inference()
    designs = _designs(spec, frame, inference)
    rows: dict[str, list[Mapping[str, Any]]] = {"columns": [], "coefficients": [], "inference": []}
    findings: list[Finding] = []
    for number, design in enumerate(designs, start=1):
        one = fit(design)
        told = tell(one, inference)
        findings += [*design.findings, *one.findings, *told.findings]
        rows["columns"].append(_column(number, one, told))
        rows["coefficients"] += _coefficients(number, one, told)
        rows["inference"] += [_said(number, said) for said in told.said]
    return SpendingResult(
        spec=spec,
        columns=pl.DataFrame(rows["columns"], schema=dict(COLUMNS)),
        coefficients=pl.DataFrame(rows["coefficients"], schema=dict(COEFFICIENTS)),
        inference=pl.DataFrame(rows["inference"], schema=dict(INFERENCE)),
        findings=_once(findings),
    )


def _designs(spec: ModelSpec, frame: pl.DataFrame, inference: Inference) -> list[Design]:
    made: list[Design] = []
    wrong: list[Finding] = []
    for regression in spec.columns:
        try:
            made.append(design_of(frame, regression, inference))
        except UserError as mistakes:
            wrong += mistakes.findings
    if wrong:
        raise UserError(*_once(wrong))
    return made


def _once(findings: list[Finding]) -> tuple[Finding, ...]:
    """Return findings without those that say the same as one before."""
    kept: list[Finding] = []
    for one in findings:
        if one not in kept:
            kept.append(one)
    return tuple(kept)


def _column(number: int, one: Fit, told: Told) -> Mapping[str, Any]:
    design, regression = one.design, one.design.regression
    effects = regression.fixed_effects
    years = design.years
    return {
        "column": number,
        "outcome": regression.outcome,
        "n": design.n,
        "units": None if design.units is None else int(design.units.max()) + 1,
        "r2": one.r2,
        "r2_kind": "within" if effects else "whole",
        "effects": "+".join(effects),
        "effect_groups": design.group_count(effects[0]) if effects else None,
        "errors": regression.errors,
        "cluster": regression.cluster,
        "clusters": told.groups or None,
        "lead": told.lead or "",
        "year_dummies": regression.year_dummies,
        "first_year": years[0] if years else None,
        "last_year": years[1] if years else None,
        "left_out": design.left_out.get("", 0),
    }


def _coefficients(number: int, one: Fit, told: Told) -> list[Mapping[str, Any]]:
    rows = [
        _coefficient(number, term, one, told)
        if term in one.names
        else {"column": number, "term": term, "stars": 0, "status": "superfluous"}
        for term in one.design.terms
    ]
    return [*rows, _constant(number, one, told)]


def _coefficient(number: int, term: str, one: Fit, told: Told) -> Mapping[str, Any]:
    leading = told.of(term, told.lead)
    report = told.of(term, one.design.regression.errors)
    p = _number(leading.p) if leading else None
    return {
        "column": number,
        "term": term,
        "estimate": float(one.estimate[one.names.index(term)]),
        "se": _number(report.se) if report else None,
        "report_p": _number(report.p) if report else None,
        "p": p,
        "lower": _number(leading.lower) if leading else None,
        "upper": _number(leading.upper) if leading else None,
        "stars": stars_of(p),
        "status": leading.status if leading else "too_few_groups",
    }


def _constant(number: int, one: Fit, told: Told) -> Mapping[str, Any]:
    """Return the constant: with fixed effects, the one that the means give (as Stata prints).

    It has the errors the report uses and no other; where another method leads, no stars.
    """
    constant = float(one.mean_y - one.mean_x @ one.estimate)
    p = _two_sided(constant, one.constant_se, one.df)
    plain = told.lead == one.design.regression.errors
    return {
        "column": number,
        "term": CONSTANT,
        "estimate": constant,
        "se": one.constant_se,
        "report_p": p,
        "p": p if plain else None,
        "stars": stars_of(p) if plain else 0,
        "status": "known",
    }


def _two_sided(value: float, error: float, df: int) -> float | None:
    return float(2 * stdtr(df, -abs(value) / error)) if error > 0 else None


def _said(number: int, said: Said) -> Mapping[str, Any]:
    return {
        "column": number,
        "term": said.term,
        "method": said.method,
        "status": said.status,
        "se": _number(said.se),
        "p": _number(said.p),
        "lower": _number(said.lower),
        "upper": _number(said.upper),
        "draws": said.draws or None,
        "weights": said.weights,
    }


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
