"""One register out of border files and code lists."""

from __future__ import annotations

from collections.abc import Sequence

from nabolag.geography.lists import AreaListRead
from nabolag.geography.register import AreaRegister
from nabolag.sources.geometry import GeometryRead


def build_register(
    geometries: Sequence[GeometryRead] = (), lists: Sequence[AreaListRead] = ()
) -> AreaRegister:
    """Join border files and code lists into one register.

    Names of code lists stand before names of border files. What does not fit together is in
    `findings` of the register (unknown parents, two parents of one level, cycles, codes that
    do not fit their level); errors among them must be raised with `core.raise_errors`.
    """
    raise NotImplementedError
