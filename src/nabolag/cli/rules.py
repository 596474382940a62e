"""The command about rules: what applied on a date, whose numbers it has, what one rule says."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from nabolag.cli.figures import LangOption
from nabolag.cli.opening import workspace_at
from nabolag.cli.own_numbers import own_numbers, print_own, print_whose
from nabolag.cli.rule_tables import day_words, say_of_rules, status_words, table_of
from nabolag.cli.speech import language, results
from nabolag.cli.workspaces import Data
from nabolag.core import LANGS, Lang, error, label

if TYPE_CHECKING:
    from nabolag.pipeline.rule_numbers import GivenNumbers
    from nabolag.rules import (
        Book,
        Case,
        Parameters,
        ProvisionAt,
        RuleAt,
        Signature,
    )

DirArgument = Annotated[
    str | None,
    typer.Argument(help=label("cli.rules.dir", language()), metavar="DIR", show_default=False),
]
NameArgument = Annotated[
    str | None,
    typer.Argument(help=label("cli.rules.name", language()), metavar="NAME", show_default=False),
]
DateOption = Annotated[str | None, typer.Option("--date", help=label("cli.rules.date", language()))]
SettingsOption = Annotated[
    Path | None, typer.Option("--settings", help=label("cli.rules.settings", language()))
]
JsonOption = Annotated[bool, typer.Option("--json", help=label("cli.rules.json", language()))]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("rules", help=label("cli.rules.help", language()))(rules)


def rules(  # noqa: PLR0913, PLR0917 - options of a command
    directory: DirArgument = None,
    name: NameArgument = None,
    day: DateOption = None,
    lang: LangOption = None,
    settings: SettingsOption = None,
    data: Data = None,
    as_json: JsonOption = False,
) -> None:
    """Show every rule as it stood on a date, or explain one."""
    from nabolag.rules import RULES, house_book, provisions_at  # noqa: PLC0415

    at, spoken = asked_day(day), _language(lang)
    folder, name = _asked(directory, name)
    given = _given(folder, settings, data)
    book = given.numbers.book or house_book()
    standing = given.numbers.on(at)
    chosen = tuple(standing.rule(one) for one in (RULES if name is None else (name,)))
    beside = provisions_at(at) if name is None else ()
    if as_json:
        shown = [as_data(rule, book, spoken) for rule in chosen]
        shown += [provision_as_data(provision, spoken) for provision in beside]
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    elif name is None:
        _print_all(chosen, book, at, spoken)
        _print_provisions(beside, spoken)
        print_own(given, at, spoken, asked=folder is not None)
        results().print(label("cli.rules.counted", spoken, n=len(chosen)), markup=False)
    else:
        _print_one(chosen[0], book, spoken)
        if folder is not None:
            print_whose(chosen[0], given, spoken)


def _asked(first: str | None, name: str | None) -> tuple[Path | None, str | None]:
    """Return the workspace and the rule that are asked for; a word alone may be either.

    A rule is named by a word that no folder needs to have; where both are there, it is the rule.
    """
    from nabolag.rules import RULES  # noqa: PLC0415

    if first is None or (name is None and (first in RULES or not Path(first).is_dir())):
        return None, first
    return Path(first), name


def _given(folder: Path | None, settings: Path | None, data: Path | None) -> GivenNumbers:
    """Return the numbers of a workspace, of a file, or the house's. Raises `UserError` for two."""
    from nabolag.pipeline.rule_numbers import GivenNumbers, numbers_of_workspace  # noqa: PLC0415
    from nabolag.rules import RuleNumbers, read_book  # noqa: PLC0415

    if folder is not None and settings is not None:
        raise error("rules_numbers_twice", dir=str(folder), file=str(settings))
    if folder is not None:
        return numbers_of_workspace(workspace_at(folder, data))
    if settings is None:
        return GivenNumbers(RuleNumbers())
    return GivenNumbers(RuleNumbers(read_book(settings)), settings.name, settings)


