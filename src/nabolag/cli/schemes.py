"""The command about dated schemes: what applied on a date, and what changes next."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from nabolag.cli.figures import LangOption
from nabolag.cli.rule_tables import day_words, table_of
from nabolag.cli.rules import JsonOption, asked_day
from nabolag.cli.speech import chosen_language, language, results
from nabolag.core import Lang, error, label

DayOption = Annotated[str | None, typer.Option("--on", help=label("cli.schemes.on", language()))]
StatusOption = Annotated[
    str | None, typer.Option("--status", help=label("cli.schemes.status", language()))
]
SettingsOption = Annotated[
    Path | None, typer.Option("--settings", help=label("cli.schemes.settings", language()))
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("schemes", help=label("cli.schemes.help", language()))(schemes)


def schemes(
    day: DayOption = None,
    status: StatusOption = None,
    lang: LangOption = None,
    settings: SettingsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show every scheme as it stood on a date, and what changes after it."""
    from nabolag.publish.views.money.schemes import STATUSES, merged  # noqa: PLC0415
    from nabolag.rules import changes_after, read_book, schemes_on  # noqa: PLC0415

    at, spoken = asked_day(day), chosen_language(lang)
    if status is not None and status not in STATUSES:
        raise error("scheme_status_unknown", given=status, known=", ".join(STATUSES))
    book = None if settings is None else read_book(settings)
    shown = [
        one
        for one in schemes_on(at, book)
        if status is None or (one.standing.value == "holds" and one.span.status.value == status)
    ]
    following = [
        group
        for group in merged(changes_after(at, book))
        if status is None or group[0].span.status.value == status
    ]
    if as_json:
        document = {
            "date": at.isoformat(),
            "schemes": [_as_data(one, spoken) for one in shown],
            "changes": [_change_as_data(one, spoken) for one in following],
        }
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    _print_schemes(shown, day_words(at, spoken), spoken)
    _print_changes(following, day_words(at, spoken), spoken)


def _as_data(one: Any, lang: Lang) -> dict[str, Any]:
    from nabolag.publish.views.money.schemes import term  # noqa: PLC0415

    span = one.span
    return {
        "scheme": one.scheme.name,
        "kind": one.scheme.kind,
        "term": term(one.scheme, lang),
        "standing": one.standing.value,
        "status": span.status.value,
        "since": span.since.isoformat() if span.since else None,
        "until": span.until.isoformat() if span.until else None,
        "numbers": dict(span.numbers),
        "declared": list(span.declared),
        "reference": span.reference,
    }


def _change_as_data(group: Any, lang: Lang) -> dict[str, Any]:
    from nabolag.publish.views.money.schemes import term  # noqa: PLC0415

    first = group[0]
    return {
        "date": first.day.isoformat(),
        "schemes": [one.scheme.name for one in group],
        "terms": [term(one.scheme, lang) for one in group],
        "begins": first.begins,
        "status": first.span.status.value,
        "changed": {name: first.span.numbers[name] for name in first.span.changed},
        "reference": first.span.reference,
    }


def _print_schemes(shown: Any, day: str, lang: Lang) -> None:
    from nabolag.publish.views.money.schemes import status_text, term  # noqa: PLC0415

    table = table_of(lang, "term", "status", "since", "until", "source")
    table.title = label("cli.schemes.title", lang, date=day)
    for one in shown:
        ends = one.span.until if one.span.ends else None
        days = (day_words(one.span.since, lang), day_words(ends, lang))
        table.add_row(term(one.scheme, lang), status_text(one, lang), *days, one.span.reference)
    results().print(table)


def _print_changes(changes: Any, day: str, lang: Lang) -> None:
    from nabolag.publish.views.money.schemes import change_text, term  # noqa: PLC0415

    table = table_of(lang, "from", "term", "value", "source")
    table.title = label("cli.schemes.next", lang, date=day)
    for group in changes:
        first = group[0]
        terms = "; ".join(term(one.scheme, lang) for one in group)
        table.add_row(day_words(first.day, lang), terms, change_text(first, lang),
                      first.span.reference)  # fmt: skip
    results().print(table)
