"""The command about rules: what applied on a date, and what one rule says."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from nabolag.cli.figures import LangOption
from nabolag.cli.speech import language, results
from nabolag.core import LANGS, Lang, error, label

if TYPE_CHECKING:
    from nabolag.rules import (
        Book,
        Case,
        ProvisionAt,
        RuleAt,
        RuleStatus,
        Signature,
        Standing,
    )

NameArgument = Annotated[
    str | None, typer.Argument(help=label("cli.rules.name", language()), show_default=False)
]
DateOption = Annotated[str | None, typer.Option("--date", help=label("cli.rules.date", language()))]
SettingsOption = Annotated[
    Path | None, typer.Option("--settings", help=label("cli.rules.settings", language()))
]
JsonOption = Annotated[bool, typer.Option("--json", help=label("cli.rules.json", language()))]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("rules", help=label("cli.rules.help", language()))(rules)


def rules(
    name: NameArgument = None,
    day: DateOption = None,
    lang: LangOption = None,
    settings: SettingsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show every rule as it stood on a date, or explain one."""
    from nabolag.rules import (  # noqa: PLC0415
        house_book,
        provisions_at,
        read_book,
        rule_at,
        rules_at,
    )

    at, spoken = _date(day), _language(lang)
    book = house_book() if settings is None else read_book(settings)
    chosen = rules_at(at, book) if name is None else (rule_at(name, at, book),)
    beside = provisions_at(at) if name is None else ()
    if as_json:
        shown = [as_data(rule, spoken) for rule in chosen]
        shown += [provision_as_data(provision, spoken) for provision in beside]
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    elif name is None:
        _print_all(chosen, at, spoken)
        _print_provisions(beside, spoken)
        results().print(label("cli.rules.counted", spoken, n=len(chosen)), markup=False)
    else:
        _print_one(chosen[0], book, spoken)


def as_data(rule: RuleAt, lang: Lang) -> dict[str, Any]:
    """Return a rule on a date as plain data, with its words in one language."""
    from nabolag.rules import signature  # noqa: PLC0415

    asked = signature(rule.info.name)
    return {
        "rule": rule.info.name,
        "kind": "rule",
        "term": label(f"rule.{rule.info.name}.term", lang),
        "says": label(f"rule.{rule.info.name}.says", lang),
        "date": rule.at.isoformat(),
        "standing": rule.standing.value,
        "status": rule.status.value,
        "since": rule.since.isoformat() if rule.since else None,
        "until": rule.until.isoformat() if rule.until else None,
        "reference": rule.reference,
        "facts": [{"name": f.name, "kind": f.kind.value, "many": f.many} for f in asked.facts],
        "answer": asked.answer.value,
        "numbers": dict(rule.numbers),
        "declared": list(rule.declared),
    }


def provision_as_data(shown: ProvisionAt, lang: Lang) -> dict[str, Any]:
    """Return a provision on a date as plain data."""
    what = shown.provision
    return {
        "rule": what.name,
        "kind": "provision",
        "term": label(f"provision.{what.name}", lang),
        "date": shown.at.isoformat(),
        "standing": shown.standing.value,
        "status": what.status.value,
        "since": what.since.isoformat() if what.since else None,
        "until": what.until.isoformat() if what.until else None,
        "reference": what.reference,
        "declared": list(what.declared),
    }


def _print_all(chosen: Iterable[RuleAt], at: date, lang: Lang) -> None:
    table = _table(lang, "rule", "term", "status", "since", "source")
    table.title = _say("title", lang, date=_day(at, lang))
    table.columns[0].no_wrap = True
    for rule in chosen:
        term = label(f"rule.{rule.info.name}.term", lang)
        since = _dated(rule.since, "since" in rule.declared, lang)
        status = _status(rule.standing, rule.status, rule.until, lang)
        table.add_row(rule.info.name, term, status, since, rule.reference)
    results().print(table)


def _print_provisions(shown: Iterable[ProvisionAt], lang: Lang) -> None:
    table = _table(lang, "term", "status", "since", "source")
    table.title = _say("provisions", lang)
    for at in shown:
        what = at.provision
        status = _status(at.standing, what.status, what.until, lang)
        since = _dated(what.since, "since" in what.declared, lang)
        table.add_row(label(f"provision.{what.name}", lang), status, since, what.reference)
    results().print(table)


