"""A finding must not carry out what the release hides."""

from __future__ import annotations

from nabolag.core import LANGS, Finding, Severity, has_label
from nabolag.disclosure.findings import PUBLIC, WITHOUT, public_findings


def finding(code: str, **params: object) -> Finding:
    return Finding(code, Severity.INFO, params=params)


def test_sums_of_left_out_rows_stay_in_the_house() -> None:
    reasons = {f"reason_{lang}": "x" for lang in LANGS}
    sums = {f"sums_{lang}": "3 personer" for lang in LANGS}
    told = finding("source_left_out", **reasons, **sums)
    (public,), kept = public_findings([told])
    assert kept == 0
    assert all("3 personer" not in public.text(lang) for lang in LANGS)
    assert "3 personer" not in str(public.as_dict())
    assert "3 personer" in told.text("nb")


def test_what_an_area_carries_stays_in_the_house() -> None:
    params = dict.fromkeys(("carried_nb", "carried_nn", "carried_en"), " (4 husholdninger)")
    told = finding("match_shapeless", level="delbydel", rows=1, **params)
    (public,), _ = public_findings([told])
    assert "4 husholdninger" not in public.text("nb")


def test_what_is_not_named_stays_and_is_counted() -> None:
    public, kept = public_findings([finding("source_out_of_range", text="3"), finding("new_code")])
    assert public == ()
    assert kept == 2


def test_every_named_code_exists() -> None:
    exact = [code for code in (*PUBLIC, *WITHOUT) if not code.endswith("*")]
    assert [code for code in exact if not has_label(f"finding.{code}.what")] == []