def as_data(rule: RuleAt, book: Book, lang: Lang) -> dict[str, Any]:
    """Return a rule on a date as plain data, with its words in one language.

    `own` tells whether the numbers are others than those that come with the house, and
    `instead_of` which of the house's they stand in place of.
    """
    from nabolag.rules import signature  # noqa: PLC0415

    asked, own = signature(rule.info.name), own_numbers(rule, book)
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
        "own": own is not None,
        "instead_of": dict(own.instead_of or {}) if own else {},
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


def _print_all(chosen: Iterable[RuleAt], book: Book, at: date, lang: Lang) -> None:
    table = table_of(lang, "rule", "term", "status", "since", "source")
    table.title = say_of_rules("title", lang, date=day_words(at, lang))
    table.columns[0].no_wrap = True
    for rule in chosen:
        term = label(f"rule.{rule.info.name}.term", lang)
        since = _dated(rule.since, "since" in rule.declared, lang)
        status = status_words(rule.standing, rule.status, rule.until, lang)
        own = own_numbers(rule, book)
        source = _owned(rule.reference, lang) if own else rule.reference
        table.add_row(rule.info.name, term, status, since, source)
    results().print(table)


def _print_provisions(shown: Iterable[ProvisionAt], lang: Lang) -> None:
    table = table_of(lang, "term", "status", "since", "source")
    table.title = say_of_rules("provisions", lang)
    for at in shown:
        what = at.provision
        status = status_words(at.standing, what.status, what.until, lang)
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
    status = status_words(rule.standing, rule.status, rule.until, lang)
    screen.print(f"{say_of_rules('status', lang)}: {status}", markup=False)
    if rule.since is not None:
        since = _dated(rule.since, "since" in rule.declared, lang)
        screen.print(f"{say_of_rules('since', lang)}: {since}", markup=False)
    screen.print(f"{say_of_rules('source', lang)}: {rule.info.reference}", markup=False)
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

    table = table_of(lang, "from", "until", "number", "value", "source")
    table.title = say_of_rules("history", lang)
    before: dict[str, Any] = {}
    for entry in asked.parameters.history(book) if asked.parameters else ():
        begins = _dated(entry.since, "since" in entry.declared, lang)
        ends = _dated(entry.until, "until" in entry.declared, lang)
        numbers = numbers_of(entry)
        changed = {n: v for n, v in numbers.items() if n not in before or before[n] != v}
        before = numbers
        for name, value in (changed or numbers).items():
            source = _source(entry, name, lang)
            table.add_row(begins, ends, name, rule_value(value, lang), source)
            begins = ends = ""
    return table


def _source(entry: Parameters, number: str, lang: Lang) -> str:
    """Say who gives a number: a document, the house, or a workspace's own decision."""
    from nabolag.rules import is_own  # noqa: PLC0415

    if is_own(entry):
        return _owned(entry.reference, lang)
    return say_of_rules("declared", lang) if number in entry.declared else entry.reference


def _owned(reference: str, lang: Lang) -> str:
    return f"{reference} ({say_of_rules('own', lang)})"


def _dated(day: date | None, declared: bool, lang: Lang) -> str:
    shown = day_words(day, lang)
    return f"{shown} ({say_of_rules('declared', lang)})" if declared else shown


def _cases(cases: Iterable[Case], lang: Lang) -> Table:
    from nabolag.publish.rule_words import rule_value  # noqa: PLC0415

    table = table_of(lang, "facts", "from", "answer")
    table.title = say_of_rules("cases", lang)
    table.columns[1].header = label("cli.rules.on_date", lang)
    for case in cases:
        facts = ", ".join(
            f"{fact} = {rule_value(value, lang)}" for fact, value in case.given.items()
        )
        table.add_row(facts, day_words(case.at, lang), rule_value(case.expect, lang))
    return table


def _kind(kind: str, lang: Lang) -> str:
    return label(f"rule_kind.{kind}", lang)


def asked_day(given: str | None) -> date:
    """Return the day that is asked for, else today. Raises `UserError` for what is no day."""
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
