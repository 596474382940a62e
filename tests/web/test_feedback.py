"""«Si fra om et tall»: stored with the figure it is about, and nothing about who wrote it."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from nabolag.store import Release
from nabolag.web.feedback.limits import may_send, sender_hash
from nabolag.web.feedback.listing import reports
from nabolag.web.feedback.models import Attempt, Report
from nabolag.web.feedback.subject import in_words, subject_of

pytestmark = pytest.mark.django_db
ADDRESS = "/nb/tilbakemelding/"
FIGURE = {"level": "delbydel", "area": "0103", "indicator": "crowded", "period": "2016"}
WORDS = {"message": "Tallet er høyere enn det vi har telt selv."}


def test_the_form_says_which_figure_it_is_about(site: Client):
    answer = site.get(ADDRESS, FIGURE)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Husholdninger som bor trangt, Kirkehaugen (delbydel), 2016" in page
    assert 'name="indicator" value="crowded"' in page
    assert "no-store" in answer["Cache-Control"]


def test_a_report_is_stored_with_its_figure_and_the_release(site: Client, sample_release: Release):
    answer = site.post(ADDRESS, {**FIGURE, **WORDS})
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, ADDRESS + "takk/")
    (kept,) = Report.objects.all()
    assert {name: getattr(kept, name) for name in FIGURE} == FIGURE
    assert (kept.release, kept.lang, kept.contact) == (sample_release.id, "nb", "")
    assert kept.message == WORDS["message"]
    thanks = site.get(answer["Location"]).content.decode()
    assert "/nb/omrade/delbydel/0103/" in thanks
    assert "/nb/indikator/crowded/" in thanks


def test_an_older_release_that_was_open_is_kept_and_a_made_up_one_is_not(
    site: Client, sample_release
):
    older = "20250101T120000Z-0123456789ab"
    site.post(ADDRESS, {**WORDS, "release": older})
    site.post(ADDRESS, {**WORDS, "release": "<script>"})
    assert [r.release for r in Report.objects.all()] == [older, sample_release.id]


def test_codes_that_the_release_does_not_know_are_left_out(sample_release: Release):
    given = {"level": "bydel", "area": "0103", "indicator": "x' OR 1=1", "period": "1066"}
    subject = subject_of(given, sample_release)
    assert subject.as_dict() == {"release": sample_release.id, **dict.fromkeys(FIGURE, "")}
    assert in_words(subject, sample_release, "nb") == ""


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"message": ""}, "Skriv hva som ser feil ut."),
        ({"message": "kort"}, "minst 10 tegn"),
        ({"message": "x" * 4001}, "plass til 4000 tegn"),
        ({**WORDS, "contact": "ikke en adresse"}, "Dette er ikke en e-postadresse"),
    ],
)
def test_what_can_be_mended_is_said_and_what_was_written_stays(
    site: Client, sent: dict[str, str], expected: str
):
    answer = site.post(ADDRESS, {**FIGURE, **sent})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert expected in page
    assert 'aria-invalid="true"' in page
    assert 'name="area" value="0103"' in page
    assert sent["message"][:50] in page
    assert not Report.objects.exists()


def test_a_robot_that_fills_in_the_hidden_field_is_thanked_and_not_stored(site: Client):
    answer = site.post(ADDRESS, {**WORDS, "website": "https://spam.example"})
    assert answer.status_code == 302
    assert not Report.objects.exists()
    assert not Attempt.objects.exists()


def test_one_sender_may_send_so_many_an_hour(site: Client, settings: Any):
    settings.NABOLAG_FEEDBACK_LIMIT = 2
    answers = [site.post(ADDRESS, WORDS) for _ in range(3)]
    assert [a.status_code for a in answers] == [302, 302, 429]
    assert WORDS["message"] in answers[2].content.decode()
    assert Report.objects.count() == 2
    elsewhere = site.post(ADDRESS, WORDS, REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 302


def test_the_limit_looks_back_one_window_and_forgets(settings: Any):
    settings.NABOLAG_FEEDBACK_LIMIT = 1
    now = timezone.now()
    assert may_send("192.0.2.1", now)
    assert not may_send("192.0.2.1", now + timedelta(minutes=59))
    assert may_send("192.0.2.1", now + timedelta(minutes=61))
    assert Attempt.objects.count() == 1


def test_the_sender_can_be_counted_but_not_read():
    hashed = sender_hash("192.0.2.1", "key")
    assert hashed == sender_hash("192.0.2.1", "key")
    assert hashed != sender_hash("192.0.2.1", "another key")
    assert "192" not in hashed[:3] or len(hashed) == 64


def test_a_form_from_elsewhere_is_refused(workspace):
    answer = Client(enforce_csrf_checks=True).post(ADDRESS, WORDS)
    assert answer.status_code == 403
    assert "Skjemaet var åpent for lenge" in answer.content.decode()
    assert not Report.objects.exists()


def test_what_is_written_is_shown_as_text(site: Client):
    page = site.post(ADDRESS, {"message": "<b>x</b>"}).content.decode()
    assert "<b>x</b>" not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


def test_the_listing_gives_every_waiting_report_and_marks_the_handled(site: Client):
    site.post(ADDRESS, {**FIGURE, **WORDS, "contact": "kari@example.no"})
    (entry,) = reports()
    assert entry["contact"] == "kari@example.no"
    out = StringIO()
    call_command("feedback", stdout=out)
    assert json.loads(out.getvalue())["message"] == WORDS["message"]
    call_command("feedback", handled=entry["id"])
    assert reports() == []
    assert len(reports(handled=True)) == 1
    with pytest.raises(CommandError):
        call_command("feedback", handled=entry["id"])
