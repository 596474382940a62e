"""Invented place names, put together of common words for trees, land and water."""

from __future__ import annotations

import numpy as np

_FIRST = ("Bjørke", "Furu", "Gran", "Linde", "Older", "Selje", "Hassel", "Rogne", "Eike", "Aske")
_LAST = ("lia", "haugen", "bakken", "neset", "vika", "myra", "sletta", "åsen", "dalen", "moen")
#: Put before a name when every name has been used once.
_SIDES = ("Nordre", "Søndre", "Øvre", "Nedre", "Indre", "Ytre", "Store", "Vesle")
_ISLANDS = ("Skarvholmen", "Terneøya", "Lundeholmen", "Kvitskjæret")
_BYDELER = (
    "Sentrum",
    "Havnebyen",
    "Elvesida",
    "Nordbyen",
    "Sørbyen",
    "Kirkelandet",
    "Østmarka",
    "Vestmarka",
    "Fjellsida",
    "Storenga",
    "Innbygda",
    "Utbygda",
)


def area_names(count: int, rng: np.random.Generator) -> list[str]:
    """Return different names for mainland areas."""
    every = [first + last for first in _FIRST for last in _LAST]
    names = [every[i] for i in rng.permutation(len(every))]
    every = names + [f"{side} {name}" for side in _SIDES for name in names]
    return every[:count]


def island_names(count: int) -> list[str]:
    """Return different names for islands."""
    return list(_ISLANDS[:count])


def bydel_names(count: int) -> list[str]:
    """Return different names for districts, the central first."""
    return [*_BYDELER, *(f"{name} nord" for name in _BYDELER)][:count]


_TOWN_FIRST = ("Sol", "Is", "Lang", "Stor", "Brei", "Kvit", "Sand", "Stein", "Høg", "Djup", "Gren")
_TOWN_LAST = ("vik", "fjord", "nes", "dal", "sund", "eid", "strand", "berg", "øy", "havn", "vatn")
_COUNTIES = ("Ytterlandet", "Innlandsfjordane", "Nordskogen", "Sørkysten", "Midtdalane")


def municipality_names(count: int, rng: np.random.Generator) -> list[str]:
    """Return different names for municipalities, Fjordvik (the demo's) not among them."""
    every = [first + last for first in _TOWN_FIRST for last in _TOWN_LAST]
    names = [every[i] for i in rng.permutation(len(every))]
    return (names + [f"{side} {name}" for side in _SIDES for name in names])[:count]


def county_names(count: int) -> list[str]:
    """Return different names for counties."""
    every = [*_COUNTIES, *(f"{side} {name}" for side in _SIDES for name in _COUNTIES)]
    return every[:count]
