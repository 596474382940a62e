"""Whether figures and areas know one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from nabolag.core import LANGS, Finding, Period, Place, Severity, label
from nabolag.geography.register import AreaRegister

_EXAMPLES = 8
#: Sums below this are not written in words that may be passed on: a few persons in a place
#: that nobody expected is what disclosure rules are about. The strict default of the house.
_SMALL = 5


def match(
    cells: pl.DataFrame,
    register: AreaRegister,
    *,
    place: Place | None = None,
    carries: str = "",
    unknown: Severity = Severity.ERROR,
) -> tuple[Finding, ...]:
    """Compare the areas of figures (`level`, `area`, maybe `period`) with a register.

    Findings, by level: codes that the register does not know (severity `unknown`), retired
    codes, codes without a shape where the level has shapes, shapes without figures. `carries`
    names a column of additive numbers; then each finding says how much its areas hold in the
    last period they have. Nothing is taken away from the figures.
    """
    told = _Telling(cells, place or Place(), carries)
    found: list[Finding] = []
    for level in cells["level"].unique(maintain_order=True).drop_nulls():
        here = register.areas.filter(pl.col("level") == level)
        seen = _seen(cells.filter(pl.col("level") == level), here, register, level)
        found += told.of("match_unknown", level, seen.filter(~pl.col("known")), unknown)
        gone = pl.col("known") & pl.col("gone")
        found += told.of("match_retired", level, seen.filter(gone), Severity.INFO)
        shapes = register.shapes.filter(pl.col("level") == level).select("code")
        if shapes.is_empty():
            continue
        bare = seen.filter(pl.col("known"), ~pl.col("gone")).join(
            shapes, left_on="area", right_on="code", how="anti"
        )
        lost, meant = bare.filter(~pl.col("shapeless")), bare.filter(pl.col("shapeless"))
        found += told.of("match_without_shape", level, lost, Severity.WARNING)
        found += told.of("match_shapeless", level, meant, Severity.INFO)
        found += _without_figures(level, shapes, seen, here, told)
    return tuple(found)


def _seen(
    cells: pl.DataFrame, areas: pl.DataFrame, register: AreaRegister, level: str
) -> pl.DataFrame:
    """Return one row an area of the figures, with what the register says about it."""
    dated = _with_start(cells)
    names = areas.select(area="code", name="name", valid_to="valid_to", known=pl.lit(True))
    marks = register.marks.filter(pl.col("level") == level).select(
        "retired", "shapeless", area="code"
    )
    joined = dated.join(names, on="area", how="left").join(marks, on="area", how="left")
    after = (pl.col("valid_to") <= pl.col("_start")).fill_null(value=False)
    return (
        joined.group_by("area")
        .agg(
            pl.col("name").first().fill_null(""),
            pl.col("known").first().fill_null(value=False),
            (pl.col("retired").fill_null(value=False) | after).any().alias("gone"),
            pl.col("shapeless").first().fill_null(value=False),
        )
        .sort("area")
    )


def _with_start(cells: pl.DataFrame) -> pl.DataFrame:
    """Add `_start`, the first day of each figure's period, null where there is none."""
    if "period" not in cells.columns:
        return cells.with_columns(pl.lit(None, dtype=pl.Date).alias("_start"))
    spans = {text: _span_of(text) for text in cells["period"].unique().drop_nulls()}
    starts = {text: span[0] if span else None for text, span in spans.items()}
    year = pl.col("period").replace_strict(starts, default=None, return_dtype=pl.Int32)
    return cells.with_columns(pl.date(year, 1, 1).alias("_start"))


def _span_of(text: str) -> tuple[int, int] | None:
    try:
        period = Period.parse(text)
    except ValueError:
        return None
    return period.start, period.end


@dataclass(frozen=True, slots=True)
class _Telling:
    """Makes findings about chosen areas of one table of figures."""

    cells: pl.DataFrame
    place: Place
    carries: str

    def of(self, code: str, level: str, areas: pl.DataFrame, severity: Severity) -> list[Finding]:
        """Return one finding about the areas, or none where there are no areas."""
        if areas.is_empty():
            return []
        rows = self.cells.filter(
            pl.col("level") == level, pl.col("area").is_in(areas["area"].to_list())
        )
        place = self.place
        if severity is Severity.ERROR and "row" in rows.columns:
            first = rows["row"].drop_nulls().sort().head(1).to_list()
            place = Place(self.place.file, first[0] if first else None, self.place.column)
        params = {"level": level, "rows": rows.height, **_span(rows), **self._carried(rows)}
        return [Finding(code, severity, place, params, areas.height, examples_of(areas))]

    @property
    def years(self) -> tuple[date | None, date | None]:
        """The first day of the first period and the last day of the last, where known."""
        if "period" not in self.cells.columns:
            return None, None
        spans = [_span_of(text) for text in self.cells["period"].unique().drop_nulls()]
        years = [span for span in spans if span]
        if not years:
            return None, None
        return date(min(y[0] for y in years), 1, 1), date(max(y[1] for y in years), 12, 31)

    def _carried(self, rows: pl.DataFrame) -> dict[str, Any]:
        nothing = {f"carried_{lang}": "" for lang in LANGS}
        if not self.carries:
            return nothing
        last = str(_span(rows)["last"])
        at = rows.filter(pl.col("period") == last) if "period" in rows.columns else rows
        total = float(at[self.carries].sum() or 0.0)
        shown = f"< {_SMALL}" if 0 < total < _SMALL else f"{total:.10g}"
        words = {
            f"carried_{lang}": label("match.carried", lang, sum=shown, period=last)
            for lang in LANGS
        }
        return {**words, "sum": shown, "period": last}


def _span(rows: pl.DataFrame) -> Mapping[str, str]:
    if "period" not in rows.columns:
        return {"first": "", "last": "", "span": ""}
    periods = rows["period"].drop_nulls()
    first, last = str(periods.min() or ""), str(periods.max() or "")
    return {"first": first, "last": last, "span": first if first == last else f"{first}–{last}"}


def _without_figures(
    level: str, shapes: pl.DataFrame, seen: pl.DataFrame, areas: pl.DataFrame, told: _Telling
) -> list[Finding]:
    """Report areas that have a shape and no figures, apart from those of another time."""
    empty = shapes.join(seen, left_on="code", right_on="area", how="anti")
    named = empty.join(areas, on="code", how="left").rename({"code": "area"}).sort("area")
    first, last = told.years
    later = (pl.col("valid_from") > last).fill_null(value=False)
    earlier = (pl.col("valid_to") <= first).fill_null(value=False)
    params = {"level": level}
    return [
        Finding(code, severity, told.place, params, part.height, examples_of(part))
        for code, severity, part in (
            ("match_without_figures", Severity.WARNING, named.filter(~later & ~earlier)),
            ("match_other_time", Severity.INFO, named.filter(later | earlier)),
        )
        if part.height
    ]


def examples_of(areas: pl.DataFrame) -> tuple[str, ...]:
    """Return the first areas (`area`, `name`) as «0102 Grønland»."""
    rows = areas.select("area", pl.col("name").fill_null("")).head(_EXAMPLES).iter_rows()
    return tuple(f"{code} {name}".strip() for code, name in rows)
