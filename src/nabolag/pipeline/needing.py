"""`[expenditure_need]` in the thread: criteria and weights to indices, protected, with standing."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from nabolag.allocation.need import NeedRead, computed
from nabolag.core import LANGS, Finding, Lang, Level, Place, Severity, label
from nabolag.disclosure import rule_for
from nabolag.pipeline.observed import Observed
from nabolag.pipeline.reckoned import Reckoned

KIND = "expenditure_need"
_EXAMPLES = 8


def needs(seen: Observed) -> tuple[Reckoned, ...]:
    """Return the expenditure need that a workspace declares, where it does."""
    return tuple(_reckoned(read, seen) for read in seen.inputs.need)


def _reckoned(read: NeedRead, seen: Observed) -> Reckoned:
    spec = read.spec
    found = computed(read, max(rule_for(spec.id, spec.id, seen.plan.rules).numerator, 1))
    level = pl.lit(spec.level.value).alias("level")
    weights = [(sector, "", weight) for sector, weight in read.model.sectors.items()]
    weights += [(s, c, w) for s, key in read.model.keys.items() for c, w in key.items()]
    tables = {
        "totals": found.totals.select(level, "area", "name", "index", "status", "absent"),
        "sectors": found.sectors.select(level, "*"),
        "criteria": found.criteria.select(level, "area", "criterion", "index", "status"),
        "weights": pl.DataFrame(weights, schema={"sector": pl.String, "criterion": pl.String,
                                                 "weight": pl.Float64}, orient="row"),
    }  # fmt: skip
    both = {spec.standing, spec.weights.standing}
    facts = {"hidden": found.hidden, "standing": "own" if "own" in both else "published"}
    text: dict[str, str] = {lang: _explained(read, lang) for lang in LANGS}
    told = tuple(_strange(read, seen.inputs.register.areas))
    return Reckoned(
        spec.id, KIND, spec.title_text(), spec.as_dict(), text, facts, tables, told, (spec.id,)
    )


def _explained(read: NeedRead, lang: Lang) -> str:
    spec = read.spec
    parts = [
        label("need.page.rule", lang),
        label(f"need.own.explain.{spec.of}_{spec.values}", lang),
        label(f"need.own.weights.{spec.weights.standing}", lang,
              source=spec.weights.source.in_(lang)),
    ]  # fmt: skip
    return " ".join(parts)


def _strange(read: NeedRead, areas: pl.DataFrame) -> Iterator[Finding]:
    """Tell of areas that are not in the register. Other municipalities are in such tables."""
    spec = read.spec
    if spec.level is Level.KOMMUNE:
        return
    known = set(areas.filter(pl.col("level") == spec.level.value)["code"])
    lost = [code for code in read.figures["area"].unique(maintain_order=True) if code not in known]
    if lost:
        place = Place(spec.file, column=spec.area)
        examples = tuple(lost[:_EXAMPLES])
        yield Finding("need_area_unknown", Severity.WARNING, place, {}, len(lost), examples)
