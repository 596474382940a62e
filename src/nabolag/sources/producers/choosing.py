"""What of a described table a query takes: codes, patterns and everything, never a guess."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from fnmatch import fnmatchcase

from nabolag.core import Place, error
from nabolag.sources.producers.protocol import Dimension, Query, TableDescription

ALL = "*"


def chosen(query: Query, description: TableDescription) -> dict[str, tuple[str, ...]]:
    """Return the codes of every dimension, in the producer's order; those not named take all.

    Raises `UserError` for a dimension or code that the description does not hold.
    """
    known = [dimension.id for dimension in description.dimensions]
    for name in query.select:
        if name not in known:
            raise error("producer_dimension_unknown", Place(), given=name, known=", ".join(known))
    return {
        dimension.id: codes_in(dimension, query.select[dimension.id].codes)
        if dimension.id in query.select
        else dimension.values
        for dimension in description.dimensions
    }


def codes_in(dimension: Dimension, wanted: Sequence[str]) -> tuple[str, ...]:
    """Return the codes that the wanted ones name. `*` in a code stands for any characters.

    Raises `UserError` for a code, and for a pattern, that fits none.
    """
    taken: set[str] = set()
    for given in wanted:
        fits = [code for code in dimension.values if fnmatchcase(code, _pattern(given))]
        if not fits:
            near = difflib.get_close_matches(given, dimension.values, n=3) or dimension.values[:3]
            raise error(
                "producer_code_unknown",
                Place(),
                given=given,
                dimension=dimension.id,
                near=", ".join(near),
            )
        taken.update(fits)
    return tuple(code for code in dimension.values if code in taken)


def _pattern(given: str) -> str:
    """Let only the star be a sign; codes may hold brackets and question marks."""
    return given.replace("[", "[[]").replace("?", "[?]")
