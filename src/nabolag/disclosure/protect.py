"""Primary suppression: hide what says too much about few people, and say why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from nabolag.core import Finding, Indicator, Level, Severity, Status, Unit, source_ids
from nabolag.disclosure.overlaps import without_differences
from nabolag.disclosure.primary import NUMBERS, primary_reason
from nabolag.disclosure.rules import DEFAULT_RULE, DisclosureRule, rule_for
from nabolag.disclosure.totals import totals_beside_hidden
from nabolag.store import conform
from nabolag.store.frames import OBSERVATIONS

_SHOWN = [Status.VALUE.value, Status.UNRELIABLE.value]
_LEVELS = {level: place for place, level in enumerate(Level)}


@dataclass(frozen=True, slots=True)
class Protected:
    """Observations that may leave the house, a summary for the release, and findings.

    `summary` holds `rules` (as declared, or the default), `hidden` (figures by status),
    `hidden_by_reason`, and `totals_beside_hidden` where links were given.
    """

    observations: pl.DataFrame
    summary: Mapping[str, Any]
    findings: tuple[Finding, ...]


def protect(
    observations: pl.DataFrame,
    rules: Sequence[DisclosureRule],
    catalogue: Mapping[str, Indicator],
    links: pl.DataFrame | None = None,
) -> Protected:
    """Hide figures below the thresholds of their rules.

    A hidden figure loses value, numerator, denominator and bounds, and keeps its reason. What a
    producer has hidden stays hidden. Statuses only get stronger, and protecting twice is the
    same as once. With `links`, areas of one's own that lie around others are hidden where the
    difference would show too few, and the summary says whether totals stand beside hidden figures.
    Raises `KeyError` for an indicator that the catalogue does not have.
    """
    pairs = observations.select("indicator", "source").unique(maintain_order=True).rows()
    findings: list[Finding] = []
    pieces = [observations.clear()]
    for iid, source in pairs:
        rows = observations.filter((pl.col("indicator") == iid) & (pl.col("source") == source))
        rule = rule_for(iid, source, rules)
        findings += _relied_upon(rows, catalogue[iid], source, rule)
        pieces.append(_hidden(rows, catalogue[iid], rule, links))
    safe = _restored_order(observations, conform(pl.concat(pieces), OBSERVATIONS))
    if links is not None:
        safe, told = without_differences(safe, rules, catalogue, links)
        findings += told
    summary = _summary(safe, rules)
    if links is not None:
        beside = totals_beside_hidden(safe, links)
        summary["totals_beside_hidden"] = beside is not None
        findings += [beside] if beside else []
    return Protected(safe, summary, tuple(findings))


def _hidden(
    rows: pl.DataFrame, indicator: Indicator, rule: DisclosureRule, links: pl.DataFrame | None
) -> pl.DataFrame:
    """Apply one rule to the figures of one indicator from one source."""
    shown = pl.col("status").is_in(_SHOWN)
    primary = primary_reason(indicator, rule)
    too_small = _too_small_level(indicator, links)
    uncertain = pl.col("denominator") < rule.unreliable_denominator
    is_primary = shown & primary.is_not_null()
    is_rule = shown & too_small & ~is_primary
    is_uncertain = shown & uncertain.fill_null(value=False) & ~is_primary & ~is_rule
    level = indicator.minimum_level.value if indicator.minimum_level else ""
    status = (
        pl.when(is_primary)
        .then(pl.lit(Status.SUPPRESSED_PRIMARY.value))
        .when(is_rule)
        .then(pl.lit(Status.SUPPRESSED_RULE.value))
        .when(is_uncertain)
        .then(pl.lit(Status.UNRELIABLE.value))
        .otherwise(pl.col("status"))
    )
    reason = (
        pl.when(is_primary)
        .then(primary)
        .when(is_rule)
        .then(pl.lit(f"minimum_level={level}"))
        .when(is_uncertain)
        .then(pl.lit(f"denominator<{rule.unreliable_denominator}"))
        .otherwise(pl.col("reason"))
    )
    changed = rows.with_columns(status.alias("status"), reason.alias("reason"))
    return changed.with_columns(
        pl.when(pl.col("status").is_in(_SHOWN)).then(pl.col(name)).alias(name) for name in NUMBERS
    )


def _too_small_level(indicator: Indicator, links: pl.DataFrame | None) -> pl.Expr:
    """Tell which figures are of areas below the indicator's smallest level.

    An area of one's own is as large as its members; without links nothing is known of it.
    """
    if indicator.minimum_level is None:
        return pl.lit(value=False)
    limit = _LEVELS[indicator.minimum_level]
    small = [level.value for level, place in _LEVELS.items() if place > limit]
    too_small = pl.col("level").is_in(small)
    if links is None or Level.CUSTOM.value not in small:
        return too_small
    made_of = links.filter(
        pl.col("parent_level") == Level.CUSTOM.value, ~pl.col("level").is_in(small)
    )
    roomy = pl.col("area").is_in(made_of["parent_code"].unique().to_list())
    return too_small & ~((pl.col("level") == Level.CUSTOM.value) & roomy)


def _relied_upon(
    rows: pl.DataFrame, indicator: Indicator, source: str, rule: DisclosureRule
) -> list[Finding]:
    """Say where the file gives no counts, so that only the producer's own hiding protects."""
    if not rule.about_people or indicator.unit is Unit.COUNT:
        return []
    counts = pl.col("denominator").is_null()
    if indicator.unit in (Unit.SHARE, Unit.RATE):
        counts = counts | pl.col("numerator").is_null()
    bare = rows.filter(pl.col("status").is_in(_SHOWN) & counts)
    if bare.is_empty():
        return []
    facts = {"indicator": indicator.id, "source": source_ids(source)[0] if source else ""}
    return [Finding("disclosure_no_counts", Severity.WARNING, params=facts, count=bare.height)]


def _restored_order(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    key = ["level", "area", "indicator", "period", "group"]
    return (
        before.select(key)
        .join(after, on=key, how="left", maintain_order="left")
        .select(list(OBSERVATIONS))
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
