"""Corrections: rows in place of earlier ones with their key, and nothing lost on the way."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nabolag.core import LANGS, UserError
from nabolag.registers import (
    INCOME_YEAR,
    DeliveryReport,
    ValidationLimits,
    YearReport,
    check_workspace,
    last_report,
    read_quarantine,
    receive,
    report_markdown,
    report_text,
    scan_register,
)
from nabolag.registers.pieces import Piece
from nabolag.registers.receive import Into, judge_pieces
from nabolag.store import Workspace
from tests.registers.sample import deliver, flawed, sound

PERSONS = """
[[register]]
register = "person"
file = "levert/rettet.csv"
year = 2020
corrects = true
unknown = ["."]
rename = { lopenr = "person_id", kjonn = "sex", fodselsaar = "birth_year", hushold = "household_id" }
codes.sex = { 1 = "male", 2 = "female" }
constants = { immigration_category = "A", country_group = "norway" }
read = { encoding = "cp1252", delimiter = ";" }
"""
HEAD = "lopenr;kjonn;fodselsaar;grunnkrets;hushold;role\n"


def correct(folder: Path, rows: str, part: str = PERSONS, name: str = "rettet.csv") -> Workspace:
    """Add a file of corrections to what is delivered."""
    (folder / "levert" / name).write_text(rows, encoding="utf-8")
    config = (folder / "nabolag.toml").read_text(encoding="utf-8")
    (folder / "nabolag.toml").write_text(config + part, encoding="utf-8")
    return Workspace(folder)


def of(report: DeliveryReport, register: str) -> YearReport:
    (found,) = [year for year in report.years if year.register == register]
    return found


def stored(folder: Path) -> dict[str, bytes]:
    """Return everything that was taken in, set apart and reported."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for part in ("registers", "quarantine")
        for path in sorted((folder / part).rglob("*"))
        if path.is_file()
    }


def row_of(folder: Path, person: int) -> dict:
    kept = scan_register(folder / "registers", "person").filter(pl.col("person_id") == person)
    return kept.collect().row(0, named=True)


#: Persons 11 (in quarantine: a birth year that cannot be read) and 12 (too old), and 30, sound.
FIXED = HEAD + "11;1;1951;99010106;5;partner\n30;1;1971;99010106;12;partner\n"


def test_corrected_rows_stand_in_place_of_those_with_their_key(tmp_path: Path) -> None:
    """One leaves quarantine, one that was sound has other values, and all others are as before."""
    workspace = Workspace(deliver(tmp_path, flawed()))
    first = of(receive(workspace), "person")
    before = scan_register(tmp_path / "registers", "person").collect()
    later = of(receive(correct(tmp_path, FIXED)), "person")
    assert (later.delivered, later.replaced, later.corrections) == (first.delivered, 2, 2)
    assert (first.set_apart, later.set_apart, later.kept) == (6, 5, first.kept + 1)
    assert row_of(tmp_path, 11)["birth_year"] == 1951
    assert (row_of(tmp_path, 30)["birth_year"], row_of(tmp_path, 30)["sex"]) == (1971, "male")
    after = scan_register(tmp_path / "registers", "person").collect().sort("person_id")
    untouched = ~pl.col("person_id").is_in([11, 30])
    assert after.filter(untouched).equals(before.filter(untouched))
    apart = read_quarantine(tmp_path / "quarantine", "person")
    assert 12 not in apart["row"].to_list()
    assert apart.height == 5
    # Taking in once more changes nothing: nothing is corrected twice.
    again = stored(tmp_path)
    receive(Workspace(tmp_path))
    assert stored(tmp_path) == again


def test_all_that_was_delivered_stays_in_raw_with_where_it_is_from(tmp_path: Path) -> None:
    workspace = Workspace(deliver(tmp_path, flawed()))
    receive(workspace)
    delivered = {p.read_bytes() for p in (tmp_path / "levert").rglob("*") if p.is_file()}
    receive(correct(tmp_path, FIXED))
    receive(correct(tmp_path, FIXED.replace("1951", "1952")))  # the same file, written over
    raw = tmp_path / "raw" / "registers"
    kept = {p.read_bytes() for p in raw.iterdir() if not p.name.endswith(".origin.json")}
    corrections = {text.encode() for text in (FIXED, FIXED.replace("1951", "1952"))}
    assert kept == delivered | corrections
    origins = [json.loads(p.read_text(encoding="utf-8")) for p in raw.glob("*.origin.json")]
    assert {(o["register"], o["file"]) for o in origins if o["corrects"]} == {
        ("person", "levert/rettet.csv")
    }
    assert all(origin["sha256"] for origin in origins)


