"""Kartverket's service for administrative units: counties, municipalities, their shapes, points.

Tables: `kommuner`, `fylker`, `fylkerkommuner` (both with names and what lies in what),
`kommuneomrader` and `fylkesomrader` (shapes; `select` names the areas), `naboer`, and `punkt`
(`select.punkt`: «lon,lat» in degrees → the municipality it lies in). `options.system` is the
EPSG number shapes are asked in, 4258 where it is not given.

Source of the forms: the service's description (kommuneinfo v1.1.1, OpenAPI) and a recorded
answer of `fylkerkommuner`. Coordinates are written east first (longitude, latitude), and each
geometry states its system in `crs`. Licence: CC BY 4.0 (Geonorge, Administrative enheter).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from nabolag.core import Level, Place, error
from nabolag.sources.grid import RawTable
from nabolag.sources.producers.choosing import chosen
from nabolag.sources.producers.documents import (
    Record,
    address,
    changed,
    json_of,
    rows_of,
    table_of,
    with_fields,
)
from nabolag.sources.producers.listing import unknown_table, with_words
from nabolag.sources.producers.protocol import (
    Answer,
    Ask,
    Code,
    Dimension,
    Query,
    Request,
    TableDescription,
    TableInfo,
)
from nabolag.store.frames import LINKS, schema_of

LICENCE: Final = "CC BY 4.0"
#: The system of the service's answers where no other is asked for.
SYSTEM: Final = "4258"
AREAS: Final = schema_of({"level": "str", "code": "str", "name": "str"})
_MUNICIPALITY = ("kommunenummer", "kommunenavn")
_COUNTY = ("fylkesnummer", "fylkesnavn")
_OPTIONS = ("system",)


@dataclass(frozen=True, slots=True)
class _Table:
    """A table: what it is, the dimension its codes are in, the list they come from, its fields."""

    label: str
    fields: tuple[str, ...]
    dimension: str = ""
    listed_by: str = ""
    path: str = ""


TABLES: Final[Mapping[str, _Table]] = {
    "kommuner": _Table("Kommuner", _MUNICIPALITY, path="kommuner"),
    "fylker": _Table("Fylker", _COUNTY, path="fylker"),
    "fylkerkommuner": _Table("Fylker og kommuner", (*_COUNTY, "kommuner"), path="fylkerkommuner"),
    "kommuneomrader": _Table(
        "Kommunegrenser", (*_MUNICIPALITY, "omrade"), "kommune", "kommuner", "kommuner/{}/omrade"
    ),
    "fylkesomrader": _Table(
        "Fylkesgrenser", (*_COUNTY, "omrade"), "fylke", "fylker", "fylker/{}/omrade"
    ),
    "naboer": _Table(
        "Nabokommuner", _MUNICIPALITY, "kommune", "kommuner", "kommuner/{}/nabokommuner"
    ),
    "punkt": _Table("Kommune for et punkt", (*_MUNICIPALITY, *_COUNTY), "punkt", "", "punkt"),
}


class Kartverket:
    """The service behind one address."""

    def __init__(self, name: str, ask: Ask, address_: str) -> None:
        """Ask with `ask` at an address such as `https://api.kartverket.no/kommuneinfo/v1`."""
        self.name, self._ask, self._address = name, ask, address_

    def list(self, words: str) -> tuple[TableInfo, ...]:
        """Return the tables whose name or label has the words."""
        return with_words((TableInfo(id_, one.label) for id_, one in TABLES.items()), words)

    def describe(
        self, table: str, lists: Sequence[str] = (), language: str = ""
    ) -> TableDescription:
        """Return a table. Areas that shapes can be asked of are listed by the service."""
        known = _known(table)
        dimensions = (self._dimension(known),) if known.dimension else ()
        return TableDescription(
            table,
            known.label,
            dimensions,
            licence=LICENCE,
            source="Kartverket",
            url=self._address,
        )

    def requests(self, query: Query, description: TableDescription) -> tuple[Request, ...]:
        """Return one question for a list, one an area for shapes, one a point for points."""
        known = _known(description.table)
        stray = [name for name in query.options if name not in _OPTIONS]
        if stray:
            params = {"given": stray[0], "known": ", ".join(_OPTIONS)}
            raise error("producer_option_unknown", Place(), **params)
        if description.table == "punkt":
            points = query.select["punkt"].codes if "punkt" in query.select else ()
            return tuple(self._point(given) for given in points)
        system = query.options.get("system", SYSTEM)
        asked = {"utkoordsys": system} if description.table not in ("kommuner", "fylker") else {}
        if not known.dimension:
            url = address(self._address, known.path, **asked)
            return (Request(description.table, url),)
        shaped = asked if "omrade" in known.fields else {}
        return tuple(
            Request(
                f"{description.table}-{code}",
                address(self._address, known.path.format(code), **shaped),
            )
            for code in chosen(query, description)[known.dimension]
        )

    def check(self, answer: Answer) -> None:
        """Refuse an answer without the fields of its table."""
        if answer.request.purpose == "data":
            records(answer)

    def stamp(self, answer: Answer) -> str:
        """Return nothing: the service states no stamp."""
        return ""

    def read(self, answers: Sequence[Answer]) -> RawTable:
        """Return one row an area; of `fylkerkommuner` one a municipality, with its county."""
        rows = [row for answer in answers for row in _flat(answer)]
        return table_of(rows, list(dict.fromkeys(key for row in rows for key in row)))

    def _dimension(self, known: _Table) -> Dimension:
        if not known.listed_by:
            return Dimension(known.dimension, known.dimension, ())
        url = address(self._address, TABLES[known.listed_by].path)
        answer = self._ask(Request(known.listed_by, url, purpose="about", volatile=True))
        number, named = TABLES[known.listed_by].fields[:2]
        rows = sorted(rows_of(answer, "", (number, named)), key=lambda row: str(row[number]))
        codes = tuple(Code(str(row[number]), str(row[named])) for row in rows)
        return Dimension(known.dimension, known.dimension, codes, role="geo")

    def _point(self, given: str) -> Request:
        try:
            east, north = (float(part) for part in given.split(","))
        except ValueError as wrong:
            raise error("kartverket_point", Place(), given=given) from wrong
        asked = {"nord": f"{north:g}", "ost": f"{east:g}", "koordsys": SYSTEM}
        return Request(f"punkt-{given}", address(self._address, "punkt", **asked))


def make(name: str, ask: Ask, address_: str) -> Kartverket:
    """Return Kartverket's service at an address."""
    return Kartverket(name, ask, address_)


