"""The report of a delivery with many kinds of defects, line by line, and what it never shows."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from nabolag.core import LANGS
from nabolag.registers import (
    DeliveryReport,
    check_folder,
    read_quarantine,
    reasons_in_words,
    receive,
    rejected_reasons,
    report_markdown,
    report_text,
)
from nabolag.store import Workspace
from tests.registers.sample import YEAR, changed, deliver, flawed, sound

EDUCATION = f"levert/utdanning/year={YEAR}/del1.parquet"

#: Every defect that `sample.flawed` plants: register, code, column, places, values, outcome.
DEFECTS = [
    ("person", "register_cell_unread", "birth_year", [12], ("nittiåtte",), "set_apart"),
    ("person", "register_out_of_range", "birth_year", [13], ("1749",), "set_apart"),
    ("person", "register_value_unknown", "sex", [14], ("3",), "set_apart"),
    ("person", "register_digits", "grunnkrets", [15], ("9901010",), "set_apart"),
    ("person", "register_null", "role", [16], (), "set_apart"),
    ("person", "register_not_below", "birth_year", [17], ("2020 / 2020",), "set_apart"),
    ("household", "register_reference_absent", "year, dwelling_id", [11], (), "set_apart"),
    ("household", "register_count_differs", "persons", [21], (), "set_apart"),
    ("dwelling", "register_value_unknown", "building", [4], ("rowhouse",), "set_apart"),
    ("dwelling", "register_not_finite", "area_m2", [5], ("NaN",), "set_apart"),
    ("dwelling", "register_blanks_trimmed", "building", [3], (), "kept"),
    ("dwelling", "register_column_extra", "", [1], ("owner_name",), "kept"),
    ("income_year", "register_column_constant", "consumption_units", [1], ("1.5",), "kept"),
    (
        "education",
        "register_not_above",
        "upper_secondary_start",
        [8],
        ("1994 / 1993",),
        "set_apart",
    ),
    ("education", "register_row_twice", "year, person_id", [301], (), "set_apart"),
    ("education", "register_rows_of_key", "year, person_id", [21, 302], (), "set_apart"),
    ("education", "register_reference_later", "year, person_id", [303], (), "kept"),
    ("school", "register_column_absent", "teacher_fte", [2, 3], (), "set_apart"),
    ("account_line", "register_year_outside", "year", [4], ("2019",), "set_apart"),
]

LINES = f"""\
Registre: 7. Leverte rader: 968. Tatt inn: 949. Satt til side: 17. 2 ganger har et register i ett år så mange feil at ingenting av det tas inn; 2 rader i orden holdes tilbake med dem.

Personer (person)
  2020: levert 300, i orden 294, satt til side 6 (2,00 prosent)
    – Satt til side. «birth_year» (Fødselsår): Én celle kan ikke leses: nittiåtte. Ventet et helt tall. Rett cellene, oversett kodene i nabolag.toml ([[register]] codes), eller si hvilke tegn som betyr ukjent ([[register]] unknown). Rad 12 i levert/personer.csv.
    – Satt til side. «sex» (Kjønn): Én celle har en verdi som ikke er i kodelisten: 3. Ventet en av male, female. Oversett kodene før filen leveres. Rad 14 i levert/personer.csv.
    – Satt til side. «birth_year» (Fødselsår): Én verdi ligger utenfor det som er mulig: 1749. Ventet fra 1850 til 2100. Rett verdiene, eller la dem stå tomme der de er ukjente og kolonnen tillater det. Rad 13 i levert/personer.csv.
    – Satt til side. «grunnkrets» (Grunnkrets der personen er bosatt): Én celle er ikke skrevet med 8 sifre: 9901010. Ventet 8 sifre og ikke noe annet. Se etter ledende nuller som er falt bort. Rad 15 i levert/personer.csv.
    – Satt til side. «role» (Rolle i husholdningen): Én celle er tom. Kolonnen skal alltid ha en verdi. Fyll inn verdien, eller ta raden ut av leveransen og si fra om det. Rad 16 i levert/personer.csv.
    – Satt til side. «birth_year» (Fødselsår): Én rad har birth_year som ikke er lavere enn year: 2020 / 2020. birth_year skal være lavere enn year. Rett den kolonnen som er feil. Rad 17 i levert/personer.csv.
    – Merk. «household_id» (Løpenummer for husholdningen): 6 rader er beholdt selv om de viser til rader i «household» som er satt til side; det de viser til, er ukjent. Rett radene i «household», så er alt kjent igjen. Skal slike rader også settes til side, si [registers] refers_to_rejected = "set_apart". Radene 24, 25, 26, 49, 50 i levert/personer.csv og flere.

