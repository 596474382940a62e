"""A first `nabolag.toml` for a municipality that starts from nothing."""

from __future__ import annotations

import textwrap
from importlib.resources import files
from pathlib import Path

from nabolag.core import Lang, Place, error, label
from nabolag.store import CONFIG_NAME

_COMMENT = "#: "
_WIDTH = 98


def start_workspace(directory: Path, lang: Lang) -> Path:
    """Write a commented `nabolag.toml` into a folder. Raises `UserError` where there is one."""
    path = directory / CONFIG_NAME
    if path.exists():
        raise error("workspace_exists", Place(str(path)))
    directory.mkdir(parents=True, exist_ok=True)
    path.write_text(first_configuration(lang), encoding="utf-8")
    return path


def first_configuration(lang: Lang) -> str:
    """Return the template with its comments in one language.

    A line `#: key` of the template stands for the label `init.key`.
    """
    template = files("nabolag.pipeline") / "templates" / CONFIG_NAME
    lines = template.read_text(encoding="utf-8").splitlines()
    return "\n".join(_spoken(line, lang) for line in lines) + "\n"


def _spoken(line: str, lang: Lang) -> str:
    if not line.startswith(_COMMENT):
        return line
    words = label(f"init.{line.removeprefix(_COMMENT)}", lang)
    return textwrap.fill(words, _WIDTH, initial_indent="# ", subsequent_indent="# ")
