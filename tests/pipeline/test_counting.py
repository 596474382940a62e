"""Counting from registers as a part of a build: kept years, broken wishes, a build that is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from nabolag.core import UserError
from nabolag.pipeline import build, counting
from nabolag.registers import CONTRACTS, write_part
from nabolag.store import Workspace
from tests.support.postgres import postgres_server

AREAS = ("99010101", "99010102")
YEARS = (2020, 2021, 2022)

CONFIG = """
[workspace]
name = "Prøvekommune"
main_level = "grunnkrets"
geography = "2022"
municipality = { level = "kommune", code = "9901" }
synthetic = true

[[areas]]
id = "kommune"
level = "kommune"
names = { "9901" = "Prøvekommune" }

[[areas]]
id = "kretser"
level = "grunnkrets"
names = { "99010101" = "Vika", "99010102" = "Åsen" }
parents = [{ level = "kommune", constant = "9901" }]

[counting]
indicators = ["population", "tenant_households", "single_person_households"]
levels = ["grunnkrets", "kommune"]
producer = "Prøvekommune"
licence = "CC0 1.0"
"""


def write_town(folder: Path) -> Path:
    """Two areas of a hundred households each: in Vika forty rent, in Åsen ten, more each year."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "nabolag.toml").write_text(CONFIG, encoding="utf-8")
    for number, year in enumerate(YEARS):
        _write_year(folder / "registers", year, (40 + 10 * number, 10))
    return folder


def _write_year(folder: Path, year: int, tenants: tuple[int, int]) -> None:
    homes = [
        {
            "year": year,
            "household_id": 100 * place + one,
            "grunnkrets": area,
            "household_type": "single" if one % 2 else "couple",
            "persons": 1 if one % 2 else 2,
            "children": 0,
            "youngest_age": 40,
            "tenure": "tenant" if one <= tenants[place] else "owner",
        }
        for place, area in enumerate(AREAS)
        for one in range(1, 101)
    ]
    people = [
        {
            "year": year,
            "person_id": 10 * home["household_id"] + member,
            "sex": "female" if member else "male",
            "birth_year": year - 41,
            "grunnkrets": home["grunnkrets"],
            "household_id": home["household_id"],
            "role": "partner" if home["persons"] > 1 else "single",
            "immigration_category": "A",
            "country_group": "norway",
        }
        for home in homes
        for member in range(home["persons"])
    ]
    for name, rows in (("household", homes), ("person", people)):
        write_part(pl.DataFrame(rows), folder, CONTRACTS[name], year)


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder but the lock."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and file.name != ".lock"
    }


def figure(folder: Path, indicator: str, area: str, period: str) -> float:
    """Return one figure of the current release."""
    observations = Workspace(folder).release().observations
    found = observations.filter(
        (pl.col("indicator") == indicator)
        & (pl.col("area") == area)
        & (pl.col("period") == period)
        & (pl.col("group") == "")
    )
    return found["value"].item()


def test_registers_become_figures_of_every_level(tmp_path: Path) -> None:
    """The municipality's share is of its households, not of its areas' shares."""
    folder = write_town(tmp_path)
    summary = build(folder)
    assert summary.release
    assert figure(folder, "tenant_households", AREAS[0], "2022") == 0.60
    assert figure(folder, "tenant_households", AREAS[1], "2022") == 0.10
    assert figure(folder, "tenant_households", "9901", "2021") == pytest.approx(60 / 200)
    assert figure(folder, "population", "9901", "2020") == 300


def test_figures_say_that_they_come_from_registers(tmp_path: Path) -> None:
    """Source, producer and licence stand in the release."""
    folder = write_town(tmp_path)
    build(folder)
    source = Workspace(folder).release().sources["registers"]
    assert (source.source, source.producer, source.licence, source.geography) == (
        "registers",
        "Prøvekommune",
        "CC0 1.0",
        "2022",
    )
    assert set(Workspace(folder).release().observations["source"]) == {"registers"}


@pytest.mark.parametrize(
    ("wish", "code", "near"),
    [
        ("tenant_househods", "counting_indicator_unknown", "tenant_households"),
        ("house_price_m2", "counting_indicator_without_measure", ""),
    ],
)
def test_a_wish_that_cannot_be_met_names_what_could_be(
    tmp_path: Path, wish: str, code: str, near: str
) -> None:
    """Nothing is counted, and nothing is written."""
    folder = write_town(tmp_path)
    config = CONFIG.replace("single_person_households", wish)
    (folder / "nabolag.toml").write_text(config, encoding="utf-8")
    before = contents(folder)
    with pytest.raises(UserError) as refused:
        build(folder)
    (told,) = refused.value.findings
    assert told.code == code
    assert wish in told.text("nn")
    assert near in told.text("nb")
    assert contents(folder) == before


