"""Geonorge's download service: borders ordered as files, then fetched.

`table` is `<data set>[/<area>[/<system>[/<format>]]]`: a name from `geonorge.yaml` or a metadata
number, an area code («0000» is the country, «4204» a municipality), an EPSG number and a format
as Geonorge writes it. Without them: the country, 25833, GML. The order is placed when the table
is described, for only then are the files known; each file is one question.

Source of the forms: public clients of the service and the tests of Kartverket's own catalogue
(`capabilities`, `codelists/area` with `type`, `name`, `code`, `projections`, `formats`; `order`
→ `files` with `status`, `downloadUrl`, `name`). No answer of the service itself has been read
here. An order that is not «ReadyForDownload» at once is refused with a message.

Axis order: GML from Geonorge states `srsName` as a URN; the GML reader obeys it, and 4258 then
has latitude first in the file. Borders outside Norway are refused by the border reader.
"""

from __future__ import annotations

import difflib
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any, Final
from uuid import UUID

import yaml

from nabolag.core import Place, error
from nabolag.sources.grid import RawTable
from nabolag.sources.producers.choosing import chosen
from nabolag.sources.producers.documents import Record, address, changed, rows_of, table_of
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

COUNTRY: Final = "0000"
_DEFAULTS = (COUNTRY, "25833", "GML")
_BORDERS = (".gml", ".geojson", ".json", ".gpkg")
#: An archive may unfold to at most this many bytes.
MOST_BYTES: Final = 8 * 1024**3


@dataclass(frozen=True, slots=True)
class DataSet:
    """A data set in the catalogue."""

    name: str
    uuid: str
    title: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is ordered of a data set."""

    data_set: DataSet
    area: str
    system: str
    format: str

    @property
    def text(self) -> str:
        """The table as it is written."""
        return "/".join((self.data_set.name, self.area, self.system, self.format))


@cache
def data_sets() -> tuple[DataSet, ...]:
    """Return the data sets that are known by name."""
    text = files("nabolag.sources.producers").joinpath("geonorge.yaml").read_text(encoding="utf-8")
    return tuple(DataSet(**entry) for entry in yaml.safe_load(text))


def wanted_in(table: str) -> Wanted:
    """Read a table. Raises `UserError` for a data set that is neither known nor a number."""
    first, *rest = table.split("/")
    given = [*rest[:3], *_DEFAULTS[len(rest[:3]) :]]
    found = next((one for one in data_sets() if first in (one.name, one.uuid)), None)
    if found is None:
        names = [one.name for one in data_sets()]
        try:
            found = DataSet(str(UUID(first)), str(UUID(first)))
        except ValueError as wrong:
            raise unknown_table(first, names) from wrong
    return Wanted(found, *given)


class Geonorge:
    """The download service behind one address."""

    def __init__(self, name: str, ask: Ask, address_: str) -> None:
        """Ask with `ask` at an address such as `https://nedlasting.geonorge.no/api`."""
        self.name, self._ask, self._address = name, ask, address_

    def list(self, words: str) -> tuple[TableInfo, ...]:
        """Return the known data sets whose name or title has the words."""
        return with_words((TableInfo(one.name, one.title) for one in data_sets()), words)

    def describe(
        self, table: str, lists: Sequence[str] = (), language: str = ""
    ) -> TableDescription:
        """Order the files of a table and return them: dimension `file`, addresses as notes.

        Raises `UserError` for an area, a system or a format that is not offered, and for an
        order that is not ready at once.
        """
        wanted = wanted_in(table)
        area = self._area(wanted)
        order = json.dumps(_order(wanted, area), ensure_ascii=False, sort_keys=True)
        url = address(self._address, "order")
        answer = self._ask(Request("order", url, "POST", order, purpose="about"))
        ready = _ready_files(answer)
        codes = tuple(
            Code(str(f["name"]), str(f["name"]), notes=(f["downloadUrl"],)) for f in ready
        )
        return TableDescription(
            wanted.text,
            wanted.data_set.title,
            (Dimension("file", "file", codes),),
            licence=wanted.data_set.licence,
            source="Kartverket",
            url=f"https://kartkatalog.geonorge.no/metadata/{wanted.data_set.uuid}",
        )

    def requests(self, query: Query, description: TableDescription) -> tuple[Request, ...]:
        """Return one question a file."""
        taken = chosen(query, description)["file"]
        dimension = description.dimension("file")
        codes = dimension.codes if dimension else ()
        return tuple(
            Request(code.code, code.notes[0], accept="*/*", format="zip")
            for code in codes
            if code.code in taken
        )

    def check(self, answer: Answer) -> None:
        """Refuse an archive that is cut off or holds no borders."""
        if answer.request.purpose == "data":
            _members(answer)

    def stamp(self, answer: Answer) -> str:
        """Return nothing: an archive states no stamp."""
        return ""

    def read(self, answers: Sequence[Answer]) -> RawTable:
        """Return one row a file of borders in the archives: its archive, name and bytes."""
        rows: list[Record] = [
            {"archive": answer.request.name, "file": info.filename, "bytes": info.file_size}
            for answer in answers
            for info in _members(answer)
        ]
        return table_of(rows, ("archive", "file", "bytes"))

    def _area(self, wanted: Wanted) -> Mapping[str, Any]:
        """Return the area as the service lists it, with what it is offered in."""
        url = address(self._address, "codelists", "area", wanted.data_set.uuid)
        answer = self._ask(Request("area", url, purpose="about", volatile=True))
        offered = rows_of(answer, "", ("type", "name", "code"))
        area = _one_of(offered, "code", wanted.area, "area")
        _one_of(area.get("projections") or [], "code", wanted.system, "system")
        _one_of(area.get("formats") or [], "name", wanted.format, "format")
        return area


def make(name: str, ask: Ask, address_: str) -> Geonorge:
    """Return Geonorge's download service at an address."""
    return Geonorge(name, ask, address_)


