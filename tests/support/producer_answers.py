"""What the producers on this machine answer; see `producer_server`."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

KOMMUNER: tuple[tuple[str, str, str, str | None], ...] = (
    ("0301", "Oslo", "1838-01-01", "2026-01-01"),
    ("0301", "Oslo - Oslove", "2026-01-01", None),
    ("1507", "Ålesund", "2020-01-01", "2024-01-01"),
    ("1508", "Ålesund", "2024-01-01", None),
    ("1580", "Haram", "2024-01-01", None),
    ("3118", "Indre Østfold", "2024-01-01", None),
    ("3207", "Nordre Follo", "2024-01-01", None),
    ("9999", "Uoppgitt", "1838-01-01", None),
)
CHANGES: tuple[tuple[str | None, str | None, str | None, str | None, str], ...] = (
    ("1507", "Ålesund", "1508", "Ålesund", "2024-01-01"),
    ("1507", "Ålesund", "1580", "Haram", "2024-01-01"),
    ("0301", "Oslo", "0301", "Oslo - Oslove", "2026-01-01"),
    ("3118", "Indre Østfold", "3207", "Nordre Follo", "2026-01-01"),
    (None, None, "3207", "Nordre Follo", "2024-01-01"),
)
GRUNNKRETSER: tuple[tuple[str, str | None, str, str], ...] = (
    ("030111", None, "1", "Grønland"),
    ("03011101", "030111", "2", "Grønland 1"),
    ("03011102", "030111", "2", "Grønland 2"),
    ("030199", None, "1", "Uoppgitt"),
    ("03019999", "030199", "2", "Uoppgitt grunnkrets"),
)
SONER: tuple[tuple[str, str], ...] = (("03011101", "Grønland"), ("03011102", "Tøyen"))
BYDELER: tuple[tuple[str, str], ...] = (
    ("030101", "Gamle Oslo"),
    ("030102", "Grünerløkka"),
    ("030199", "Uoppgitt"),
)
#: Code, name, west, south, east, north.
SQUARES: tuple[tuple[str, str, float, float, float, float], ...] = (
    ("0301", "Oslo", 10.5, 59.8, 10.9, 60.1),
    ("3201", "Bærum", 10.3, 59.8, 10.5, 60.1),
)
GEO = {"0": "Hele landet", "03": "Oslo", "0301": "Oslo", "030101": "Gamle Oslo"}
AAR = {"2019_2019": "2019", "2020_2020": "2020"}
MEASURES = {"TELLER": "antall", "RATE": "prosent"}
#: What stands in FHI's cube: (place, year, measure) → figure, or the mark of a hidden one.
FIGURES: dict[tuple[str, str, str], float | str] = {
    (geo, year, measure): float(10 * (at + 1) + (year[3] == "2") + 0.5 * (measure == "RATE"))
    for at, geo in enumerate(GEO)
    for year in AAR
    for measure in MEASURES
} | {("030101", "2020_2020", "RATE"): ":"}


def answer(path: str, asked: Mapping[str, str], body: str) -> tuple[int, bytes]:
    """Return the status and the bytes of an answer."""
    producer, _, rest = path.partition("/")
    made = _PRODUCERS.get(producer, _nothing)(rest, asked, body)
    if isinstance(made, tuple):
        return made[0], json.dumps(made[1], ensure_ascii=False).encode()
    if isinstance(made, bytes):
        return 200, made
    return 200, json.dumps(made, ensure_ascii=False).encode()


def _nothing(path: str, asked: Mapping[str, str], body: str) -> Any:
    return 404, {"error": "Not Found", "path": path}


# --- KLASS ---


def _klass(path: str, asked: Mapping[str, str], body: str) -> Any:
    parts = path.split("/")[1:]
    if parts == ["search"]:
        return _klass_search(asked)
    number, what = parts[0], parts[1] if len(parts) > 1 else ""
    if not what:
        return _klass_classification(number, asked)
    if what == "changes":
        return _klass_rows("codeChanges", _klass_changes(), asked)
    if what.startswith("corresponds"):
        rows = _klass_pairs(number, asked)
        return _klass_rows("correspondenceItems", rows, asked) if rows else (404, {"error": "none"})
    rows = _klass_codes(number, asked, ranged=not what.endswith("At"))
    return _klass_rows("codes", rows, asked)


def _klass_search(asked: Mapping[str, str]) -> Any:
    link = {"self": {"href": f"{asked['host']}/klass/classifications/131"}}
    found = [{"name": "Standard for kommuneinndeling", "snippet": asked["query"], "_links": link}]
    return {"_embedded": {"searchResults": found}, "page": {"totalElements": 1}}


def _klass_classification(number: str, asked: Mapping[str, str]) -> Any:
    names = {"131": "Standard for kommuneinndeling", "1": "Standard for delområde og grunnkrets"}
    if asked.get("language") == "en":
        names = {"131": "Classification of municipalities"}
    if number == "999":
        return 404, {"error": "Classification not found with id = 999"}
    versions = [
        {"name": "2024", "validFrom": "2024-01-01"},
        {"name": "1838", "validFrom": "1838-01-01"},
    ]
    return {
        "name": names.get(number, "Standard"),
        "lastModified": "2026-01-01T00:00:00.000+0000",
        "owningSection": "320 - Seksjon for befolkningsstatistikk",
        "versions": versions,
    }


def _klass_codes(number: str, asked: Mapping[str, str], *, ranged: bool) -> list[dict[str, Any]]:
    rows = _klass_listed()[number]
    made = []
    since, until, date = asked.get("from", ""), asked.get("to"), asked.get("date", "")
    for code, parent, level, name, start, end in rows:
        if not ranged and not (start <= date and (end is None or date < end)):
            continue
        if ranged and ((end is not None and end <= since) or (until and start >= until)):
            continue
        row: dict[str, Any] = {
            "code": code, "parentCode": parent, "level": level, "name": name, "shortName": "",
            "presentationName": "", "validFrom": None, "validTo": None, "notes": "",
        }  # fmt: skip
        if ranged:
            row["validFromInRequestedRange"] = max(start, since)
            ends = [one for one in (end, until) if one]
            row["validToInRequestedRange"] = min(ends) if ends else None
        made.append(row)
    return made


_Listed = tuple[str, str | None, str, str, str, str | None]


def _klass_listed() -> dict[str, list[_Listed]]:
    """Return code, parent, level, name, first and last day of every list."""
    return {
        "131": [(code, None, "1", name, since, until) for code, name, since, until in KOMMUNER],
        "1": [(c, p, level, name, "2020-01-01", None) for c, p, level, name in GRUNNKRETSER],
        "745": [(code, None, "1", name, "2024-01-01", None) for code, name in SONER],
        "103": [(code, None, "1", name, "2004-01-01", None) for code, name in BYDELER],
    }


def _klass_changes() -> list[dict[str, Any]]:
    return [
        {
            "oldCode": old, "oldName": old_name, "oldShortName": None,
            "newCode": new, "newName": new_name, "newShortName": None, "changeOccurred": when,
        }
        for old, old_name, new, new_name, when in CHANGES
    ]  # fmt: skip


def _klass_pairs(number: str, asked: Mapping[str, str]) -> list[dict[str, Any]]:
    if (number, asked.get("targetClassificationId")) != ("131", "103"):
        return []
    return [
        {
            "sourceCode": "0301", "sourceName": "Oslo", "sourceShortName": "",
            "targetCode": code, "targetName": name, "targetShortName": "",
            "validFrom": "2015-01-01", "validTo": None,
        }
        for code, name in BYDELER
    ]  # fmt: skip


def _klass_rows(key: str, rows: list[dict[str, Any]], asked: Mapping[str, str]) -> Any:
    if "csv" not in asked["accept"]:
        return {key: rows}
    if not rows:
        return b""
    lines = [",".join(f'"{name}"' for name in rows[0])]
    lines += [
        ",".join("" if value is None else f'"{value}"' for value in row.values()) for row in rows
    ]
    return ("\n".join(lines) + "\n").encode()


# --- Kartverket ---


def _kommuneinfo(path: str, asked: Mapping[str, str], body: str) -> Any:
    parts = path.split("/")
    kommuner = [
        {"kommunenavn": name, "kommunenavnNorsk": name, "kommunenummer": code}
        for code, name, *_ in SQUARES
    ]
    match parts:
        case ["kommuner"]:
            return kommuner
        case ["fylker"]:
            return [{"fylkesnavn": "Oslo", "fylkesnummer": "03"}]
        case ["punkt"]:
            return _kommune_at(float(asked["ost"]), float(asked["nord"]))
        case ["kommuner", code, "nabokommuner"]:
            return [one for one in kommuner if one["kommunenummer"] != code]
        case ["kommuner", code, "omrade"]:
            return _square(code, asked.get("utkoordsys", "4258"))
    return 404, {"melding": "Finner ikke ressursen"}


def _square(code: str, system: str) -> Any:
    for number, name, west, south, east, north in SQUARES:
        if number == code:
            ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
            crs = {"type": "name", "properties": {"name": f"EPSG:{system}"}}
            shape = {"type": "MultiPolygon", "coordinates": [[ring]], "crs": crs}
            return {"kommunenavn": name, "kommunenummer": number, "omrade": shape}
    return 404, {"melding": "Ukjent kommunenummer"}


def _kommune_at(east: float, north: float) -> Any:
    for code, name, w, s, e, n in SQUARES:
        if w <= east <= e and s <= north <= n:
            county = ("Oslo", "03") if code == "0301" else ("Akershus", "32")
            return {
                "kommunenavn": name, "kommunenummer": code,
                "fylkesnavn": county[0], "fylkesnummer": county[1],
            }  # fmt: skip
    return 404, {"melding": "Ingen kommune i punktet"}


# --- Geonorge ---

_GML = """<?xml version="1.0" encoding="UTF-8"?>
<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2"
  xmlns:app="http://skjema.geonorge.no/x" gml:id="c">
