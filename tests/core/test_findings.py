"""Findings read as sentences that say where, what, what was expected and what to do."""

from __future__ import annotations

import json

import pytest

from nabolag.core import LANGS, Finding, Place, Severity, UserError, error, label_keys, raise_errors


def test_a_finding_says_where_and_what_to_do() -> None:
    finding = Finding(
        "config_unknown_key", Severity.ERROR, Place("nabolag.toml", 12, "x"), {"key": "sorce"}
    )
    text = finding.text("nb")
    assert text.startswith("nabolag.toml, rad 12, kolonne «x»: ")
    assert "«sorce»" in text
    assert "skrivefeil" in text


def test_a_finding_survives_json() -> None:
    finding = Finding("release_absent", Severity.WARNING, Place("a"), count=3, examples=("b", "c"))
    assert Finding.from_dict(json.loads(json.dumps(finding.as_dict()))) == finding


def test_errors_are_raised_together() -> None:
    bad = Finding("release_absent", Severity.ERROR, Place("a"))
    note = Finding("release_absent", Severity.INFO, Place("b"))
    with pytest.raises(UserError) as raised:
        raise_errors([bad, note, bad])
    assert raised.value.findings == (bad, bad)
    raise_errors([note])


def test_an_error_needs_a_finding() -> None:
    with pytest.raises(ValueError, match="at least one"):
        UserError()
    assert "build" in str(error("release_absent"))


def test_every_error_says_what_to_do() -> None:
    codes = {key.split(".")[1] for key in label_keys() if key.startswith("finding.")}
    without_what = [c for c in codes if f"finding.{c}.what" not in label_keys()]
    assert without_what == []
    assert LANGS == ("nb", "nn", "en")
