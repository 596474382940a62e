"""Who stands behind amounts, for the rules that ask."""

from __future__ import annotations

import polars as pl

from nabolag.core import Finding, Severity
from nabolag.disclosure import asks_dominance
from nabolag.indicators import Observed, contributions
from nabolag.pipeline.inputs import Inputs
from nabolag.pipeline.plan import Plan
from nabolag.store import empty
from nabolag.store.frames import CONTRIBUTIONS


def who_stands_behind(
    plan: Plan, inputs: Inputs, seen: Observed
) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """Return the contributors (`CONTRIBUTIONS`) of indicators that a rule asks of; of no others.

    Nobody where something is wrong with what was observed: that is told, and stops the build.
    """
    if any(finding.severity is Severity.ERROR for finding in seen.findings):
        return empty(CONTRIBUTIONS), ()
    asked = [b for b in plan.bindings if asks_dominance(b.id, b.source, plan.rules)]
    places = (inputs.register, inputs.recoders)
    return contributions(asked, inputs.cells, seen.observations, *places)
