"""The manual of `[[source]]` names every key, and its first example is a whole source."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from nabolag.sources import spec as specification
from nabolag.store import Section, parse_section

MANUAL = (Path(__file__).parents[2] / "docs" / "import.md").read_text(encoding="utf-8")
SECTIONS = [
    part
    for part in vars(specification).values()
    if isinstance(part, type) and issubclass(part, Section) and part is not Section
]


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.__name__)
def test_every_key_stands_in_the_manual(section: type[Section]) -> None:
    keys = [field.alias or name for name, field in section.model_fields.items()]
    assert [key for key in keys if not re.search(rf"\b{re.escape(key)}\b", MANUAL)] == []


def test_every_example_is_toml_and_the_first_is_whole() -> None:
    examples = re.findall(r"```toml\n(.*?)```", MANUAL, re.DOTALL)
    assert len(examples) > 5
    whole = tomllib.loads(examples[0])["source"][0]
    assert all(tomllib.loads(example) for example in examples)
    assert parse_section(specification.SourceSpec, whole, "docs/import.md", "source").measure
