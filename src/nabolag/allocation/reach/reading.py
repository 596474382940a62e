"""Areas for a score, out of a table: what is known, what is hidden, and what is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import polars as pl

from nabolag.allocation.reach.places import Between, Floats
from nabolag.allocation.reach.score import Areas
from nabolag.core import WITH_VALUE, Finding, Place, Severity, Status, error, raise_errors
from nabolag.sources.delimited import DELIMITERS, decode, read_delimited
from nabolag.sources.file_form import ReadOptions
from nabolag.sources.grid import ROW

#: Columns of a table of areas. The bounds and statuses may be left out.
REQUIRED = ("area", "people", "need", "money")
OPTIONAL = ("need_lower", "need_upper", "need_status", "money_lower", "money_upper", "money_status")


def areas_of(
    table: pl.DataFrame, *, high_is_need: bool = True
) -> tuple[Areas, tuple[Finding, ...]]:
    """Return areas out of a table, and what was noticed.

    A need or an amount that is absent lies between its bounds (`need_lower`, …) or anywhere. An
    area without residents, or where something does not apply, is left out and named. With
    `high_is_need` false a low figure is the exposed one. Raises `UserError` for what cannot be
    scored.
    """
    absent = [name for name in REQUIRED if name not in table.columns]
    if absent:
        raise error("reach_columns", absent=", ".join(absent), known=", ".join(REQUIRED + OPTIONAL))
    repeated = table.filter(pl.col("area").is_duplicated())["area"].unique().sort().to_list()
    if repeated:
        raise error("reach_repeated", areas=", ".join(map(str, repeated)))
    held = _with_optional(table)
    inside = held.filter(_fits())
    told = tuple(_left_out(held.filter(~_fits())))
    need, money = _between(inside, "need"), _between(inside, "money", 0.0)
    if not high_is_need:
        need = Between(-need.high, -need.low)
    people = inside["people"].cast(pl.Float64).to_numpy()
    codes = tuple(map(str, inside["area"].to_list()))
    return Areas(codes, people, need, money), (*told, *_hidden(inside))


def read_areas(path: Path) -> pl.DataFrame:
    """Read a table of areas from a CSV, an empty cell where a number is hidden.

    Numbers may have comma or point. Raises `UserError` naming row and column of what is no number
    and no known status.
    """
    if not path.is_file():
        raise error("grants_file_absent", Place(path.name), folder=str(path.parent))
    first = decode(path.read_bytes(), "utf-8", path.name).splitlines()[0]
    sign = max(DELIMITERS, key=first.count)
    frame = read_delimited(path, ReadOptions(delimiter=sign), path.name).frame
    known = [name for name in (*REQUIRED, *OPTIONAL) if name in frame.columns]
    absent = [name for name in REQUIRED if name not in known]
    if absent:
        params = {"absent": ", ".join(absent), "known": ", ".join(REQUIRED + OPTIONAL)}
        raise error("reach_columns", Place(path.name), **params)
    rows = list(frame.iter_rows(named=True))
    raise_errors(told for row in rows for told in _wrong(row, known, path.name))
    texts = [name for name in known if name == "area" or name.endswith("status")]
    made = [
        {name: row[name] if name in texts else _number(row[name]) for name in known} for row in rows
    ]
    schema = {name: pl.String if name in texts else pl.Float64 for name in known}
    return pl.DataFrame(made, schema=schema)


def _wrong(row: dict[str, str], known: list[str], file: str) -> Iterator[Finding]:
    for name in known:
        place = Place(file, int(row[ROW]), name)
        if name.endswith("status"):
            if row[name] and row[name] not in set(Status):
                params = {"given": row[name], "known": ", ".join(Status)}
                yield Finding("reach_status", Severity.ERROR, place, params)
        elif name != "area" and row[name] and _number(row[name]) is None:
            yield Finding("reach_number", Severity.ERROR, place, {"given": row[name]})


def _number(text: str) -> float | None:
    kept = text.replace(" ", "").replace("\N{NO-BREAK SPACE}", "").replace(",", ".")
    try:
        return float(kept.replace("\N{MINUS SIGN}", "-")) if kept else None
    except ValueError:
        return None


def _with_optional(table: pl.DataFrame) -> pl.DataFrame:
    given = set(table.columns)
    made = [
        pl.lit("" if name.endswith("status") else None).alias(name)
        for name in OPTIONAL
        if name not in given
    ]
    numbers = [n for n in (*REQUIRED[1:], *OPTIONAL) if not n.endswith("status")]
    statuses = [n for n in OPTIONAL if n.endswith("status")]
    return table.with_columns(made).with_columns(
        *(pl.col(name).cast(pl.Float64) for name in numbers),
        *(pl.col(name).fill_null("").cast(pl.String) for name in statuses),
    )


def _fits() -> pl.Expr:
    none = Status.NOT_APPLICABLE.value
    lived = pl.col("people").is_not_null() & (pl.col("people") > 0)
    return lived & (pl.col("need_status") != none) & (pl.col("money_status") != none)


def _between(rows: pl.DataFrame, name: str, least: float = -np.inf) -> Between:
    """Return a column as bounds; a number under a status that hides it is not used."""
    shown = pl.col(f"{name}_status").is_in(["", *(status.value for status in WITH_VALUE)])
    known = pl.when(shown).then(pl.col(name))
    low = pl.coalesce(known, pl.col(f"{name}_lower"), pl.lit(least))
    high = pl.coalesce(known, pl.col(f"{name}_upper"), pl.lit(np.inf))
    told = rows.select(low.alias("low"), high.alias("high"))
    return Between(_floats(told["low"]), _floats(told["high"]))


def _floats(column: pl.Series) -> Floats:
    return np.asarray(column.to_numpy(), dtype=np.float64)


def _left_out(rows: pl.DataFrame) -> Iterable[Finding]:
    if rows.height:
        codes = tuple(map(str, rows["area"].head(5).to_list()))
        params = {"areas": ", ".join(codes)}
        yield Finding("reach_left_out", Severity.WARNING, params=params, count=rows.height)


def _hidden(rows: pl.DataFrame) -> Iterable[Finding]:
    for name in ("need", "money"):
        held = _between(rows, name, 0.0 if name == "money" else -np.inf)
        count = int((held.low != held.high).sum())
        if count:
            yield Finding(f"reach_hidden_{name}", Severity.INFO, count=count)
