"""The manual names every key, its examples are valid, and every finding has words."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from nabolag.core import LANGS, has_label, label_text
from nabolag.geography import AreaListSpec
from nabolag.sources.geometry import GeometrySpec
from nabolag.sources.vector_check import REASONS

ROOT = Path(__file__).parents[2]
MANUAL = (ROOT / "docs" / "geography.md").read_text(encoding="utf-8")
ROOMS = [*(ROOT / "src/nabolag/geography").glob("*.py"), *(ROOT / "src/nabolag/sources").glob("vector_*.py"), ROOT / "src/nabolag/sources/geometry.py"]  # fmt: skip
CODES = sorted(
    {
        code
        for room in ROOMS
        for code in re.findall(r"\"((?:geometry|area|match)_[a-z_]+)\"", room.read_text(encoding="utf-8"))
        if code != "area_km2" and not code.endswith("_")
    }
)  # fmt: skip


@pytest.mark.parametrize("model", [GeometrySpec, AreaListSpec])
def test_every_key_is_in_the_manual(model: type[GeometrySpec] | type[AreaListSpec]) -> None:
    section = MANUAL.split("## [[areas]]")[0 if model is GeometrySpec else 1]
    assert [key for key in model.model_fields if f"`{key}`" not in section] == []


def test_the_examples_of_the_manual_are_valid() -> None:
    blocks = [b for b in re.findall(r"```toml\n(.*?)```", MANUAL, re.S) if b.startswith("[[")]
    parsed = [tomllib.loads(block) for block in blocks]
    geometries = [GeometrySpec(**part) for block in parsed for part in block.get("geometry", [])]
    lists = [AreaListSpec(**part) for block in parsed for part in block.get("areas", [])]
    assert (len(geometries), len(lists)) == (1, 3)


REPAIRS = [f"geometry_repaired_{reason}" for reason in (*REASONS.values(), "other")]


@pytest.mark.parametrize("code", [*CODES, *REPAIRS])
def test_every_finding_has_words_in_every_language(code: str) -> None:
    assert has_label(f"finding.{code}.what"), code
    words = {label_text(f"finding.{code}.what").in_(lang) for lang in LANGS}
    assert len(words) == len(LANGS)
