"""PostgreSQL: what is asked becomes SQL, by way of Ibis, and is counted in the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl

from nabolag.store.engine.protocol import Lazy, added_up, joined, lazy

_ROWS = 200_000
_SCHEMES = ("postgresql://", "postgres://")
#: How what is unknown is written where rows are handed over; words stand in quotes.
_UNKNOWN = "\\N"


@dataclass(frozen=True, slots=True)
class PostgresEngine:
    """PostgreSQL, through an Ibis connection (see `postgres_engine`).

    Files are copied to the database once, and what is computed once lies there too: in temporary
    tables, which no other connection reads and which end with this one.
    """

    connection: Any
    _numbers: Iterator[int] = field(default_factory=count, repr=False)
    _files: dict[tuple[Path, ...], str] = field(default_factory=dict, repr=False)
    _kept: dict[str, str] = field(default_factory=dict, repr=False)

    def table(self, name: str) -> Lazy:
        """Read a table that the database already has, or a view of it."""
        return lazy(self.connection.table(name))

    def scan(self, files: Sequence[Path]) -> Lazy:
        """Copy files to the database the first time they are asked for."""
        if tuple(files) not in self._files:
            self._files[tuple(files)] = self._copied(_parts(files))
        return self.table(self._files[tuple(files)])

    def take(self, frame: pl.DataFrame) -> Lazy:
        """Copy a table to the database."""
        return self.table(self._copied([frame]))

    def shorten(self, frame: Lazy, words: Sequence[str]) -> Lazy:
        """Leave them."""
        return frame

    def keep(self, frame: Lazy, name: str, together: str = "") -> Lazy:
        """Make a table; the one it takes the place of is dropped when it is there."""
        made, before = f"kept_{next(self._numbers)}", self._kept.get(name)
        self.connection.create_table(made, frame.to_native(), temp=True)
        self._known(made)
        self._kept[name] = made
        if before is not None:
            self.connection.drop_table(before)
        return self.table(made)

    def gather(
        self,
        rows: Lazy,
        registers: Sequence[tuple[str, Lazy]],
        *,
        whole: bool = False,
        together: str = "",
    ) -> Iterator[Lazy]:
        """Join."""
        yield joined(rows, registers)

    def add_up(
        self, frame: Lazy, keys: Sequence[str], counted: Sequence[str], summed: Sequence[str]
    ) -> pl.DataFrame:
        """Group."""
        return self.collect(added_up(frame, keys, counted, summed))

    def collect(self, frame: Lazy) -> pl.DataFrame:
        """Compute a frame."""
        found: pl.DataFrame = frame.to_native().to_polars()
        return found

    def _copied(self, parts: Iterable[pl.DataFrame]) -> str:
        """Make a table of frames that have the same columns; return its name."""
        import ibis  # noqa: PLC0415

        name, there = f"taken_{next(self._numbers)}", False
        for part in parts:
            if not there:
                schema = ibis.Schema.from_polars(part.schema)
                self.connection.create_table(name, schema=schema, temp=True)
                there = True
            written = part.write_csv(
                include_header=False, null_value=_UNKNOWN, quote_style="non_numeric"
            )
            copy = f"COPY {name} FROM STDIN (FORMAT csv, NULL '{_UNKNOWN}')"
            with self.connection.con.cursor() as cursor, cursor.copy(copy) as into:
                into.write(written.encode())
        self._known(name)
        return name

    def _known(self, name: str) -> None:
        """Let the database see what a table is like: it plans by that."""
        self.connection.con.execute(f"ANALYZE {name}")


@contextmanager
def postgres_engine(address: str) -> Iterator[PostgresEngine]:
    """Open a connection and close it again.

    `address` is written `postgresql://user:password@host:port/database`. Raises `ValueError` where
    it is not, `ConnectionError` where nobody answers there, `ImportError` where Ibis is not
    installed.
    """
    if not address.startswith(_SCHEMES):
        raise ValueError("an address of PostgreSQL begins with postgresql://")
    import ibis  # noqa: PLC0415
    from psycopg import OperationalError  # noqa: PLC0415

    try:
        connection = ibis.connect(address)
    except OperationalError as silent:
        raise ConnectionError(str(silent)) from silent
    try:
        connection.con.execute("SET client_encoding TO 'UTF8'")
        connection.compiler = _compiler()
        yield PostgresEngine(connection)
    finally:
        connection.disconnect()


def _compiler() -> Any:
    """Return Ibis' compiler, told three things about PostgreSQL.

    True is one, of which PostgreSQL makes no kind of number but one; 17.5 is a decimal there
    unless it is called a float; and `NOT a IS NULL` does not ask whether `NOT a` is unknown.
    """
    import ibis.expr.datatypes as dt  # noqa: PLC0415
    import sqlglot.expressions as sge  # noqa: PLC0415
    from ibis.backends.sql.compilers import PostgresCompiler  # noqa: PLC0415

    class Compiler(PostgresCompiler):  # type: ignore[misc]
        __slots__ = ()

        def visit_Cast(self, op: Any, *, arg: Any, to: Any) -> Any:  # noqa: N802
            if op.arg.dtype.is_boolean() and to.is_numeric():
                arg = self.cast(arg, dt.int32)
            return super().visit_Cast(op, arg=arg, to=to)

        def visit_DefaultLiteral(self, op: Any, *, value: Any, dtype: Any) -> Any:  # noqa: N802
            written = super().visit_DefaultLiteral(op, value=value, dtype=dtype)
            return self.cast(written, dtype) if dtype.is_floating() else written

        def visit_Not(self, op: Any, *, arg: Any) -> Any:  # noqa: N802
            return sge.paren(super().visit_Not(op, arg=arg), copy=False)

    return Compiler()


def _parts(files: Sequence[Path]) -> Iterator[pl.DataFrame]:
    """Read files some rows at a time; at least once, so that empty files have their columns."""
    from pyarrow.parquet import ParquetFile  # noqa: PLC0415

    for file in files:
        opened = ParquetFile(file)
        yield pl.DataFrame(opened.schema_arrow.empty_table())
        for batch in opened.iter_batches(_ROWS):
            yield pl.DataFrame(batch)
