"""Chances that belong to an identity, the same every year and in every order."""

from __future__ import annotations

import numpy as np

from nabolag.synthetic.areas import Floats, Ints


def chance_of(number: Ints, salt: int) -> Floats:
    """Return a number between 0 and 1 that belongs to an identity (a multiplicative hash)."""
    mixed = (number.astype(np.uint64) + np.uint64(salt)) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    return np.asarray((mixed * np.uint64(0xBF58476D1CE4E5B9) >> np.uint64(11)) / 2.0**53)
