"""How sure an estimate is, told in every way that is asked for, and which way leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from scipy.special import stdtr, stdtrit

from nabolag.core import Finding, Severity
from nabolag.spending.chance import can_be_dealt, deal
from nabolag.spending.fitting import Fit
from nabolag.spending.groups import Groups, grouped
from nabolag.spending.spec import Inference
from nabolag.spending.wild import Draws, draw, wild

Method = Literal["robust", "cluster", "jackknife", "wild", "randomisation"]
#: `known`; `open` where the interval has no end; the others have no number, for that reason.
Status = Literal["known", "open", "too_few_groups", "one_group_decides", "effects_cross_groups"]
#: Fewer signs than this and Webb's weights are used: at 1 in 1024 nothing coarser is lost.
_FEW_SIGNS: Final = 1_024


@dataclass(frozen=True)
class Said:
    """What one method says of one term; numbers are not a number where `status` says why."""

    term: str
    method: Method
    status: Status = "known"
    se: float = np.nan
    p: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    draws: int = 0
    weights: str = ""


@dataclass(frozen=True)
class Told:
    """Everything said of a regression: `lead` is the method to go by, or nothing where none is."""

    said: tuple[Said, ...]
    lead: Method | None
    groups: int
    findings: tuple[Finding, ...] = ()

    def of(self, term: str, method: Method | None) -> Said | None:
        """Return what a method says of a term."""
        found = (one for one in self.said if one.term == term and one.method == method)
        return next(found, None)


def tell(fit: Fit, how: Inference) -> Told:
    """Say how sure each term is."""
    regression = fit.design.regression
    said = [*_by_t(fit, how, regression.errors, fit.se, fit.df)]
    if not regression.cluster:
        return Told((*said, *_by_chance(fit, how)), "robust", 0)
    count = fit.design.group_count(regression.cluster)
    groups = grouped(fit, fit.design.groups[regression.cluster]) if count > 1 else None
    if groups is None:
        return Told((*said, *_by_chance(fit, how)), None, count, _crossing(fit, count))
    if regression.errors != "cluster":
        errors = np.sqrt(np.diag(groups.variance()))[: fit.x.shape[1]]
        said += _by_t(fit, how, "cluster", errors, count - 1)
    said += _by_jackknife(fit, how, groups)
    lead, findings = _lead(fit, how, count)
    if lead == "wild":
        said += _by_draws(fit, how, groups)
    elif lead is None:
        said += [Said(term, "wild", "too_few_groups") for term in fit.names]
    return Told((*said, *_by_chance(fit, how)), lead, count, findings)


def _lead(fit: Fit, how: Inference, count: int) -> tuple[Method | None, tuple[Finding, ...]]:
    if count >= how.many:
        return "cluster", ()
    if count >= how.floor:
        return "wild", ()
    params = {"outcome": fit.design.regression.outcome, "groups": count, "floor": how.floor,
              "cluster": fit.design.regression.cluster}  # fmt: skip
    return None, (Finding("spending_too_few_groups", Severity.WARNING, params=params),)


def _crossing(fit: Fit, count: int) -> tuple[Finding, ...]:
    regression = fit.design.regression
    params = {"outcome": regression.outcome, "cluster": regression.cluster, "groups": count,
              "effects": ", ".join(regression.fixed_effects)}  # fmt: skip
    return (Finding("spending_effects_cross_groups", Severity.WARNING, params=params),)


def _by_t(fit: Fit, how: Inference, method: Method, errors: np.ndarray, df: int) -> list[Said]:
    """Return the t-test with given errors and degrees of freedom."""
    reach = float(stdtrit(df, 1 - how.alpha / 2))
    said = []
    for at, term in enumerate(fit.names):
        estimate, se = float(fit.estimate[at]), float(errors[at])
        if not np.isfinite(se):
            said.append(Said(term, method, "one_group_decides"))
            continue
        p = float(2 * stdtr(df, -abs(estimate) / se)) if se > 0 else 0.0
        ends = (estimate - reach * se, estimate + reach * se)
        said.append(Said(term, method, se=se, p=p, lower=ends[0], upper=ends[1]))
    return said


def _by_jackknife(fit: Fit, how: Inference, groups: Groups) -> list[Said]:
    return _by_t(fit, how, "jackknife", groups.jackknife(), groups.count - 1)


def weights_for(groups: int, how: Inference) -> Draws:
    """Return the bootstrap's weights: Webb's where there are few signs, unless others are asked."""
    kind = how.weights
    if kind == "auto":
        kind = "webb" if 2 ** (groups - 1) < _FEW_SIGNS else "rademacher"
    return draw(groups, how.draws, kind, how.seed)


def _by_draws(fit: Fit, how: Inference, groups: Groups) -> list[Said]:
    weights = weights_for(groups.count, how)
    said = []
    for at, term in enumerate(fit.names):
        one = wild(groups, at, weights, how.alpha)
        status: Status = "known" if np.isfinite([one.lower, one.upper]).all() else "open"
        named = f"{one.kind}, all" if one.enumerated else one.kind
        said.append(Said(term, "wild", status, p=one.p, lower=one.lower, upper=one.upper,
                         draws=one.draws, weights=named))  # fmt: skip
    return said


def _by_chance(fit: Fit, how: Inference) -> list[Said]:
    said = []
    for term in fit.names if how.permutations else ():
        if not can_be_dealt(fit, term):
            continue
        one = deal(fit, term, how.permutations, how.seed)
        if one is not None:
            said.append(Said(term, "randomisation", p=one.p, draws=one.deals))
    return said
