"""Who does the work: blocks in this process, or shared among processes that live as long.

What is written depends on nothing here: blocks are cut by the specification, and what passes
between municipalities is decided in one place, in the order of their codes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

from nabolag.synthetic.country.block import Block
from nabolag.synthetic.country.exchange import Incoming, Offer
from nabolag.synthetic.country.spec import BlockPlan


class Crew(Protocol):
    """Works on blocks, always in their order."""

    def leave(self) -> list[list[Offer]]:
        """Write a year and return what each block offers."""

    def come(self, incoming: Sequence[Sequence[Incoming]]) -> None:
        """Bring each block those who come to it."""

    def told(self) -> list[dict[str, Any]]:
        """Return what each block tells at the end."""


class Alone:
    """All blocks in this process, one after another."""

    def __init__(self, plans: Sequence[BlockPlan], registers: Path) -> None:
        """Found every block."""
        self._blocks = [Block(plan, registers) for plan in plans]

    def leave(self) -> list[list[Offer]]:
        """Write a year and return what each block offers."""
        return [block.leave() for block in self._blocks]

    def come(self, incoming: Sequence[Sequence[Incoming]]) -> None:
        """Bring each block those who come to it."""
        for block, own in zip(self._blocks, incoming, strict=True):
            block.come(own)

    def told(self) -> list[dict[str, Any]]:
        """Return what each block tells at the end."""
        return [block.told() for block in self._blocks]


class Shared:
    """Blocks shared among processes, the largest first to whoever has least."""

    def __init__(self, plans: Sequence[BlockPlan], registers: Path, workers: int) -> None:
        """Start the processes; each founds its own blocks."""
        self._shares = _share(plans, workers)
        context = get_context("spawn")
        self._lines: list[Connection] = []
        self._processes = []
        with _one_thread_each():
            for share in self._shares:
                here, there = context.Pipe()
                own = [plans[i] for i in share]
                process = context.Process(target=_serve, args=(there, own, registers), daemon=True)
                process.start()
                there.close()
                self._lines.append(here)
                self._processes.append(process)

    def leave(self) -> list[list[Offer]]:
        """Write a year and return what each block offers."""
        return self._ask("leave", [()] * len(self._lines))

    def come(self, incoming: Sequence[Sequence[Incoming]]) -> None:
        """Bring each block those who come to it."""
        self._ask("come", [([incoming[i] for i in share],) for share in self._shares])

    def told(self) -> list[dict[str, Any]]:
        """Return what each block tells at the end."""
        return self._ask("told", [()] * len(self._lines))

    def stop(self) -> None:
        """End the processes, whatever they are doing."""
        for line in self._lines:
            line.close()
        for process in self._processes:
            process.terminate()
            process.join()

    def _ask(self, what: str, given: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Ask every process for the same thing, and put the answers in the blocks' order."""
        for line, arguments in zip(self._lines, given, strict=True):
            line.send((what, arguments))
        answers: dict[int, Any] = {}
        for line, share in zip(self._lines, self._shares, strict=True):
            done, answer = line.recv()
            if not done:
                raise answer
            answers.update(zip(share, answer or [None] * len(share), strict=True))
        return [answers[i] for i in sorted(answers)]


def _share(plans: Sequence[BlockPlan], workers: int) -> list[list[int]]:
    """Return which blocks each process gets."""
    shares: list[list[int]] = [[] for _ in range(min(workers, len(plans)))]
    loads = [0] * len(shares)
    for number in sorted(range(len(plans)), key=lambda i: -plans[i].persons):
        least = loads.index(min(loads))
        shares[least].append(number)
        loads[least] += plans[number].persons
    return [sorted(share) for share in shares]


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Let every process that starts here use one thread for its frames, not one a core."""
    name = "POLARS_MAX_THREADS"
    before = os.environ.get(name)
    os.environ[name] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def _serve(line: Connection, plans: Sequence[BlockPlan], registers: Path) -> None:
    """Answer until the line is closed."""
    crew: Alone | None = None
    while True:
        try:
            what, arguments = line.recv()
        except EOFError:
            return
        try:
            crew = crew or Alone(plans, registers)
            line.send((True, getattr(crew, what)(*arguments)))
        except Exception as wrong:
            line.send((False, wrong))


@contextmanager
def crew_for(plans: Sequence[BlockPlan], registers: Path, workers: int) -> Iterator[Crew]:
    """Return a crew of at most so many processes; one works here."""
    if min(workers, len(plans)) < 2:
        yield Alone(plans, registers)
        return
    shared = Shared(plans, registers, workers)
    try:
        yield shared
    finally:
        shared.stop()
