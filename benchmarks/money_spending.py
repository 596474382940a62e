"""Measure spending models: speed beside the library, and whether intervals cover what is planted.

    python benchmarks/money_spending.py [--seeds 1000] [--only speed|wild|cover]

Coverage: a synthetic country is written once; the accounts of its schools, or of the bydeler of a
city, are drawn anew for each seed by the equations planted in it. An interval covers where it holds
the planted coefficient; a true zero is rejected where its interval does not hold zero.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import polars as pl
from scipy.special import stdtrit
from timing import seconds

from nabolag.registers import scan_register
from nabolag.spending import Inference, Regression, schools
from nabolag.spending.design import design_of
from nabolag.spending.fitting import Fit, fit
from nabolag.spending.groups import Groups, grouped
from nabolag.spending.wild import draw, wild
from nabolag.synthetic import CountrySpec, MunicipalitySpec, write_country
from nabolag.synthetic.services.accounts import Accounts, Served

ROWS, UNITS, YEARS, GROUPS = 45_000, 4_500, 10, 15
TRAITS = {"low_income": "low_income", "single_parent": "single_parent",
          "immigrant": "immigrant_background"}  # fmt: skip
#: Kroner for each percentage point, for the school as such, and two that mean nothing.
SCHOOL_TRUTH = {
    "pupils_low_income": 380.0,
    "pupils_single_parent": 210.0,
    "pupils_immigrant_background": 140.0,
    "schools_per_pupil": 900_000.0,
    "analysis_area": 0.0,
    "lower_secondary_school": 0.0,
}
#: Child welfare for each person under 18 (function 251): immigrants mean nothing.
BYDEL_TRUTH = {"low_income": 340.0, "single_parent": 160.0, "immigrant": 0.0}
FIRST_YEAR = 2015
_GROWN = 18


def panel(seed: int = 1) -> pl.DataFrame:
    """Return 45 000 rows of 4 500 units in 15 groups over ten years."""
    rng = np.random.default_rng(seed)
    unit = np.repeat(np.arange(UNITS), YEARS)
    own = rng.normal(0, 1, UNITS)[unit]
    x, z = rng.normal(0, 1, ROWS) + own, rng.normal(0, 1, ROWS)
    return pl.DataFrame({"unit": unit, "year": np.tile(np.arange(YEARS), UNITS), "x": x, "z": z,
                         "municipality": unit % GROUPS,
                         "y": 2 * x + own + rng.normal(0, 1, ROWS)})  # fmt: skip


def speed() -> None:
    """Time the panel model beside the library called directly, in the same run."""
    import pyfixest  # noqa: PLC0415

    rows = panel()
    frame = rows.to_pandas()
    regression = Regression(outcome="y", terms=("x", "z"), fixed_effects=("unit", "year"),
                            errors="cluster", cluster="municipality")  # fmt: skip

    def ours() -> object:
        return fit(design_of(rows, regression, Inference()))

    def theirs() -> object:
        return pyfixest.feols("y ~ x + z | unit + year", frame, vcov={"CRV1": "municipality"})

    first = fit(design_of(rows, regression, Inference())).estimate
    second = theirs().coef().to_numpy()
    np.testing.assert_allclose(first, second, rtol=1e-7)
    taken: dict[str, list[float]] = {"own": [], "direct": []}
    for _ in range(60):
        for name, what in (("own", ours), ("direct", theirs)):
            begun = time.perf_counter()
            what()
            taken[name].append(1000 * (time.perf_counter() - begun))
    for told, of in (("quickest", np.min), ("median", np.median)):
        own, direct = float(of(taken["own"])), float(of(taken["direct"]))
        print(f"{ROWS} rows, two fixed effects, {told} of 60 in turn: {own:.1f} ms; "
              f"pyfixest called directly {direct:.1f} ms; ratio {own / direct:.2f}")  # fmt: skip


def bootstrap() -> None:
    """Time 9 999 draws at G = 15 on the same rows, p-value and interval."""
    regression = Regression(outcome="y", terms=("x", "z"), fixed_effects=("unit", "year"),
                            errors="cluster", cluster="municipality")  # fmt: skip
    one = fit(design_of(panel(), regression, Inference()))

    def whole() -> object:
        groups = taken_apart(one, "municipality")
        return wild(groups, 0, draw(GROUPS, 9_999, "rademacher", 1), 0.05)

    print(f"wild cluster bootstrap, 9 999 draws, G = {GROUPS}, {ROWS} rows, p and interval: "
          f"{seconds(whole, 5):.3f} s")  # fmt: skip


def taken_apart(one: Fit, cluster: str) -> Groups:
    """Return a fit by group, which these models always allow."""
    groups = grouped(one, one.design.groups[cluster])
    if groups is None:
        raise ValueError(cluster)
    return groups


def redrawn_schools(rows: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Return the schools with accounts drawn anew."""
    made = []
    for (code,), part in rows.partition_by("municipality", as_dict=True).items():
        units = part["unit"].unique(maintain_order=True)
        accounts = Accounts(str(code), np.random.default_rng([seed, int(str(code))]))
        for year in part["year"].unique().sort():
            now = units.to_frame().join(
                part.filter(pl.col("year") == year), on="unit", how="left", maintain_order="left"
            )
            filled = now.with_columns(pl.col("pupils", *(f"pupils_{t}" for t in TRAITS.values()))
                                      .fill_null(0))  # fmt: skip
            shares = {name: filled[f"pupils_{t}"].to_numpy() / 100 for name, t in TRAITS.items()}
            served = Served("202", units.to_list(), filled["pupils"].to_numpy(), shares)
            spent = accounts.spending(served, year - FIRST_YEAR)
            made.append(pl.DataFrame({"unit": units, "year": [year] * len(units), "spent": spent}))
    drawn = rows.drop("spending_per_pupil").join(pl.concat(made), on=["unit", "year"])
    return drawn.with_columns(spending_per_pupil=pl.col("spent") / pl.col("pupils"))


