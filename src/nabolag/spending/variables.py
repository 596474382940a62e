"""What the variables of the models mean, and in which unit they are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final, Literal

import yaml

from nabolag.core import Lang, label
from nabolag.spending.spec import parts_of
from nabolag.store import Section, Words

Scale = Literal["per_cent", "fraction", "flag", "amount"]
_PRODUCT: Final = "spending.product"


class Variable(Section):
    """A variable: what it is called, its scale, and where the report defines it.

    `scale` is `per_cent` (0–100), `fraction` (0–1), `flag` (0 or 1) or `amount`. `background`
    says that it tells where people come from. `unit` names a word in the labels. A variable can
    be the mean of others (`mean_of`), 1 from a year on (`from_year`), or 1 where the number of
    challenges lies between two numbers (`challenges`); it is made where it is not given.
    """

    label: Words
    scale: Scale = "amount"
    unit: str = ""
    background: bool = False
    lines: str = ""
    note: Words | None = None
    mean_of: tuple[str, ...] = ()
    from_year: int | None = None
    challenges: tuple[int, int] | None = None

    @property
    def derived(self) -> bool:
        """Tell whether the variable can be made of others."""
        return bool(self.mean_of) or self.from_year is not None or self.challenges is not None


@cache
def variables() -> Mapping[str, Variable]:
    """Return every variable of the house, by id."""
    text = (files("nabolag.spending") / "variables.yaml").read_text(encoding="utf-8")
    return {name: Variable.model_validate(entry) for name, entry in yaml.safe_load(text).items()}


def name_of(term: str, lang: Lang) -> str:
    """Return what a term is called; a variable of somebody's own is called what they call it."""
    known = variables()
    names = [known[one].label.in_(lang) if one in known else one for one in parts_of(term)]
    return names[0] if len(names) == 1 else label(_PRODUCT, lang, one=names[0], other=names[1])


def is_background(term: str) -> bool:
    """Tell whether a term tells where people come from."""
    known = variables()
    return any(one in known and known[one].background for one in parts_of(term))
