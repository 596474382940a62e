"""What is wrong with a table, or worth knowing about it, put as findings with their places."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from nabolag.core import LANGS, Finding, Lang, Place, Severity, Text, UserError, label, label_text
from nabolag.sources.file_form import ReadOptions
from nabolag.sources.grid import ROW, RawTable
from nabolag.sources.numerals import grouped, number_pattern, trouble_with
from nabolag.sources.spec import SourceSpec

_EXAMPLES = 5
#: How many different wrong texts one message names; the rest are counted.
_MOST = 20


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows that were not imported: why, how many, and the sum of their numbers by measure."""

    reason: Text
    rows: int
    sums: Mapping[str, float] = field(default_factory=dict)


def reason(name: str) -> Text:
    """Return one of our own reasons for leaving rows out."""
    return label_text(f"left_out.{name}")


def columns_needed(spec: SourceSpec) -> list[str]:
    """Return the columns a specification names outside its measures, in reading order."""
    conditions = [*spec.keep, *(c for rule in spec.leave_out for c in rule.where)]
    conditions += [c for rule in spec.area for c in rule.when]
    named = [
        *(rule.column for rule in spec.area),
        spec.period.column,
        spec.period.part.column if spec.period.part else "",
        spec.measure_column,
        *spec.dimensions.values(),
        *(condition.column for condition in conditions),
        *(measure.mark_column for measure in spec.measure),
    ]
    return [name for name in dict.fromkeys(named) if name]


def require_columns(
    table: RawTable, spec: SourceSpec, of_measures: Sequence[str], name: str
) -> None:
    """Raise one `UserError` naming every column that is absent, the nearest name beside it."""
    wanted = dict.fromkeys([*columns_needed(spec), *of_measures])
    absent = [column for column in wanted if column not in table.columns]
    found = [_absent(column, table, name) for column in absent]
    empty = [m for m in spec.measure if m.columns and not _any_column(m.columns, table)]
    found += [_absent(measure.columns, table, name) for measure in empty]
    twice = [c for c in wanted if table.header.count(c) > 1]
    found += [
        Finding("source_column_twice", Severity.ERROR, Place(name, None, column))
        for column in twice
    ]
    if absent and (fits := _better_delimiter(table, wanted)):
        place = Place(name, None, fits[1])
        params = {"given": table.facts["delimiter"], "fits": fits[0]}
        found = [Finding("source_delimiter_splits", Severity.ERROR, place, params)]
    if found:
        raise UserError(*found)


def _better_delimiter(table: RawTable, wanted: Iterable[str]) -> tuple[str, str] | None:
    """Return another delimiter that makes a wanted column out of a heading, and the heading."""
    if "delimiter" not in table.facts:
        return None
    missing = [column for column in wanted if column not in table.columns]
    for heading in table.columns:
        for sign in (";", ",", "\t", "|"):
            parts = [part.strip(' "') for part in heading.split(sign)]
            if len(parts) > 1 and any(column in parts for column in missing):
                return ("\\t" if sign == "\t" else sign), heading
    return None


def _any_column(pattern: str, table: RawTable) -> bool:
    return any(re.fullmatch(pattern, column) for column in table.columns)


def _absent(column: str, table: RawTable, name: str) -> Finding:
    present = ", ".join(f"«{c}»" for c in table.columns[:40])
    near = difflib.get_close_matches(column, table.columns, n=1, cutoff=0.6)
    code = "source_column_near" if near else "source_column_absent"
    params = {"column": column, "present": present, "near": near[0] if near else ""}
    return Finding(code, Severity.ERROR, Place(name), params)


def header_again(kept: pl.DataFrame, table: RawTable, name: str) -> list[Finding]:
    """Return an error where a row further down repeats the header."""
    columns = [c for c in table.columns if not c.startswith("(")]
    if not columns or not table.header:
        return []
    same = kept.filter(pl.all_horizontal(pl.col(c) == c for c in columns))
    if same.is_empty():
        return []
    rows = _few(same[ROW])
    place = Place(name, same[ROW][0])
    return [Finding("source_header_again", Severity.ERROR, place, {}, same.height, rows)]


def rows_without_period(frame: pl.DataFrame, spec: SourceSpec, name: str) -> list[Finding]:
    """Return an error for each text in the period column that names no period."""
    unread = frame.filter(pl.col("_period").is_null())
    texts = unread.group_by("_when", maintain_order=True).agg(pl.col(ROW).first(), pl.len())
    return [
        Finding(
            "source_period_unread",
            Severity.ERROR,
            Place(name, row[ROW], spec.period.column),
            {"text": row["_when"], "kind": spec.period.kind.value},
            row["len"],
        )
        for row in texts.head(_MOST).iter_rows(named=True)
    ]


def periods_unread(texts: Iterable[str], spec: SourceSpec, name: str) -> list[Finding]:
    """Return an error for each column heading whose period cannot be read."""
    return [
        Finding(
            "source_period_unread",
            Severity.ERROR,
            Place(name, None, text),
            {"text": text, "kind": spec.period.kind.value},
        )
        for text in sorted(texts)
    ]


