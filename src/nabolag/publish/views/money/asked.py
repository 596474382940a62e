"""Numbers out of an address, as people write them, and what is wrong with those that are none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nabolag.core import Lang, UserError, label
from nabolag.publish.views.money.reading import read_number


@dataclass
class Numbers:
    """Numbers out of an address. What cannot be read is kept in `problems` by its field."""

    asked: Mapping[str, str]
    lang: Lang
    problems: dict[str, str] = field(default_factory=dict)

    def get(self, name: str, standard: float | None = None) -> float | None:
        """Return a number («38 000», «0,5»), the standard where nothing is written."""
        text = self.asked.get(name, "")
        if not text:
            return standard
        number = read_number(text)
        if number is None:
            self.problems[name] = label("money.not_number", self.lang, given=text)
            return standard
        return number


def told(wrong: UserError, lang: Lang) -> tuple[str, ...]:
    """Return a mistake in words."""
    return tuple(finding.text(lang) for finding in wrong.findings)
