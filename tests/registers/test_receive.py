"""Deliveries taken in: what is sound is kept as it is, the rest is set apart, nothing is lost."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nabolag.core import Severity, UserError
from nabolag.registers import (
    CONTRACTS,
    INCOME_YEAR,
    PERSON,
    ValidationLimits,
    check_folder,
    check_workspace,
    last_report,
    read_quarantine,
    receive,
    rejected_reasons,
    scan_register,
    write_part,
)
from nabolag.registers.pieces import Piece
from nabolag.registers.receive import Into, in_order, judge_pieces
from nabolag.store import Workspace
from tests.registers.sample import YEAR, changed, deliver, flawed, sound, write_registers

LOOSE = ValidationLimits(fatal_share=1.0)


def write_as_they_are(folder: Path, frames: dict[str, pl.DataFrame]) -> None:
    """Write registers in the house's layout, whatever their columns hold."""
    for name, frame in frames.items():
        place = folder / name / f"year={YEAR}"
        place.mkdir(parents=True)
        frame.write_parquet(place / "a.parquet")


def test_a_valid_delivery_has_nothing_to_remark_and_comes_in_as_it_was(tmp_path: Path) -> None:
    frames = sound()
    report = receive(Workspace(deliver(tmp_path, frames)))
    assert report.findings == ()
    assert report.ok
    for name, frame in frames.items():
        kept = scan_register(tmp_path / "registers", name).collect()
        assert kept.equals(frame.sort(CONTRACTS[name].key)), name
    assert list((tmp_path / "quarantine").iterdir()) == [tmp_path / "quarantine" / "report.json"]


def test_a_valid_folder_has_nothing_to_remark_and_nothing_is_written(tmp_path: Path) -> None:
    write_registers(tmp_path, sound())
    before = sorted(p for p in tmp_path.rglob("*") if p.is_file())
    report = check_folder(tmp_path)
    assert report.findings == ()
    assert sorted(p for p in tmp_path.rglob("*") if p.is_file()) == before


def test_checking_a_delivery_says_the_same_and_writes_nothing(tmp_path: Path) -> None:
    workspace = Workspace(deliver(tmp_path, flawed()))
    checked = check_workspace(workspace)
    assert not (tmp_path / "registers").exists()
    received = receive(workspace)
    assert checked.years == received.years
    assert last_report(workspace)[0] == received


def test_what_is_kept_and_set_apart_is_what_was_delivered(tmp_path: Path) -> None:
    frames = flawed()
    report = receive(Workspace(deliver(tmp_path, frames)))
    for year in report.years:
        assert year.kept + year.set_apart == year.delivered == frames[year.register].height
        assert read_quarantine(tmp_path / "quarantine", year.register).height == year.set_apart


def test_a_row_set_apart_is_as_delivered_with_reasons_file_and_row(tmp_path: Path) -> None:
    receive(Workspace(deliver(tmp_path, flawed())))
    apart = read_quarantine(tmp_path / "quarantine", "person")
    row = apart.filter(pl.col("row") == 12).row(0, named=True)
    assert row["birth_year"] == "nittiåtte"
    assert row["sex"] == "1"  # the code as it was delivered
    assert (row["file"], row["reasons"]) == (
        "levert/personer.csv",
        ["register_cell_unread: birth_year"],
    )


def test_the_list_of_reasons_holds_no_value(tmp_path: Path) -> None:
    receive(Workspace(deliver(tmp_path, flawed())))
    reasons = rejected_reasons(tmp_path / "quarantine")
    assert reasons.columns == ["register", "year", "file", "row", "column", "code"]
    assert reasons.filter(pl.col("code") == "register_row_twice").rows() == [
        (
            "education",
            "2020",
            f"levert/utdanning/year={YEAR}/del1.parquet",
            301,
            "year, person_id",
            "register_row_twice",
        )
    ]


def test_a_correction_empties_its_part_of_quarantine(tmp_path: Path) -> None:
    workspace = Workspace(deliver(tmp_path, flawed()))
    receive(workspace)
    assert read_quarantine(tmp_path / "quarantine", "person").height == 6
    deliver(tmp_path, sound())
    assert receive(workspace).findings == ()
    for name in CONTRACTS:
        assert read_quarantine(tmp_path / "quarantine", name).is_empty()
    assert not [p for p in tmp_path.rglob("*") if p.name.startswith((".writing", ".old"))]


