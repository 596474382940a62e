"""The figures as producers would deliver them: old codes, marks, totals, blanks and all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from nabolag.synthetic.records import Ground, Retired
from nabolag.synthetic.spec import MunicipalitySpec

#: A producer's mark for a count that is too small to be given, and for one that cannot exist.
HIDDEN, IMPOSSIBLE = ":", "."
#: The producer of incomes hides counts of one and two persons.
_HIDES_BELOW = 3
_SURVEY_SHARE = 0.09


@dataclass(frozen=True)
class Delivered:
    """All figures for the deliveries. `counts` and `types` are by grunnkrets as delivered."""

    counts: pl.DataFrame
    types: pl.DataFrame
    survey: pl.DataFrame


def under_old_code(
    frames: Mapping[str, pl.DataFrame], retired: Retired, code: str, year: int
) -> dict[str, pl.DataFrame]:
    """Return records with a third of one area's households under its retired code.

    After the last year of that code nothing is changed.
    """
    if year > retired.last_year:
        return dict(frames)
    moves = (pl.col("grunnkrets") == code) & (pl.col("household_id") % 3 == 0)
    old = pl.when(moves).then(pl.lit(retired.code)).otherwise(pl.col("grunnkrets"))
    changed = {name: frames[name].with_columns(grunnkrets=old) for name in ("person", "household")}
    return {**frames, **changed}


def draw_survey(ground: Ground, counts: pl.DataFrame) -> pl.DataFrame:
    """Draw a survey of perceived safety: who answered and how many feel safe, by area.

    Every fourth year from the second; in the borders of the last year. Answers are drawn with
    the planted share of the area, so small areas are uncertain, as they are.
    """
    spec, rng = ground.spec, ground.spec.stream("survey")
    parts = []
    for year in spec.all_years[1::4]:
        persons = _adults(ground, counts, year)
        answers = rng.binomial(persons, _SURVEY_SHARE)
        safe = rng.binomial(answers, ground.truth.settings.safe)
        parts.append(
            pl.DataFrame(
                {
                    "grunnkrets": list(ground.areas.codes),
                    "year": np.full(len(persons), year),
                    "answers": answers,
                    "safe": safe,
                }
            )
        )
    return pl.concat(parts)


def _adults(ground: Ground, counts: pl.DataFrame, year: int) -> np.ndarray:
    """Return the number of adults of each area, what had the retired code included."""
    into = ground.areas.codes[ground.retired.into]
    code = pl.col("grunnkrets").replace({ground.retired.code: into})
    adults = (
        counts.filter(pl.col("year") == year)
        .group_by(code)
        .agg((pl.col("persons") - pl.col("aged_0_17")).sum().alias("adults"))
    )
    every = pl.DataFrame({"grunnkrets": list(ground.areas.codes)})
    joined = every.join(adults, on="grunnkrets", how="left", maintain_order="left")
    return joined["adults"].fill_null(0).to_numpy()


def with_access(ground: Ground, counts: pl.DataFrame) -> pl.DataFrame:
    """Add how many residents have safe access to a recreation area: a matter of the place."""
    codes = [*ground.areas.codes, ground.retired.code]
    green = ground.truth.settings.green
    share = pl.DataFrame({"grunnkrets": codes, "share": [*green, green[ground.retired.into]]})
    access = (pl.col("persons") * pl.col("share")).round().cast(pl.Int64)
    return counts.join(share, on="grunnkrets", how="left").with_columns(access=access)


def places(ground: Ground) -> pl.DataFrame:
    """Return every grunnkrets with name, district and years of use, the retired one too."""
    areas, retired = ground.areas, ground.retired
    bydel = [areas.bydel_codes[b] for b in areas.bydel]
    names = [areas.bydel_names[b] for b in areas.bydel]
    return pl.DataFrame(
        {
            "grunnkrets": [*areas.codes, retired.code],
            "name": [*areas.names, retired.name],
            "bydel": [*bydel, bydel[retired.into]],
            "bydel_name": [*names, names[retired.into]],
            "last_year": ["" for _ in areas.codes] + [str(retired.last_year)],
        }
    ).sort("grunnkrets")


def hide_small(numerator: str) -> pl.Expr:
    """Write a count as text, with the mark of a hidden figure for one and two."""
    count = pl.col(numerator)
    small = (count > 0) & (count < _HIDES_BELOW)
    return pl.when(small).then(pl.lit(HIDDEN)).otherwise(count.cast(pl.String))


def missing_area_year(ground: Ground) -> tuple[str, int]:
    """Return the area and year that the producer of incomes never delivered: an island."""
    spec: MunicipalitySpec = ground.spec
    return ground.areas.codes[int(ground.areas.zone.argmax())], spec.all_years[-4]
