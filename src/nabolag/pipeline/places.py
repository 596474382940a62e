"""A workspace's areas and what lies in them, without its figures: schools and catchments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from nabolag.core import Level, Place, error, raise_errors
from nabolag.geography import Catchments
from nabolag.pipeline.inputs import Inputs, read_inputs
from nabolag.pipeline.plan import load_plan
from nabolag.pipeline.recoding import FileAsked, amount_of, read_asked
from nabolag.pipeline.step import Step, no_progress
from nabolag.store import CONFIG_NAME, Workspace
from nabolag.store.statuses import status_of


def read_placed(workspace: Workspace, step: Step = no_progress) -> Inputs:
    """Read borders, lists and points, and place every point; figures are not read.

    Raises `UserError` where `nabolag.toml` declares no `[[points]]`, and with every error found.
    """
    return _places(workspace, step, "points")


def read_divisions(workspace: Workspace, step: Step = no_progress) -> Inputs:
    """Read areas, schools and catchments; figures are not read.

    Raises `UserError` where `nabolag.toml` declares no `[[catchments]]`, and with every error.
    """
    return _places(workspace, step, "catchments")


def _places(workspace: Workspace, step: Step, needed: str) -> Inputs:
    plan = load_plan(workspace)
    if not getattr(plan, needed):
        raise error(f"{needed}_undeclared", Place(CONFIG_NAME))
    inputs = read_inputs(workspace, replace(plan, sources=(), borders=()), step)
    raise_errors(inputs.findings)
    return inputs


def division_named(inputs: Inputs, name: str | None) -> Catchments:
    """Return the catchments with an id, or the only ones. Raises `UserError` otherwise."""
    known = list(inputs.catchments)
    if name is None and len(known) == 1:
        return inputs.catchments[known[0]]
    if name is None or name not in inputs.catchments:
        raise error("catchments_which", given=name or "–", known=", ".join(known))
    return inputs.catchments[name]


def catchment_table(inputs: Inputs, year: int | None = None) -> pl.DataFrame:
    """Return every division's rows with the names of schools and areas, of one year or all."""
    parts = [
        one.table if year is None else one.table.filter(one.holds(year))
        for one in inputs.catchments.values()
    ]
    areas = inputs.register.areas.select("level", area="code", area_name="name")
    named = pl.concat(parts).join(areas, on=["level", "area"], how="left", maintain_order="left")
    return _with_school_names(named, inputs).select(
        "source", "school", "school_name", "level", "area", "area_name", "share",
        "from_year", "to_year",
    )  # fmt: skip


def pupils_by_school(
    asked: FileAsked, inputs: Inputs, division: Catchments, year: int
) -> pl.DataFrame:
    """Share out a file's counts by area between schools: a row a school, `by` and count.

    Columns: `school`, `school_name`, those of `by`, `measure`, `value`, `status`. The rows without
    a school are those who belong to none. Raises `UserError` as reading the file does, and for
    areas that the workspace does not know.
    """
    texts = read_asked(asked)
    _refuse_unknown(texts, asked, inputs)
    placed = texts.select(*asked.by, area=pl.col(asked.area), level=pl.lit(asked.level.value))
    parts = []
    for column in asked.counts:
        amounts = amount_of(texts, column, asked.path.name)
        counts = placed.with_columns(persons=amounts["amount"], rank=amounts["rank"])
        told = division.pupils(counts, year, asked.by)
        parts.append(told.with_columns(measure=pl.lit(column)))
    every = _with_school_names(pl.concat(parts), inputs)
    return every.select(
        "school", "school_name", *asked.by, "measure", value="persons", status=status_of("rank")
    )


def _refuse_unknown(texts: pl.DataFrame, asked: FileAsked, inputs: Inputs) -> None:
    own = inputs.register.areas.filter(pl.col("level") == asked.level.value)["code"]
    unknown = texts.filter(~pl.col(asked.area).is_in(own.to_list()))[asked.area].unique()
    if unknown.len():
        params = {"level": asked.level.value, "codes": _few(unknown.sort().to_list())}
        raise error("catchments_area_unknown", Place(asked.path.name, column=asked.area), **params)


def _with_school_names(rows: pl.DataFrame, inputs: Inputs) -> pl.DataFrame:
    schools = inputs.points.points.filter(pl.col("level") == Level.SCHOOL.value)
    names = schools.select(school="code", school_name="name")
    return rows.join(names, on="school", how="left", maintain_order="left")


def _few(codes: Sequence[str]) -> str:
    return ", ".join(codes[:8]) + (" …" if len(codes) > 8 else "")