def unpack(answers: Sequence[Answer], folder: Path) -> list[Path]:
    """Write the border files of archives into a folder and return their places.

    Only the files' own names are used, never paths in the archive. Raises `UserError` where an
    archive is broken or two files have the same name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for answer in answers:
        with zipfile.ZipFile(BytesIO(answer.content)) as archive:
            for info in _members(answer):
                place = folder / PurePosixPath(info.filename).name
                if place in written:
                    raise changed(answer, place.name)
                place.write_bytes(archive.read(info))
                written.append(place)
    return written


def _order(wanted: Wanted, area: Mapping[str, Any]) -> dict[str, Any]:
    line = {
        "metadataUuid": wanted.data_set.uuid,
        "areas": [{key: area[key] for key in ("code", "type", "name")}],
        "projections": [{"code": wanted.system}],
        "formats": [{"name": wanted.format}],
    }
    return {"email": "", "orderLines": [line]}


def _ready_files(answer: Answer) -> list[Record]:
    ordered = rows_of(answer, "files", ("name", "downloadUrl", "status"))
    waiting = [one for one in ordered if one["status"] != "ReadyForDownload"]
    if waiting:
        raise error("geonorge_waiting", Place(), name=waiting[0]["name"], said=waiting[0]["status"])
    return ordered


def _one_of(offered: Sequence[Record], key: str, wanted: str, what: str) -> Record:
    found = next((one for one in offered if str(one.get(key)) == wanted), None)
    if found is None:
        known = [str(one.get(key)) for one in offered]
        near = difflib.get_close_matches(wanted, known, n=5) or known[:5]
        raise error(
            "producer_code_unknown", Place(), given=wanted, dimension=what, near=", ".join(near)
        )
    return found


def _members(answer: Answer) -> list[zipfile.ZipInfo]:
    """Return the border files of an archive. Raises `UserError` where it is not whole."""
    try:
        with zipfile.ZipFile(BytesIO(answer.content)) as archive:
            infos = archive.infolist()
            if sum(info.file_size for info in infos) > MOST_BYTES:
                raise changed(answer, f"> {MOST_BYTES}")
            if (damaged := archive.testzip()) is not None:
                raise changed(answer, damaged)
    except zipfile.BadZipFile as wrong:
        raise changed(answer, str(wrong)) from wrong
    found = [info for info in infos if PurePosixPath(info.filename).suffix.lower() in _BORDERS]
    if not found:
        raise changed(answer, "/".join(_BORDERS), ", ".join(info.filename for info in infos[:8]))
    return found
