"""Lines of the municipal accounts that follow a planted equation, and add up.

Spending depends on who is served and on living conditions, with stated coefficients, lasting
differences between units, years and chance; what a method estimates can be held against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from nabolag.synthetic.areas import Floats

PRIMARY_SCHOOL, KINDERGARTEN, CHILD_WELFARE, ASSISTANCE, ELDERLY = "202", "201", "251", "281", "254"
ACTIVITIES, HEALTH_STATION = "231", "232"
#: Kinds (arter) that a line is divided by, and their shares; the last takes what is left.
KINDS: dict[str, tuple[tuple[str, float], ...]] = {
    PRIMARY_SCHOOL: (("010", 0.78), ("090", 0.12), ("105", 0.10)),
    KINDERGARTEN: (("010", 0.78), ("090", 0.12), ("105", 0.10)),
    CHILD_WELFARE: (("010", 0.55), ("090", 0.09), ("300", 0.36)),
    ASSISTANCE: (("470", 1.0),),
    ELDERLY: (("010", 0.80), ("090", 0.12), ("105", 0.08)),
    ACTIVITIES: (("010", 0.48), ("090", 0.08), ("120", 0.16), ("470", 0.28)),
    HEALTH_STATION: (("010", 0.78), ("090", 0.13), ("110", 0.09)),
}
#: Lasting differences between municipalities and between units, and chance: shares of the base.
BETWEEN_MUNICIPALITIES, BETWEEN_UNITS, CHANCE = 0.05, 0.04, 0.02


@dataclass(frozen=True)
class Equation:
    """Kroner for each person served: base + yearly rise + coefficient × share, and so on."""

    function: str
    per: str
    base: float
    a_year: float
    shares: dict[str, float] = field(default_factory=dict)
    #: Kroner for the unit as such, however many it serves.
    unit: float = 0.0


EQUATIONS: tuple[Equation, ...] = (
    Equation(
        PRIMARY_SCHOOL,
        "pupil",
        95_000.0,
        2_500.0,
        {"low_income": 38_000.0, "single_parent": 21_000.0, "immigrant": 14_000.0},
        unit=900_000.0,
    ),
    Equation(KINDERGARTEN, "corrected child", 148_000.0, 4_200.0, unit=250_000.0),
    Equation(
        CHILD_WELFARE,
        "person aged 0–17",
        6_000.0,
        250.0,
        {"low_income": 34_000.0, "single_parent": 16_000.0, "immigrant": 0.0},
    ),
    Equation(ELDERLY, "person aged 80 or more", 210_000.0, 6_000.0),
    Equation(ACTIVITIES, "resident", 420.0, 12.0, {"low_income": 1_100.0, "single_parent": 420.0}),
    Equation(HEALTH_STATION, "resident", 640.0, 18.0, {"low_income": 900.0}),
)
EQUATION = {one.function: one for one in EQUATIONS}


@dataclass(frozen=True)
class Served:
    """Units that a function is carried out by, how many each serves, and shares among them."""

    function: str
    units: Sequence[str]
    count: Floats
    shares: dict[str, Floats] = field(default_factory=dict)


class Accounts:
    """Draws the lines of one municipality, year by year."""

    def __init__(self, code: str, rng: np.random.Generator) -> None:
        """Draw what lasts: the municipality's own level, one for each function."""
        self._code, self._rng = code, rng
        self._level = {
            one.function: rng.normal(0, BETWEEN_MUNICIPALITIES) * one.base for one in EQUATIONS
        }
        self._lasting: dict[str, Floats] = {}

    def spending(self, served: Served, years_in: int) -> Floats:
        """Return kroner of each unit by the planted equation; nothing where nobody is served."""
        equation, n = EQUATION[served.function], len(served.units)
        if served.function not in self._lasting:
            self._lasting[served.function] = self._rng.normal(0, BETWEEN_UNITS * equation.base, n)
        each = (
            equation.base
            + equation.a_year * years_in
            + self._level[served.function]
            + self._lasting[served.function]
            + sum(equation.shares[name] * share for name, share in served.shares.items())
            + self._rng.normal(0, CHANCE * equation.base, n)
        )
        total = each * served.count + equation.unit
        return np.asarray(np.where(served.count > 0, total, 0.0).round())

    def lines(self, spent: Sequence[tuple[str, Sequence[str], Floats]], year: int) -> pl.DataFrame:
        """Return lines by unit and kind, and the municipality's own, which is their sum.

        `spent` is function, units and kroner. A unit without a name is the municipality.
        """
        parts = []
        for function, units, amount in spent:
            left = amount.copy()
            kinds = KINDS[function]
            for number, (kind, share) in enumerate(kinds):
                own = left if number == len(kinds) - 1 else (amount * share).round()
                left = left - own
                parts.append(self._part(list(units), function, kind, own, year))
        every = pl.concat(parts)
        whole = (
            every.filter(pl.col("unit") != "")
            .group_by("year", "municipality", "function", "kind")
            .agg(pl.col("amount").sum())
            .with_columns(unit=pl.lit(""))
            .select(every.columns)
        )
        return pl.concat([every, whole]).filter(pl.col("amount") != 0)

    def _part(
        self, units: list[str], function: str, kind: str, amount: Floats, year: int
    ) -> pl.DataFrame:
        return pl.DataFrame(
            {
                "year": np.full(len(units), year, dtype=np.int16),
                "municipality": [self._code] * len(units),
                "unit": pl.Series(units, dtype=pl.String),
                "function": [function] * len(units),
                "kind": [kind] * len(units),
                "amount": amount,
            }
        )
