"""Which language the command line speaks, and how it speaks."""

from __future__ import annotations

import os
import sys
from functools import cache
from typing import Any

from rich.console import Console

from nabolag.core import LANGS, Finding, Lang, Severity, error, label

LANGUAGE_ENVIRONMENT = "NABOLAG_LANG"
_STYLE = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


@cache
def language() -> Lang:
    """Return the language: `NABOLAG_LANG`, else the locale's Norwegian, else English."""
    named = os.environ.get(LANGUAGE_ENVIRONMENT, "")
    for lang in LANGS:
        if named == lang:
            return lang
    locale = next(
        (os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), ""
    )
    return {"nb": "nb", "no": "nb", "nn": "nn"}.get(locale[:2].lower(), "en")  # type: ignore[return-value]


def spoken(value: str | None) -> Lang:
    """Return the language asked for, else the command line's own. Raises `UserError`."""
    if value is None:
        return language()
    if value not in LANGS:
        raise error("language_unknown", given=value)
    return next(lang for lang in LANGS if lang == value)


def chosen_language(value: str | None) -> Lang:
    """Return the language asked for, or the command line's own; a report is in Norwegian."""
    return "nb" if value is None and language() == "en" else spoken(value)


def say(key: str, **params: Any) -> str:
    """Return one of the command line's own labels (`cli.<key>`)."""
    return label(f"cli.{key}", language(), **params)


def results() -> Console:
    """Return the console for what was asked for (standard output)."""
    return Console(highlight=False, soft_wrap=True)


def notices() -> Console:
    """Return the console for everything else (standard error)."""
    return Console(stderr=True, highlight=False, soft_wrap=not sys.stderr.isatty())


def print_finding(console: Console, finding: Finding) -> None:
    """Print a finding: its severity in colour and words, then place, what and what to do."""
    lang = language()
    words = label(f"severity.{finding.severity.value}", lang)
    console.print(f"[{_STYLE[finding.severity]}]{words}[/]", end=" ")
    console.print(finding.text(lang), markup=False)
