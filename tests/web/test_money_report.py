"""Pages that read the report: printed tables, the extra-cost calculator, the worked examples."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

LANGUAGES = ("nb", "nn", "en")


def read(site: Client, address: str) -> str:
    answer = site.get(address)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "page",
    [
        "trykte-tabeller",
        "trykte-tabeller/?table=20",
        "utgiftsulempe",
        "regneeksempler",
        "sporsmal",
        *(f"sporsmal-{n}" for n in range(1, 6)),
    ],
)
def test_every_page_is_there_in_every_language(site: Client, lang: str, page: str) -> None:
    path = page if "?" in page else f"{page}/"
    shown = read(site, f"/{lang}/penger/{path}")
    assert "<h1>" in shown
    assert "None" not in shown.replace("None of", "")


def test_a_table_stands_printed_beside_corrected(site: Client) -> None:
    shown = read(site, "/nb/penger/trykte-tabeller/?table=14")
    assert "156,59*** (5845) → 156,59*** (58,45)" in shown
    assert "R² i kolonne 2 er trykt som 0,043" in shown


def test_the_list_says_which_distribution_stars_follow(site: Client) -> None:
    shown = read(site, "/nb/penger/trykte-tabeller/")
    assert "t(n−k); faste effekter t(3)" in shown
    assert "t(17); faste effekter t(17)" in shown


def test_a_sound_table_says_so(site: Client) -> None:
    shown = read(site, "/nb/penger/trykte-tabeller/?table=B9")
    assert "finner ikke noe galt" in shown
    assert "standardfeil klynget på 4 grupper" in shown


def test_tables_can_be_searched(site: Client) -> None:
    shown = read(site, "/nb/penger/trykte-tabeller/?find=barnevern")
    assert "Koeffisienter som passer til søket" in shown
    assert "Tabell 16" in shown
    assert "?table=16" in shown


def test_an_unknown_table_is_told_which_there_are(site: Client) -> None:
    answer = site.get("/nb/penger/trykte-tabeller/?table=99")
    assert answer.status_code == 400
    assert "A10" in answer.content.decode()


def test_all_coefficients_can_be_taken_away(site: Client) -> None:
    answer = site.get("/nb/penger/trykte-tabeller/tabell/koeffisienter.csv-international")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 1213
    assert sum(row["changed"].lower() == "true" for row in rows) == 33
    assert site.get("/nb/penger/trykte-tabeller/tabell/merker.xlsx?table=20").status_code == 200


def test_the_calculator_opens_with_the_reports_own_example(site: Client) -> None:
    shown = read(site, "/nb/penger/utgiftsulempe/")
    assert "+5,95 millioner kr" in shown
    assert "156,59 × 1 × 38 000 = 5 950 420 kr" in shown.replace("\xa0", " ")
    assert "Tallet gjelder bare Oslo." in shown
    assert "sammenheng, ikke en pris" in shown


def test_the_address_keeps_the_scenario_and_the_file_has_it(site: Client) -> None:
    query = "coefficient=9.4.expected_scale_points&change=-2,6&n_pupils=400&hours=686&cost=700000"
    shown = read(site, f"/nb/penger/utgiftsulempe/?{query}")
    assert "+2,89 millioner kr" in shown
    assert "−2,725 × −2,6 × 400 : 686 × 700 000 = 2 891" in shown.replace("\xa0", " ")
    assert 'value="-2,6"' in shown
    answer = site.get(f"/nb/penger/utgiftsulempe/tabell/belop.csv-international?{query}")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["unit"] for row in rows] == ["hours", "hours", "positions", "nok"]
    assert float(rows[2]["value"]) == pytest.approx(4.13, abs=0.005)


def test_a_number_for_inhabitants_is_never_read_as_those_below_23(site: Client) -> None:
    query = "coefficient=16.5.share_single_parent&n_inhabitants=38000"
    shown = read(site, f"/nb/penger/utgiftsulempe/?{query}")
    assert "4 577 kr" in shown.replace("\xa0", " ")
    assert "38000" not in shown.split('name="n_inhabitants_0_22"')[1].split(">")[0]


def test_groups_can_be_compared(site: Client) -> None:
    query = "coefficient=24.6.n_challenges_4&minus=24.6.n_challenges_1&n_inhabitants=38 000"
    shown = read(site, f"/nb/penger/utgiftsulempe/?{query}")
    assert "i stedet for «1 levekårsutfordring»" in shown
    assert "12,1 millioner kr" in shown
    assert "(1 021 − 701,6) × 1 × 38 000 = 12 137 200 kr" in shown.replace("\xa0", " ")
    assert "Intervallet går over null" in shown


def test_other_sectors_stand_side_by_side_without_a_sum(site: Client) -> None:
    shown = read(site, "/nb/penger/utgiftsulempe/").replace("\xa0", " ")
    part = shown.split('id="tabell-sektorer"')[1].split("</section>")[0]
    assert "4 577 kr" in part
    assert "155 kr" in part
    assert "aldri lagt sammen" in part
    assert "av innbyggerne 0–22 år" in part
    assert "Sum" not in part
    # Tables 15–22, A10–A12 have the same variable beside the others, less the one shown above.
    assert part.count("<tr>") >= 9
    alone = read(site, "/nb/penger/utgiftsulempe/?coefficient=14.2.share_single_parent")
    assert "7 917 kr" in alone.replace("\xa0", " ").split('id="tabell-sektorer"')[1]


def test_ones_own_number(site: Client) -> None:
    query = "coefficient=own&value=120&error=30&df=14&n_inhabitants=5000&change=2"
    shown = read(site, f"/nb/penger/utgiftsulempe/?{query}")
    assert "+1,20 millioner kr" in shown
    assert "t-fordelingen med 14 frihetsgrader" in shown
    assert "Tallet gjelder bare Oslo" not in shown


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("n_inhabitants=tre", "«tre» er ikke et tall"),
        ("change=5&unit=share", "En andel kan ikke endre seg med"),
        ("n_inhabitants=-4", "Ventet et tall over null"),
        ("coefficient=25.1.analysis_area", "kan ikke stemme"),
        ("coefficient=tull", "ikke navnet på en koeffisient"),
        ("coefficient=own&value=1&error=-2", "null eller større"),
        ("coefficient=own&counts=euro", "ikke et kjent ord"),
        ("level=400", "konfidensnivå"),
    ],
)
def test_what_cannot_be_computed_is_said_and_nothing_is_lost(
    site: Client, query: str, words: str
) -> None:
    shown = read(site, f"/nb/penger/utgiftsulempe/?{query}")
    assert words in shown
    assert "kan ikke regnes ut" in shown
    assert 'name="coefficient"' in shown


def test_the_worked_examples_tell_the_one_that_is_wrong(site: Client) -> None:
    shown = read(site, "/nb/penger/regneeksempler/")
    assert "23 regneeksempler stemmer 16" in shown
    assert "i overkant av 20 millioner kroner" in shown
    assert "764,5 × 38 000 : 1 000 000" in shown.replace("\xa0", " ")


@pytest.mark.parametrize("picture", ["svg", "png"])
def test_the_picture_is_a_file(site: Client, picture: str) -> None:
    answer = site.get(f"/nb/penger/utgiftsulempe/figur/modeller.{picture}")
    assert answer.status_code == 200


def test_the_five_questions_stand_together_and_each_alone(site: Client) -> None:
    shown = read(site, "/nb/penger/sporsmal/")
    assert all(f'id="sporsmal-{n}"' in shown for n in range(1, 6))
    assert shown.count("Kan ikke besvares.</strong>") == 2
    alone = read(site, "/nb/penger/sporsmal-5/")
    assert "Hvor store er kommunens administrative kostnader" in alone
    assert "L80" in alone
    assert 'id="sporsmal-1"' not in alone


def test_the_pages_of_single_questions_are_not_listed(site: Client) -> None:
    shown = read(site, "/nb/penger/")
    assert '/nb/penger/sporsmal/"' in shown
    assert "sporsmal-3" not in shown