def test_no_registers_is_said(tmp_path: Path) -> None:
    """An absent folder is no municipality of nobody."""
    (tmp_path / "nabolag.toml").write_text(CONFIG, encoding="utf-8")
    with pytest.raises(UserError) as refused:
        build(tmp_path)
    assert [f.code for f in refused.value.findings] == ["counting_registers_absent"]


KILL = """
import os, signal, sys
from nabolag.pipeline import counting, build
keep = counting.YearsKept.keep
def keep_and_die(self, year, measured):
    keep(self, year, measured)
    if year == 2021:
        os.kill(os.getpid(), signal.SIGKILL)
counting.YearsKept.keep = keep_and_die
build(sys.argv[1])
"""


def test_a_build_killed_while_counting_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two years are finished when the power goes; only the third is counted again."""
    folder, whole = write_town(tmp_path / "a"), write_town(tmp_path / "b")
    done = subprocess.run([sys.executable, "-c", KILL, str(folder)], check=False)
    assert done.returncode == -signal.SIGKILL
    with pytest.raises(UserError):
        Workspace(folder).release()

    from nabolag.pipeline import counting

    counted = []
    keep = counting.YearsKept.keep

    def watched(self: counting.YearsKept, year: int, measured: object) -> None:
        counted.append(year)
        keep(self, year, measured)  # type: ignore[arg-type]

    monkeypatch.setattr(counting.YearsKept, "keep", watched)
    build(folder)
    assert counted == [2022]
    build(whole)
    assert Workspace(folder).release().observations.equals(Workspace(whole).release().observations)
    assert not (folder / ".counting").exists()


def test_years_of_other_records_are_counted_again(tmp_path: Path) -> None:
    """A year kept before a correction was delivered is not used after it."""
    folder = write_town(tmp_path)
    subprocess.run([sys.executable, "-c", KILL, str(folder)], check=False)
    _write_year(folder / "registers", 2020, (5, 5))
    os.utime(next((folder / "registers").glob("household/year=2020/*")), (1, 1))
    build(folder)
    assert figure(folder, "tenant_households", "9901", "2020") == pytest.approx(10 / 200)


def with_engine(folder: Path, name: str) -> Path:
    """Let the town be counted by another engine."""
    config = folder / "nabolag.toml"
    config.write_text(config.read_text(encoding="utf-8") + f'engine = "{name}"\n', encoding="utf-8")
    return folder


@pytest.mark.postgres
def test_a_town_counted_in_a_database_is_the_same_town(tmp_path, monkeypatch) -> None:
    here, there = (
        write_town(tmp_path / "here"),
        with_engine(write_town(tmp_path / "there"), "postgres"),
    )
    build(here)
    with postgres_server() as address:
        monkeypatch.setenv("NABOLAG_POSTGRES", address)
        build(there)
    found = [Workspace(folder).release().observations for folder in (here, there)]
    assert found[0].height > 0
    assert found[0].equals(found[1])


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("", "counting_database_unnamed"),
        ("mysql://somewhere", "counting_database_unnamed"),
        ("postgresql://me:secret@/it?host=/nowhere", "counting_database_silent"),
    ],
)
def test_a_database_that_is_not_there_is_said(tmp_path, monkeypatch, address, code) -> None:
    monkeypatch.setenv("NABOLAG_POSTGRES", address)
    with pytest.raises(UserError) as refused:
        build(with_engine(write_town(tmp_path), "postgres"))
    (finding,) = refused.value.findings
    assert finding.code == code
    assert finding.params["variable"] == "NABOLAG_POSTGRES"
    assert "secret" not in str(finding.params)


@pytest.mark.parametrize(("name", "extra"), [("spark", "spark"), ("postgres", "ibis")])
def test_an_engine_that_is_not_installed_is_said(tmp_path, monkeypatch, name, extra) -> None:
    monkeypatch.setattr(counting, "find_spec", lambda module: None)
    with pytest.raises(UserError) as refused:
        build(with_engine(write_town(tmp_path), name))
    (finding,) = refused.value.findings
    assert finding.code == "counting_engine_absent"
    assert (finding.params["engine"], finding.params["extra"]) == (name, extra)
