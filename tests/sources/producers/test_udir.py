"""Udir: pages of units, coordinates, owners, and exports whose figures may be hidden."""

from __future__ import annotations

import polars as pl
import pytest

from nabolag.core import UserError
from nabolag.sources.producers.udir_export import address_from
from nabolag.sources.producers.udir_units import units_of
from tests.sources.producers.served import fetch, producer_at, query, transport
from tests.support.producer_server import Served


def test_active_units_of_every_page_are_asked_for_one_by_one(served: Served) -> None:
    answers = fetch("udir", query("grunnskoler"), served)
    pages = [asked for asked in served.asked if "sidenummer" in asked]
    assert [page[-22:] for page in pages] == [
        f"ummer={at}&antallperside=1000"[-22:] for at in (1, 2, 3)
    ]
    assert [a.request.name for a in answers] == [
        "grunnskoler-974552124",
        "grunnskoler-974552125",
        "grunnskoler-U90099013",
    ]


def test_schools_have_places_owners_and_grades_or_say_that_they_have_not(served: Served) -> None:
    units = units_of(fetch("udir", query("grunnskoler/0301"), served))
    hosle, new, abroad = units.frame.sort("code").iter_rows(named=True)
    assert (hosle["level"], hosle["municipality"], hosle["owner"]) == ("school", "0301", "public")
    assert (hosle["lon"], hosle["lat"]) == (10.78, 59.91)
    assert (hosle["first_grade"], hosle["last_grade"], hosle["size"]) == (1, 7, 386)
    # Zero degrees and zero pupils are how the register writes that it does not know.
    assert (new["lon"], new["lat"], new["size"]) == (None, None, None)
    # Public and private at once: no owner is guessed.
    assert abroad["owner"] is None
    assert {f.code: f.examples for f in units.findings} == {
        "udir_unplaced": ("974552125 Ny skole",),
        "udir_owner_unclear": ("U90099013 Skolen i utlandet",),
    }


def test_kindergartens_come_from_their_own_register(served: Served) -> None:
    units = units_of(fetch("udir", query("barnehager"), served)).frame
    assert units.select("level", "owner", "size").rows() == [
        ("kindergarten", "municipal", 36),
        ("kindergarten", "private", 36),
    ]
    assert all("/data-nbr/v4/" in asked for asked in served.asked)


def test_one_unit_may_be_selected(served: Served) -> None:
    answers = fetch("udir", query("skoler", {"enhet": ("974552124",)}), served)
    with transport() as line:
        frame = producer_at("udir", served, line).read(answers).frame
    assert frame.height == 1
    assert frame.select("Navn", "Kommune.Kommunenummer", "Koordinat.Lengdegrad").row(0) == (
        "Hosle skole",
        "0301",
        "10.78",
    )


def test_an_export_asks_once_for_each_code_of_the_last_filter(served: Served) -> None:
    wanted = query("statistikk/152", {"EierformID": ("-10",), "TidID": ("*",)})
    answers = fetch("udir", wanted, served)
    data = [asked for asked in served.asked if "/data?" in asked]
    assert ["filter=EierformID(-10)_TidID(202512)" in data[0], "TidID(202412)" in data[1]] == [
        True,
        True,
    ]
    with transport() as line:
        frame = producer_at("udir", served, line).read(answers).frame
    assert frame.columns == ["_row", "Skoleaarnavn", "EnhetNavn", "Score"]
    assert frame.filter(pl.col("Skoleaarnavn") == "2025-26")["Score"].to_list() == ["4,1", "*"]


def test_an_export_that_does_not_fit_a_page_is_refused(served: Served) -> None:
    answers = fetch("udir", query("statistikk/152", {"TidID": ("202512",)}), served)
    rows = answers[0].content.replace(b'"RaderTotalt": 2', b'"RaderTotalt": 5000')
    more = type(answers[0])(answers[0].request, rows, "x")
    with transport() as line, pytest.raises(UserError, match="2 of 5000 rows"):
        producer_at("udir", served, line).check(more)


@pytest.mark.parametrize(
    ("table", "select", "said"),
    [
        ("grunnskole", None, "Nearest: grunnskoler"),
        ("grunnskoler", {"enhet": ("1",)}, "not in enhet"),
        ("statistikk/x", None, "statistikk/152"),
        ("statistikk/152", None, "Filters: TidID, EierformID"),
        ("statistikk/152", {"TidID": ("1990",)}, "not in TidID"),
    ],
)
def test_questions_that_cannot_be_asked(
    served: Served, table: str, select: dict[str, tuple[str, ...]] | None, said: str
) -> None:
    with pytest.raises(UserError, match=said):
        fetch("udir", query(table, select), served)


def test_a_list_shorter_than_it_says_is_refused(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.support import producer_answers

    whole = producer_answers._udir_page

    def short(units: tuple[dict[str, object], ...], number: int) -> dict[str, object]:
        return {**whole(units, number), "TotaltAntallEnheter": 18349}

    monkeypatch.setattr(producer_answers, "_udir_page", short)
    with pytest.raises(UserError, match="18349"):
        fetch("udir", query("skoler"), served)


def test_the_lists_of_registers_and_exports(served: Served) -> None:
    with transport() as line:
        udir = producer_at("udir", served, line)
        assert [one.id for one in udir.list("")] == [
            "skoler", "grunnskoler", "videregaende", "barnehager",
        ]  # fmt: skip
        assert [one.id for one in udir.list("elevundersøkelsen")] == ["statistikk/152"]


def test_addresses_are_made_of_the_school_registers() -> None:
    assert (
        address_from("https://data-nsr.udir.no/v4")
        == "https://api.statistikkbanken.udir.no/api/rest/v2/Eksport"
    )