def _print_one(rule: RuleAt, book: Book, lang: Lang) -> None:
    from nabolag.rules import cases_of, signature  # noqa: PLC0415

    name, asked = rule.info.name, signature(rule.info.name)
    screen = results()
    screen.print(f"[bold]{name}[/] – {label(f'rule.{name}.term', lang)}")
    screen.print(label(f"rule.{name}.says", lang), markup=False)
    screen.print()
    status = _status(rule.standing, rule.status, rule.until, lang)
    screen.print(f"{_say('status', lang)}: {status}", markup=False)
    if rule.since is not None:
        since = _dated(rule.since, "since" in rule.declared, lang)
        screen.print(f"{_say('since', lang)}: {since}", markup=False)
    screen.print(f"{_say('source', lang)}: {rule.info.reference}", markup=False)
    screen.print(f"{asked} → {_kind(asked.answer, lang)}", markup=False)
    if asked.parameters is not None:
        screen.print()
        screen.print(_history(asked, book, lang))
    screen.print()
    screen.print(_cases(cases_of(name), lang))


def _history(asked: Signature, book: Book, lang: Lang) -> Table:
    """Return a rule's numbers over time as they changed, and who gives each: source or house."""
    from nabolag.publish.rule_words import rule_value  # noqa: PLC0415
    from nabolag.rules import numbers_of  # noqa: PLC0415

    table = _table(lang, "from", "until", "number", "value", "source")
    table.title = _say("history", lang)
    before: dict[str, Any] = {}
    for entry in asked.parameters.history(book) if asked.parameters else ():
        begins = _dated(entry.since, "since" in entry.declared, lang)
        ends = _dated(entry.until, "until" in entry.declared, lang)
        numbers = numbers_of(entry)
        changed = {n: v for n, v in numbers.items() if n not in before or before[n] != v}
        before = numbers
        for name, value in (changed or numbers).items():
            by_house = name in entry.declared
            source = _say("declared", lang) if by_house else entry.reference
            table.add_row(begins, ends, name, rule_value(value, lang), source)
            begins = ends = ""
    return table


def _dated(day: date | None, declared: bool, lang: Lang) -> str:
    shown = _day(day, lang)
    return f"{shown} ({_say('declared', lang)})" if declared else shown


def _cases(cases: Iterable[Case], lang: Lang) -> Table:
    from nabolag.publish.rule_words import rule_value  # noqa: PLC0415

    table = _table(lang, "facts", "from", "answer")
    table.title = _say("cases", lang)
    table.columns[1].header = label("cli.rules.on_date", lang)
    for case in cases:
        facts = ", ".join(
            f"{fact} = {rule_value(value, lang)}" for fact, value in case.given.items()
        )
        table.add_row(facts, _day(case.at, lang), rule_value(case.expect, lang))
    return table


def _table(lang: Lang, *columns: str) -> Table:
    table = Table(title_justify="left")
    for column in columns:
        table.add_column(_say(column, lang), overflow="fold")
    return table


def _status(standing: Standing, status: RuleStatus, until: date | None, lang: Lang) -> str:
    if standing.value == "holds":
        return label(f"rule_status.{status.value}", lang)
    return label(f"rule_status.{standing.value}", lang, date=_day(until, lang))


def _say(key: str, lang: Lang, **params: Any) -> str:
    return label(f"cli.rules.{key}", lang, **params)


def _kind(kind: str, lang: Lang) -> str:
    return label(f"rule_kind.{kind}", lang)


def _day(day: date | None, lang: Lang) -> str:
    from nabolag.publish.numbers import format_date  # noqa: PLC0415

    return _say("always", lang) if day is None else format_date(day, lang)


def _date(given: str | None) -> date:
    if given is None:
        return datetime.now().astimezone().date()
    try:
        return date.fromisoformat(given)
    except ValueError as wrong:
        raise error("rule_date_wrong", given=given) from wrong


def _language(given: str | None) -> Lang:
    if given is None:
        return language()
    for lang in LANGS:
        if given == lang:
            return lang
    raise error("language_unknown", given=given)
