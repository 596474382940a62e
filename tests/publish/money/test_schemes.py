"""The page about dated schemes: what applied, what did not, and what changes next."""

from __future__ import annotations

import pytest

from nabolag.core import LANGS, Lang
from nabolag.publish.figures import to_svg
from nabolag.publish.views.money.schemes import schemes_page
from nabolag.store import Release


def listed(release: Release, lang: Lang = "nb", **asked: str) -> dict[str, str]:
    view = schemes_page(release, asked, lang)
    return {row[0].text: row[1].text for row in view.tables[0].rows}


def test_the_youth_guarantee_begins_on_its_day(sample_release: Release) -> None:
    name = "Ungdomsgarantien"
    assert listed(sample_release, dato="2023-06-30")[name] == "ikke ennå"
    assert listed(sample_release, dato="2023-07-01")[name] == "gjelder"


def test_what_changes_next_is_in_the_answer(sample_release: Release) -> None:
    view = schemes_page(sample_release, {"dato": "2023-07-15"}, "nb")
    assert "Neste endring er 1. august 2023" in view.opening
    first = view.tables[1].rows[0]
    assert first[0].text.startswith("1. august 2023")
    after = schemes_page(sample_release, {"dato": "2026-01-01"}, "nb")
    assert "ingen senere endring" in after.opening


def test_status_and_words_choose(sample_release: Release) -> None:
    announced = listed(sample_release, dato="2024-01-01", status="announced")
    assert set(announced.values()) == {"varslet"}
    found = listed(sample_release, dato="2024-01-01", sok="bostøtte midlertidige")
    assert list(found) == ["Midlertidige regler for bostøtte"]
    assert found.popitem()[1].startswith("opphørt")
    off = listed(sample_release, dato="2024-01-01", status="gjelder_ikke")
    assert "gjelder" not in off.values()


def test_an_example_is_never_in_force(sample_release: Release) -> None:
    assert listed(sample_release, dato="2024-01-01")["Bostøtte"] == "eksempel"


@pytest.mark.parametrize("lang", LANGS)
def test_every_language_says_it_all(sample_release: Release, lang: Lang) -> None:
    view = schemes_page(sample_release, {"dato": "2021-03-01"}, lang)
    assert "{" not in view.opening
    assert all(cell.text for row in view.tables[0].rows for cell in row)
    assert all(row[5].text.count("L") for row in view.tables[0].rows)


def test_a_day_that_is_none_is_told(sample_release: Release) -> None:
    view = schemes_page(sample_release, {"dato": "i fjor"}, "nb")
    assert "«i fjor»" in view.fields[0].problem


def test_the_day_without_a_wish_is_the_releases(sample_release: Release) -> None:
    made = str(sample_release.bundle.manifest["created_at"])[:10]
    assert schemes_page(sample_release, {}, "nb").fields[0].value == made


def test_nothing_found_has_no_picture_and_an_empty_table(sample_release: Release) -> None:
    view = schemes_page(sample_release, {"sok": "finnes ikke"}, "nb")
    assert view.pictures == ()
    assert view.tables[0].rows == ()
    assert view.files[0].frame.is_empty()


def test_the_timeline_can_be_drawn(sample_release: Release) -> None:
    (picture,) = schemes_page(sample_release, {"dato": "2023-08-11"}, "nb").pictures
    assert "<svg" in to_svg(picture.spec, "nb")
