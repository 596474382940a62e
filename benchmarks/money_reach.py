"""How long it takes to read the printed tables, score money against need, and index need.

Sizes are those of a whole country. A wrong answer fails the run.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np
import polars as pl
from timing import seconds

from nabolag.allocation.need import NeedModel, need_index
from nabolag.allocation.reach import Areas, Between, Reach
from nabolag.spending.printed import check, report

AREAS, MUNICIPALITIES, DRAWS = 14_000, 357, 2000


def printed(times: int) -> Iterator[tuple[str, float, bool]]:
    """Hold the stars of 1 213 coefficients against t, and look for what else cannot be right."""
    tables = report()
    taken = seconds(lambda: check(tables), times)
    yield "stars against t, 1 213 coefficients", taken, len(check(tables).changed()) == 33


def reached(times: int) -> Iterator[tuple[str, float, bool]]:
    """Score money that leans by a planted slope, all known and with a tenth of needs hidden."""
    dice = np.random.default_rng(1)
    people, need = dice.uniform(80, 2500, AREAS), dice.uniform(0.02, 0.4, AREAS)
    amounts = people * (1 + need) * dice.lognormal(0, 0.3, AREAS)
    codes, money = tuple(map(str, range(AREAS))), Between(amounts, amounts)
    known = Areas(codes, people, Between(need, need), money)
    asked = Reach(draws=DRAWS)
    found = asked.score(known)
    taken = seconds(lambda: asked.score(known), times)
    yield f"money against need, {AREAS} areas, {DRAWS} draws", taken, (found.chance or 1) < 0.01
    hidden = dice.random(AREAS) < 0.1
    low, high = np.where(hidden, 0.0, need), np.where(hidden, 0.4, need)
    partly = Areas(codes, people, Between(low, high), money)
    told, exact = asked.score(partly).concentration, found.concentration.value or 0.0
    taken = seconds(lambda: asked.score(partly), times)
    yield "the same, a tenth of needs hidden", taken, told.lower <= exact <= told.upper


def needed(times: int) -> Iterator[tuple[str, float, bool]]:
    """Index the need of every municipality from twenty criteria in seven sectors."""
    dice = np.random.default_rng(2)
    criteria = [f"k{n}" for n in range(20)]
    keys = {f"s{s}": dict.fromkeys(criteria, 1 / 20) for s in range(7)}
    model = NeedModel(dict.fromkeys(keys, 1 / 7), keys)
    rows = pl.DataFrame({"area": np.repeat(np.arange(MUNICIPALITIES).astype(str), 20),
                         "criterion": criteria * MUNICIPALITIES,
                         "index": dice.uniform(0.5, 2, 20 * MUNICIPALITIES)})  # fmt: skip
    taken = seconds(lambda: need_index(rows, model), times)
    mean = rows.filter(pl.col("area") == "0")["index"].mean()
    total = need_index(rows, model)[1].filter(pl.col("area") == "0")["index"][0]
    yield f"need index, {MUNICIPALITIES} municipalities", taken, abs(total - mean) < 1e-9  # type: ignore[operator]


def main(times: int = 5) -> int:
    """Print every measurement; return 1 where an answer was wrong."""
    wrong = 0
    for part in (printed, reached, needed):
        for what, taken, sound in part(times):
            wrong += not sound
            sys.stdout.write(f"{what}: {taken:.3f} s{'' if sound else ' - WRONG'}\n")
    return int(wrong > 0)


if __name__ == "__main__":
    raise SystemExit(main())