def texts_refused(figures: pl.DataFrame, options: ReadOptions, name: str) -> list[Finding]:
    """Return an error for each text that is neither a number nor a known mark."""
    wrong = figures.filter(pl.col("status").is_null())
    if wrong.is_empty():
        return []
    is_number = pl.col("_text").str.contains(number_pattern(options))
    beside = (pl.col("_mark") != "") & (is_number | (pl.col("_text") == ""))
    wrong = wrong.with_columns(
        pl.when(beside).then(pl.col("_mark")).otherwise(pl.col("_text")).alias("_wrong"),
        beside.alias("_beside"),
    )
    # A whole column written in another way is one mistake, however many numbers it holds.
    texts = (
        wrong.with_columns(_written_otherwise(wrong, options).alias("_other"))
        .group_by("_column", "_other", "_beside", maintain_order=True)
        .agg(
            pl.col("_wrong", "row").first(),
            pl.len().alias("n"),
            pl.col("row").head(_EXAMPLES).alias("at"),
        )
    )
    found = [_refused(row, options, name) for row in texts.head(_MOST).iter_rows(named=True)]
    if texts.height > _MOST:
        rest = texts.height - _MOST
        found.append(Finding("source_more_texts", Severity.ERROR, Place(name), {}, rest))
    return found


def _written_otherwise(wrong: pl.DataFrame, options: ReadOptions) -> pl.Series:
    """Return the finding code where a number is only written in another way, else the text."""
    ways = ("source_decimal_other", "source_thousands_undeclared")
    known = {text: trouble_with(text, options) for text in wrong["_wrong"].unique()}
    names = [known[text] if known[text] in ways else text for text in wrong["_wrong"]]
    return pl.Series(names, dtype=pl.String)


def _refused(row: dict[str, object], options: ReadOptions, name: str) -> Finding:
    text = str(row["_wrong"])
    code = "source_mark_undeclared" if row["_beside"] else trouble_with(text, options)
    rows = row["at"]
    listed = tuple(str(at) for at in rows) if isinstance(rows, list) else ()
    place = Place(name, int(str(row["row"])), str(row["_column"]))
    other = "," if options.decimal == "." else "."
    params = {"text": text, "decimal": options.decimal, "other": other}
    return Finding(code, Severity.ERROR, place, params, int(str(row["n"])), listed)


def codes_unlisted(kept: pl.DataFrame, spec: SourceSpec, name: str) -> list[Finding]:
    """Return a warning for dimension texts that their code list does not hold."""
    found = []
    for dimension, codes in spec.codes.items():
        column = spec.dimensions.get(dimension)
        if column is None:
            continue
        outside = kept.filter(~pl.col(column).is_in(list(codes)))
        if outside.is_empty():
            continue
        texts = _few(outside[column].unique(maintain_order=True))
        place = Place(name, outside[ROW][0], column)
        found.append(
            Finding("source_code_unlisted", Severity.WARNING, place, {}, outside.height, texts)
        )
    return found


def measures_unknown(kept: pl.DataFrame, spec: SourceSpec, name: str) -> list[Finding]:
    """Return an error where the measure column names a measure that is not declared."""
    if not spec.measure_column:
        return []
    known = [measure.code for measure in spec.measure]
    stray = kept.filter(~pl.col(spec.measure_column).is_in(known))
    if stray.is_empty():
        return []
    texts = stray[spec.measure_column].unique(maintain_order=True)
    place = Place(name, stray[ROW][0], spec.measure_column)
    params = {"text": texts[0], "known": ", ".join(f"«{code}»" for code in known)}
    return [
        Finding("source_measure_unknown", Severity.ERROR, place, params, stray.height, _few(texts))
    ]


def columns_unused(
    table: RawTable, spec: SourceSpec, of_measures: Sequence[str]
) -> tuple[str, ...]:
    """Return the columns that the specification does not use."""
    used = {*columns_needed(spec), *of_measures, *table.derived, table.mark_column}
    return tuple(column for column in table.columns if column not in used)


def unused_note(unused: Sequence[str], name: str) -> list[Finding]:
    """Return a note naming the columns that are not used."""
    if not unused:
        return []
    listed = ", ".join(f"«{column}»" for column in unused[:_MOST])
    params = {"columns": listed + (" …" if len(unused) > _MOST else "")}
    return [Finding("source_columns_unused", Severity.INFO, Place(name), params, len(unused))]


def files_note(names: Sequence[str], name: str) -> list[Finding]:
    """Return a note naming every file of a source that has several."""
    if len(names) < 2:
        return []
    params = {"files": ", ".join(Path(file).name for file in names)}
    return [Finding("source_files", Severity.INFO, Place(name), params, len(names))]


def left_out(left: Sequence[LeftOut], name: str) -> list[Finding]:
    """Return a note for each reason for which rows were left out, with their sums."""
    found = []
    for part in left:
        params = {f"reason_{lang}": part.reason.in_(lang) for lang in LANGS}
        params |= {f"sums_{lang}": _sums(part.sums, lang) for lang in LANGS}
        found.append(Finding("source_left_out", Severity.INFO, Place(name), params, part.rows))
    return found


def _sums(sums: Mapping[str, float], lang: Lang) -> str:
    decimal = "." if lang == "en" else ","
    listed = [f"{measure} {grouped(total, decimal)}" for measure, total in sums.items()]
    return "; ".join(listed) or label("left_out.no_numbers", lang)


def parts_added(several: pl.DataFrame, name: str) -> list[Finding]:
    """Return a note where rows with the same key were added, naming the first of them."""
    if several.is_empty():
        return []
    rows = "; ".join(" + ".join(map(str, rows)) for rows in several["_rows"].head(_EXAMPLES))
    place = Place(name, several["row"][0])
    return [Finding("source_added_up", Severity.INFO, place, {"rows": rows}, several.height)]


def _few(values: pl.Series) -> tuple[str, ...]:
    return tuple(str(value) for value in values.head(_EXAMPLES))
