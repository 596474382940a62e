"""A workspace's dated geography by itself: areas on a day, their history, a file recoded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from nabolag.core import Finding, Level, Place, Severity, error, raise_errors
from nabolag.geography.dated import (
    Borders,
    DatedFile,
    DatedRead,
    Measure,
    Recoded,
    borders_of,
    guesses,
    read_dated,
    read_kept,
    recode_figures,
)
from nabolag.pipeline.plan import load_plan
from nabolag.pipeline.reader import kept_of
from nabolag.sources.delimited import read_delimited
from nabolag.sources.file_form import ReadOptions
from nabolag.sources.marks import DEFAULT_MARKS, STATUS_OF_MARK
from nabolag.store import CONFIG_NAME, Workspace
from nabolag.store.statuses import NOT_APPLICABLE, known, only_known, status_of

#: The columns of a recoded file, after those that it is split by.
RECODED = (
    "measure", "value", "numerator", "denominator", "lower", "upper", "status", "conversion",
)  # fmt: skip
_RANKS = {mark: STATUS_OF_MARK[meaning].rank for mark, meaning in DEFAULT_MARKS.items()}


@dataclass(frozen=True, slots=True)
class FileAsked:
    """Which columns of a file (CSV) are what.

    `area` holds codes of `level`; `counts` are columns that can be added; `shares` pairs of
    columns (numerator, denominator); rows are told apart by `by`.
    """

    path: Path
    level: Level
    area: str
    counts: tuple[str, ...] = ()
    shares: tuple[tuple[str, str], ...] = ()
    by: tuple[str, ...] = ()
    delimiter: str = ";"

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is read."""
        pairs = [column for pair in self.shares for column in pair]
        return tuple(dict.fromkeys([self.area, *self.by, *self.counts, *pairs]))


def read_borders(workspace: Workspace) -> Borders:
    """Read what `nabolag.toml` names of dated geography. Raises `UserError` with every error."""
    plan = load_plan(workspace)
    if not plan.borders:
        raise error("borders_absent", Place(CONFIG_NAME))
    borders = borders_of([(spec, _one(workspace, spec)) for spec in plan.borders])
    raise_errors(borders.said)
    return borders


def _one(workspace: Workspace, spec: DatedFile) -> DatedRead:
    if spec.fetch:
        return read_kept(spec, kept_of(workspace, spec).answers())
    path = workspace.delivered(spec.file) if spec.file else None
    return read_dated(spec, path, spec.file)


def recode_file(asked: FileAsked, borders: Borders, start: str, end: str) -> Recoded:
    """Return a file's figures in other borders, one row an area, `by` and measure.

    Raises `UserError` for absent columns, texts that are neither numbers nor Statistics Norway's
    marks, and areas with two rows. Codes without a way are errors in `findings`.
    """
    texts = read_asked(asked)
    crosswalk = borders.crosswalk([start], end)
    measures: list[tuple[str, Measure, str, str]] = [
        *((column, "count", column, "") for column in asked.counts),
        *((f"{above}/{below}", "share", above, below) for above, below in asked.shares),
    ]
    parts, left = [], []
    findings = list(guesses(crosswalk.of(start).table))
    for name, measure, above, below in measures:
        figures = _figures(texts, asked, start, above, below)
        told = recode_figures(figures, crosswalk, measure, asked.by)
        findings += [finding for finding in told.findings if finding not in findings]
        parts.append(told.figures.with_columns(measure=pl.lit(name)))
        left.append(told.left)
    whole = pl.concat(parts).with_columns(status_of("rank").alias("status"))
    ordered = whole.select("area", *asked.by, *RECODED).sort("area", *asked.by, "measure")
    return Recoded(ordered, tuple(findings), pl.concat(left))


def read_asked(asked: FileAsked) -> pl.DataFrame:
    """Return the asked columns of a file as text, each area and `by` on one row.

    Raises `UserError` for absent columns and for areas with two rows.
    """
    name = asked.path.name
    table = read_delimited(asked.path, ReadOptions(delimiter=asked.delimiter), name)
    raise_errors(
        Finding(
            "recode_column_absent",
            Severity.ERROR,
            Place(name, column=column),
            {"columns": ", ".join(table.columns)},
        )
        for column in asked.columns
        if column not in table.columns
    )
    key = [asked.area, *asked.by]
    twice = table.frame.filter(pl.struct(key).is_duplicated())
    if twice.height:
        examples = tuple(twice[asked.area].unique(maintain_order=True).head(8))
        n, place = twice.height, Place(name, column=asked.area)
        raise_errors([Finding("recode_row_twice", Severity.ERROR, place, {}, n, examples)])
    return table.frame.select(asked.columns)


def _figures(
    texts: pl.DataFrame, asked: FileAsked, geography: str, above: str, below: str
) -> pl.DataFrame:
    """Return figures with amounts and ranks, as `recode_figures` takes them."""
    own = amount_of(texts, above, asked.path.name)
    other = amount_of(texts, below, asked.path.name) if below else None
    placed = texts.select(
        pl.lit(geography).alias("geography"),
        pl.lit(asked.level.value).alias("level"),
        pl.col(asked.area).alias("area"),
        *asked.by,
    )
    frame = placed.with_columns(numerator=own["amount"], numerator_rank=own["rank"])
    if other is None:
        nothing = [pl.lit(None, pl.Float64).alias("denominator")]
        nothing += [pl.lit(None, pl.Int64).alias("denominator_rank")]
        value = [pl.col("numerator").alias("value"), pl.col("numerator_rank").alias("rank")]
        return frame.with_columns(*nothing, *value, pl.lit("").alias("mark"))
    frame = frame.with_columns(denominator=other["amount"], denominator_rank=other["rank"])
    together = pl.max_horizontal("numerator_rank", "denominator_rank")
    nobody = known(together) & (pl.col("denominator") == 0)
    rank = pl.when(nobody).then(NOT_APPLICABLE).otherwise(together).cast(pl.Int64)
    quotient = pl.col("numerator") / pl.col("denominator")
    return frame.with_columns(
        only_known(quotient, rank).alias("value"), rank.alias("rank"), pl.lit("").alias("mark")
    )


def amount_of(texts: pl.DataFrame, column: str, name: str) -> pl.DataFrame:
    """Return `amount` and `rank` (of the status) of a column of texts.

    Raises `UserError` for what is neither a number nor one of Statistics Norway's marks.
    """
    text = pl.col(column).str.replace_all(r"[\s\u00a0]", "").str.replace(",", ".", literal=True)
    number = text.cast(pl.Float64, strict=False)
    rank = pl.col(column).replace_strict(_RANKS, default=None, return_dtype=pl.Int64)
    read = texts.select(
        number.alias("amount"), pl.when(number.is_null()).then(rank).otherwise(0).alias("rank")
    )
    wrong = texts.filter(read["rank"].is_null())
    if wrong.height:
        examples = tuple(wrong[column].unique(maintain_order=True).head(8))
        place, n, params = Place(name, column=column), wrong.height, {"key": column}
        raise_errors([Finding("dated_number_unread", Severity.ERROR, place, params, n, examples)])
    return read


def pairs_of(given: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Read `numerator/denominator` pairs. Raises `UserError` for anything else."""
    made = []
    for text in given:
        above, slash, below = text.partition("/")
        if not (above and slash and below):
            raise error("recode_share_form", given=text)
        made.append((above, below))
    return tuple(made)
