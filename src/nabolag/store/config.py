"""Reading `nabolag.toml`, with messages that say where a mistake stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from nabolag.core import Finding, Place, Severity, UserError

CONFIG_NAME = "nabolag.toml"


class Section(BaseModel):
    """A part of `nabolag.toml`: frozen, and refusing keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


M = TypeVar("M", bound=BaseModel)


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file. Raises `UserError` where it is absent, not UTF-8 or not TOML."""
    if not path.is_file():
        raise UserError(_config_error("config_absent", path))
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as wrong:
        before = path.read_bytes()[: wrong.start]
        raise UserError(_config_error("config_not_utf8", path, before.count(b"\n") + 1)) from wrong
    except tomllib.TOMLDecodeError as wrong:
        at = re.search(r"at line (\d+)", str(wrong))
        row = int(at.group(1)) if at else None
        raise UserError(_config_error("config_not_toml", path, row, reason=str(wrong))) from wrong


def parse_section(model: type[M], data: Mapping[str, Any], file: str, key: str) -> M:
    """Validate one part of a configuration. `key` names it in messages, as in `source[2]`.

    Raises one `UserError` that holds every mistake in the part.
    """
    try:
        return model.model_validate(dict(data))
    except ValidationError as wrong:
        raise UserError(*(_validation_finding(e, file, key) for e in wrong.errors())) from wrong


def _validation_finding(detail: Mapping[str, Any], file: str, key: str) -> Finding:
    path = ".".join([key, *(str(part) for part in detail["loc"])]) if key else ""
    name = path or ".".join(str(part) for part in detail["loc"])
    if detail["type"] == "extra_forbidden":
        return Finding("config_unknown_key", Severity.ERROR, Place(file), {"key": name})
    if detail["type"] == "missing":
        return Finding("config_key_absent", Severity.ERROR, Place(file), {"key": name})
    reason = str(detail["msg"]).removeprefix("Value error, ")
    params = {"key": name, "given": str(detail.get("input"))[:80], "reason": reason}
    return Finding("config_value_wrong", Severity.ERROR, Place(file), params)


def _config_error(code: str, path: Path, row: int | None = None, **params: str) -> Finding:
    return Finding(code, Severity.ERROR, Place(path.name, row), {"path": str(path), **params})
