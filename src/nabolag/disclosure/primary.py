"""Primary suppression: hide what says too much about few people, and say why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from nabolag.core import Finding, Indicator, Level, Severity, Status, Unit, source_ids
from nabolag.core.columns import OBSERVATION_KEY
from nabolag.disclosure.rules import DisclosureRule, rule_for, zeros_hidden
from nabolag.disclosure.system.spoken import (
    denominators_from_counts,
    implied_denominator,
    implied_numerator,
)
from nabolag.store.statuses import NUMBERED

#: Reasons that name no threshold.
SERIES, COVERAGE, DOMINANCE = "whole_series", "coverage", "dominance"
_LEVELS = {level: place for place, level in enumerate(Level)}


def primarily(
    observations: pl.DataFrame,
    rules: Sequence[DisclosureRule],
    catalogue: Mapping[str, Indicator],
    links: pl.DataFrame | None = None,
    dominated: pl.DataFrame | None = None,
) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """Return the observations with status and reason of what is hidden for its own sake.

    Numbers are left where they are: what else must be hidden is worked out from them. A share
    that comes without counts is tried against the count it is `counted_among`, where that is
    there. `dominated` (keys of observations) are hidden because few stand behind them.

    Raises `KeyError` for an indicator that the catalogue does not have.
    """
    counted = denominators_from_counts(observations, catalogue).with_row_index("row")
    if dominated is not None:
        counted = counted.join(
            dominated.select(OBSERVATION_KEY).unique().with_columns(dominated=pl.lit(value=True)),
            on=OBSERVATION_KEY,
            how="left",
            maintain_order="left",
        )
    else:
        counted = counted.with_columns(dominated=pl.lit(None, pl.Boolean))
    findings: list[Finding] = []
    pieces = [counted.clear().select("row", "status", "reason")]
    pairs = observations.select("indicator", "source").unique(maintain_order=True).rows()
    for iid, source in pairs:
        rows = counted.filter((pl.col("indicator") == iid) & (pl.col("source") == source))
        rule = rule_for(iid, source, rules)
        findings += _relied_upon(rows, catalogue[iid], source, rule)
        judged = _judged(rows, catalogue[iid], rule, links)
        pieces.append(_by_company(judged, rule).select("row", "status", "reason"))
    told = pl.concat(pieces).sort("row")
    return observations.with_columns(told["status"], told["reason"]), tuple(findings)


def _judged(
    rows: pl.DataFrame, indicator: Indicator, rule: DisclosureRule, links: pl.DataFrame | None
) -> pl.DataFrame:
    """Apply one rule to the figures of one indicator from one source, each by itself."""
    shown = pl.col("status").is_in(NUMBERED)
    few = pl.when(pl.col("dominated")).then(pl.lit(DOMINANCE))
    primary = pl.coalesce(primary_reason(indicator, rule), few)
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
    return rows.with_columns(status.alias("status"), reason.alias("reason"))


def _by_company(rows: pl.DataFrame, rule: DisclosureRule) -> pl.DataFrame:
    """Hide figures for the company they are in: a series or a level with too much hidden."""
    if rule.about_people and rule.whole_series:
        few = (pl.col("status") == Status.SUPPRESSED_PRIMARY.value).sum()
        rows = _ruled(rows, few.over("level", "area", "group") >= rule.whole_series, SERIES)
    if rule.about_people and rule.coverage:
        shown = pl.col("status").is_in(NUMBERED)
        hidden = pl.col("status").str.starts_with("suppressed")
        share = shown.sum() / (shown | hidden).sum()
        rows = _ruled(rows, share.over("level", "period", "group") < rule.coverage, COVERAGE)
    return rows


def _ruled(rows: pl.DataFrame, where: pl.Expr, reason: str) -> pl.DataFrame:
    hides = where.fill_null(value=False) & pl.col("status").is_in(NUMBERED)
    status = pl.when(hides).then(pl.lit(Status.SUPPRESSED_RULE.value)).otherwise(pl.col("status"))
    said = pl.when(hides).then(pl.lit(reason)).otherwise(pl.col("reason"))
    return rows.with_columns(status.alias("status"), said.alias("reason"))


def primary_reason(indicator: Indicator, rule: DisclosureRule) -> pl.Expr:
    """Return the reason to hide a figure, null where there is none; the first that holds.

    An expression over the columns of `OBSERVATIONS`, such as `numerator<5`.
    """
    if not rule.about_people:
        return pl.lit(None, pl.String)
    zero_numerator, zero_complement = zeros_hidden(indicator, rule)
    everybody, some = implied_denominator(indicator), implied_numerator(indicator)
    checks: list[tuple[pl.Expr, str]] = []
    if indicator.unit is Unit.COUNT:
        checks.append(_below(pl.col("value"), rule.numerator, rule.zero == "hide", "numerator"))
    if indicator.unit in (Unit.SHARE, Unit.RATE):
        checks.append(_below(some, rule.numerator, zero_numerator, "numerator"))
    if indicator.unit is Unit.SHARE:
        rest = everybody - some
        checks.append(_below(rest, rule.complement, zero_complement, "complement"))
    checks.append(_below(everybody, rule.denominator, True, "denominator"))
    reasons = [
        pl.when(holds.fill_null(value=False)).then(pl.lit(text)).otherwise(None)
        for holds, text in [*checks, *_for_some(everybody, rule)]
    ]
    return pl.coalesce(reasons)


def _for_some(everybody: pl.Expr, rule: DisclosureRule) -> list[tuple[pl.Expr, str]]:
    """Return what is asked of groups and of areas of one's own."""
    grouped, drawn = pl.col("group") != "", pl.col("level") == Level.CUSTOM.value
    asked = ((grouped, rule.group_denominator), (drawn, rule.drawn_denominator))
    found = []
    for where, limit in asked:
        below, name = _below(everybody, limit, True, "denominator")
        found.append((where & below, name))
    return found


