"""Services of features: pages that together are the whole list, or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nabolag.core import UserError
from nabolag.pipeline import load_plan
from nabolag.pipeline.fetching import FetchOutcome, fetch, kept_fetches
from nabolag.pipeline.inputs import read_inputs
from nabolag.sources.producers import Answer, InPages, Request
from nabolag.sources.producers.refusals import PassingError, body_trouble
from nabolag.sources.producers.wfs import feature_types, wanted_in
from nabolag.sources.producers.xml_answers import elements
from nabolag.store import Workspace
from tests.sources.producers.served import QUICK, producer_at, query, transport
from tests.sources.producers.served import fetch as asked_for
from tests.support.producer_server import Served

CONFIG = """
[workspace]
name = "Prøven"
main_level = "kommune"
geography = "2026"

[[fetch]]
id = "grenser"
producer = "wfs"
address = "{address}"
table = "{table}"

[[geometry]]
id = "kommuner"
fetch = "grenser"
level = "kommune"
geography = "2026"
code = "kommunenummer"
name = "kommunenavn"
producer = "Kartverket"
title = "Kommuner"
"""


def workspace_in(folder: Path, served: Served, table: str = "kommuner") -> Workspace:
    text = CONFIG.format(address=served.at("wfs"), table=table)
    (folder / "nabolag.toml").write_text(text, encoding="utf-8")
    return Workspace(folder)


def one(workspace: Workspace) -> FetchOutcome:
    (told,) = fetch(workspace, politeness=QUICK)
    return told


def pages_asked(served: Served) -> list[str]:
    return [path.partition("startIndex=")[2] for path in served.asked if "startIndex=" in path]


def test_every_page_is_asked_for_and_the_borders_are_read(served: Served, tmp_path: Path) -> None:
    workspace = workspace_in(tmp_path, served)
    told = one(workspace)
    assert (told.state, told.requests, told.cells) == ("fetched", 3, 5)
    assert sorted(pages_asked(served)) == ["0", "2", "4"]
    assert "srsName=urn:ogc:def:crs:EPSG::25833" in served.asked[-1]
    inputs = read_inputs(workspace, load_plan(workspace), lambda *_: None)
    assert inputs.errors == ()
    (borders,) = inputs.geometries
    assert borders.areas["code"].sort().to_list() == [str(9901 + n) for n in range(5)]
    assert borders.shapes["area_km2"].to_list() == [pytest.approx(100, rel=0.01)] * 5
    (origin,) = inputs.sources
    assert (origin.producer, origin.licence) == ("Kartverket", "CC BY 4.0")
    assert origin.file.startswith("raw/fetched/grenser/")


def test_a_service_without_pages_is_asked_once(served: Served) -> None:
    (answer,) = asked_for("wfs", query("wfs.whole/app:Kommune/25832"), served)
    assert "startIndex" not in answer.request.url
    assert "EPSG%3A%3A25832" in answer.request.url
    with transport() as line:
        table = producer_at("wfs", served, line).read([answer])
    assert table.header == ("id", "kommunenummer", "kommunenavn")
    assert table.frame["kommunenavn"].to_list() == [f"Bygd {n}" for n in range(1, 6)]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("wfs.silent/app:Kommune", "does not say how many features"),
        ("komuner", "Nearest: kommuner"),
        ("wfs.administrative_enheter/app:Komune", "Nearest: app:Kommune"),
        ("fylker", "Ukjent objekttype"),
    ],
)
def test_what_cannot_be_asked_for(served: Served, table: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        asked_for("wfs", query(table), served)


def test_nothing_there_is_said(served: Served) -> None:
    served.features = 0
    with pytest.raises(UserError, match="empty list"):
        asked_for("wfs", query("kommuner"), served)


@pytest.mark.parametrize("fault", ["truncated", "cut-line", "500"])
def test_half_a_page_is_asked_for_again(served: Served, tmp_path: Path, fault: str) -> None:
    served.fail("startIndex=2", fault)
    told = one(workspace_in(tmp_path, served))
    assert told.state == "fetched"
    assert sorted(pages_asked(served)) == ["0", "2", "2", "4"]


def test_a_page_that_stays_broken_keeps_what_was_there_and_goes_on_later(
    served: Served, tmp_path: Path
) -> None:
    workspace = workspace_in(tmp_path, served)
    before = one(workspace).retrieved_at
    served.fail("startIndex=2", *["truncated"] * 3)
    told = one(workspace)
    assert [f.code for f in told.findings] == ["producer_answer_broken"]
    assert kept_fetches(workspace)[0].retrieved_at == before
    served.asked.clear()
    done = one(workspace)
    assert (done.state, "0" in pages_asked(served)) == ("current", False)


def test_a_page_with_fewer_features_than_it_should_is_never_kept(
    served: Served, tmp_path: Path
) -> None:
    workspace = workspace_in(tmp_path, served)
    served.fail("startIndex=2", "fewer")
    told = one(workspace)
    assert [f.code for f in told.findings] == ["wfs_page_short"]
    assert kept_fetches(workspace)[0].state == "absent"
    assert one(workspace).state == "fetched"


def test_a_total_that_changes_between_two_pages_is_begun_anew(
    served: Served, tmp_path: Path
) -> None:
    workspace = workspace_in(tmp_path, served)

    def change(number: int) -> None:
        if number == 4:
            served.features = 6

    served.on_ask = change
    told = one(workspace)
    assert (told.state, told.cells) == ("fetched", 6)
    pages = kept_fetches(workspace)[0]
    assert (pages.requests, pages.cells) == (3, 6)


def test_a_total_that_keeps_changing_is_told(served: Served, tmp_path: Path) -> None:
    workspace = workspace_in(tmp_path, served)

    def change(number: int) -> None:
        served.features = 5 + number

    served.on_ask = change
    assert [f.code for f in one(workspace).findings] == ["fetch_keeps_changing"]
    assert kept_fetches(workspace)[0].state == "absent"


def test_a_feature_on_two_pages_is_refused_and_every_page_asked_for_anew(
    served: Served, tmp_path: Path
) -> None:
    workspace = workspace_in(tmp_path, served)
    served.fail("startIndex=2", "twice")
    told = one(workspace)
    assert [f.code for f in told.findings] == ["wfs_feature_twice"]
    assert "k1" in told.findings[0].text("nb")
    served.asked.clear()
    assert one(workspace).state == "fetched"
    assert sorted(pages_asked(served)) == ["0", "2", "4"]


def test_a_fetch_without_borders_is_no_geometry(served: Served, tmp_path: Path) -> None:
    text = CONFIG.format(address=served.at("klass"), table="kommune")
    (tmp_path / "nabolag.toml").write_text(text.replace('"wfs"', '"klass"'), encoding="utf-8")
    workspace = Workspace(tmp_path)
    assert one(workspace).state == "fetched"
    inputs = read_inputs(workspace, load_plan(workspace), lambda *_: None)
    assert [f.code for f in inputs.errors] == ["fetch_without_borders"]


@pytest.mark.parametrize(
    ("producer", "path", "table"),
    [("geonorge", "geonorge", "kommuner/0301"), ("kartverket", "kommuneinfo", "kommuneomrader")],
)
def test_other_producers_borders_are_read_the_same_way(
    served: Served, tmp_path: Path, producer: str, path: str, table: str
) -> None:
    text = CONFIG.format(address=served.at(path), table=table)
    text = text.replace('"wfs"', f'"{producer}"')
    if producer == "geonorge":
        text = text.replace('name = "kommunenavn"\n', "")
    (tmp_path / "nabolag.toml").write_text(text, encoding="utf-8")
    workspace = Workspace(tmp_path)
    assert one(workspace).state == "fetched"
    inputs = read_inputs(workspace, load_plan(workspace), lambda *_: None)
    assert inputs.errors == ()
    assert "0301" in inputs.geometries[0].areas["code"].to_list()
    assert {path.name for path in tmp_path.iterdir()} == {".lock", "nabolag.toml", "raw"}


@given(total=st.integers(1, 40))
def test_pages_cover_every_feature_once(total: int) -> None:
    from nabolag.sources.producers.wfs import _pages

    class Limit:
        def __init__(self, name: str, text: str) -> None:
            self.name, self.text, self.attributes = name, text, {"name": "CountDefault"}

    paging = Limit("DefaultValue", "TRUE"), Limit("Constraint", "")
    paging[1].attributes = {"name": "ImplementsResultPaging"}
    told = (*paging, Limit("DefaultValue", "7"), Limit("Constraint", ""))
    spans = [tuple(map(int, page.code.split("-"))) for page in _pages(total, told)]  # type: ignore[arg-type]
    assert [n for first, last in spans for n in range(first, last + 1)] == [*range(1, total + 1)]
    assert all(last - first < 7 for first, last in spans)


def test_elements_are_read_without_their_namespaces_and_shapes() -> None:
    text = b'<a:r xmlns:a="x" a:n="1"><a:m><a:f><a:t> ny </a:t><a:s><a:p/></a:s></a:f></a:m></a:r>'
    found = elements(Answer(Request("x", "http://x"), text, "x"), 4)
    assert [(one.path, one.text, one.leaf) for one in found] == [
        (("r", "m", "f", "t"), "ny", True),
        (("r", "m", "f", "s"), "", False),
        (("r", "m", "f"), "", False),
        (("r", "m"), "", False),
        (("r",), "", False),
    ]
    assert found[-1].attributes == {"n": "1"}


def test_broken_xml_may_pass_by_itself() -> None:
    request = Request("x", "http://x", format="gml")
    with pytest.raises(PassingError):
        body_trouble(Answer(request, b"<a><b></a>", "x"))


def test_names_lead_to_services(served: Served) -> None:
    assert {one.name for one in feature_types()} == {"kommuner", "fylker", "grunnkretser"}
    assert wanted_in("kommuner/4258")[1] == "4258"
    with transport() as line:
        producer = producer_at("wfs", served, line)
    assert isinstance(producer, InPages)
    assert [one.id for one in producer.list("grunnkrets")] == ["grunnkretser"]
