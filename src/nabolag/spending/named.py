"""The report's tables as named models, read from the catalogue."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

from nabolag.core import error
from nabolag.spending.spec import Choice, ModelSpec, Regression
from nabolag.spending.variables import is_background

_ROOM: Final = "nabolag.spending"
#: In the order of the report.
_FILES: Final = ("schools", "kindergartens", "areas", "oslo", "accumulation", "norm")


@cache
def named_models() -> Mapping[str, ModelSpec]:
    """Return the report's tables 2–25, A1–A12 and B1–B10, by id, in the report's order."""
    choices = {name: Choice.model_validate(one) for name, one in _read("choices").items()}
    found = [spec for name in _FILES for spec in _specs(_read(name), choices)]
    return {spec.id: spec for spec in sorted(found, key=lambda spec: _place(spec.id))}


def named_model(given: str) -> ModelSpec:
    """Return one of the report's tables. Raises `UserError` for one that is not there."""
    known = named_models()
    if given not in known:
        near = difflib.get_close_matches(given, known, n=1)
        raise error("spending_model_unknown", given=given, near=near[0] if near else "–",
                    known=", ".join(known))  # fmt: skip
    return known[given]


def uses_background(spec: ModelSpec) -> bool:
    """Tell whether a model has a term that tells where people come from."""
    return any(is_background(term) for term in spec.terms)


def _read(name: str) -> Mapping[str, Any]:
    text = (files(_ROOM) / "catalogue" / f"{name}.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def _place(model: str) -> tuple[str, int]:
    """Return where a table stands: numbers first, then the appendices."""
    tail = model.removeprefix("table-")
    letters = tail.rstrip("0123456789")
    return letters, int(tail[len(letters) :])


def _specs(data: Mapping[str, Any], choices: Mapping[str, Choice]) -> Iterator[ModelSpec]:
    for name, table in data["tables"].items():
        family = data["families"][table["family"]]
        used = [*family["choices"], *table.get("choices", ())]
        yield ModelSpec(
            id=name.lower(),
            title=table["title"],
            table=name.removeprefix("table-").lstrip("0"),
            lines=table["lines"],
            family=table["family"],
            unit=family["unit"],
            columns=tuple(_columns(table, family)),
            main=tuple(table["main"]),
            choices=tuple(choices[one] for one in used),
        )


def _columns(table: Mapping[str, Any], family: Mapping[str, Any]) -> Iterator[Regression]:
    """Yield a column for each outcome and step: a table's own steps, else its family's."""
    steps = table.get("steps") or family["steps"]
    common = {"years": family["years"]} if "years" in family else {}
    for outcome in table.get("outcomes", [None]):
        for step in steps:
            named = {"outcome": outcome} if outcome else {}
            yield Regression.model_validate({**common, **named, **step})
