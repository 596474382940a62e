"""Kartverket: a recorded answer, the service's own description, shapes through the border reader."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from nabolag.core import UserError
from nabolag.sources.geometry import GeometrySpec, read_geometry
from nabolag.sources.producers import Answer, Request
from nabolag.sources.producers.kartverket import (
    Kartverket,
    areas_of,
    links_of,
    shapes_as_geojson,
)
from tests.sources.producers.served import fetch, producer_at, query, transport
from tests.support.producer_server import Served

RECORDED = "6-api-recorded/kartverket"


def recorded(data_root: Path) -> Answer:
    content = (data_root / RECORDED / "kommuneinfo_v1_fylkerkommuner_2023.json").read_bytes()
    request = Request("fylkerkommuner", "https://ws.geonorge.no/kommuneinfo/v1/fylkerkommuner")
    return Answer(request, content, "2023-01-01T00:00:00Z")


def described(data_root: Path, definition: str) -> dict[str, Any]:
    """The service's description of an answer, with what it means by absent values put right."""
    text = (data_root / RECORDED / "kommuneinfo_v1_openapi.json").read_text(encoding="utf-8")
    return {"$ref": f"#/definitions/{definition}", "definitions": json.loads(text)["definitions"]}


def test_the_recorded_counties_and_municipalities(data_root: Path) -> None:
    answer = recorded(data_root)
    areas = areas_of([answer])
    by_level = dict(areas.group_by("level").len().iter_rows())
    assert by_level == {"fylke": 11, "kommune": 356}
    links = links_of([answer])
    assert links.height == 356
    inside = dict(links.select("code", "parent_code").iter_rows())
    assert (inside["0301"], inside["4601"], inside["5401"]) == ("03", "46", "54")
    table = Kartverket("kartverket", lambda _: answer, "").read([answer])
    assert table.frame.height == 356
    assert {"kommunenummer", "kommunenavn", "fylkesnummer", "fylkesnavn"} <= set(table.columns)


@pytest.mark.parametrize(
    ("path", "definition", "many"),
    [
        ("kommuner", "KomEnkelNorskNavn", True),
        ("fylker", "FylkerEnkel", True),
        ("kommuner/0301/omrade", "KomEnkelOmrade", False),
        ("kommuner/0301/nabokommuner", "KomEnkelNorskNavn", True),
        ("punkt?nord=59.91&ost=10.75&koordsys=4258", "KommuneFylkeEnkel", False),
    ],
)
def test_the_server_answers_as_the_service_describes(
    served: Served, data_root: Path, path: str, definition: str, many: bool
) -> None:
    with transport() as line:
        document = line.ask(Request("x", served.at(f"kommuneinfo/{path}"))).document
    schema = described(data_root, definition)
    properties = set(schema["definitions"][definition]["properties"])
    for one in document if many else [document]:
        jsonschema.validate(one, schema)
        assert set(one) <= properties


def test_shapes_are_read_by_the_border_reader_in_the_right_place(
    served: Served, tmp_path: Path
) -> None:
    answers = fetch("kartverket", query("kommuneomrader", {"kommune": ("*",)}), served)
    assert [a.request.name for a in answers] == ["kommuneomrader-0301", "kommuneomrader-3201"]
    assert any("omrade?utkoordsys=4258" in asked for asked in served.asked)
    (tmp_path / "kommuner.geojson").write_bytes(shapes_as_geojson(answers))
    spec = GeometrySpec.model_validate(
        {
            "id": "kommuner",
            "file": "kommuner.geojson",
            "level": "kommune",
            "geography": "2026",
            "code": "kommunenummer",
            "name": "kommunenavn",
        }
    )
    read = read_geometry(spec, tmp_path / spec.file[0], spec.file[0])
    assert read.areas["code"].to_list() == ["0301", "3201"]
    area = dict(read.shapes.select("code", "area_km2").iter_rows())
    # 0.4 degrees of longitude at 60° north are about 22 km, 0.3 of latitude 33 km.
    assert area["0301"] == pytest.approx(747, rel=0.02)
    assert area["3201"] == pytest.approx(area["0301"] / 2, rel=0.01)


def test_shapes_in_two_systems_are_refused(served: Served) -> None:
    one = fetch("kartverket", query("kommuneomrader", {"kommune": ("0301",)}), served)
    other = fetch(
        "kartverket", query("kommuneomrader", {"kommune": ("3201",)}, system="25833"), served
    )
    with pytest.raises(UserError, match="EPSG:25833, EPSG:4258"):
        shapes_as_geojson([*one, *other])


def test_points_and_neighbours_tell_what_was_asked(served: Served) -> None:
    points = fetch("kartverket", query("punkt", {"punkt": ("10.75,59.91", "10.4,59.9")}), served)
    with transport() as line:
        table = producer_at("kartverket", served, line).read(points)
    assert table.frame.select("punkt", "kommunenummer", "fylkesnummer").rows() == [
        ("10.75,59.91", "0301", "03"),
        ("10.4,59.9", "3201", "32"),
    ]
    near = fetch("kartverket", query("naboer", {"kommune": ("0301",)}), served)
    with transport() as line:
        rows = producer_at("kartverket", served, line).read(near).frame
    assert rows.select("naboer", "kommunenummer").rows() == [("0301", "3201")]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (query("kommune"), "Nearest: kommune"),
        (query("kommuneomrader", {"kommune": ("0302",)}), "Nearest: 0301"),
        (query("kommuneomrader", {"bydel": ("1",)}), "Dimensions: kommune"),
        (query("punkt", {"punkt": ("59.91;10.75",)}), "10.75,59.91"),
        (query("kommuner", language="", srid="4326"), "Options: system"),
    ],
)
def test_questions_that_cannot_be_asked(served: Served, wanted: Any, said: str) -> None:
    with pytest.raises(UserError, match=said):
        fetch("kartverket", wanted, served)


def test_a_point_outside_norway_is_the_services_refusal(served: Served) -> None:
    with pytest.raises(UserError, match="404"):
        fetch("kartverket", query("punkt", {"punkt": ("2.35,48.86",)}), served)


def test_the_list_is_searched(served: Served) -> None:
    with transport() as line:
        kartverket = producer_at("kartverket", served, line)
        assert [one.id for one in kartverket.list("grenser")] == ["kommuneomrader", "fylkesomrader"]
        assert len(kartverket.list("")) == 7


def test_a_shape_without_its_system_is_refused(served: Served) -> None:
    answers = fetch("kartverket", query("kommuneomrader", {"kommune": ("0301",)}), served)
    document: Mapping[str, Any] = answers[0].document
    del document["omrade"]["crs"]
    bare = Answer(answers[0].request, json.dumps(document).encode(), "x")
    with pytest.raises(UserError, match="omrade"):
        shapes_as_geojson([bare])