Husholdninger (household)
  2020: levert 120, i orden 118, satt til side 2 (1,67 prosent)
    – Satt til side. «dwelling_id» (Løpenummer for boligen; tomt når boligen er ukjent): Én rad viser til noe som ikke er i registeret «dwelling»: rad 11 i levert/husholdninger.xlsx. Alt det vises til, skal være med i leveransen. Be om de radene som mangler, eller la henvisningen stå tom der den er ukjent.
    – Satt til side. «persons» (Personer i husholdningen): Én rad har et annet tall i «persons» enn det registeret «person» viser: rad 21 i levert/husholdninger.xlsx. Antallet skal være likt i begge registre. Se etter personer som mangler, eller husholdninger fra et annet år.
    – Merk. «dwelling_id» (Løpenummer for boligen; tomt når boligen er ukjent): 2 rader er beholdt selv om de viser til rader i «dwelling» som er satt til side; det de viser til, er ukjent. Rett radene i «dwelling», så er alt kjent igjen. Skal slike rader også settes til side, si [registers] refers_to_rejected = "set_apart". Radene 5, 6 i levert/husholdninger.xlsx.

Boliger (dwelling)
  2020: levert 120, i orden 118, satt til side 2 (1,67 prosent)
    – Satt til side. «building» (Bygningstype): Én celle har en verdi som ikke er i kodelisten: rowhouse. Ventet en av detached, semi_detached, terraced, block, other. Oversett kodene før filen leveres. Rad 4 i levert/boliger.parquet.
    – Satt til side. «area_m2» (Bruksareal i kvadratmeter): Én celle er ikke et tall (NaN eller uendelig). Ventet et tall, eller tomt der verdien er ukjent. Skriv ukjente verdier som tomme celler. Rad 5 i levert/boliger.parquet.
    – Merk. Registeret «dwelling» har én kolonne som kontrakten ikke kjenner: owner_name. Ingenting leser slikt. Be om en leveranse uten, hvis det ikke trengs.
    – Merk. «building» (Bygningstype): Én celle hadde mellomrom i endene. Mellomrommene er tatt bort, og radene er beholdt. Be om at filen leveres uten dem. Rad 3 i levert/boliger.parquet.

Inntekt i året (income_year)
  2020: levert 120, alle i orden
    – Merk. «household_id» (Løpenummer for husholdningen): 2 rader er beholdt selv om de viser til rader i «household» som er satt til side; det de viser til, er ukjent. Rett radene i «household», så er alt kjent igjen. Skal slike rader også settes til side, si [registers] refers_to_rejected = "set_apart". Radene 11, 21 i levert/inntekt1.csv.
    – Merk. «consumption_units» (Forbruksenheter etter EU-skalaen): Alle 120 rader har samme verdi. Kolonnen pleier å variere. Radene er beholdt. Se etter om en verdi er kopiert nedover, eller om kolonnen er byttet med en annen.

Utdanning (education)
  2020: levert 303, i orden 299, satt til side 4 (1,32 prosent)
    – Satt til side. «upper_secondary_start» (Året personen begynte på videregående): Én rad har upper_secondary_start over upper_secondary_completed: 1994 / 1993. upper_secondary_start kan ikke være større enn upper_secondary_completed. Rett den kolonnen som er feil. Rad 8 i {EDUCATION}.
    – Satt til side. «person_id» (Løpenummer for personen): Én rad er en nøyaktig gjentakelse av en annen. Hver rad skal stå én gang. Den første er beholdt. Se etter om filen er satt sammen av overlappende deler. Rad 301 i {EDUCATION}.
    – Satt til side. «person_id» (Løpenummer for personen): 2 rader har en nøkkel (year, person_id) som også står på en annen rad med annet innhold. Hver nøkkel skal stå på én rad. Hvilken som er riktig, kan bare den som leverte, vite; alle er satt til side. Finn ut hvilken rad som gjelder, og ta bort den andre. Radene 21, 302 i {EDUCATION}.
    – Merk. «person_id» (Løpenummer for personen): Én rad viser til noen som ikke er i registeret «person» samme år. Det er ikke galt i seg selv: «person» er fra 1. januar, og noen har flyttet inn siden. Radene er beholdt, men kan ikke knyttes til et område. Se etter om antallet er rimelig. Er det stort, er et av registrene fra et annet år eller med andre løpenumre. Rad 303 i {EDUCATION}.
    – Merk. «person_id» (Løpenummer for personen): 6 rader er beholdt selv om de viser til rader i «person» som er satt til side; det de viser til, er ukjent. Rett radene i «person», så er alt kjent igjen. Skal slike rader også settes til side, si [registers] refers_to_rejected = "set_apart". Radene 11, 12, 13, 14, 15 i {EDUCATION} og flere.

