"""Why a figure of an area of one's own is not told: codes beside the figure, and their words."""

from __future__ import annotations

import polars as pl

from nabolag.core import Lang, label

_OWN = "own:"
#: The figure came finished, without the counts behind it, or is a median.
NO_COUNTS = f"{_OWN}no_counts"
#: Fewer to count among than the data owner asks of drawn areas; the number follows.
DRAWN = f"{_OWN}drawn<"
_PARTS = ("hidden", "missing", "not_applicable")


def absent_reason() -> pl.Expr:
    """Return `own:hidden=2;missing=0;not_applicable=0;of=5` from columns of those names."""
    names = (*_PARTS, "of")
    text = ";".join(f"{name}={{}}" for name in names)
    return pl.format(_OWN + text, *(pl.col(name) for name in names))


def own_words(reason: str, lang: Lang) -> str:
    """Return a reason in words; empty for a reason that is not of an area of one's own."""
    if reason == NO_COUNTS:
        return label("own.status.no_counts", lang)
    if reason.startswith(DRAWN):
        return label("own.status.drawn", lang, threshold=reason.removeprefix(DRAWN))
    if not reason.startswith(_OWN):
        return ""
    counts = dict(part.split("=") for part in reason.removeprefix(_OWN).split(";"))
    of = counts["of"]
    parts = [
        label(f"own.status.{name}", lang, n=int(counts[name]), of=of)
        for name in _PARTS
        if counts[name] != "0"
    ]
    if not parts:
        return label("own.status.nobody", lang)
    if len(parts) > 1:
        parts = [f"{', '.join(parts[:-1])} {label('sentence.list.and', lang)} {parts[-1]}"]
    return label("own.status.absent", lang, parts=parts[0])
