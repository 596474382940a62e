"""Where the areas of a municipality lie when nobody has asked for its borders.

A whole country needs distances and neighbours, not coastlines: points, zones and districts are
enough for people to live and go to school by, and cost next to nothing.
"""

from __future__ import annotations

import numpy as np

from nabolag.synthetic.areas import Areas, Bools, Floats, Ints, area_codes
from nabolag.synthetic.names import area_names, bydel_names
from nabolag.synthetic.spec import MunicipalitySpec

#: Share of the areas in each zone (centre, inner, suburb, rural, island), by the size of the town.
_TOWN = (20_000, np.array([0.10, 0.24, 0.44, 0.20, 0.02]))
_VILLAGE = np.array([0.0, 0.05, 0.40, 0.50, 0.05])
#: Usual number of households of an area, relative to others, by zone.
_WEIGHT = np.array([1.1, 1.25, 1.15, 0.7, 0.3])
_NEAREST = 5


def lay_out(spec: MunicipalitySpec) -> Areas:
    """Return areas without borders (`shapes` is empty), the same for the same seed."""
    rng = spec.stream("geometry")
    middle = _points(spec.grunnkretser, rng)
    zone = _zones(len(middle), spec.persons)
    bydel = _bydeler(middle, spec.bydeler)
    weight = _WEIGHT[zone] * np.exp(rng.normal(0, 0.3, len(middle)))
    order = np.argsort(bydel, kind="stable")
    middle = middle[order]
    return Areas(
        codes=area_codes(spec, bydel[order]),
        names=tuple(area_names(len(middle), rng)),
        bydel=bydel[order],
        bydel_codes=tuple(f"{spec.code}{i + 1:02d}" for i in range(spec.bydeler)),
        bydel_names=tuple(bydel_names(spec.bydeler)),
        zone=zone[order],
        middle=middle,
        weight=(weight / weight.sum())[order],
        shapes=(),
        neighbours=_nearest(middle),
    )


def _points(count: int, rng: np.random.Generator) -> Floats:
    """Spread points around the middle, the nearest first, denser there."""
    distance = np.sort(7.0 * rng.random(count) ** 0.8)
    angle = rng.uniform(0, 2 * np.pi, count)
    return np.column_stack([distance * np.cos(angle), distance * np.sin(angle)])


def _zones(count: int, persons: int) -> Ints:
    """Return zones by order of distance from the middle."""
    shares = _TOWN[1] if persons >= _TOWN[0] else _VILLAGE
    place = (np.arange(count) + 0.5) / count
    return np.asarray(np.searchsorted(np.cumsum(shares), place).clip(0, 4), dtype=np.int64)


def _bydeler(middle: Floats, count: int) -> Ints:
    """Return districts of equally many areas: the middle, and sectors around it."""
    n = len(middle)
    if count < 2:
        return np.zeros(n, dtype=np.int64)
    inner = n // count
    around = middle[inner:]
    by_angle = np.argsort(np.arctan2(around[:, 1], around[:, 0]), kind="stable")
    district = np.zeros(n, dtype=np.int64)
    district[inner + by_angle] = 1 + np.arange(n - inner) * (count - 1) // max(n - inner, 1)
    return district


def _nearest(middle: Floats) -> Bools:
    """Call the nearest few areas neighbours, both ways."""
    n = len(middle)
    if n == 1:
        return np.zeros((1, 1), dtype=bool)
    apart = ((middle[:, None, :] - middle[None, :, :]) ** 2).sum(axis=2)
    np.fill_diagonal(apart, np.inf)
    near = np.argpartition(apart, min(_NEAREST, n - 1) - 1, axis=1)[:, :_NEAREST]
    found = np.zeros((n, n), dtype=bool)
    found[np.arange(n)[:, None], near] = True
    found[np.diag_indices(n)] = False
    return found | found.T
