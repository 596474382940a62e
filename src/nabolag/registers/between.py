"""Checks between rows and between registers: keys, references, counts. Rows by number."""

from __future__ import annotations

from typing import Final

import polars as pl

from nabolag.registers.spec import CountedBy, ForeignKey, RegisterSpec

#: The internal column of what another register counts.
COUNTED: Final = "__counted"


def repeated_keys(lazy: pl.LazyFrame, spec: RegisterSpec, rows: tuple[str, ...]) -> pl.DataFrame:
    """Return key and row of every row whose key stands more than once, in row order.

    `rows` names the columns that number rows. Null keys are left to the check of nulls. A key
    that comes down to one whole number is sorted, which takes a third of the memory of a table.
    """
    key = list(spec.key)
    often = _often(lazy, spec)
    if often.is_empty():
        return lazy.select(*key, *rows).head(0).collect()
    return (
        lazy.select(*key, *rows)
        .join(often.lazy(), on=key, how="semi")
        .sort(rows)
        .collect(engine="streaming")
    )


def _often(lazy: pl.LazyFrame, spec: RegisterSpec) -> pl.DataFrame:
    """Return the keys that stand more than once."""
    key = list(spec.key)
    schema = lazy.select(key).collect_schema()
    rest = [name for name in key if name != spec.partition]
    at = pl.col(spec.partition)
    if len(rest) == 1 and schema[rest[0]].is_integer():
        bounds = lazy.select(at.min().alias("a"), at.max().alias("b")).collect().row(0)
        if bounds[0] == bounds[1]:
            ordered = lazy.select(rest[0]).collect(engine="streaming")[rest[0]].sort()
            twice = ordered.filter(ordered == ordered.shift(1)).unique()
            if twice.is_empty():
                return pl.DataFrame(schema=schema)
    counted = lazy.drop_nulls(key).group_by(key).agg(pl.len().alias(COUNTED))
    return counted.filter(pl.col(COUNTED) > 1).select(key).collect(engine="streaming")


def orphans(
    lazy: pl.LazyFrame, link: ForeignKey, other: pl.LazyFrame, rows: tuple[str, ...]
) -> pl.DataFrame:
    """Return the columns of a reference and the row, of rows that refer to nothing in `other`."""
    columns = list(link.columns)
    targets = other.select(pl.col(t).alias(c) for c, t in zip(columns, link.target, strict=True))
    return (
        lazy.select(*columns, *rows)
        .drop_nulls(columns)
        .join(_alike(targets, lazy, columns), on=columns, how="anti")
        .collect(engine="streaming")
        .sort(rows)
    )


def referring(
    lazy: pl.LazyFrame, link: ForeignKey, targets: pl.DataFrame, rows: tuple[str, ...]
) -> pl.DataFrame:
    """Return the rows that refer to one of `targets`, a frame of the target's own key columns."""
    columns = list(link.columns)
    keys = targets.lazy().select(
        pl.col(t).alias(c) for c, t in zip(columns, link.target, strict=True)
    )
    return (
        lazy.select(*columns, *rows)
        .join(_alike(keys, lazy, columns), on=columns, how="semi")
        .collect(engine="streaming")
        .sort(rows)
    )


def miscounted(
    lazy: pl.LazyFrame,
    link: CountedBy,
    other: pl.LazyFrame,
    rows: tuple[str, ...],
    key: tuple[str, ...] = (),
) -> pl.DataFrame:
    """Return rows whose count differs from the number of rows in `other`, which is added.

    A count that is null is not judged. With `key`, the key of `other`, rows that stand there
    several times are counted once; only what differed at first is counted so.
    """
    on = list(link.on)
    found = _differing(lazy.select(*on, link.column, *rows), link, other.select(on))
    if found.height and key:
        few = found.select(on).unique()
        names = list(dict.fromkeys([*on, *key]))
        once = (
            other.select(names)
            .join(_alike(few.lazy(), other, on), on=on, how="semi")
            .unique(list(key))
        )
        found = _differing(found.drop(COUNTED).lazy(), link, once.select(on))
    return found.sort(rows)


def _differing(lazy: pl.LazyFrame, link: CountedBy, other: pl.LazyFrame) -> pl.DataFrame:
    on = list(link.on)
    counted = _alike(other, lazy, on).group_by(on).agg(pl.len().alias(COUNTED))
    return (
        lazy.join(counted, on=on, how="left")
        .with_columns(pl.col(COUNTED).fill_null(0))
        .filter(pl.col(link.column) != pl.col(COUNTED))
        .collect(engine="streaming")
    )


def _alike(frame: pl.LazyFrame, like: pl.LazyFrame, columns: list[str]) -> pl.LazyFrame:
    """Give key columns the types that the other side has: registers differ in width."""
    schema = like.select(columns).collect_schema()
    return frame.select(pl.col(c).cast(schema[c], strict=False) for c in columns)
