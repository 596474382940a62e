"""What may leave the house: small counts hidden, and what would give them away with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from nabolag.core import Finding, Indicator
from nabolag.core.columns import OBSERVATION_KEY
from nabolag.disclosure.audit import Audit
from nabolag.disclosure.dominance import few_behind
from nabolag.disclosure.linked import Earlier, hide_linked
from nabolag.disclosure.overlaps import without_differences
from nabolag.disclosure.primary import primarily
from nabolag.disclosure.rounding import SetApart, set_apart
from nabolag.disclosure.rules import DEFAULT_RULE, DisclosureRule
from nabolag.store.statuses import without_numbers


@dataclass(frozen=True, slots=True)
class Protected:
    """Observations that may leave the house, a summary for the release, and findings.

    `summary` holds `rules` (as declared, or the default), `hidden` (figures by status),
    `hidden_by_reason`, `audit` (`Audit.as_dict`), and `rounding` where any figure was rounded:
    base, indicators, and how far figures were moved. `audit` names figures, for the house alone.
    """

    observations: pl.DataFrame
    summary: Mapping[str, Any]
    findings: tuple[Finding, ...]
    audit: Audit

    def hiding(self, observations: pl.DataFrame) -> Protected:
        """Return the same where other rules have hidden more, with what is hidden counted anew."""
        summary = {**self.summary, **_counts(observations)}
        return replace(self, observations=observations, summary=summary)


def protect(
    observations: pl.DataFrame,
    rules: Sequence[DisclosureRule],
    catalogue: Mapping[str, Indicator],
    links: pl.DataFrame,
    before: Sequence[Earlier] = (),
    contributions: pl.DataFrame | None = None,
) -> Protected:
    """Hide figures below the thresholds of their rules, and those that would give them away.

    Where the rules say so, figures are rounded instead (`rounding.set_apart`, which also raises).
    A hidden figure loses value, numerator, denominator and bounds, and keeps its reason. What a
    producer has hidden stays hidden. Statuses only get stronger, and protecting twice is the
    same as once. `links` are closed: they tell which areas add up. Areas of one's own that lie
    around others are hidden where the difference would show too few. `before` is what has left
    the house already, oldest first. `contributions` (`core.columns.CONTRIBUTIONS`) tell who stands
    behind amounts, where a rule asks for dominance. An error among the findings (a hidden figure
    that comes out all the same) must stop the release. Raises `KeyError` for an indicator that the
    catalogue does not have.
    """
    rounded = set_apart(observations, rules, catalogue, links, [one.figures for one in before])
    few, untried = few_behind(rounded.rest, contributions, rules, catalogue)
    judged, noticed = primarily(rounded.rest, rules, catalogue, links, few)
    apart, told = without_differences(judged, rules, catalogue, links, contributions)
    linked = hide_linked(apart, rules, catalogue, links, _not_rounded(before, rounded))
    safe = rounded.joined(without_numbers(linked.observations))
    summary = {**_summary(safe, rules), "audit": linked.audit.as_dict()}
    if rounded.summary:
        summary["rounding"] = rounded.summary
    findings = (*rounded.findings, *noticed, *untried, *told, *linked.findings)
    return Protected(safe, summary, findings, linked.audit)


def _not_rounded(before: Sequence[Earlier], rounded: SetApart) -> list[Earlier]:
    """Return what has left without figures that are rounded now: no hidden one is in their sums."""
    keys = rounded.rounded.select(OBSERVATION_KEY)
    return [
        Earlier(one.name, one.figures.join(keys, on=list(OBSERVATION_KEY), how="anti"))
        for one in before
    ]


def _summary(safe: pl.DataFrame, rules: Sequence[DisclosureRule]) -> dict[str, Any]:
    told = [rule.as_dict() for rule in rules] or [DEFAULT_RULE.as_dict()]
    return {"rules": told, **_counts(safe)}


def _counts(safe: pl.DataFrame) -> dict[str, Any]:
    hidden = safe.filter(pl.col("status").str.starts_with("suppressed"))
    by_status = hidden.group_by("status").len().sort("status").rows()
    by_reason = hidden.group_by("reason").len().sort("reason").rows()
    return {"hidden": dict(by_status), "hidden_by_reason": dict(by_reason)}
