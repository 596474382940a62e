"""Which area a person means by a code, `level:code` or name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nabolag.core import Level, error

if TYPE_CHECKING:
    import polars as pl

    from nabolag.store import Release


def find_area(release: Release, given: str) -> tuple[Level, str]:
    """Return level and code of the area with a code, a `level:code` or a whole name.

    Raises `UserError` with the nearest areas where there is none, and with the choices where
    there are several: the same digits may be codes of different levels.
    """
    import polars as pl  # noqa: PLC0415

    areas = release.areas.with_columns(
        pl.concat_str("level", pl.lit(":"), "code").alias("key"),
        pl.col("name").str.to_lowercase().alias("lower"),
    )
    hits = areas.filter(
        (pl.col("key") == given) | (pl.col("code") == given) | (pl.col("lower") == given.lower())
    ).unique("key", maintain_order=True)
    if hits.height == 1:
        return Level(hits["level"][0]), hits["code"][0]
    if hits.height > 1:
        keys = hits["key"].to_list()
        raise error("ambiguous_area_code", given=given, known=", ".join(keys), example=keys[0])
    raise error("unknown_area_code", given=given, near=_nearest(areas, given))


def _nearest(areas: pl.DataFrame, given: str) -> str:
    """Return up to three areas that look like what was given, as `code (name)`."""
    from nabolag.publish.views.asked import nearest  # noqa: PLC0415

    named = {f"{code} ({name})": code for code, name in areas.select("code", "name").iter_rows()}
    return ", ".join(nearest(given, named)) or "–"
