"""What is told of a fetch: its origin, and whether what is kept answers the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from nabolag import __version__
from nabolag.core import UserError
from nabolag.sources.producers import FetchSpec, Kept, Request, Run, TableDescription


def fingerprint_of(spec: FetchSpec) -> str:
    """Return what changes when the query, the producer or its address does."""
    return replace(
        spec.query, options={**spec.options, "@": spec.producer, "@address": spec.address}
    ).fingerprint


def is_current(
    kept: Kept, spec: FetchSpec, description: TableDescription, requests: Iterable[Request]
) -> bool:
    """Tell whether what is kept answers the same questions to the same edition of the table."""
    same = kept.plan["fingerprint"] == fingerprint_of(spec)
    stamped = bool(description.updated) and kept.plan["updated"] == description.updated
    asked = kept.plan["keys"] == [request.key for request in requests]
    return same and stamped and asked and _is_whole(kept)


def _is_whole(kept: Kept) -> bool:
    try:
        kept.files()
    except UserError:
        return False
    return True


def same_answers(kept: Kept, run: Run, requests: Sequence[Request]) -> bool:
    """Tell whether a table without a stamp answered what it answered before."""
    if kept.plan["keys"] != [request.key for request in requests] or not _is_whole(kept):
        return False
    if kept.plan["fingerprint"] != run.plan["fingerprint"]:
        return False
    new = (run.find(request) for request in requests)
    pairs = zip(new, kept.each(), strict=True)
    return all(one is not None and one.sha256 == old.sha256 for one, old in pairs)


def facts_of(
    spec: FetchSpec, description: TableDescription, requests: Sequence[Request], run: Run
) -> dict[str, Any]:
    """Return what is told of a whole run: the origin of every figure in it."""
    times = [answer.retrieved_at for request in requests if (answer := run.find(request))]
    return {
        "id": spec.id,
        "producer": spec.producer,
        "address": spec.address,
        "table": spec.table,
        "query": spec.query.text(),
        "language": description.language or spec.language,
        "label": description.label,
        "source": description.source,
        "licence": description.licence,
        "url": description.url,
        "updated": description.updated,
        "retrieved_at": max(times, default=""),
        "cells": sum(request.cells for request in requests),
        "keys": [request.key for request in requests],
        "notes": _notes(description, tuple(spec.select)),
        "code_version": __version__,
    }


def _notes(description: TableDescription, asked: Sequence[str]) -> list[str]:
    """Return the footnotes of the table, and of the dimensions that were asked for."""
    notes = [*description.notes]
    for dimension in description.dimensions:
        if dimension.id in asked:
            notes += dimension.notes
            notes += [f"{code.label}: {note}" for code in dimension.codes for note in code.notes]
    return list(dict.fromkeys(notes))
