"""FHI: the guide's own example, questions under the limit of rows, hidden figures."""

from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nabolag.core import UserError
from nabolag.sources.adapters import preset_named
from nabolag.sources.cells import map_table
from nabolag.sources.grid import RawTable
from nabolag.sources.producers import Answer, Request
from nabolag.sources.producers.fhi import Fhi, level_of, period_of
from nabolag.sources.spec import SourceSpec
from tests.sources.producers.served import fetch, producer_at, query, transport
from tests.support.producer_answers import AAR, FIGURES, GEO, MEASURES
from tests.support.producer_server import Served


def read(served: Served, answers: tuple[Answer, ...]) -> RawTable:
    with transport() as line:
        return producer_at("fhi", served, line).read(answers)


def guide_example(data_root: Path) -> Answer:
    """The answer that stands in the guide, and the question it answers."""
    text = (data_root / "6-api-recorded/fhi/README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```json(.*?)```", text, re.DOTALL)
    example = json.loads(blocks[1])
    asked = [
        {"code": name, "filter": "item", "values": part["category"]["index"]}
        for name, part in example["dimension"].items()
    ]
    body = json.dumps({"dimensions": asked})
    request = Request("part-0001", "https://x/nokkel/table/1/data", "POST", body, format="jsonstat")
    return Answer(request, json.dumps(example).encode(), "2026-11-23T00:00:00Z")


def test_the_guides_example_is_read_through_its_preset(data_root: Path) -> None:
    answer = guide_example(data_root)
    fhi = Fhi("fhi", lambda _: answer, "")
    fhi.check(answer)
    table = fhi.read([answer])
    assert preset_named("fhi-aar").verified
    spec = SourceSpec.model_validate(
        {
            "id": "growth",
            "file": "x.json",
            "preset": "fhi-aar",
            "geography": "2020",
            "measure": {"id": "growth", "column": "value", "code": "BEFVEKST_ANT"},
            "dimensions": {"sex": "KJONN", "age": "ALDER"},
        }
    )
    cells = map_table(table, spec, "x.json", lambda _: table).cells
    assert cells.select("level", "area", "period", "value").rows() == [
        ("fylke", "03", "2020", 3516.0),
        ("fylke", "03", "2021", 2817.0),
        ("fylke", "30", "2020", 11219.0),
        ("fylke", "30", "2021", 16846.0),
    ]


def test_every_figure_comes_from_its_place_in_the_cube(served: Served) -> None:
    table = read(served, fetch("fhi", query("nokkel/187"), served))
    assert table.frame.height == len(GEO) * len(AAR) * len(MEASURES)
    got = {
        (row["GEO"], row["AAR"], row["MEASURE_TYPE"]): row["status"] or float(row["value"])
        for row in table.frame.iter_rows(named=True)
    }
    assert got == FIGURES
    assert table.frame.filter(pl.col("status") == ":")["value"].to_list() == [""]


def test_levels_and_periods_stand_beside_the_codes(served: Served) -> None:
    frame = read(served, fetch("fhi", query("nokkel/187"), served)).frame
    assert dict(frame.select("GEO", "GEO.level").unique().iter_rows()) == {
        "0": "land",
        "03": "fylke",
        "0301": "kommune",
        "030101": "bydel",
    }
    assert set(frame["AAR.period"]) == {"2019", "2020"}


@pytest.mark.parametrize(
    ("code", "period"),
    [("2020_2020", "2020"), ("2018_2020", "2018-2020"), ("2020", "2020"), ("alle", "alle")],
)
def test_years_and_spans(code: str, period: str) -> None:
    assert period_of(code) == period


def test_codes_of_no_known_length_have_no_level() -> None:
    assert [level_of(code) for code in ("0", "03", "0301", "030101", "03010101", "")] == [
        "land", "fylke", "kommune", "bydel", "", "",
    ]  # fmt: skip


