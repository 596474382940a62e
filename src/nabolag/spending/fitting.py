"""The estimate itself, by pyfixest; loaded when it is used, since it takes seconds to load."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from nabolag.core import Finding, Severity, error
from nabolag.spending.checks import MUCH_INFLATED, Floats, inflation
from nabolag.spending.design import Design

Bools: TypeAlias = npt.NDArray[np.bool_]
LIBRARY: Final = "pyfixest"
EXTRA: Final = "spending"
_OUTCOME, _TERM, _GROUP, _WEIGHT = "y", "x", "g", "w"
#: Of a term's variation, the share within the effects below which there is none.
_NOTHING: Final = 1e-10
#: How near group means must be to zero before they count as taken out.
_TOLERANCE: Final = 1e-8


@dataclass(frozen=True)
class Fit:
    """What was estimated.

    `names` are the terms that could be estimated; `estimate`, `se` and `df` theirs, with the
    errors the regression asks for. `x`, `y` and `residual` are within the fixed effects and
    weighted, `x` with year dummies last. `mean_x` and `mean_y` are the (weighted) means,
    `constant_se` the error of the constant that they give. `r2` is within the fixed effects.
    """

    design: Design
    names: tuple[str, ...]
    estimate: Floats
    se: Floats
    df: int
    x: Floats
    y: Floats
    residual: Floats
    mean_x: Floats
    mean_y: float
    constant_se: float
    r2: float
    superfluous: tuple[str, ...] = ()
    inflated: dict[str, float] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def within(self) -> bool:
        """Tell whether fixed effects were taken out."""
        return bool(self.design.regression.fixed_effects)


def require_library() -> None:
    """Raise `UserError` where the library for estimation is not installed."""
    if find_spec(LIBRARY) is None:
        raise error("spending_library_absent", extra=EXTRA, library=LIBRARY)


def fit(design: Design) -> Fit:
    """Estimate a regression. Raises `UserError` where no term can be estimated."""
    scale = design.x.std(axis=0)
    kept = scale > 0
    while True:
        model = _model(design, kept, scale)
        gone = _without_variation(design, model, kept)
        if not gone.any():
            break
        kept = kept & ~gone
    return _fit_of(design, model, scale)


def _model(design: Design, kept: Bools, scale: Floats) -> Any:
    """Return pyfixest's own result, with columns scaled to one so that tolerances mean the same."""
    if not kept[: len(design.terms)].any():
        raise error("spending_nothing_to_estimate", outcome=design.regression.outcome,
                    terms=", ".join(design.terms))  # fmt: skip
    require_library()
    import pandas as pd  # noqa: PLC0415
    import pyfixest  # noqa: PLC0415

    effects = design.regression.fixed_effects
    columns: dict[str, Any] = {_OUTCOME: design.y}
    for at in np.flatnonzero(kept):
        columns[f"{_TERM}{at}"] = design.x[:, at] / scale[at]
    names = {one: f"{_GROUP}{at}" for at, one in enumerate(design.groups)}
    columns |= {names[one]: codes for one, codes in design.groups.items()}
    if design.weight is not None:
        columns[_WEIGHT] = design.weight
    terms = " + ".join(f"{_TERM}{at}" for at in np.flatnonzero(kept))
    formula = f"{_OUTCOME} ~ {terms}"
    formula += f" | {' + '.join(names[one] for one in effects)}" if effects else ""
    cluster = design.regression.cluster
    errors: Any = {"CRV1": names[cluster]} if design.regression.errors == "cluster" else "HC1"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pyfixest.feols(
            formula,
            data=pd.DataFrame(columns, copy=False),
            vcov=errors,
            weights=_WEIGHT if design.weight is not None else None,
            fixef_rm="none",
            fixef_tol=_TOLERANCE,
            copy_data=False,
            store_data=False,
        )


def _positions(model: Any) -> list[int]:
    """Return which columns of the design pyfixest estimated, in its order, without the constant."""
    names = [str(name) for name in model._coefnames]
    return [int(name[len(_TERM) :]) for name in names if name.startswith(_TERM)]


