"""`nabolag.toml` as a whole: every room's part, validated before anything is read."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, TypeVar

from pydantic import BaseModel, Field

from nabolag.accounts import AccountsSpec
from nabolag.allocation.declared import AllocationSpec
from nabolag.allocation.grants import GrantsSpec
from nabolag.allocation.housing_allowance import HousingAllowanceSpec
from nabolag.allocation.need import ExpenditureNeedSpec
from nabolag.allocation.norm import TeacherNormSpec
from nabolag.analysis import Accumulation
from nabolag.analysis.kinds import kind_of
from nabolag.analysis.method import AnalysisSpec
from nabolag.core import (
    LANGS,
    Finding,
    Lang,
    Level,
    Place,
    Severity,
    UserError,
    label,
)
from nabolag.disclosure import DisclosureRule
from nabolag.geography import AreaListSpec, CatchmentsSpec, CustomAreaSpec, PointsSpec
from nabolag.geography.dated import (
    AreaHistorySpec,
    AreaPopulationSpec,
    ChangesSpec,
    CrosswalkSpec,
    DatedFile,
)
from nabolag.geography.destinations import DestinationsSpec
from nabolag.indicators import BindingSpec, MinimumPopulation
from nabolag.pipeline.counting import CountingSection
from nabolag.pipeline.rule_numbers import RulesSection
from nabolag.projection import ProjectionSpec
from nabolag.registers.delivery import RegisterDelivery, RegisterSettings
from nabolag.sources.geometry import GeometrySpec
from nabolag.sources.producers.registry import producer_mistake
from nabolag.sources.producers.spec import FetchSpec
from nabolag.sources.tables import SourceSpec
from nabolag.spending.declared import SpendingSpec
from nabolag.store import CONFIG_NAME, Section, Words, Workspace, parse_section

M = TypeVar("M", bound=BaseModel)


class AreaRef(Section):
    """One area of a level: the municipality or the country that others are compared with."""

    level: Level
    code: str


class WorkspaceSection(Section):
    """`[workspace]`: what this is, and what pages open with.

    `main_level` is the level pages open with. `municipality` is what areas are compared with
    («ligger over kommunen»); `country` likewise, where its figures are delivered. `geography`
    is the year of the borders the figures are expressed in. `main_period` is what pages open
    with; without it the latest period of the classes. `prepositions` says by code where people
    live «på» a place rather than «i» it. `synthetic` says that nobody lives here.
    """

    name: Words
    main_level: Level
    geography: str
    municipality: AreaRef | None = None
    country: AreaRef | None = None
    main_period: str = ""
    language: Lang = "nb"
    catalogue: tuple[str, ...] = ()
    synthetic: bool = False
    prepositions: dict[str, str] = Field(default_factory=dict)
    simplify_m: float = Field(default=5.0, ge=0)
    note: Words | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole configuration."""

    about: WorkspaceSection
    sources: tuple[SourceSpec, ...]
    geometries: tuple[GeometrySpec, ...]
    areas: tuple[AreaListSpec, ...]
    bindings: tuple[BindingSpec, ...]
    accumulation: Accumulation | None
    rules: tuple[DisclosureRule, ...]
    borders: tuple[DatedFile, ...] = ()
    custom: tuple[CustomAreaSpec, ...] = ()
    points: tuple[PointsSpec, ...] = ()
    catchments: tuple[CatchmentsSpec, ...] = ()
    fetches: tuple[FetchSpec, ...] = ()
    counting: CountingSection | None = None
    analyses: tuple[AnalysisSpec, ...] = ()
    numbers: RulesSection = field(default_factory=RulesSection)
    destinations: tuple[DestinationsSpec, ...] = ()
    population: MinimumPopulation | None = None
    norm: TeacherNormSpec | None = None
    allowance: HousingAllowanceSpec | None = None
    allocations: tuple[AllocationSpec, ...] = ()
    spending: tuple[SpendingSpec, ...] = ()
    projections: tuple[ProjectionSpec, ...] = ()
    accounts: tuple[AccountsSpec, ...] = ()
    grants: tuple[GrantsSpec, ...] = ()
    need: ExpenditureNeedSpec | None = None


