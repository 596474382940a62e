"""Answers kept untouched under `raw/fetched/<id>/`, whole or not at all.

Each fetch is a *run* in a folder of its own: one file an answer, one `.meta.json` beside it, and
`plan.json`. An answer counts once its meta is written and its hash agrees; a killed process
leaves at worst an answer without meta, which is asked for again. `CURRENT` names the last run
that became whole, and is replaced by rename: until then the run before stands.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from nabolag.core import Place, error
from nabolag.sources.producers.protocol import Answer, AnswerFormat, Request, digest_of

FETCHED: Final = "fetched"
PLAN: Final = "plan.json"
CURRENT: Final = "CURRENT"
_META: Final = ".meta.json"
_DRAFT: Final = ".writing-"
_SUFFIXES: Mapping[AnswerFormat, str] = {
    "jsonstat": ".json",
    "json": ".json",
    "geojson": ".geojson",
    "csv": ".csv",
    "px": ".px",
    "parquet": ".parquet",
    "excel": ".xlsx",
    "zip": ".zip",
    "gml": ".gml",
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A run that is whole. `plan` tells what was asked, of whom, when, and what it is."""

    folder: Path
    plan: Mapping[str, Any]

    def answers(self) -> tuple[Answer, ...]:
        """Return the answers with figures, in the order they were planned.

        Raises `UserError` where a file is absent or is not what was kept.
        """
        return tuple(self.each())

    def each(self) -> Iterator[Answer]:
        """Yield the answers with figures one at a time: many parts need not fit in memory.

        Raises `UserError` where a file is absent or is not what was kept.
        """
        for name in self.plan["parts"]:
            yield self._whole(name)

    def files(self) -> list[Path]:
        """Return the files with figures, in the order they were planned.

        Raises `UserError` where one is absent or is not what was kept.
        """
        return [self.folder / answer_file(answer.request) for answer in self.each()]

    def ask(self, request: Request) -> Answer:
        """Answer from what is kept. Raises `UserError` where this was never answered."""
        for name in (*self.plan["about"], *self.plan["parts"]):
            answer = self._whole(name)
            if answer.request.key == request.key:
                return answer
        raise error("fetch_offline_absent", Place(self.folder.parent.name), url=request.url)

    def _whole(self, name: str) -> Answer:
        answer = read_answer(self.folder, name)
        if answer is None:
            raise error("fetch_kept_damaged", Place(self.folder.parent.name), file=name)
        return answer


class Run:
    """A run that is being filled. Finished answers are found again after a kill."""

    def __init__(self, folder: Path) -> None:
        """Open the run in a folder."""
        self.folder = folder

    @property
    def plan(self) -> dict[str, Any]:
        """What was planned when the run was opened or last changed."""
        found: dict[str, Any] = json.loads((self.folder / PLAN).read_text(encoding="utf-8"))
        return found

    def note(self, **facts: Any) -> None:
        """Write facts into the plan."""
        _write_json(self.folder / PLAN, {**self.plan, **facts})

    def find(self, request: Request) -> Answer | None:
        """Return the answer to exactly this question, if it is here and whole."""
        answer = read_answer(self.folder, file_name(request.name))
        return answer if answer is not None and answer.request.key == request.key else None

    def keep(self, answer: Answer) -> None:
        """Write one answer: the bytes first, then the meta that makes it count."""
        name = file_name(answer.request.name)
        (self.folder / (name + _META)).unlink(missing_ok=True)
        _write_whole(self.folder / answer_file(answer.request), answer.content)
        _write_json(
            self.folder / (name + _META),
            {
                "request": answer.request.as_dict(),
                "status": answer.status,
                "headers": dict(answer.headers),
                "retrieved_at": answer.retrieved_at,
                "sha256": answer.sha256,
                "bytes": len(answer.content),
            },
        )

    def forget(self, requests: Sequence[Request]) -> None:
        """Take away answers that no longer hold."""
        for request in requests:
            (self.folder / (file_name(request.name) + _META)).unlink(missing_ok=True)


