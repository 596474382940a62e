"""An index in words, step by step, from its own parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nabolag.analysis.composite.redrawing import Redraw
from nabolag.analysis.composite.tree import Group, Weights
from nabolag.analysis.words import declared, declared_percent, indicator_names
from nabolag.core import Indicator, Lang, Period, label

if TYPE_CHECKING:
    from nabolag.analysis.composite.spec import Index

Catalogue = Mapping[str, Indicator]


def explained(index: Index, catalogue: Catalogue, lang: Lang) -> str:
    """Return the rule as one paragraph."""
    said = [
        label("index.explain.what", lang, level=index.level.plural.in_(lang),
              indicators=indicator_names(index.indicators, catalogue, lang)),
        *_prepared(index, catalogue, lang),
        label(f"index.normalise.{index.normalise.how}", lang,
              low=declared(index.normalise.low, lang), high=declared(index.normalise.high, lang)),
        *_groups(index.groups, catalogue, lang),
        label(f"index.weights.{_weights_kind(index.weights)}", lang),
        label(f"index.aggregate.{index.aggregate}", lang),
        label("index.explain.known", lang, needed=index.known_needed),
        *_in_time(index, lang),
        *_tried(index.redraw, lang),
    ]  # fmt: skip
    return " ".join(said)


def _weights_kind(weights: Weights) -> str:
    """Return what kind of weights they are: `equal`, `principal`, `given` or `budget`."""
    if isinstance(weights, str):
        return weights
    return "given" if isinstance(weights, dict) else "budget"


def _prepared(index: Index, catalogue: Catalogue, lang: Lang) -> list[str]:
    """Say what is done to figures before they are put on a scale."""
    said = [
        label("index.explain.per", lang, indicator=indicator_names((name,), catalogue, lang),
              by=indicator_names((by,), catalogue, lang))
        for name, by in index.per.items()
    ]  # fmt: skip
    within = index.impute.within
    key = f"{index.impute.how}_within" if index.impute.puts and within else index.impute.how
    said.append(label(f"index.impute.{key}", lang, within=within.label.in_(lang) if within else ""))
    if index.outliers is None:
        return [*said, label("index.outliers.none", lang)]
    skew, kurtosis = (declared(n, lang) for n in (index.outliers.skew, index.outliers.kurtosis))
    most = index.outliers.most
    said.append(label("index.outliers.drawn_in", lang, skew=skew, kurtosis=kurtosis, most=most))
    said.append(label(f"index.outliers.{index.outliers.otherwise}", lang))
    return said


def _groups(groups: tuple[Group, ...], catalogue: Catalogue, lang: Lang) -> list[str]:
    if not groups:
        return []
    names = {group.id: _group_name(group.id, group.name, lang) for group in groups}
    told = []
    for group in groups:
        inside = (names.get(m) or indicator_names((m,), catalogue, lang) for m in group.members)
        told.append(f"{names[group.id]} ({'; '.join(inside)})")
    said = [label("index.explain.groups", lang, groups=", ".join(told))]
    if any(group.normalise for group in groups):
        said.append(label("index.explain.groups_again", lang))
    return said


def _group_name(identity: str, name: Any, lang: Lang) -> str:
    """Return what a group is called: its name, else its id."""
    return str(name.in_(lang)) if name else identity


def _in_time(index: Index, lang: Lang) -> list[str]:
    if not index.base:
        return []
    return [label("index.explain.base", lang, base=str(Period.parse(index.base)))]


def _tried(redraw: Redraw, lang: Lang) -> list[str]:
    """Say what is tried otherwise when the index is made anew."""
    moved = label(f"index.tried.{redraw.weights}", lang, shift=declared_percent(redraw.shift, lang))
    parts = [
        label("index.tried.scales", lang) if redraw.scales else "",
        label("index.tried.joins", lang) if redraw.joins else "",
        moved if redraw.weights != "shift" or redraw.shift else "",
        label("index.tried.left_out", lang) if redraw.leave_out else "",
        label("index.tried.chance", lang) if redraw.chance else "",
    ]
    what = ", ".join(part for part in parts if part)
    return [label("index.explain.redrawn", lang, draws=redraw.draws, what=what, top=redraw.top)]
