"""The thread: deliveries → observations → protected → classes → a release."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from nabolag import __version__
from nabolag.analysis import Accumulation, AccumulationResult
from nabolag.analysis.method import Given
from nabolag.core import (
    LANGS,
    WITH_VALUE,
    Finding,
    Indicator,
    Level,
    Period,
    Place,
    Severity,
    error,
    raise_errors,
)
from nabolag.disclosure import Protected, protect
from nabolag.disclosure.findings import public_findings
from nabolag.geography import AreaRegister, focused, sets_of, smaller_elsewhere
from nabolag.indicators import Definitions, load_catalogue, load_definitions, merged, observe
from nabolag.indicators.populated import Populated, held_to_population
from nabolag.pipeline.analyses import Analyses, run_analyses
from nabolag.pipeline.contributing import who_stands_behind
from nabolag.pipeline.counting import (
    SOURCE,
    CountingSection,
    count_registers,
    forget_counting,
    register_folder,
    registers_provenance,
)
from nabolag.pipeline.inputs import Inputs, level_counts, read_inputs
from nabolag.pipeline.leaving import adopt, cannot_be_hidden, named, registering, shown_before
from nabolag.pipeline.plan import Plan, load_plan
from nabolag.pipeline.report import ImportReport, report_of
from nabolag.pipeline.rule_numbers import GivenNumbers, NumbersUsed, read_numbers
from nabolag.pipeline.step import Step, no_progress
from nabolag.pipeline.summary import BuildSummary, count_by
from nabolag.registers import BACKGROUND
from nabolag.sources.geometry import simplify
from nabolag.store import (
    CONFIG_NAME,
    Bundle,
    Workspace,
    empty,
    indicator_as_dict,
    keep_raw,
    write_bundle,
)
from nabolag.store.frames import ACCUMULATION, REASONS, SHAPES

_STEPS = 5


@dataclass(frozen=True)
class Observed:
    """Deliveries turned into observations, before anything is hidden. Inside the house only.

    `behind` says who stands behind amounts, where a rule wants to know (`CONTRIBUTIONS`).
    """

    plan: Plan
    inputs: Inputs
    catalogue: Mapping[str, Indicator]
    observations: pl.DataFrame
    findings: tuple[Finding, ...]
    numbers: GivenNumbers
    behind: pl.DataFrame


def check_deliveries(workspace: Workspace, step: Step = no_progress) -> ImportReport:
    """Read and check everything; keep nothing. Errors are in the report, not raised.

    Raises `UserError` only where `nabolag.toml` itself is wrong.
    """
    plan = load_plan(workspace)
    inputs = read_inputs(workspace, plan, step)
    report = report_of(plan, inputs)
    if inputs.errors:
        return report
    seen = _observe(workspace, plan, inputs)
    # Where registers are counted too, how many live in an area may be known from them alone.
    told = _populated(seen).findings if plan.counting is None else ()
    return ImportReport(report.deliveries, report.areas_by_level, (*seen.findings, *told))


def import_deliveries(workspace: Workspace, step: Step = no_progress) -> Bundle:
    """Read everything and keep it as a snapshot. Raises `UserError`; then nothing is kept."""
    with workspace.writing():
        return _snapshot(workspace, _observed(workspace, step))


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
        seen = _observed(workspace, step)
        populated = _populated(seen)
        raise_errors(populated.findings)
        step("protect", 1, _STEPS)
        links = seen.inputs.register.closed_links
        rules, left = seen.plan.rules, named(before)
        safe = protect(seen.observations, rules, seen.catalogue, links, left, seen.behind)
        raise_errors(safe.findings)
        safe = safe.hiding(populated.laid_on(safe.observations))
        step("accumulation", 2, _STEPS)
        classes = _accumulate(seen.plan.accumulation, safe.observations, seen.catalogue, links)
        analyses = run_analyses(seen.plan.analyses, _given(seen, safe, links))
        step("release", 3, _STEPS)
        snapshot = _snapshot(workspace, seen)
        step("release", 4, _STEPS)
        noticed = classes.findings if classes else ()
        known = cannot_be_hidden(safe.observations, before)
        found = (*seen.findings, *populated.findings)
        findings = (*found, *safe.findings, *known, *noticed, *analyses.findings)
        release = _release(workspace, seen, safe, classes, analyses, findings)
        forget_counting(workspace)
        step("release", _STEPS, _STEPS)
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


def _observed(workspace: Workspace, step: Step) -> Observed:
    plan = load_plan(workspace)
    if not (plan.sources and plan.bindings) and plan.counting is None:
        raise error("nothing_to_build", Place(CONFIG_NAME))
    inputs = read_inputs(workspace, plan, step)
    raise_errors(inputs.findings)
    step("indicators", 0, _STEPS)
    seen = _observe(workspace, plan, inputs)
    raise_errors(seen.findings)
    if plan.counting is not None:
        seen = _with_counted(workspace, plan.counting, seen, step)
        raise_errors(seen.findings)
    return seen


def _with_counted(
    workspace: Workspace, spec: CountingSection, seen: Observed, step: Step
) -> Observed:
    """Lay what is counted from registers beside what was delivered."""
    house = load_definitions(_catalogues(workspace, seen.plan))
    definitions = replace(house, numbers=seen.numbers.numbers)
    register, geography = seen.inputs.register, seen.plan.about.geography
    counted = count_registers(workspace, spec, definitions, register, step)
    used = _numbers_used(seen, spec, definitions, counted.observations)
    placed = counted.observations.with_columns(geography=pl.lit(geography))
    stamped = used.stamped(placed, SOURCE)
    observations, told = merged(seen.observations, stamped, spec.prefer)
    source = registers_provenance(spec, register_folder(workspace), geography)
    if spec.own_areas_only:
        observations, register = _own_areas(seen.plan, observations, register)
    sources = (*seen.inputs.sources, source, *used.sources())
    inputs = replace(seen.inputs, sources=sources, register=register)
    level = _main_level(seen.plan, observations)
    findings = (*seen.findings, *counted.findings, *used.findings(), *told, *level)
    catalogue = used.broken(seen.catalogue)
    return replace(
        seen, inputs=inputs, catalogue=catalogue, observations=observations, findings=findings
    )


def _numbers_used(
    seen: Observed, spec: CountingSection, definitions: Definitions, counted: pl.DataFrame
) -> NumbersUsed:
    """Return which numbers of rules stand behind what was counted."""
    asked = set(counted["indicator"].unique())
    measures = {name: one for name, one in definitions.measures.items() if name in asked}
    years = years_counted(counted["period"].unique())
    producer = spec.producer or seen.plan.about.name.nb
    return NumbersUsed(replace(definitions, measures=measures), years, seen.numbers, producer)


def years_counted(periods: Iterable[str]) -> tuple[int, ...]:
    """Return the years that were counted; a school year is counted in the year it begins."""
    return tuple(sorted({Period.parse(period).start for period in periods}))


def _own_areas(
    plan: Plan, observations: pl.DataFrame, register: AreaRegister
) -> tuple[pl.DataFrame, AreaRegister]:
    """Leave out areas smaller than the municipality that lie in another. Raises `UserError`."""
    own = plan.about.municipality
    if own is None:
        raise error("counting_own_areas_of_nobody", Place(CONFIG_NAME))
    elsewhere = smaller_elsewhere(register, own.level, own.code).rename({"code": "area"})
    kept = observations.join(elsewhere, on=["level", "area"], how="anti", maintain_order="left")
    return kept, focused(register, own.level, own.code)


def _observe(workspace: Workspace, plan: Plan, inputs: Inputs) -> Observed:
    catalogue = load_catalogue(_catalogues(workspace, plan))
    numbers = read_numbers(workspace, plan.numbers)
    seen = observe(
        plan.bindings,
        inputs.cells,
        catalogue,
        inputs.register,
        plan.about.geography,
        inputs.recoders,
    )
    # Where registers are counted too, the main level may get its figures from them.
    level = _main_level(plan, seen.observations) if plan.counting is None else ()
    behind, negative = who_stands_behind(plan, inputs, seen)
    findings = (*inputs.findings, *seen.findings, *negative, *level)
    return Observed(plan, inputs, catalogue, seen.observations, findings, numbers, behind)


def _catalogues(workspace: Workspace, plan: Plan) -> list[Path]:
    return [workspace.root / name for name in plan.about.catalogue]


def _main_level(plan: Plan, observations: pl.DataFrame) -> tuple[Finding, ...]:
    """Say where the level that pages open with has no figures."""
    levels = set(observations["level"].unique())
    if not levels or plan.about.main_level.value in levels:
        return ()
    params = {"level": plan.about.main_level.value, "known": ", ".join(sorted(levels))}
    place = Place(CONFIG_NAME)
    return (Finding("main_level_without_figures", Severity.ERROR, place, params),)


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


def _snapshot(workspace: Workspace, seen: Observed) -> Bundle:
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


def _release(
    workspace: Workspace,
    seen: Observed,
    safe: Protected,
    classes: AccumulationResult | None,
    analyses: Analyses,
    findings: tuple[Finding, ...],
) -> Bundle:
    register = seen.inputs.register
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
    }
    documents = {
        "analyses": analyses.document,
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
    shown = observations.filter(
        (pl.col("level") == level.value) & pl.col("status").is_in([s.value for s in WITH_VALUE])
    )
    periods = shown["period"]
    if classes is not None:
        own = classes.table.filter(pl.col("level") == level.value)["period"]
        periods = own if own.len() else periods
    latest = periods.max()
    return str(latest) if latest is not None else ""
