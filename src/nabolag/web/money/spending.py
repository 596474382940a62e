"""A spending model's whole table as a file, laid out as the report prints it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from nabolag.core import Lang, error
from nabolag.publish.spending import LAYOUT_FORMS, layout_bytes, model_of
from nabolag.store import Release
from nabolag.web.places.views.downloads import file_answer, safe_name
from nabolag.web.serving import from_release


@from_release
def layout(
    request: HttpRequest, release: Release, lang: Lang, model: str, form: str
) -> HttpResponse:
    """Answer a model's table as HTML, Word, LaTeX or Excel."""
    if model not in release.models:
        raise error("spending_model_unknown", given=model, near="–",
                    known=", ".join(release.models) or "–")  # fmt: skip
    if form not in LAYOUT_FORMS:
        raise error("web_form_unknown", given=form, known=", ".join(LAYOUT_FORMS))
    content = layout_bytes(model_of(release.models[model]), form, lang)
    name = f"{safe_name(model)}-{lang}{LAYOUT_FORMS[form].suffix}"
    return file_answer(content, LAYOUT_FORMS[form].media_type, name)
