"""From `[[fetch]]` to kept answers: describe, plan, ask what is not here, keep it whole.

A table that has not been updated since it was fetched is not asked for again. A fetch that was
stopped goes on where it was. A table that changes while it is fetched is begun anew, once. In
every other case what was fetched before stands until the new is whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any, Literal

from nabolag.core import Finding, Place, Severity, UserError, error
from nabolag.pipeline.fetched import facts_of, fingerprint_of, is_current, same_answers
from nabolag.pipeline.plan import Plan, load_plan
from nabolag.pipeline.step import Step, no_progress
from nabolag.sources.producers import (
    Answer,
    Ask,
    FetchFolder,
    FetchSpec,
    InPages,
    Kept,
    Producer,
    Request,
    Run,
    TableDescription,
    TableInfo,
    producer_named,
)
from nabolag.sources.producers.changes import changes_between
from nabolag.sources.producers.transport import Politeness, Transport
from nabolag.store import CONFIG_NAME, Workspace

#: What a table that changed since it was described may answer.
_MAY_BE_CHANGE = frozenset(
    {
        "producer_refused",
        "producer_other_codes",
        "producer_form_unknown",
        "wfs_page_short",
        "wfs_total_changed",
    }
)

State = Literal["fetched", "current", "planned", "kept", "absent", "failed"]


@dataclass(frozen=True, slots=True)
class FetchOutcome:
    """What became of one `[[fetch]]`.

    `requests` and `cells` are what the whole takes; `asked` how many requests with figures were
    sent now, the rest being here from before.
    """

    id: str
    producer: str
    table: str
    state: State
    label: str = ""
    requests: int = 0
    asked: int = 0
    cells: int = 0
    updated: str = ""
    retrieved_at: str = ""
    findings: tuple[Finding, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return plain data for JSON, findings apart."""
        names = [name for name in self.__slots__ if name != "findings"]
        return {name: getattr(self, name) for name in names}


def fetch(
    workspace: Workspace,
    ids: Sequence[str] = (),
    *,
    step: Step = no_progress,
    check: bool = False,
    politeness: Politeness | None = None,
) -> tuple[FetchOutcome, ...]:
    """Fetch what `nabolag.toml` names, or the ids given; with `check` only plan and count it.

    One fetch that fails does not stop the others: its errors are in its outcome. Raises
    `UserError` where the configuration is wrong, an id is unknown, or another process writes.
    """
    specs = _wanted(load_plan(workspace), ids)
    with nullcontext() if check else workspace.writing():
        return tuple(_outcome(workspace, spec, step, check, politeness) for spec in specs)


def kept_fetches(workspace: Workspace, ids: Sequence[str] = ()) -> tuple[FetchOutcome, ...]:
    """Tell what is kept of each fetch, without a network; every file is held to its hash."""
    return tuple(_kept(workspace, spec) for spec in _wanted(load_plan(workspace), ids))


def list_tables(producer: str, words: str, address: str = "") -> tuple[TableInfo, ...]:
    """Ask a producer for the tables that fit some words."""
    with Transport(Place(producer)) as transport:
        return producer_named(producer, transport.ask, address).list(words)


def describe_table(
    producer: str, table: str, address: str = "", language: str = ""
) -> TableDescription:
    """Ask a producer what it says of a table."""
    with Transport(Place(producer)) as transport:
        return producer_named(producer, transport.ask, address).describe(table, (), language)


def _wanted(plan: Plan, ids: Sequence[str]) -> tuple[FetchSpec, ...]:
    known = {spec.id: spec for spec in plan.fetches}
    if not known:
        raise error("fetch_none", Place(CONFIG_NAME))
    for one in ids:
        if one not in known:
            raise error("fetch_unknown", Place(CONFIG_NAME), given=one, known=", ".join(known))
    return tuple(known[one] for one in dict.fromkeys(ids)) if ids else plan.fetches


