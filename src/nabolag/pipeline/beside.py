"""What leaves with a release beside figures of areas: analyses, allocations, models and so on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import polars as pl

from nabolag.core import Finding
from nabolag.disclosure import Earlier
from nabolag.pipeline.allocations import allocation_part
from nabolag.pipeline.allowances import allowance_part
from nabolag.pipeline.analyses import Analyses
from nabolag.pipeline.granting import grant_lists
from nabolag.pipeline.ledgers import ledgers
from nabolag.pipeline.needing import needs
from nabolag.pipeline.norms import norm_part
from nabolag.pipeline.observed import Observed
from nabolag.pipeline.parts import Part
from nabolag.pipeline.projecting import project_all
from nabolag.pipeline.reckoned import reckoned_part
from nabolag.pipeline.spending import models_part
from nabolag.rules import own_entries
from nabolag.store import Workspace, empty
from nabolag.store.frames import OBSERVATIONS

#: The document of a release that holds the workspace's own numbers of rules.
OWN_NUMBERS: Final = "rule_numbers"


@dataclass(frozen=True, slots=True)
class Beside:
    """Tables and documents by their names in the bundle, and what was noticed.

    `counted` are the protected counts among them, as figures: they are written in the ledger.
    """

    frames: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    documents: Mapping[str, Any] = field(default_factory=dict)
    counted: pl.DataFrame = field(default_factory=lambda: empty(OBSERVATIONS))
    findings: tuple[Finding, ...] = ()

    def with_analyses(self, analyses: Analyses) -> Beside:
        """Return the same with what analyses found before it."""
        return replace(
            self,
            frames={**analyses.frames, **self.frames},
            documents={"analyses": analyses.document, **self.documents},
            findings=(*analyses.findings, *self.findings),
        )


def beside_figures(
    workspace: Workspace, seen: Observed, safe: pl.DataFrame, before: Sequence[Earlier]
) -> Beside:
    """Return every part that the workspace declares. Raises `UserError` for what cannot be asked.

    `safe` are the protected figures of the release; `before` is what has left already.
    """
    parts: list[Part] = []
    if seen.inputs.allocations:
        parts.append(allocation_part(seen, safe, before))
    if seen.plan.norm is not None:
        parts.append(norm_part(workspace, seen, seen.plan.norm, safe))
    if seen.plan.allowance is not None:
        parts.append(allowance_part(workspace, seen, seen.plan.allowance, before))
    if own := own_entries(seen.numbers.numbers.book):
        parts.append(Part(OWN_NUMBERS, {"file": seen.numbers.file, "entries": own}, {}))
    if seen.plan.spending:
        parts.append(models_part(workspace, seen))
    booked = ledgers(seen, safe)
    lists = grant_lists(seen, safe, booked)
    reckoned = (*project_all(seen.plan.projections, seen), *booked, *lists, *needs(seen))
    if reckoned:
        parts.append(reckoned_part(reckoned))
    return Beside(
        {name: frame for part in parts for name, frame in part.frames.items()},
        {part.name: part.document for part in parts},
        pl.concat([empty(OBSERVATIONS), *(part.counted for part in parts)]),
        tuple(finding for part in parts for finding in part.findings),
    )
