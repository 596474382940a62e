"""Taking fixed effects out of columns, by the library that estimates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nabolag.spending.checks import Floats, Ints


def taken_out(columns: Floats, effects: Sequence[Ints], weight: Floats) -> Floats:
    """Return columns with the (weighted) means of effects taken out."""
    from pyfixest.core.demean import demean  # noqa: PLC0415

    codes = np.stack(effects, axis=1).astype(np.uintp)
    rows, _ = demean(np.asfortranarray(columns), codes, weight, tol=1e-10)
    return np.asarray(rows)
