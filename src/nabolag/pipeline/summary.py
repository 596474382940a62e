"""What a build tells when it is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from nabolag.core import Finding, Lang, Status


@dataclass(frozen=True, slots=True)
class BuildSummary:
    """Areas by level, observations by status and indicator, and the findings."""

    release: str
    snapshot: str
    areas_by_level: dict[str, int]
    observations_by_indicator: dict[str, dict[str, int]]
    classes_by_level: dict[str, dict[str, int]]
    findings: tuple[Finding, ...]

    @property
    def statuses(self) -> tuple[str, ...]:
        """The statuses that occur, numbers first."""
        present = {s for counts in self.observations_by_indicator.values() for s in counts}
        return tuple(status.value for status in Status if status.value in present)

    @property
    def observations_by_status(self) -> dict[str, int]:
        """How many observations have each status."""
        return {
            status: sum(c.get(status, 0) for c in self.observations_by_indicator.values())
            for status in self.statuses
        }

    def as_dict(self, lang: Lang) -> dict[str, Any]:
        """Return plain data for JSON, the findings' words in one language."""
        return {
            "release": self.release,
            "snapshot": self.snapshot,
            "areas": self.areas_by_level,
            "observations": {
                "by_status": self.observations_by_status,
                "by_indicator": self.observations_by_indicator,
            },
            "accumulation": self.classes_by_level,
            "findings": [finding.as_dict(lang) for finding in self.findings],
        }


def count_by(frame: pl.DataFrame, outer: str, inner: str) -> dict[str, dict[str, int]]:
    """Return counts of `inner` within `outer`, in the order in which they first occur."""
    counts: dict[str, dict[str, int]] = {}
    pairs = frame.group_by(outer, inner, maintain_order=True).len()
    for one, other, number in pairs.iter_rows():
        counts.setdefault(one, {})[other] = number
    return counts
