"""Services of features (OGC WFS 2.0), as Geonorge's for administrative units and grunnkretser.

`table` is a name from `wfs.yaml` or `<service>/<feature type>`, and after it, where it is not
25833, the EPSG number of the coordinates: `kommuner`, `kommuner/25832`,
`wfs.administrative_enheter/app:Grense/4258`. The service's description says whether it gives
features in pages and how many at once; it is then asked how many there are (`resultType=hits`),
and for all of them, page by page (`startIndex`, `count`). Whatever an answer says of itself, its
features are counted here: a page that is short, a total that is another than when the pages were
planned, and a feature in two pages are never kept.

Source of the forms: OGC 09-025r2 (WFS 2.0, 7.7.4.4 on response paging), Geonorge's description
of the service of administrative units (GML 3.2.1, WFS 2.0.0), and how public clients ask it. No
answer of the services has been read here. `numberReturned` is not believed: some servers
write 0 or «unknown» there. Paging is not safe for a table that changes meanwhile; a changed total
is noticed, a feature that took another's place is not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import yaml

from nabolag.core import Finding, Place, Severity, UserError, error
from nabolag.sources.grid import RawTable
from nabolag.sources.producers.choosing import chosen
from nabolag.sources.producers.documents import Record, address, changed, table_of
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
from nabolag.sources.producers.xml_answers import Element, elements

SYSTEM: Final = "25833"
#: The most features that are asked for at once, where the service allows more.
PAGE: Final = 1000
_ACCEPT = "application/gml+xml, application/xml, text/xml"
_COLLECTION, _MEMBER = "FeatureCollection", "member"
_PAGED, _AT_ONCE = "paged", "at_once"


@dataclass(frozen=True, slots=True)
class FeatureType:
    """A kind of feature in a service."""

    name: str
    service: str
    type: str
    title: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What one answer holds: how many there are in all (if it says so), and its features.

    A feature is its id and its properties that are plain texts, in the order of the document.
    """

    matched: int | None
    features: tuple[tuple[str, Record], ...]


@cache
def feature_types() -> tuple[FeatureType, ...]:
    """Return the feature types that are known by name."""
    text = files("nabolag.sources.producers").joinpath("wfs.yaml").read_text(encoding="utf-8")
    return tuple(FeatureType(**entry) for entry in yaml.safe_load(text))


def wanted_in(table: str) -> tuple[FeatureType, str]:
    """Return the feature type a table names and the system of its coordinates.

    Raises `UserError` for a name that is not known and no service with a type.
    """
    first, *rest = table.split("/")
    known = next((one for one in feature_types() if one.name == first), None)
    if known is not None:
        return known, rest[0] if rest else SYSTEM
    if not rest:
        raise unknown_table(first, [one.name for one in feature_types()])
    return FeatureType(table, first, rest[0], rest[0]), rest[1] if len(rest) > 1 else SYSTEM


