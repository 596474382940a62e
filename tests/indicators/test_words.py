"""Every finding these rooms can give has words, in three languages that differ."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nabolag.core import LANGS, has_label, label_keys, label_text

ROOMS = ("indicators", "disclosure", "analysis")
SOURCE = Path(__file__).parents[2] / "src" / "nabolag"
BEGINNINGS = (
    "catalogue", "indicator", "binding", "figure", "share", "numerator", "stated", "sum", "areas",
    "roll", "precedence", "blank", "disclosure", "overlap", "accumulation", "contributors",
)  # fmt: skip
CODE = re.compile(rf'"((?:{"|".join(BEGINNINGS)})_[a-z_]+)"')
NOT_CODES = {"numerator_rank", "numerator_mark", "roll_up", "roll_up_levels"}


def codes() -> set[str]:
    text = "\n".join(p.read_text() for room in ROOMS for p in (SOURCE / room).glob("*.py"))
    return set(CODE.findall(text)) - NOT_CODES


def test_the_search_finds_the_codes():
    assert {
        "share_above_one",
        "precedence_absent",
        "accumulation_ties",
        "overlap_hidden",
    } <= codes()


@pytest.mark.parametrize("code", sorted(codes()))
def test_every_finding_has_words(code):
    assert has_label(f"finding.{code}.what")


def test_nynorsk_and_bokmal_differ_and_are_careful():
    for key in label_keys():
        if not key.startswith(
            (
                "finding.accumulation",
                "finding.disclosure",
                "finding.share",
                "accumulation.explain",
                "disclosure.",
            )
        ):
            continue
        text = label_text(key)
        if len(text.nb) > 60:
            assert text.nb != text.nn, key
        for lang in LANGS:
            assert not any(
                w in text.in_(lang).lower() for w in ("dårlig", "problemområd", "verst", "worst")
            ), key
