"""What can be wrong with a binding or its figures, said as findings."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

import polars as pl

from nabolag.core import Finding, Indicator, Place, Severity, Unit
from nabolag.core.columns import OBSERVATION_KEY
from nabolag.indicators.binding import BindingSpec, Part
from nabolag.indicators.catalogue import Catalogue
from nabolag.indicators.measure import (
    KEY,
    chosen_cells,
    dimensions,
    is_blank,
    is_sum,
    is_summable,
    part_sums,
)
from nabolag.store import CONFIG_NAME
from nabolag.store.statuses import known

_EXAMPLES = 5


def binding_problems(
    binding: BindingSpec, cells_by_source: Mapping[str, pl.DataFrame], catalogue: Catalogue
) -> list[Finding]:
    """Return what in a binding does not fit the catalogue or the source."""
    about = {"indicator": binding.id, "source": binding.source}
    if binding.id not in catalogue:
        near = difflib.get_close_matches(binding.id, catalogue, n=3, cutoff=0.4) or sorted(
            catalogue
        )
        return [_error("indicator_unknown", {**about, "near": ", ".join(near)})]
    if binding.source not in cells_by_source:
        known_sources = ", ".join(sorted(cells_by_source))
        return [_error("binding_source_unknown", {**about, "known": known_sources})]
    cells = cells_by_source[binding.source]
    own = dimensions(cells)
    problems = [
        _error("binding_dimension_absent", {**about, "name": name, "known": ", ".join(own)})
        for name in (*binding.groups, *filter(None, [binding.contributors]))
        if name not in own
    ]
    for part in binding.parts.values():
        problems += _part_problems(cells, part, own, about)
    if catalogue[binding.id].unit is Unit.COUNT and set(binding.parts) != {"value"}:
        problems.append(_error("binding_count_needs_value", about))
    if binding.contributors:
        problems += _not_an_amount(binding, catalogue[binding.id], about)
    if not problems:
        problems += _not_additive(cells, binding, catalogue[binding.id], about)
    return problems


def _not_an_amount(
    binding: BindingSpec, indicator: Indicator, about: dict[str, str]
) -> list[Finding]:
    """Refuse contributors where nothing is a sum of what they have."""
    if indicator.unit in (Unit.COUNT, Unit.SHARE, Unit.RATE):
        return [_error("contributors_not_an_amount", about)]
    if binding.numerator is None and not is_sum(binding, indicator):
        return [_error("contributors_without_sum", about)]
    return []


def negative_contributions(amounts: pl.DataFrame, binding: BindingSpec) -> list[Finding]:
    """Report contributors (`measure.contributed`) who have less than nothing of an amount."""
    below = amounts.filter(pl.col("amount") < 0)
    if below.is_empty():
        return []
    facts = {**_about(binding), "dimension": binding.contributors}
    return [_rows("contributors_negative", Severity.ERROR, facts, below)]


def _part_problems(
    cells: pl.DataFrame, part: Part, own: list[str], about: dict[str, str]
) -> list[Finding]:
    measures = cells["measure"].unique().sort().to_list()
    if part.measure not in measures:
        listed = ", ".join(str(name) for name in measures[:12])
        return [_error("binding_measure_absent", {**about, "name": part.measure, "known": listed})]
    measured = cells.filter(pl.col("measure") == part.measure)
    problems = []
    for name, values in part.where.items():
        if name not in own:
            facts = {**about, "name": name, "known": ", ".join(own)}
            problems.append(_error("binding_dimension_absent", facts))
            continue
        present = measured[name].drop_nulls().unique().sort().to_list()
        for value in values:
            if value not in present:
                facts = {**about, "dimension": name, "value": value}
                facts["known"] = ", ".join(str(v) for v in present[:12])
                problems.append(_error("binding_value_absent", facts))
    return problems


def _not_additive(
    cells: pl.DataFrame, binding: BindingSpec, indicator: Indicator, about: dict[str, str]
) -> list[Finding]:
    """Refuse to add up means, prices or shares over categories nobody asked to add.

    Shares of one whole may be added where `where` names the categories; means never.
    """
    part = binding.value
    if part is None or is_sum(binding, indicator):
        return []
    chosen = chosen_cells(cells.filter(pl.col("measure") == part.measure), part)
    asked = [name for name in part.where if indicator.unit is Unit.SHARE]
    keep = [*binding.groups, *(name for name in asked if name not in binding.groups)]
    where = ["level", "area", "period", *keep]
    twice = chosen.group_by(where).len().filter(pl.col("len") > 1)
    if twice.is_empty():
        return []
    free = [name for name in dimensions(cells) if name not in keep]
    varying = [name for name in free if chosen[name].n_unique() > 1]
    facts = {**about, "dimensions": ", ".join(varying) or "–"}
    examples = _places(twice)
    return [
        Finding("binding_not_additive", Severity.ERROR, Place(CONFIG_NAME), facts, twice.height,
                examples)
    ]  # fmt: skip


def figure_problems(
    delivered: pl.DataFrame, binding: BindingSpec, indicator: Indicator
) -> list[Finding]:
    """Return figures that cannot be what their unit says."""
    about = {"indicator": binding.id, "source": binding.source}
    found: list[Finding] = []
    shown = delivered.filter(known("rank"))
    negative = shown.filter(pl.min_horizontal("value", "numerator", "denominator") < 0)
    if not negative.is_empty() and indicator.unit in (Unit.SHARE, Unit.COUNT, Unit.RATE):
        found.append(_rows("figure_negative", Severity.ERROR, about, negative))
    if indicator.unit is Unit.SHARE:
        found += _share_problems(shown, binding, about)
    return found


def _share_problems(
    shown: pl.DataFrame, binding: BindingSpec, about: dict[str, str]
) -> list[Finding]:
    """Report shares outside 0..1: usually per cent read as a fraction (SØF tables 14–20)."""
    above = shown.filter(pl.col("value") > 1 + 1e-9)
    counted = binding.numerator is not None and binding.denominator is not None
    if not above.is_empty():
        code = "numerator_above_denominator" if counted else "share_above_one"
        severity = Severity.WARNING if counted else Severity.ERROR
        largest = float(above["value"].max() or 0.0)  # type: ignore[arg-type]
        return [_rows(code, severity, {**about, "largest": f"{largest:g}"}, above)]
    largest = float(shown["value"].max() or 0.0) if shown.height else 0.0  # type: ignore[arg-type]
    if not counted and shown.height >= 5 and 0 < largest < 0.01:
        return [
            _rows("share_very_small", Severity.WARNING, {**about, "largest": f"{largest:g}"}, shown)
        ]
    return []


def stated_differs(
    cells: pl.DataFrame, delivered: pl.DataFrame, binding: BindingSpec, indicator: Indicator
) -> list[Finding]:
    """Compare the value that a file states with the quotient of its own counts."""
    if binding.numerator is None or binding.denominator is None or binding.value is None:
        return []
    stated = part_sums(cells, binding.value, binding).select(
        *KEY, (pl.col("amount") * binding.scale).alias("stated")
    )
    both = (
        delivered.filter(known("rank"))
        .join(stated, on=KEY, how="inner")
        .filter(pl.col("stated").is_not_null())
    )
    off = both.filter(_apart("value", "stated", binding, indicator))
    if off.is_empty():
        return []
    return [_rows("stated_value_differs", Severity.WARNING, _about(binding), off)]


def sums_differ(
    candidates: pl.DataFrame, delivered: pl.DataFrame, binding: BindingSpec, indicator: Indicator
) -> list[Finding]:
    """Compare sums of parts with what the producer says of the whole."""
    if not is_summable(binding, indicator):
        return []
    summed = candidates.filter(known("rank")).select(*KEY, pl.col("value").alias("sum"))
    both = delivered.filter(known("rank")).join(summed, on=KEY, how="inner")
    off = both.filter(_apart("value", "sum", binding, indicator))
    if off.is_empty():
        return []
    apart = ((pl.col("value") - pl.col("sum")) / pl.col("value")).abs()
    largest = off.filter(pl.col("value") != 0).select(apart.max()).item()
    # In per cent and rounded: an exact difference could be somebody's hidden count.
    facts = {**_about(binding), "percent": f"{100 * float(largest or 1.0):.0f}"}
    return [_rows("sum_differs_from_producer", Severity.WARNING, facts, off)]


def _apart(one: str, other: str, binding: BindingSpec, indicator: Indicator) -> pl.Expr:
    distance = (pl.col(one) - pl.col(other)).abs()
    if indicator.unit is Unit.SHARE:
        return distance > binding.agree_within + 1e-12
    return distance > binding.agree_within * pl.col(one).abs() + 1e-9


def without_figures(absent: pl.DataFrame, binding: BindingSpec) -> list[Finding]:
    """Report registered areas that the file has no figure for."""
    if absent.is_empty():
        return []
    areas = absent.select("level", "area").unique().sort("level", "area")
    names = tuple(f"{level}:{area}" for level, area in areas.head(_EXAMPLES).iter_rows())
    facts: dict[str, object] = {**_about(binding), "areas": areas.height}
    return [
        Finding("areas_without_figures", Severity.INFO, params=facts, count=absent.height,
                examples=names)
    ]  # fmt: skip


def of_areas_no_more(left: pl.DataFrame, binding: BindingSpec) -> list[Finding]:
    """Report blank cells of areas that do not exist in the period."""
    if left.is_empty():
        return []
    return [_rows("areas_no_more", Severity.INFO, _about(binding), left)]


def blanks_read_as_zero(cells: pl.DataFrame, binding: BindingSpec) -> list[Finding]:
    """Report how many empty cells were read as 0 because the binding says so."""
    if binding.blank != "zero":
        return []
    measures = [part.measure for part in binding.parts.values()]
    blank = cells.filter(pl.col("measure").is_in(measures) & is_blank())
    if blank.is_empty():
        return []
    return [_rows("blank_read_as_zero", Severity.INFO, _about(binding), blank)]


def contested(everything: pl.DataFrame, delivered: int) -> list[Finding]:
    """Report figures that two bindings both give, where no precedence says which stands."""
    rows = everything.filter((pl.col("origin") == delivered) & ~pl.col("gap"))
    key = list(OBSERVATION_KEY)
    equal = (
        rows.group_by([*key, "precedence"], maintain_order=True)
        .agg(pl.len().alias("n"), pl.col("source").unique(maintain_order=True).str.join(", "))
        .filter(pl.col("n") > 1)
    )
    found = []
    for (indicator,), part in equal.group_by(["indicator"], maintain_order=True):
        facts = {"indicator": str(indicator), "source": part["source"][0]}
        found.append(_rows("precedence_absent", Severity.ERROR, facts, part))
    return found


def _about(binding: BindingSpec) -> dict[str, str]:
    return {"indicator": binding.id, "source": binding.source}


def _error(code: str, facts: Mapping[str, str]) -> Finding:
    return Finding(code, Severity.ERROR, Place(CONFIG_NAME), dict(facts))


def _rows(code: str, severity: Severity, facts: Mapping[str, str], rows: pl.DataFrame) -> Finding:
    return Finding(code, severity, params=dict(facts), count=rows.height, examples=_places(rows))


def _places(rows: pl.DataFrame) -> tuple[str, ...]:
    first = rows.select("level", "area", "period").head(_EXAMPLES)
    return tuple(f"{level}:{area} {period}" for level, area, period in first.iter_rows())
