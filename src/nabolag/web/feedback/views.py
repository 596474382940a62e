"""The form «Si fra om et tall»."""

from __future__ import annotations

from http import HTTPStatus

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from nabolag.core import Lang
from nabolag.web.feedback.forms import ReportForm
from nabolag.web.feedback.limits import may_send
from nabolag.web.feedback.models import Report
from nabolag.web.feedback.subject import Subject, in_words, subject_of
from nabolag.web.releases import current_release


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, lang: Lang) -> HttpResponse:
    """Show the form, or store what it holds.

    400 with the form and its messages for what can be mended, 429 where the sender has sent too
    many. A robot that fills in the hidden field is thanked and not stored.
    """
    given = request.POST if request.method == "POST" else request.GET
    subject = subject_of(given.dict(), current_release())
    if request.method != "POST":
        return _form_page(request, lang, subject, ReportForm(lang=lang))
    form = ReportForm(request.POST, lang=lang)
    if form.is_robot:
        return _to_thanks(lang, subject)
    if not form.is_valid():
        return _form_page(request, lang, subject, form, HTTPStatus.BAD_REQUEST)
    if not _store(request, lang, subject, form):
        return _form_page(request, lang, subject, form, HTTPStatus.TOO_MANY_REQUESTS)
    return _to_thanks(lang, subject)


@never_cache
@require_safe
def thanks(request: HttpRequest, lang: Lang) -> HttpResponse:
    """Say that the report has arrived, and lead back."""
    subject = subject_of(request.GET.dict(), current_release())
    return render(request, "feedback/thanks.html", {"subject": subject})


def _store(request: HttpRequest, lang: Lang, subject: Subject, form: ReportForm) -> bool:
    with transaction.atomic():
        if not may_send(request.META.get("REMOTE_ADDR", ""), timezone.now()):
            return False
        Report.objects.create(
            lang=lang,
            message=form.cleaned_data["message"],
            contact=form.cleaned_data["contact"],
            **subject.as_dict(),
        )
    return True


def _form_page(
    request: HttpRequest,
    lang: Lang,
    subject: Subject,
    form: ReportForm,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    context = {
        "form": form,
        "subject": subject,
        "about": in_words(subject, current_release(), lang),
        "too_many": status is HTTPStatus.TOO_MANY_REQUESTS,
    }
    return render(request, "feedback/form.html", context, status=status.value)


def _to_thanks(lang: Lang, subject: Subject) -> HttpResponse:
    query = {name: code for name, code in subject.as_dict().items() if code and name != "release"}
    path = reverse("feedback_thanks", kwargs={"lang": lang})
    return HttpResponseRedirect(f"{path}?{urlencode(query)}" if query else path)
