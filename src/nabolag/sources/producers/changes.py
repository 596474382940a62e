"""What changed in a table between two descriptions of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nabolag.core import Finding, Place, Severity
from nabolag.sources.producers.protocol import TableDescription

_MOST_NAMED = 10


def changes_between(
    before: TableDescription, now: TableDescription, asked: Sequence[str], place: Place
) -> Iterator[Finding]:
    """Yield a finding for dimensions and codes that are gone (a warning) or new (a note).

    Only the dimensions that are asked for are looked at; a new one is always told.
    """
    old = {dimension.id: dimension for dimension in before.dimensions}
    new = {dimension.id: dimension for dimension in now.dimensions}
    for name in asked:
        if name in old and name not in new:
            yield Finding("table_dimension_gone", Severity.WARNING, place, {"dimension": name})
    for name in new:
        if name not in old:
            yield Finding("table_dimension_new", Severity.WARNING, place, {"dimension": name})
    for name in asked:
        if name not in old or name not in new:
            continue
        gone = [code for code in old[name].codes if code.code not in new[name].values]
        fresh = [code for code in new[name].codes if code.code not in old[name].values]
        for code, severity, found in (
            ("table_codes_gone", Severity.WARNING, gone),
            ("table_codes_new", Severity.INFO, fresh),
        ):
            if found:
                named = tuple(f"{one.code} ({one.label})" for one in found[:_MOST_NAMED])
                params = {"dimension": name, "table": now.table}
                yield Finding(code, severity, place, params, len(found), named)
