"""Releases whose hidden numbers the tests know."""

from __future__ import annotations

import pytest

from nabolag.publish.views import area_page, indicator_page, method_page, overview
from nabolag.store import Release
from tests.support.sample import AREA_NAMES, INDICATORS


def every_view(release: Release, lang) -> list:
    """Every page of the sample, for checks that look at all of it."""
    pages = [overview(release, lang), method_page(release, lang)]
    pages += [overview(release, lang, indicator=i.id) for i in INDICATORS]
    pages += [overview(release, lang, level="bydel", indicator="crowded")]
    pages += [area_page(release, "delbydel", code, lang) for code in AREA_NAMES]
    pages += [area_page(release, "delbydel", "0101", lang, period="2015")]
    pages += [area_page(release, "kommune", "9901", lang)]
    pages += [area_page(release, "bydel", "990101", lang)]
    pages += [indicator_page(release, i.id, lang) for i in INDICATORS]
    return pages


@pytest.fixture(scope="session", params=["nb", "nn", "en"])
def views(request, sample_release):
    """(language, every view) for each language."""
    return request.param, every_view(sample_release, request.param)
