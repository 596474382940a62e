"""Pages about state money: the ledger, whether money reaches need, expenditure need."""

from __future__ import annotations

import csv
import io
from typing import Any

import polars as pl
import pytest
from django.test import Client

from nabolag.core import Indicator, Kind, Status, Text, Unit, UserError, Worse
from nabolag.publish.views.facts import Facts
from nabolag.publish.views.money import reach
from nabolag.store import Release


def read(site: Client, address: str) -> str:
    answer = site.get(address)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode().replace("\xa0", " ")


@pytest.mark.parametrize("lang", ["nb", "nn", "en"])
@pytest.mark.parametrize("page", ["statlige-tilskudd", "utgiftsbehov", "nar-pengene-behovet"])
def test_every_page_is_there_in_every_language(site: Client, lang: str, page: str) -> None:
    assert "<h1>" in read(site, f"/{lang}/penger/{page}/")


def test_the_ledger_sums_to_the_krone(site: Client) -> None:
    shown = read(site, "/nb/penger/statlige-tilskudd/")
    assert "221 564 000" in shown
    assert "65,8 %" in shown
    assert "Ikke oppgitt" in shown
    answer = site.get("/nb/penger/statlige-tilskudd/tabell/bevilgninger.csv-international")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert sum(int(row["kroner"]) for row in rows) == 221_564_000


def test_what_the_state_covers_of_ones_own_initiative(site: Client) -> None:
    query = "state=40 000 000&municipality=60 000 000"
    shown = read(site, f"/nb/penger/statlige-tilskudd/?{query}")
    assert "dekker staten 40,0 % av satsingen" in shown
    assert "kan ikke sies uten dem" in shown
    assert "større enn alt området bruker" in read(
        site, "/nb/penger/statlige-tilskudd/?state=10&spending=5"
    )


WEIGHTS = {"grunnskole": "0,23", "pleie": "0,35", "barnehage": "0,16", "barnevern": "0,04",
           "sosial": "0,07", "kommunehelse": "0,07", "administrasjon": "0,08"}  # fmt: skip


def query_of(weights: dict[str, str], index: str = "1", **more: str) -> str:
    parts = [f"w_{name}={weight}&i_{name}={index}" for name, weight in weights.items()]
    return "&".join([*parts, *(f"{name}={value}" for name, value in more.items())])


def test_expenditure_need_and_what_it_moves(site: Client) -> None:
    more = {"i_pleie": "1,10", "people": "10 000", "need_a_head": "60 000"}
    query = query_of({k: v for k, v in WEIGHTS.items() if k != "pleie"}, **more) + "&w_pleie=0,35"
    shown = read(site, f"/nb/penger/utgiftsbehov/?{query}")
    assert "Utgiftsbehovet er 1,0350" in shown
    assert "pleie og omsorg" in shown
    assert "21 000 000 kr til kommunen" in shown


def test_weights_that_sum_to_nine_tenths_are_told_what_is_missing(site: Client) -> None:
    wrong = read(site, f"/nb/penger/utgiftsbehov/?{query_of({**WEIGHTS, 'grunnskole': '0,13'})}")
    assert "summerer til 0.9" in wrong
    assert 'value="0,13"' in wrong


def test_a_sector_without_an_index_is_named(site: Client) -> None:
    shown = read(site, "/nb/penger/utgiftsbehov/?w_pleie=0,35&i_pleie=1,1")
    assert "disse sektorene mangler indeks eller vekt: grunnskole" in shown


def made_up(iid: str, words: str, unit: Unit) -> Indicator:
    text = Text(words, words, words)
    return Indicator(
        iid, text, text, unit=unit, kind=Kind.BACKGROUND, worse=Worse.NEITHER, ring="services"
    )


ADDED = {
    "youth_spending": made_up("youth_spending", "Utgifter til ungdom", Unit.NOK),
    "population": made_up("population", "Innbyggere", Unit.COUNT),
}


class WithMoney:
    """The sample with residents, and money that leans toward crowding, hidden in some areas."""

    def __init__(self, release: Release, hidden: tuple[str, ...] = ()) -> None:
        self._release = release
        self.indicators = {**release.indicators, **ADDED}
        known = release.observations
        need = known.filter(
            pl.col("indicator") == "crowded",
            pl.col("group").fill_null("") == "",
            pl.col("value").is_not_null(),
        )
        money = self._made(need, "youth_spending", 500 + 4000 * pl.col("value"))
        covered = pl.col("area").is_in(hidden)
        money = money.with_columns(
            value=pl.when(~covered).then(pl.col("value")),
            status=pl.when(covered).then(pl.lit("suppressed_primary")).otherwise(pl.col("status")),
        )
        people = self._made(need, "population", pl.lit(1000.0))
        self.observations = pl.concat([known, money, people])

    @staticmethod
    def _made(rows: pl.DataFrame, indicator: str, value: pl.Expr) -> pl.DataFrame:
        empty = pl.lit(None, pl.Float64)
        return rows.with_columns(
            indicator=pl.lit(indicator),
            value=value,
            numerator=empty,
            denominator=empty,
            lower=empty,
            upper=empty,
            status=pl.lit(Status.VALUE.value),
        )

    def __getattr__(self, name: str) -> Any:
        return getattr(self._release, name)


