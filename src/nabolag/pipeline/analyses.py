"""The analyses a workspace declares, run on protected figures and laid ready for the release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from nabolag.analysis.method import AnalysisSpec, Found, Given
from nabolag.core import LANGS, Finding, Indicator, Place, UserError
from nabolag.store import CONFIG_NAME
from nabolag.store.release import analysis_frame


@dataclass(frozen=True, slots=True)
class Analyses:
    """What the analyses found: tables by their names in the bundle, and what describes them."""

    frames: Mapping[str, pl.DataFrame]
    document: list[dict[str, Any]]
    findings: tuple[Finding, ...]


def run_analyses(specs: Sequence[AnalysisSpec], given: Given) -> Analyses:
    """Run each analysis. Raises one `UserError` with what is wrong in any of them."""
    found: list[tuple[AnalysisSpec, Found]] = []
    wrong: list[Finding] = []
    for spec in specs:
        try:
            found.append((spec, spec.analyse(given)))
        except UserError as mistakes:
            wrong += map(_placed, mistakes.findings)
    if wrong:
        raise UserError(*wrong)
    return Analyses(
        frames={
            analysis_frame(spec.id, name): table
            for spec, one in found
            for name, table in one.tables.items()
        },
        document=[_described(spec, one, given.catalogue) for spec, one in found],
        findings=tuple(finding for _, one in found for finding in one.findings),
    )


def _placed(finding: Finding) -> Finding:
    return finding if finding.place != Place() else replace(finding, place=Place(CONFIG_NAME))


def _described(
    spec: AnalysisSpec, found: Found, catalogue: Mapping[str, Indicator]
) -> dict[str, Any]:
    return {
        "id": spec.id,
        "kind": spec.kind,
        "name": spec.name.as_dict() if spec.name else None,
        "spec": spec.as_dict(),
        "text": {lang: spec.explain(catalogue, lang) for lang in LANGS},
        "facts": dict(found.facts),
        "tables": list(found.tables),
    }
