"""A workspace's own numbers among the house's: which they are, how firm, and who decided them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from nabolag.cli.rule_tables import day_words, say_of_rules, table_of
from nabolag.cli.speech import results
from nabolag.core import Lang, label

if TYPE_CHECKING:
    from nabolag.pipeline.rule_numbers import GivenNumbers
    from nabolag.rules import Book, Parameters, RuleAt


@dataclass(frozen=True, slots=True)
class OwnNumbers:
    """Numbers of one's own in a rule, and those of the house's that they stand in place of.

    `instead_of` is `None` where the house has none, and empty where they are the same.
    """

    numbers: Mapping[str, Any]
    instead_of: Mapping[str, Any] | None


def own_numbers(rule: RuleAt, book: Book) -> OwnNumbers | None:
    """Return the numbers of a rule on a date where they are others than the house's."""
    from nabolag.rules import InForce, is_own  # noqa: PLC0415

    if not rule.numbers:
        return None
    found = InForce(rule.at, book).parameters(rule.info.name)
    return _owned(rule.info.name, found) if found is not None and is_own(found) else None


def _owned(name: str, found: Parameters) -> OwnNumbers:
    from nabolag.rules import house_beside, numbers_of, other_numbers  # noqa: PLC0415

    house = house_beside(name, found)
    changed = other_numbers(name, found)
    instead = None if house is None else {number: house[number] for number in changed}
    return OwnNumbers(numbers_of(found), instead)


def print_own(given: GivenNumbers, at: date, lang: Lang, *, asked: bool) -> None:
    """Print every number of one's own, also those that do not hold on the date.

    Where there are none, that is said if a workspace was `asked` about.
    """
    rows = list(_rows(given, at, lang))
    if rows:
        columns = ("rule", "from", "until", "numbers", "instead", "status", "source")
        table = table_of(lang, *columns)
        table.title = say_of_rules("own_title", lang, file=given.file)
        for row in rows:
            table.add_row(*row)
        results().print(table)
    elif asked:
        _say_none(given, lang)
    if asked and not given.numbers.house_numbers:
        results().print(say_of_rules("house_refused", lang), markup=False)


def print_whose(rule: RuleAt, given: GivenNumbers, lang: Lang) -> None:
    """Say of one rule whether the workspace has numbers of its own on the date."""
    from nabolag.publish.rule_words import numbers_in_words  # noqa: PLC0415
    from nabolag.rules import house_book  # noqa: PLC0415

    own = own_numbers(rule, given.numbers.book or house_book())
    if own is None and rule.standing.value == "numbers_absent" and not given.numbers.house_numbers:
        results().print(say_of_rules("house_refused", lang), markup=False)
        return
    if own is None:
        _say_none(given, lang)
        return
    told = {"file": given.file, "numbers": numbers_in_words(own.numbers, lang)}
    results().print(say_of_rules("own_here", lang, **told), markup=False)
    results().print(_instead(own, lang), markup=False)
    results().print(say_of_rules("own_cases", lang), markup=False)


def _say_none(given: GivenNumbers, lang: Lang) -> None:
    key = "own_none" if given.file else "own_nothing"
    results().print(say_of_rules(key, lang, file=given.file), markup=False)


def _rows(given: GivenNumbers, at: date, lang: Lang) -> Iterator[tuple[str, ...]]:
    """Return each entry of one's own for each rule that uses it, in the order of dates."""
    from nabolag.publish.rule_words import numbers_in_words  # noqa: PLC0415
    from nabolag.rules import RULES, is_own, signature  # noqa: PLC0415

    for name in RULES:
        kind = signature(name).parameters
        for entry in kind.history(given.numbers.book) if kind is not None else ():
            if not is_own(entry):
                continue
            own = _owned(name, entry)
            yield (
                name,
                day_words(entry.since, lang),
                day_words(entry.until, lang),
                numbers_in_words(own.numbers, lang),
                numbers_in_words(own.instead_of or {}, lang) or "–",
                _stands(entry, given, name, at, lang),
                entry.reference,
            )


def _stands(entry: Parameters, given: GivenNumbers, name: str, at: date, lang: Lang) -> str:
    """Say how firm an entry is, or that it is not the one that holds on the date."""
    from nabolag.rules import RULES  # noqa: PLC0415

    standing = given.numbers.on(at)
    if standing.rule(name).numbers and standing.parameters(name) == entry:
        return label(f"rule_status.{(entry.status or RULES[name].status).value}", lang)
    return say_of_rules("own_not_on_date", lang, date=day_words(at, lang))


def _instead(own: OwnNumbers, lang: Lang) -> str:
    from nabolag.publish.rule_words import numbers_in_words  # noqa: PLC0415

    if own.instead_of is None:
        return label("rule_numbers.none_before", lang)
    if not own.instead_of:
        return label("rule_numbers.confirmed", lang)
    return label("rule_numbers.instead", lang, numbers=numbers_in_words(own.instead_of, lang))
