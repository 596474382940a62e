"""How long sharing a budget takes: many weights at once, and weights from what is wished.

Prints a row of a Markdown table for each measurement. Fails where an answer is wrong.
"""

from __future__ import annotations

import argparse
import sys
from fractions import Fraction

import numpy as np
from timing import peak_gib, seconds

from nabolag.allocation import (
    Demand,
    Model,
    Need,
    Spread,
    Units,
    allocate,
    sensitivity,
    weights_for,
)
from nabolag.allocation.numbers import exact

CRITERIA = tuple("abcde")
BUDGET = 50_000_000


def must(holds: object) -> None:
    """Stop where an answer is wrong: speed that costs the answer is worth nothing."""
    if not holds:
        sys.exit("a measurement gave a wrong answer")


def units(count: int, seed: int = 2026) -> Units:
    """Draw units with five needs."""
    chance = np.random.default_rng(seed)
    ids = tuple(f"{n:05}" for n in range(count))
    size = tuple(exact(int(n)) for n in chance.integers(50, 700, count))
    drawn = {name: chance.random(count).round(4).tolist() for name in CRITERIA}
    needs = {name: Need.known(values) for name, values in drawn.items()}
    return Units(ids, ids, {"size": size}, needs)


def model() -> Model:
    """Return a model of one pot: a quarter by size, the rest by five needs alike."""
    criteria = [{"need": name, "weight": Fraction(1, 5)} for name in CRITERIA]
    return Model.model_validate({"pots": [{"pupils": "0.25", "criteria": criteria}]})


def draws(times: int) -> None:
    """Measure 1 000 draws of the weights for 3 000 units; the sum of each draw is the budget."""
    held, spread = units(3_000), Spread(draws=1_000)
    found = sensitivity(model(), held, BUDGET, spread)
    must(abs(found.chosen.sum() - BUDGET) < 1)
    must((found.low <= found.high).all())
    taken = seconds(lambda: sensitivity(model(), held, BUDGET, spread), times)
    print(f"| andre vekter | 1 000 trekk × 3 000 enheter | {taken:.2f} | under 1 s |")


def exactly(times: int) -> None:
    """Measure an exact sharing to the krone among 3 000 units."""
    held = units(3_000)
    must(allocate(model(), held, BUDGET).sum == BUDGET)
    taken = seconds(lambda: allocate(model(), held, BUDGET), times)
    print(f"| fordeling til kronen | 3 000 enheter, 5 kriterier | {taken:.2f} | – |")


def inverse(times: int) -> None:
    """Measure the question turned round: 200 units, five needs, half the units named."""
    held = units(200)
    now = allocate(model(), held, BUDGET)
    planted = model().pots[0].model_copy(update={"pupils": Fraction(35, 100)})
    wished = allocate(Model(pots=(planted,)), held, BUDGET)
    gains = [u for u, a, b in zip(held.ids, wished.kroner, now.kroner, strict=True) if a > b]
    least = {u: k - 5 for u, k in zip(held.ids, wished.kroner, strict=True) if u in gains}
    answer = weights_for(model(), held, BUDGET, Demand(least))
    made = answer.allocation.kroner if answer.allocation else (0,) * 200
    made = dict(zip(held.ids, made, strict=True))
    must(all(made[unit] >= kroner for unit, kroner in least.items()))
    taken = seconds(lambda: weights_for(model(), held, BUDGET, Demand(least)), times)
    told = f"200 enheter × 5 kriterier, {len(least)} ønsker"
    print(f"| vekter ut fra ønsker | {told} | {taken:.2f} | under 2 s |")
    hard = {unit: kroner * 2 for unit, kroner in zip(held.ids, now.kroner, strict=True)}
    proof = weights_for(model(), held, BUDGET, Demand(hard)).proof
    must(proof and proof.most < proof.asked)
    taken = seconds(lambda: weights_for(model(), held, BUDGET, Demand(hard)), times)
    told = "200 enheter, alle ber om det dobbelte"
    print(f"| bevis for at ingen vekter gjør det | {told} | {taken:.2f} | under 2 s |")


def main() -> None:
    """Run every measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    times = parser.parse_args().times
    print("| metode | størrelse | sekunder | mål |\n|---|---|---|---|")
    for measure in (exactly, draws, inverse):
        measure(times)
    print(f"\nHøyeste minne: {peak_gib():.1f} GiB.")


if __name__ == "__main__":
    main()
