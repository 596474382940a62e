"""Caching, security headers, health, releases that change, and files that never leak."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.test import Client

from nabolag.store import Release, Workspace, write_bundle
from nabolag.web import releases
from nabolag.web.kept import Kept
from nabolag.web.places.links import FORMS
from nabolag.web.releases import current_release
from tests.support import sample

#: A figure that was hidden: its number must be in no answer of any kind.
HIDDEN = 31_337_421.0


def republish(folder: Path, name: str) -> Release:
    """Write the sample again under another name, as the next release."""
    release = sample.write_sample_release(folder)
    tables = ("observations", "accumulation", "reasons", "areas", "links", "shapes")
    documents = {n: release.bundle.document(n) for n in ("indicators", "sources", "findings")}
    about = dict(release.about) | {"name": {"nb": name, "nn": name, "en": name}}
    frames = {table: release.bundle.frame(table) for table in tables}
    return Release(write_bundle(folder / "releases", frames, {**documents, "about": about}, {}))


def test_an_answer_has_a_name_and_the_same_answer_is_not_sent_twice(site: Client):
    first = site.get("/nb/indikator/crowded/")
    assert "must-revalidate" in first["Cache-Control"]
    assert "Set-Cookie" not in first
    again = site.get("/nb/indikator/crowded/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    other = site.get("/nn/indikator/crowded/")
    assert other["ETag"] != first["ETag"]
    file = site.get("/nb/last-ned/tall.csv")
    asked = site.get("/nb/last-ned/tall.csv", headers={"if-none-match": f"W/{file['ETag']}"})
    assert asked.status_code == 304


def test_a_packed_answer_says_so(site: Client):
    answer = site.get("/nb/metode/", headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer["Vary"]
    assert site.get("/nb/metode/", headers={"if-none-match": answer["ETag"]}).status_code == 304


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/nb/", "/nb/finnes/ikke/", "/helse", "/nb/sok.json?q=a"])
def test_the_browser_is_told_to_run_only_what_is_ours(site: Client, address: str):
    answer = site.get(address)
    policy = dict(
        part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]


def test_only_reading_is_allowed_where_there_is_only_reading(site: Client):
    assert site.post("/nb/").status_code in {403, 405}
    assert site.head("/nb/").status_code == 200


@pytest.mark.django_db
def test_health_tells_what_works(site: Client, sample_release: Release, settings: Any, tmp_path):
    assert site.get("/helse").json() == {"ok": True, "database": True, "release": sample_release.id}
    settings.NABOLAG_WORKSPACE = tmp_path
    sick = site.get("/helse")
    assert (sick.status_code, sick.json()["ok"]) == (503, False)


def test_before_the_first_release_the_page_says_what_to_do(settings: Any, tmp_path: Path):
    settings.NABOLAG_WORKSPACE = tmp_path
    for lang, words in (("nb", "nabolag build"), ("en", "nabolag build")):
        answer = Client().get(f"/{lang}/")
        assert answer.status_code == 503
        assert words in answer.content.decode()
    settings.NABOLAG_WORKSPACE = None
    assert Client().get("/nb/").status_code == 503


def test_a_fault_of_ours_is_a_page_with_words(site: Client, monkeypatch: pytest.MonkeyPatch):
    site.raise_request_exception = False
    monkeypatch.setattr("nabolag.web.places.views.pages.render", lambda *_a, **_k: 1 / 0)
    answer = site.get("/nn/metode/")
    assert answer.status_code == 500
    assert "Noko gjekk gale hos oss" in answer.content.decode()
    assert "ZeroDivisionError" not in answer.content.decode()


def test_a_new_release_is_seen_without_a_restart(settings: Any, tmp_path: Path):
    settings.NABOLAG_WORKSPACE = tmp_path
    old = sample.write_sample_release(tmp_path)
    reader = Client()
    before = reader.get("/nb/")
    held = current_release()
    new = republish(tmp_path, "Nyby kommune")
    after = reader.get("/nb/", headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert "Nyby kommune" in after.content.decode()
    assert old.id == held.id != new.id == current_release().id
    assert held.observations.height > 0
    assert current_release() is current_release()


def test_a_release_that_is_being_written_is_not_seen(settings: Any, tmp_path: Path):
    settings.NABOLAG_WORKSPACE = tmp_path
    old = sample.write_sample_release(tmp_path)
    draft = tmp_path / "releases" / ".writing-abc"
    draft.mkdir()
    (draft / "manifest.json").write_text("{", encoding="utf-8")
    assert Client().get("/nb/").status_code == 200
    assert current_release().id == old.id
    assert Workspace(tmp_path).release_ids() == [old.id]


def broken_release(folder: Path) -> Release:
    """Write a release in which a hidden figure still carries its number, as none ever should."""
    release = sample.write_sample_release(folder)
    numbers = {"value": HIDDEN, "numerator": HIDDEN, "lower": HIDDEN, "upper": HIDDEN}
    hidden = pl.col("status").str.starts_with("suppressed")
    leaky = release.observations.with_columns(
        pl.when(hidden).then(pl.lit(number)).otherwise(pl.col(name)).alias(name)
        for name, number in numbers.items()
    )
    tables = ("accumulation", "reasons", "areas", "links", "shapes")
    frames = {table: release.bundle.frame(table) for table in tables} | {"observations": leaky}
    names = ("indicators", "sources", "findings", "about")
    documents = {n: release.bundle.document(n) for n in names}
    return Release(write_bundle(folder / "releases", frames, documents, {}))


@pytest.fixture
def leaky_site(settings: Any, tmp_path: Path) -> Client:
    settings.NABOLAG_WORKSPACE = tmp_path
    broken_release(tmp_path)
    assert HIDDEN in current_release().observations["value"].to_list()
    return Client(raise_request_exception=False)


def everything_in(content: bytes) -> str:
    """Return a file's text, also from inside a packed workbook, without spaces in numbers."""
    text = content.decode("utf-8", errors="replace")
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            text = "".join(
                packed.read(n).decode("utf-8", errors="replace") for n in packed.namelist()
            )
    return re.sub(r"[\s\u00a0\u202f,.]", "", text)