_LISTS: Mapping[str, type[BaseModel]] = {
    "source": SourceSpec,
    "geometry": GeometrySpec,
    "areas": AreaListSpec,
    "indicator": BindingSpec,
    "disclosure": DisclosureRule,
    "fetch": FetchSpec,
    "area_history": AreaHistorySpec,
    "changes": ChangesSpec,
    "crosswalk": CrosswalkSpec,
    "area_population": AreaPopulationSpec,
    "custom_area": CustomAreaSpec,
    "points": PointsSpec,
    "catchments": CatchmentsSpec,
    "register": RegisterDelivery,
    "analysis": AnalysisSpec,
    "destinations": DestinationsSpec,
    "allocation": AllocationSpec,
    "spending": SpendingSpec,
    "projection": ProjectionSpec,
    "accounts": AccountsSpec,
    "grants": GrantsSpec,
}
_BORDERS = ("area_history", "changes", "crosswalk", "area_population")
#: The parts whose entries have an id of their own and name files.
_FILED = ("source", "geometry", "areas", *_BORDERS, "points", "catchments", "destinations",
          "allocation", "spending", "accounts", "grants")  # fmt: skip
_TABLES: Mapping[str, type[BaseModel]] = {
    "workspace": WorkspaceSection,
    "accumulation": Accumulation,
    "registers": RegisterSettings,
    "counting": CountingSection,
    "rules": RulesSection,
    "minimum_population": MinimumPopulation,
    "teacher_norm": TeacherNormSpec,
    "housing_allowance": HousingAllowanceSpec,
    "expenditure_need": ExpenditureNeedSpec,
}


def load_plan(workspace: Workspace) -> Plan:
    """Read and validate `nabolag.toml`. Raises one `UserError` with every mistake in it."""
    config = workspace.config
    wrong: list[Finding] = [*_unknown_parts(config)]
    parsed: dict[str, tuple[Any, ...]] = {
        key: _collect(wrong, partial(_parse_list, model, config, key)) or ()
        for key, model in _LISTS.items()
    }
    tables: dict[str, Any] = {
        key: _collect(wrong, partial(_parse_table, model, config, key))
        for key, model in _TABLES.items()
        if key in config or key == "workspace"
    }
    wrong += (
        _repeated_ids(parsed) + _dangling(parsed) + _absolute(parsed, tables) + _unfilled(config)
    )
    wrong += (
        _fetches(parsed)
        + _repeated_analyses(parsed, tables.get("expenditure_need"))
        + _models(parsed)
    )
    if wrong:
        raise UserError(*wrong)
    return Plan(
        about=tables["workspace"],
        sources=parsed["source"],
        geometries=parsed["geometry"],
        areas=parsed["areas"],
        bindings=parsed["indicator"],
        accumulation=tables.get("accumulation"),
        rules=parsed["disclosure"],
        custom=parsed["custom_area"],
        points=parsed["points"],
        catchments=parsed["catchments"],
        borders=tuple(entry for key in _BORDERS for entry in parsed[key]),
        fetches=parsed["fetch"],
        counting=tables.get("counting"),
        analyses=parsed["analysis"],
        numbers=tables.get("rules") or RulesSection(),
        destinations=parsed["destinations"],
        population=tables.get("minimum_population"),
        norm=tables.get("teacher_norm"),
        allowance=tables.get("housing_allowance"),
        allocations=parsed["allocation"],
        spending=parsed["spending"],
        projections=parsed["projection"],
        accounts=parsed["accounts"],
        grants=parsed["grants"],
        need=tables.get("expenditure_need"),
    )


T = TypeVar("T")


def _collect(wrong: list[Finding], parse: Callable[[], T]) -> T | None:
    try:
        return parse()
    except UserError as mistakes:
        wrong.extend(mistakes.findings)
        return None


def _parse_list(model: type[M], config: Mapping[str, Any], key: str) -> tuple[M, ...]:
    entries = config.get(key, [])
    if not isinstance(entries, list):
        raise UserError(_mistake("config_not_list", key=key))
    wrong: list[Finding] = []
    parsed = []
    for number, entry in enumerate(entries, start=1):
        named = entry.get("id", number) if isinstance(entry, Mapping) else number
        name = f"{key}[{named}]"
        one = _collect(wrong, partial(_parse_entry, model, entry, name))
        if one is not None:
            parsed.append(one)
    if wrong:
        raise UserError(*wrong)
    return tuple(parsed)


def _parse_entry(model: type[M], entry: Any, name: str) -> M:
    analysis = model is AnalysisSpec and isinstance(entry, Mapping)
    chosen: type[Any] = kind_of(entry) if analysis else model
    parsed: M = parse_section(chosen, entry, CONFIG_NAME, name)
    return parsed


def _parse_table(model: type[M], config: Mapping[str, Any], key: str) -> M:
    if key not in config:
        raise UserError(_mistake("config_key_absent", key=f"[{key}]"))
    return parse_section(model, config[key], CONFIG_NAME, key)


