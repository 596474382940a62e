"""Which area each row is about: typed levels, codes made by declared steps, names looked up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from nabolag.core import Finding, Place, Severity, code_fits, error
from nabolag.sources.codes import all_hold, folded, transformed
from nabolag.sources.column_rules import AreaRule, Lookup
from nabolag.sources.grid import ROW, RawTable

LEVEL, AREA = "_level", "_area"
#: Columns of the placed frame: which rule placed the row, and what was looked up in vain.
RULE, UNKNOWN = "_rule", "_unknown"
_EXAMPLES = 5

#: Reads the table that a `Lookup` names.
LookupReader = Callable[[Lookup], RawTable]


@dataclass(frozen=True, slots=True)
class Names:
    """Names and their codes: `table` has `_name`, `_code`, `_several` (more than one code)."""

    table: pl.DataFrame


def placed(
    frame: pl.DataFrame, rules: Sequence[AreaRule], read_lookup: LookupReader
) -> pl.DataFrame:
    """Add `_level`, `_area`, `_rule` and `_unknown` to a frame of text columns.

    The first rule that fits a row decides. `_rule` is null where none fits; `_unknown` is
    `name` where the name is in no lookup, `several` where it has more than one code there.
    """
    chosen = pl.coalesce(
        pl.when(_fits(rule)).then(pl.lit(at, pl.Int64)) for at, rule in enumerate(rules)
    )
    frame = frame.with_columns(chosen.alias(RULE))
    parts = [
        _by_rule(frame.filter(pl.col(RULE) == at), rule, read_lookup)
        for at, rule in enumerate(rules)
    ]
    nowhere = frame.filter(pl.col(RULE).is_null()).with_columns(
        pl.lit(None, pl.String).alias(name) for name in (LEVEL, AREA, UNKNOWN)
    )
    return pl.concat([*parts, nowhere], how="vertical").sort(ROW, maintain_order=True)


def _fits(rule: AreaRule) -> pl.Expr:
    fits = all_hold(rule.when)
    if rule.code:
        return fits
    text = pl.col(rule.column)
    fits = fits & ~text.is_in(["", *rule.blank])
    if rule.length:
        fits = fits & text.str.len_chars().is_in(list(rule.length))
    if rule.matches:
        fits = fits & text.str.contains(f"^(?:{rule.matches})$")
    if rule.codes:
        fits = fits & text.is_in(list(rule.codes))
    return fits


def _by_rule(frame: pl.DataFrame, rule: AreaRule, read_lookup: LookupReader) -> pl.DataFrame:
    """Give the rows of one rule their level and code."""
    nothing = pl.lit(None, pl.String).alias(UNKNOWN)
    level = pl.lit(rule.level.value).alias(LEVEL)
    if rule.code:
        return frame.with_columns(level, pl.lit(rule.code).alias(AREA), nothing)
    code = transformed(pl.col(rule.column), rule.transform)
    if rule.codes:
        mapped = pl.col(rule.column).replace_strict(
            rule.codes, default=None, return_dtype=pl.String
        )
        return frame.with_columns(level, mapped.alias(AREA), nothing)
    if rule.lookup is None:
        return frame.with_columns(level, code.alias(AREA), nothing)
    if frame.is_empty():
        return frame.with_columns(level, pl.lit(None, pl.String).alias(AREA), nothing)
    names = names_of(rule.lookup, read_lookup(rule.lookup))
    same = {key.casefold(): name for key, name in rule.lookup.same.items()}
    wanted = folded(folded(code).replace(same) if same else code)
    found = frame.with_columns(level, wanted.alias("_name")).join(
        names.table, on="_name", how="left", maintain_order="left"
    )
    return found.with_columns(
        pl.when(~pl.col("_several")).then(pl.col("_code")).alias(AREA),
        pl.when(pl.col("_several"))
        .then(pl.lit("several"))
        .when(pl.col("_code").is_null())
        .then(pl.lit("name"))
        .alias(UNKNOWN),
    ).drop("_name", "_code", "_several")


def names_of(lookup: Lookup, table: RawTable) -> Names:
    """Return the names of a lookup table with their codes.

    Raises `UserError` for a column that the table lacks.
    """
    for column in (lookup.name, lookup.code):
        if column not in table.columns:
            listed = ", ".join(table.columns)
            raise error("source_column_absent", Place(lookup.file), column=column, present=listed)
    frame = table.frame.filter(all_hold(lookup.keep)).select(
        folded(pl.col(lookup.name)).alias("_name"),
        transformed(pl.col(lookup.code), lookup.transform).alias("_code"),
    )
    frame = frame.filter((pl.col("_name") != "") & (pl.col("_code") != "")).unique()
    return Names(
        frame.group_by("_name").agg(pl.col("_code").min(), (pl.len() > 1).alias("_several"))
    )


def place_findings(frame: pl.DataFrame, rules: Sequence[AreaRule], name: str) -> list[Finding]:
    """Return what is wrong with the places of a placed frame.

    Errors: rows that no rule fits, codes that cannot be of their level, names that a lookup
    lacks or gives two codes. Names that may be left out are warnings.
    """
    found = [*_rows_nowhere(frame, rules, name)]
    for at, rule in enumerate(rules):
        rows = frame.filter(pl.col(RULE) == at)
        found += _names_in_vain(rows, rule, name)
        found += _codes_that_misfit(rows, rule, name)
    return found


def _rows_nowhere(frame: pl.DataFrame, rules: Sequence[AreaRule], name: str) -> list[Finding]:
    rows = frame.filter(pl.col(RULE).is_null())
    if rows.is_empty():
        return []
    column = next((rule.column for rule in rules if rule.column), "")
    text = rows[column][0] if column else ""
    return [
        Finding(
            "source_area_nowhere",
            Severity.ERROR,
            Place(name, rows[ROW][0], column),
            {"text": text},
            rows.height,
            _few(rows[ROW]),
        )
    ]


def _names_in_vain(rows: pl.DataFrame, rule: AreaRule, name: str) -> list[Finding]:
    if rule.lookup is None:
        return []
    severity = {
        "several": Severity.ERROR,
        "name": Severity.ERROR if rule.lookup.unknown == "refuse" else Severity.WARNING,
    }
    found = []
    for kind in ("name", "several"):
        vain = rows.filter(pl.col(UNKNOWN) == kind)
        if vain.is_empty():
            continue
        code = f"source_name_{'unknown' if kind == 'name' else 'several'}"
        place = Place(name, vain[ROW][0], rule.column)
        names = vain[rule.column].unique(maintain_order=True)
        params = {"names": "; ".join(names.head(40)), "lookup": rule.lookup.file}
        found.append(Finding(code, severity[kind], place, params, names.len(), _few(names)))
    return found


def _codes_that_misfit(rows: pl.DataFrame, rule: AreaRule, name: str) -> list[Finding]:
    codes = rows.filter(pl.col(AREA).is_not_null())[AREA].unique()
    wrong = [code for code in codes if not code_fits(rule.level, code)]
    if not wrong:
        return []
    misfits = rows.filter(pl.col(AREA).is_in(wrong))
    params = {"code": misfits[AREA][0], "level": rule.level.value}
    return [
        Finding(
            "source_code_shape",
            Severity.ERROR,
            Place(name, misfits[ROW][0], rule.column),
            params,
            misfits.height,
            _few(misfits[AREA].unique(maintain_order=True)),
        )
    ]


def _few(values: pl.Series) -> tuple[str, ...]:
    return tuple(str(value) for value in values.head(_EXAMPLES))
