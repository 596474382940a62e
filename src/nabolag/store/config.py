"""Reading `nabolag.toml`, with messages that say where a mistake stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from nabolag.core import Finding, Place, Severity, Text, UserError
from nabolag.store.refusals import refusal, toml_refusal

CONFIG_NAME = "nabolag.toml"
#: Words of the workspace, in one language or in several: `"Byen"`, `{nb = "…", nn = "…"}`.
Words: TypeAlias = Annotated[Text, BeforeValidator(Text.of)]


class Section(BaseModel):
    """A part of `nabolag.toml`: frozen, and refusing keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


M = TypeVar("M", bound=BaseModel)


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file. Raises `UserError` where it is absent, not UTF-8 or not TOML."""
    if not path.is_file():
        raise UserError(_config_error("config_absent", path))
    try:
        # Some editors put a byte order mark in front; it changes nothing.
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as wrong:
        before = path.read_bytes()[: wrong.start]
        raise UserError(_config_error("config_not_utf8", path, before.count(b"\n") + 1)) from wrong
    except tomllib.TOMLDecodeError as wrong:
        at = re.search(r"at line (\d+)", str(wrong))
        row = int(at.group(1)) if at else None
        reasons = toml_refusal(str(wrong))
        raise UserError(_config_error("config_not_toml", path, row, **reasons)) from wrong
    except OSError as wrong:
        raise UserError(_config_error("file_unreadable", path)) from wrong


def parse_section(model: type[M], data: Any, file: str, key: str) -> M:
    """Validate one part of a configuration. `key` names it in messages, as in `source[2]`.

    Raises one `UserError` that holds every mistake in the part, also where it is no table at all.
    """
    try:
        return model.model_validate(dict(data) if isinstance(data, Mapping) else data)
    except ValidationError as wrong:
        errors = [_validation_finding(e, file, key) for e in _first_causes(wrong.errors())]
        raise UserError(*errors) from wrong


def _first_causes(errors: Sequence[Any]) -> list[Mapping[str, Any]]:
    """Leave out what only follows: a list is too short because its one entry is wrong."""
    places = [error["loc"] for error in errors]
    return [
        error
        for error in errors
        if error["type"] != "too_short"
        or not any(
            len(p) > len(error["loc"]) and p[: len(error["loc"])] == error["loc"] for p in places
        )
    ]


def _validation_finding(detail: Mapping[str, Any], file: str, key: str) -> Finding:
    name = _named([key, *detail["loc"]] if key else [*detail["loc"]])
    if detail["type"] == "extra_forbidden":
        return Finding("config_unknown_key", Severity.ERROR, Place(file), {"key": name})
    if detail["type"] == "missing":
        return Finding("config_key_absent", Severity.ERROR, Place(file), {"key": name})
    given = detail.get("input")
    params = {"key": name, **refusal(detail)}
    if isinstance(given, Mapping | list | tuple):
        return Finding("config_part_wrong", Severity.ERROR, Place(file), params)
    params["given"] = str(given)[:80]
    return Finding("config_value_wrong", Severity.ERROR, Place(file), params)


def _named(parts: Sequence[str | int]) -> str:
    """Return «source[income].measure[2].unit»: entries of a list are counted from 1."""
    name = ""
    for part in parts:
        name += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if name else str(part)
    return name


def _config_error(code: str, path: Path, row: int | None = None, **params: str) -> Finding:
    return Finding(code, Severity.ERROR, Place(path.name, row), {"path": str(path), **params})