def test_the_report_says_what_was_corrected_and_shows_nobody(tmp_path: Path) -> None:
    receive(correct(deliver(tmp_path, flawed()), FIXED) and Workspace(tmp_path))
    report, _ = last_report(Workspace(tmp_path))
    told = {n.column: n for n in of(report, "person").noted if n.code == "register_row_corrected"}
    assert told["birth_year"].rows == (("levert/rettet.csv", 2), ("levert/rettet.csv", 3))
    assert told["sex"].rows == (("levert/rettet.csv", 3),)
    assert all(not noted.values for noted in told.values())
    words = {
        "nb": ("2 rader er rettelser og erstatter 2 tidligere rader", "Rettet. «birth_year»"),
        "nn": ("2 rader er rettingar og står i staden for 2 tidlegare rader", "Retta."),
        "en": ("2 rows are corrections and stand in place of 2 earlier rows", "Corrected."),
    }
    for lang in LANGS:
        for text in (report_text(report, lang), report_markdown(report, lang)):
            assert all(word in text for word in words[lang])
            assert "{" not in text
            assert "1971" not in text


def test_a_correction_of_nothing_is_told_and_set_apart(tmp_path: Path) -> None:
    deliver(tmp_path, sound())
    report = receive(correct(tmp_path, HEAD + "9001;1;1971;99010106;12;partner\n"))
    persons = of(report, "person")
    assert (persons.set_apart, persons.replaced, persons.corrections) == (1, 0, 1)
    assert persons.kept + persons.set_apart == persons.delivered == 301
    # Nobody counts whoever was never delivered: the household has those it says.
    assert of(report, "household").set_apart == 0
    apart = read_quarantine(tmp_path / "quarantine", "person").row(0, named=True)
    assert apart["reasons"][0] == "register_correction_of_nothing: year, person_id"
    assert (apart["file"], apart["row"]) == ("levert/rettet.csv", 2)
    for lang in LANGS:
        assert "corrects = true" in report_text(report, lang)


def test_a_wrong_correction_is_set_apart_and_the_old_row_does_not_come_back(tmp_path: Path) -> None:
    """What was said to be wrong is not taken for right because its correction is wrong too."""
    deliver(tmp_path, sound())
    report = receive(correct(tmp_path, HEAD + "30;3;1971;99010106;12;partner\n"))
    persons = of(report, "person")
    assert (persons.corrections_apart, persons.set_apart, persons.kept) == (1, 1, 299)
    kept = scan_register(tmp_path / "registers", "person").collect()
    assert 30 not in kept["person_id"].to_list()
    for lang, word in (("nb", "selv gal"), ("nn", "sjølv gal"), ("en", "wrong itself")):
        assert word in report_text(report, lang)


EDUCATION = """
[[register]]
register = "education"
file = "levert/utdanning.csv"
corrects = true
read = { delimiter = "," }
"""


def test_text_may_correct_parquet_and_settle_which_of_two_rows_is_right(tmp_path: Path) -> None:
    """A key that stood on two rows that differ is said once, and is no longer set apart."""
    deliver(tmp_path, flawed())
    first = receive(Workspace(tmp_path))
    codes = {noted.code for noted in of(first, "education").noted}
    assert "register_rows_of_key" in codes
    right = sound()["education"].slice(20, 1)
    later = receive(correct(tmp_path, right.write_csv(), EDUCATION, "utdanning.csv"))
    education = of(later, "education")
    assert "register_rows_of_key" not in {noted.code for noted in education.noted}
    assert (education.replaced, education.corrections) == (2, 1)
    assert education.set_apart == of(first, "education").set_apart - 2
    kept = scan_register(tmp_path / "registers", "education").collect()
    assert kept.filter(pl.col("person_id") == 21)["level"].to_list() == right["level"].to_list()


def test_a_later_correction_corrects_an_earlier_one(tmp_path: Path) -> None:
    """They stand in the order of `nabolag.toml`."""
    deliver(tmp_path, sound())
    correct(tmp_path, HEAD + "30;1;1971;99010106;12;partner\n31;1;1972;99010106;13;partner\n")
    second = PERSONS.replace("rettet.csv", "rettet2.csv")
    rows = HEAD + "30;2;1973;99010106;12;partner\n"
    report = receive(correct(tmp_path, rows, second, "rettet2.csv"))
    persons = of(report, "person")
    assert (persons.replaced, persons.corrections, persons.delivered) == (3, 2, 300)
    assert (row_of(tmp_path, 30)["birth_year"], row_of(tmp_path, 31)["birth_year"]) == (1973, 1972)


@pytest.mark.parametrize(
    ("rows", "part", "code"),
    [
        (
            HEAD.replace(";role", "") + "30;1;1971;99010106;12\n",
            PERSONS,
            "register_correction_column_absent",
        ),
        (FIXED, PERSONS.replace("2020", "2019"), "register_correction_without_delivery"),
        (FIXED, PERSONS.replace("corrects = true", 'corrects = "kanskje"'), "config_value_wrong"),
    ],
)
def test_what_cannot_be_a_correction_is_refused_and_nothing_changes(
    tmp_path: Path, rows: str, part: str, code: str
) -> None:
    receive(Workspace(deliver(tmp_path, sound())))
    before = stored(tmp_path)
    workspace = correct(tmp_path, rows, part)
    for go in (receive, check_workspace):
        with pytest.raises(UserError) as refused:
            go(workspace)
        (told,) = refused.value.findings
        assert told.code == code
        assert all(told.text(lang) for lang in LANGS)
        assert stored(tmp_path) == before