def _unknown_parts(config: Mapping[str, Any]) -> list[Finding]:
    known = {*_LISTS, *_TABLES}
    return [_mistake("config_unknown_key", key=f"[{key}]") for key in config if key not in known]


def _repeated_ids(parsed: Mapping[str, tuple[Any, ...]]) -> list[Finding]:
    ids = [entry.id for key in _FILED for entry in parsed[key]]
    repeated = sorted({one for one in ids if ids.count(one) > 1})
    return [_mistake("config_id_repeated", id=one) for one in repeated]


def _repeated_analyses(
    parsed: Mapping[str, tuple[Any, ...]], need: ExpenditureNeedSpec | None
) -> list[Finding]:
    kinds = ("analysis", "projection", "accounts", "grants")
    ids = [spec.id for key in kinds for spec in parsed[key]]
    ids += [need.id] if need else []
    return [_mistake("config_id_repeated", id=i) for i in sorted(set(ids)) if ids.count(i) > 1]


def _models(parsed: Mapping[str, tuple[Any, ...]]) -> list[Finding]:
    """Name spending models that are not there, and variables that no model has."""
    wrong: list[Finding] = []
    for spec in parsed["spending"]:
        _collect(wrong, spec.check)
    return [replace(one, place=Place(CONFIG_NAME)) for one in wrong]


def _dangling(parsed: Mapping[str, tuple[Any, ...]]) -> list[Finding]:
    sources = {source.id for source in parsed["source"]}
    return [
        _mistake(
            "config_source_unknown",
            indicator=binding.id,
            given=binding.source,
            known=", ".join(sorted(sources)),
        )
        for binding in parsed["indicator"]
        if sources and binding.source not in sources
    ]


def _fetches(parsed: Mapping[str, tuple[Any, ...]]) -> list[Finding]:
    """Name ids of fetches that are used twice, parts that name none, and unknown producers."""
    ids = [spec.id for spec in parsed["fetch"]]
    found = [
        _mistake("config_id_repeated", id=one) for one in sorted(set(ids)) if ids.count(one) > 1
    ]
    for part in (entry for key in _FILED for entry in parsed[key]):
        given = getattr(part, "fetch", "")
        if given and given not in ids:
            near = difflib.get_close_matches(given, ids, n=1)
            params = {"source": part.id, "given": given, "known": ", ".join(ids) or "–"}
            found.append(_mistake("config_fetch_unknown", near=near[0] if near else "–", **params))
    for spec in parsed["fetch"]:
        wrong = producer_mistake(spec.producer, spec.address)
        found += [replace(wrong, place=Place(CONFIG_NAME))] if wrong else []
    return found


def _absolute(parsed: Mapping[str, tuple[Any, ...]], tables: Mapping[str, Any]) -> list[Finding]:
    """Refuse paths that hold for one machine only: they would stand in what is handed on."""
    entries = [(key, entry) for key in _FILED for entry in parsed[key]]
    files = [
        (f"{key}[{entry.id}].file", name)
        for key, entry in entries
        for name in ((entry.file,) if isinstance(entry.file, str) else entry.file)
    ]
    if (numbers := tables.get("rules")) is not None:
        files.append(("rules.settings", numbers.settings))
    if (norm := tables.get("teacher_norm")) is not None and norm.table is not None:
        files.append(("teacher_norm.table.file", norm.table.file))
    if (need := tables.get("expenditure_need")) is not None:
        files.append(("expenditure_need.file", need.file))
        files.append(("expenditure_need.weights.file", need.weights.file))
    return [
        _mistake("config_path_absolute", key=key, given=name)
        for key, name in files
        if PurePosixPath(name).is_absolute() or PureWindowsPath(name).drive or "\\" in name
    ]


def _unfilled(part: Any, key: str = "") -> list[Finding]:
    """Name every key that still holds what `nabolag init` wrote for a person to fill in."""
    if isinstance(part, Mapping):
        pairs = [(f"{key}.{name}" if key else str(name), value) for name, value in part.items()]
    elif isinstance(part, list):
        pairs = [
            (f"{key}[{value.get('id', at) if isinstance(value, Mapping) else at}]", value)
            for at, value in enumerate(part, start=1)
        ]
    else:
        marks = [label("init.fill_in", lang) for lang in LANGS]
        return [_mistake("config_not_filled_in", key=key)] if part in marks else []
    return [found for name, value in pairs for found in _unfilled(value, name)]


def _mistake(code: str, **params: str) -> Finding:
    return Finding(code, Severity.ERROR, Place(CONFIG_NAME), params)
