"""The address decides the language; before it does, the browser's wish."""

from __future__ import annotations

import pytest
from django.test import Client

from nabolag.core import LANGS
from nabolag.web.language import language_of_path, negotiate


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("", "nb"),
        ("no", "nb"),
        ("nn-NO,nn;q=0.9,no;q=0.8,en;q=0.5", "nn"),
        ("en-GB,en;q=0.9", "en"),
        ("de, pl;q=0.9", "nb"),
        ("de, en;q=0.3, nn;q=0.2", "en"),
        ("en;q=0, nn;q=0.1", "nn"),
        ("en;q=rot, nn;q=0.1", "nn"),
    ],
)
def test_the_wish_with_the_highest_weight_that_the_site_has_wins(accepted: str, expected: str):
    assert negotiate(accepted, LANGS) == expected


def test_the_address_names_the_language():
    assert language_of_path("/nn/omrade/x/") == "nn"
    assert language_of_path("/nb") == "nb"
    assert language_of_path("/nbx/") is None


def test_an_address_without_language_leads_to_the_readers_own(site: Client):
    answer = site.get("/metode/?x=1", headers={"accept-language": "nn"})
    assert (answer.status_code, answer["Location"]) == (302, "/nn/metode/?x=1")
    assert "Accept-Language" in answer["Vary"]
    assert site.get("/", headers={"accept-language": "en"})["Location"] == "/en/"


def test_an_absent_slash_is_mended_in_one_step(site: Client):
    assert site.get("/nb/metode")["Location"] == "/nb/metode/"
    assert site.get("/omrade/delbydel/0101")["Location"] == "/nb/omrade/delbydel/0101/"


def test_an_address_that_means_nothing_is_not_led_anywhere(site: Client):
    assert site.get("/finnes/ikke/").status_code == 404
    assert site.get("/sv/metode/").status_code == 404


def test_a_language_the_site_is_not_served_in_is_not_found(site: Client, settings):
    settings.NABOLAG_LANGUAGES = ("nb", "nn")
    assert site.get("/en/metode/").status_code == 404
