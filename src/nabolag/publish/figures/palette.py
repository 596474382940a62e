"""The colours of maps and charts, in one place. Colour means something or is not there.

The sequential scale is one hue of falling lightness, so it survives colour blindness and a
black-and-white printer. Hidden and missing figures are grey and near-white, outside the scale,
and the map draws a pattern over the hidden ones. Our own hex values.
"""

from __future__ import annotations

from typing import Final

#: Five steps of one blue, light to dark, as the municipality's page shows shares.
SEQUENTIAL: Final = ("#e3eef9", "#a5c8e6", "#659fce", "#2a6fa8", "#123f6b")
#: Classes 0, 1, 2-3, 4+ of accumulation: a quiet base, then one warm hue growing darker.
ACCUMULATION: Final = {"0": "#f1efea", "1": "#ecbd79", "2-3": "#d0803a", "4+": "#7d3510"}

#: What a figure without a number looks like. A map adds a pattern to `hidden`.
STATUS: Final = {
    "hidden": "#8b8f94",
    "missing": "#ffffff",
    "not_applicable": "#f4f4f4",
    "unknown": "#ffffff",
    "unreliable": "#659fce",
}

INK: Final = "#1e2b3c"
MUTED: Final = "#56616e"
RULE: Final = "#d5d9de"
BORDER: Final = "#5d6874"
PAPER: Final = "#ffffff"

#: The three voices of a comparison: area, municipality, country. Told apart by shape as well.
AREA: Final = "#0b5394"
MUNICIPALITY: Final = "#a34a00"
COUNTRY: Final = "#56616e"
BAND: Final = "#dfe4ea"
#: The line of an interval behind its dot.
INTERVAL: Final = "#9db4cb"
#: An area that holds the one spoken of, and lies in the municipality.
PARENT: Final = "#5b3a8c"

ROLES: Final = {
    "area": AREA,
    "parent": PARENT,
    "municipality": MUNICIPALITY,
    "country": COUNTRY,
}

#: The font stack; the first that a machine has is used. Inter comes with the web pages.
FONT: Final = "Inter, 'Inter Variable', 'Liberation Sans', Arial, sans-serif"


def sequential(classes: int) -> tuple[str, ...]:
    """Return as many colours of the scale as there are classes, spread over its whole length."""
    if not 1 <= classes <= len(SEQUENTIAL):
        raise ValueError(f"the scale has 1 to {len(SEQUENTIAL)} classes, not {classes}")
    if classes == 1:
        return (SEQUENTIAL[2],)
    last = len(SEQUENTIAL) - 1
    return tuple(SEQUENTIAL[round(step * last / (classes - 1))] for step in range(classes))
