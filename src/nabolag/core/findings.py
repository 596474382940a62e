"""Findings: what a person should know about input or results, and errors made of them.

A finding carries a code and its facts; the words stand in `core/labels` under
`finding.<code>.what`, `.expected` and `.do`, in three languages. `what` is always there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from nabolag.core.text import Lang, has_label, label

_T = TypeVar("_T")


class Severity(StrEnum):
    """How serious a finding is. An `ERROR` stops the import; nothing is written."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the input: file (relative), row as the user's program numbers it, column name."""

    file: str = ""
    row: int | None = None
    column: str = ""

    def text(self, lang: Lang) -> str:
        """Return «oslo/Eieform.csv, rad 148, kolonne «Andel eier»»."""
        parts = [self.file] if self.file else []
        if self.row is not None:
            parts.append(label("finding_place.row", lang, row=self.row))
        if self.column:
            parts.append(label("finding_place.column", lang, column=self.column))
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing noticed. `count` says how many times; `examples` name a few of them.

    The words may have two forms, `one` and `other`; `count` chooses between them.
    """

    code: str
    severity: Severity
    place: Place = field(default_factory=Place)
    params: Mapping[str, Any] = field(default_factory=dict)
    count: int = 1
    examples: tuple[str, ...] = ()

    def text(self, lang: Lang) -> str:
        """Return place, what happened, what was expected and what to do, as one paragraph."""
        where = self.place.text(lang)
        parts = [self.part(name, lang) for name in ("what", "expected", "do")]
        words = " ".join(part for part in parts if part)
        return f"{where}: {words}" if where else words

    def part(self, name: str, lang: Lang) -> str:
        """Return one part (`what`, `expected` or `do`), empty where there is none."""
        key = f"finding.{self.code}.{name}"
        if name != "what" and not has_label(key):
            return ""
        listed = ", ".join(self.examples)
        facts = {"n": self.count, "count": self.count, "examples": listed, **self.params}
        return label(key, lang, **facts)

    def as_dict(self, lang: Lang = "nb") -> dict[str, Any]:
        """Return plain data for JSON, with the words in one language."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "file": self.place.file,
            "row": self.place.row,
            "column": self.place.column,
            "count": self.count,
            "examples": list(self.examples),
            "params": dict(self.params),
            "text": self.text(lang),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Finding:
        """Read what `as_dict` wrote."""
        return cls(
            code=data["code"],
            severity=Severity(data["severity"]),
            place=Place(data.get("file", ""), data.get("row"), data.get("column", "")),
            params=dict(data.get("params", {})),
            count=int(data.get("count", 1)),
            examples=tuple(data.get("examples", ())),
        )


class UserError(Exception):
    """A mistake that the user can mend. Shown as words, never as a traceback."""

    def __init__(self, *findings: Finding) -> None:
        """Keep the findings; there is at least one."""
        if not findings:
            raise ValueError("a UserError needs at least one finding")
        self.findings = findings
        super().__init__(findings[0].code)

    def __str__(self) -> str:
        """Return the English words, for logs and tests."""
        return "\n".join(finding.text("en") for finding in self.findings)


def error(code: str, place: Place | None = None, **params: Any) -> UserError:
    """Return a `UserError` with one finding."""
    return UserError(Finding(code, Severity.ERROR, place or Place(), params))


def asked_or_first(
    known: Mapping[str, _T], asked: str | None, code: str, place: Place | None = None
) -> _T:
    """Return what is asked for by its id, the first where nothing is asked for.

    Raises `UserError` that names those there are (`given`, `known`) for an id that is not known,
    and where there is none at all.
    """
    if not known or (asked is not None and asked not in known):
        raise error(code, place, given=asked or "–", known=", ".join(known) or "–")
    return next(iter(known.values())) if asked is None else known[asked]


def raise_errors(findings: Iterable[Finding]) -> None:
    """Raise one `UserError` holding every finding of severity `ERROR`, if there is any."""
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if errors:
        raise UserError(*errors)