PLACES = [
    *(f"/{lang}/{rest}" for lang in ("nb", "en") for rest in (
        "", "?indicator=low_income&period=2017", "omrade/delbydel/0101/", "indikator/low_income/",
        "metode/", "kart.geojson?indicator=low_income&period=2017",
    )),
    *(f"/nb/last-ned/tall.{form}?indicator=low_income" for form in FORMS),
    "/nb/last-ned/figur/map.svg?indicator=low_income&period=2017",
    "/nb/last-ned/figur/spine.svg?level=delbydel&area=0101",
    "/nb/last-ned/figur/trend.svg?level=delbydel&area=0101&indicator=low_income",
]  # fmt: skip


@pytest.mark.parametrize("address", PLACES)
def test_a_hidden_number_is_in_no_answer_even_of_a_broken_release(leaky_site: Client, address: str):
    answer = leaky_site.get(address)
    # A page shows the words; a file of everything refuses to leave at all.
    assert answer.status_code == 200 or "/last-ned/tall" in address
    text = everything_in(answer.content)
    for form in ("31337421", "3133742100", "0313374"):
        assert form not in text


@pytest.mark.parametrize("form", FORMS)
def test_every_file_comes_with_its_name_and_kind(site: Client, form: str):
    answer = site.get(f"/nb/last-ned/tall.{form}?level=bydel&indicator=crowded")
    assert answer.status_code == 200
    assert len(answer.content) > 100
    assert "attachment" in answer["Content-Disposition"]
    assert "eksempel-kommune-bydel-crowded-nb." in answer["Content-Disposition"]


def test_pictures_and_the_profile_come_as_what_they_are(site: Client):
    svg = site.get("/nn/last-ned/figur/ranking.svg?indicator=crowded")
    assert svg["Content-Type"] == "image/svg+xml"
    assert svg.content.startswith(b"<svg")
    png = site.get("/nb/last-ned/figur/map.png?indicator=crowded")
    assert png.content.startswith(b"\x89PNG")
    pdf = site.get("/en/last-ned/profil/delbydel/0203.pdf")
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")


def test_robots_and_the_sign_of_the_site(site: Client):
    assert "Disallow: /*/tilbakemelding/" in site.get("/robots.txt").content.decode()
    icon = site.get("/favicon.ico")
    assert (icon.status_code, icon["Location"]) == (301, "/static/web/favicon.svg")
    assert b"<svg" in b"".join(site.get(icon["Location"]).streaming_content)


def test_the_memory_keeps_the_last_and_makes_each_once(sample_release: Release):
    memory: Kept[int] = Kept(2)
    made: list[str] = []

    def make(name: str) -> int:
        made.append(name)
        return len(made)

    for name in ("a", "a", "b", "a", "c", "b"):
        memory.get(sample_release, name, lambda name=name: make(name))
    assert made == ["a", "b", "c", "b"]
    releases._opened.clear()
