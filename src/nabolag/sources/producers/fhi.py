"""FHI Statistikk Open API: the public health institute's tables as JSON-stat.

`table` is `<source>/<table>`, as in «nokkel/187». Every dimension is always asked for by its
codes (filter `item`): `top` means the first categories here, which for years are the oldest,
the opposite of Statistics Norway. `options.rows` is the most rows an answer may hold; FHI sets
no limit of its own and refuses more than the `maxRowCount` a question states.

Codes: `GEO` has 1 digit for the country (0), 2 for a county, 4 for a municipality, 6 for a
bydel; `AAR` is «2020_2020» for a year and «2018_2020» for three years together. `read` adds the
columns `GEO.level` and `AAR.period` that say so.

Source of the forms: FHI's own guide (README) with examples of a question and an answer, its
client models in C#, Kotlin and TypeScript (sources, tables, dimensions, flags, metadata), and
its Postman collection. Only the answer of the guide has been read here.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import polars as pl

from nabolag.core import Level, Place, UserError, error
from nabolag.sources.file_form import ReadOptions
from nabolag.sources.grid import ROW, RawTable
from nabolag.sources.jsonstat import table_in
from nabolag.sources.producers.choosing import chosen
from nabolag.sources.producers.documents import (
    Record,
    address,
    changed,
    json_of,
    member,
    rows_of,
    with_fields,
)
from nabolag.sources.producers.listing import with_words
from nabolag.sources.producers.planning import split
from nabolag.sources.producers.protocol import (
    Answer,
    Ask,
    Code,
    Dimension,
    Query,
    Request,
    Role,
    TableDescription,
    TableInfo,
)

#: The most rows an answer may hold where the query sets no other; the guide's own example.
MOST_ROWS: Final = 50_000
GEO, AAR = "GEO", "AAR"
_LEVELS: Final[Mapping[int, Level]] = {
    1: Level.LAND,
    2: Level.FYLKE,
    4: Level.KOMMUNE,
    6: Level.BYDEL,
}
_ROLES: Mapping[str, Role] = {GEO: "geo", AAR: "time", "MEASURE_TYPE": "metric"}
_SPAN = re.compile(r"(\d{4})_(\d{4})")
_OPTIONS = ("rows",)
_TAG = re.compile(r"<[^>]+>")
_SPACES = re.compile(r"\s+")


class Fhi:
    """The service behind one address."""

    def __init__(self, name: str, ask: Ask, address_: str) -> None:
        """Ask with `ask` at an address such as `https://statistikk-data.fhi.no/api/open/v1`."""
        self.name, self._ask, self._address = name, ask, address_

    def list(self, words: str) -> tuple[TableInfo, ...]:
        """Return the tables of every source whose title, number or source has the words."""
        sources = rows_of(self._about("sources", "Common", "source"), "", ("id", "title"))
        return with_words((info for source in sources for info in self._tables(source)), words)

    def describe(
        self, table: str, lists: Sequence[str] = (), language: str = ""
    ) -> TableDescription:
        """Return a table: dimensions with all categories, what its flags mean, its sections.

        Raises `UserError` where `table` is not of the form, and naming near tables where the
        source has no such table.
        """
        source, number = self._known(table)
        told = json_of(self._about("table", source, "table", number))
        dimensions = self._about("dimension", source, "table", number, "dimension")
        flags = self._about("flag", source, "table", number, "flag")
        sections = self._about("metadata", source, "table", number, "metadata")
        return TableDescription(
            table=table,
            label=str(told.get("title", "")),
            dimensions=tuple(_dimension(dimensions, one) for one in _listed(dimensions)),
            updated=str(told.get("modifiedAt", "")),
            source="Folkehelseinstituttet",
            url=address(self._address, source, "table", number),
            notes=(*_flag_notes(flags), *_section_notes(sections)),
            max_cells=MOST_ROWS,
        )

    def requests(self, query: Query, description: TableDescription) -> tuple[Request, ...]:
        """Return as few questions as the most rows an answer may hold allows."""
        most = _most_rows(query)
        parts = split(chosen(query, description), most)
        source, number = description.table.split("/")
        url = address(self._address, source, "table", number, "data")
        return tuple(
            Request(
                f"part-{at:04d}",
                url,
                "POST",
                _body(part, most),
                format="jsonstat",
                cells=_cells(part),
            )
            for at, part in enumerate(parts, start=1)
        )

    def check(self, answer: Answer) -> None:
        """Refuse an answer that is no cube, or has other categories than were asked for."""
        if answer.request.purpose != "data":
            return
        try:
            table_in(json_of(answer), ReadOptions(), answer.request.name)
        except UserError as wrong:
            raise changed(answer, f"JSON-stat: {wrong.findings[0].params['reason']}") from wrong
        dimensions = member(answer, "dimension", dict)
        for asked in json.loads(answer.request.body)["dimensions"]:
            got = _categories(answer, dimensions, asked["code"])
            if set(got) - set(asked["values"]):
                raise changed(answer, asked["code"], ", ".join(sorted(set(got))[:8]))

    def stamp(self, answer: Answer) -> str:
        """Return nothing: figures state when they were published, tables when they changed."""
        return ""

    def read(self, answers: Sequence[Answer]) -> RawTable:
        """Return the cubes as one long table, with `GEO.level` and `AAR.period` beside."""
        tables = [table_in(json_of(a), ReadOptions(), a.request.name) for a in answers]
        first = tables[0]
        for table, answer in zip(tables, answers, strict=True):
            if table.columns != first.columns:
                raise changed(answer, ", ".join(first.columns), ", ".join(table.columns))
        whole = pl.concat([table.frame for table in tables]).drop(ROW).with_row_index(ROW, 1)
        whole = whole.with_columns(pl.col(ROW).cast(pl.Int64))
        added = [column for column in (_level(whole), _period(whole)) if column is not None]
        frame = whole.with_columns(added)
        derived = (*first.derived, *(column.name for column in added))
        return RawTable(frame, first.facts, first.mark_column, derived=derived)

    def _about(self, name: str, *path: str) -> Answer:
        url = address(self._address, *path)
        volatile = name in ("sources", "table") or name.startswith("tables")
        return self._ask(Request(name, url, purpose="about", volatile=volatile))

    def _tables(self, source: Record) -> Iterator[TableInfo]:
        answer = self._about(f"tables-{source['id']}", str(source["id"]), "table")
        if json_of(answer) == []:
            return
        for row in rows_of(answer, "", ("tableId", "title")):
            number = f"{source['id']}/{row['tableId']}"
            stamp = str(row.get("modifiedAt") or "")
            yield TableInfo(number, str(row["title"]), stamp, source=str(source["title"]))

    def _known(self, table: str) -> tuple[str, str]:
        """Return source and number. Raises `UserError` where the source has no such table."""
        source, _, number = table.partition("/")
        if not number.isdigit():
            raise error("fhi_table_form", given=table)
        answer = self._about(f"tables-{source}", source, "table")
        known = {
            str(row["tableId"]): str(row["title"]) for row in rows_of(answer, "", ("tableId",))
        }
        if number not in known:
            near = difflib.get_close_matches(number, known, n=5) or list(known)[:5]
            listed = ", ".join(f"{source}/{one} ({known[one]})" for one in near)
            raise error(
                "producer_table_unknown", given=table, known=listed, near=f"{source}/{near[0]}"
            )
        return source, number


def make(name: str, ask: Ask, address_: str) -> Fhi:
    """Return FHI's service at an address."""
    return Fhi(name, ask, address_)