<gml:featureMember><app:Kommune gml:id="k1"><app:kommunenummer>0301</app:kommunenummer>
<app:omrade><gml:Polygon gml:id="p1" srsName="http://www.opengis.net/def/crs/EPSG/0/25833">
<gml:exterior><gml:LinearRing><gml:posList>
260000 6640000 270000 6640000 270000 6650000 260000 6650000 260000 6640000
</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></app:omrade>
</app:Kommune></gml:featureMember></gml:FeatureCollection>"""


def _geonorge(path: str, asked: Mapping[str, str], body: str) -> Any:
    if path.startswith("codelists/area/"):
        offered = {
            "projections": [{"code": "25833", "name": "EUREF89 UTM sone 33, 2d"}],
            "formats": [{"name": "GML"}, {"name": "GeoJSON"}],
        }
        return [
            {"type": "landsdekkende", "name": "Hele landet", "code": "0000", **offered},
            {"type": "kommune", "name": "Oslo", "code": "0301", **offered},
        ]
    if path == "order":
        return _order(asked, json.loads(body))
    if path == "download/order/1":
        held = BytesIO()
        with zipfile.ZipFile(held, "w") as archive:
            archive.writestr("../Basisdata_0301_Oslo.gml", _GML)
            archive.writestr("les-meg.txt", "Kartverket")
        return held.getvalue()
    return 404, {"message": "not found"}


def _order(asked: Mapping[str, str], order: Mapping[str, Any]) -> Any:
    area = order["orderLines"][0]["areas"][0]
    ready = area["code"] == "0301"
    file = {
        "status": "ReadyForDownload" if ready else "WaitingForProcessing",
        "downloadUrl": f"{asked['host']}/geonorge/download/order/1" if ready else None,
        "name": f"Basisdata_{area['code']}_{area['name']}_25833_Kommuner_GML.zip",
    }
    return {"referenceNumber": "1", "files": [file]}


# --- Services of features ---

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMES = """xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"
  xmlns:app="https://skjema.geonorge.no/x" """


def _wfs(path: str, asked: Mapping[str, str], body: str) -> Any:
    """`wfs.administrative_enheter` pages by two, `wfs.whole` gives all, `wfs.silent` no total."""
    if asked["request"] == "GetCapabilities":
        paging = "FALSE" if path == "wfs.whole" else "TRUE"
        return _capabilities(paging).encode()
    if asked["typeNames"] != "app:Kommune":
        report = (
            f'{_XML}<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1">'
            "<ows:Exception><ows:ExceptionText>Ukjent objekttype</ows:ExceptionText>"
            "</ows:Exception></ows:ExceptionReport>"
        )
        return report.encode()
    total = int(asked["features"])
    matched = "unknown" if path == "wfs.silent" else str(total)
    if asked.get("resultType") == "hits":
        return f'{_XML}<wfs:FeatureCollection {_NAMES} numberMatched="{matched}"/>'.encode()
    first = int(asked.get("startIndex", 0))
    shown = range(first, min(total, first + int(asked.get("count", total))))
    members = "".join(map(_member, shown))
    # As some servers do, this one never says how many it returned.
    return (
        f'{_XML}<wfs:FeatureCollection {_NAMES} timeStamp="2026-11-28T12:00:00Z" '
        f'numberMatched="{matched}" numberReturned="0">{members}</wfs:FeatureCollection>'
    ).encode()


def _capabilities(paging: str) -> str:
    def stated(name: str, value: str) -> str:
        return (
            f'<ows:Constraint name="{name}"><ows:NoValues/>'
            f"<ows:DefaultValue>{value}</ows:DefaultValue></ows:Constraint>"
        )

    return (
        f'{_XML}<wfs:WFS_Capabilities {_NAMES} xmlns:ows="http://www.opengis.net/ows/1.1">'
        f"<ows:OperationsMetadata>{stated('ImplementsResultPaging', paging)}"
        f"{stated('CountDefault', '2')}</ows:OperationsMetadata><wfs:FeatureTypeList>"
        "<wfs:FeatureType><wfs:Name>app:Kommune</wfs:Name></wfs:FeatureType>"
        "<wfs:FeatureType><wfs:Name>app:Fylke</wfs:Name></wfs:FeatureType>"
        "</wfs:FeatureTypeList></wfs:WFS_Capabilities>"
    )


def _member(number: int) -> str:
    """One municipality of ten by ten kilometres, east of the one before."""
    west, east = 260_000 + 10_000 * number, 270_000 + 10_000 * number
    ring = f"{west} 6640000 {east} 6640000 {east} 6650000 {west} 6650000 {west} 6640000"
    return (
        f'<wfs:member><app:Kommune gml:id="k{number + 1}">'
        f"<app:kommunenummer>{9901 + number}</app:kommunenummer>"
        f"<app:kommunenavn>Bygd {number + 1}</app:kommunenavn>"
        f'<app:område><gml:Polygon gml:id="p{number}" srsName="urn:ogc:def:crs:EPSG::25833">'
        f"<gml:exterior><gml:LinearRing><gml:posList>{ring}</gml:posList></gml:LinearRing>"
        "</gml:exterior></gml:Polygon></app:område></app:Kommune></wfs:member>"
    )


# --- FHI ---


def _fhi(path: str, asked: Mapping[str, str], body: str) -> Any:
    source = {"id": "nokkel", "title": "Folkehelsestatistikk", "description": "", "aboutUrl": ""}
    told = {"header": "Beskrivelse", "content": "<p>Personer 16 år og <b>over</b></p>"}
    if path == "nokkel/table/187/data":
        return _fhi_cube(json.loads(body))
    known: dict[str, Any] = {
        "Common/source": [source],
        "nokkel/table": [_FHI_TABLE],
        "nokkel/table/187": _FHI_TABLE,
        "nokkel/table/187/dimension": {"dimensions": _fhi_dimensions()},
        "nokkel/table/187/flag": [{"title": ":", "text": "Anonymisert"}],
        "nokkel/table/187/metadata": {"name": _FHI_TABLE["title"], "paragraphs": [told]},
    }
    missing = (404, {"title": "Not Found", "detail": "Tabellen finnes ikke"})
    return known.get(path, missing)


_FHI_TABLE = {
    "tableId": 187, "title": "Personer som bor alene",
    "publishedAt": "2026-01-01T00:00:00", "modifiedAt": "2026-02-01T00:00:00",
}  # fmt: skip


def _fhi_dimensions() -> list[dict[str, Any]]:
    def leaf(value: str, label: str, *children: dict[str, Any]) -> dict[str, Any]:
        return {"label": label, "value": value, "children": list(children)}

    place = leaf("030101", "Gamle Oslo")
    tree = leaf("0", "Hele landet", leaf("03", "Oslo", leaf("0301", "Oslo", place)))
    return [
        {"code": "GEO", "label": "Geografi", "categories": [tree]},
        {"code": "AAR", "label": "År", "categories": [leaf(*one) for one in AAR.items()]},
        {
            "code": "MEASURE_TYPE",
            "label": "Måltall",
            "categories": [leaf(*one) for one in MEASURES.items()],
        },
    ]


def _fhi_cube(asked: Mapping[str, Any]) -> Any:
    known = {"GEO": GEO, "AAR": AAR, "MEASURE_TYPE": MEASURES}
    taken = {one["code"]: one["values"] for one in asked["dimensions"] if one["filter"] == "item"}
    if set(taken) != set(known):
        return 400, {"title": "Bad Request", "detail": "Alle dimensjoner må være med"}
    cells = [
        (geo, year, measure)
        for geo in taken["GEO"]
        for year in taken["AAR"]
        for measure in taken["MEASURE_TYPE"]
    ]
    if len(cells) > asked["response"].get("maxRowCount", len(cells)):
        return 400, {"title": "Bad Request", "detail": "Flere rader enn maxRowCount"}
    figures = [FIGURES[cell] for cell in cells]
    hidden = {str(at): figure for at, figure in enumerate(figures) if isinstance(figure, str)}
    return {
        "class": "dataset",
        "version": "2.0",
        "label": "Personer som bor alene",
        "updated": "2026-01-01T00:00:00",
        "id": list(taken),
        "size": [len(codes) for codes in taken.values()],
        "dimension": {
            name: {
                "label": name,
                "category": {"index": codes, "label": {code: known[name][code] for code in codes}},
            }
            for name, codes in taken.items()
        },
        "value": [None if isinstance(figure, str) else figure for figure in figures],
        "status": hidden or "",
    }


# --- Udir ---


def _unit(number: str, name: str, **more: Any) -> dict[str, Any]:
    return {
        "Organisasjonsnummer": number,
        "Navn": name,
        "Kommune": {"Navn": "Oslo - Oslove", "Kommunenummer": "0301", "ErNedlagt": False},
        "Koordinat": {"Lengdegrad": 10.78, "Breddegrad": 59.91, "Zoom": 12, "GeoKilde": "GeoNorge"},
        "ErAktiv": True,
        "DatoEndret": "2026-10-01T00:00:00+02:00",
        **more,
    }


_SCHOOL = {
    "ErSkole": True, "ErGrunnskole": True, "ErVideregaaendeSkole": False,
    "ErOffentligSkole": True, "ErPrivatskole": False,
    "SkoletrinnGSFra": 1, "SkoletrinnGSTil": 7, "Elevtall": 386,
}  # fmt: skip
_UNPLACED = {"Lengdegrad": 0, "Breddegrad": 0, "Zoom": 0, "GeoKilde": "Undefined"}
_KINDERGARTEN = {
    "ErBarnehage": True, "ErOffentligBarnehage": True, "ErPrivatBarnehage": False, "AntallBarn": 36,
}  # fmt: skip
UNITS: dict[str, tuple[dict[str, Any], ...]] = {
    "data-nsr": (
        _unit("974552124", "Hosle skole", **_SCHOOL),
        _unit("974552125", "Ny skole", **{**_SCHOOL, "Elevtall": 0, "Koordinat": _UNPLACED}),
        _unit("974552126", "Nedlagt skole", **{**_SCHOOL, "ErAktiv": False}),
        _unit("U90099013", "Skolen i utlandet", **{**_SCHOOL, "ErPrivatskole": True}),
        _unit("976820037", "Skoleeier", **{**_SCHOOL, "ErSkole": False, "ErGrunnskole": False}),
    ),
    "data-nbr": (
        _unit("995599236", "Testbarnehagen", **_KINDERGARTEN),
        _unit(
            "995599237",
            "Privat barnehage",
            **{**_KINDERGARTEN, "ErOffentligBarnehage": False, "ErPrivatBarnehage": True},
        ),
    ),
}
_LISTED = ("Organisasjonsnummer", "Navn", "ErAktiv")


def _udir(register: str) -> Callable[[str, Mapping[str, str], str], Any]:
    def served(path: str, asked: Mapping[str, str], body: str) -> Any:
        units = UNITS[register]
        match path.split("/"):
            case ["v4", "enheter"]:
                return _udir_page(units, int(asked["sidenummer"]))
            case ["v4", "enheter", "kommune", _]:
                return {"EnhetListe": [_udir_listed(one) for one in units]}
            case ["v4", "enhet", number]:
                found = [one for one in units if one["Organisasjonsnummer"] == number]
                return found[0] if found else (404, {"title": "Not Found"})
        return 404, {"title": "Not Found"}

    return served


def _udir_listed(unit: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in unit.items() if k in _LISTED or k.startswith("Er")}


def _udir_page(units: tuple[dict[str, Any], ...], number: int) -> Any:
    """Return a page; this register has room for two units on each."""
    pages = -(-len(units) // 2)
    return {
        "Sidenummer": number,
        "AntallPerSide": 2,
        "AntallSider": pages,
        "TotaltAntallEnheter": len(units),
        "EnhetListe": [_udir_listed(one) for one in units[2 * number - 2 : 2 * number]],
    }


def _udir_export(path: str, asked: Mapping[str, str], body: str) -> Any:
    match path.split("/")[4:]:
        case []:
            return [{"id": 152, "navn": "Elevundersøkelsen, indikatorer"}]
        case ["152", "filterVerdier"]:
            return {
                "TidID": [{"id": 202512, "kode": "202512", "navn": "2025-26"},
                          {"id": 202412, "kode": "202412", "navn": "2024-25"}],
                "EierformID": [{"id": -10, "kode": "-10", "navn": "Alle eierformer"}],
            }  # fmt: skip
        case ["152", "data"]:
            if "filter" not in asked:
                return 400, {"kode": 400, "melding": "Filter må oppgis!"}
            return _udir_records(asked["filter"])
    return 404, {"kode": 404}


def _udir_records(chosen: str) -> list[dict[str, Any]]:
    year = "2025-26" if "202512" in chosen else "2024-25"
    return [
        {"Skoleaarnavn": year, "EnhetNavn": "Hosle skole", "Score": score, "Sidenummer": 1,
         "RaderSide": 2, "RaderTotalt": 2}
        for score in ("4,1", "*")
    ]  # fmt: skip


_PRODUCERS: dict[str, Callable[[str, Mapping[str, str], str], Any]] = {
    "klass": _klass,
    "kommuneinfo": _kommuneinfo,
    "geonorge": _geonorge,
    "wfs": _wfs,
    "fhi": _fhi,
    "data-nsr": _udir("data-nsr"),
    "data-nbr": _udir("data-nbr"),
    "api.statistikkbanken": _udir_export,
}
