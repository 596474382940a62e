"""A model's table as plain text, for a terminal."""

from __future__ import annotations

from nabolag.publish.spending.layout import Layout

_GAP = "  "


def as_text(layout: Layout) -> str:
    """Return the table with its columns under one another and its notes below."""
    lines = [("", *layout.numbers), *((row.heading, *row.cells) for row in layout.rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    head = [f"{''.ljust(widths[0])}{_GAP}{name} ({count})" for name, count in layout.outcomes]
    rows = [
        _GAP.join([line[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(line[1:], widths[1:],
                                                                        strict=True))]).rstrip()
        for line in lines
    ]  # fmt: skip
    return "\n".join([layout.title, "", *head, *rows, "", *layout.notes])