def _below(count: pl.Expr, threshold: int, zero_too: bool, name: str) -> tuple[pl.Expr, str]:
    """Tell where a count is below its threshold. A count never runs below a hair under zero."""
    if threshold == 0:
        return pl.lit(value=False), ""
    low = count < threshold
    return (low if zero_too else low & (count != 0)), f"{name}<{threshold}"


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
    unknown = pl.col("denominator").is_null()
    if indicator.unit in (Unit.SHARE, Unit.RATE):
        unknown = unknown | pl.col("numerator").is_null()
        whole = implied_denominator(indicator).is_not_null()
        unknown = unknown & ~(whole & implied_numerator(indicator).is_not_null())
    bare = rows.filter(pl.col("status").is_in(NUMBERED) & unknown)
    if bare.is_empty():
        return []
    facts = {"indicator": indicator.id, "source": source_ids(source)[0] if source else ""}
    return [Finding("disclosure_no_counts", Severity.WARNING, params=facts, count=bare.height)]


def dominated(
    contributions: pl.DataFrame, rules: Sequence[DisclosureRule], source: str
) -> pl.DataFrame:
    """Return keys of amounts that few contributors stand behind.

    `contributions` holds the observation key, `contributor` and `amount` (≥ 0): one row for each
    school, employer or account line behind a sum. The (n, k) rule hides where the `n` largest
    have more than `k` per cent. The p-per-cent rule hides where everything but the two largest is
    less than `p` per cent of the largest, for then the second can work the largest out that
    closely (Hundepool et al., Statistical Disclosure Control, chapter 4).
    """
    sums = contributions.group_by(*OBSERVATION_KEY, "contributor").agg(pl.col("amount").sum())
    found = [sums.clear().select(OBSERVATION_KEY)]
    for (iid,), part in sums.partition_by("indicator", as_dict=True).items():
        rule = rule_for(str(iid), source, rules)
        ranked = part.sort("amount", descending=True).group_by(OBSERVATION_KEY, maintain_order=True)
        n = rule.dominance_n
        judged = ranked.agg(
            pl.col("amount").sum().alias("total"),
            pl.col("amount").head(max(n, 1)).sum().alias("largest_n"),
            pl.col("amount").first().alias("largest"),
            pl.col("amount").head(2).sum().alias("two"),
        )
        many = (pl.col("largest_n") * 100 > rule.dominance_k * pl.col("total")) & (n > 0)
        rest = pl.col("total") - pl.col("two")
        close = (rest * 100 < rule.dominance_p * pl.col("largest")) & (rule.dominance_p > 0)
        found.append(judged.filter(many | close).select(OBSERVATION_KEY))
    return pl.concat(found)
