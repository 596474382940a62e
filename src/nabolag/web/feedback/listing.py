"""Reports as plain data, for the command line and other programs."""

from __future__ import annotations

from typing import Any

from nabolag.web.feedback.models import Report

FIELDS = (
    "id", "created_at", "handled_at", "release", "level", "area", "indicator", "period",
    "lang", "message", "contact",
)  # fmt: skip


def reports(*, handled: bool = False) -> list[dict[str, Any]]:
    """Return reports, oldest first; those that are handled only when asked for.

    Times are ISO 8601 in UTC.
    """
    chosen = Report.objects.all() if handled else Report.objects.filter(handled_at=None)
    return [
        {
            name: value.isoformat() if hasattr(value, "isoformat") else value
            for name, value in row.items()
        }
        for row in chosen.values(*FIELDS)
    ]
