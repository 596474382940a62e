"""What is reckoned of deliveries beside observations, as it leaves with a release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from nabolag.core import Finding, Text
from nabolag.pipeline.parts import Part
from nabolag.store.release import analysis_frame


@dataclass(frozen=True, slots=True)
class Reckoned:
    """One thing reckoned: how it was asked, the rule in words, protected tables, plain facts.

    `sources` are the deliveries it is made from, as pages cite them.
    """

    id: str
    kind: str
    name: Text | None
    spec: Mapping[str, Any]
    text: Mapping[str, str]
    facts: Mapping[str, Any]
    tables: Mapping[str, pl.DataFrame]
    findings: tuple[Finding, ...] = ()
    sources: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """Return what describes it in the release."""
        return {
            "id": self.id,
            "kind": self.kind,
            "name": self.name.as_dict() if self.name else None,
            "spec": dict(self.spec),
            "text": dict(self.text),
            "facts": {**self.facts, "sources": list(self.sources)},
            "tables": list(self.tables),
        }


def reckoned_part(reckoned: Sequence[Reckoned]) -> Part:
    """Return everything reckoned as one part of the release."""
    frames = {
        analysis_frame(one.id, name): table
        for one in reckoned
        for name, table in one.tables.items()
    }
    findings = tuple(finding for one in reckoned for finding in one.findings)
    return Part("reckoned", [one.document() for one in reckoned], frames, findings=findings)
