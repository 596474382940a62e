"""What sections that name a list have in common: where it comes from, and which rows it has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from nabolag.core import Level, Provenance, Text
from nabolag.sources.file_form import Format, ReadOptions
from nabolag.sources.given import Words
from nabolag.sources.row_rules import Condition, LeaveOut
from nabolag.store import Section


class Sourced(Section):
    """A section with a name of its own that says whom its content is from, as pages cite it."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    producer: str = ""
    title: Words | None = None
    licence: str = ""
    url: str = ""
    retrieved: str = ""

    def provenance(
        self,
        file: str,
        sha256: str = "",
        code_version: str = "",
        origin: Mapping[str, Any] | None = None,
    ) -> Provenance:
        """Return where the content comes from.

        `origin` is what kept answers of a fetch tell; what the section says itself goes before.
        """
        told = origin or {}
        return Provenance(
            source=self.id,
            producer=self.producer or told.get("source", ""),
            title=self.title or Text.same(told.get("label") or self.id),
            table=told.get("table", ""),
            file=file,
            sha256=sha256,
            query=told.get("query", ""),
            retrieved_at=self.retrieved or told.get("retrieved_at", ""),
            updated_at=told.get("updated", ""),
            licence=self.licence or told.get("licence", ""),
            url=self.url or told.get("url", ""),
            geography=self.borders_of,
            code_version=code_version,
        )

    @property
    def borders_of(self) -> str:
        """The year of the borders that the content is of, empty where there is no one year."""
        return ""


class ListFile(Sourced):
    """A list of areas, or of something that lies in areas: one row each, at declared levels.

    The whole file has one `level`, or a `level_column` whose words `levels` translates; rows with
    other words are left out and counted. `keep`, `leave_out`, `format` and `read` are as in
    `[[source]]`.
    """

    format: Format | None = None
    level: Level | None = None
    level_column: str = ""
    levels: dict[str, Level] = Field(default_factory=dict)
    keep: tuple[Condition, ...] = ()
    leave_out: tuple[LeaveOut, ...] = ()
    read: ReadOptions = ReadOptions()

    def refuse_unclear_level(self) -> None:
        """Raise `ValueError` unless exactly one of `level` and `level_column` says the level."""
        if (self.level is None) == (not self.level_column):
            raise ValueError("give either level or level_column")
        if self.level_column and not self.levels:
            raise ValueError("level_column needs levels, which translates its words")