def _outcome(
    workspace: Workspace,
    spec: FetchSpec,
    step: Step,
    check: bool,
    politeness: Politeness | None,
) -> FetchOutcome:
    place = Place(f"[[fetch]] {spec.id} ({spec.producer} {spec.table})")
    polite = replace(politeness or Politeness(), concurrency=spec.concurrency)
    folder = FetchFolder(workspace.raw, spec.id)
    try:
        with Transport(place, polite) as transport:
            return _planned(spec, transport) if check else _Fetch(spec, folder, transport, step)()
    except UserError as wrong:
        found = tuple(replace(finding, place=place) for finding in wrong.findings)
        return FetchOutcome(spec.id, spec.producer, spec.table, "failed", findings=found)


def _planned(spec: FetchSpec, transport: Transport) -> FetchOutcome:
    """Describe and plan; ask for no figures and keep nothing."""
    producer = producer_named(spec.producer, transport.ask, spec.address)
    description = producer.describe(spec.table, spec.code_lists, spec.language)
    requests = producer.requests(spec.query, description)
    return replace(_told(spec, description, requests), state="planned")


def _told(
    spec: FetchSpec, description: TableDescription, requests: Sequence[Request]
) -> FetchOutcome:
    return FetchOutcome(
        spec.id,
        spec.producer,
        spec.table,
        "fetched",
        label=description.label,
        requests=len(requests),
        cells=sum(request.cells for request in requests),
        updated=description.updated,
    )


def _kept(workspace: Workspace, spec: FetchSpec) -> FetchOutcome:
    bare = FetchOutcome(spec.id, spec.producer, spec.table, "absent")
    try:
        kept = FetchFolder(workspace.raw, spec.id).current()
        if kept is None:
            return bare
        kept.files()
    except UserError as wrong:
        return replace(bare, state="failed", findings=wrong.findings)
    other = kept.plan["fingerprint"] != fingerprint_of(spec)
    note = Finding("fetch_query_changed", Severity.WARNING, Place(CONFIG_NAME), {"id": spec.id})
    return replace(
        bare,
        state="kept",
        label=kept.plan["label"],
        requests=len(kept.plan["parts"]),
        cells=kept.plan["cells"],
        updated=kept.plan["updated"],
        retrieved_at=kept.plan["retrieved_at"],
        findings=(note,) if other else (),
    )


class _ChangedError(Exception):
    """The table was updated between two answers."""


