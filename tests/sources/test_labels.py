"""Every finding of delivered tables has words in three languages, and nothing is left unfilled."""

from __future__ import annotations

import re
from pathlib import Path

from nabolag.core import LANGS, Finding, Severity, label_keys

ROOM = Path(__file__).parents[2] / "src" / "nabolag" / "sources"
TABLE_MODULES = (
    "cells", "checks", "complaints", "delimited", "grid", "jsonstat", "numerals", "places", "px",
    "read", "records", "columnar", "repeats", "spreadsheet", "tables",
)  # fmt: skip


def codes_in_the_source() -> set[str]:
    texts = [(ROOM / f"{module}.py").read_text(encoding="utf-8") for module in TABLE_MODULES]
    return set(re.findall(r'"(source_[a-z_]+)"', "\n".join(texts)))


def test_every_code_has_words_and_every_word_has_a_code() -> None:
    worded = {key.split(".")[1] for key in label_keys() if key.startswith("finding.source_")}
    made = codes_in_the_source()
    assert made - worded == set()
    built = {
        f"source_mark_{s}"
        for s in ("value", "unreliable", "missing", "not_applicable", "suppressed_primary")
    }
    built |= {f"source_blank_{s}" for s in ("not_applicable", "suppressed_primary")}
    built |= {"source_name_unknown", "source_name_several"}
    assert {c for c in worded - made - built if not c.startswith("source_geometry")} == set()


def test_nynorsk_is_not_bokmal() -> None:
    params = dict.fromkeys(
        ["text", "decimal", "other", "names", "lookup", "key", "rows", "low", "high", "measure", "level",
         "parent_level", "parents", "sums_nb", "sums_nn", "sums_en", "reason_nb", "reason_nn", "reason_en", "kind", "known", "code"], "x",
    )  # fmt: skip
    for code in ("source_not_number", "source_duplicate", "source_left_out", "source_copied_down"):
        finding = Finding(code, Severity.ERROR, params=params)
        nb, nn, en = (finding.text(lang) for lang in LANGS)
        assert nb != nn != en
        assert "ikkje" in nn or "same tal" in nn.lower()
