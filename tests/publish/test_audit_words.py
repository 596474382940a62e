"""The sentence about the audit: it never says that nothing comes out where something does."""

from __future__ import annotations

import pytest

from nabolag.core import LANGS, Lang
from nabolag.publish.audit_words import audit_sentence

FOUND = {
    "figures": 79938, "hidden": 5857, "hidden_share": 0.073269, "equations": 99254,
    "programs": 1472, "exact": 0, "before": 0,
}  # fmt: skip


def test_how_much_is_hidden_and_that_nothing_comes_out() -> None:
    assert audit_sentence(FOUND, "nb") == (
        "Av 79\u00a0938 tall er 5\u00a0857 skjult (7,3\u00a0%). Ingen av dem kan regnes ut ved å legge "
        "sammen og trekke fra, heller ikke med det som er levert ut før, prøvd med 99\u00a0254 "
        "ligninger."
    )


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("out", [{"exact": 1}, {"before": 1}, {"exact": 2, "before": 3}])
def test_what_comes_out_is_told(lang: Lang, out: dict[str, int]) -> None:
    sentence = audit_sentence(FOUND | out, lang)
    none = {"nb": "Ingen", "nn": "Ingen", "en": "None"}[lang]
    assert none not in sentence
    one = {"nb": "Ett kan", "nn": "Eitt kan", "en": "One can"}[lang]
    assert one in sentence if sum(out.values()) == 1 else str(sum(out.values())) in sentence
