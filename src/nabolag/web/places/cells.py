"""The cells of any table as a page shows them: what they say, are sorted by and lead to."""

from __future__ import annotations

from typing import Any

from nabolag.core import Lang
from nabolag.publish.views.analyses import Cell, TableView
from nabolag.web.places import links


def table_rows(table: TableView, lang: Lang) -> list[dict[str, Any]]:
    """Return what the template `parts/table.html` needs of each row."""
    words = [not column.numeric for column in table.columns]
    return [
        {
            "code": row[0].area[1] if row[0].area else "",
            "cells": [
                _cell(cell, is_words, lang) for cell, is_words in zip(row, words, strict=True)
            ],
        }
        for row in table.rows
    ]


def _cell(cell: Cell, is_words: bool, lang: Lang) -> dict[str, Any]:
    href = ""
    if cell.area is not None:
        href = links.area_href(lang, *cell.area)
    elif cell.indicator:
        href = links.indicator_href(lang, cell.indicator)
    sort = "" if cell.sort is None else cell.sort if isinstance(cell.sort, str) else repr(cell.sort)
    return {"text": cell.text, "sort": sort, "href": href, "words": is_words}
