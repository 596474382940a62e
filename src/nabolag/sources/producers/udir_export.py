"""Udir's export service: tables of statistics page by page, with filters by code.

Source of the forms: public clients of `api.statistikkbanken.udir.no/api/rest/v2/Eksport`:
`{table}/filterVerdier` gives each filter's codes (`TidID: [{id, kode, navn}]`),
`{table}/sideData` the number of pages (`JSONSider`), `{table}/data` the records of one page.
A filter is written `TidID(202112_202212)_EierformID(-10)`. Hidden figures are written «*».
No answer of the service itself has been read here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from nabolag.core import error
from nabolag.sources.grid import RawTable
from nabolag.sources.producers.choosing import chosen
from nabolag.sources.producers.documents import (
    address,
    changed,
    json_of,
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
    TableDescription,
    TableInfo,
)

PREFIX: Final = "statistikk"
_MOST_PAGES: Final = 2000
#: Columns about the page, not about the figures.
PAGE_COLUMNS: Final = ("Sidenummer", "RaderSide", "RaderTotalt")


class Export:
    """The export service behind one address."""

    def __init__(self, ask: Ask, address_: str) -> None:
        """Ask with `ask` at an address that ends in `/Eksport`."""
        self._ask, self._address = ask, address_

    def tables(self) -> list[TableInfo]:
        """Return the tables the service lists. Names of its fields differ; number and name do."""
        answer = self._ask(Request("eksport", self._address, purpose="about", volatile=True))
        rows = rows_of(answer, "", ())
        found = []
        for row in rows:
            number = next((row[key] for key in ("id", "eksportID", "kode") if key in row), None)
            if number is None:
                raise changed(answer, "«id»", ", ".join(row))
            label = next((str(row[k]) for k in ("navn", "tittel", "beskrivelse") if row.get(k)), "")
            found.append(TableInfo(f"{PREFIX}/{number}", label))
        return found

    def describe(self, table: str, number: str) -> TableDescription:
        """Return a table's filters as dimensions."""
        if not number.isdigit():
            raise error("udir_export_number", given=table)
        url = address(self._address, number, "filterVerdier")
        answer = self._ask(Request(f"filter-{number}", url, purpose="about", volatile=True))
        filters = json_of(answer)
        if not isinstance(filters, dict) or not filters:
            raise changed(answer, "{…}")
        return TableDescription(
            table,
            number,
            tuple(_dimension(answer, name, codes) for name, codes in filters.items()),
            licence="NLOD",
            source="Utdanningsdirektoratet",
            url=address(self._address, number),
        )

    def requests(self, query: Query, description: TableDescription) -> tuple[Request, ...]:
        """Return one question for each code of the last filter that is named.

        The pages are not known before an answer has come, so an export must fit one page; `read`
        refuses one that says that it has more. Raises `UserError` where no filter is named.
        """
        if not query.select:
            names = ", ".join(dimension.id for dimension in description.dimensions)
            raise error("udir_export_filter", known=names)
        taken = chosen(query, description)
        *whole, split_by = query.select
        fixed = [_filter(name, taken[name]) for name in whole]
        number = description.table.partition("/")[2]
        return tuple(
            Request(
                f"{PREFIX}-{number}-{code}",
                address(
                    self._address,
                    number,
                    "data",
                    filter="_".join([*fixed, _filter(split_by, (code,))]),
                    format="0",
                    sideNummer="1",
                ),
            )
            for code in taken[split_by]
        )


def address_from(register: str) -> str:
    """Return the export service's address from the school register's."""
    at = register.replace("data-nsr", "api.statistikkbanken")
    return at.rsplit("/", 1)[0] + "/api/rest/v2/Eksport"


def records(answer: Answer) -> list[Mapping[str, Any]]:
    """Return the records of one answer. An empty list is an answer: nothing fits the filter.

    Raises `UserError` where the records are fewer than the answer says that there are.
    """
    if json_of(answer) == []:
        return []
    rows = rows_of(answer, "", ())
    total = rows[0].get("RaderTotalt")
    if total is not None and int(total) != len(rows):
        raise error("udir_export_pages", url=answer.request.url, n=len(rows), total=total)
    return list(rows)


def read(answers: Sequence[Answer]) -> RawTable:
    """Return the records as a table of texts, without the columns about pages."""
    rows = [row for answer in answers for row in records(answer)]
    if not rows:
        raise error("producer_answer_empty", url=answers[0].request.url)
    columns = dict.fromkeys(key for row in rows for key in row if key not in PAGE_COLUMNS)
    return table_of(rows, list(columns))


def _dimension(answer: Answer, name: str, codes: Any) -> Dimension:
    if not isinstance(codes, list) or not all(isinstance(one, dict) for one in codes):
        raise changed(answer, f"«{name}»", json.dumps(codes)[:80])
    told = [_code(answer, name, one) for one in codes]
    return Dimension(name, name, tuple(told), role="time" if name == "TidID" else "")


def _code(answer: Answer, name: str, one: Mapping[str, Any]) -> Code:
    number = one.get("id", one.get("kode"))
    if number is None:
        raise changed(answer, f"«{name}.id»", ", ".join(one))
    return Code(str(number), str(one.get("navn", one.get("kode", ""))))


def _filter(name: str, codes: Sequence[str]) -> str:
    return f"{name}({'_'.join(codes)})"
