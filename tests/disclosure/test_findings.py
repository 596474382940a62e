"""A finding must not carry out what the release hides."""

from __future__ import annotations

from nabolag.core import Finding, Severity, has_label
from nabolag.disclosure.findings import PUBLIC, WITHOUT, public_findings


def finding(code: str, **params: object) -> Finding:
    return Finding(code, Severity.INFO, params=params)


def test_sums_of_left_out_rows_stay_in_the_house() -> None:
    told = finding(
        "source_left_out", reason_nb="x", reason_nn="x", reason_en="x", sums="3 personer"
    )
    (public,), kept = public_findings([told])
    assert kept == 0
    assert "3 personer" not in public.text("nb")
    assert told.params["sums"] == "3 personer"


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
