"""Checks of cells: ranges, ambiguous decimals, signs for «no number», copied figures."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from nabolag.core import LANGS, Severity
from nabolag.sources.checks import copied_down
from nabolag.store.frames import CELLS, LINKS
from tests.sources.tables import read


def test_out_of_range_names_rows_and_the_text_in_the_file(tmp_path: Path) -> None:
    text = "kode;år;tall\n0101;2018;50\n0102;2018;101\n0103;2018;-1\n0104;2018;:\n"
    measure = {"id": "tall", "column": "tall", "unit": "percent", "min": 0, "max": 100}
    found = [
        f for f in read(tmp_path, text, measure=measure).findings if f.code == "source_out_of_range"
    ]
    assert [(f.place.row, f.count, f.params["rows"], f.examples) for f in found] == [
        (3, 2, "3, 4", ("101", "-1"))
    ]
    assert found[0].severity is Severity.WARNING


@pytest.mark.parametrize(
    ("numbers", "doubtful"),
    [
        (["12.500", "1.250"], True),
        (["12.500", "1.25"], False),
        (["0.125"], False),
        (["12", "13"], False),
    ],
)
def test_decimals_that_could_be_thousands(
    tmp_path: Path, numbers: list[str], doubtful: bool
) -> None:
    text = "kode;år;tall\n" + "".join(f"010{n};2018;{t}\n" for n, t in enumerate(numbers))
    codes = [f.code for f in read(tmp_path, text).findings]
    assert ("source_decimal_ambiguous" in codes) is doubtful


def test_numbers_that_look_like_signs(tmp_path: Path) -> None:
    text = "kode;år;tall\n0101;2018;-999\n0102;2018;-9\n0103;2018;-99.00\n0104;2018;999\n"
    found = [f for f in read(tmp_path, text).findings if f.code == "source_sentinel"]
    assert [f.params["text"] for f in found] == ["-999", "-99.00"]


def _cells(values: dict[str, float | None], measure: str = "income") -> pl.DataFrame:
    return pl.DataFrame(
        [(n, "grunnkrets", code, "2016", measure, v, "value" if v is not None else "missing", "")
         for n, (code, v) in enumerate(values.items())],
        schema=CELLS, orient="row",
    )  # fmt: skip


def _links(codes: list[str]) -> pl.DataFrame:
    return pl.DataFrame(
        [("grunnkrets", c, "delomrade", c[:6]) for c in codes], schema=LINKS, orient="row"
    )


def test_copied_down_finds_the_copied_measure_and_only_it() -> None:
    codes = [f"0301{d:02}{g:02}" for d in range(6) for g in range(3)]
    copied = _cells({code: float(code[:6]) for code in codes})
    own = _cells({code: float(code) for code in codes}, "households")
    found = copied_down(pl.concat([copied, own]), _links(codes))
    assert [f.params for f in found] == [
        {"measure": "income", "level": "grunnkrets", "parent_level": "delomrade", "parents": 6}
    ]
    assert all(found[0].text(lang) for lang in LANGS)


def test_copied_down_keeps_silent_where_nothing_can_be_said() -> None:
    codes = [f"0301{d:02}{g:02}" for d in range(6) for g in range(3)]
    values: dict[str, float | None] = {code: float(code[:6]) for code in codes}
    assert not copied_down(_cells(dict.fromkeys(codes, 7.0)), _links(codes))
    assert not copied_down(_cells({**values, codes[0]: 1.0}), _links(codes))
    few = codes[:9]
    assert not copied_down(_cells({c: values[c] for c in few}), _links(few))
    assert not copied_down(
        _cells({c: v for c, v in values.items() if c.endswith("00")}), _links(codes)
    )
    # A missing figure says nothing for or against.
    assert copied_down(_cells({**values, codes[0]: None}), _links(codes))