@pytest.mark.parametrize("rows", [1, 3, 4, 7, 16])
def test_questions_stay_under_the_rows_and_cover_everything_once(served: Served, rows: int) -> None:
    answers = fetch("fhi", query("nokkel/187", rows=str(rows)), served)
    assert all(answer.request.cells <= rows for answer in answers)
    bodies = [json.loads(answer.request.body) for answer in answers]
    assert {body["response"]["maxRowCount"] for body in bodies} == {rows}
    asked = [
        cell
        for body in bodies
        for cell in product(*(dimension["values"] for dimension in body["dimensions"]))
    ]
    assert sorted(asked) == sorted(FIGURES)
    whole = read(served, fetch("fhi", query("nokkel/187"), served)).frame.drop("_row")
    parts = read(served, answers).frame.drop("_row")
    assert parts.sort(whole.columns).equals(whole.sort(whole.columns))


def test_filters_are_codes_and_never_the_first_so_many(served: Served) -> None:
    chosen = {"GEO": ("03*",), "AAR": ("2020_2020",)}
    answers = fetch("fhi", query("nokkel/187", chosen), served)
    dimensions = {one["code"]: one for one in json.loads(answers[0].request.body)["dimensions"]}
    assert {one["filter"] for one in dimensions.values()} == {"item"}
    assert dimensions["GEO"]["values"] == ["03", "0301", "030101"]
    assert dimensions["AAR"]["values"] == ["2020_2020"]
    assert dimensions["MEASURE_TYPE"]["values"] == list(MEASURES)


def test_a_description_holds_flags_sections_and_the_tree(served: Served) -> None:
    with transport() as line:
        fhi = producer_at("fhi", served, line)
        described = fhi.describe("nokkel/187")
        listed = fhi.list("bor alene")
        assert fhi.list("finnes ikke") == ()
    assert [info.id for info in listed] == ["nokkel/187"]
    assert described.updated == "2026-02-01T00:00:00"
    assert described.notes == (": = Anonymisert", "Beskrivelse: Personer 16 år og over")
    places = described.dimension("GEO")
    assert places is not None
    assert places.values == tuple(GEO)
    assert places.role == "geo"


@pytest.mark.parametrize(
    ("table", "options", "said"),
    [
        ("187", {}, "nokkel/187"),
        ("nokkel/188", {}, r"nokkel/187 \(Personer som bor alene\)"),
        ("nokkel/187", {"rows": "mange"}, "number of rows"),
        ("nokkel/187", {"top": "1"}, "Options: rows"),
    ],
)
def test_questions_that_cannot_be_asked(
    served: Served, table: str, options: dict[str, str], said: str
) -> None:
    with pytest.raises(UserError, match=said):
        fetch("fhi", query(table, **options), served)


def test_too_many_rows_are_the_services_refusal(served: Served) -> None:
    asked = fetch("fhi", query("nokkel/187"), served)[0].request
    body = json.loads(asked.body)
    body["response"]["maxRowCount"] = 3
    with transport() as line, pytest.raises(UserError, match="maxRowCount"):
        line.ask(Request("x", asked.url, "POST", json.dumps(body), format="jsonstat"))


@given(st.sampled_from(["GEO", "AAR", "MEASURE_TYPE"]), st.sampled_from(["9", "x", "2031_2031"]))
def test_an_answer_with_categories_that_nobody_asked_for_is_refused(name: str, code: str) -> None:
    body = {"dimensions": [{"code": name, "filter": "item", "values": ["0"]}]}
    category = {"index": [code], "label": {code: code}}
    cube = {
        "class": "dataset", "version": "2.0", "id": [name], "size": [1],
        "dimension": {name: {"label": name, "category": category}}, "value": [1.0],
    }  # fmt: skip
    request = Request("part-0001", "https://x", "POST", json.dumps(body), format="jsonstat")
    with pytest.raises(UserError, match=name):
        Fhi("fhi", lambda _: None, "").check(  # type: ignore[arg-type,return-value]
            Answer(request, json.dumps(cube).encode(), "x")
        )
