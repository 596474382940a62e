"""PxWebApi v2 against a local service: describe, choose, ask, check, read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft4Validator

from nabolag.core import Place, Status, UserError
from nabolag.sources.producers import Answer, Query, Request, Selection, TableDescription
from nabolag.sources.producers.pxweb import LONGEST_URL, PxWebApi, selection_in
from nabolag.sources.producers.pxweb_select import resolve
from nabolag.sources.producers.transport import Politeness, Transport
from tests.support.pxweb_server import PxServer, Table, population, recorded

QUICK = Politeness(first_pause=0.01, attempts=3, timeout=5)
ALL = Selection(("*",))


@pytest.fixture
def server() -> Iterator[PxServer]:
    table, lists = population()
    other = Table("12134", "Nøkkeltall for kommuneregnskap", table.dims, table.cell)
    with PxServer([table, other], lists=lists).running() as running:
        yield running


@pytest.fixture
def px(server: PxServer) -> Iterator[PxWebApi]:
    with Transport(Place("test"), QUICK) as transport:
        yield PxWebApi("pxwebapi", transport.ask, server.url)


def query(**select: Selection | str | tuple[str, ...]) -> Query:
    chosen = {
        name: one
        if isinstance(one, Selection)
        else Selection((one,) if isinstance(one, str) else one)
        for name, one in select.items()
    }
    return Query("07459", {"ContentsCode": ALL, "Tid": ALL, **chosen})


def answers(px: PxWebApi, asked: Query, description: TableDescription) -> list[Answer]:
    found = [px._ask(request) for request in px.requests(asked, description)]
    for answer in found:
        px.check(answer)
    return found


def test_a_description_holds_what_the_service_says(px: PxWebApi) -> None:
    found = px.describe("07459", ("agg_Landsdel",))
    assert (found.label, found.updated) == (
        "07459: Befolkning, etter region, kjønn, alder og år",
        "2026-02-25T07:00:00Z",
    )
    assert found.licence == "https://creativecommons.org/licenses/by/4.0/"
    assert found.source == "Statistisk sentralbyrå"
    assert found.notes == ("Tall per 1. januar.",)
    assert (found.max_cells, found.max_calls, found.window_seconds) == (800_000, 1_000, 10.0)
    region, sex, age, contents, time = found.dimensions
    assert [d.role for d in found.dimensions] == ["geo", "", "", "metric", "time"]
    assert (sex.eliminates, region.eliminates) == (True, False)
    assert age.codes[2].notes == ("Åpen gruppe.",)
    assert (contents.codes[0].unit, contents.codes[0].decimals) == ("personer", 0)
    assert time.values == ("2022", "2023", "2024")
    assert [(one.id, one.aggregates, len(one.codes)) for one in region.code_lists] == [
        ("agg_Landsdel", True, 2),
        ("vs_Fastland", False, 0),
    ]
    assert region.code_lists[0].codes[0].made_of == ("9901", "9902")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (("*",), ("2022", "2023", "2024")),
        (("top(2)",), ("2023", "2024")),
        (("top(1, 1)",), ("2023",)),
        (("bottom(1)",), ("2022",)),
        (("from(2023)",), ("2023", "2024")),
        (("TO(2023)",), ("2022", "2023")),
        (("range(2022,2023)",), ("2022", "2023")),
        (("202?",), ("2022", "2023", "2024")),
        (("*4", "2022"), ("2022", "2024")),
    ],
)
def test_expressions_of_time_are_those_of_the_service(
    px: PxWebApi, given: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    chosen = resolve(query(Region="*", Tid=given), px.describe("07459"))
    assert chosen["Tid"].codes == expected


def test_top_of_what_is_not_time_takes_the_first(px: PxWebApi) -> None:
    chosen = resolve(query(Region="top(1)", Alder="bottom(1)"), px.describe("07459"))
    assert (chosen["Region"].codes, chosen["Alder"].codes) == (("9901",), ("002",))


def test_parts_hold_the_whole_selection_and_are_within_the_limit(
    server: PxServer, px: PxWebApi
) -> None:
    server.max_cells = 7
    description = px.describe("07459")
    asked = query(Region="*", Kjonn="*", Alder="*")
    requests = px.requests(asked, description)
    cells = [cell for request in requests for cell in product(*selection_in(request).values())]
    assert len(cells) == len(set(cells)) == 3 * 2 * 3 * 1 * 3
    assert max(request.cells for request in requests) <= 7
    table = px.read(answers(px, asked, description)).frame
    assert table.height == 54
    assert table.select("Region", "Kjonn", "Alder", "Tid").is_unique().all()
    # The whole in one request holds the same figures.
    server.max_cells = 0
    server.max_cells = 800_000
    whole = px.read(answers(px, asked, px.describe("07459"))).frame
    order = ["Region", "Kjonn", "Alder", "Tid"]
    assert table.drop("_row").sort(order).equals(whole.drop("_row").sort(order))


def test_a_status_keeps_its_mark(px: PxWebApi) -> None:
    description = px.describe("07459")
    table = px.read(
        answers(px, query(Region="9903", Kjonn="*", Alder="000", Tid="2022"), description)
    )
    assert table.mark_column == "status"
    assert table.frame.select("Kjonn", "value", "status").rows() == [("1", "", "."), ("2", "", ":")]


def test_a_dimension_left_out_is_summed_by_the_service(px: PxWebApi) -> None:
    description = px.describe("07459")
    table = px.read(answers(px, query(Region="9901", Tid="2024"), description)).frame
    # (24 + 10 × age + sex) over three ages and two sexes.
    assert table["value"].to_list() == [
        str(sum(24 + 10 * age + sex for age in range(3) for sex in (1, 2)))
    ]


def test_groupings_and_subsets(px: PxWebApi) -> None:
    description = px.describe("07459", ("agg_Landsdel", "vs_Fastland"))
    grouped = query(Region=Selection(("*",), "agg_Landsdel"), Tid="2023")
    table = px.read(answers(px, grouped, description)).frame
    assert table["Region"].to_list() == ["L-1", "L-2"]
    assert table["Region.text"].to_list() == ["Fastlandet", "Øyene"]
    parts = px.read(answers(px, query(Region="*", Tid="2023"), description)).frame
    numbers = [int(value) for value in parts["value"]]
    assert [int(value) for value in table["value"]] == [numbers[0] + numbers[1], numbers[2]]
    subset = query(Region=Selection(("*",), "vs_Fastland"), Tid="2023")
    assert px.read(answers(px, subset, description)).frame["Region"].to_list() == ["9901", "9902"]


def test_large_selections_are_posted(server: PxServer) -> None:
    areas = {f"{number:04}": f"Område {number}" for number in range(839)}
    table, lists = population(areas)
    server.tables[table.id] = table
    server.lists = lists
    with Transport(Place("test"), QUICK) as transport:
        px = PxWebApi("pxwebapi", transport.ask, server.url)
        description = px.describe("07459")
        (large,) = px.requests(query(Region="*", Tid="2024"), description)
        (small,) = px.requests(query(Region="0001", Tid="2024"), description)
        assert (large.method, small.method) == ("POST", "GET")
        assert all(len(one.url) <= LONGEST_URL for one in (large, small))
        answer = transport.ask(large)
        px.check(answer)
        assert px.read([answer]).frame.height == 839
        # The same as GET is refused, by this service as by Statistics Norway.
        spelled = f"{large.url}&valueCodes[Region]={','.join(areas)}&valueCodes[Tid]=2024"
        with pytest.raises(UserError, match="414"):
            transport.ask(Request("x", spelled + "&valueCodes[ContentsCode]=Personer"))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (query(Region="990l"), "9901 (Nordvik)"),
        (query(Region="sorvik"), "9902 (Sørvik)"),
        (query(Region="98*"), "top(n)"),
        (query(Region="top(null)"), "top(n)"),
        (query(Region="*", Tid="from(1999)"), "2022"),
        (query(Regoin="9901"), "Region"),
        (query(), "Region (region) must be chosen"),
        (query(Region=Selection(("*",), "agg_Landsdeler")), "agg_Landsdel"),
    ],
)
def test_a_wrong_selection_names_the_nearest_before_anything_is_asked(
    server: PxServer, px: PxWebApi, asked: Query, said: str
) -> None:
    description = px.describe("07459", ("agg_Landsdel",))
    with pytest.raises(UserError) as caught:
        px.requests(asked, description)
    assert said in str(caught.value)
    assert server.count() == 0


def test_every_mistake_is_told_at_once(px: PxWebApi) -> None:
    with pytest.raises(UserError) as caught:
        px.requests(query(Region=("9901", "x1"), Alder="99", Sivilstand="*"), px.describe("07459"))
    assert len(caught.value.findings) == 3


@pytest.mark.parametrize(
    ("given", "near"), [("7459", "07459"), ("O7459", "07459"), ("1213", "12134")]
)
def test_an_unknown_table_names_the_nearest(px: PxWebApi, given: str, near: str) -> None:
    with pytest.raises(UserError, match=near):
        px.describe(given)


def test_unknown_lists_and_languages(px: PxWebApi) -> None:
    with pytest.raises(UserError, match="agg_Landsdel"):
        px.describe("07459", ("agg_Landsde",))
    with pytest.raises(UserError, match="no, en"):
        px.describe("07459", (), "nb")


def test_tables_are_searched_page_by_page(px: PxWebApi) -> None:
    assert [one.id for one in px.list("befolkning region")] == ["07459"]
    (found,) = px.list("12134")
    assert (found.label, found.first_period, found.last_period) == (
        "Nøkkeltall for kommuneregnskap", "2022", "2024",
    )  # fmt: skip
    assert px.list("finnes ikke") == ()


def test_an_answer_with_other_codes_is_refused(server: PxServer, px: PxWebApi) -> None:
    description = px.describe("07459")
    (request,) = px.requests(query(Region="9901", Tid="2024"), description)
    (other,) = px.requests(query(Region=("9901", "9902"), Tid="2024"), description)
    answer = px._ask(request)
    with pytest.raises(UserError, match="9902"):
        px.check(Answer(other, answer.content, answer.retrieved_at))
    server.faults[server.count() + 1] = "other-codes"
    with pytest.raises(UserError, match="other codes"):
        px.check(px._ask(request))
    short = json.loads(answer.content) | {"value": []}
    with pytest.raises(UserError, match="cannot be read"):
        px.check(Answer(request, json.dumps(short).encode(), answer.retrieved_at))


# What is held against the recorded description and the recorded answers.


@pytest.fixture(scope="session")
def schemas(data_root: Path) -> Any:
    path = data_root / "6-api-recorded" / "pxwebapi" / "PxAPI-2.yml"
    if not path.is_file():
        pytest.skip("the recorded description of PxWebApi is not here")
    described = yaml.safe_load(path.read_text(encoding="utf-8"))

    def mended(node: Any) -> Any:
        """OpenAPI's `nullable` in JSON Schema. Its pattern for `updated` fits dates only, while
        its own text and every recorded answer have a time; the pattern is left out. It also
        requires `values` of a selection, and names that property `valueCodes`."""
        if isinstance(node, list):
            return [mended(one) for one in node]
        if not isinstance(node, dict):
            return node
        if node.get("required") == ["variableCode", "values"]:
            node = {**node, "required": ["variableCode", "valueCodes"]}
        plain = {
            key: mended(one) for key, one in node.items() if key not in ("nullable", "pattern")
        }
        if node.get("nullable") and isinstance(node.get("type"), str):
            plain["type"] = [node["type"], "null"]
        return plain

    return mended({"components": described["components"]})


def errors_in(schemas: Any, name: str, document: Any) -> list[str]:
    validator = Draft4Validator({"$ref": f"#/components/schemas/{name}", **schemas})
    return [f"{list(one.path)}: {one.message}" for one in validator.iter_errors(document)]


def test_the_local_service_answers_as_it_is_described(
    server: PxServer, px: PxWebApi, schemas: Any
) -> None:
    description = px.describe("07459")
    (request,) = px.requests(query(Region="*", Kjonn="*"), description)
    asked = {
        "ConfigResponse": server.config(),
        "TablesResponse": server.listing({}),
        "CodelistResponse": server.code_list("agg_Landsdel"),
        "Dataset": px._ask(request).document,
    }
    for name, document in asked.items():
        assert errors_in(schemas, name, document) == [], name
    metadata = server.dataset(server.tables["07459"], None)
    assert errors_in(schemas, "Dataset", metadata) == []
    # The validator can fail: an answer without its dimensions is no dataset.
    assert errors_in(schemas, "Dataset", {"version": "2.0", "class": "dataset"})


def test_our_posts_are_as_described(px: PxWebApi, schemas: Any) -> None:
    description = px.describe("07459", ("agg_Landsdel",))
    asked = query(Region=Selection(("*",), "agg_Landsdel"), Tid="*")
    request = px._data("x", asked, resolve(asked, description), {"Region": ["L-1"] * 800})
    assert request.method == "POST"
    assert errors_in(schemas, "VariablesSelection", json.loads(request.body)) == []


@pytest.fixture
def record(data_root: Path) -> Any:
    folder = data_root / "6-api-recorded"

    def read(name: str) -> Any:
        path = folder / name
        if not path.is_file():
            pytest.skip(f"the recorded answer {name} is not here")
        return json.loads(path.read_text(encoding="utf-8"))

    return read


@pytest.mark.parametrize(
    ("name", "dimensions"),
    [
        ("ssb/v2_table_05300_metadata.json", 4),
        ("pxwebapi/expected/MetadataById_tab001_js2.json", 5),
        ("pxwebapi/expected/MetadataById_tab003_js2.json", 4),
        ("pxwebapi/expected/MetadataById_tab004_js2.json", 4),
    ],
)
def test_recorded_metadata_are_described(record: Any, name: str, dimensions: int) -> None:
    metadata, config = record(name), record("pxwebapi/expected/GetApiConfiguration.json")

    def ask(request: Request) -> Answer:
        document = config if request.url.endswith("/config") else metadata
        return Answer(request, json.dumps(document).encode(), "2026-11-23T00:00:00Z")

    found = PxWebApi("pxwebapi", ask, "https://example.org/api/v2").describe("x")
    assert found.max_cells == 10_000
    assert [len(d.codes) for d in found.dimensions] == metadata["size"]
    assert len(found.dimensions) == dimensions
    assert found.dimension(metadata["role"]["time"][0]).role == "time"
    labels = [code.label for d in found.dimensions for code in d.codes]
    assert all(labels)


def test_the_recorded_grouping_is_read(record: Any) -> None:
    """An older answer, whose values call their label `value`."""
    from nabolag.sources.producers.pxweb_describe import code_list

    found = code_list(
        record("pxwebapi/specs-examples/codelists-agg_RegionNUTS2_2008-response.json")
    )
    assert found.aggregates
    assert found.codes[1].label == "Östra Mellansverige"
    assert found.codes[1].made_of == ("03", "04", "05", "18", "19")


def test_the_recorded_key_figures_come_through_the_service(record: Any) -> None:
    """Table 12134 (KOSTRA), asked through the local service: the very figures recorded."""
    dataset = record("ssb/v2_table_12134_data.json")
    served: AbstractContextManager[PxServer] = PxServer([recorded(dataset)]).running()
    with served as server, Transport(Place("test"), QUICK) as transport:
        px = PxWebApi("kostra", transport.ask, server.url)
        description = px.describe("12134")
        asked = Query("12134", {d.id: ALL for d in description.dimensions})
        (answer,) = answers(px, asked, description)
        table = px.read([answer]).frame
        assert table["KOKkommuneregion0000"].to_list() == ["0301", "4601", "5001"]
        assert [int(value) for value in table["value"]] == dataset["value"]
        assert px.stamp(answer) == dataset["updated"]
        assert description.notes == tuple(dataset["note"])


def test_a_status_of_statistics_norway_is_read(record: Any) -> None:
    dataset = record("ssb/v0_table_05300_data_jsonstat2.json")
    request = Request("part", "https://example.org/data", format="jsonstat")
    px = PxWebApi("ssb", lambda _: pytest.fail("nothing is asked"), "https://example.org")
    table = px.read([Answer(request, json.dumps(dataset).encode(), "")]).frame
    marks = table.filter(table["status"] != "")
    assert marks.height == len(dataset["status"])
    assert set(marks["value"]) == {""}
    assert Status.MISSING  # «..» and «.» are mapped by the source that reads the table


def test_another_client_gets_the_same_figures(server: PxServer, px: PxWebApi) -> None:
    """pxwebpy splits and asks by itself; it meets the same service and the same figures."""
    pxweb = pytest.importorskip("pxweb")
    server.max_cells = 7
    client = pxweb.PxApi(server.url)
    theirs = client.get_table_data(
        "07459",
        value_codes={"Region": "*", "Kjonn": "*", "Alder": "*", "ContentsCode": "*", "Tid": "*"},
        show="code",
    )
    used = server.count()
    asked = query(Region="*", Kjonn="*", Alder="*")
    found = answers(px, asked, px.describe("07459"))
    ours = px.read(found).frame
    key = ("Region", "Kjonn", "Alder", "Tid")
    mine = {row[:4]: row[4] for row in ours.select(*key, "value").iter_rows()}
    names = ("region", "kjønn", "alder", "år")
    others = {
        tuple(row[name] for name in names): "" if row["value"] is None else str(row["value"])
        for row in theirs
    }
    assert mine == others
    assert len(found) <= used, "the planner needs no more requests"
