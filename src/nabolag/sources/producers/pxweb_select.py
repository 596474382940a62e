"""From what a query wants to the very codes, by the words of PxWebApi v2.

`*` and `?` in a code stand for any characters and for one; `top(n)`, `top(n, skip)`, `bottom(…)`,
`from(code)`, `to(code)` and `range(code, code)` go by the order of the table. Of a time dimension
`top` takes the latest and `bottom` the earliest; of others the first and the last, as
`TopExpression` and `BottomExpression` of the service do. Resolving them here, before anything is
asked, is what lets parts be disjoint and an answer be held against the question.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from nabolag.core import Finding, Place, Severity, raise_errors
from nabolag.sources.producers.protocol import (
    Code,
    CodeList,
    Dimension,
    Query,
    Selection,
    TableDescription,
)

_EXPRESSION: Final = re.compile(r"\s*(top|bottom|from|to|range)\s*\(([^()]*)\)\s*", re.IGNORECASE)
_NEAREST = 3


@dataclass(frozen=True, slots=True)
class Chosen:
    """The codes asked of one dimension, in the table's order, and the list they belong to."""

    codes: tuple[str, ...]
    code_list: str = ""


def resolve(query: Query, description: TableDescription) -> dict[str, Chosen]:
    """Return the codes of every dimension that is asked for, in the table's order.

    A dimension that the query leaves out is left out, where the table sums over it. Raises one
    `UserError` with every mistake: unknown dimensions, codes and lists with the nearest, and
    dimensions that must be chosen.
    """
    place = Place(query.table)
    found: list[Finding] = [
        _unknown("producer_dimension_unknown", name, [d.id for d in description.dimensions], place)
        for name in query.select
        if description.dimension(name) is None
    ]
    chosen: dict[str, Chosen] = {}
    for dimension in description.dimensions:
        wanted = query.select.get(dimension.id)
        if wanted is None:
            found += [] if dimension.eliminates else [_must_choose(dimension, place)]
            continue
        codes, wrong = _codes(dimension, wanted, place)
        found += wrong
        chosen[dimension.id] = Chosen(codes, wanted.code_list)
    raise_errors(found)
    return chosen


def _codes(
    dimension: Dimension, wanted: Selection, place: Place
) -> tuple[tuple[str, ...], list[Finding]]:
    known = dimension.codes
    if wanted.code_list:
        named = next((one for one in dimension.code_lists if one.id == wanted.code_list), None)
        if named is None:
            lists = [one.id for one in dimension.code_lists]
            return (), [_unknown("producer_list_unknown", wanted.code_list, lists, place)]
        known = _content(named)
    order = [code.code for code in known]
    taken: set[str] = set()
    wrong = []
    for given in wanted.codes:
        hits = _fitting(given, order, latest_first=dimension.role == "time")
        taken.update(hits)
        if not hits:
            wrong.append(_no_such(given, known, dimension, place))
    return tuple(code for code in order if code in taken), wrong


def _content(named: CodeList) -> tuple[Code, ...]:
    if not named.codes:
        raise AssertionError(f"the content of {named.id} was not asked for")
    return named.codes


def _fitting(given: str, order: Sequence[str], *, latest_first: bool) -> list[str]:
    """Return the codes that a code, a pattern or an expression names; none where it is wrong."""
    if given in order:
        return [given]
    expression = _EXPRESSION.fullmatch(given)
    if expression:
        words = [word.strip() for word in expression.group(2).split(",")]
        return _expressed(expression.group(1).lower(), words, order, latest_first=latest_first)
    if "*" in given or "?" in given:
        pattern = re.compile(re.escape(given).replace(r"\*", ".*").replace(r"\?", "."))
        return [code for code in order if pattern.fullmatch(code)]
    return []


def _expressed(
    name: str, words: Sequence[str], order: Sequence[str], *, latest_first: bool
) -> list[str]:
    if name in ("top", "bottom"):
        if not all(word.isdigit() for word in words) or len(words) > 2:
            return []
        count, skip = int(words[0]), int(words[1]) if len(words) == 2 else 0
        from_end = (name == "top") == latest_first
        among = order[::-1] if from_end else order
        return list(among[skip : skip + count])
    if not all(word in order for word in words) or len(words) != (2 if name == "range" else 1):
        return []
    first = 0 if name == "to" else order.index(words[0])
    last = len(order) - 1 if name == "from" else order.index(words[-1])
    return list(order[first : last + 1])


def _must_choose(dimension: Dimension, place: Place) -> Finding:
    params = {
        "dimension": dimension.id,
        "label": dimension.label,
        "some": ", ".join(f"{code.code} ({code.label})" for code in dimension.codes[:5]),
    }
    return Finding("producer_must_choose", Severity.ERROR, place, params, len(dimension.codes))


def _no_such(given: str, known: Sequence[Code], dimension: Dimension, place: Place) -> Finding:
    params = {
        "given": given,
        "dimension": dimension.id,
        "label": dimension.label,
        "near": ", ".join(nearest_codes(given, known)),
    }
    code = "producer_expression_empty" if set("*?(") & set(given) else "producer_code_unknown"
    return Finding(code, Severity.ERROR, place, params)


def nearest_codes(given: str, known: Sequence[Code]) -> list[str]:
    """Return the codes that look like what was given, by code or by label, with their labels."""
    by_code = difflib.get_close_matches(given, [one.code for one in known], n=_NEAREST, cutoff=0.5)
    labels = {one.label.lower(): one.code for one in known}
    by_label = difflib.get_close_matches(given.lower(), list(labels), n=_NEAREST, cutoff=0.6)
    padded = [one.code for one in known if one.code.lstrip("0") == given.lstrip("0")]
    near = dict.fromkeys([*padded, *(labels[label] for label in by_label), *by_code])
    names = {one.code: one.label for one in known}
    return [f"{code} ({names[code]})" for code in list(near)[:_NEAREST]] or [
        f"{one.code} ({one.label})" for one in known[:_NEAREST]
    ]


def _unknown(code: str, given: str, known: Sequence[str], place: Place) -> Finding:
    near = difflib.get_close_matches(given, known, n=_NEAREST, cutoff=0.4) or list(known[:_NEAREST])
    params = {
        "given": given,
        "near": ", ".join(near) or "–",
        "known": ", ".join(known) or "–",
    }
    return Finding(code, Severity.ERROR, place, params)
