"""The figures of an area that a reader put together, as files."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import polars as pl

from nabolag.core import Lang, Level, error, label
from nabolag.publish.exports.delimited import frame_csv
from nabolag.publish.exports.notes import colophon
from nabolag.publish.exports.selection import Selection, select
from nabolag.publish.exports.spreadsheet import book_bytes
from nabolag.publish.exports.table import long_table
from nabolag.publish.own_area import OwnArea, OwnRelease, with_own_area
from nabolag.publish.own_area.reasons import own_words
from nabolag.store import Release

OWN_FORMS: Final = ("csv", "csv-international", "xlsx")


def own_area_bytes(release: Release, own: OwnArea, form: str, lang: Lang) -> bytes:
    """Return every figure of the chosen areas together, in one of `OWN_FORMS`.

    Columns are those of any export; `level` is `custom`, `area` the chosen codes joined by `+`,
    and `note` says of which level they are, and why a sum is not told. Raises `UserError` for
    another form.
    """
    if form not in OWN_FORMS:
        raise error("web_form_unknown", given=form, known=", ".join(OWN_FORMS))
    made = with_own_area(release, own)
    rows = select(made, Selection(level=Level.CUSTOM.value, areas=(own.code,)))
    made_of = file_note(made, lang)
    table = _noted(long_table(made, rows, lang), made_of, lang)
    if form != "xlsx":
        return frame_csv(table, "no" if form == "csv" else "international")
    notes = colophon(made, rows, lang)
    return book_bytes(made, table, replace(notes, cautions=(made_of, *notes.cautions)))


def file_note(made: OwnRelease, lang: Lang) -> str:
    """Say which areas the figures are sums of, and which released area is the same."""
    own = made.own
    level = Level(own.level).plural.in_(lang)
    said = [label("own.file_note", lang, level=level, codes=", ".join(own.codes))]
    for place in made.same[:1]:
        known = made.whole.areas.filter(
            (pl.col("level") == place[0]) & (pl.col("code") == place[1])
        )
        name = f"{Level(place[0]).label.in_(lang)} {place[1]} {known['name'][0] or ''}".strip()
        said.append(label("own.file_same", lang, name=name))
    return " ".join(said)


def _noted(table: pl.DataFrame, made_of: str, lang: Lang) -> pl.DataFrame:
    """Put the reason in words, what the figure is a sum of, and the release's caution in `note`."""
    words = {reason: own_words(reason or "", lang) for reason in table["reason"].unique()}
    told = [
        " ".join(part for part in (f"{words[reason]}." if words[reason] else "", made_of, note)
                 if part)
        for reason, note in table.select("reason", "note").iter_rows()
    ]  # fmt: skip
    return table.with_columns(pl.Series("note", told, dtype=pl.String))
