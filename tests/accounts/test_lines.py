"""Lines are read to the øre, and none is lost: hand-made ones, generated ones, broken ones."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from nabolag.accounts import AccountsSpec, summed
from nabolag.accounts.lines import LINES, read_lines
from nabolag.accounts.shares import shares
from nabolag.accounts.sums import AccountsResult
from nabolag.core import UserError
from nabolag.sources.file_form import ReadOptions
from nabolag.sources.numerals import hundredths
from nabolag.store import empty
from nabolag.store.frames import OBSERVATIONS, conform

NORWEGIAN = ReadOptions(decimal=",", thousands=" ")
ROWS = """År;Side;Bydel;Enhet;Funksjon;Beløp
2023;Utgift;Nord;Skole A;20210;1 000 000,50
2023;Utgift;Sør;Skole B;20210;500 000
2023;Inntekt;Sør;Skole B;20210;-100 000,25
2023;Utgift;Hele byen;;28110;250 000
2024;Utgift;Nord;Skole A;20210;1 100 000
"""


def spec(**changed: Any) -> AccountsSpec:
    known: dict[str, Any] = {
        "id": "regnskap",
        "file": "regnskap.csv",
        "read": {"delimiter": ";", "decimal": ",", "thousands": " "},
        "municipality": "9901",
        "amount": "Beløp",
        "year": "År",
        "unit": "Enhet",
        "function": {"column": "Funksjon", "transform": [{"first": 3}]},
        "area": {"column": "Bydel", "level": "bydel", "codes": {"Nord": "990101", "Sør": "990102"},
                 "whole": ["Hele byen"]},
        "side": {"column": "Side", "expenses": ["Utgift"], "incomes": ["Inntekt"]},
        "service": [
            {"id": "school", "name": "Skole", "functions": ["20*"]},
            {"id": "assistance", "name": "Sosialhjelp", "functions": ["281"], "users": "recipients"},
        ],
    }  # fmt: skip
    return AccountsSpec.model_validate({**known, **changed})


def read(folder: Path, rows: str = ROWS, **changed: Any) -> AccountsResult:
    path = folder / "regnskap.csv"
    path.write_text(rows, encoding="utf-8")
    asked = spec(**changed)
    return summed(asked, *read_lines(asked, [(path, "regnskap.csv")]))


def test_sums_are_those_by_hand(tmp_path: Path) -> None:
    result = read(tmp_path)
    found = {(r["year"], r["service"], r["area"]): r["ore"] for r in result.table.to_dicts()}
    assert found == {
        (2023, "assistance", ""): 25_000_000,
        (2023, "school", "990101"): 100_000_050,
        (2023, "school", "990102"): 39_999_975,
        (2024, "school", "990101"): 110_000_000,
    }
    assert result.findings == ()
    assert result.lines.schema == LINES
    assert result.units.filter(pl.col("unit") == "Skole B")["ore"].to_list() == [39_999_975]


@given(
    amounts=st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=30),
    thousands=st.sampled_from(["", " ", "."]),
)
def test_every_amount_written_the_norwegian_way_is_read_exactly(
    amounts: list[int], thousands: str
) -> None:
    def written(number: int) -> str:
        whole, part = divmod(abs(number), 100)
        text = f"{whole:,}".replace(",", thousands) if thousands else str(whole)
        return ("-" if number < 0 else "") + text + (f",{part:02d}" if part else "")

    options = ReadOptions(decimal=",", thousands=thousands)
    frame = pl.DataFrame({"text": [written(one) for one in amounts]})
    assert frame.select(hundredths(pl.col("text"), options))["text"].to_list() == amounts


@pytest.mark.parametrize("text", ["1 2x4", "", "1,2,3", "12 34", "1e6", "kr 5", "-", "1,234", "–"])
def test_what_is_no_amount_is_none(text: str) -> None:
    frame = pl.DataFrame({"text": [text]})
    assert frame.select(hundredths(pl.col("text"), NORWEGIAN))["text"].to_list() == [None]


def test_minus_signs_of_all_kinds_are_read() -> None:
    frame = pl.DataFrame({"text": ["−5", "-5,10", "+7"]})
    assert frame.select(hundredths(pl.col("text"), NORWEGIAN))["text"].to_list() == [
        -500,
        -510,
        700,
    ]


BROKEN = """2023;Utgift;Nord;Skole A;20210;1 2x4
2023;Gave;Nord;Skole A;20210;10
2023;Utgift;Øst;Skole A;20210;20
2023;Utgift;Nord;Skole A;2A;30
2023;Utgift;Nord;Skole A;33010;40
20X3;Utgift;Nord;Skole A;20210;50
"""


def test_what_is_wrong_is_listed_with_row_and_column_and_nothing_is_lost(tmp_path: Path) -> None:
    result = read(tmp_path, ROWS + BROKEN)
    listed = [(r["row"], r["column"], r["problem"], r["ore"]) for r in result.problems.to_dicts()]
    assert listed == [
        (7, "Beløp", "amount", None),
        (8, "Side", "side", 1000),
        (9, "Bydel", "area", 2000),
        (10, "Funksjon", "function", 3000),
        (11, "Funksjon", "service", 4000),
        (12, "År", "year", 5000),
    ]
    assert result.lines.height == 11
    whole = sum(
        [
            100_000_050,
            50_000_000,
            -10_000_025,
            25_000_000,
            110_000_000,
            1000,
            2000,
            3000,
            4000,
            5000,
        ]
    )
    assert result.table["ore"].sum() == whole
    assert result.units["ore"].sum() == whole
    assert result.table["lines"].sum() == 11
    assert result.table["unread"].sum() == 1
    codes = [finding.code for finding in result.findings]
    assert codes == [
        f"accounts_{x}" for x in ("amount", "side", "area", "function", "service", "year")
    ]
    for finding in result.findings:
        assert finding.place.file == "regnskap.csv"
        for lang in ("nb", "nn", "en"):
            assert str(finding.place.row) in finding.text(lang)


@given(
    lines=st.lists(
        st.tuples(
            st.sampled_from(["2023", "2024", "x"]), st.sampled_from(["Utgift", "Inntekt", "?"]),
            st.sampled_from(["Nord", "Sør", "Vest", ""]), st.sampled_from(["20210", "28110", "99", "33010"]),
            st.one_of(st.decimals(-10**9, 10**9, places=2), st.just("feil")),
        ),
        min_size=1, max_size=40,
    )
)  # fmt: skip
def test_the_sum_in_is_the_sum_out(
    tmp_path_factory: pytest.TempPathFactory, lines: list[Any]
) -> None:
    head = ROWS.splitlines()[0]
    rows = [f"{y};{s};{a};E;{f};{str(v).replace('.', ',')}" for y, s, a, f, v in lines]
    result = read(tmp_path_factory.mktemp("lines"), "\n".join([head, *rows]) + "\n")
    sum_in = sum(int(v * 100) for *_, v in lines if isinstance(v, Decimal))
    assert result.lines.height == len(lines)
    assert result.table["ore"].sum() == sum_in
    assert result.table["lines"].sum() == len(lines)
    assert result.balance["ore"].sum() == sum_in


def test_incomes_written_as_positive_are_turned(tmp_path: Path) -> None:
    side = {
        "column": "Side",
        "expenses": ["Utgift"],
        "incomes": ["Inntekt"],
        "incomes_are": "positive",
    }
    result = read(tmp_path, ROWS.replace("-100 000,25", "100 000,25"), side=side)
    assert result.table.filter(pl.col("area") == "990102")["ore"].to_list() == [39_999_975]


def test_a_budget_that_does_not_balance_is_told_of(tmp_path: Path) -> None:
    result = read(tmp_path, balanced=True)
    (finding,) = result.findings
    assert finding.code == "accounts_unbalanced"
    assert finding.examples == ("2023: 1650000.25 kr", "2024: 1100000.00 kr")
    even = (
        "År;Side;Bydel;Enhet;Funksjon;Beløp\n2023;Utgift;Nord;A;202;5\n2023;Inntekt;Nord;A;202;-5\n"
    )
    assert read(tmp_path, even, balanced=True).findings == ()


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError) as told:
        read(tmp_path, amount="Sum")
    (finding,) = told.value.findings
    assert (finding.code, finding.place.column) == ("accounts_column_absent", "Sum")
    assert "Beløp" in finding.text("nb")


@pytest.mark.parametrize(
    "changed",
    [
        {"amount": ""},
        {"years": {"2023": 2023}},
        {
            "service": [
                {"id": "a", "name": "A", "functions": ["202"]},
                {"id": "b", "name": "B", "functions": ["202"]},
            ]
        },
        {"deflator": {"base": 2024, "index": {2023: 100.0}, "source": "x", "status": "example"}},
        {"deflator": {"base": 2024, "index": {2024: 0.0}, "source": "x", "status": "example"}},
    ],
)
def test_what_has_no_meaning_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        spec(**changed)


def _figures(*rows: tuple[str, str, str, float | None, str]) -> pl.DataFrame:
    made = [
        {"level": "kommune" if len(area) == 4 else "bydel", "area": area, "indicator": indicator, "period": year,
         "group": "", "value": value, "status": status}
        for area, indicator, year, value, status in rows
    ]  # fmt: skip
    return (
        conform(pl.DataFrame(made, schema_overrides={"value": pl.Float64}), OBSERVATIONS)
        if made
        else empty(OBSERVATIONS)
    )


def test_kroner_for_each_are_by_hand_and_in_fixed_prices(tmp_path: Path) -> None:
    deflator = {
        "base": 2024,
        "index": {2023: 100.0, 2024: 105.0},
        "source": "x",
        "status": "example",
    }
    result = read(tmp_path, deflator=deflator)
    figures = _figures(
        ("990101", "population", "2023", 1000, "value"),
        ("9901", "population", "2023", 4000, "value"),
    )
    table = {(r["area"], r["year"], r["service"]): r for r in shares(result, figures).to_dicts()}
    north = table["990101", 2023, "school"]
    assert north["per_inhabitant"] == pytest.approx(1000.0005)
    assert north["real"] == pytest.approx(1_000_000.5 * 1.05)
    assert table["9901", 2023, "school"]["per_inhabitant"] == pytest.approx(1_400_000.25 / 4000)
    assert table["990102", 2023, "school"]["per_inhabitant"] is None, "not known is no zero"
    assert table["990101", 2024, "school"]["real"] == pytest.approx(1_100_000)
    unknown = read(tmp_path, deflator={**deflator, "index": {2024: 105.0}})
    assert shares(unknown, figures).filter(pl.col("year") == 2023)["real"].null_count() == 4


ASSISTED = "".join(
    f"2023;Utgift;{a};;281;{n}\n" for a, n in (("Nord", 100), ("Sør", 200), ("Vest", 300))
)


def test_kroner_of_users_that_nobody_counts_are_hidden(tmp_path: Path) -> None:
    area = {"column": "Bydel", "level": "bydel",
            "codes": {"Nord": "990101", "Sør": "990102", "Vest": "990103"}}  # fmt: skip
    result = read(tmp_path, ROWS.splitlines()[0] + "\n" + ASSISTED, area=area)
    users = [("990102", "recipients", "2023", 20, "value"),
             ("990103", "recipients", "2023", None, "missing")]  # fmt: skip
    table = {r["area"]: r for r in shares(result, _figures(*users)).to_dicts()}
    assert table["990101"]["status"] == table["990103"]["status"] == "suppressed_rule"
    assert table["990101"]["kroner"] is None
    assert table["990102"]["kroner"] == 200
    assert table["9901"]["kroner"] == 600


def test_kroner_of_few_users_are_hidden_and_not_had_by_subtraction(tmp_path: Path) -> None:
    area = {"column": "Bydel", "level": "bydel",
            "codes": {"Nord": "990101", "Sør": "990102", "Vest": "990103"}}  # fmt: skip
    result = read(tmp_path, ROWS.splitlines()[0] + "\n" + ASSISTED, area=area)
    users = [("990101", "recipients", "2023", None, "suppressed_primary"),
             ("990102", "recipients", "2023", 20, "value"), ("990103", "recipients", "2023", 30, "value")]  # fmt: skip
    table = {r["area"]: r for r in shares(result, _figures(*users)).to_dicts()}
    assert table["990101"]["status"] == "suppressed_primary"
    assert table["990102"]["status"] == "suppressed_secondary"
    assert table["990103"]["per_user"] == pytest.approx(10)
    assert table["9901"]["kroner"] == 600
    for hidden in ("990101", "990102"):
        assert all(
            table[hidden][name] is None for name in ("kroner", "real", "per_inhabitant", "per_user")
        )