def test_too_many_wrong_rows_leave_what_was_taken_in_before(tmp_path: Path) -> None:
    workspace = Workspace(deliver(tmp_path, sound()))
    receive(workspace)
    before = scan_register(tmp_path / "registers", "school").collect()
    deliver(tmp_path, flawed())
    report = receive(workspace)
    refused = {year.register for year in report.years if year.refused}
    assert refused == {"school", "account_line"}
    assert not report.ok
    assert {f.code for f in report.findings if f.severity is Severity.ERROR} == {
        "register_share_exceeded"
    }
    assert scan_register(tmp_path / "registers", "school").collect().equals(before)


def test_the_limit_is_the_registers_own(tmp_path: Path) -> None:
    write_as_they_are(tmp_path, flawed())
    strict = check_folder(tmp_path, ValidationLimits(fatal_share=1, by_register={"person": 0.019}))
    refused = [y.register for y in strict.years if y.refused]
    assert refused == ["person"]
    lenient = check_folder(tmp_path, ValidationLimits(fatal_share=0, by_register={"person": 0.02}))
    assert "person" not in [y.register for y in lenient.years if y.refused]


def test_rows_that_refer_to_rows_set_apart_follow_the_declared_way(tmp_path: Path) -> None:
    frames = sound()
    frames["household"] = changed(frames["household"], 4, tenure="squatted")
    write_as_they_are(tmp_path, frames)
    kept = {y.register: y for y in check_folder(tmp_path, LOOSE).years}
    assert (kept["household"].set_apart, kept["person"].set_apart) == (1, 0)
    assert [(n.code, n.outcome, n.count) for n in kept["person"].noted] == [
        ("register_reference_open", "kept", 3)
    ]
    strict = LOOSE.model_copy(update={"refers_to_rejected": "set_apart"})
    followed = {y.register: y for y in check_folder(tmp_path, strict).years}
    assert followed["person"].set_apart == 3
    assert followed["income_year"].set_apart == 1
    # And so on: those who are not taken in cannot be referred to. Their education is set apart.
    assert followed["education"].set_apart == 3
    # The household's count is of what was delivered, so it is not wrong because persons are.
    assert followed["household"].set_apart == 1


def test_a_person_delivered_twice_is_counted_once_in_the_household(tmp_path: Path) -> None:
    frames = sound()
    people = frames["person"]
    stranger = changed(people.slice(50, 1), 1, person_id=9_000)  # one more than the household says
    frames["person"] = pl.concat([people, people.slice(9, 1), stranger])
    write_as_they_are(tmp_path, frames)
    found = {y.register: y for y in check_folder(tmp_path, LOOSE).years}
    assert [n.code for n in found["person"].noted if n.outcome == "set_apart"] == [
        "register_row_twice"
    ]
    (differs,) = found["household"].noted
    home = people["household_id"][50]
    assert (differs.code, differs.count) == ("register_count_differs", 1)
    assert differs.rows == ((f"household/year={YEAR}/a.parquet", home),)


def test_registers_come_after_those_they_refer_to(tmp_path: Path) -> None:
    write_registers(tmp_path, sound())
    order = [y.register for y in check_folder(tmp_path).years]
    assert order == [name for name in CONTRACTS if name in order]
    links = {name: _unit(name) for name in ("education", "person", "income_year", "household")}
    placed = [unit.spec.name for unit in in_order(links)]
    assert placed.index("household") < placed.index("person") < placed.index("education")


def _unit(name: str):  # type: ignore[no-untyped-def]
    from nabolag.registers.judge import Unit

    return Unit(CONTRACTS[name], YEAR, ())


def test_several_years_in_one_file_are_judged_and_kept_by_year(tmp_path: Path) -> None:
    income = sound()["income_year"]
    later = income.with_columns(year=pl.lit(2021, pl.Int16))
    nowhere = changed(later, 7, year=3021).with_columns(pl.col("year").cast(pl.Int64))
    (tmp_path / "nabolag.toml").write_text(
        "[registers]\nmax_rejected_share = 0.02\n"
        '[[register]]\nregister = "income_year"\nfile = "alle.parquet"\n',
        encoding="utf-8",
    )
    pl.concat([income.cast({"year": pl.Int64}), nowhere]).write_parquet(tmp_path / "alle.parquet")
    report = receive(Workspace(tmp_path))
    counted = {y.year: (y.delivered, y.kept) for y in report.years}
    assert counted == {2020: (120, 120), 2021: (119, 119), None: (1, 0)}
    apart = read_quarantine(tmp_path / "quarantine", "income_year")
    assert apart.select("year", "row").rows() == [("3021", 127)]
    assert apart["reasons"].to_list() == [["register_out_of_range: year"]]
    kept = scan_register(tmp_path / "registers", "income_year").collect()
    assert kept.group_by("year").len().sort("year").rows() == [(2020, 120), (2021, 119)]