class _Fetch:
    """One fetch over the network, into one run."""

    def __init__(
        self, spec: FetchSpec, folder: FetchFolder, transport: Transport, step: Step
    ) -> None:
        self._spec, self._folder, self._transport, self._step = spec, folder, transport, step
        self._producer = producer_named(spec.producer, self._ask, spec.address)
        self._run: Run = folder.open_run(fingerprint_of(spec))
        self._about: dict[str, Request] = {}

    def __call__(self) -> FetchOutcome:
        """Fetch; begin anew once where the table changes meanwhile."""
        try:
            return self._once()
        except _ChangedError:
            self._run.forget(tuple(self._about.values()))
        try:
            return self._once()
        except _ChangedError as changed:
            raise error("fetch_keeps_changing") from changed

    def _once(self) -> FetchOutcome:
        spec = self._spec
        self._step("fetch_describe", 0, 1)
        description, requests = self._planned()
        kept = self._folder.current()
        changes = self._changes(kept, description)
        if kept is not None and is_current(kept, spec, description, requests):
            self._folder.drop(self._run)
            return _as_kept(_told(spec, description, requests), kept, changes)
        asked = self._fill(description, requests)
        self._refuse_apart(requests)
        told = replace(_told(spec, description, requests), asked=asked, findings=changes)
        if kept is not None and same_answers(kept, self._run, requests):
            self._folder.drop(self._run)
            return replace(_as_kept(told, kept, changes), asked=asked)
        facts = facts_of(spec, description, requests, self._run)
        whole = self._folder.finish(self._run, requests, tuple(self._about.values()), facts)
        return replace(told, retrieved_at=whole.plan["retrieved_at"])

    def _planned(self) -> tuple[TableDescription, tuple[Request, ...]]:
        """Describe and plan. Where that fails nothing new is kept."""
        spec = self._spec
        try:
            description = self._producer.describe(spec.table, spec.code_lists, spec.language)
            requests = self._producer.requests(spec.query, description)
        except UserError:
            if "stamp" not in self._run.plan:
                self._folder.drop(self._run)
            raise
        self._transport.limit(description.max_calls, description.window_seconds)
        return description, requests

    def _ask(self, request: Request) -> Answer:
        """Ask about a table, or take what a run that was stopped already has."""
        self._about[request.name] = request
        found = None if request.volatile else self._run.find(request)
        if found is None:
            found = self._transport.ask(request)
            self._run.keep(found)
        return found

    def _fill(self, description: TableDescription, requests: Sequence[Request]) -> int:
        """Ask for the parts that are not here. Returns how many were asked for."""
        if self._run.plan.get("stamp", description.updated) != description.updated:
            self._run.forget(requests)
        self._run.note(stamp=description.updated)
        missing = [request for request in requests if self._run.find(request) is None]
        done = len(requests) - len(missing)
        self._step("fetch", done, len(requests))

        def keep(answer: Answer) -> None:
            nonlocal done
            self._producer.check(answer)
            stamp = self._producer.stamp(answer)
            if stamp and description.updated and stamp != description.updated:
                raise _ChangedError
            self._run.keep(answer)
            done += 1
            self._step("fetch", done, len(requests))

        try:
            self._transport.ask_all(missing, keep)
        except UserError as wrong:
            told = {finding.code for finding in wrong.findings}
            if told & _MAY_BE_CHANGE and self._has_changed(description):
                raise _ChangedError from None
            raise
        return len(missing)

    def _has_changed(self, before: TableDescription) -> bool:
        """Ask again about the table: a refused question may come of one that changed.

        A table without a stamp has changed where its codes have.
        """
        spec = self._spec
        try:
            now = self._producer.describe(spec.table, spec.code_lists, spec.language)
        except UserError:
            return False
        if now.updated or before.updated:
            return now.updated != before.updated
        return [one.values for one in now.dimensions] != [one.values for one in before.dimensions]

    def _refuse_apart(self, requests: Sequence[Request]) -> None:
        """Refuse pages that do not make one list; they are then asked for again next time."""
        if not isinstance(self._producer, InPages):
            return
        try:
            self._producer.together(
                answer for one in requests if (answer := self._run.find(one)) is not None
            )
        except UserError:
            self._run.forget(requests)
            raise

    def _changes(self, kept: Kept | None, description: TableDescription) -> tuple[Finding, ...]:
        """Tell which codes are gone or new since what is kept was fetched."""
        spec = self._spec
        if kept is None or kept.plan["fingerprint"] != fingerprint_of(spec):
            return ()
        before = _described(spec, kept.ask)
        if before is None:
            return ()
        place = Place(f"[[fetch]] {spec.id} ({spec.producer} {spec.table})")
        return tuple(changes_between(before, description, tuple(spec.select), place))


def _described(spec: FetchSpec, ask: Ask) -> TableDescription | None:
    """Return what the producer said of the table when it was fetched, where that is kept."""
    try:
        producer: Producer = producer_named(spec.producer, ask, spec.address)
        return producer.describe(spec.table, spec.code_lists, spec.language)
    except UserError:
        return None


def _as_kept(told: FetchOutcome, kept: Kept, changes: tuple[Finding, ...]) -> FetchOutcome:
    return replace(told, state="current", retrieved_at=kept.plan["retrieved_at"], findings=changes)


__all__ = [
    "FetchOutcome",
    "describe_table",
    "fetch",
    "kept_fetches",
    "list_tables",
]
