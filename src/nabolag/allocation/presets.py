"""Models that documents describe: data with a line reference, a date, and what is not said."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Literal, Self

from pydantic import model_validator

from nabolag.allocation.model import Model
from nabolag.core import error
from nabolag.store import Section, Words
from nabolag.store.yaml_text import read_yaml


class Listed(Section):
    """A figure that zones are made of, in the document's order."""

    label: Words


class Preset(Section):
    """A described model. `status`: in use at `as_of` by its own account, or the authors' example.

    `background` is the reason that stands with a model that uses immigrant background; such a model
    must be historical and must have one. `indicators` are what zones are made of, without weights.
    """

    id: str
    order: int
    name: Words
    status: Literal["historical", "example"]
    as_of: str
    reference: str
    words: Words
    background: Words | None = None
    model: Model
    indicators: tuple[Listed, ...] = ()

    @model_validator(mode="after")
    def _labelled(self) -> Self:
        uses = bool(self.model.background)
        if uses and (self.background is None or self.status != "historical"):
            raise error("allocation_preset_background", id=self.id)
        return self


@cache
def presets() -> dict[str, Preset]:
    """Return every described model by id, in their order."""
    folder = files("nabolag.allocation") / "presets"
    texts = [e.read_text(encoding="utf-8") for e in folder.iterdir() if e.name.endswith(".yaml")]
    held = [Preset.model_validate(read_yaml(text)) for text in texts]
    return {one.id: one for one in sorted(held, key=lambda one: one.order)}


def preset(name: str) -> Preset:
    """Return a described model. Raises `UserError` for one that is not there."""
    held = presets()
    if name not in held:
        raise error("allocation_preset_unknown", given=name, known=", ".join(held))
    return held[name]
