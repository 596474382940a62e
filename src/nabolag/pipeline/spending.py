"""The spending models a workspace declares: estimated, laid ready for the release.

Models are estimated on units inside the house; what leaves are estimates of at least so many
degrees of freedom, never a unit's own numbers (decision 0026).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Final

import polars as pl

from nabolag.core import LANGS, Finding, Place, Severity, UserError, error, raise_errors
from nabolag.pipeline.counting import SOURCE, register_folder
from nabolag.pipeline.inputs import read_inputs
from nabolag.pipeline.observed import Observed
from nabolag.pipeline.parts import Part
from nabolag.pipeline.plan import load_plan
from nabolag.pipeline.step import no_progress
from nabolag.spending import (
    Choice,
    SpendingResult,
    estimate,
    kindergartens,
    schools,
    uses_background,
)
from nabolag.spending.declared import SpendingSpec, explain
from nabolag.spending.delivered import read_units
from nabolag.spending.districts import districts
from nabolag.store import CONFIG_NAME, Workspace
from nabolag.store.release import model_frame

#: Why a model may not leave, though nothing is wrong with how it is declared.
_KEPT_INSIDE: Final = frozenset({"spending_too_few_rows", "spending_thin_side"})


def models_part(workspace: Workspace, seen: Observed) -> Part:
    """Estimate each model. Raises one `UserError` with what is wrong in any of them.

    A model that single units could be read out of does not leave, and it is told why; the rest of
    the release does.
    """
    panels = Panels(register_folder(workspace), bydeler_of(seen.inputs.register.closed_links))
    delivered = {one.id: one.frame for one in seen.inputs.units}
    found: list[tuple[SpendingSpec, SpendingResult]] = []
    told: list[Finding] = []
    for declared in seen.plan.spending:
        try:
            frame = delivered[declared.id] if declared.file else panels.of(declared)
            result = estimate(declared.spec(), frame, declared.inference)
            found.append((declared, result))
            told += result.findings
        except UserError as mistakes:
            told += [_judged(_placed(finding, declared)) for finding in mistakes.findings]
    raise_errors(told)
    return Part(
        name="models",
        frames={
            model_frame(declared.id, name): table
            for declared, result in found
            for name, table in _tables(result).items()
        },
        document=[described(declared, result) for declared, result in found],
        findings=tuple(told),
    )


def _judged(finding: Finding) -> Finding:
    """Let a model that may not leave be a warning: it stops nothing else from leaving."""
    kept = finding.code in _KEPT_INSIDE
    return replace(finding, severity=Severity.WARNING) if kept else finding


def run_one(workspace: Workspace, model: str) -> tuple[SpendingSpec, SpendingResult]:
    """Estimate one of the models that a workspace declares. Raises `UserError`; keeps nothing."""
    plan = load_plan(workspace)
    known = {one.id: one for one in plan.spending}
    if model not in known:
        near = get_close_matches(model, known, n=1)
        raise error("spending_model_unknown", Place(CONFIG_NAME), given=model,
                    near=near[0] if near else "–", known=", ".join(known) or "–")  # fmt: skip
    declared = known[model]
    if declared.file:
        frame = read_units(declared, workspace.delivered(declared.file), declared.file).frame
    else:
        inputs = read_inputs(workspace, plan, no_progress)
        raise_errors(inputs.findings)
        panels = Panels(register_folder(workspace), bydeler_of(inputs.register.closed_links))
        frame = panels.of(declared)
    return declared, estimate(declared.spec(), frame, declared.inference)


class Panels:
    """What registers give, made once for each kind and set of analysis areas."""

    def __init__(self, folder: Path, bydeler: Mapping[str, str]) -> None:
        """Keep where the registers lie."""
        self._made = cache(lambda data, areas: _panel(folder, bydeler, data, areas))

    def of(self, declared: SpendingSpec) -> pl.DataFrame:
        """Return the units that a model is estimated on."""
        return self._made(declared.data, declared.analysis_areas)


def _panel(
    folder: Path, bydeler: Mapping[str, str], data: str, areas: tuple[str, ...]
) -> pl.DataFrame:
    if data == "schools":
        return schools(folder, areas, bydeler)
    if data == "kindergartens":
        return kindergartens(folder, areas, bydeler)
    return districts(folder, bydeler, areas)


def bydeler_of(links: pl.DataFrame) -> dict[str, str]:
    """Return the bydel of each grunnkrets."""
    inside = links.filter(pl.col("level") == "grunnkrets", pl.col("parent_level") == "bydel")
    return dict(inside.select("code", "parent_code").iter_rows())


def _tables(result: SpendingResult) -> dict[str, pl.DataFrame]:
    return {
        "columns": result.columns,
        "coefficients": result.coefficients,
        "inference": result.inference,
    }


def described(declared: SpendingSpec, result: SpendingResult) -> dict[str, Any]:
    """Return what describes a model in a release, as an analysis is described."""
    spec = result.spec
    return {
        "id": declared.id,
        "kind": "spending",
        "name": declared.headings(),
        "spec": declared.as_dict(),
        "text": {lang: explain(declared, lang) for lang in LANGS},
        "facts": {
            "table": spec.table,
            "lines": spec.lines,
            "unit": spec.unit,
            "main": list(spec.leading),
            "years_changed": declared.years is not None and not declared.column,
            "background": uses_background(spec),
            "choices": [_choice(one) for one in spec.choices],
            "sources": [declared.id if declared.file else SOURCE],
            "told": [finding.as_dict() for finding in result.findings],
            "level": declared.inference.level,
            "floor": declared.inference.floor,
        },
        "tables": list(_tables(result)),
    }


def _choice(one: Choice) -> dict[str, Any]:
    return {"text": one.text.as_dict(), "stated": one.stated, "lines": one.lines}


def _placed(finding: Finding, declared: SpendingSpec) -> Finding:
    """Say which model of which file a mistake is in."""
    file = declared.file or f"{CONFIG_NAME}, spending[{declared.id}]"
    return finding if finding.place.file else replace(finding, place=Place(
        file, finding.place.row, finding.place.column))  # fmt: skip
