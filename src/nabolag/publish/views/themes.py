"""An area's indicators by theme, and what each theme holds in a few words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nabolag.core import Kind, Lang, has_label, label
from nabolag.publish.text import capital
from nabolag.publish.views.model import AreaRow, Theme

#: Themes from what people have, by where they live and go, to how they take part. Others follow.
_ORDER = (
    "income",
    "work",
    "education",
    "upbringing",
    "housing",
    "environment",
    "health",
    "safety",
    "participation",
    "population",
)


def in_order(rings: Iterable[str]) -> list[str]:
    """Return themes in the order that pages list them, each once."""
    known = {ring: place for place, ring in enumerate(_ORDER)}
    return sorted(dict.fromkeys(rings), key=lambda ring: (known.get(ring, len(known)), ring))


def themes_of(rows: Sequence[AreaRow], lang: Lang) -> tuple[Theme, ...]:
    """Return the rows by theme. Background is left out: it is described apart."""
    told = [row for row in rows if row.kind != Kind.BACKGROUND]
    found = []
    for ring in in_order(row.ring for row in told):
        held = [row for row in told if row.ring == ring]
        found.append(
            Theme(
                ring=ring,
                text=theme_text(ring, lang),
                summary=summary(held, lang),
                assets=tuple(row for row in held if row.kind == Kind.ASSET),
                challenges=tuple(row for row in held if row.kind == Kind.CHALLENGE),
            )
        )
    return tuple(found)


def theme_text(ring: str, lang: Lang) -> str:
    """Return a theme's name; as it is written where the house has none."""
    return label(f"ring.{ring}", lang) if has_label(f"ring.{ring}") else capital(ring)


def summary(rows: Sequence[AreaRow], lang: Lang) -> str:
    """Say how many figures there are, how many certainly differ, and how many are not shown."""
    known = sum(row.shown.has_value for row in rows)
    parts = [label("publish.theme.figures", lang, n=known)]
    certain = sum(row.difference.certainty == "certain" for row in rows)
    against = next((r.difference.against for r in rows if r.difference.side != "unknown"), "")
    if against:
        other = label(f"sentence.difference.{against}", lang)
        form = "certain" if certain else "none_certain"
        parts.append(label(f"publish.theme.{form}", lang, n=certain, other=other))
    absent = len(rows) - known
    if absent:
        parts.append(label("publish.theme.absent", lang, n=absent))
    return ", ".join(parts)
