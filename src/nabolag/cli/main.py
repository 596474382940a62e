"""The command line: `nabolag …`. Mistakes of the user end in words, never in a traceback.

Exit codes: 0 done, 1 the check found errors, 2 the user can mend it, 70 unexpected, 130 stopped.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from nabolag import __version__
from nabolag.cli import (
    accounts,
    allocating,
    auditing,
    borders,
    extra_cost,
    fetch,
    figures,
    ledger,
    norms,
    printed,
    projecting,
    registers,
    rules,
    schemes,
    serving,
    spending,
    standard,
    state_money,
    workspaces,
)
from nabolag.cli.speech import notices, print_finding, say
from nabolag.core import Finding, Severity, UserError

EXIT_USER = 2
EXIT_UNEXPECTED = 70
EXIT_STOPPED = 130
DEBUG_ENVIRONMENT = "NABOLAG_DEBUG"

app = typer.Typer(
    name="nabolag",
    help=say("about"),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"nabolag {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", help=say("version"), callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Hold options that stand before the command."""


workspaces.register(app)
borders.register(app)
fetch.register(app)
figures.register(app)
ledger.register(app)
auditing.register(app)
rules.register(app)
schemes.register(app)
norms.register(app)
registers.register(app)
standard.register(app)
printed.register(app)
extra_cost.register(app)
state_money.register(app)
allocating.register(app)
spending.register(app)
projecting.register(app)
accounts.register(app)
serving.register(app)


def run() -> None:
    """Run the command line and turn every outcome into an exit code."""
    try:
        app()
    except UserError as wrong:
        for finding in wrong.findings:
            print_finding(notices(), finding)
        sys.exit(EXIT_USER)
    except ModuleNotFoundError as absent:
        extra = {"django": "web", "waitress": "web", "typst": "reports"}.get(str(absent.name))
        if extra is None:
            raise
        params = {"extra": extra, "module": absent.name}
        print_finding(notices(), Finding("extra_absent", Severity.ERROR, params=params))
        sys.exit(EXIT_USER)
    except KeyboardInterrupt:
        sys.exit(EXIT_STOPPED)
    except BrokenPipeError:
        # The reader of our output (head, less) has gone; that is not a mistake.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as unexpected:
        if os.environ.get(DEBUG_ENVIRONMENT):
            raise
        words = say("unexpected.what", kind=type(unexpected).__name__, reason=str(unexpected))
        notices().print(words, markup=False)
        notices().print(say("unexpected.do"), markup=False)
        sys.exit(EXIT_UNEXPECTED)
