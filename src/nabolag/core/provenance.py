"""Where a number comes from."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

from nabolag.core.text import Text

#: What stands between the sources of a figure that has several.
SOURCES_APART: Final = ";"
#: What the id of a source begins with that is numbers of one's own in a rule.
OWN_NUMBERS: Final = "own_numbers"


def source_ids(source: str | None) -> tuple[str, ...]:
    """Return the sources that an observation's `source` names, the one of the figure first."""
    return tuple(filter(None, (source or "").split(SOURCES_APART)))


@dataclass(frozen=True, slots=True)
class Provenance:
    """The answer of a published number to «where do you come from?».

    `retrieved_at` and `updated_at` are ISO dates; an empty string is «not stated by the
    producer», and is shown as that. `file` is relative to the data root, never absolute.
    `definition_version` is given where the source is numbers that figures are counted with,
    and is another where a number is.
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

    @property
    def is_own_numbers(self) -> bool:
        """True where the source is numbers of a workspace's own in a rule."""
        return self.source.startswith(f"{OWN_NUMBERS}:")

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
