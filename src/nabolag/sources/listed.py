"""What sections that name a list have in common: where it comes from, and which rows it has."""

from __future__ import annotations

from pydantic import Field

from nabolag.core import Level, Provenance, Text
from nabolag.sources.spec import Condition, Format, LeaveOut, ReadOptions, Words
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
        self, file: str, sha256: str = "", code_version: str = "", geography: str = ""
    ) -> Provenance:
        """Return where the content comes from. `geography` is the year of its borders."""
        return Provenance(
            source=self.id,
            producer=self.producer,
            title=self.title or Text.same(self.id),
            file=file,
            sha256=sha256,
            retrieved_at=self.retrieved,
            licence=self.licence,
            url=self.url,
            geography=geography,
            code_version=code_version,
        )


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
