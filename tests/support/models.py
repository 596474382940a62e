"""A delivered table of fifteen districts over four years, and workspaces that estimate on it.

Spending rises by 12 kroner for each percentage point of low income, and by nothing else.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.support.delivery import write_delivery

PLANTED = 12.0
HEADINGS = ("Bydel", "År", "Barn", "Lavinntekt", "Enslige", "Utdanning", "Innvandrere", "Kroner")
VARIABLES = {
    "unit": "Bydel",
    "year": "År",
    "share_age_0_15": "Barn",
    "share_low_income": "Lavinntekt",
    "share_single_parent": "Enslige",
    "share_low_education": "Utdanning",
    "share_immigrants": "Innvandrere",
    "activities_per_resident": "Kroner",
}
MODELS = """
[[spending]]
id = "aktiviteter"
model = "table-14"
file = "bydeler.csv"
producer = "Prøvekommune"
title = "Bydelsregnskap"
retrieved = "2026-11-01"
variables = { unit = "Bydel", year = "År", share_age_0_15 = "Barn", share_low_income = "Lavinntekt", share_single_parent = "Enslige", share_low_education = "Utdanning", share_immigrants = "Innvandrere", activities_per_resident = "Kroner" }
inference = { draws = 999, permutations = 199 }

[[spending]]
id = "egen"
name = { nb = "Vår egen modell", nn = "Vår eigen modell", en = "Our own model" }
file = "bydeler.csv"
variables = { unit = "Bydel", year = "År", share_low_income = "Lavinntekt", activities_per_resident = "Kroner" }
main = ["share_low_income"]
where = { "Del" = ["øst"] }
inference = { draws = 999 }
[[spending.column]]
outcome = "activities_per_resident"
terms = ["share_low_income"]
errors = "cluster"
cluster = "unit"
year_dummies = true
"""


def table_rows(seed: int = 1, districts: int = 15) -> list[dict[str, str]]:
    """Return the table with a comma for the decimal point."""
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(districts):
        lasting, low = rng.normal(0, 30), rng.uniform(6, 25)
        for year in range(2016, 2020):
            now = low + rng.normal(0, 0.5)
            kroner = 400 + PLANTED * now + lasting + rng.normal(0, 10)
            numbers = (rng.uniform(0.1, 0.25), now, rng.uniform(2, 9), rng.uniform(10, 40),
                       rng.uniform(5, 40), kroner)  # fmt: skip
            texts = [f"{one:.3f}".replace(".", ",") for one in numbers]
            rows.append(dict(zip(HEADINGS, [f"B{number:02d}", str(year), *texts], strict=True))
                        | {"Del": "øst" if number < 4 else "vest"})  # fmt: skip
    return rows


def write_table(path: Path, rows: list[dict[str, str]] | None = None) -> Path:
    """Write the table as a file with semicolons."""
    kept = table_rows() if rows is None else rows
    lines = [";".join(kept[0]), *(";".join(row.values()) for row in kept)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def write_models(folder: Path, models: str = MODELS) -> Path:
    """Write a workspace with the small delivery, the table and its models."""
    made = write_delivery(folder)
    write_table(made / "bydeler.csv")
    config = made / "nabolag.toml"
    config.write_text(config.read_text(encoding="utf-8") + models, encoding="utf-8")
    return made
