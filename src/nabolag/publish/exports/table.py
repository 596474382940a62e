"""The long table that CSV and XLSX write: one row an observation, with its words beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from nabolag.core import Lang, Status, label, source_ids
from nabolag.disclosure import rounded_words
from nabolag.publish.exports.notes import source_words, totals_beside_hidden, unit_words
from nabolag.store import Release

#: Columns of the long table: stable names, the same in every language. `value`, bounds and
#: shares are in the unit of `unit` (a share is a fraction of 1); `status` is words,
#: `status_code` is `core.Status`; `source_code` and `release` lead back to where it comes from.
COLUMNS: Final = (
    "level", "area", "name", "indicator", "indicator_label", "period", "group",
    "value", "numerator", "denominator", "lower", "upper", "unit",
    "status", "status_code", "reason", "source", "source_code", "geography", "release", "note",
)  # fmt: skip


def long_table(release: Release, rows: pl.DataFrame, lang: Lang) -> pl.DataFrame:
    """Return the observations with names and words, in `COLUMNS`, one row each, order kept."""
    labels = {iid: i.label.in_(lang) for iid, i in release.indicators.items()}
    units = {iid: unit_words(i.unit, lang) for iid, i in release.indicators.items()}
    sources = {text: _sources(release, text, lang) for text in rows["source"].unique()}
    statuses = {status.value: status.label.in_(lang) for status in Status}
    worded = with_names(rows, release.areas).with_columns(
        _words("indicator", labels).alias("indicator_label"),
        _words("indicator", units).alias("unit"),
        pl.col("status").alias("status_code"),
        _words("status", statuses).alias("status"),
        pl.col("source").alias("source_code"),
        _words("source", sources).alias("source"),
        pl.lit(release.id).alias("release"),
    )
    return _with_note(worded, release, lang).select(COLUMNS)


def _sources(release: Release, source: str | None, lang: Lang) -> str:
    """Return the words for the sources of a figure; a code without words stands as it is."""
    known = release.sources
    told = (source_words(known[one], lang) if one in known else one for one in source_ids(source))
    return "; ".join(told)


def with_names(rows: pl.DataFrame, areas: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with `name`: that of the area in the row's own borders, else the latest.

    An area that the register does not know keeps an empty name; no row is lost.
    """
    known = areas.sort("geography", "valid_from", nulls_last=False)
    dated = known.select("level", pl.col("code").alias("area"), "geography", "name").unique(
        ["level", "area", "geography"], keep="last"
    )
    latest = known.select(
        "level", pl.col("code").alias("area"), pl.col("name").alias("_latest")
    ).unique(["level", "area"], keep="last")
    named = rows.join(
        dated, on=["level", "area", "geography"], how="left", maintain_order="left"
    ).join(latest, on=["level", "area"], how="left", maintain_order="left")
    return named.with_columns(pl.coalesce("name", "_latest").fill_null("").alias("name")).drop(
        "_latest"
    )


def _with_note(rows: pl.DataFrame, release: Release, lang: Lang) -> pl.DataFrame:
    """Add `note`: where a figure is rounded, or one of its indicator and period is hidden.

    The rows that are shown beside a hidden one carry the caution as well, since it is they
    that a subtraction starts from.
    """
    cautious = _with_caution(rows, release, lang)
    said = {text: _rounding(text, lang) for text in rows["reason"].drop_nulls().unique()}
    words = {text: told for text, told in said.items() if told}
    rounding = pl.col("reason").replace_strict(words, default="", return_dtype=pl.String)
    shown = pl.col("value").is_not_null()
    both = pl.concat_str("note", pl.when(shown).then(rounding).otherwise(pl.lit("")), separator=" ")
    return cautious.with_columns(both.str.strip_chars().alias("note")) if words else cautious


def _rounding(reason: str, lang: Lang) -> str:
    return rounded_words(reason, Status.VALUE, lang)


def _with_caution(rows: pl.DataFrame, release: Release, lang: Lang) -> pl.DataFrame:
    if not totals_beside_hidden(release):
        return rows.with_columns(pl.lit("").alias("note"))
    hidden = (
        release.observations.filter(pl.col("status").str.starts_with("suppressed"))
        .select("indicator", "period")
        .unique()
        .with_columns(pl.lit(label("publish.note.totals", lang)).alias("note"))
    )
    joined = rows.join(hidden, on=["indicator", "period"], how="left", maintain_order="left")
    return joined.with_columns(pl.col("note").fill_null(""))


def _words(column: str, words: Mapping[str, str]) -> pl.Expr:
    """Return the words for a column's codes; a code without words stands as it is."""
    return pl.col(column).replace(dict(words))