def records(answer: Answer) -> Sequence[Record]:
    """Return the records of an answer. Raises `UserError` where fields are absent or changed."""
    fields = _known(answer.request.name.split("-", maxsplit=1)[0]).fields
    document = json_of(answer)
    if isinstance(document, dict):
        return with_fields(answer, [document], fields)
    return rows_of(answer, "", fields)


def areas_of(answers: Sequence[Answer]) -> pl.DataFrame:
    """Return `level, code, name` of every county and municipality in answers of any list."""
    rows: list[dict[str, Any]] = []
    for answer in answers:
        for row in records(answer):
            rows += _named(row, Level.FYLKE, _COUNTY)
            rows += _named(row, Level.KOMMUNE, _MUNICIPALITY)
            for inside in row.get("kommuner") or ():
                rows += _named(inside, Level.KOMMUNE, _MUNICIPALITY)
    return pl.DataFrame(rows, schema=AREAS).unique(["level", "code"], maintain_order=True)


def links_of(answers: Sequence[Answer]) -> pl.DataFrame:
    """Return `core.columns.LINKS`: in which county each municipality of `fylkerkommuner` lies."""
    rows = [
        (Level.KOMMUNE.value, str(inside["kommunenummer"]), Level.FYLKE.value, str(row[_COUNTY[0]]))
        for answer in answers
        for row in records(answer)
        for inside in _inside(answer, row)
    ]
    return pl.DataFrame(rows, schema=LINKS, orient="row")


def shapes_as_geojson(answers: Sequence[Answer]) -> bytes:
    """Return the shapes as one GeoJSON collection with its system, as the border readers take it.

    Properties are the number and the name. Raises `UserError` where answers are in different
    systems, or one states none.
    """
    features, systems = [], set()
    for answer in answers:
        for row in records(answer):
            shape = row["omrade"]
            systems.add(_system(shape, answer))
            properties = {key: value for key, value in row.items() if key != "omrade"}
            geometry = {key: shape[key] for key in ("type", "coordinates")}
            features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    if len(systems) != 1:
        raise changed(answers[0], "crs", ", ".join(sorted(systems)))
    crs = {"type": "name", "properties": {"name": systems.pop()}}
    whole = {"type": "FeatureCollection", "crs": crs, "features": features}
    return json.dumps(whole, ensure_ascii=False).encode()


def _known(table: str) -> _Table:
    if table not in TABLES:
        raise unknown_table(table, list(TABLES))
    return TABLES[table]


def _named(row: Record, level: Level, fields: tuple[str, str]) -> Iterable[dict[str, Any]]:
    """Return the area a record names at a level, if it names one."""
    number, name = fields
    if number not in row or (level is Level.FYLKE and "kommunenummer" in row):
        return []
    return [{"level": level.value, "code": str(row[number]), "name": str(row[name])}]


def _inside(answer: Answer, row: Record) -> Sequence[Record]:
    return with_fields(answer, list(row.get("kommuner") or ()), _MUNICIPALITY)


def _flat(answer: Answer) -> list[Record]:
    """Return plain rows: a county's municipalities each with the county's number and name.

    Neighbours and points tell what was asked in a column called after the table.
    """
    rows: list[Record] = []
    table, _, asked = answer.request.name.partition("-")
    for row in records(answer):
        if table in ("naboer", "punkt"):
            rows.append({table: asked, **_plain(row)})
            continue
        parts = [{**inside, **_plain(row)} for inside in row.get("kommuner") or ()]
        rows += [_plain(part) for part in parts] or [_plain(row)]
    return rows


def _plain(row: Record) -> Record:
    return {key: value for key, value in row.items() if not isinstance(value, dict | list)}


def _system(shape: Any, answer: Answer) -> str:
    """Return the system a geometry states. Raises `UserError` where it is not of the known form."""
    try:
        if not shape["coordinates"] or shape["type"] not in ("Polygon", "MultiPolygon"):
            raise changed(answer, "omrade", str(shape["type"]))
        return str(shape["crs"]["properties"]["name"])
    except (KeyError, TypeError) as wrong:
        raise changed(answer, "omrade") from wrong
