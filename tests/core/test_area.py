"""Codes mean something only with their level."""

from __future__ import annotations

from decimal import Decimal

import pytest

from nabolag.core import Area, Level, Money, code_fits


def test_the_same_digits_at_two_levels_are_two_areas() -> None:
    zone = Area(Level.LEVEKARSSONE, "03010101")
    unit = Area(Level.GRUNNKRETS, "03010101")
    assert zone != unit
    assert zone.key != unit.key


@pytest.mark.parametrize(
    ("level", "code", "fits"),
    [
        (Level.KOMMUNE, "0301", True),
        (Level.KOMMUNE, "301", False),
        (Level.KOMMUNE, "K-0301", False),
        (Level.GRUNNKRETS, "42042112", True),
        (Level.GRUNNKRETS, "2042112", False),
        (Level.BYDEL, "030101", True),
        (Level.BYDEL, "030101a", False),
        (Level.DELBYDEL, "0102", True),
        (Level.CUSTOM, "min sone", False),
    ],
)
def test_shapes_of_codes(level: Level, code: str, fits: bool) -> None:
    assert code_fits(level, code) is fits


def test_a_code_that_lost_its_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="301"):
        Area(Level.KOMMUNE, "301")


def test_kroner_are_exact() -> None:
    assert Money.kroner("0.10") + Money.kroner("0.20") == Money.kroner("0.30")
    assert (Money.kroner(5) - Money.kroner("1.25")).in_kroner == Decimal("3.75")
    with pytest.raises(TypeError):
        Money.kroner(0.1)  # type: ignore[arg-type]
