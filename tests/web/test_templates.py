"""Every label a template asks for exists, and no template holds words of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nabolag.core import has_label

TEMPLATES = sorted((Path(__file__).parents[2] / "src/nabolag/web/templates").rglob("*.html"))
KEY = re.compile(r"""\{%\s*t\s+["']([^"']+)["']""")
KEY_ARGUMENT = re.compile(r"""(?:last|key|title|words)=["'](web\.[^"']+)["']""")
MARKUP = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<!--.*?-->|<[^>]*>", re.DOTALL)
SPOKEN = re.compile(r"""\b(?:alt|title|aria-label|placeholder)="([^"{]+)\"""")


def test_there_are_templates():
    assert len(TEMPLATES) > 8


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_every_label_exists(path: Path):
    text = path.read_text(encoding="utf-8")
    absent = [k for k in [*KEY.findall(text), *KEY_ARGUMENT.findall(text)] if not has_label(k)]
    assert absent == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_no_words_stand_in_a_template(path: Path):
    text = path.read_text(encoding="utf-8")
    words = re.findall(r"[^\W\d_]{2,}", MARKUP.sub(" ", text))
    assert words == []
    assert SPOKEN.findall(text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_nothing_the_policy_forbids_or_that_comes_from_elsewhere(path: Path):
    text = path.read_text(encoding="utf-8")
    assert " style=" not in text
    assert not re.search(r"""<script(?![^>]*application/json)""", text)
    assert not re.search(r"""(?:src|href)=["']https?://""", text)
    assert not re.search(r"""\son[a-z]+=""", text)