def test_a_year_in_several_files_is_one_register(tmp_path: Path) -> None:
    folder = tmp_path / "person" / f"year={YEAR}"
    folder.mkdir(parents=True)
    people = sound()["person"]
    people.head(100).write_parquet(folder / "a.parquet")
    people.tail(201).write_parquet(folder / "b.parquet")  # row 100 stands in both
    (year,) = check_folder(tmp_path, LOOSE).years
    (twice,) = [n for n in year.noted if n.code == "register_row_twice"]
    assert (year.delivered, year.set_apart, twice.rows) == (
        301,
        1,
        ((f"person/year={YEAR}/b.parquet", 1),),
    )


def test_links_to_registers_that_are_not_there_are_said_to_be_unchecked(tmp_path: Path) -> None:
    write_part(sound()["person"], tmp_path, PERSON, YEAR)
    (year,) = check_folder(tmp_path).years
    assert [n.code for n in year.noted] == ["register_link_unchecked"]
    assert year.findings[0].severity is Severity.INFO


def test_a_nullable_column_that_is_absent_is_unknown_and_said(tmp_path: Path) -> None:
    folder = tmp_path / "income_year" / f"year={YEAR}"
    folder.mkdir(parents=True)
    sound()["income_year"].drop("debt").write_parquet(folder / "a.parquet")
    (year,) = check_folder(tmp_path).years
    assert ("register_column_unknown", "debt") in [(n.code, n.column) for n in year.noted]
    assert year.set_apart == 0
    assert scan_register(tmp_path, "income_year").collect()["debt"].null_count() == 120


def test_no_registers_is_a_mistake_the_user_can_mend(tmp_path: Path) -> None:
    with pytest.raises(UserError) as wrong:
        check_folder(tmp_path)
    assert wrong.value.findings[0].code == "register_deliveries_absent"


def test_a_broken_parquet_file_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "person" / f"year={YEAR}"
    folder.mkdir(parents=True)
    (folder / "a.parquet").write_bytes(b"PAR1 no more")
    with pytest.raises(UserError) as wrong:
        check_folder(tmp_path)
    assert wrong.value.findings[0].place.file == f"person/year={YEAR}/a.parquet"


CELLS = st.one_of(st.none(), st.integers(-3, 8).map(str), st.sampled_from(["x", " 4 ", "2.5", ""]))
ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=40)


@settings(max_examples=40)
@given(rows=ROWS, block=st.integers(1, 7))
def test_every_row_is_in_one_place_and_unchanged(
    rows: list[tuple[str | None, ...]], block: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever is delivered, and however it falls into blocks, no row is lost or made."""
    folder = tmp_path_factory.mktemp("any")
    frame = pl.DataFrame(
        rows,
        schema=dict.fromkeys(("household_id", "income_after_tax", "debt"), pl.String),
        orient="row",
    ).with_columns(year=pl.lit("2020"), consumption_units=pl.lit("1.5"))
    frame.write_parquet(folder / "any.parquet")
    piece = Piece(folder / "any.parquet", "any.parquet", INCOME_YEAR, 2020, declared=True)
    into = Into(folder / "registers", folder / "quarantine")
    (year,) = judge_pieces([piece], LOOSE, into, block=block).years
    assert year.delivered == len(rows) == year.kept + year.set_apart
    apart = read_quarantine(folder / "quarantine", "income_year")
    assert apart.height == year.set_apart
    for row in apart.iter_rows(named=True):
        given_row = rows[row["row"] - 1]
        assert (row["household_id"], row["income_after_tax"], row["debt"]) == given_row
        assert row["reasons"]
    lost = set(range(1, len(rows) + 1)) - set(apart["row"])
    if not lost:
        return
    kept = scan_register(folder / "registers", "income_year").collect()
    expected = sorted((int(rows[n - 1][0] or 0), float(rows[n - 1][1] or 0)) for n in lost)
    assert sorted(kept.select("household_id", "income_after_tax").iter_rows()) == expected
    assert kept["household_id"].is_unique().all()
