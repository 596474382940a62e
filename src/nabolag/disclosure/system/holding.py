"""Which equations hold. The register and the catalogue propose them; the numbers decide.

Where every number is known, an equation holds if it adds up. Where one is not known, it is held
for true if it adds up for most of those where it can be tried, or if nothing can be tried and
what proposes it says that the parts are all there. (That nothing is the sum of nothing tells
nothing.) Holding too many for true hides too much; holding too few shows too much.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from nabolag.disclosure.system.areas import AreaSums, Flags, Floats
from nabolag.disclosure.system.blocks import Relations

#: How far from 0 an equation may be: half a person, or rounding of a large sum.
_PERSON = 0.5
_ROUNDING = 1e-6


def areas_hold(sums: AreaSums, value: Floats, present: Flags, blur: Floats) -> Flags:
    """Return for which counts (columns) each equation between areas (rows) holds."""
    holds = _hold(sums.sums, (value, present, blur), sums.filled)
    needless = np.zeros_like(holds)
    for e, way in enumerate(sums.instead):
        if way.size:
            needless[e] = holds[way].all(axis=0)
    kept: Flags = holds & ~needless
    return kept


def counts_hold(relations: Relations, value: Floats, present: Flags, blur: Floats) -> Flags:
    """Return in which areas (rows) each equation between counts (columns) holds."""
    cells = (value.T, present.T, blur.T)
    return _hold(relations.matrix, cells, relations.believed).T


def _hold(matrix: sparse.csr_array, cells: tuple[Floats, Flags, Floats], believed: Flags) -> Flags:
    """Return which equations (rows) hold in which columns of `cells`: value, present, blur."""
    value, present, blur = cells
    known = np.where(np.isnan(value), 0.0, value)
    unknown = (abs(matrix) @ (present & np.isnan(value)).astype(float)) > 0
    off = np.abs(matrix @ known)
    slack = np.maximum(_PERSON, _ROUNDING * (abs(matrix) @ np.abs(known)))
    slack = slack + abs(matrix) @ blur
    parts = _part_of(matrix, negative=False)
    whole = _part_of(matrix, negative=True)
    there = ((parts @ present.astype(float)) > 0) & ((whole @ present.astype(float)) > 0)
    adds_up = there & ~unknown & (off <= slack)
    telling = there & ~unknown & ((abs(matrix) @ np.abs(known)) > 0)
    tried = telling.sum(axis=1)
    likely = np.where(tried > 0, (adds_up & telling).sum(axis=1) * 2 > tried, believed)
    sure = adds_up & (believed | likely)[:, None]
    holds: Flags = sure | (there & unknown & likely[:, None])
    return holds


def _part_of(matrix: sparse.csr_array, *, negative: bool) -> sparse.csr_array:
    part = matrix.copy()
    part.data = ((part.data < 0) == negative).astype(np.float64)
    return part
