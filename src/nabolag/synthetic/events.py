"""What happened during a year, read from the two Januaries around it."""

from __future__ import annotations

import numpy as np
import polars as pl

from nabolag.synthetic.areas import Areas, Ints
from nabolag.synthetic.state import Town

_COLUMNS = ("year", "person_id", "event", "birth_year", "from_grunnkrets", "to_grunnkrets")
#: Nobody moves to or from elsewhere in the country.
NOBODY: tuple[Ints, Ints, Ints] = (
    np.zeros(0, np.int64),
    np.zeros(0, np.int64),
    np.zeros(0, np.int64),
)


def event_frame(
    before: Town,
    after: Town,
    dead: Ints,
    year: int,
    areas: Areas,
    moved: tuple[Ints, Ints, Ints] = NOBODY,
) -> pl.DataFrame:
    """Return what happened during a year, one row a person.

    Who was here and is not has died (`dead`) or left; who is here and was not was born during
    the year or has come; who is here in another grunnkrets has moved. `moved` tells of moves
    within the country: numbers of those who came and the grunnkrets each left, and numbers of
    those who went, of whom the municipality that they went to tells.
    """
    came, origin, went = moved
    both = _januaries(before, after, areas)
    if len(went):
        gone_elsewhere = pl.DataFrame({"person_id": went})
        both = both.join(gone_elsewhere, on="person_id", how="anti")
    if len(came):
        known = pl.DataFrame({"person_id": came, "origin": origin})
        known = known.with_columns(pl.col("origin").cast(pl.String).str.zfill(8))
        both = both.join(known, on="person_id", how="left")
        both = both.with_columns(pl.coalesce("from_grunnkrets", "origin").alias("from_grunnkrets"))
    died = pl.DataFrame({"person_id": dead, "died": np.ones(len(dead), dtype=bool)})
    return (
        both.join(died, on="person_id", how="left")
        .with_columns(event=_event(year), year=pl.lit(year, dtype=pl.Int16))
        .drop_nulls("event")
        .with_columns(birth_year=pl.coalesce("birth_year", "born"))
        .select(_COLUMNS)
    )


def _januaries(before: Town, after: Town, areas: Areas) -> pl.DataFrame:
    """Put where each person lived on the two days side by side."""
    codes = pl.Series(list(areas.codes), dtype=pl.String)
    was = pl.DataFrame(
        {
            "person_id": before.people.pid,
            "birth_year": before.people.birth,
            "from_grunnkrets": codes.gather(before.person_area()),
        }
    )
    now = pl.DataFrame(
        {
            "person_id": after.people.pid,
            "born": after.people.birth,
            "to_grunnkrets": codes.gather(after.person_area()),
        }
    )
    return was.join(now, on="person_id", how="full", coalesce=True)


def _event(year: int) -> pl.Expr:
    gone, new = pl.col("to_grunnkrets").is_null(), pl.col("from_grunnkrets").is_null()
    return (
        pl.when(gone & pl.col("died"))
        .then(pl.lit("death"))
        .when(gone)
        .then(pl.lit("out_migration"))
        .when(new & (pl.col("born") == year))
        .then(pl.lit("birth"))
        .when(new)
        .then(pl.lit("in_migration"))
        .when(pl.col("from_grunnkrets") != pl.col("to_grunnkrets"))
        .then(pl.lit("internal_move"))
    )
