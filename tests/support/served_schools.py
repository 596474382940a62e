"""The small delivery with schools, kindergartens and catchments, built."""

from __future__ import annotations

from pathlib import Path

from nabolag.pipeline import build
from nabolag.store import Release, Workspace
from tests.support.delivery import CODES
from tests.support.schools import GARDENS, SECTION, write_schools

CATCHMENTS = """
[[catchments]]
id = "barneskoler"
file = "inntak.csv"
level = "delbydel"
school = "Skole"
area = "Delbydel"
share = "Andel"
from_year = "Fra"
to_year = "Til"
producer = "Prøvekommune"
title = "Inntaksområder"
"""
#: The south belongs to S1, the north to S2; one area of it went from S2 to half of S3 in 2020.
ROWS = "Skole;Delbydel;Andel;Fra;Til\n" + "".join(
    [f"S1;{code};;;\n" for code in CODES[:6]]
    + [f"S2;{code};1;;\n" for code in CODES[7:]]
    + ["S2;0201;1;;2019\n", "S3;0201;1;2020;\n"]
)


def write_served_schools(folder: Path) -> Release:
    """Write and build it, and return the release."""
    write_schools(folder, SECTION, GARDENS, CATCHMENTS)
    (folder / "inntak.csv").write_text(ROWS, encoding="utf-8")
    build(folder)
    return Workspace(folder).release()
