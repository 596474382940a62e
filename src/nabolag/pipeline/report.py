"""What a check of deliveries tells: what was read, what was left out and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import polars as pl

from nabolag.core import Finding, Lang, Level, Severity, Status, Text, label
from nabolag.pipeline.inputs import Inputs, level_counts
from nabolag.pipeline.plan import Plan


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivered table or border file, in numbers."""

    id: str
    kind: str
    title: Text
    file: str
    rows: int
    kept: int
    left_out: tuple[tuple[Text, int], ...] = ()
    statuses: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The whole check. Nothing may be kept while there are errors."""

    deliveries: tuple[Delivery, ...]
    areas_by_level: dict[str, int]
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that stop the import."""
        return self.of(Severity.ERROR)

    def of(self, severity: Severity) -> tuple[Finding, ...]:
        """Return the findings of one severity."""
        return tuple(f for f in self.findings if f.severity is severity)

    def text(self, lang: Lang) -> str:
        """Return the report as lines of plain words (findings are told apart)."""
        lines = [label("import_report.title", lang), ""]
        for delivery in self.deliveries:
            lines += _delivery_lines(delivery, lang)
        lines.append("")
        lines += [
            f"{Level(level).plural.in_(lang)}: {count}"
            for level, count in self.areas_by_level.items()
        ]
        return "\n".join(lines)

    def as_dict(self, lang: Lang) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "deliveries": [
                {
                    "id": d.id,
                    "kind": d.kind,
                    "file": d.file,
                    "rows": d.rows,
                    "kept": d.kept,
                    "left_out": [{"reason": why.in_(lang), "rows": n} for why, n in d.left_out],
                    "statuses": dict(d.statuses),
                }
                for d in self.deliveries
            ],
            "areas": self.areas_by_level,
            "findings": [f.as_dict(lang) for f in self.findings],
        }


def report_of(plan: Plan, inputs: Inputs) -> ImportReport:
    """Sum up what was read."""
    return ImportReport(
        deliveries=(*_tables(plan, inputs), *_borders(inputs), *_points(plan, inputs)),
        areas_by_level=level_counts(inputs.register),
        findings=inputs.findings,
    )


def _tables(plan: Plan, inputs: Inputs) -> list[Delivery]:
    found = []
    for spec in plan.sources:
        read = inputs.tables.get(spec.id)
        if read is None:
            continue
        left: Counter[Text] = Counter()
        for part in read.facts.left_out:
            left[part.reason] += part.rows
        found.append(
            Delivery(
                id=spec.id,
                kind="table",
                title=spec.title,
                file=", ".join(spec.file) or spec.named,
                rows=read.facts.rows,
                kept=read.facts.cells,
                left_out=tuple(left.items()),
                statuses=tuple(read.facts.statuses.items()),
            )
        )
    return found


def _borders(inputs: Inputs) -> list[Delivery]:
    return [
        Delivery(
            id=read.spec.id,
            kind="borders",
            title=read.spec.title or Text.same(read.spec.id),
            file=", ".join(read.spec.file),
            rows=read.areas.height,
            kept=read.shapes.height,
        )
        for read in inputs.geometries
    ]


def _points(plan: Plan, inputs: Inputs) -> list[Delivery]:
    """Count places, and those of them that lie in some area."""
    inside = pl.col("how").is_in(["inside", "near"])
    counts = inputs.points.points.group_by("source").agg(rows=pl.len(), kept=inside.sum())
    return [
        Delivery(
            id=spec.id,
            kind="points",
            title=spec.title or Text.same(spec.id),
            file=", ".join(spec.file) or spec.named,
            rows=rows,
            kept=kept,
        )
        for spec in plan.points
        for rows, kept in counts.filter(pl.col("source") == spec.id).select("rows", "kept").rows()
    ]


def _delivery_lines(delivery: Delivery, lang: Lang) -> list[str]:
    title = delivery.title.in_(lang)
    if delivery.kind == "points":
        counts = {"rows": delivery.rows, "kept": delivery.kept}
        return [label("import_report.points", lang, title=title, file=delivery.file, **counts)]
    if delivery.kind == "borders":
        return [
            label(
                "import_report.geometry",
                lang,
                title=title,
                file=delivery.file,
                shapes=delivery.kept,
            )
        ]
    left_out = sum(rows for _, rows in delivery.left_out)
    counts = {"rows": delivery.rows, "kept": delivery.kept, "left_out": left_out}
    lines = [label("import_report.source", lang, title=title, file=delivery.file, **counts)]
    lines += [f"  – {reason.in_(lang)}: {rows}" for reason, rows in delivery.left_out]
    listed = ", ".join(
        f"{Status(status).label.in_(lang).lower()} {count}" for status, count in delivery.statuses
    )
    return [*lines, "  – " + label("import_report.statuses", lang, listed=listed)]
