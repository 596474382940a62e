"""Which kinds of analysis there are, by the word `[[analysis]]` calls them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any, Final

from nabolag.analysis.access import Access
from nabolag.analysis.composite import Index
from nabolag.analysis.development import Development
from nabolag.analysis.inequality import Inequality
from nabolag.analysis.method import AnalysisSpec
from nabolag.analysis.peers import Peers
from nabolag.analysis.ranks import Ranks
from nabolag.analysis.regions import Regions
from nabolag.analysis.segregation import Segregation
from nabolag.analysis.space import Space
from nabolag.analysis.stability import Stability
from nabolag.core import Place, error
from nabolag.store import CONFIG_NAME

#: A new method is one line here, its words in `core/labels`, and a page in `publish.views`.
_METHODS: Final[tuple[type[AnalysisSpec], ...]] = (
    Access,
    Index,
    Development,
    Inequality,
    Peers,
    Ranks,
    Regions,
    Segregation,
    Space,
    Stability,
)
KINDS: Final[Mapping[str, type[AnalysisSpec]]] = {method.KIND: method for method in _METHODS}


def kind_of(entry: Mapping[str, Any]) -> type[AnalysisSpec]:
    """Return the method that an entry asks for. Raises `UserError` for one that is not there."""
    given = str(entry.get("kind", ""))
    if given not in KINDS:
        near = difflib.get_close_matches(given, KINDS, n=1)
        raise error(
            "analysis_kind_unknown", Place(CONFIG_NAME), given=given, known=", ".join(KINDS),
            near=near[0] if near else "–", id=str(entry.get("id", "")),
        )  # fmt: skip
    return KINDS[given]
