"""What may leave the house: small counts hidden, and what would give them away with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from nabolag.core import Finding, Indicator
from nabolag.disclosure.overlaps import without_differences
from nabolag.disclosure.primary import NUMBERS, SHOWN, primarily
from nabolag.disclosure.rules import DEFAULT_RULE, DisclosureRule
from nabolag.disclosure.totals import totals_beside_hidden


@dataclass(frozen=True, slots=True)
class Protected:
    """Observations that may leave the house, a summary for the release, and findings.

    `summary` holds `rules` (as declared, or the default), `hidden` (figures by status),
    `hidden_by_reason`, and `totals_beside_hidden` where links were given.
    """

    observations: pl.DataFrame
    summary: Mapping[str, Any]
    findings: tuple[Finding, ...]

    def hiding(self, observations: pl.DataFrame) -> Protected:
        """Return the same where other rules have hidden more, with what is hidden counted anew."""
        summary = {**self.summary, **_counts(observations)}
        return replace(self, observations=observations, summary=summary)


def protect(
    observations: pl.DataFrame,
    rules: Sequence[DisclosureRule],
    catalogue: Mapping[str, Indicator],
    links: pl.DataFrame | None = None,
) -> Protected:
    """Hide figures below the thresholds of their rules.

    A hidden figure loses value, numerator, denominator and bounds, and keeps its reason. What a
    producer has hidden stays hidden. Statuses only get stronger, and protecting twice is the
    same as once. With `links`, the summary says whether totals stand beside hidden figures.
    Raises `KeyError` for an indicator that the catalogue does not have.
    """
    judged, findings = primarily(observations, rules, catalogue, links)
    safe = without_numbers(judged)
    if links is not None:
        safe, told = without_differences(safe, rules, catalogue, links)
        findings = (*findings, *told)
    summary = _summary(safe, rules)
    if links is not None:
        beside = totals_beside_hidden(safe, links)
        summary["totals_beside_hidden"] = beside is not None
        findings = (*findings, *([beside] if beside else []))
    return Protected(safe, summary, findings)


def without_numbers(judged: pl.DataFrame) -> pl.DataFrame:
    """Return the observations without the numbers of what is not shown."""
    return judged.with_columns(
        pl.when(pl.col("status").is_in(SHOWN)).then(pl.col(name)).alias(name) for name in NUMBERS
    )


def _summary(safe: pl.DataFrame, rules: Sequence[DisclosureRule]) -> dict[str, Any]:
    told = [rule.as_dict() for rule in rules] or [DEFAULT_RULE.as_dict()]
    return {"rules": told, **_counts(safe)}


def _counts(safe: pl.DataFrame) -> dict[str, Any]:
    hidden = safe.filter(pl.col("status").str.starts_with("suppressed"))
    by_status = hidden.group_by("status").len().sort("status").rows()
    by_reason = hidden.group_by("reason").len().sort("reason").rows()
    return {"hidden": dict(by_status), "hidden_by_reason": dict(by_reason)}
