"""The thread: deliveries → observations → protected → classes → a release."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from nabolag.analysis import Accumulation, AccumulationResult
from nabolag.analysis.method import Given
from nabolag.core import Indicator, raise_errors
from nabolag.disclosure import Protected, protect
from nabolag.indicators.populated import Populated, held_to_population
from nabolag.pipeline.allocations import prepare_allocations
from nabolag.pipeline.analyses import run_analyses
from nabolag.pipeline.bundles import keep_snapshot, write_release
from nabolag.pipeline.counting import forget_counting
from nabolag.pipeline.inputs import level_counts, read_inputs
from nabolag.pipeline.leaving import adopt, cannot_be_hidden, named, shown_before
from nabolag.pipeline.observed import Observed, observe_inputs, observed
from nabolag.pipeline.plan import load_plan
from nabolag.pipeline.report import ImportReport, report_of
from nabolag.pipeline.step import BUILD_STEPS, Step, no_progress
from nabolag.pipeline.summary import BuildSummary, count_by
from nabolag.store import Bundle, Workspace


def check_deliveries(workspace: Workspace, step: Step = no_progress) -> ImportReport:
    """Read and check everything; keep nothing. Errors are in the report, not raised.

    Raises `UserError` only where `nabolag.toml` itself is wrong.
    """
    plan = load_plan(workspace)
    inputs = read_inputs(workspace, plan, step)
    report = report_of(plan, inputs)
    if inputs.errors:
        return report
    seen = observe_inputs(workspace, plan, inputs)
    # Where registers are counted too, how many live in an area may be known from them alone.
    told = _populated(seen).findings if plan.counting is None else ()
    return ImportReport(report.deliveries, report.areas_by_level, (*seen.findings, *told))


def import_deliveries(workspace: Workspace, step: Step = no_progress) -> Bundle:
    """Read everything and keep it as a snapshot. Raises `UserError`; then nothing is kept."""
    with workspace.writing():
        return keep_snapshot(workspace, observed(workspace, step))


def build(
    directory: str | Path, *, data: str | Path | None = None, step: Step = no_progress
) -> BuildSummary:
    """Build a workspace: import → observations → methods → release.

    `data` is the folder of delivered files (else `NABOLAG_DATA`, else the workspace itself).
    Raises `UserError` with every mistake found; then the previous snapshot and release stand.
    """
    workspace = Workspace(Path(directory), Path(data) if data else None)
    with workspace.writing():
        adopt(workspace)
        before = shown_before(workspace)
        seen = observed(workspace, step)
        populated = _populated(seen)
        raise_errors(populated.findings)
        step("protect", 1, BUILD_STEPS)
        links = seen.inputs.register.closed_links
        rules, left = seen.plan.rules, named(before)
        safe = protect(seen.observations, rules, seen.catalogue, links, left, seen.behind)
        raise_errors(safe.findings)
        safe = safe.hiding(populated.laid_on(safe.observations))
        step("accumulation", 2, BUILD_STEPS)
        classes = _accumulate(seen.plan.accumulation, safe.observations, seen.catalogue, links)
        analyses = run_analyses(seen.plan.analyses, _given(seen, safe, links))
        shared = prepare_allocations(
            seen.inputs.allocations, rules, safe.observations, seen.catalogue,
            seen.inputs.register.areas,
        )  # fmt: skip
        step("release", 3, BUILD_STEPS)
        snapshot = keep_snapshot(workspace, seen)
        step("release", 4, BUILD_STEPS)
        noticed = classes.findings if classes else ()
        known = cannot_be_hidden(safe.observations, before)
        found = (*seen.findings, *populated.findings)
        findings = (*found, *safe.findings, *known, *noticed, *analyses.findings, *shared.findings)
        release = write_release(workspace, seen, safe, classes, (analyses, shared), findings)
        forget_counting(workspace)
        step("release", BUILD_STEPS, BUILD_STEPS)
    return BuildSummary(
        release=release.id,
        snapshot=snapshot.id,
        areas_by_level=level_counts(seen.inputs.register),
        observations_by_indicator=count_by(safe.observations, "indicator", "status"),
        classes_by_level=count_by(classes.table, "level", "class") if classes else {},
        findings=findings,
    )


def _populated(seen: Observed) -> Populated:
    return held_to_population(seen.observations, seen.plan.population, seen.catalogue)


def _accumulate(
    method: Accumulation | None,
    observations: pl.DataFrame,
    catalogue: Mapping[str, Indicator],
    links: pl.DataFrame,
) -> AccumulationResult | None:
    return method.run(observations, catalogue, links) if method else None


def _given(seen: Observed, safe: Protected, links: pl.DataFrame) -> Given:
    """Return what analyses work on: protected figures, never those behind them."""
    about, register = seen.plan.about, seen.inputs.register
    town, country = ((ref.level.value, ref.code) if ref else None for ref in
                     (about.municipality, about.country))  # fmt: skip
    return Given(
        observations=safe.observations,
        catalogue=seen.catalogue,
        links=links,
        areas=register.areas,
        shapes=register.shapes,
        municipality=town,
        country=country,
        destinations=seen.inputs.destinations,
    )
