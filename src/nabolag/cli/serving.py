"""Commands that show a release in a browser: serve, demo, and what readers answered: feedback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from nabolag.cli.opening import workspace_at
from nabolag.cli.progress import progress_bar
from nabolag.cli.speech import notices, say
from nabolag.cli.workspaces import Directory, print_summary

Host: TypeAlias = Annotated[str, typer.Option("--host", help=say("serve.host"))]
Port: TypeAlias = Annotated[int, typer.Option("--port", help=say("serve.port"))]
Open: TypeAlias = Annotated[bool, typer.Option("--open/--no-open", help=say("serve.open"))]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("serve", help=say("serve.help"))(serve)
    app.command("demo", help=say("demo.help"))(demo)
    app.command("feedback", help=say("feedback.help"))(feedback)


def serve(
    directory: Directory, host: Host = "127.0.0.1", port: Port = 8000, open_browser: Open = False
) -> None:
    """Serve the workspace's current release until stopped."""
    workspace_at(directory).release()  # a message now, rather than an empty site later
    from nabolag.web.server import serve as run_server  # noqa: PLC0415

    def tell(address: str) -> None:
        notices().print(say("serve.at", url=address), markup=False)

    run_server(directory, host, port, open_browser, on_ready=tell)


def demo(
    directory: Annotated[Path, typer.Argument(help=say("dir"), metavar="DIR")] = Path("demo"),
    serve_after: Annotated[bool, typer.Option("--serve/--no-serve", help=say("demo.serve"))] = True,
    persons: Annotated[int, typer.Option("--persons", help=say("demo.persons"))] = 60_000,
    seed: Annotated[int, typer.Option("--seed", help=say("demo.seed"))] = 2026,
    host: Host = "127.0.0.1",
    port: Port = 8000,
) -> None:
    """Write a synthetic country and one municipality's deliveries, build them, show the result."""
    from nabolag.pipeline import build  # noqa: PLC0415
    from nabolag.synthetic import write_demo_country  # noqa: PLC0415

    with progress_bar() as step:
        write_demo_country(directory, seed=seed, persons=persons, progress=step)
        summary = build(directory, step=step)
    print_summary(summary)
    if serve_after:
        serve(directory, host, port, open_browser=True)


def feedback(
    directory: Directory,
    handled: Annotated[bool, typer.Option("--all", help=say("feedback.all"))] = False,
) -> None:
    """Print what readers have reported about figures, as JSON, the oldest first."""
    from nabolag.web.server import feedback_reports  # noqa: PLC0415

    workspace_at(directory).release()
    typer.echo(
        json.dumps(feedback_reports(directory, handled=handled), ensure_ascii=False, indent=1)
    )
