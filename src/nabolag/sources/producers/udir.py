"""Udir's registers of schools and kindergartens (NSR, NBR), and its statistics by export.

Tables: `skoler`, `grunnskoler`, `videregaende`, `barnehager`; with `/<municipality>` those of
one municipality («grunnskoler/0301»). Only units that are active are taken. A list holds no
coordinates, so each unit is asked for on its own. `statistikk/<number>` is a table of the export
service: `select` names filters and their codes (`TidID`, `EierformID`, …).

The kindergarten register and the export service have addresses of their own, which are made of
the school register's by putting `data-nbr` or `api.statistikkbanken` in place of `data-nsr`.

Source of the forms: public clients and recorded answers of version 4 (`Sidenummer`,
`AntallSider`, `EnhetListe`; a unit's `Organisasjonsnummer`, `Kommune`, `Koordinat`, `Elevtall`,
`AntallBarn`, flags `Er…`); for the export service public clients in R and JavaScript
(`filterVerdier`, `sideData`, `data`). No answer has been read here from the services
themselves. Udir writes that the export service «is not meant for external use today, and will
change without notice»: changed fields stop the import. Licence: NLOD.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from nabolag.core import Level, error
from nabolag.sources.grid import RawTable
from nabolag.sources.producers import udir_export
from nabolag.sources.producers.choosing import chosen
from nabolag.sources.producers.documents import (
    Record,
    address,
    changed,
    json_of,
    member,
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

LICENCE: Final = "NLOD"
UNIT: Final = "enhet"
_PAGE: Final = 1000
_MOST_PAGES: Final = 200
_LISTED = ("Organisasjonsnummer", "Navn", "ErAktiv")


@dataclass(frozen=True, slots=True)
class Register:
    """One table of units: its level, the flag that a unit must have, and the register's host."""

    label: str
    level: Level
    flag: str
    host: str = "data-nsr"


REGISTERS: Final[Mapping[str, Register]] = {
    "skoler": Register("Skoler", Level.SCHOOL, "ErSkole"),
    "grunnskoler": Register("Grunnskoler", Level.SCHOOL, "ErGrunnskole"),
    "videregaende": Register("Videregående skoler", Level.SCHOOL, "ErVideregaaendeSkole"),
    "barnehager": Register("Barnehager", Level.KINDERGARTEN, "ErBarnehage", "data-nbr"),
}