def shown_of(release: Release, monkeypatch: pytest.MonkeyPatch, *hidden: str) -> Any:
    facts = Facts(WithMoney(release, hidden))  # type: ignore[arg-type]
    monkeypatch.setattr(reach, "facts_of", lambda _: facts)
    return reach.reach_page(release, {"need": "crowded"}, "nb")


def test_a_release_without_residents_is_not_listed(sample_release: Release) -> None:
    assert not reach.reach_listed(sample_release)
    assert (
        "ikke både innbyggere og et mål på behov"
        in reach.reach_page(sample_release, {}, "nb").opening
    )


def test_money_that_leans_toward_need(
    sample_release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = shown_of(sample_release, monkeypatch)
    scores = {row["score"]: row for row in view.files[0].frame.iter_rows(named=True)}
    assert scores["ratio"]["value"] > 1
    assert scores["concentration"]["value"] > 0
    assert "ganger så mye som til resten" in view.opening
    assert any("Med så få" in words for words in view.sure)
    assert view.tables[1].rows[0][2].sort >= view.tables[1].rows[-1][2].sort


def test_money_that_is_hidden_gives_no_number(
    sample_release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    area = sample_release.observations.filter(
        pl.col("indicator") == "crowded", pl.col("level") == sample_release.main_level.value,
        pl.col("value").is_not_null(),
    ).sort("period")["area"][-1]  # fmt: skip
    view = shown_of(sample_release, monkeypatch, area)
    scores = {row["score"]: row for row in view.files[0].frame.iter_rows(named=True)}
    assert scores["share"]["value"] is None
    assert (scores["share"]["lower"], scores["share"]["upper"]) == (0.0, 1.0)
    assert "Nærmere kan vi ikke si det" in view.opening
    assert any("skjult eller mangler" in words for words in view.notices)


def test_a_choice_that_is_none_is_told(
    sample_release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown_of(sample_release, monkeypatch)
    with pytest.raises(UserError, match="crowded"):
        reach.reach_page(sample_release, {"need": "immigrants"}, "nb")
    view = reach.reach_page(sample_release, {"top": "400"}, "nb")
    assert any("ingen del av befolkningen" in words for words in view.notices)
    view = reach.reach_page(sample_release, {"top": "mange"}, "nb")
    assert any("«mange» er ikke et tall" in words for words in view.notices)
    view = reach.reach_page(sample_release, {"money": "own"}, "nb")
    assert "Skriv beløp for minst ett område" in view.opening


def test_background_is_never_offered_as_need(
    sample_release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = shown_of(sample_release, monkeypatch)
    need = next(field for field in view.fields if field.name == "need")
    assert "immigrants" not in {choice.value for choice in need.choices}
    money = next(field for field in view.fields if field.name == "money")
    assert [choice.value for choice in money.choices] == ["youth_spending", "own"]


def own_page(release: Release, monkeypatch: pytest.MonkeyPatch, amounts: str) -> Any:
    shown_of(release, monkeypatch)
    asked = {"need": "crowded", "money": "own", "amounts": amounts}
    return reach.reach_page(WithMoney(release), asked, "nb")  # type: ignore[arg-type]


def test_a_readers_own_amounts_by_name_and_code(
    sample_release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = own_page(sample_release, monkeypatch, "åsen: 900 000; 0102: 100 000")
    money = dict(view.files[1].frame.select("area", "money").iter_rows())
    assert money["0101"] == pytest.approx(900_000)
    assert money["0102"] == pytest.approx(100_000)
    assert sum(filter(None, money.values())) == pytest.approx(1_000_000)
    assert "beløpene du har skrevet" in view.opening
    assert any("ikke er nevnt" in words for words in view.notices)


@pytest.mark.parametrize(
    ("amounts", "words"),
    [
        ("Åsen: 5; Utopia: 7", "«Utopia: 7»: det er ikke noe område"),
        ("Åsen: 5; Brygga: mye", "«Brygga: mye»: beløpet er ikke et tall"),
        ("Åsen: 5; Brygga: -2", "«Brygga: -2»: beløpet er ikke et tall"),
        ("Åsen: 5; 0101: 7", "«0101» står to ganger"),
        ("Åsen", "«Åsen»: beløpet er ikke et tall"),
    ],
)
def test_amounts_that_cannot_be_read_are_said(
    sample_release: Release, monkeypatch: pytest.MonkeyPatch, amounts: str, words: str
) -> None:
    view = own_page(sample_release, monkeypatch, amounts)
    assert any(words in notice for notice in view.notices)
    field = next(one for one in view.fields if one.name == "amounts")
    assert field.value == amounts
