"""Numbers, periods and statuses as people read them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nabolag.core import LANGS, Indicator, Kind, Level, Status, Text, Unit, Worse
from nabolag.publish.numbers import (
    format_count,
    format_date,
    format_difference,
    format_interval,
    format_number,
    format_period,
    format_value,
    number_word,
    spanned,
    status_words,
)


def indicator(unit: Unit = Unit.SHARE, decimals: int = 1, level: Level | None = None) -> Indicator:
    words = Text("Leie", "Leige", "Rent")
    return Indicator("rent", words, words, unit, Kind.CHALLENGE, Worse.HIGH, "housing",
                     decimals=decimals, minimum_level=level)  # fmt: skip


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("lang", "expected"), [("nb", "1 234 567,9"), ("nn", "1 234 567,9"), ("en", "1,234,567.9")]
)
def test_large_numbers(lang, expected):
    assert plain(format_number(1234567.89, lang, 1)) == expected


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "nb", "nn", "en"),
    [
        (0.123, Unit.SHARE, 1, "12,3 %", "12,3 %", "12.3%"),
        (0.285, Unit.SHARE, 0, "29 %", "29 %", "29%"),
        (1.005, Unit.MEAN, 2, "1,01", "1,01", "1.01"),
        (0.1 + 0.2, Unit.MEAN, 3, "0,300", "0,300", "0.300"),
        (590000.0, Unit.NOK, 0, "590 000 kr", "590 000 kr", "NOK 590,000"),
        (54321.0, Unit.NOK_PER_M2, 0, "54 321 kr/m²", "54 321 kr/m²", "NOK 54,321 per m²"),
        (12.34, Unit.RATE, 1, "12,3 per 1 000", "12,3 per 1 000", "12.3 per 1,000"),
        (81.25, Unit.YEARS, 1, "81,3 år", "81,3 år", "81.3 years"),
        (41.7, Unit.POINTS, 1, "41,7 poeng", "41,7 poeng", "41.7 points"),
        (1234.0, Unit.COUNT, 0, "1 234", "1 234", "1,234"),
    ],
)
def test_values_by_unit(value, unit, decimals, nb, nn, en):
    told = [plain(format_value(value, indicator(unit, decimals), lang)) for lang in LANGS]
    assert told == [nb, nn, en]


def test_number_and_unit_are_never_parted_by_a_line_break():
    assert " " not in format_value(1234.5, indicator(Unit.NOK, 0), "nb")


@pytest.mark.parametrize(
    ("difference", "expected"),
    [
        (0.032, "+3,2 prosentpoeng"),
        (-0.032, "−3,2 prosentpoeng"),
        (-0.0001, "0,0 prosentpoeng"),
        (0.0, "0,0 prosentpoeng"),
    ],
)
def test_differences_of_shares_are_percentage_points(difference, expected):
    assert plain(format_difference(difference, indicator(), "nb")) == expected


def test_differences_in_kroner_and_english():
    assert plain(format_difference(-12000.0, indicator(Unit.NOK, 0), "nn")) == "−12 000 kr"
    assert plain(format_difference(12000.0, indicator(Unit.NOK, 0), "en")) == "+NOK 12,000"
    assert format_difference(0.032, indicator(), "en") == "+3.2 percentage points"


def test_intervals_name_the_unit_once():
    assert plain(format_interval(0.075, 0.093, indicator(), "nb")) == "7,5–9,3 %"
    assert format_interval(0.075, 0.093, indicator(), "en") == "7.5–9.3%"
    assert format_interval(None, 0.093, indicator(), "nb") == ""
    assert plain(format_interval(-1.0, 2.0, indicator(Unit.MEAN), "nb")) == "−1,0 – 2,0"


@pytest.mark.parametrize(
    ("period", "nb", "nn", "en"),
    [
        ("2018", "2018", "2018", "2018"),
        ("2016-2018", "2016–2018", "2016–2018", "2016–2018"),
        ("2018/2019", "skoleåret 2018/2019", "skuleåret 2018/2019", "the school year 2018/2019"),
        ("2018K4", "4. kvartal 2018", "4. kvartal 2018", "Q4 2018"),
        ("2018M05", "mai 2018", "mai 2018", "May 2018"),
        ("before", "before", "before", "before"),
    ],
)
def test_periods(period, nb, nn, en):
    assert [format_period(period, lang) for lang in LANGS] == [nb, nn, en]


def test_dates():
    told = [format_date("2026-11-22T10:00:00+00:00", lang) for lang in LANGS]
    assert told == ["22. november 2026", "22. november 2026", "22 November 2026"]
    assert [format_date("", lang) for lang in LANGS] == [
        "ikke oppgitt", "ikkje oppgitt", "not stated",
    ]  # fmt: skip
    assert format_date("in spring", "en") == "in spring"


def test_counts():
    assert plain(format_count(340444.0, "nb")) == "340 444"
    assert format_count(12.5, "nb") == "12,5"


def test_small_numbers_are_words():
    assert [number_word(7, lang) for lang in LANGS] == ["sju", "sju", "seven"]
    assert [number_word(1, lang) for lang in LANGS] == ["én", "éin", "one"]
    assert number_word(13, "nb") == "13"


@pytest.mark.parametrize(
    ("status", "reason", "nb", "nn", "en"),
    [
        (Status.SUPPRESSED_PRIMARY, "numerator<5",
         "Skjult av hensyn til personvern (færre enn 5)",
         "Skjult av omsyn til personvern (færre enn 5)", "Hidden for privacy (fewer than 5)"),
        (Status.SUPPRESSED_PRIMARY, "", "Skjult av hensyn til personvern",
         "Skjult av omsyn til personvern", "Hidden for privacy"),
        (Status.MISSING, "", "Ikke levert av Husbanken for 2024",
         "Ikkje levert av Husbanken for 2024", "Not delivered by Husbanken for 2024"),
        (Status.NOT_APPLICABLE, "", "Ikke aktuelt her", "Ikkje aktuelt her",
         "Not applicable here"),
        (Status.SUPPRESSED_PRIMARY, "dominance", "Skjult fordi noen få står bak det meste av beløpet",
         "Skjult fordi nokre få står bak det meste av beløpet",
         "Hidden because a few stand behind most of the amount"),
        (Status.SUPPRESSED_SECONDARY, "", "Skjult for å verne andre tall",
         "Skjult for å verne andre tal", "Hidden to protect other figures"),
        (Status.SUPPRESSED_RULE, "minimum_level=bydel",
         "Vises ikke for mindre områder enn bydel",
         "Blir ikkje vist for mindre område enn bydel",
         "Not shown for areas smaller than city district"),
        (Status.UNRELIABLE, "denominator<50", "Usikkert tall", "Usikkert tal",
         "Uncertain figure"),
        (Status.SUPPRESSED_RULE, "population<500",
         "Vises ikke: det bor færre enn 500 i området",
         "Blir ikkje vist: det bur færre enn 500 i området",
         "Not shown: fewer than 500 people live in the area"),
        (Status.UNRELIABLE, "population<500",
         "Usikkert tall: det bor færre enn 500 i området",
         "Usikkert tal: det bur færre enn 500 i området",
         "Uncertain figure: fewer than 500 people live in the area"),
        (Status.VALUE, "", "", "", ""),
    ],
)  # fmt: skip
def test_status_words(status, reason, nb, nn, en):
    what = indicator(level=Level.BYDEL)
    told = [status_words(status, reason, what, "2024", "Husbanken", lang) for lang in LANGS]
    assert told == [nb, nn, en]


def test_the_words_do_not_tell_which_count_is_small():
    told = {
        status_words(Status.SUPPRESSED_PRIMARY, f"{part}<5", indicator(), "2024", "", "nb")
        for part in ("numerator", "complement", "denominator")
    }
    assert len(told) == 1


@pytest.mark.parametrize("status", [s for s in Status if not s.has_value])
@pytest.mark.parametrize("lang", LANGS)
def test_every_absent_figure_has_words(status, lang):
    assert len(status_words(status, "", indicator(), "2024", "", lang)) > 5


@given(st.floats(-1e9, 1e9), st.sampled_from(list(Unit)), st.integers(0, 3), st.sampled_from(LANGS))
def test_a_shown_number_is_the_number_rounded(value, unit, decimals, lang):
    text = format_value(value, indicator(unit, decimals), lang).split("per")[0]
    group = "," if lang == "en" else "\u00a0"
    digits = text.replace(group, "").replace(",", ".").replace("−", "-")
    digits = digits.replace("m²", "").replace("NOK\u00a0", "").replace("NOK", "")
    number = float("".join(c for c in digits if c in "0123456789.-"))
    scale = 100 if unit is Unit.SHARE else 1
    assert math.isclose(number, value * scale, abs_tol=0.5 * 10**-decimals + 1e-3)
    assert "-0" not in text.replace("−", "-") or number != 0


def test_a_dash_beside_a_sign_has_room():
    assert spanned("7,5", "9,3") == "7,5–9,3"
    assert spanned("−0,9", "−0,2") == "−0,9 – −0,2"
    assert spanned("0,1", "+0,4") == "0,1 – +0,4"
