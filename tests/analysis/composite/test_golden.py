"""Published indices, made again from their own figures, every step by the recipe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from nabolag.analysis.composite.normalising import Normalise, scaled
from nabolag.analysis.composite.orders import places
from nabolag.analysis.composite.recipe import Columns, Recipe

#: CDC's four themes (SVI 2020 and 2022 documentation).
THEMES = {
    "1": ["POV150", "UNEMP", "HBURD", "NOHSDP", "UNINSUR"],
    "2": ["AGE65", "AGE17", "DISABL", "SNGPNT", "LIMENG"],
    "3": ["MINRTY"],
    "4": ["MUNIT", "MOBILE", "CROWD", "NOVEH", "GROUPQ"],
}
MEASURES = tuple(name for names in THEMES.values() for name in names)


def read(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema_length=None, null_values=["NA", ""])


def column(table: pl.DataFrame, name: str) -> np.ndarray:
    found = table[name].cast(pl.Float64).to_numpy().copy()
    found[found == -999] = np.nan
    return found


def columns(table: pl.DataFrame, names: tuple[str, ...], form: str = "{}") -> np.ndarray:
    return np.stack([column(table, form.format(name)) for name in names])


def again(score: np.ndarray, how: Normalise) -> np.ndarray:
    return scaled(score[None], np.ones(1), how, ("",))[0]


@pytest.mark.parametrize(
    ("file", "areas"),
    [("2020svi_pa_co_cdc.csv", 67), ("2022svi_pa_co_cdc.csv", 67), ("2020svi_de_tract_cdc.csv", 259)],
)  # fmt: skip
def test_cdc_social_vulnerability(data_root: Path, file: str, areas: int):
    table = read(data_root / "4-golden-deprivation" / "cdc-svi" / file)
    assert table.height == areas
    figures = columns(table, MEASURES, "EP_{}")
    # Tracts where nobody lives are left out before anything is ranked.
    figures[:, column(table, "E_TOTPOP") == 0] = np.nan
    ranks = Normalise(how="percent_rank", decimals=4)
    themes = [
        {"id": t, "members": names, "weights": dict.fromkeys(names, 1)}
        for t, names in THEMES.items()
    ]
    recipe = Recipe(indicators=MEASURES, normalise=ranks, aggregate="sum",
                    weights=dict.fromkeys(THEMES, 1), groups=themes, minimum_known=1)  # fmt: skip
    made = recipe.make(Columns.of(figures))
    np.testing.assert_array_equal(made.scaled, columns(table, MEASURES, "EPL_{}"))
    for theme in THEMES:
        np.testing.assert_allclose(made.node(theme), column(table, f"SPL_THEME{theme}"), atol=1e-9)
        np.testing.assert_array_equal(
            again(made.node(theme), ranks), column(table, f"RPL_THEME{theme}")
        )
    np.testing.assert_allclose(made.score, column(table, "SPL_THEMES"), atol=1e-9)
    placed = recipe.model_copy(update={"rescale": ranks}).make(Columns.of(figures))
    np.testing.assert_array_equal(placed.score, column(table, "RPL_THEMES"))


#: Weights of the English index of multiple deprivation 2025.
DOMAINS = {"Income": 0.225, "Employment": 0.225, "Education": 0.135, "Health": 0.135,
           "Crime": 0.093, "Housing_and_Services": 0.093, "Environment": 0.093}  # fmt: skip


def test_english_index_of_multiple_deprivation(data_root: Path):
    table = read(data_root / "4-golden-deprivation" / "uk-imd" / "imd2025_england_lsoa21.csv")
    n = table.height
    assert n == 33_755
    # Domain scores are printed to three decimals, so their ranks are taken as printed: 1 is most
    # deprived, which makes low figures the challenge.
    figures = Columns.of(columns(table, tuple(DOMAINS), "{}_rank"), turn=-np.ones(len(DOMAINS)))
    recipe = Recipe(indicators=tuple(DOMAINS), normalise="exponential", weights=DOMAINS, aggregate="sum")  # fmt: skip
    made = recipe.make(figures)
    np.testing.assert_allclose(made.score, column(table, "IMD_score"), atol=1e-3)
    # The order of areas whose scores are equal to three decimals is not in the scores as printed.
    decile = np.ceil(places(made.score) / n * 10)
    assert (decile == column(table, "IMD_decile")).all()


def stage(data_root: Path, name: str) -> pl.DataFrame:
    return read(data_root / "5-golden-methods" / "coinr-asem" / f"{name}.csv")


def asem(meta: pl.DataFrame, per: Mapping[str, str]) -> Recipe:
    """The ASEM index as its method and tree are published."""
    indicators = tuple(meta.filter(pl.col("Type") == "Indicator")["iCode"])
    inside = meta.filter(pl.col("Type") == "Aggregate", pl.col("Parent").is_not_null())["iCode"]
    groups = [
        {"id": name.lower(), "aggregate": "arithmetic",
         "members": [own if own in indicators else own.lower()
                     for own in meta.filter(pl.col("Parent") == name)["iCode"]]}
        for name in inside
    ]  # fmt: skip
    return Recipe(indicators=indicators, per=per, groups=groups, impute="mean",
                  outliers={"most": 6, "otherwise": "log"}, normalise="minmax")  # fmt: skip


def test_asem_stage_by_stage(data_root: Path):
    meta = stage(data_root, "ASEM_iMeta")
    stages = {n: stage(data_root, f"pipeline_{n}")
              for n in ("Denominated", "Imputed", "Treated", "Normalised", "Aggregated")}  # fmt: skip
    recipe = asem(meta, {})
    told = meta.filter(pl.col("Type") == "Indicator")
    held = Columns.of(
        columns(stages["Denominated"], recipe.indicators),
        turn=told["Direction"].cast(pl.Float64).to_numpy(),
        groups=stages["Denominated"]["Group_EurAsia"].rank("dense").cast(pl.Int64).to_numpy(),
    )
    made = recipe.make(held)
    found = {"Imputed": made.filled, "Treated": made.treated.values, "Normalised": made.scaled}
    for name, own in found.items():
        expected = columns(stages[name], recipe.indicators)
        np.testing.assert_allclose(own, expected, rtol=1e-10, atol=1e-10)
    for group in (*recipe.groups, None):
        own = made.node(group.id) if group else made.score
        published = next(c for c in stages["Aggregated"].columns if c.lower() == (group.id if group else "index"))  # fmt: skip
        np.testing.assert_allclose(own, column(stages["Aggregated"], published), rtol=1e-10)
    summary = {row["IndCode"]: (row["Low"], row["High"])
               for row in stage(data_root, "pipeline_TreatSummary").iter_rows(named=True)}  # fmt: skip
    treated = dict(
        zip(recipe.indicators, zip(made.treated.low, made.treated.high, strict=True), strict=True)
    )
    assert treated == summary
    results = stage(data_root, "pipeline_Results_AggregatesScore")
    rank = dict(zip(stages["Aggregated"]["UnitCode"], places(made.score), strict=True))
    assert [rank[code] for code in results["UnitCode"]] == results["Rank"].cast(pl.Int64).to_list()


def test_asem_divides_as_published(data_root: Path):
    # The figures and what they are divided by are printed with fewer digits than the result.
    meta, data = stage(data_root, "ASEM_iMeta"), stage(data_root, "ASEM_iData")
    told = meta.filter(pl.col("Type") == "Indicator").drop_nulls("Denominator")
    per = dict(told.select("iCode", "Denominator").iter_rows())
    recipe = asem(meta, per)
    beside = {name: column(data, name) for name in set(per.values())}
    held = replace(Columns.of(columns(data, recipe.indicators)), beside=beside)
    expected = columns(stage(data_root, "pipeline_Denominated"), recipe.indicators)
    divided = recipe.make(held).columns.values
    np.testing.assert_allclose(divided, expected, rtol=3e-8)
    np.testing.assert_array_equal(np.isnan(divided), np.isnan(expected))
