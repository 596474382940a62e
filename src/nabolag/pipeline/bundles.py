"""What a build keeps: the snapshot inside the house, and the release that may leave it."""

from __future__ import annotations

from typing import Any

import polars as pl

from nabolag import __version__
from nabolag.analysis import AccumulationResult
from nabolag.core import LANGS, Finding, Level
from nabolag.disclosure import Protected
from nabolag.disclosure.findings import public_findings
from nabolag.geography import AreaRegister, sets_of
from nabolag.pipeline.allocations import Allocations
from nabolag.pipeline.analyses import Analyses
from nabolag.pipeline.leaving import registering
from nabolag.pipeline.observed import Observed
from nabolag.registers import BACKGROUND
from nabolag.sources.geometry import simplify
from nabolag.store import Bundle, Workspace, empty, indicator_as_dict, keep_raw, write_bundle
from nabolag.store.frames import ACCUMULATION, REASONS, SHAPES
from nabolag.store.statuses import NUMBERED


def keep_snapshot(workspace: Workspace, seen: Observed) -> Bundle:
    """Keep deliveries untouched, and what they became, inside the house."""
    origins = {
        name: source.as_dict()
        for source in seen.inputs.sources
        for name in source.file.split(", ")
        if not source.definition_version
    }
    files = dict(seen.inputs.files)
    if seen.numbers.path is not None:
        files[seen.numbers.file] = seen.numbers.path
    for name, path in files.items():
        keep_raw(workspace.raw, path, origins.get(name))
    register = seen.inputs.register
    frames = {
        "observations": seen.observations,
        "areas": register.areas,
        "links": register.links,
        "shapes": register.shapes,
        **_places(seen),
        **{f"cells_{name}": cells for name, cells in seen.inputs.cells.items()},
    }
    documents = {
        "sources": [source.as_dict() for source in seen.inputs.sources],
        "facts": {name: table.facts.as_dict() for name, table in seen.inputs.tables.items()},
        "findings": [finding.as_dict() for finding in seen.findings],
        "config": workspace.config,
    }
    facts = {"kind": "snapshot", "code_version": __version__}
    return write_bundle(workspace.snapshots, frames, documents, facts)


def write_release(
    workspace: Workspace,
    seen: Observed,
    safe: Protected,
    classes: AccumulationResult | None,
    found: tuple[Analyses, Allocations],
    findings: tuple[Finding, ...],
) -> Bundle:
    """Write the release, and write it in the ledger before anybody can read it."""
    register = seen.inputs.register
    analyses, shared = found
    leaving, kept_inside = public_findings(findings)
    present = set(safe.observations["indicator"].unique())
    frames = {
        "observations": safe.observations,
        "accumulation": classes.table if classes else empty(ACCUMULATION),
        "reasons": classes.reasons if classes else empty(REASONS),
        "areas": register.areas,
        "links": register.closed_links,
        "shapes": _web_shapes(register, seen.plan.about.simplify_m),
        **_places(seen),
        **analyses.frames,
        **shared.frames,
    }
    documents = {
        "analyses": analyses.document,
        "allocations": shared.document,
        "indicators": [indicator_as_dict(i) for i in seen.catalogue.values() if i.id in present],
        "sources": [source.as_dict() for source in seen.inputs.sources],
        "findings": [finding.as_dict() for finding in leaving],
        "about": {**_about(seen, safe, classes), "findings_inside": kept_inside},
    }
    write_down = registering(workspace, safe.observations)
    return write_bundle(
        workspace.releases, frames, documents, {"kind": "release"}, before_current=write_down
    )


def _places(seen: Observed) -> dict[str, pl.DataFrame]:
    """Return schools and kindergartens, their areas and catchments, where any are declared."""
    placed, divisions = seen.inputs.points, seen.inputs.catchments.values()
    found = {"points": placed.points, "point_areas": placed.areas} if seen.plan.points else {}
    tables = [one.table for one in divisions]
    return found | ({"catchments": pl.concat(tables)} if tables else {})


def _web_shapes(register: AreaRegister, tolerance_m: float) -> pl.DataFrame:
    if register.shapes.is_empty():
        return empty(SHAPES)
    return simplify(register.shapes, tolerance_m) if tolerance_m else register.shapes


def _about(seen: Observed, safe: Protected, classes: AccumulationResult | None) -> dict[str, Any]:
    """Describe the release: names, levels, rules in force, and what opens a page."""
    about, population = seen.plan.about, seen.plan.population
    method = classes.spec.as_dict() if classes else None
    if classes and method is not None:
        method["text"] = {lang: classes.explain(lang) for lang in LANGS}
        method["thresholds"] = classes.thresholds.to_dicts()
    return {
        "name": about.name.as_dict(),
        "municipality": about.municipality.model_dump(mode="json") if about.municipality else None,
        "country": about.country.model_dump(mode="json") if about.country else None,
        "main_level": about.main_level.value,
        "levels": _levels(safe.observations),
        "main_period": about.main_period or _latest(safe.observations, about.main_level, classes),
        "geography": about.geography,
        "language": about.language,
        "prepositions": dict(about.prepositions),
        "synthetic": about.synthetic,
        "custom_sets": sets_of(seen.plan.custom),
        "note": about.note.as_dict() if about.note else None,
        "code_version": __version__,
        "accumulation": method,
        "disclosure": dict(safe.summary),
        "minimum_population": population.model_dump(mode="json") if population else None,
        "background_groups": sorted(BACKGROUND.union(*(b.background for b in seen.plan.bindings))),
    }


def _levels(observations: pl.DataFrame) -> list[str]:
    """Return the levels that have figures, the finest first."""
    present = set(observations["level"].unique())
    return [level.value for level in reversed(Level) if level.value in present]


def _latest(observations: pl.DataFrame, level: Level, classes: AccumulationResult | None) -> str:
    """Return the latest period of the classes at the main level, else of any shown figure."""
    shown = observations.filter((pl.col("level") == level.value) & pl.col("status").is_in(NUMBERED))
    periods = shown["period"]
    if classes is not None:
        own = classes.table.filter(pl.col("level") == level.value)["period"]
        periods = own if own.len() else periods
    latest = periods.max()
    return str(latest) if latest is not None else ""
