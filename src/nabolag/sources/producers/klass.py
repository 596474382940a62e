"""KLASS, Statistics Norway's classifications: code lists with dates, changes, correspondences.

`table` is a classification's number («131») or its name here («kommune»). `options`: `what` is
one of `WHATS`; `from`, `to` (exclusive) and `date` are ISO dates; `target` is the other
classification of a correspondence; `variant` a variant's name; `future = "yes"` takes versions
that are not yet valid; `format = "csv"` asks for CSV. `select`: `code` (codes, `03*`, ranges
`3004-34*`) and `level`.

Source of the forms: the API guide (`api-guide.adoc`, sections codes … changes, range) and the
integration tests of the public repository statisticsnorway/klass, from which the field names in
JSON and CSV are taken. JSON and CSV have no pages. Errors are 400 and 404 with a problem.
Licence: CC BY 4.0 (API guide, «License»).
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, cast

import yaml

from nabolag.core import Level, Place, error
from nabolag.sources.file_form import Format
from nabolag.sources.grid import RawTable
from nabolag.sources.producers.documents import (
    Record,
    address,
    csv_rows,
    json_of,
    member,
    rows_of,
    table_of,
)
from nabolag.sources.producers.protocol import (
    Answer,
    Ask,
    Code,
    Dimension,
    Query,
    Request,
    Selection,
    TableDescription,
    TableInfo,
)

LICENCE: Final = "CC BY 4.0"
What = Literal[
    "codes", "codesAt", "variant", "variantAt", "corresponds", "correspondsAt", "changes"
]  # fmt: skip
_CODE_FIELDS = ("code", "parentCode", "level", "name")
_RANGE_FIELDS = ("validFromInRequestedRange", "validToInRequestedRange")
_PAIR_FIELDS = ("sourceCode", "sourceName", "targetCode", "targetName")
#: What can be asked of a classification: the list in the answer, and the fields it must have.
WHATS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "codes": ("codes", (*_CODE_FIELDS, *_RANGE_FIELDS)),
    "codesAt": ("codes", _CODE_FIELDS),
    "variant": ("codes", (*_CODE_FIELDS, *_RANGE_FIELDS)),
    "variantAt": ("codes", _CODE_FIELDS),
    "corresponds": ("correspondenceItems", (*_PAIR_FIELDS, "validFrom", "validTo")),
    "correspondsAt": ("correspondenceItems", _PAIR_FIELDS),
    "changes": ("codeChanges", ("oldCode", "oldName", "newCode", "newName", "changeOccurred")),
}
#: Columns of the table that `read` makes, by the list in the answer.
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "codes": (*_CODE_FIELDS, "shortName", *_RANGE_FIELDS, "notes"),
    "correspondenceItems": (*_PAIR_FIELDS, "validFrom", "validTo"),
    "codeChanges": ("oldCode", "oldName", "newCode", "newName", "changeOccurred"),
}
_ACCEPT: Mapping[str, str] = {"json": "application/json", "csv": "text/csv; charset=UTF-8"}
_OPTIONS = {"what", "from", "to", "date", "target", "variant", "future", "format"}


@dataclass(frozen=True, slots=True)
class Classification:
    """One classification of areas; see `klass.yaml`."""

    id: str
    name: str
    levels: Mapping[str, Level]
    length: Mapping[int, Level]
    unspecified: str
    seen: bool


@cache
def classifications() -> tuple[Classification, ...]:
    """Return the classifications of areas that are known by name."""
    text = files("nabolag.sources.producers").joinpath("klass.yaml").read_text(encoding="utf-8")
    listed = yaml.safe_load(text)
    return tuple(_classification(entry) for entry in listed)


def _classification(entry: Mapping[str, Any]) -> Classification:
    levels = {str(number): Level(level) for number, level in entry["levels"].items()}
    length = {int(digits): Level(level) for digits, level in entry["length"].items()}
    return Classification(
        entry["id"], entry["name"], levels, length, entry["unspecified"], entry["seen"]
    )


def classification(table: str) -> Classification | None:
    """Return a known classification by its number or name, `None` for any other number.

    Raises `UserError` for a name that is not known, the nearest beside it.
    """
    known = classifications()
    found = next((one for one in known if table in (one.id, one.name)), None)
    if found is None and not table.isdigit():
        names = [one.name for one in known]
        near = difflib.get_close_matches(table, names, n=1)
        raise error(
            "klass_unknown", given=table, known=", ".join(names), near=near[0] if near else names[0]
        )
    return found


class Klass:
    """KLASS behind one address."""

    def __init__(self, name: str, ask: Ask, address_: str) -> None:
        """Ask with `ask` at an address such as `https://data.ssb.no/api/klass/v1`."""
        self.name, self._ask, self._address = name, ask, address_

    def list(self, words: str) -> tuple[TableInfo, ...]:
        """Return classifications that KLASS finds for the words; with none, those of areas."""
        if not words:
            return tuple(TableInfo(one.id, one.name) for one in classifications())
        url = address(
            self._address, "classifications", "search", query=words, includeCodelists="true"
        )
        answer = self._ask(Request("search", url, purpose="about", volatile=True))
        found = json_of(answer).get("_embedded", {}).get("searchResults", [])
        return tuple(TableInfo(_id_in(one), str(one.get("name", ""))) for one in found)

    def describe(
        self, table: str, lists: Sequence[str] = (), language: str = ""
    ) -> TableDescription:
        """Return a classification: its versions (dimension `version`), stamp and licence."""
        found = classification(table)
        number = found.id if found else table
        url = address(self._address, "classifications", number, language=language)
        answer = self._ask(Request("classification", url, purpose="about", volatile=True))
        versions = member(answer, "versions", list)
        document = json_of(answer)
        levels = found.levels if found else {}
        return TableDescription(
            table=number,
            label=str(document.get("name", "")),
            dimensions=(
                Dimension("version", "version", tuple(map(_version, versions)), role="time"),
                Dimension("level", "level", tuple(Code(n, lev.value) for n, lev in levels.items())),
            ),
            updated=str(document.get("lastModified", "")),
            licence=LICENCE,
            source=str(document.get("owningSection", "")),
            url=url,
            language=language,
        )

    def requests(self, query: Query, description: TableDescription) -> tuple[Request, ...]:
        """Return the one question. Raises `UserError` for options that do not fit together."""
        options = dict(query.options)
        what = options.get("what", "codes")
        _refuse_unknown(options, what)
        form = "csv" if options.get("format") == "csv" else "json"
        at = what.endswith("At")
        if at and not options.get("date"):
            raise error("klass_option_absent", option="date", what=what)
        since = "" if at else options.get("from") or _first_version(description)
        url = address(
            self._address,
            "classifications",
            description.table,
            what,
            targetClassificationId=_target(options, what),
            variantName=_needed(options, "variant", what, what.startswith("variant")),
            from_=since,
            to="" if at else options.get("to", ""),
            date=options.get("date", "") if at else "",
            selectCodes=_selected(query, "code"),
            selectLevel=_selected(query, "level"),
            includeFuture="true" if options.get("future") == "yes" else "",
            language=query.language,
        )
        kind: Format = "csv" if form == "csv" else "json"
        return (Request(what, url, accept=_ACCEPT[form], format=kind),)

    def check(self, answer: Answer) -> None:
        """Refuse an answer whose fields are not those of what was asked for."""
        if answer.request.purpose == "data":
            records(answer)

    def stamp(self, answer: Answer) -> str:
        """Return nothing: lists carry no stamp of their own, but the classification does."""
        return ""

    def read(self, answers: Sequence[Answer]) -> RawTable:
        """Return the lists as one table of texts, fields called what KLASS calls them."""
        rows = [row for answer in answers for row in records(answer)]
        key = WHATS[what_of(answers[0])][0]
        return table_of(rows, _COLUMNS[key])


def make(name: str, ask: Ask, address_: str) -> Klass:
    """Return KLASS at an address."""
    return Klass(name, ask, address_)


def what_of(answer: Answer) -> What:
    """Return what an answer was asked for, from its address."""
    last = answer.request.url.split("?", maxsplit=1)[0].rsplit("/", 1)[-1]
    if last not in WHATS:
        raise ValueError(f"{answer.request.url} is no list of KLASS")
    return cast("What", last)


def records(answer: Answer) -> Sequence[Record]:
    """Return the records of a list in JSON or CSV; a blank is `None`.

    An empty list of changes is an answer (nothing changed); any other empty list is refused.
    """
    key, fields = WHATS[what_of(answer)]
    if answer.request.format == "csv":
        if key == "codeChanges" and answer.content.count(b"\n") <= 1:
            return []
        return csv_rows(answer, fields)
    if key == "codeChanges" and member(answer, key, list) == []:
        return []
    return rows_of(answer, key, _always(fields))


def _always(fields: Sequence[str]) -> list[str]:
    """Return the fields every record has in JSON; an absent code says that there is none."""
    may_lack = {"oldCode", "oldName", "newCode", "newName", "validTo", _RANGE_FIELDS[1]}
    return [name for name in fields if name not in may_lack]


def _refuse_unknown(options: Mapping[str, str], what: str) -> None:
    if what not in WHATS:
        near = difflib.get_close_matches(what, WHATS, n=1)
        known = ", ".join(WHATS)
        raise error("klass_what_unknown", given=what, known=known, near=near[0] if near else known)
    stray = [name for name in options if name not in _OPTIONS]
    if stray:
        raise error(
            "producer_option_unknown", Place(), given=stray[0], known=", ".join(sorted(_OPTIONS))
        )


def _target(options: Mapping[str, str], what: str) -> str:
    given = _needed(options, "target", what, what.startswith("corresponds"))
    if not given:
        return ""
    found = classification(given)
    return found.id if found else given


def _needed(options: Mapping[str, str], name: str, what: str, needed: bool) -> str:
    if not needed:
        return ""
    if not options.get(name):
        raise error("klass_option_absent", option=name, what=what)
    return options[name]


def _selected(query: Query, name: str) -> str:
    chosen = query.select.get(name, Selection(()))
    return "" if chosen.codes in ((), ("*",)) else ",".join(chosen.codes)


def _version(version: Mapping[str, Any]) -> Code:
    return Code(str(version.get("validFrom", "")), str(version.get("name", "")))


def _first_version(description: TableDescription) -> str:
    versions = description.dimension("version")
    dates = sorted(code for code in (versions.values if versions else ()) if code)
    if not dates:
        raise error("klass_option_absent", option="from", what="codes")
    return dates[0]


def _id_in(found: Mapping[str, Any]) -> str:
    """Return the classification's number, which KLASS states in the link only."""
    link = str(found.get("_links", {}).get("self", {}).get("href", ""))
    return link.rsplit("/", 1)[-1]
