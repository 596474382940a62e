"""Invented place names, put together of common words for trees, land and water."""

from __future__ import annotations

import numpy as np

_FIRST = ("Bjørke", "Furu", "Gran", "Linde", "Older", "Selje", "Hassel", "Rogne", "Eike", "Aske")
_LAST = ("lia", "haugen", "bakken", "neset", "vika", "myra", "sletta", "åsen", "dalen", "moen")
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
    return (names + [f"Nordre {name}" for name in names])[:count]


def island_names(count: int) -> list[str]:
    """Return different names for islands."""
    return list(_ISLANDS[:count])


def bydel_names(count: int) -> list[str]:
    """Return different names for districts, the central first."""
    return [*_BYDELER, *(f"{name} nord" for name in _BYDELER)][:count]