class FetchFolder:
    """Everything kept of one `[[fetch]]`."""

    def __init__(self, raw: Path, fetch_id: str) -> None:
        """Name the folder under a workspace's `raw/`; it is made when something is kept."""
        self.folder = raw / FETCHED / fetch_id

    def current(self) -> Kept | None:
        """Return the last run that became whole. Raises `UserError` where its plan is broken."""
        pointer = self.folder / CURRENT
        if not pointer.is_file():
            return None
        folder = self.folder / pointer.read_text(encoding="utf-8").strip()
        try:
            plan = json.loads((folder / PLAN).read_text(encoding="utf-8"))
        except (OSError, ValueError) as wrong:
            raise error("fetch_kept_damaged", Place(self.folder.name), file=PLAN) from wrong
        return Kept(folder, plan)

    def open_run(self, fingerprint: str, now: datetime | None = None) -> Run:
        """Return the unfinished run of the same query, else a new one."""
        for folder in self._unfinished():
            if Run(folder).plan.get("fingerprint") == fingerprint:
                return Run(folder)
        moment = now or datetime.now(UTC)
        self.folder.mkdir(parents=True, exist_ok=True)
        base = f"{moment:%Y%m%dT%H%M%SZ}-{fingerprint[:8]}"
        folder = Path(tempfile.mkdtemp(prefix=f"{base}-", dir=self.folder))
        _write_json(folder / PLAN, {"fingerprint": fingerprint, "whole": False})
        return Run(folder)

    def finish(
        self,
        run: Run,
        parts: Sequence[Request],
        about: Sequence[Request],
        facts: Mapping[str, Any],
    ) -> Kept:
        """Make a run the current one; every part must be in it. Clear unfinished runs away."""
        run.note(
            **facts,
            parts=[file_name(request.name) for request in parts],
            about=[file_name(request.name) for request in about],
            whole=True,
        )
        _write_whole(self.folder / CURRENT, run.folder.name.encode())
        for draft in run.folder.glob(_DRAFT + "*"):
            draft.unlink(missing_ok=True)
        for folder in self._unfinished():
            shutil.rmtree(folder, ignore_errors=True)
        return Kept(run.folder, run.plan)

    def drop(self, run: Run) -> None:
        """Take away a run that turned out not to be needed."""
        shutil.rmtree(run.folder, ignore_errors=True)

    def _unfinished(self) -> list[Path]:
        found = sorted(self.folder.glob("*/" + PLAN))
        return [plan.parent for plan in found if not _is_whole(plan)]


def read_answer(folder: Path, name: str) -> Answer | None:
    """Return a kept answer by its name, or `None` where it is absent, half or altered."""
    try:
        meta = json.loads((folder / (name + _META)).read_text(encoding="utf-8"))
        request = Request.from_dict(meta["request"])
        content = (folder / answer_file(request)).read_bytes()
    except (OSError, ValueError, KeyError, TypeError):
        return None
    answer = Answer(request, content, meta["retrieved_at"], meta["status"], meta["headers"])
    return answer if answer.sha256 == meta["sha256"] else None


def answer_file(request: Request) -> str:
    """Return the name of the file an answer is kept in."""
    return file_name(request.name) + _SUFFIXES[request.format]


def file_name(name: str) -> str:
    """Return a name that every file system takes; names that differ stay different."""
    plain = re.sub(r"[^a-z0-9_-]+", "_", name)
    return plain if plain == name else f"{plain}-{digest_of(name)[:8]}"


def _is_whole(plan: Path) -> bool:
    try:
        return bool(json.loads(plan.read_text(encoding="utf-8")).get("whole"))
    except (OSError, ValueError):
        return False


def _write_json(path: Path, data: Mapping[str, Any]) -> None:
    _write_whole(path, json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True).encode())


def _write_whole(path: Path, content: bytes) -> None:
    """Write under a temporary name, flush and rename."""
    handle, draft = tempfile.mkstemp(prefix=_DRAFT, dir=path.parent)
    with os.fdopen(handle, "wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    Path(draft).replace(path)