def _without_variation(design: Design, model: Any, kept: Bools) -> Bools:
    """Tell which columns have next to nothing left within the fixed effects."""
    gone = np.zeros(design.x.shape[1], dtype=bool)
    if not design.regression.fixed_effects:
        return gone
    within = (np.asarray(model._X) ** 2).sum(axis=0)
    total = design.n if design.weight is None else design.weight.sum()
    for at, size in zip(_positions(model), within, strict=True):
        gone[at] = size < _NOTHING * total
    return gone & kept


def _fit_of(design: Design, model: Any, spread: Floats) -> Fit:
    positions = _positions(model)
    shift = len(model._coefnames) - len(positions)
    scale = spread[positions]
    order = np.argsort(positions)
    at = np.asarray(positions)[order]
    estimate = (np.asarray(model._beta_hat)[shift:] / scale)[order]
    se = (np.asarray(model._se)[shift:] / scale)[order]
    x = (np.asarray(model._X)[:, shift:] * scale)[:, order]
    named = tuple(design.terms[one] for one in at if one < len(design.terms))
    superfluous = tuple(term for term in design.terms if term not in named)
    weight = design.weight if design.weight is not None else np.ones(design.n)
    whole = Fit(
        design=design,
        names=named,
        estimate=estimate,
        se=se,
        df=_freedom(design, model),
        x=x,
        y=np.asarray(model._Y).ravel(),
        residual=np.asarray(model._u_hat).ravel(),
        mean_x=np.asarray(np.average(design.x[:, at], axis=0, weights=weight)),
        mean_y=float(np.average(design.y, weights=weight)),
        constant_se=float(model._se[0]) if shift else _constant_error(design, model, weight),
        r2=float(model._r2_within if design.regression.fixed_effects else model._r2),
        superfluous=superfluous,
        inflated=_inflated(x, named, weight, bool(design.regression.fixed_effects)),
    )
    return _with_findings(whole)


def _constant_error(design: Design, model: Any, weight: Floats) -> float:
    """Return the error of the constant beside fixed effects: what each row moves it by, squared.

    The constant is the mean of the outcome less what the terms' means explain; where the
    errors are clustered, what rows move it by is summed by group first.
    """
    positions = _positions(model)
    x = np.asarray(model._X)
    means = np.average(design.x[:, positions], axis=0, weights=weight)
    sizes = design.x[:, positions].std(axis=0)
    row = np.linalg.solve(x.T @ x, means / sizes)
    moved = (np.sqrt(weight) / weight.sum() - x @ row) * np.asarray(model._u_hat).ravel()
    cluster = design.regression.cluster
    if design.regression.errors == "cluster":
        moved = np.bincount(design.groups[cluster], moved)
    return float(np.sqrt(np.asarray(model._ssc).ravel()[0] * (moved**2).sum()))


def _freedom(design: Design, model: Any) -> int:
    if design.regression.errors == "cluster":
        return design.group_count(design.regression.cluster) - 1
    return int(design.n - model._df_k)


def _inflated(x: Floats, names: Sequence[str], weight: Floats, within: bool) -> dict[str, float]:
    """Return how much the variance of each term is inflated by the others, where it is much."""
    root = np.sqrt(weight)[:, None]
    rows = x if within else x - root * np.average(x / root, axis=0, weights=weight)
    factors = inflation(rows)[: len(names)]
    return {name: float(f) for name, f in zip(names, factors, strict=True) if f > MUCH_INFLATED}


def _with_findings(one: Fit) -> Fit:
    outcome = one.design.regression.outcome
    told: list[Finding] = []
    if one.superfluous:
        params = {"outcome": outcome, "terms": ", ".join(one.superfluous)}
        told.append(Finding("spending_term_superfluous", Severity.WARNING, params=params))
    if one.inflated:
        terms = ", ".join(f"{name} ({factor:.0f})" for name, factor in one.inflated.items())
        params = {"outcome": outcome, "terms": terms}
        told.append(Finding("spending_terms_alike", Severity.INFO, params=params))
    return replace(one, findings=tuple(told))
