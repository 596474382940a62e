"""Whether planted exposed areas are found, and how many findings are false.

Draws municipalities with areas that are exposed, well placed, and like the municipality, and the
chance of few residents. Asks the method of status and development, and three shortcuts in the
same run: the top tenth by mean z, mean z above one, and two or more quartile flags. Prints a
Markdown table with precision, recall and the share of false findings.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from nabolag.analysis.development import Development
from nabolag.analysis.method import Given
from nabolag.core import Level
from nabolag.indicators import load_catalogue
from nabolag.indicators.figures import wilson
from nabolag.store import conform, empty
from nabolag.store.frames import AREAS, LINKS, OBSERVATIONS, SHAPES

INDICATORS = ("low_income_households", "crowded_households", "tenant_households",
              "low_education", "outside_work_education_20_29")  # fmt: skip
BASE = np.array([0.10, 0.08, 0.25, 0.22, 0.12])
YEARS = tuple(str(year) for year in range(2019, 2025))
#: How strongly planted areas differ (log odds), and how many households an area usually has.
STRENGTH, PEOPLE = (0.4, 1.0), 400
#: Which part of the areas is exposed, town by town; how far the others are from alike.
PLANTED, ALIKE = (0.0, 1 / 24, 1 / 12, 1 / 6), 0.05
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Town:
    """A drawn municipality: what was planted, and what is seen of it."""

    exposed: npt.NDArray[np.bool_]
    differs: npt.NDArray[np.bool_]
    given: Given
    shares: Floats


def town(areas: int, seed: int, alike: float) -> Town:
    """Draw one: none to a sixth exposed, as many well placed, the others nearly alike.

    «Nearly alike» is a trait of their own of size `alike` (log odds), too small to matter.
    """
    chance = np.random.default_rng(seed)
    effect = np.zeros(areas)
    part = int(areas * PLANTED[seed % len(PLANTED)])
    effect[:part] = chance.uniform(*STRENGTH, part)
    effect[part : 2 * part] = -chance.uniform(*STRENGTH, part)
    people = np.maximum(chance.lognormal(np.log(PEOPLE), 0.5, areas), 120).astype(np.int64)
    own = effect + np.where(effect == 0, chance.normal(0, alike, areas), 0.0)
    odds = BASE / (1 - BASE) * np.exp(own[:, None] * chance.uniform(0.7, 1.3, (1, len(BASE))))
    true = odds / (1 + odds)
    cases = chance.binomial(people[:, None, None], np.repeat(true[:, :, None], len(YEARS), axis=2))
    given = _given(cases.astype(float), people.astype(float))
    return Town(effect > 0, effect != 0, given, cases[:, :, -1] / people[:, None])


def _given(cases: Floats, people: Floats) -> Given:
    codes = np.array([f"9901{n:04d}" for n in range(len(people))])
    at = np.indices(cases.shape)
    own = pl.DataFrame(
        {
            "level": "grunnkrets",
            "area": codes[at[0].ravel()],
            "indicator": np.array(INDICATORS)[at[1].ravel()],
            "period": np.array(YEARS)[at[2].ravel()],
            "numerator": cases.ravel(),
            "denominator": people[at[0].ravel()],
        }
    )
    whole = own.group_by("indicator", "period", maintain_order=True).agg(
        pl.col("numerator").sum(), pl.col("denominator").sum()
    )
    above = whole.with_columns(level=pl.lit("kommune"), area=pl.lit("9901"))
    rows = pl.concat([own, above.select(own.columns)]).with_columns(
        *wilson(pl.col("numerator"), pl.col("denominator")),
        value=pl.col("numerator") / pl.col("denominator"),
        status=pl.lit("value"),
        group=pl.lit(""),
    )
    links = pl.DataFrame(
        [("grunnkrets", code, "kommune", "9901") for code in codes], schema=LINKS, orient="row"
    )
    return Given(conform(rows, OBSERVATIONS), load_catalogue(), conform(links, LINKS),
                 empty(AREAS), empty(SHAPES))  # fmt: skip


def shortcuts(shares: Floats) -> dict[str, npt.NDArray[np.bool_]]:
    """Return who the common shortcuts call exposed."""
    z = (shares - shares.mean(axis=0)) / shares.std(axis=0)
    mean = z.mean(axis=1)
    flags = (shares >= np.quantile(shares, 0.75, axis=0)).sum(axis=1)
    return {
        "øverste tidel av snitt-z": mean >= np.quantile(mean, 0.9),
        "snitt-z over 1": mean > 1,
        "to eller flere kvartilmerker": flags >= 2,
    }


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--towns", type=int, default=40)
    options.add_argument("--areas", type=int, default=120)
    asked = options.parse_args()
    spec = Development(id="b", level=Level.GRUNNKRETS, indicators=INDICATORS)
    tallies: dict[str, list[tuple[int, int, int]]] = {}
    false, said, worse, moves = 0, 0, 0, 0
    for seed in range(asked.towns):
        exact = town(asked.areas, seed, 0.0)
        table = spec.analyse(exact.given).tables["areas"]
        apart = table["status"].is_in(["exposed", "good", "average"]).to_numpy()
        false += int((apart & ~exact.differs).sum())
        said += int(apart.sum())
        drawn = town(asked.areas, seed, ALIKE)
        table = spec.analyse(drawn.given).tables["areas"]
        ours = (table["status"] == "exposed").to_numpy()
        moving = table["development"].is_in(["improving", "worsening"])
        worse += int(moving.sum())
        moves += len(moving)
        for name, found in {"status og utvikling": ours, **shortcuts(drawn.shares)}.items():
            hit = int((found & drawn.exposed).sum())
            tallies.setdefault(name, []).append((hit, int(found.sum()), int(drawn.exposed.sum())))
    print("| metode | treffsikkerhet | dekning |")
    print("|---|---|---|")
    for name, rows in tallies.items():
        hit, found, planted = np.array(rows).sum(axis=0)
        print(f"| {name} | {hit / max(found, 1):.2f} | {hit / planted:.2f} |")
    print(f"\nFalske blant dem som sies å skille seg ut: {false / max(said, 1):.3f} "
          f"(grense {spec.false_discovery}). Sagt å endre seg der ingenting endres: "
          f"{worse} av {moves}.")  # fmt: skip


if __name__ == "__main__":
    main()
