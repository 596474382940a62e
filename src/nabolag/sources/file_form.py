"""How a delivered file is written: its format, its header, its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, field_validator, model_validator

from nabolag.sources.given import Texts
from nabolag.store import Section

Format = Literal["csv", "excel", "jsonstat", "px", "parquet", "json", "geojson"]
_FORMATS: Mapping[str, Format] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".xlsx": "excel",
    ".xls": "excel",
    ".xlsm": "excel",
    ".ods": "excel",
    ".px": "px",
    ".parquet": "parquet",
    ".json": "json",
    ".geojson": "geojson",
}


class ReadOptions(Section):
    """How the file is written.

    `header_row` is the row number of the first header row as a spreadsheet shows it; rows
    above it are titles. `header_rows` says how many rows the header takes; their texts are
    joined with `header_join`, after blank cells have taken the text to their left where
    `header_fill` is true. `ends_at` is the beginning of the first cell below the table;
    `footer_rows` counts rows below it. `short_rows = "fill"` takes rows with fewer fields
    than the header as ending in blanks. `columns` names the columns instead of the header.
    `rename` gives columns that are called differently in some files of a source one name.
    `path` leads to records in JSON.
    """

    encoding: str = "utf-8"
    delimiter: str = ";"
    quote: str = '"'
    decimal: Literal[".", ","] = "."
    thousands: Literal["", " ", ".", ",", "'"] = ""
    header_row: int = Field(default=1, ge=1)
    header_rows: int = Field(default=1, ge=1)
    header_join: str = " | "
    header_fill: bool = False
    columns: Texts = ()
    rename: dict[str, str] = Field(default_factory=dict)
    footer_rows: int = Field(default=0, ge=0)
    ends_at: str = ""
    short_rows: Literal["refuse", "fill"] = "refuse"
    sheet: str | int = 1
    language: str = ""
    dataset: str = ""
    path: Texts = ()

    @field_validator("delimiter", "quote")
    @classmethod
    def _one_character(cls, given: str) -> str:
        if len(given) != 1:
            raise ValueError("one character is expected")
        return given

    @model_validator(mode="after")
    def _marks_differ(self) -> ReadOptions:
        if self.decimal == self.thousands:
            raise ValueError("decimal and thousands cannot be the same character")
        return self


def format_of(name: str, declared: Format | None) -> Format | None:
    """Return the declared format, else the one that the file's suffix tells, else `None`."""
    if declared:
        return declared
    suffix = "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""
    return _FORMATS.get(suffix)