def write_schools(folder: Path, municipalities: int, persons: int) -> pl.DataFrame:
    """Write a country and return its public schools, four years."""
    write_country(folder, CountrySpec(11, persons, 4, municipalities=municipalities))
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    lines = {int(year): one for year, one in truth["spending"]["low_income_below"].items()}
    areas = [code for one in truth["municipalities"].values() for code in one["exposed"]]
    rows = schools(folder / "registers", areas, lines=lines)
    return rows.filter(pl.col("private") == 0).with_columns(pl.col("year").cast(pl.Int64))


def write_bydeler(folder: Path, bydeler: int, persons: int) -> pl.DataFrame:
    """Write a city and return its bydeler by year: children, and shares among them."""
    town = MunicipalitySpec(3, persons, bydeler=bydeler, grunnkretser=max(60, bydeler * 8), years=4)
    write_country(folder, CountrySpec(3, persons, 4, municipalities=0, towns=(town,)))
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    lines = {int(year): one for year, one in truth["spending"]["low_income_below"].items()}
    below = pl.DataFrame({"year": list(lines), "line": list(lines.values())},
                         schema_overrides={"year": pl.Int16})  # fmt: skip
    areas = pl.read_csv(folder / "areas.csv", separator=";", infer_schema=False)
    inside = areas.filter(pl.col("Nivå") == "grunnkrets").select(grunnkrets="Kode", unit="Bydel")
    registers = folder / "registers"
    income = scan_register(registers, "income_year").join(below.lazy(), on="year").select(
        "year", "household_id",
        low=pl.col("income_after_tax") / pl.col("consumption_units") < pl.col("line"),
    )  # fmt: skip
    homes = scan_register(registers, "household").select("year", "household_id", "household_type")
    children = (
        scan_register(registers, "person")
        .filter(pl.col("year") - 1 - pl.col("birth_year") < _GROWN)
        .join(inside.lazy(), on="grunnkrets")
        .join(income, on=["year", "household_id"], how="left")
        .join(homes, on=["year", "household_id"], how="left")
    )
    return (
        children.group_by("year", "unit")
        .agg(
            children=pl.len(),
            low_income=100 * pl.col("low").mean(),
            single_parent=100 * (pl.col("household_type") == "single_parent").mean(),
            immigrant=100 * (pl.col("immigration_category") != "A").mean(),
        )
        .sort("year", "unit")
        .with_columns(pl.col("year").cast(pl.Int64))
        .collect()
    )


