"""From the page of an area to a PDF for every reader and for the archive.

The file follows PDF/UA-1 (ISO 14289-1, accessible) and PDF/A-2a (ISO 19005-2, long-term).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

from nabolag.core import Lang, Level, label
from nabolag.publish.pdf.content import profile_content
from nabolag.publish.views import area_page
from nabolag.store import Release


def area_profile_pdf(
    release: Release, level: str | Level, code: str, lang: Lang, made: date | None = None
) -> bytes:
    """Return the profile of one area as a tagged PDF (A4, PDF/UA-1, PDF/A-2a).

    `made` is the date on the page, by default that of the release; nothing else in the file
    depends on when or where it is made. Raises `UserError` for an unknown level or code.
    """
    return areas_pdf(release, [(level, code)], lang, made)


def areas_pdf(
    release: Release,
    areas: Iterable[tuple[str | Level, str]],
    lang: Lang,
    made: date | None = None,
) -> bytes:
    """Return the profiles of several areas, each from a new page, as one tagged PDF.

    Every profile is a bookmark. Raises `UserError` for an unknown level or code, and
    `ValueError` where no area is given.
    """
    day = made or date.fromisoformat(str(release.bundle.manifest["created_at"])[:10])
    profiles = [
        profile_content(release, area_page(release, level, code, lang), day)
        for level, code in areas
    ]
    if not profiles:
        raise ValueError("a document needs at least one area")
    town = release.name.in_(lang)
    names = profiles[0]["name"] if len(profiles) == 1 else town
    kind = "title" if len(profiles) == 1 else "title_many"
    return _compiled(
        {
            "title": label(f"report.{kind}", lang, name=names),
            "author": town,
            "lang": lang,
            "keywords": [release.id],
            "profiles": profiles,
        },
        day,
    )


def _compiled(content: dict[str, Any], day: date) -> bytes:
    """Set the document. Text is handed over as data, so nothing in it can be markup."""
    import typst  # noqa: PLC0415

    compiler = typst.Compiler(  # type: ignore[misc]  # the stub cannot tell bytes apart
        _template(),
        font_paths=[str(font_folder())],
        ignore_system_fonts=True,
        sys_inputs={"content": json.dumps(content, ensure_ascii=False, allow_nan=False)},
    )
    made = datetime.combine(day, time(), UTC)
    return cast("bytes", compiler.compile(pdf_standards=["a-2a", "ua-1"], timestamp=made))


@cache
def _template() -> bytes:
    return (files("nabolag.publish.pdf") / "profile.typ").read_bytes()


@cache
def font_folder() -> Path:
    """Return the folder of Inter's font files (SIL Open Font Licence), installed with us."""
    import fontpkg_inter  # noqa: PLC0415

    return Path(fontpkg_inter.ROOT) / "files"
