"""Charts beside their tables: the specification, a picture for readers without scripts, files."""

from __future__ import annotations

from nabolag.publish.views.model import AreaRow


def has_history(row: AreaRow) -> bool:
    """Tell whether there is more than one point in time to draw."""
    return any(sum(p.has_value for p in series.points) > 1 for series in row.history)
