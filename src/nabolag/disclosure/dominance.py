"""Amounts that few stand behind: what the contributors of a build give the rules of dominance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from nabolag.core import Finding, Indicator, Severity, source_ids
from nabolag.core.columns import OBSERVATION_KEY
from nabolag.disclosure.primary import dominated
from nabolag.disclosure.rules import DisclosureRule, rule_for
from nabolag.disclosure.system.spoken import AMOUNT, counts_of
from nabolag.store.statuses import NUMBERED

_FIGURE = [*OBSERVATION_KEY, "source"]


def asks_dominance(indicator: str, source: str, rules: Sequence[DisclosureRule]) -> bool:
    """Tell whether the contributors behind an indicator's amounts must be known."""
    return rule_for(indicator, source, rules).asks_dominance


def few_behind(
    observations: pl.DataFrame,
    contributions: pl.DataFrame | None,
    rules: Sequence[DisclosureRule],
    catalogue: Mapping[str, Indicator],
) -> tuple[pl.DataFrame | None, tuple[Finding, ...]]:
    """Return the keys of amounts that few stand behind, and what could not be tried.

    `contributions` follow `core.columns.CONTRIBUTIONS`; those of figures that are not among the
    observations count for nothing. `None` where no rule asks. Raises `KeyError` for an indicator
    that the catalogue does not have.
    """
    pairs = observations.select("indicator", "source").unique(maintain_order=True).rows()
    asked = [(iid, source) for iid, source in pairs if asks_dominance(iid, source, rules)]
    if not asked:
        return None, ()
    known = observations.select(_FIGURE).clear().with_columns(contributor=pl.lit(""), amount=0.0)
    if contributions is not None:
        known = contributions.join(observations, on=_FIGURE, how="semi")
    few = [known.select(OBSERVATION_KEY).clear()]
    findings = []
    for (source,), part in known.partition_by("source", as_dict=True).items():
        few.append(dominated(part, rules, str(source)))
    for iid, source in asked:
        own = observations.filter(indicator=iid, source=source)
        findings += _untried(own, known, catalogue[iid])
    return pl.concat(few), tuple(findings)


def _untried(own: pl.DataFrame, known: pl.DataFrame, indicator: Indicator) -> list[Finding]:
    """Say where an amount is shown whose contributors nobody knows."""
    if AMOUNT not in counts_of(indicator):
        return []
    something = pl.coalesce("numerator", "value") != 0
    shown = own.filter(pl.col("status").is_in(NUMBERED) & something)
    bare = shown.join(known, on=_FIGURE, how="anti")
    if bare.is_empty():
        return []
    source = str(bare["source"][0])
    facts = {"indicator": indicator.id, "source": source_ids(source)[0] if source else ""}
    code, count = "disclosure_no_contributors", bare.height
    return [Finding(code, Severity.WARNING, params=facts, count=count)]
