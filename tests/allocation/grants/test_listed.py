"""A delivered list: every øre kept whatever is wrong with a line, and few persons never shown."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from nabolag.allocation.grants import (
    GrantsRead,
    GrantsSpec,
    amounts,
    by_funder,
    read_grants,
    shown_sum,
    sums,
)
from nabolag.store import empty
from nabolag.store.frames import OBSERVATIONS

ASKED = {
    "id": "liste",
    "file": "liste.csv",
    "read": {"delimiter": ";", "decimal": ",", "encoding": "utf-8"},
    "year": "aar",
    "amount": "kroner",
    "funder": "giver",
    "area": {"column": "sted", "level": "bydel", "codes": {"Vest": "990101", "Øst": "990102"}},
    "persons": "personer",
}
FEWEST = 5
LINE = st.tuples(
    st.sampled_from(["2023", "2024", "x"]),
    st.sampled_from(["Vest", "Øst", "Nord", ""]),
    st.sampled_from(["A", "B", ""]),
    st.integers(0, 10**12),
    st.one_of(st.none(), st.integers(0, 20)),
)


def read(lines: list[str]) -> GrantsRead:
    text = "\n".join(["aar;sted;giver;kroner;personer", *lines]) + "\n"
    with TemporaryDirectory() as folder:
        path = Path(folder) / "liste.csv"
        path.write_text(text, encoding="utf-8")
        return read_grants(GrantsSpec.model_validate(ASKED), [(path, "liste.csv")])


@given(st.lists(LINE, min_size=1, max_size=12))
def test_every_ore_in_is_an_ore_out_and_no_sum_of_few_is_told(lines):
    rows = [
        f"{year};{place};{who};{ore // 100},{ore % 100:02d};{'' if n is None else n}"
        for year, place, who, ore, n in lines
    ]
    found = read(rows)
    delivered = sum(line[3] for line in lines)
    assert found.lines.height == len(lines)
    assert sums(found)["amount"].sum() == delivered
    table = amounts(found, empty(OBSERVATIONS), FEWEST)
    assert table["lines"].sum() == len(lines)
    shown = table.filter(pl.col("status") == "value")
    assert shown.height == table["amount"].count()
    for row in table.iter_rows(named=True):
        behind = [
            n
            for year, place, who, _, n in lines
            if (int(year) if year != "x" else None, who) == (row["year"], row["funder"])
            and {"Vest": "990101", "Øst": "990102"}.get(place, "") == row["area"]
        ]
        if row["amount"] is not None:
            assert max(n for n in behind if n is not None) >= FEWEST
    # Of one scheme and year never one alone is hidden, where there is another to hide beside it.
    for _, part in table.group_by("funder", "scheme", "year"):
        hidden = part.filter(pl.col("status") != "value").height
        assert hidden != 1 or part.height == 1
    assert by_funder(table, ["area"])["hidden"].sum() <= table["area"].n_unique()
    assert shown_sum(table) <= delivered / 100 + 0.01


def test_thousands_of_kroner_are_turned_into_kroner(tmp_path):
    (tmp_path / "liste.csv").write_text(
        "aar;sted;giver;kroner;personer\n2023;Vest;A;12,5;30\n", encoding="utf-8"
    )
    spec = GrantsSpec.model_validate({**ASKED, "thousands_of_kroner": True})
    found = read_grants(spec, [(tmp_path / "liste.csv", "liste.csv")])
    assert amounts(found, empty(OBSERVATIONS), FEWEST)["amount"].to_list() == [12_500.0]


def users_of(status: dict[str, str]) -> pl.DataFrame:
    """Return counts of users in 2023 with a status by area."""
    rows = [
        {"level": "bydel", "area": area, "indicator": "brukere", "period": "2023", "group": "",
         "status": one}
        for area, one in status.items()
    ]  # fmt: skip
    return pl.concat([empty(OBSERVATIONS), pl.DataFrame(rows)], how="diagonal_relaxed")


def test_amounts_follow_those_who_use_what_they_are_for(tmp_path):
    asked = {name: value for name, value in ASKED.items() if name != "persons"}
    spec = GrantsSpec.model_validate({**asked, "users": "brukere"})
    (tmp_path / "liste.csv").write_text(
        "aar;sted;giver;kroner\n2023;Vest;A;100\n2023;Øst;A;200\n2024;Øst;A;300\n",
        encoding="utf-8",
    )
    found = read_grants(spec, [(tmp_path / "liste.csv", "liste.csv")])

    def told(status):
        table = amounts(found, users_of(status), FEWEST)
        return {(r["area"], r["year"]): (r["amount"], r["status"]) for r in table.to_dicts()}

    open_ = told({"990101": "value", "990102": "value"})
    assert open_["990101", 2023] == (100.0, "value")
    # Nobody has said how many users there are in 2024.
    assert open_["990102", 2024] == (None, "suppressed_rule")
    hidden = told({"990101": "value", "990102": "suppressed_primary"})
    assert hidden["990102", 2023] == (None, "suppressed_primary")
    assert hidden["990101", 2023] == (None, "suppressed_secondary")
