"""What may leave the house: small counts hidden, and what would give them away with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from nabolag.core import Finding, Indicator
from nabolag.disclosure.overlaps import without_differences
from nabolag.disclosure.primary import NUMBERS, SHOWN, primarily
from nabolag.disclosure.rounding import set_apart
from nabolag.disclosure.rules import DEFAULT_RULE, DisclosureRule
from nabolag.disclosure.totals import totals_beside_hidden


@dataclass(frozen=True, slots=True)
class Protected:
    """Observations that may leave the house, a summary for the release, and findings.

    `summary` holds `rules` (as declared, or the default), `hidden` (figures by status),
    `hidden_by_reason`, `totals_beside_hidden` where links were given, and `rounding` where any
    figure was rounded: base, indicators, and how far figures were moved.
    """

    observations: pl.DataFrame
    summary: Mapping[str, Any]
    findings: tuple[Finding, ...]


def protect(
    observations: pl.DataFrame,
    rules: Sequence[DisclosureRule],
    catalogue: Mapping[str, Indicator],
    links: pl.DataFrame | None = None,
    before: Sequence[pl.DataFrame] = (),
) -> Protected:
    """Hide figures below the thresholds of their rules, or round them where these say so.

    A hidden figure loses value, numerator, denominator and bounds, and keeps its reason. What a
    producer has hidden stays hidden. Statuses only get stronger, and protecting twice is the
    same as once. With `links`, the summary says whether totals stand beside hidden figures.
    A figure that is rounded must have all its numbers (`rounding.set_apart`, which also raises);
    what was shown `before` (`store.ledger.SHOWN`, oldest first) is rounded as it was then.
    Raises `KeyError` for an indicator that the catalogue does not have.
    """
    apart = set_apart(observations, rules, catalogue, links, before)
    judged, findings = primarily(apart.rest, rules, catalogue, links)
    safe = without_numbers(judged)
    if links is not None:
        safe, told = without_differences(safe, rules, catalogue, links)
        findings = (*findings, *told)
    whole, findings = apart.joined(safe), (*apart.findings, *findings)
    summary = {**_summary(whole, rules), **({"rounding": apart.summary} if apart.summary else {})}
    if links is not None:
        beside = totals_beside_hidden(safe, links)
        summary["totals_beside_hidden"] = beside is not None
        findings = (*findings, *([beside] if beside else []))
    return Protected(whole, summary, findings)


def without_numbers(judged: pl.DataFrame) -> pl.DataFrame:
    """Return the observations without the numbers of what is not shown."""
    return judged.with_columns(
        pl.when(pl.col("status").is_in(SHOWN)).then(pl.col(name)).alias(name) for name in NUMBERS
    )


def _summary(safe: pl.DataFrame, rules: Sequence[DisclosureRule]) -> dict[str, Any]:
    hidden = safe.filter(pl.col("status").str.starts_with("suppressed"))
    by_status = hidden.group_by("status").len().sort("status").rows()
    by_reason = hidden.group_by("reason").len().sort("reason").rows()
    return {
        "rules": [rule.as_dict() for rule in rules] or [DEFAULT_RULE.as_dict()],
        "hidden": dict(by_status),
        "hidden_by_reason": dict(by_reason),
    }
