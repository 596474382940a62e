"""The command that lists the standard set, without a workspace."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from nabolag.cli.figures import LangOption, OutputOption
from nabolag.cli.output import writing_to
from nabolag.cli.speech import chosen_language, notices, say
from nabolag.core import Lang, error

_LIST = "list"


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command("standard-set", help=say("standard_set.help"))(standard_set)


def standard_set(
    edition: Annotated[
        str | None, typer.Option("--edition", help=say("standard_set.edition"))
    ] = None,
    form: Annotated[str, typer.Option("--format", help=say("standard_set.format"))] = _LIST,
    lang: LangOption = None,
    output: OutputOption = None,
) -> None:
    """List the standard set on the screen, or write it to a file."""
    content = _content(form, chosen_language(lang), edition, output)
    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    with writing_to(output):
        output.write_bytes(content)
    notices().print(say("report.done", path=output), markup=False)


def _content(form: str, lang: Lang, edition: str | None, output: Path | None) -> bytes:
    from nabolag.publish.standard import SET_FORMATS, set_bytes  # noqa: PLC0415

    if form == _LIST:
        return _listing(lang, edition)
    if form not in SET_FORMATS:
        raise error("export_format_unknown", given=form, known=", ".join([_LIST, *SET_FORMATS]))
    if form == "xlsx" and output is None and sys.stdout.isatty():
        raise error("set_file_on_terminal")
    return set_bytes(form, lang, edition)


def _listing(lang: Lang, edition: str | None) -> bytes:
    """Return the set as lines to read: a heading for each theme, then id and name."""
    from nabolag.publish.standard import set_page  # noqa: PLC0415

    view = set_page(lang, edition=edition)
    lines = [view.opening, view.edition_text]
    for group in view.groups:
        lines += ["", group.text]
        lines += [f"  {line.indicator:<32}{line.label}" for line in group.lines]
    return ("\n".join(lines) + "\n").encode()
