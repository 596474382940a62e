"""Which findings may leave the house with a release, and without which of their facts.

A finding is made for whoever delivers and imports. Its facts may hold a figure that the release
hides: the sum of rows that were left out, a value outside its range, what an area without
borders carries. Only findings named here leave, and only without such facts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from nabolag.core import LANGS, Finding, label

#: Findings about areas, borders, marks, methods and models: they name places and count rows, and
#: hold no figure. A name that ends in `*` stands for every code that begins so.
PUBLIC: Final = (
    "accumulation_*",
    "area_*",
    "areas_no_more",
    "areas_without_figures",
    "catchment_*",
    "custom_compared",
    "custom_sets_share",
    "disclosure_no_contributors",
    "disclosure_no_counts",
    "geometry_*",
    "match_other_time",
    "match_without_figures",
    "point_*",
    "points_*",
    "roll_up_unlinked",
    "source_blank",
    "source_copied_down",
    "source_mark_*",
    "spending_*",
)
#: Findings that leave once these facts, which are sums of figures, are taken away.
WITHOUT: Final = {
    "match_retired": {"carried_nb": "", "carried_nn": "", "carried_en": ""},
    "match_shapeless": {"carried_nb": "", "carried_nn": "", "carried_en": ""},
    "match_without_shape": {"carried_nb": "", "carried_nn": "", "carried_en": ""},
    "source_left_out": {f"sums_{lang}": label("left_out.not_told", lang) for lang in LANGS},
}


def public_findings(findings: Iterable[Finding]) -> tuple[tuple[Finding, ...], int]:
    """Return the findings that may leave with a release, and how many stay in the house."""
    given = tuple(findings)
    leaving = tuple(
        replace(finding, params={**finding.params, **WITHOUT.get(finding.code, {})})
        for finding in given
        if finding.code in WITHOUT or _is_public(finding.code)
    )
    return leaving, len(given) - len(leaving)


def _is_public(code: str) -> bool:
    return any(
        code.startswith(name[:-1]) if name.endswith("*") else code == name for name in PUBLIC
    )
