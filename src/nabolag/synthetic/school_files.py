"""Delivered lists of schools and their catchments, as a municipality's school office has them."""

from __future__ import annotations

import polars as pl

from nabolag.synthetic.areas import Ints
from nabolag.synthetic.ground import Ground
from nabolag.synthetic.services.schools import Schools, build_schools, school_names


def schools_of_ground(ground: Ground) -> Schools:
    """Return the same schools as those that the registers of the municipality are about."""
    return build_schools(ground, ground.spec.stream("services"))


def school_list(ground: Ground, schools: Schools) -> pl.DataFrame:
    """Return every school with its grades and where it lies."""
    grades = zip(schools.first.tolist(), schools.last.tolist(), strict=True)
    return pl.DataFrame(
        {
            "Skolenummer": [str(code) for code in schools.ids],
            "Skole": school_names(ground, schools),
            "Trinn": [f"{first}–{last}" for first, last in grades],
            "Eier": ["Privat" if own else "Kommunen" for own in schools.private],
            "Lengdegrad": [f"{lon:.6f}" for lon in schools.point[:, 0]],
            "Breddegrad": [f"{lat:.6f}" for lat in schools.point[:, 1]],
        }
    )


def catchment_tables(ground: Ground, schools: Schools) -> dict[str, pl.DataFrame]:
    """Return which school each area belongs to, by the name of the file for the grades.

    Pupils go to the nearest school of their grade; a private school has no catchment.
    """
    served = {"skolekretser_1_7.csv": schools.primary, "skolekretser_8_10.csv": schools.lower}
    return {name: _catchments(ground, schools, school) for name, school in served.items()}


def _catchments(ground: Ground, schools: Schools, served: Ints) -> pl.DataFrame:
    names = school_names(ground, schools)
    rows = [
        (str(schools.ids[school]), names[school], code, area)
        for code, area, school in zip(ground.areas.codes, ground.areas.names, served, strict=True)
    ]
    heading = ("Skolenummer", "Skole", "Grunnkrets", "Grunnkretsnavn")
    return pl.DataFrame(rows, schema=dict.fromkeys(heading, pl.String), orient="row")
