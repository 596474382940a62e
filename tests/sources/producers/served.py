"""What tests of producers share: asking a server on this machine, and keeping its answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from nabolag.core import Place
from nabolag.sources.producers import (
    Answer,
    FetchFolder,
    Kept,
    Producer,
    Query,
    Request,
    Selection,
)
from nabolag.sources.producers.registry import PRODUCERS, producer_named
from nabolag.sources.producers.transport import Politeness, Transport
from tests.support.producer_server import Served

QUICK = Politeness(concurrency=1, attempts=3, first_pause=0.01, longest_pause=5.0, timeout=5.0)
PATHS = {
    "klass": "klass",
    "kartverket": "kommuneinfo",
    "geonorge": "geonorge",
    "wfs": "wfs",
    "fhi": "fhi",
    "udir": "data-nsr/v4",
}


def transport() -> Transport:
    """A connection that does not wait long."""
    return Transport(Place("test"), QUICK)


def producer_at(name: str, served: Served, line: Transport) -> Producer:
    """A producer that asks the server; it must be among those that are registered."""
    assert name in PRODUCERS
    return producer_named(name, line.ask, served.at(PATHS[name]))


def query(
    table: str,
    select: Mapping[str, tuple[str, ...]] | None = None,
    language: str = "",
    **options: str,
) -> Query:
    """A query in few words."""
    chosen = {name: Selection(codes) for name, codes in (select or {}).items()}
    return Query(table, chosen, language, options)


def fetch(name: str, wanted: Query, served: Served) -> tuple[Answer, ...]:
    """Describe, plan and ask; every answer is checked by its producer."""
    with transport() as line:
        producer = producer_at(name, served, line)
        description = producer.describe(wanted.table, language=wanted.language)
        answers = tuple(line.ask(one) for one in producer.requests(wanted, description))
    for answer in answers:
        producer.check(answer)
    return answers


def keep(name: str, wanted: Query, served: Served, raw: Path) -> Kept:
    """Fetch into a folder the way a fetch does: what was asked on the way is kept too."""
    about: list[Request] = []
    folder = FetchFolder(raw, "test")
    run = folder.open_run(wanted.fingerprint, datetime(2026, 11, 23, tzinfo=UTC))
    with transport() as line:

        def ask(request: Request) -> Answer:
            answer = run.find(request) or line.ask(request)
            run.keep(answer)
            about.append(request)
            return answer

        producer = producer_named(name, ask, served.at(PATHS[name]))
        parts = producer.requests(wanted, producer.describe(wanted.table))
        for part in parts:
            run.keep(line.ask(part))
    facts = {"producer": name, "address": served.at(PATHS[name])}
    return folder.finish(run, parts, about, facts)
