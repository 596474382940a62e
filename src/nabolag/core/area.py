"""Levels of geography and areas at a date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from nabolag.core.text import Text, label_text


class Level(StrEnum):
    """A kind of area. A code means something only together with its level."""

    LAND = "land"
    FYLKE = "fylke"
    OKONOMISK_REGION = "okonomisk_region"
    KOMMUNE = "kommune"
    BYDEL = "bydel"
    LEVEKARSSONE = "levekarssone"
    DELBYDEL = "delbydel"
    DELOMRADE = "delomrade"
    GRUNNKRETS = "grunnkrets"
    SCHOOL = "school"
    KINDERGARTEN = "kindergarten"
    CUSTOM = "custom"

    @property
    def label(self) -> Text:
        """The level's name in the three languages (singular)."""
        return label_text(f"level.{self.value}.one")

    @property
    def plural(self) -> Text:
        """The level's name in the three languages (plural)."""
        return label_text(f"level.{self.value}.many")


#: What a code of each level looks like; levels that are absent take any code without spaces.
CODE_PATTERNS: dict[Level, re.Pattern[str]] = {
    Level.LAND: re.compile(r"0|NO|000"),
    Level.FYLKE: re.compile(r"\d{2}"),
    Level.KOMMUNE: re.compile(r"\d{4}"),
    Level.BYDEL: re.compile(r"\d{6}"),
    Level.LEVEKARSSONE: re.compile(r"\d{5,8}"),
    Level.DELBYDEL: re.compile(r"\d{4}(\d{4})?(\d{2})?"),
    Level.DELOMRADE: re.compile(r"\d{6}"),
    Level.GRUNNKRETS: re.compile(r"\d{8}"),
}
_ANY_CODE = re.compile(r"\S+")


def code_fits(level: Level, code: str) -> bool:
    """Tell whether a code has the shape of its level."""
    return CODE_PATTERNS.get(level, _ANY_CODE).fullmatch(code) is not None


@dataclass(frozen=True, slots=True, order=True)
class Area:
    """A place at a level, known from one date to another (`None` is open)."""

    level: Level
    code: str
    valid_from: date | None = None
    valid_to: date | None = None

    def __post_init__(self) -> None:
        """Refuse a code that cannot be of its level."""
        if not code_fits(self.level, self.code):
            raise ValueError(f"{self.code!r} cannot be a code of level {self.level.value}")

    @property
    def key(self) -> str:
        """`level:code`, unique in the house."""
        return f"{self.level.value}:{self.code}"
