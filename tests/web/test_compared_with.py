"""The words over a column of differences say whom the figures are really compared with."""

from __future__ import annotations

import pytest
from django.test import Client

WORDS = {
    "nb": ("Mot kommunen", "Mot landet"),
    "nn": ("Mot kommunen", "Mot landet"),
    "en": ("Against the municipality", "Against the country"),
}


@pytest.mark.parametrize("lang", WORDS)
@pytest.mark.parametrize(
    ("path", "with_country"),
    [
        ("?indicator=tenants&level=delbydel", False),
        ("?indicator=tenants&level=bydel", False),
        ("?indicator=tenants&level=kommune", True),
        ("indikator/tenants/?level=kommune", True),
        ("omrade/bydel/990101/", False),
        ("omrade/kommune/9901/", True),
    ],
)
def test_the_heading_names_whom_it_is_compared_with(
    wide_site: Client, lang: str, path: str, with_country: bool
):
    page = wide_site.get(f"/{lang}/{path}").content.decode()
    municipality, country = WORDS[lang]
    assert (f">{country}</th>" in page) is with_country
    assert (f">{municipality}</th>" in page) is not with_country
