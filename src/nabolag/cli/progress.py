"""Progress on anything that takes more than a second; silence where nobody looks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nabolag.cli.speech import language, notices
from nabolag.core import has_label, label

if TYPE_CHECKING:
    from nabolag.pipeline import Step


@contextmanager
def progress_bar(enabled: bool = True) -> Iterator[Step]:
    """Yield a function `step(key, done, total)` that moves a bar on standard error.

    `key` names a label `step.<key>`; where standard error is no terminal nothing is drawn.
    """
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    console = notices()
    if not enabled or not console.is_terminal:
        yield lambda key, done, total: None
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)

        def step(key: str, done: int, total: int) -> None:
            name = f"step.{key}"
            words = label(name, language()) if has_label(name) else key
            bar.update(task, description=words, completed=done, total=total)

        yield step