class Wfs:
    """The services under one address, such as `https://wfs.geonorge.no/skwms1`."""

    def __init__(self, name: str, ask: Ask, address_: str) -> None:
        """Ask with `ask` at an address that the services' names are put after."""
        self.name, self._ask, self._address = name, ask, address_

    def list(self, words: str) -> tuple[TableInfo, ...]:
        """Return the known feature types whose name or title has the words."""
        return with_words((TableInfo(one.name, one.title) for one in feature_types()), words)

    def describe(
        self, table: str, lists: Sequence[str] = (), language: str = ""
    ) -> TableDescription:
        """Return a feature type with its pages: dimension `page`, codes such as `1-1000`.

        Raises `UserError` for a type the service does not have, and where it does not say how
        many features there are: then nobody could tell whether all had come.
        """
        wanted, _ = wanted_in(table)
        url = self._url(wanted, "GetCapabilities")
        told = _description(self._ask(_about("capabilities", url)))
        types = [one.text for one in told if one.path[-2:] == ("FeatureType", "Name")]
        _refuse_absent(wanted, types)
        url = self._url(wanted, "GetFeature", typeNames=wanted.type, resultType="hits")
        total = page_in(self._ask(_about("hits", url))).matched
        if total is None:
            raise error("wfs_count_unknown", Place(), url=url)
        if not total:
            raise error("producer_answer_empty", Place(), url=url)
        codes = _pages(total, told)
        return TableDescription(
            table,
            wanted.title,
            (Dimension("page", "page", codes),),
            licence=wanted.licence,
            source="Kartverket" if wanted.licence else "",
            url=address(self._address, wanted.service),
        )

    def requests(self, query: Query, description: TableDescription) -> tuple[Request, ...]:
        """Return one question a page."""
        wanted, system = wanted_in(description.table)
        (pages,) = description.dimensions
        total = int(pages.values[-1].partition("-")[2])
        taken = chosen(query, description)["page"]
        return tuple(
            self._page(wanted, system, page, total) for page in pages.codes if page.code in taken
        )

    def check(self, answer: Answer) -> None:
        """Refuse a page that is not whole, and one of another total than was planned."""
        if answer.request.purpose != "data":
            return
        planned = int(answer.request.name.partition("-")[0])
        page, count = page_in(answer), answer.request.cells
        facts = {"url": answer.request.url, "expected": str(planned)}
        if page.matched not in (None, planned):
            raise error("wfs_total_changed", Place(), given=str(page.matched), **facts)
        if len(page.features) != count:
            given = str(len(page.features))
            raise error("wfs_page_short", Place(), given=given, **facts | {"expected": str(count)})

    def together(self, answers: Iterable[Answer]) -> None:
        """Refuse pages that hold a feature twice: another is then in none of them."""
        seen = Counter(id_ for one in answers for id_, _ in page_in(one).features if id_)
        twice = [id_ for id_, times in seen.items() if times > 1]
        if twice:
            code, examples = "wfs_feature_twice", tuple(twice[:5])
            raise UserError(Finding(code, Severity.ERROR, count=len(twice), examples=examples))

    def stamp(self, answer: Answer) -> str:
        """Return nothing: the services state no stamp."""
        return ""

    def read(self, answers: Sequence[Answer]) -> RawTable:
        """Return one row a feature: its id, and its properties that are plain texts."""
        rows: list[Record] = [
            {"id": id_, **texts} for answer in answers for id_, texts in page_in(answer).features
        ]
        return table_of(rows, list(dict.fromkeys(key for row in rows for key in row)))

    def _url(self, wanted: FeatureType, request: str, **asked: str) -> str:
        fixed = {"service": "WFS", "version": "2.0.0", "request": request}
        return address(self._address, wanted.service, **fixed, **asked)

    def _page(self, wanted: FeatureType, system: str, page: Code, total: int) -> Request:
        first, last = (int(part) for part in page.code.split("-"))
        asked = {"typeNames": wanted.type, "srsName": f"urn:ogc:def:crs:EPSG::{system}"}
        if page.label == _PAGED:
            asked |= {"count": str(last - first + 1), "startIndex": str(first - 1)}
        url = self._url(wanted, "GetFeature", **asked)
        name = f"{total}-{first:07d}-{last:07d}"
        return Request(name, url, accept=_ACCEPT, format="gml", cells=last - first + 1)


def _about(name: str, url: str) -> Request:
    """Return a question about the service, asked anew each time: it tells what there is now."""
    return Request(name, url, accept=_ACCEPT, format="gml", purpose="about", volatile=True)


def make(name: str, ask: Ask, address_: str) -> Wfs:
    """Return the services under an address."""
    return Wfs(name, ask, address_)


def page_in(answer: Answer) -> Page:
    """Read a collection of features. Raises `UserError` for what the service says instead."""
    found = elements(answer, 4)
    root = _root(answer, found, _COLLECTION)
    matched = root.attributes.get("numberMatched", "")
    ids = [one.attributes.get("id", "") for one in found if _is_feature(one)]
    texts: list[dict[str, str]] = [{}]
    for one in found:
        if _is_feature(one):
            texts.append({})
        elif len(one.path) == 4 and one.path[1] == _MEMBER and one.leaf:
            texts[-1][one.name] = one.text
    features = tuple(zip(ids, texts[: len(ids)], strict=True))
    return Page(int(matched) if matched.isdigit() else None, features)


def _is_feature(one: Element) -> bool:
    return len(one.path) == 3 and one.path[1] == _MEMBER


def _description(answer: Answer) -> tuple[Element, ...]:
    found = elements(answer, 5)
    _root(answer, found, "WFS_Capabilities")
    return found


def _root(answer: Answer, found: Sequence[Element], expected: str) -> Element:
    root = found[-1]
    if root.name == "ExceptionReport":
        said = "; ".join(one.text for one in found if one.name == "ExceptionText")
        raise error("wfs_refused", Place(), url=answer.request.url, said=said or "–")
    if root.name != expected:
        raise changed(answer, expected, root.name)
    return root


def _pages(total: int, told: Sequence[Element]) -> tuple[Code, ...]:
    """Return the pages; one of everything where the service gives none."""
    limits = _limits(told)
    if limits.get("ImplementsResultPaging", "").upper() != "TRUE":
        return (Code(f"1-{total}", _AT_ONCE),)
    most = limits.get("CountDefault", "")
    size = min(PAGE, int(most)) if most.isdigit() and int(most) else PAGE
    return tuple(
        Code(f"{first}-{min(first + size - 1, total)}", _PAGED)
        for first in range(1, total + 1, size)
    )


def _limits(told: Sequence[Element]) -> dict[str, str]:
    """Return the value of each constraint that the service states, the last standing."""
    limits, value = {}, ""
    for one in told:
        if one.name == "DefaultValue":
            value = one.text
        elif one.name == "Constraint":
            limits[one.attributes.get("name", "")] = value
    return limits


def _refuse_absent(wanted: FeatureType, types: Sequence[str]) -> None:
    if wanted.type not in types:
        raise unknown_table(wanted.type, types)