def redrawn_bydeler(rows: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Return the bydeler with child welfare drawn anew."""
    accounts = Accounts("9901", np.random.default_rng([seed, 251]))
    made = []
    for year in rows["year"].unique().sort():
        now = rows.filter(pl.col("year") == year)
        shares = {name: now[name].to_numpy() / 100 for name in BYDEL_TRUTH}
        children = now["children"].to_numpy().astype(float)
        spent = accounts.spending(Served("251", now["unit"].to_list(), children, shares),
                                  year - FIRST_YEAR)  # fmt: skip
        made.append(now.with_columns(outcome=pl.Series(spent / children)))
    return pl.concat(made)


def coverage(
    name: str,
    rows: pl.DataFrame,
    redrawn: Callable[[pl.DataFrame, int], pl.DataFrame],
    regression: Regression,
    truth: Mapping[str, float],
    seeds: int,
) -> None:
    """Print how many intervals hold what is planted, by term and method."""
    held: dict[tuple[str, str], list[float]] = {}
    how = Inference(least_in_group=1, least=1)
    begun = time.perf_counter()
    for seed in range(seeds):
        one = fit(design_of(redrawn(rows, seed), regression, how))
        groups = taken_apart(one, regression.cluster)
        draws = [draw(groups.count, 9_999, kind, 1) for kind in ("rademacher", "webb")]
        clustered, jackknife = np.sqrt(np.diag(groups.variance())), groups.jackknife()
        reach = stdtrit(groups.count - 1, 0.975)
        for at, term in enumerate(one.names):
            wanted, estimate = truth[term], one.estimate[at]
            for kind, error in (("t(G−1)", clustered[at]), ("CR3", jackknife[at])):
                inside = abs(estimate - wanted) <= reach * error
                held.setdefault((term, kind), []).append(inside if np.isfinite(error) else np.nan)
            for drawn in draws:
                told = wild(groups, at, drawn, 0.05)
                inside = told.lower <= wanted <= told.upper
                held.setdefault((term, drawn.kind), []).append(inside)
    taken = time.perf_counter() - begun
    count = rows[regression.cluster].n_unique()
    print(f"\n{name}: G = {count}, {rows.height} rows, {seeds} seeds, {taken:.0f} s")
    for term, wanted in truth.items():
        told = "  ".join(
            f"{kind} {100 * np.nanmean(held[term, kind]):5.1f}"
            for kind in ("t(G−1)", "CR3", "rademacher", "webb")
        )
        print(f"  {term:28} planted {wanted:10.0f}   covered, per cent: {told}")


def cover(seeds: int) -> None:
    """Measure coverage of schools by municipality, and of bydeler, at G = 15, 8 and 4."""
    school = Regression(outcome="spending_per_pupil", terms=tuple(SCHOOL_TRUTH),
                        fixed_effects=("municipality",), year_dummies=True, errors="cluster",
                        cluster="municipality")  # fmt: skip
    bydel = Regression(outcome="outcome", terms=tuple(BYDEL_TRUTH), year_dummies=True,
                       cluster="unit")  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        for count, persons in ((15, 300_000), (8, 250_000), (4, 200_000)):
            rows = write_schools(Path(folder) / f"s{count}", count, persons)
            coverage("schools", rows, redrawn_schools, school, SCHOOL_TRUTH, seeds)
        for count in (15, 4):
            rows = write_bydeler(Path(folder) / f"b{count}", count, 90_000)
            coverage("bydeler", rows, redrawn_bydeler, bydel, BYDEL_TRUTH, seeds)


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seeds", type=int, default=1_000)
    parser.add_argument("--only", choices=("speed", "wild", "cover"))
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    for name, measure in (("speed", speed), ("wild", bootstrap)):
        if asked.only in (None, name):
            measure()
    if asked.only in (None, "cover"):
        cover(asked.seeds)


if __name__ == "__main__":
    main()
