"""Where a number comes from."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from nabolag.core.text import Text


@dataclass(frozen=True, slots=True)
class Provenance:
    """The answer of a published number to «where do you come from?».

    `retrieved_at` and `updated_at` are ISO dates; an empty string is «not stated by the
    producer», and is shown as that. `file` is relative to the data root, never absolute.
    """

    source: str
    producer: str
    title: Text
    table: str = ""
    file: str = ""
    sha256: str = ""
    query: str = ""
    retrieved_at: str = ""
    updated_at: str = ""
    licence: str = ""
    url: str = ""
    geography: str = ""
    definition_version: str = ""
    code_version: str = ""
    note: Text | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return plain data for a manifest."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Provenance:
        """Read what `as_dict` wrote."""
        note = data.get("note")
        return cls(
            **{
                **data,
                "title": Text.of(data["title"]),
                "note": Text.of(note) if note else None,
            }
        )
