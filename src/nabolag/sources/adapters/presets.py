"""Presets: how a producer's delivered files are written, so that nobody declares it twice.

A preset is parts of a `[[source]]` in a YAML file beside this one. What a workspace writes goes
before it: texts and lists replace the preset's, tables such as `read` and `marks` are laid over
its. Whether a real delivery of the form has been read in the tests is said in `verified`, and
told to everyone who uses a preset that is not.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

from nabolag.core import Finding, Place, Severity, Text, error

_FOLDER: Final = "nabolag.sources.adapters"
#: Tables of a source in which single keys may be overridden.
_LAID_OVER: Final = ("read", "marks", "codes", "dimensions", "constants")


@dataclass(frozen=True, slots=True)
class Preset:
    """One form of delivery.

    `source` holds parts of a `[[source]]`. `basis` says in the developers' language where the
    form is known from; `verified` whether a real file of it is read in the tests. `needs` are
    keys that a workspace has to give itself, besides `id` and `file`.
    """

    name: str
    title: Text
    verified: bool
    basis: str
    needs: tuple[str, ...]
    source: Mapping[str, Any]


@cache
def presets() -> Mapping[str, Preset]:
    """Return every preset by its name."""
    found: dict[str, Preset] = {}
    for place in sorted(files(_FOLDER).iterdir(), key=lambda place: place.name):
        if place.name.endswith(".yaml"):
            listed = yaml.safe_load(place.read_text(encoding="utf-8"))["presets"]
            found.update({name: _preset(name, entry) for name, entry in listed.items()})
    return found


def preset_named(name: str) -> Preset:
    """Return a preset. Raises `UserError` for a name that is none, the nearest beside it."""
    known = presets()
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1) or sorted(known)[:1]
        raise error("preset_unknown", given=name, known=", ".join(sorted(known)), near=near[0])
    return known[name]


def with_preset(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts of a `[[source]]` with those of its preset underneath.

    Raises `UserError` for an unknown preset, and where a key that it needs is absent.
    """
    preset = preset_named(str(given["preset"]))
    absent = [key for key in preset.needs if key not in given]
    if absent:
        raise error("preset_needs", preset=preset.name, keys=", ".join(absent))
    merged = {"title": preset.title, **preset.source, **given}
    for key in _LAID_OVER:
        under, over = preset.source.get(key), given.get(key)
        if isinstance(under, Mapping) and isinstance(over, Mapping):
            merged[key] = {**under, **over}
    return merged


def unverified(name: str, file: str) -> list[Finding]:
    """Return a warning where a source uses a preset of which no real delivery was read."""
    if not name or preset_named(name).verified:
        return []
    return [Finding("preset_unverified", Severity.WARNING, Place(file), {"preset": name})]


def _preset(name: str, entry: Mapping[str, Any]) -> Preset:
    return Preset(
        name,
        Text.of(entry["title"]),
        bool(entry["verified"]),
        str(entry["basis"]),
        tuple(entry.get("needs", ())),
        entry["source"],
    )
