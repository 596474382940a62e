"""A workspace with a projection: two small towns, their people by age, and what happened."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tests.projection import made

CONFIG = """
[workspace]
name = "Prøvebyene"
main_level = "grunnkrets"
geography = "2023"
municipality = { level = "kommune", code = "9901" }

[[areas]]
id = "omrader"
file = "omrader.csv"
level_column = "niva"
levels = { kommune = "kommune", grunnkrets = "grunnkrets" }
code = "kode"
name = "navn"
geography = "2023"
parents = [{ level = "kommune", column = "kommune" }]
shapeless = true
note = { nb = "Uten kart", nn = "Utan kart", en = "Without a map" }
read = { delimiter = ";" }

[[source]]
id = "befolkning"
file = "befolkning.csv"
producer = "Prøvekommune"
title = "Befolkning"
geography = "2023"
read = { delimiter = ";" }
period = { column = "aar" }
area = [{ level = "grunnkrets", column = "krets" }]
measure = [{ id = "personer", column = "personer" }]

[[source]]
id = "folketall"
file = "folketall.csv"
producer = "Prøvekommune"
title = "Folketall etter alder"
geography = "2023"
read = { delimiter = ";" }
period = { column = "period" }
area = [{ level = "grunnkrets", column = "area" }]
measure = [{ id = "personer", column = "value" }]
dimensions = ["alder", "kjonn"]

[[source]]
id = "hendelser"
file = "hendelser.csv"
producer = "Prøvekommune"
title = "Hendelser"
geography = "2023"
read = { delimiter = ";" }
period = { column = "period" }
area = [
  { level = "kommune", column = "area", when = [{ column = "level", equals = "kommune" }] },
  { level = "grunnkrets", column = "area", when = [{ column = "level", equals = "grunnkrets" }] },
]
measure_column = "measure"
measure = [
  { id = "fodte", code = "fodte", column = "value" },
  { id = "dode", code = "dode", column = "value" },
  { id = "utflyttet", code = "utflyttet", column = "value" },
  { id = "innflyttet", code = "innflyttet", column = "value" },
]
dimensions = ["alder", "kjonn"]

[[indicator]]
id = "population"
source = "befolkning"
value = { measure = "personer" }

[[disclosure]]
owner = "Prøvekommune"
sources = ["befolkning"]
"""
PROJECTION = """
[[projection]]
id = "framskriving"
level = "grunnkrets"
years = 6
population = { source = "folketall", measure = "personer" }
events = { source = "hendelser", births = "fodte", deaths = "dode", moved_out = "utflyttet", moved_in = "innflyttet", own = ["births"] }
bounds = { draws = 10 }
backtest = { since = 2020, sizes = [0] }
release = { bands = [0, 20, 67], smallest = 300 }
service = [{ id = "kindergarten", ages = [1, 5], coverage = 0.9, source = "Valgt", status = "example" }]
cost = { prices = 2023, valid_from = 2023-01-01, source = "Valgt", status = "example", rates = [{ ages = [67, 105], kroner = 100000 }] }
[[projection.scenario]]
id = "main"
[[projection.scenario]]
id = "high"
births = 1.2
"""


def write_projected(folder: Path, projection: str = PROJECTION, more: str = "") -> Path:
    """Write the workspace, not built yet. The smallest area has fewer than 300 inhabitants."""
    folder.mkdir(parents=True, exist_ok=True)
    delivered = made.delivered(per_age=3.2)
    codes = list(delivered.links["code"])
    rows = [("kommune", code, name, "") for code, name in (("9901", "Nordby"), ("9902", "Sørby"))]
    rows += [("grunnkrets", code, f"Krets {code[-1]} i {code[:4]}", code[:4]) for code in codes]
    areas = pl.DataFrame(rows, schema=["niva", "kode", "navn", "kommune"], orient="row")
    areas.write_csv(folder / "omrader.csv", separator=";")
    people = delivered.cells["folketall"]
    sums = (
        people.group_by("area", "period")
        .agg(pl.col("value").sum().cast(pl.Int64))
        .sort("area", "period")
    )
    sums.rename({"area": "krets", "period": "aar", "value": "personer"}).write_csv(
        folder / "befolkning.csv", separator=";"
    )
    for name, table in delivered.cells.items():
        whole = table.with_columns(pl.col("value").cast(pl.Int64)).drop("row", "status", "mark")
        whole.write_csv(folder / f"{name}.csv", separator=";")
    (folder / "nabolag.toml").write_text(CONFIG + projection + more, encoding="utf-8")
    return folder