class Udir:
    """The registers and the export service, by the school register's address."""

    def __init__(self, name: str, ask: Ask, address_: str) -> None:
        """Ask with `ask` at an address such as `https://data-nsr.udir.no/v4`."""
        self.name, self._ask, self._address = name, ask, address_
        self._export = udir_export.Export(ask, udir_export.address_from(address_))

    def list(self, words: str) -> tuple[TableInfo, ...]:
        """Return the registers, and tables of the export service that fit the words."""
        found = [TableInfo(id_, one.label) for id_, one in REGISTERS.items()]
        found += self._export.tables() if words else []
        return with_words(found, words)

    def describe(
        self, table: str, lists: Sequence[str] = (), language: str = ""
    ) -> TableDescription:
        """Return a register's active units (dimension `enhet`), or an export table's filters."""
        name, _, rest = table.partition("/")
        if name == udir_export.PREFIX:
            return self._export.describe(table, rest)
        register = _known(name)
        units = self._units(register, rest)
        codes = tuple(Code(str(one["Organisasjonsnummer"]), str(one["Navn"])) for one in units)
        return TableDescription(
            table,
            register.label,
            (Dimension(UNIT, UNIT, codes, role="geo"),),
            licence=LICENCE,
            source="Utdanningsdirektoratet",
            url=self._at(register),
        )

    def requests(self, query: Query, description: TableDescription) -> tuple[Request, ...]:
        """Return one question a unit, or the pages of an export."""
        name = description.table.split("/", maxsplit=1)[0]
        if name == udir_export.PREFIX:
            return self._export.requests(query, description)
        if query.options:
            raise error("producer_option_unknown", given=next(iter(query.options)), known="–")
        base = self._at(_known(name))
        return tuple(
            Request(f"{name}-{code}", address(base, "enhet", code))
            for code in chosen(query, description)[UNIT]
        )

    def check(self, answer: Answer) -> None:
        """Refuse an answer without the fields that make a unit, or of another unit."""
        if answer.request.purpose != "data":
            return
        if answer.request.name.startswith(udir_export.PREFIX):
            udir_export.records(answer)
        else:
            unit_in(answer)

    def stamp(self, answer: Answer) -> str:
        """Return nothing: each unit has its own stamp, the register has none."""
        return ""

    def read(self, answers: Sequence[Answer]) -> RawTable:
        """Return one row a unit with its plain fields, or the records of an export."""
        if answers[0].request.name.startswith(udir_export.PREFIX):
            return udir_export.read(answers)
        rows = [flat(unit_in(answer)) for answer in answers]
        return table_of(rows, list(dict.fromkeys(key for row in rows for key in row)))

    def _at(self, register: Register) -> str:
        return self._address.replace("data-nsr", register.host)

    def _units(self, register: Register, municipality: str) -> Sequence[Record]:
        """Return the register's active units with the flag, in the order of their numbers."""
        rows = self._of(register, municipality) if municipality else self._all(register)
        kept = [
            one for one in rows if one.get("ErAktiv") is True and one.get(register.flag) is True
        ]
        return sorted(kept, key=lambda one: str(one["Organisasjonsnummer"]))

    def _of(self, register: Register, municipality: str) -> Sequence[Record]:
        url = address(self._at(register), "enheter", "kommune", municipality)
        request = Request(f"enheter-{municipality}", url, purpose="about", volatile=True)
        return rows_of(self._ask(request), "EnhetListe", (*_LISTED, register.flag))

    def _all(self, register: Register) -> Sequence[Record]:
        """Return every page of the list. Raises `UserError` where pages and total disagree."""
        rows: Sequence[Record] = []
        pages, total, at = 1, 0, 1
        while at <= pages:
            answer = self._page(register, at)
            rows = [*rows, *rows_of(answer, "EnhetListe", (*_LISTED, register.flag))]
            pages = member(answer, "AntallSider", int)
            total = member(answer, "TotaltAntallEnheter", int)
            if pages > _MOST_PAGES:
                raise changed(answer, f"AntallSider = {pages}")
            at += 1
        numbers = {one["Organisasjonsnummer"] for one in rows}
        if len(numbers) != total:
            raise changed(answer, f"TotaltAntallEnheter = {total}", str(len(numbers)))
        return rows

    def _page(self, register: Register, at: int) -> Answer:
        asked = {"sidenummer": str(at), "antallperside": str(_PAGE)}
        url = address(self._at(register), "enheter", **asked)
        return self._ask(Request(f"enheter-{at:03d}", url, purpose="about", volatile=True))


def make(name: str, ask: Ask, address_: str) -> Udir:
    """Return Udir's registers by the school register's address."""
    return Udir(name, ask, address_)


def unit_in(answer: Answer) -> Record:
    """Return the unit of an answer. Raises `UserError` where it is another, or lacks fields."""
    document = json_of(answer)
    if not isinstance(document, dict):
        raise changed(answer, "{…}")
    name, _, asked = answer.request.name.partition("-")
    register = _known(name)
    fields = ("Organisasjonsnummer", "Navn", "Kommune", "ErAktiv", register.flag)
    unit = with_fields(answer, [document], fields)[0]
    if str(unit["Organisasjonsnummer"]) != asked:
        raise changed(answer, f"Organisasjonsnummer = {asked}", str(unit["Organisasjonsnummer"]))
    return unit


def flat(unit: Record, prefix: str = "") -> dict[str, Any]:
    """Return the plain values of a unit, those of objects in it under names joined by a point."""
    found: dict[str, Any] = {}
    for key, value in unit.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            found |= flat(value, f"{name}.")
        elif not isinstance(value, list):
            found[name] = value
    return found


def _known(name: str) -> Register:
    if name not in REGISTERS:
        raise unknown_table(name, [*REGISTERS, udir_export.PREFIX])
    return REGISTERS[name]
