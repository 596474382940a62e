"""The manual names every key, its examples are valid, and every finding has words."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from nabolag.core import LANGS, has_label, label_text
from nabolag.geography import AreaListSpec, CatchmentsSpec, CustomAreaSpec, PointsSpec
from nabolag.geography.dated import (
    AreaHistorySpec,
    AreaPopulationSpec,
    ChangesSpec,
    Conversion,
    CrosswalkSpec,
    DatedFile,
)
from nabolag.sources.geometry import GeometrySpec
from nabolag.sources.vector_check import REASONS

ROOT = Path(__file__).parents[2]
MANUAL = (ROOT / "docs" / "geography.md").read_text(encoding="utf-8")
NOT_CODES = {
    "area_km2",
    "point_areas",
    "area_name",
    "area_history",
    "area_population",
    "custom_area",
}
ROOMS = [*(ROOT / "src/nabolag/geography").rglob("*.py"), ROOT / "src/nabolag/pipeline/recoding.py", ROOT / "src/nabolag/cli/borders.py", ROOT / "src/nabolag/pipeline/places.py", ROOT / "src/nabolag/indicators/recoded.py", *(ROOT / "src/nabolag/sources").glob("vector_*.py"), ROOT / "src/nabolag/sources/geometry.py"]  # fmt: skip
CODES = sorted(
    {
        code
        for room in ROOMS
        if room.name != "__init__.py"
        for code in re.findall(r"\"((?:geometry|area|match|dated|changes|crosswalk|recode|custom|points?|catchment|history|borders)_[a-z_]+)\"", room.read_text(encoding="utf-8"))
        if code not in NOT_CODES and not code.endswith("_")
    }
)  # fmt: skip


DATED = ["crosswalk", "changes", "area_history", "area_population"]
MODELS = [CrosswalkSpec, ChangesSpec, AreaHistorySpec, AreaPopulationSpec]


@pytest.mark.parametrize(("name", "model"), zip(DATED, MODELS, strict=True))
def test_every_key_of_dated_geography_is_in_the_manual(name: str, model: type[DatedFile]) -> None:
    chapter = MANUAL.split("## Grenser gjennom tiden")[1]
    shared = chapter.split("### Felles nøkler")[1].split("###")[0]
    own = chapter.split(f"### [[{name}]]")[1].split("###")[0]
    lacking = [key for key in model.model_fields if f"`{key}`" not in shared + own]
    assert lacking == []


def test_every_key_of_an_own_area_is_in_the_manual() -> None:
    chapter = MANUAL.split("## Egne områder")[1].split("##")[0]
    assert [key for key in CustomAreaSpec.model_fields if f"`{key}`" not in chapter] == []


def test_every_key_of_points_is_in_the_manual() -> None:
    chapter = MANUAL.split("## Skoler og barnehager")[1].split("##")[0]
    assert [key for key in PointsSpec.model_fields if f"`{key}`" not in chapter] == []


def test_every_key_of_catchments_is_in_the_manual() -> None:
    chapter = MANUAL.split("## Inntaksområder")[1].split("##")[0]
    assert [key for key in CatchmentsSpec.model_fields if f"`{key}`" not in chapter] == []


def test_every_way_of_recoding_is_in_the_manual() -> None:
    for conversion in Conversion:
        assert not conversion.value or f"recoded:2013:{conversion.value}" in MANUAL


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
    ways = [CrosswalkSpec(**part) for block in parsed for part in block.get("crosswalk", [])]
    own = [CustomAreaSpec(**part) for block in parsed for part in block.get("custom_area", [])]
    places = [PointsSpec(**part) for block in parsed for part in block.get("points", [])]
    taken = [CatchmentsSpec(**part) for block in parsed for part in block.get("catchments", [])]
    assert (len(ways), len(own), len(places), len(taken)) == (1, 1, 2, 1)


REPAIRS = [f"geometry_repaired_{reason}" for reason in (*REASONS.values(), "other")]


@pytest.mark.parametrize("code", [*CODES, *REPAIRS])
def test_every_finding_has_words_in_every_language(code: str) -> None:
    assert has_label(f"finding.{code}.what"), code
    words = {label_text(f"finding.{code}.what").in_(lang) for lang in LANGS}
    assert len(words) == len(LANGS)
