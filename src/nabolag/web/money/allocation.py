"""What the budget workshop answers beside its page: the map, and the workbook with formulas."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from nabolag.core import Lang, error
from nabolag.publish.exports.frames import FRAME_FORMS
from nabolag.publish.views.money.allocation import allocation_page
from nabolag.publish.views.money.allocation.book import allocation_workbook
from nabolag.store import Release
from nabolag.web.money.asking import asked_of
from nabolag.web.places.views.downloads import file_answer, layer_answer
from nabolag.web.serving import from_release


@from_release
def layer(request: HttpRequest, release: Release, lang: Lang) -> HttpResponse:
    """Answer the map of a sharing as GeoJSON."""
    view = allocation_page(release, asked_of(request), lang)
    if view.map is None:
        raise error("money_picture_unknown", given="kart", known="–")
    return layer_answer(release, view.map, lang)


@from_release
def workbook(request: HttpRequest, release: Release, lang: Lang) -> HttpResponse:
    """Answer a sharing as a workbook whose formulas compute the same kroner."""
    content = allocation_workbook(release, asked_of(request), lang)
    return file_answer(content, FRAME_FORMS["xlsx"].media_type, f"fordeling-formler-{lang}.xlsx")
