"""A first `nabolag.toml`: examples, or proposals for the files that are there."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

from nabolag.core import Lang, Place, error, label
from nabolag.indicators import load_catalogue
from nabolag.pipeline.propose import Proposals, propose
from nabolag.pipeline.step import Step, no_progress
from nabolag.store import CONFIG_NAME

_COMMENT = "#: "
_WIDTH = 98


def start_workspace(
    directory: Path, lang: Lang, step: Step = no_progress
) -> tuple[Path, Proposals]:
    """Write a commented `nabolag.toml` into a folder; return its path and what was proposed.

    Where the folder holds delivered files, proposals for them stand in place of the examples.
    Raises `UserError` where there is a configuration already, or nothing can be written.
    """
    path = directory / CONFIG_NAME
    if path.exists():
        raise error("workspace_exists", Place(str(path)))
    proposals = propose(directory, lang, step)
    words = first_configuration(lang, proposals)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        path.write_text(words, encoding="utf-8")
    except OSError as wrong:
        raise error("folder_unwritable", Place(str(directory))) from wrong
    return path, proposals


def first_configuration(lang: Lang, proposals: Proposals | None = None) -> str:
    """Return the template with its comments in one language, and proposals where there are any.

    A line `#: key` of the template stands for the label `init.key`; the example below it is
    replaced by the proposals of that key.
    """
    seen = proposals or Proposals()
    template = files("nabolag.pipeline") / "templates" / CONFIG_NAME
    lines = template.read_text(encoding="utf-8").splitlines()
    instead = {"geometry": seen.borders, "source": seen.tables}
    if seen.files:
        top = label("init.propose.top", lang)
        at = lines.index(f"{_COMMENT}geometry")
        lines[at:at] = [*_wrapped(top, "## "), "", *seen.areas]
    return "\n".join(_written(lines, instead, lang)) + "\n"


def _written(
    lines: Iterable[str], instead: dict[str, tuple[str, ...]], lang: Lang
) -> Iterator[str]:
    """Yield the finished lines; an example is left out where proposals stand instead of it."""
    skipping = False
    for line in lines:
        if line.startswith(_COMMENT):
            key = line.removeprefix(_COMMENT)
            proposed = instead.get(key, ())
            skipping = bool(proposed)
            sign = "## " if any(instead.values()) else "# "
            yield from _wrapped(label(f"init.{key}", lang), sign)
            yield from proposed
            if key == "indicator":
                yield from _known_indicators(lang)
        elif not skipping:
            yield line
        elif not line:
            skipping = False


def _known_indicators(lang: Lang) -> Iterator[str]:
    """Yield the house's own indicators: the ids that an `[[indicator]]` may have."""
    yield from _wrapped(label("init.indicators_known", lang), "## ")
    for indicator in load_catalogue([]).values():
        yield f"##   {indicator.id}: {indicator.label.in_(lang)}"


def _wrapped(words: str, sign: str) -> list[str]:
    return textwrap.wrap(words, _WIDTH, initial_indent=sign, subsequent_indent=sign)
