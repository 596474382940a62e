"""Any table as a file: the forms that the tables of analyses leave in."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from nabolag.core import Lang, error, label
from nabolag.publish.exports.custom_toml import custom_area_toml
from nabolag.publish.exports.delimited import frame_csv
from nabolag.publish.exports.table import with_names
from nabolag.store import Analysed, Release


@dataclass(frozen=True, slots=True)
class FrameForm:
    """A form of file: its media type and the ending of its name."""

    media_type: str
    suffix: str


FRAME_FORMS: Final[Mapping[str, FrameForm]] = {
    "csv": FrameForm("text/csv; charset=utf-8", ".csv"),
    "csv-international": FrameForm("text/csv; charset=utf-8", ".csv"),
    "xlsx": FrameForm("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    "json": FrameForm("application/json; charset=utf-8", ".json"),
}


#: Proposed areas as `[[custom_area]]`, to be edited and pasted by a person.
_AREAS_AS_TOML: Final = {"toml": FrameForm("application/toml; charset=utf-8", ".toml")}


def forms_of(kind: str, table: str) -> Mapping[str, FrameForm]:
    """Return the forms that a table of a kind of analysis leaves in."""
    proposed = (kind, table) == ("regions", "members")
    return {**FRAME_FORMS, **(_AREAS_AS_TOML if proposed else {})}


def analysis_table(release: Release, analysis: str, table: str) -> tuple[Analysed, pl.DataFrame]:
    """Return a table of an analysis, areas with their names. Raises `UserError` for another."""
    known = release.analyses
    if analysis not in known:
        raise error("analysis_unknown", given=analysis, known=", ".join(known) or "–")
    analysed = known[analysis]
    return analysed, reckoned_table(release, analysed, table)


def reckoned_table(release: Release, analysed: Analysed, table: str) -> pl.DataFrame:
    """Return a table of what was reckoned, areas with their names. Raises `UserError`."""
    if table not in analysed.tables:
        raise error("analysis_table_unknown", given=table, known=", ".join(analysed.tables))
    return _named(analysed.table(table), release)


def analysis_bytes(release: Release, analysis: str, table: str, form: str, lang: Lang) -> bytes:
    """Return a table of an analysis as a file, in one of its forms (`forms_of`).

    Columns have the same names in every language and hold codes and numbers; a number that is not
    known is an empty cell. The rule and its parameters are in the workbook and in the JSON.
    """
    analysed, frame = analysis_table(release, analysis, table)
    forms = forms_of(analysed.kind, table)
    if form not in forms:
        raise error("web_form_unknown", given=form, known=", ".join(forms))
    if form == "toml":
        return _toml(release, analysed, frame, lang)
    if form == "json":
        return _json(release, analysed, frame, lang)
    return frame_bytes(frame, _facts(release, analysed, lang), form, lang)


def frame_bytes(frame: pl.DataFrame, facts: Mapping[str, str], form: str, lang: Lang) -> bytes:
    """Return any table in one of `FRAME_FORMS`; `facts` (heading, words) say what it is."""
    if form == "xlsx":
        return frame_xlsx(frame, facts, lang)
    if form == "json":
        document = {**facts, "rows": frame.to_dicts()}
        return json.dumps(document, ensure_ascii=False, allow_nan=False, default=str).encode()
    return frame_csv(frame, "no" if form == "csv" else "international")


def _named(frame: pl.DataFrame, release: Release) -> pl.DataFrame:
    if not {"level", "area"} <= set(frame.columns) or "name" in frame.columns:
        return frame
    first = ["level", "area", "name"]
    dated = "geography" in frame.columns
    rows = frame if dated else frame.with_columns(pl.lit("").alias("geography"))
    named = with_names(rows, release.areas)
    return named.select(*first, pl.exclude(*first, *(() if dated else ("geography",))))


def _facts(release: Release, analysed: Analysed, lang: Lang) -> dict[str, str]:
    return {
        label("analysis.rule", lang): analysed.text[lang],
        label("analysis.file.parameters", lang): json.dumps(analysed.spec, ensure_ascii=False),
        label("analysis.file.release", lang): release.id,
    }


def _toml(release: Release, analysed: Analysed, frame: pl.DataFrame, lang: Lang) -> bytes:
    """Return proposed areas as `[[custom_area]]`."""
    told = label("regions.toml", lang, id=analysed.id, release=release.id)
    least = label("regions.toml_least", lang, least=analysed.spec["minimum"])
    parts = [f"# {told}\n# {least}"]
    for (region,), own in frame.group_by("region", maintain_order=True):
        largest = own.sort("residents", descending=True, nulls_last=True)["name"][0]
        name = label("regions.region_named", lang, name=largest) if own.height > 1 else largest
        fields = {
            "code": f"{analysed.id}-{region}",
            "name": name,
            "level": own["level"][0],
            "members": own["area"].to_list(),
        }
        parts.append(custom_area_toml(fields))
    return ("\n\n".join(parts) + "\n").encode()


def _json(release: Release, analysed: Analysed, frame: pl.DataFrame, lang: Lang) -> bytes:
    document = {
        "analysis": analysed.id,
        "kind": analysed.kind,
        "rule": analysed.text[lang],
        "parameters": analysed.spec,
        "release": release.id,
        "rows": frame.to_dicts(),
    }
    return json.dumps(document, ensure_ascii=False, allow_nan=False, default=str).encode()


def frame_xlsx(frame: pl.DataFrame, facts: Mapping[str, str], lang: Lang) -> bytes:
    """Return any table as a workbook: the table, and a sheet of what it is (heading, words)."""
    import xlsxwriter  # noqa: PLC0415

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    heading = book.add_format({"bold": True, "bottom": 1})
    sheet = book.add_worksheet(label("analysis.file.sheet", lang))
    sheet.write_row(0, 0, frame.columns, heading)
    for place, name in enumerate(frame.columns):
        sheet.write_column(1, place, frame[name].to_list())
    sheet.freeze_panes(1, 0)
    about = book.add_worksheet(label("analysis.file.about", lang))
    for row, (what, words) in enumerate(facts.items()):
        about.write_row(row, 0, [what, words])
    book.close()
    return buffer.getvalue()
