"""What the tables of rules have in common: their columns, and a status and a day in words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from rich.table import Table

from nabolag.core import Lang, label

if TYPE_CHECKING:
    from nabolag.rules import RuleStatus, Standing


def say_of_rules(key: str, lang: Lang, **params: Any) -> str:
    """Return a label of the command."""
    return label(f"cli.rules.{key}", lang, **params)


def table_of(lang: Lang, *columns: str) -> Table:
    """Return an empty table with headings in one language."""
    table = Table(title_justify="left")
    for column in columns:
        table.add_column(say_of_rules(column, lang), overflow="fold")
    return table


def status_words(standing: Standing, status: RuleStatus, until: date | None, lang: Lang) -> str:
    """Say how firm a rule is, or why it does not hold on the date."""
    if standing.value == "holds":
        return label(f"rule_status.{status.value}", lang)
    if standing.value == "numbers_absent" and until is None:
        return label("rule_status.numbers_refused", lang)
    return label(f"rule_status.{standing.value}", lang, date=day_words(until, lang))


def day_words(day: date | None, lang: Lang) -> str:
    """Return a day in words, a dash where no document states one."""
    from nabolag.publish.numbers import format_date  # noqa: PLC0415

    return say_of_rules("always", lang) if day is None else format_date(day, lang)
