"""Delivered cells laid out as areas × sexes × ages; what is not known stops the projection.

A projection begins with everybody. A count that is hidden or missing is not a zero, so nothing
is filled in: the message says which rows, and the projection is not made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from nabolag.core import Finding, Level, Place, Severity, UserError, error, raise_errors
from nabolag.projection.axes import AGES, OLDEST, SEXES, Floats, Places
from nabolag.projection.spec import PeopleSection
from nabolag.store.statuses import NUMBERED

_EXAMPLES: Final = 8
#: A single age as producers write it: «7», «7 år», «105+», «105 år eller eldre».
_AGE: Final = r"^\s*(\d{1,3})\s*(?:\+|år.*|years?.*)?$"


@dataclass(frozen=True)
class Delivered:
    """What a projection is made from: cells by source, the name of each in messages, and links."""

    cells: Mapping[str, pl.DataFrame]
    files: Mapping[str, str]
    links: pl.DataFrame

    def of(self, source: str, owner: str) -> pl.DataFrame:
        """Return a source's cells. Raises `UserError` for a source that is not there."""
        if source not in self.cells:
            known = ", ".join(self.cells) or "–"
            raise error("projection_source_unknown", id=owner, given=source, known=known)
        return self.cells[source]

    def place(self, source: str, row: int | None = None, column: str = "") -> Place:
        """Return where in a source's file something stands."""
        return Place(self.files.get(source, source), row, column)


def counted(
    delivered: Delivered, section: PeopleSection, measure: str, level: Level, owner: str
) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """Return counts of a measure at a level: `area`, `year`, `sex` and `age` as numbers, `value`.

    Rows of other words than the two sexes (totals) are left out and told of. Raises `UserError`
    for what is no age, no year, no number, or below 0.
    """
    cells = delivered.of(section.source, owner)
    _refuse_absent(cells, (section.age, section.sex), delivered, section.source)
    rows = cells.filter(pl.col("level") == level.value, pl.col("measure") == measure)
    if rows.is_empty():
        known = ", ".join(sorted(cells["measure"].unique()))
        raise error("projection_no_rows", delivered.place(section.source), measure=measure,
                    level=level.value, known=known)  # fmt: skip
    named = {words: number for number, words in enumerate(section.sexes[s] for s in SEXES)}
    read = rows.with_columns(
        pl.col(section.age).str.extract(_AGE, 1).cast(pl.Int64).clip(0, OLDEST).alias("_age"),
        pl.col(section.sex)
        .replace_strict(named, default=None, return_dtype=pl.Int64)
        .alias("_sex"),
        pl.col("period").str.extract(r"^(\d{4})$", 1).cast(pl.Int64).alias("_year"),
    )
    others = read.filter(pl.col("_sex").is_null())
    people = read.filter(pl.col("_sex").is_not_null())
    raise_errors(_mistakes(people, delivered, section))
    told = _left_out(others, delivered, section)
    found = people.select("area", "value", year="_year", sex="_sex", age="_age")
    return found, told


def _refuse_absent(
    cells: pl.DataFrame, names: Sequence[str], delivered: Delivered, source: str
) -> None:
    raise_errors(
        Finding("projection_dimension_absent", Severity.ERROR, delivered.place(source),
                {"dimension": name, "known": ", ".join(cells.columns[8:]) or "–"})
        for name in names
        if name not in cells.columns
    )  # fmt: skip


def _mistakes(rows: pl.DataFrame, delivered: Delivered, section: PeopleSection) -> list[Finding]:
    """Name rows whose age or year cannot be read, and those without a number."""
    wrong = (
        ("projection_age_unread", pl.col("_age").is_null(), section.age),
        ("projection_year_unread", pl.col("_year").is_null(), "period"),
        (
            "projection_not_known",
            ~pl.col("status").is_in(NUMBERED) | pl.col("value").is_null(),
            "area",
        ),
        ("projection_below_zero", pl.col("value") < 0, "value"),
    )
    return row_mistakes(rows, wrong, delivered, section.source)


