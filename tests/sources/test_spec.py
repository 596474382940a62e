"""A specification that contradicts itself is refused before any file is read."""

from __future__ import annotations

from typing import Any

import pytest

from nabolag.core import UserError
from nabolag.sources.file_form import format_of
from tests.sources.tables import spec

CASES: list[dict[str, Any]] = [
    {"id": "Stor"},
    {"unknown": 1},
    {"measure": []},
    {"area": []},
    {"area": {"level": "delbydel"}},
    {"area": {"level": "delbydel", "column": "a", "code": "b"}},
    {"area": {"level": "delbydel", "column": "a", "matches": "("}},
    {"area": {"level": "delbydel", "column": "a", "transform": [{"last": 2, "first": 1}]}},
    {"period": {}},
    {"period": {"value": "2018", "column": "år"}},
    {"period": {"value": "2018"}, "measure": {"id": "n", "columns": r"(?P<period>\d+)"}},
    {"measure": {"id": "n"}},
    {"measure": [{"id": "n", "column": "a"}, {"id": "n", "column": "b"}]},
    {"measure": {"id": "n", "column": "a", "code": "x"}},
    {"measure_column": "enhet"},
    {"dimensions": ["value"]},
    {"dimensions": [{"kjønn": "sex"}]},
    {"codes": {"kjønn": {"1": "menn"}}},
    {"marks": {"-": "null"}},
    {"keep": [{"column": "a"}]},
    {"keep": [{"column": "a", "equals": "x", "blank": True}]},
    {"read": {"delimiter": ";;"}},
    {"read": {"decimal": ",", "thousands": ","}},
    {"title": {"nb": "bare bokmål"}},
    {"add_up": [{"column": "a", "equals": "x"}], "measure": {"id": "n", "column": "a", "unit": "percent"}},
]  # fmt: skip


@pytest.mark.parametrize("over", CASES, ids=lambda case: str(case)[:60])
def test_contradictions_are_refused(over: dict[str, Any]) -> None:
    with pytest.raises(UserError):
        spec(**over)


def test_format_is_told_by_the_suffix_or_declared() -> None:
    assert format_of("a/b.CSV", None) == "csv"
    assert format_of("a.xls", None) == "excel"
    assert format_of("a.json", "jsonstat") == "jsonstat"
    assert format_of("a", None) is None