def test_checking_says_the_same_and_writes_nothing(tmp_path: Path) -> None:
    workspace = correct(deliver(tmp_path, flawed()), FIXED)
    checked = check_workspace(workspace)
    assert not (tmp_path / "registers").exists()
    assert checked.years == receive(workspace).years


KILL = """
import os, signal, sys
from nabolag.registers import settle
from nabolag.registers import receive
from nabolag.store import Workspace
from pathlib import Path
what, times = getattr(settle, sys.argv[2]), int(sys.argv[3])
method = sys.argv[4]
done = getattr(what, method)
def until(*args):
    global times
    if times == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    times -= 1
    return done(*args)
setattr(what, method, until)
receive(Workspace(Path(sys.argv[1])))
"""


def killed(folder: Path, what: str, method: str, times: int) -> None:
    """Take in, and be killed when a method of `settle` is called once more than `times`."""
    command = [sys.executable, "-c", KILL, str(folder), what, str(times), method]
    done = subprocess.run(command, check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


@pytest.mark.parametrize("times", [0, 3, 8])
def test_killed_while_rows_are_judged_what_was_there_stands(tmp_path: Path, times: int) -> None:
    workspace = Workspace(deliver(tmp_path, flawed()))
    receive(workspace)
    before = stored(tmp_path)
    correct(tmp_path, FIXED)
    killed(tmp_path, "PartsWriter", "finish", times)
    seen = {name: file for name, file in stored(tmp_path).items() if ".writing-" not in name}
    assert seen == before
    receive(Workspace(tmp_path))
    assert row_of(tmp_path, 11)["birth_year"] == 1951
    assert not [p for p in tmp_path.rglob("*") if p.name.startswith((".writing", ".old"))]


@pytest.mark.parametrize("times", [0, 1, 5, 12])
def test_killed_while_it_is_put_in_place_all_of_it_is(
    tmp_path_factory: pytest.TempPathFactory, times: int
) -> None:
    """Whoever asks next finds everything in its place, as if nothing had happened."""
    folder, whole = (tmp_path_factory.mktemp(name) for name in ("killed", "whole"))
    for place in (folder, whole):
        receive(Workspace(deliver(place, flawed())))
        correct(place, FIXED)
    killed(folder, "Swap", "do", times)
    receive(Workspace(whole))
    report, _ = last_report(Workspace(folder))
    assert report == last_report(Workspace(whole))[0]
    assert stored(folder) == stored(whole)


AMOUNTS = st.sampled_from(["1", "2.5", "x", "", "-3"])
BASE = st.lists(st.tuples(st.integers(1, 9), AMOUNTS), min_size=1, max_size=25)
CHANGES = st.lists(st.lists(st.tuples(st.integers(1, 12), AMOUNTS), max_size=8), max_size=3)
LOOSE = ValidationLimits(fatal_share=1.0)


def piece(folder: Path, name: str, rows: list[tuple[int, str]], corrects: int) -> Piece:
    schema = {"household_id": pl.Int64, "income_after_tax": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        year=pl.lit(2020), consumption_units=pl.lit(1.5)
    )
    frame.write_parquet(folder / name)
    return Piece(folder / name, name, INCOME_YEAR, 2020, declared=True, corrects=corrects)


@settings(max_examples=40, deadline=None)
@given(base=BASE, changes=CHANGES)
def test_nothing_is_lost_and_the_outcome_is_that_of_files_corrected_by_hand(
    base: list[tuple[int, str]],
    changes: list[list[tuple[int, str]]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Every row ever delivered is kept, set apart or replaced; corrected by hand gives the same."""
    folder = tmp_path_factory.mktemp("any")
    pieces = [piece(folder, "base.parquet", base, 0)]
    pieces += [piece(folder, f"r{n}.parquet", rows, n) for n, rows in enumerate(changes, start=1)]
    into = Into(folder / "registers", folder / "quarantine")
    (found,) = judge_pieces(pieces, LOOSE, into).years
    assert found.kept + found.set_apart == found.delivered
    given_rows = len(base) + sum(map(len, changes))
    assert found.delivered + found.replaced == given_rows

    known = {key for key, _ in base}
    left, nobody = list(base), 0
    for rows in changes:
        named = {key for key, _ in rows}
        left = [(key, amount) for key, amount in left if key not in named]
        left += [(key, amount) for key, amount in rows if key in known]
    last = {key: number for number, rows in enumerate(changes) for key, _ in rows}
    nobody = sum(
        1
        for number, rows in enumerate(changes)
        for key, _ in rows
        if key not in known and last[key] == number
    )
    by_hand = Into(folder / "hand" / "registers", folder / "hand" / "quarantine")
    if not left:
        assert found.kept == 0
        return
    (hand,) = judge_pieces([piece(folder, "hand.parquet", left, 0)], LOOSE, by_hand).years
    assert (hand.kept, hand.set_apart + nobody) == (found.kept, found.set_apart)
    if hand.kept:
        mine, theirs = (
            scan_register(i.registers, "income_year").sort("household_id").collect()
            for i in (into, by_hand)
        )
        assert mine.equals(theirs)