def level_of(code: str) -> str:
    """Return the level of a code in `GEO`, empty for one of no known length."""
    level = _LEVELS.get(len(code))
    return level.value if level else ""


def period_of(code: str) -> str:
    """Return «2020» of «2020_2020» and «2018-2020» of «2018_2020»; other texts as they are."""
    found = _SPAN.fullmatch(code)
    if not found:
        return code
    start, end = found.groups()
    return start if start == end else f"{start}-{end}"


def _listed(answer: Answer) -> Sequence[Record]:
    return with_fields(answer, member(answer, "dimensions", list), ("code", "categories"))


def _dimension(answer: Answer, told: Record) -> Dimension:
    """Return a dimension; the tree of its categories is laid flat, parents before children."""
    codes = tuple(_leaves(answer, told["categories"]))
    name = str(told["code"])
    label = str(told.get("label", name))
    return Dimension(name, label, tuple(dict.fromkeys(codes)), role=_ROLES.get(name, ""))


def _leaves(answer: Answer, categories: Any) -> Iterator[Code]:
    for one in categories or ():
        if not isinstance(one, dict) or "value" not in one:
            raise changed(answer, "«value»", ", ".join(one) if isinstance(one, dict) else str(one))
        yield Code(str(one["value"]), str(one.get("label", "")))
        yield from _leaves(answer, one.get("children"))


def _flag_notes(answer: Answer) -> list[str]:
    """Return what each mark of the table means, as «: = …». The list may be empty."""
    told = json_of(answer)
    if not isinstance(told, list):
        raise changed(answer, "[…]")
    return [" = ".join(_plain(text) for text in one.values() if text) for one in told]


def _section_notes(answer: Answer) -> list[str]:
    """Return the sections that describe the table: header and content without mark-up."""
    paragraphs = member(answer, "paragraphs", list)
    return [
        f"{_plain(one.get('header') or '')}: {_plain(one.get('content') or '')}"
        for one in paragraphs
    ]


def _plain(text: Any) -> str:
    return _SPACES.sub(" ", _TAG.sub(" ", str(text))).strip()


def _most_rows(query: Query) -> int:
    stray = [name for name in query.options if name not in _OPTIONS]
    if stray:
        params = {"given": stray[0], "known": ", ".join(_OPTIONS)}
        raise error("producer_option_unknown", Place(), **params)
    given = query.options.get("rows", str(MOST_ROWS))
    if not given.isdigit() or int(given) < 1:
        raise error("fhi_rows", given=given)
    return int(given)


def _body(part: Mapping[str, Sequence[str]], most: int) -> str:
    wanted = [
        {"code": name, "filter": "item", "values": list(codes)} for name, codes in part.items()
    ]
    asked = {"dimensions": wanted, "response": {"format": "json-stat2", "maxRowCount": most}}
    return json.dumps(asked, ensure_ascii=False)


def _cells(part: Mapping[str, Sequence[str]]) -> int:
    cells = 1
    for codes in part.values():
        cells *= len(codes)
    return cells


def _categories(answer: Answer, dimensions: Mapping[str, Any], name: str) -> list[str]:
    if name not in dimensions:
        raise changed(answer, name, ", ".join(dimensions))
    index = dimensions[name].get("category", {}).get("index", [])
    return list(map(str, index))


def _level(frame: pl.DataFrame) -> pl.Series | None:
    if GEO not in frame.columns:
        return None
    return frame[GEO].map_elements(level_of, pl.String).alias(f"{GEO}.level")


def _period(frame: pl.DataFrame) -> pl.Series | None:
    if AAR not in frame.columns:
        return None
    return frame[AAR].map_elements(period_of, pl.String).alias(f"{AAR}.period")