Grunnskoler (school)
  2020: levert 2, i orden 0, satt til side 2 (100,00 prosent)
    – levert/skoler.csv: 2 av 2 rader i registeret «school» for 2020 har feil (100,00 prosent). Grensen er 5 prosent. Ingenting av registeret for dette året er tatt inn. Be om en ny leveranse, eller hev grensen i nabolag.toml ([registers] max_rejected_share) hvis dere vet hva det gjør med tallene.
    – Satt til side. «teacher_fte» (Årsverk til undervisning): Kolonnen mangler i registeret «school». Hver celle skal være et tall. Legg til kolonnen, eller gi den dette navnet.

Regnskapslinjer (account_line)
  2020: levert 3, i orden 2, satt til side 1 (33,33 prosent)
    – levert/regnskap.csv: 1 av 3 rader i registeret «account_line» for 2020 har feil (33,33 prosent). Grensen er 5 prosent. Ingenting av registeret for dette året er tatt inn. Be om en ny leveranse, eller hev grensen i nabolag.toml ([registers] max_rejected_share) hvis dere vet hva det gjør med tallene.
    – Satt til side. «year» (Regnskapsår): Én rad er av et annet år enn filen skal være: 2019. Ventet bare året 2020. Legg radene i filen for sitt år, eller rett året i nabolag.toml. Rad 4 i levert/regnskap.csv.

Eksemplene viser filen og raden. Verdien vises bare i kolonner som ikke kan peke ut noen: løpenumre og beløp vises aldri."""


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, DeliveryReport]:
    folder = deliver(tmp_path_factory.mktemp("flawed"), flawed())
    return folder, receive(Workspace(folder))


def test_each_planted_defect_is_found_where_it_stands(
    received: tuple[Path, DeliveryReport],
) -> None:
    found = {
        (year.register, noted.code, noted.column): (
            [row for _, row in noted.rows],
            noted.values,
            noted.outcome,
        )
        for year in received[1].years
        for noted in year.noted
        if noted.code != "register_reference_open"
    }
    planted = {(r, code, c): (rows, v, out) for r, code, c, rows, v, out in DEFECTS}
    assert found == planted
    assert len({code for _, code, *_ in DEFECTS}) == 18


def test_the_report_reads_line_by_line(received: tuple[Path, DeliveryReport]) -> None:
    assert report_text(received[1], "nb").rstrip("\n").splitlines() == LINES.splitlines()


@pytest.mark.parametrize("lang", LANGS)
def test_no_identity_or_amount_leaves_the_house(
    received: tuple[Path, DeliveryReport], lang: str
) -> None:
    folder, report = received
    told = [report_text(report, lang), report_markdown(report, lang), json.dumps(report.as_dict())]  # type: ignore[arg-type]
    assert not any("99999" in text or "7000" in text for text in told)
    assert (
        read_quarantine(folder / "quarantine", "household")["dwelling_id"].to_list().count("99999")
        == 1
    )


def test_what_stands_in_the_wrong_column_is_not_shown_if_it_may_name_somebody(
    tmp_path: Path,
) -> None:
    frames = sound()
    shifted = changed(frames["person"], 1, role="01019012345")
    frames["person"] = changed(shifted, 2, role="Kari Nordmann, Storgata 1")
    place = tmp_path / f"person/year={YEAR}"
    place.mkdir(parents=True)
    frames["person"].write_parquet(place / "a.parquet")
    (year,) = check_folder(tmp_path).years
    (noted,) = [n for n in year.noted if n.code == "register_value_unknown"]
    assert (noted.count, noted.values) == (2, ())


def test_the_document_says_the_same_as_the_terminal(
    received: tuple[Path, DeliveryReport],
) -> None:
    document = report_markdown(received[1], "nb")
    said = [line.strip() for line in LINES.splitlines()]
    for line in said:
        if line.startswith("– "):
            assert f"- {line[2:]}" in document
    assert "| Personer (person) | 2020 | 300 | 294 | 6 |" in document


@pytest.mark.parametrize("lang", LANGS)
def test_every_language_has_all_the_words(received: tuple[Path, DeliveryReport], lang: str) -> None:
    text = report_text(received[1], lang)  # type: ignore[arg-type]
    assert "{" not in text
    assert "register_" not in text
    reasons = reasons_in_words(rejected_reasons(received[0] / "quarantine"), lang)  # type: ignore[arg-type]
    assert not reasons.filter(pl.col("reason").str.starts_with("register_")).height


def test_a_report_is_read_back_as_it_was_written(received: tuple[Path, DeliveryReport]) -> None:
    again = DeliveryReport.from_dict(json.loads(json.dumps(received[1].as_dict())))
    assert again == received[1]


def test_a_link_that_was_not_checked_is_told_once_for_all_years(tmp_path: Path) -> None:
    for year in (2020, 2021):
        place = tmp_path / f"income_year/year={year}"
        place.mkdir(parents=True)
        frame = sound()["income_year"].with_columns(year=pl.lit(year, pl.Int16))
        frame.write_parquet(place / "a.parquet")
    text = report_text(check_folder(tmp_path), "nb")
    assert text.count("er ikke kontrollert") == 1
