"""Whether figures and areas know one another."""

from __future__ import annotations

import polars as pl

from nabolag.core import Finding, Place, Severity
from nabolag.geography.register import AreaRegister


def match(
    cells: pl.DataFrame,
    register: AreaRegister,
    *,
    place: Place | None = None,
    carries: str = "",
    unknown: Severity = Severity.ERROR,
) -> tuple[Finding, ...]:
    """Compare the areas of figures (`level`, `area`, maybe `period`) with a register.

    Findings: codes that the register does not know (severity `unknown`), retired codes, codes
    without a shape, shapes without figures. `carries` names a column of additive numbers;
    then each finding says how much its areas hold in the last period they have.
    """
    raise NotImplementedError
