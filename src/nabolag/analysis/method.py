"""What every method has in common: what it is given, what it finds, how it is declared.

A method is a frozen specification, an entry `[[analysis]]` of `nabolag.toml` whose `kind` says
which it is (`analysis.kinds`). It sees protected figures only, so what it finds may leave with
the release that those figures leave with (decision 0003).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import polars as pl
from pydantic import Field

from nabolag.core import Finding, Indicator, Lang
from nabolag.geography.destinations import DESTINATIONS
from nabolag.store import Section, Words, empty


@dataclass(frozen=True, slots=True)
class Given:
    """What methods work on.

    `observations` are protected (schema `OBSERVATIONS`), `links` say which area lies in which,
    at every distance (`LINKS`), `areas` (`AREAS`) and `shapes` (`SHAPES`) are those of the
    release. `municipality` and `country` are the areas that others are compared with, as
    (level, code), where the workspace names them. `destinations` (`DESTINATIONS`) are places
    and ways to them.
    """

    observations: pl.DataFrame
    catalogue: Mapping[str, Indicator]
    links: pl.DataFrame
    areas: pl.DataFrame
    shapes: pl.DataFrame
    municipality: tuple[str, str] | None = None
    country: tuple[str, str] | None = None
    destinations: pl.DataFrame = field(default_factory=lambda: empty(DESTINATIONS))


@dataclass(frozen=True, slots=True)
class Found:
    """What a method found: tables by name, plain facts beside them, and what was noticed.

    Tables hold codes and numbers, never words; a figure that is not known is null and has its
    status or reason in a column of its own. `facts` can be written as JSON.
    """

    tables: Mapping[str, pl.DataFrame]
    facts: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


class AnalysisSpec(Section):
    """An entry `[[analysis]]`. `id` names it in addresses and files; `name` on pages.

    Every kind sets `KIND` and adds its own parameters, all of which validate themselves.
    """

    KIND: ClassVar[str]

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    kind: str
    name: Words | None = None

    @abstractmethod
    def analyse(self, given: Given) -> Found:
        """Run the method. Raises `UserError` for what it cannot be asked."""

    @abstractmethod
    def explain(self, catalogue: Mapping[str, Indicator], lang: Lang) -> str:
        """Return the rule in words, with its parameters."""

    def as_dict(self) -> dict[str, Any]:
        """Return plain data for the release's description, defaults filled in."""
        return self.model_dump(mode="json", exclude={"name"})