def row_mistakes(
    rows: pl.DataFrame,
    wrong: Iterable[tuple[str, pl.Expr, str]],
    delivered: Delivered,
    source: str,
    **params: str,
) -> list[Finding]:
    """Name the rows of a source for which something holds: code, where, and the column to show."""
    found = []
    for code, where, shown in wrong:
        bad = rows.filter(where)
        if bad.height:
            place = delivered.place(source, bad["row"][0])
            examples = tuple(bad[shown].cast(pl.String).unique(maintain_order=True).head(_EXAMPLES))
            found.append(Finding(code, Severity.ERROR, place, dict(params), bad.height, examples))
    return found


def _left_out(
    others: pl.DataFrame, delivered: Delivered, section: PeopleSection
) -> tuple[Finding, ...]:
    if others.is_empty():
        return ()
    words = tuple(others[section.sex].unique(maintain_order=True).head(_EXAMPLES))
    place = delivered.place(section.source, others["row"][0], section.sex)
    params = {"known": ", ".join(section.sexes.values())}
    return (Finding("projection_sex_left_out", Severity.INFO, place, params, others.height, words),)


def laid_out(rows: pl.DataFrame, codes: Sequence[str], years: Sequence[int]) -> Floats:
    """Return counts as year × area × sex × age. Areas and years outside are not asked for."""
    area = {code: number for number, code in enumerate(codes)}
    year = {one: number for number, one in enumerate(years)}
    chosen = rows.filter(pl.col("area").is_in(list(codes)), pl.col("year").is_in(list(years)))
    found = np.zeros((len(years), len(codes), len(SEXES), AGES))
    at = (
        chosen["year"].replace_strict(year, return_dtype=pl.Int64).to_numpy(),
        chosen["area"].replace_strict(area, return_dtype=pl.Int64).to_numpy(),
        chosen["sex"].to_numpy(),
        chosen["age"].to_numpy(),
    )
    np.add.at(found, at, chosen["value"].to_numpy())
    return found


def refuse_holes(
    rows: pl.DataFrame, years: Sequence[int], section: PeopleSection, delivered: Delivered
) -> None:
    """Raise `UserError` for areas that lack ages or sexes in some year, unless that is declared.

    «Nobody lives here of that age» and «not delivered» look alike in a file without the row.
    """
    if section.absent == "zero":
        return
    seen = (
        rows.filter(pl.col("year").is_in(list(years)))
        .group_by("area", "year")
        .agg(pl.struct("sex", "age").n_unique().alias("held"))
    )
    whole = seen["held"].max()
    short = seen.filter(pl.col("held") < whole).sort("area", "year")
    every = len(set(rows["area"])) * len(years)
    lacking = short.height + every - seen.height
    if lacking:
        shown = tuple(
            f"{a} {y}" for a, y in short.select("area", "year").head(_EXAMPLES).iter_rows()
        )
        place = delivered.place(section.source)
        raise UserError(Finding("projection_holes", Severity.ERROR, place, {"whole": whole},
                                lacking, shown))  # fmt: skip


def places_of(
    codes: Sequence[str], level: Level, larger: Level, delivered: Delivered, source: str
) -> Places:
    """Return areas with the larger area that each lies in, standing together.

    Raises `UserError` for areas that lie in none.
    """
    inside = delivered.links.filter(
        pl.col("level") == level.value, pl.col("parent_level") == larger.value
    )
    parent = dict(inside.select("code", "parent_code").iter_rows())
    if level is larger:
        parent = {code: code for code in codes}
    lost = [code for code in codes if code not in parent]
    if lost:
        params = {"level": level.value, "larger": larger.value}
        raise UserError(Finding("projection_area_unlinked", Severity.ERROR, delivered.place(source),
                                params, len(lost), tuple(lost[:_EXAMPLES])))  # fmt: skip
    ordered = sorted(codes, key=lambda code: (parent[code], code))
    around = sorted({parent[code] for code in codes})
    number = {code: at for at, code in enumerate(around)}
    numbers = np.array([number[parent[code]] for code in ordered], dtype=np.int64)
    return Places(tuple(ordered), tuple(around), numbers)
