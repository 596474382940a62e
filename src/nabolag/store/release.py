"""A release: what may leave the house, as its readers see it.

Web, reports, exports and the command line read figures here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from nabolag.core import (
    Comparability,
    Comparison,
    DefinitionChange,
    Finding,
    Indicator,
    Kind,
    Level,
    Origin,
    Provenance,
    Text,
    Unit,
    Worse,
)
from nabolag.store.bundle import Bundle
from nabolag.store.frames import CATCHMENTS, LINKS, POINTS, empty

#: The kind of a spending model, among what is described as an analysis is.
SPENDING = "spending"


@dataclass(frozen=True, slots=True)
class Analysed:
    """An analysis that left with a release: what was asked, the rule in words, what was found.

    `facts` are plain data beside the tables, of which `tables` are the names.
    """

    id: str
    kind: str
    name: Text | None
    spec: Mapping[str, Any]
    text: Mapping[str, str]
    facts: Mapping[str, Any]
    tables: tuple[str, ...]
    bundle: Bundle

    def table(self, name: str) -> pl.DataFrame:
        """Read one of its tables."""
        of = model_frame if self.kind == SPENDING else analysis_frame
        return self.bundle.frame(of(self.id, name))


def analysis_frame(analysis: str, table: str) -> str:
    """Return what a table of an analysis is called in the bundle."""
    return f"analysis-{analysis}-{table}"


def allocation_frame(allocation: str, table: str) -> str:
    """Return what a table of an allocation is called in the bundle."""
    return f"allocation-{allocation}-{table}"


def model_frame(model: str, table: str) -> str:
    """Return what a table of a spending model is called in the bundle."""
    return f"model-{model}-{table}"


@dataclass(frozen=True)
class Release:
    """An opened release. Tables are read when first asked for and kept."""

    bundle: Bundle

    @property
    def id(self) -> str:
        """The release's name."""
        return self.bundle.id

    @cached_property
    def observations(self) -> pl.DataFrame:
        """Protected observations, schema `core.columns.OBSERVATIONS`."""
        return self.bundle.frame("observations")

    @cached_property
    def accumulation(self) -> pl.DataFrame:
        """Classes by area and period, schema `core.columns.ACCUMULATION`."""
        return self.bundle.frame("accumulation")

    @cached_property
    def reasons(self) -> pl.DataFrame:
        """Why each class, schema `core.columns.REASONS`."""
        return self.bundle.frame("reasons")

    @cached_property
    def areas(self) -> pl.DataFrame:
        """Areas, schema `core.columns.AREAS`."""
        return self.bundle.frame("areas")

    @cached_property
    def links(self) -> pl.DataFrame:
        """Which area lies in which, schema `core.columns.LINKS`."""
        return self.bundle.frame("links")

    @cached_property
    def shapes(self) -> pl.DataFrame:
        """Shapes, schema `core.columns.SHAPES`."""
        return self.bundle.frame("shapes")

    @cached_property
    def points(self) -> pl.DataFrame:
        """Schools and kindergartens, schema `core.columns.POINTS`; no rows where none leave."""
        return self.bundle.frame("points") if self.bundle.has("points") else empty(POINTS)

    @cached_property
    def point_areas(self) -> pl.DataFrame:
        """Which areas the points lie in, schema `core.columns.LINKS`."""
        return self.bundle.frame("point_areas") if self.bundle.has("point_areas") else empty(LINKS)

    @cached_property
    def catchments(self) -> pl.DataFrame:
        """Which areas belong to which school, schema `core.columns.CATCHMENTS`."""
        return (
            self.bundle.frame("catchments") if self.bundle.has("catchments") else empty(CATCHMENTS)
        )

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """The catalogue entries this release holds figures for, by id, in catalogue order."""
        entries = self.bundle.document("indicators")
        return {entry["id"]: indicator_from_dict(entry) for entry in entries}

    @cached_property
    def sources(self) -> dict[str, Provenance]:
        """Where the figures come from, by source id."""
        entries = self.bundle.document("sources")
        return {entry["source"]: Provenance.from_dict(entry) for entry in entries}

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What was noticed on the way from files to release."""
        return tuple(Finding.from_dict(entry) for entry in self.bundle.document("findings"))

    @cached_property
    def analyses(self) -> dict[str, Analysed]:
        """The analyses that left with the release, by id, in the order they were declared."""
        entries = self.bundle.document("analyses") if self.bundle.has("analyses") else []
        return {entry["id"]: _analysed(entry, self.bundle) for entry in entries}

    @cached_property
    def allocations(self) -> dict[str, Mapping[str, Any]]:
        """The allocations that left with the release, by id, as they were declared."""
        entries = self.bundle.document("allocations") if self.bundle.has("allocations") else []
        return {entry["id"]: entry for entry in entries}

    @cached_property
    def models(self) -> dict[str, Analysed]:
        """The spending models that left with the release, by id, as they were declared."""
        entries = self.bundle.document("models") if self.bundle.has("models") else []
        return {entry["id"]: _analysed(entry, self.bundle) for entry in entries}

    @cached_property
    def reckoned(self) -> dict[str, Analysed]:
        """What was reckoned of deliveries beside observations: projections and accounts, by id."""
        entries = self.bundle.document("reckoned") if self.bundle.has("reckoned") else []
        return {entry["id"]: _analysed(entry, self.bundle) for entry in entries}

    def reckoned_of(self, kind: str) -> dict[str, Analysed]:
        """Return what was reckoned of one kind, by id, in the order it was declared."""
        return {name: one for name, one in self.reckoned.items() if one.kind == kind}

    @cached_property
    def about(self) -> Mapping[str, Any]:
        """Name, municipality, levels, rules and notes of the release (see `pipeline.about`)."""
        return dict(self.bundle.document("about"))

    @property
    def name(self) -> Text:
        """What the workspace calls itself."""
        return Text.of(self.about["name"])

    @property
    def main_level(self) -> Level:
        """The level that pages open with."""
        return Level(self.about["main_level"])


def _analysed(entry: Mapping[str, Any], bundle: Bundle) -> Analysed:
    name = Text.of(entry["name"]) if entry.get("name") else None
    return Analysed(**{**entry, "name": name, "tables": tuple(entry["tables"]), "bundle": bundle})


def indicator_as_dict(indicator: Indicator) -> dict[str, Any]:
    """Return a catalogue entry as plain data."""
    words = {
        name: text.as_dict() if (text := getattr(indicator, name)) else None
        for name in ("label", "definition", "numerator", "denominator", "population", "short")
    }
    return {
        "id": indicator.id,
        **words,
        "unit": indicator.unit.value,
        "kind": indicator.kind.value,
        "worse": indicator.worse.value,
        "ring": indicator.ring,
        "reference": indicator.reference,
        "minimum_level": indicator.minimum_level.value if indicator.minimum_level else None,
        "decimals": indicator.decimals,
        "version": indicator.version,
        "sources": [_origin_as_dict(origin) for origin in indicator.sources],
        "comparability": _comparison_as_dict(indicator.comparability),
        "changed": [_change_as_dict(change) for change in indicator.changed],
        "counted_among": indicator.counted_among,
        "made_of": [list(parts) for parts in indicator.made_of],
    }


def _origin_as_dict(origin: Origin) -> dict[str, Any]:
    return {
        "producer": origin.producer,
        "table": origin.table,
        "registers": list(origin.registers),
        "reference": origin.reference,
    }


def _comparison_as_dict(comparison: Comparison | None) -> dict[str, Any] | None:
    if comparison is None:
        return None
    reason = comparison.reason.as_dict() if comparison.reason else None
    return {"status": comparison.status.value, "reason": reason}


def _change_as_dict(change: DefinitionChange) -> dict[str, Any]:
    return {
        "version": change.version,
        "from_period": change.from_period,
        "what": change.what.as_dict(),
        "reference": change.reference,
    }


def indicator_from_dict(data: Mapping[str, Any]) -> Indicator:
    """Read what `indicator_as_dict` wrote."""
    optional = {
        name: Text.of(data[name]) if data.get(name) else None
        for name in ("numerator", "denominator", "population", "short")
    }
    return Indicator(
        id=data["id"],
        label=Text.of(data["label"]),
        definition=Text.of(data["definition"]),
        unit=Unit(data["unit"]),
        kind=Kind(data["kind"]),
        worse=Worse(data["worse"]),
        ring=data["ring"],
        reference=data.get("reference", ""),
        minimum_level=Level(data["minimum_level"]) if data.get("minimum_level") else None,
        decimals=data.get("decimals", 1),
        version=data.get("version", 1),
        sources=tuple(
            Origin(**{**origin, "registers": tuple(origin["registers"])})
            for origin in data.get("sources", ())
        ),
        comparability=_comparison_from_dict(data.get("comparability")),
        changed=tuple(
            DefinitionChange(**{**change, "what": Text.of(change["what"])})
            for change in data.get("changed", ())
        ),
        counted_among=data.get("counted_among", ""),
        made_of=tuple(tuple(parts) for parts in data.get("made_of", ())),
        numerator=optional["numerator"],
        denominator=optional["denominator"],
        population=optional["population"],
        short=optional["short"],
    )


def _comparison_from_dict(data: Mapping[str, Any] | None) -> Comparison | None:
    if data is None:
        return None
    reason = Text.of(data["reason"]) if data.get("reason") else None
    return Comparison(Comparability(data["status"]), reason)
