"""The list of areas of a synthetic country: every level, and what each area lies in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from nabolag.synthetic.names import county_names

AREAS = "areas.csv"
LAND, LAND_NAME = "0", "Det syntetiske landet"
_HEADING = ("Nivå", "Kode", "Navn", "Bydel", "Kommune", "Fylke", "Land")
#: Counties below this are Norway's own, and are given no invented name.
_INVENTED_FROM = 90


def write_areas(folder: Path, told: Sequence[dict[str, Any]]) -> int:
    """Write `areas.csv` and return the number of grunnkretser.

    `told` describes each municipality: code, name, and its areas. Columns: level, code, name,
    then the codes of the bydel (blank where there are none), kommune, fylke and land it is in.
    """
    rows: list[tuple[str, ...]] = [("land", LAND, LAND_NAME, "", "", "", "")]
    for code, name in counties(told).items():
        rows.append(("fylke", code, name, "", "", "", LAND))
    below: list[tuple[str, ...]] = []
    for one in told:
        kommune, fylke = one["code"], one["code"][:2]
        rows.append(("kommune", kommune, one["name"], "", "", fylke, LAND))
        areas = one["areas"]
        below += [("bydel", c, n, "", kommune, fylke, LAND) for c, n in areas["bydeler"].items()]
        below += [
            ("grunnkrets", code, name, bydel, kommune, fylke, LAND)
            for code, name, bydel in zip(
                areas["codes"], areas["names"], areas["bydel"], strict=True
            )
        ]
    frame = pl.DataFrame(
        [*rows, *below], schema=dict.fromkeys(_HEADING, pl.String), orient="row"
    ).with_columns(pl.col("Bydel").replace("", None))
    (folder / AREAS).write_bytes(frame.write_csv(separator=";").encode())
    return sum(len(one["areas"]["codes"]) for one in told)


def counties(told: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Return every county's name by code."""
    codes = sorted({one["code"][:2] for one in told})
    invented = [code for code in codes if int(code) >= _INVENTED_FROM]
    names = dict(zip(reversed(invented), county_names(len(invented)), strict=True))
    return {code: names.get(code, f"Fylke {code}") for code in codes}
