"""Everything these rooms can say has words in three languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import nabolag
from nabolag.core import LANGS, has_label, label_text

SOURCE = Path(nabolag.__file__).parent


def codes() -> list[str]:
    found: set[str] = set()
    for room, prefix in (("registers", "register_"), ("synthetic", "synthetic_")):
        for path in (SOURCE / room).glob("*.py"):
            found |= set(re.findall(rf'"({prefix}[a-z_]+)"', path.read_text(encoding="utf-8")))
    return sorted(found - {"register_part"})  # the name of a function


@pytest.mark.parametrize("code", codes())
def test_every_finding_says_what_happened_and_what_to_do(code: str) -> None:
    for part in ("what", "do"):
        assert has_label(f"finding.{code}.{part}")
        assert all(label_text(f"finding.{code}.{part}").in_(lang) for lang in LANGS)


def test_there_are_codes_to_look_at() -> None:
    assert len(codes()) >= 14
