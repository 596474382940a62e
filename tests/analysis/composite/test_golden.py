"""Published indices, reckoned again from their own figures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from nabolag.analysis.composite.aggregating import aggregated
from nabolag.analysis.composite.normalising import exponential, normalised
from nabolag.analysis.composite.treating import imputed, winsorised

#: CDC's four themes (SVI 2020 and 2022 documentation).
THEMES = {
    "1": ["POV150", "UNEMP", "HBURD", "NOHSDP", "UNINSUR"],
    "2": ["AGE65", "AGE17", "DISABL", "SNGPNT", "LIMENG"],
    "3": ["MINRTY"],
    "4": ["MUNIT", "MOBILE", "CROWD", "NOVEH", "GROUPQ"],
}


def column(table: pl.DataFrame, name: str) -> np.ndarray:
    found = table[name].cast(pl.Float64).to_numpy().copy()
    found[found == -999] = np.nan
    return found


@pytest.mark.parametrize(
    ("file", "areas"),
    [("2020svi_pa_co_cdc.csv", 67), ("2022svi_pa_co_cdc.csv", 67), ("2020svi_de_tract_cdc.csv", 259)],
)  # fmt: skip
def test_cdc_social_vulnerability(data_root: Path, file: str, areas: int):
    table = pl.read_csv(data_root / "4-golden-deprivation" / "cdc-svi" / file,
                        infer_schema_length=None, null_values=["NA", ""])  # fmt: skip
    assert table.height == areas
    themes = []
    # Tracts where nobody lives are left out before anything is ranked.
    nobody = column(table, "E_TOTPOP") == 0
    for theme, names in THEMES.items():
        lived = [np.where(nobody, np.nan, column(table, f"EP_{name}")) for name in names]
        ranked = [normalised(own, "percent_rank", 4) for own in lived]
        for name, own in zip(names, ranked, strict=True):
            np.testing.assert_array_equal(own, column(table, f"EPL_{name}"))
        summed = np.round(np.sum(ranked, axis=0), 4)
        np.testing.assert_allclose(summed, column(table, f"SPL_THEME{theme}"), atol=1e-9)
        placed = normalised(summed, "percent_rank", 4)
        np.testing.assert_array_equal(placed, column(table, f"RPL_THEME{theme}"))
        themes.append(summed)
    whole = np.round(np.sum(themes, axis=0), 4)
    np.testing.assert_allclose(whole, column(table, "SPL_THEMES"), atol=1e-9)
    np.testing.assert_array_equal(normalised(whole, "percent_rank", 4), column(table, "RPL_THEMES"))


#: Weights of the English index of multiple deprivation 2025.
DOMAINS = {"Income": 0.225, "Employment": 0.225, "Education": 0.135, "Health": 0.135,
           "Crime": 0.093, "Housing_and_Services": 0.093, "Environment": 0.093}  # fmt: skip


def test_english_index_of_multiple_deprivation(data_root: Path):
    table = pl.read_csv(
        data_root / "4-golden-deprivation" / "uk-imd" / "imd2025_england_lsoa21.csv",
        infer_schema_length=None,
    )
    n = table.height
    assert n == 33_755
    parts = np.column_stack(
        [exponential((n - column(table, f"{name}_rank") + 1) / n) for name in DOMAINS]
    )
    weights = np.array(list(DOMAINS.values()))
    score = parts @ weights
    np.testing.assert_allclose(score, column(table, "IMD_score"), atol=1e-3)
    np.testing.assert_allclose(
        aggregated(parts, weights, "arithmetic") * weights.sum(), score, rtol=1e-12
    )
    order = np.argsort(np.argsort(-score, kind="stable"), kind="stable") + 1
    decile = np.ceil(order / n * 10)
    assert (decile == column(table, "IMD_decile")).all()


def stage(data_root: Path, name: str) -> pl.DataFrame:
    folder = data_root / "5-golden-methods" / "coinr-asem"
    return pl.read_csv(folder / f"{name}.csv", infer_schema_length=None, null_values=["NA", ""])


def denominators(data: pl.DataFrame, name: str) -> np.ndarray:
    found = next(one for one in (f"Den_{name}", name) if one in data.columns)
    return data[found].cast(pl.Float64).to_numpy()


def test_asem_stage_by_stage(data_root: Path):
    meta = stage(data_root, "ASEM_iMeta").filter(pl.col("Type") == "Indicator")
    data = stage(data_root, "ASEM_iData")
    stages = {n: stage(data_root, f"pipeline_{n}")
              for n in ("Raw", "Denominated", "Imputed", "Treated", "Normalised", "Aggregated")}  # fmt: skip
    group = stages["Raw"]["Group_EurAsia"].rank("dense").cast(pl.Float64).to_numpy()
    parents: dict[str, list[str]] = {}
    steps = (
        ("Denominated", "Imputed", lambda x, _: imputed(x, group, "mean")),
        ("Imputed", "Treated", lambda x, _: winsorised(x, 6).values),
        ("Treated", "Normalised", lambda x, turned: normalised(turned * x, "minmax")),
    )
    for row in meta.iter_rows(named=True):
        code = row["iCode"]
        parents.setdefault(row["Parent"], []).append(code)
        figures = column(stages["Raw"], code)
        if row["Denominator"]:
            figures = figures / denominators(data, row["Denominator"])
        # Denominators are printed with fewer digits than the figures that were made with them.
        np.testing.assert_allclose(figures, column(stages["Denominated"], code), rtol=1e-8)
        for before, after, made in steps:
            found = made(column(stages[before], code), row["Direction"])
            np.testing.assert_allclose(found, column(stages[after], code), rtol=1e-10, atol=1e-10)
    levels = stage(data_root, "ASEM_iMeta").filter(pl.col("Type") != "Indicator").sort("Level")
    weights = {
        r["Code"]: r["Weight"] for r in stage(data_root, "pipeline_Weights").iter_rows(named=True)
    }
    whole = stages["Aggregated"]
    tree = dict(parents)
    for row in levels.iter_rows(named=True):
        if row["Parent"]:
            tree.setdefault(row["Parent"], []).append(row["iCode"])
    made = 0
    for parent, children in tree.items():
        if parent not in whole.columns:
            continue
        below = np.column_stack([column(whole, child) for child in children])
        own = aggregated(
            below, np.array([float(weights.get(c, 1.0)) for c in children]), "arithmetic"
        )
        np.testing.assert_allclose(own, column(whole, parent), rtol=1e-10)
        made += 1
    assert made >= 10
