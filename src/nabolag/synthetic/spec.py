"""What a synthetic municipality is made from. Everything is invented; nothing is a real place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Seeds the stream of one part of the work, so that a change in one leaves the others alone.
STREAMS = (
    "geometry",
    "people",
    "truth",
    "work",
    "income",
    "survey",
    "months",
    "money",
    "services",
    "accounts",
)
#: Fewer persons in a municipality leave no room for the planted areas.
FEWEST_PERSONS = 5_000


@dataclass(frozen=True, slots=True)
class MunicipalitySpec:
    """Size, years and names. The municipality is the block that a country is made of.

    `code` must not exist in Norway (numbers from 9000 are not in use), unless the municipality
    is given a published population. `persons` is the population on 1 January of the first year,
    met within a per cent. `part` of a country may have any size, and holds as much that is
    planted as it has room for. Identities begin after `first_id`.
    """

    seed: int
    persons: int = 60_000
    code: str = "9901"
    name: str = "Fjordvik"
    grunnkretser: int = 80
    bydeler: int = 12
    first_year: int = 2015
    years: int = 10
    growth: float = 0.008
    #: Middle of the town in EPSG:25833, at sea where nobody lives.
    east: float = 245_000.0
    north: float = 7_280_000.0
    part: bool = False
    initiatives: bool = False
    mapped: bool = True
    first_id: int = 0
    #: How unevenly immigrants are spread over areas: the spread of the logarithm of their share.
    segregation: float = 0.3

    def __post_init__(self) -> None:
        """Refuse sizes that cannot hold the planted areas."""
        if self.part:
            return
        if self.persons < FEWEST_PERSONS or self.grunnkretser < 60 or self.bydeler < 4:
            least = f"{FEWEST_PERSONS} persons, 60 grunnkretser and 4 bydeler"
            raise ValueError(f"needs at least {least}")

    @property
    def all_years(self) -> range:
        """The years with records."""
        return range(self.first_year, self.first_year + self.years)

    def stream(self, name: str) -> np.random.Generator:
        """Return the random stream of one part, PCG64, the same for the same seed and code."""
        keys = [self.seed, int(self.code), STREAMS.index(name)]
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence(keys)))
