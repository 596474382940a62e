"""Geonorge: an order, its file, and what is unpacked of it."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from nabolag.core import UserError
from nabolag.sources.geometry import GeometrySpec, read_geometry
from nabolag.sources.producers import Answer, Request
from nabolag.sources.producers.geonorge import data_sets, unpack, wanted_in
from tests.sources.producers.served import fetch, producer_at, query, transport
from tests.support.producer_server import Served


def test_an_order_is_placed_and_its_borders_are_read(served: Served, tmp_path: Path) -> None:
    answers = fetch("geonorge", query("kommuner/0301"), served)
    order = json.loads(served.bodies[0])["orderLines"][0]
    assert order["metadataUuid"] == "041f1e6e-bdbc-4091-b48f-8a5990f3cc5b"
    assert order["areas"] == [{"code": "0301", "name": "Oslo", "type": "kommune"}]
    assert (order["projections"], order["formats"]) == ([{"code": "25833"}], [{"name": "GML"}])
    # Only the file's own name is used, whatever path the archive gives it.
    written = unpack(answers, tmp_path / "borders")
    assert written == [tmp_path / "borders" / "Basisdata_0301_Oslo.gml"]
    spec = GeometrySpec.model_validate(
        {
            "id": "kommuner",
            "file": "borders/Basisdata_0301_Oslo.gml",
            "level": "kommune",
            "geography": "2026",
            "code": "kommunenummer",
        }
    )
    read = read_geometry(spec, tmp_path / spec.file[0], spec.file[0])
    assert read.shapes["area_km2"].to_list() == [pytest.approx(100.0, rel=1e-6)]


def test_tables_have_a_default_area_system_and_format() -> None:
    assert wanted_in("grunnkretser").text == "grunnkretser/0000/25833/GML"
    number = "db4b872f-264d-434c-9574-57232f1e90d2"
    assert wanted_in(f"{number}/4204/25832/GeoJSON").text == f"{number}/4204/25832/GeoJSON"
    assert {one.name for one in data_sets()} == {"kommuner", "fylker", "grunnkretser"}


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("kommuner/0000", "WaitingForProcessing"),
        ("kommuner/9999", "«9999» is not in area"),
        ("kommuner/0301/4326", "«4326» is not in system"),
        ("kommuner/0301/25833/SOSI", "«SOSI» is not in format"),
        ("komuner", "Nearest: kommuner"),
    ],
)
def test_orders_that_cannot_be_placed(served: Served, table: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        fetch("geonorge", query(table), served)


def archive(**files: str) -> bytes:
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        for name, text in files.items():
            made.writestr(name.replace("_", "."), text)
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (archive(a_gml="x")[:-30], "zip"),
        (b"not a zip at all", "zip"),
        (archive(readme_txt="x"), "readme.txt"),
    ],
    ids=["cut short", "no archive", "no geometry"],
)
def test_archives_that_are_not_whole(served: Served, content: bytes, said: str) -> None:
    request = Request("file", served.at("geonorge/download/order/1"), format="zip")
    with transport() as line, pytest.raises(UserError, match=said):
        producer_at("geonorge", served, line).check(Answer(request, content, "x"))


def test_what_an_archive_holds_is_told(served: Served) -> None:
    answers: Any = fetch("geonorge", query("kommuner/0301"), served)
    with transport() as line:
        table = producer_at("geonorge", served, line).read(answers)
    assert table.frame["file"].to_list() == ["../Basisdata_0301_Oslo.gml"]
