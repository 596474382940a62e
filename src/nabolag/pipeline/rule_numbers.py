"""`[rules]`: a workspace's own numbers for rules, and how figures say that they were used.

A figure counted with numbers of one's own has them as a source beside the registers: which rule,
which numbers, from when, and where they were decided. So has one whose rule takes numbers that no
document gives and that are this house's own. Where the numbers change from one year to the next,
the series has a break.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, TypeVar

import polars as pl

from nabolag import __version__
from nabolag.core import (
    LANGS,
    OWN_NUMBERS,
    SOURCES_APART,
    DefinitionChange,
    Finding,
    Indicator,
    Lang,
    Period,
    PeriodKind,
    Provenance,
    Severity,
    Text,
    label,
)
from nabolag.indicators import Definitions
from nabolag.indicators.engine import Counted
from nabolag.publish.numbers import format_date
from nabolag.publish.rule_words import numbers_in_words
from nabolag.rules import (
    Parameters,
    RuleNumbers,
    house_beside,
    is_own,
    numbers_of,
    other_numbers,
    read_book,
)
from nabolag.store import CONFIG_NAME, Section, Workspace, parse_section, sha256

#: The source of figures whose rules take numbers that no document gives.
HOUSE_NUMBERS: Final = "house_numbers"
_HOUSE: Final = "Nabolag"
T = TypeVar("T")


class RulesSection(Section):
    """`[rules]`: whose numbers rules use where indicators are counted from registers.

    `settings` names a file of numbers of one's own (`rules.read_book`). With `house_numbers =
    false` a number that no document gives must stand there, or figures that need it are missing.
    """

    settings: str = ""
    house_numbers: bool = True


@dataclass(frozen=True, slots=True)
class GivenNumbers:
    """The numbers of a workspace, and the file of its own they were read from, if any."""

    numbers: RuleNumbers
    file: str = ""
    path: Path | None = None


def read_numbers(workspace: Workspace, section: RulesSection) -> GivenNumbers:
    """Read the workspace's own numbers. Raises `UserError` for a file that is absent or wrong."""
    if not section.settings:
        return GivenNumbers(RuleNumbers(house_numbers=section.house_numbers))
    path = workspace.delivered(section.settings)
    numbers = RuleNumbers(read_book(path, section.settings), section.house_numbers)
    return GivenNumbers(numbers, section.settings, path)


def numbers_of_workspace(workspace: Workspace) -> GivenNumbers:
    """Read `[rules]` alone, and the numbers it names. Raises `UserError` where either is wrong."""
    given = workspace.config.get("rules", {})
    return read_numbers(workspace, parse_section(RulesSection, given, CONFIG_NAME, "rules"))


@dataclass(frozen=True, slots=True)
class _Use:
    """Numbers that a rule of a measure uses in a year."""

    rule: str
    numbers: Parameters

    @property
    def source(self) -> str:
        """The id of the source they are; empty where a document gives them."""
        if is_own(self.numbers):
            return f"{OWN_NUMBERS}:{self.rule}:{self.numbers.since or 'always'}"
        return HOUSE_NUMBERS if self.unsourced else ""

    @property
    def unsourced(self) -> dict[str, Any]:
        """The numbers that no document gives."""
        return {n: v for n, v in numbers_of(self.numbers).items() if n in self.numbers.declared}


@dataclass(frozen=True, slots=True)
class NumbersUsed:
    """Which numbers each indicator was counted with in each year. `producer` gave its own."""

    definitions: Definitions
    years: tuple[int, ...]
    given: GivenNumbers
    producer: str

    def stamped(self, observations: pl.DataFrame, counted: str) -> pl.DataFrame:
        """Return observations with the sources they have: `counted`, and numbers of rules."""
        named = [
            (name, self._period(name, year), SOURCES_APART.join([counted, *sources]))
            for name in self.definitions.measures
            for year in self.years
            if (sources := self._sources(name, year))
        ]
        schema = {"indicator": pl.String(), "period": pl.String(), "source": pl.String()}
        by_key = pl.DataFrame(named, schema=schema, orient="row")
        joined = observations.drop("source").join(
            by_key, on=["indicator", "period"], how="left", maintain_order="left"
        )
        return joined.with_columns(pl.col("source").fill_null(counted)).select(observations.columns)

    def sources(self) -> tuple[Provenance, ...]:
        """Return where the numbers come from that are the workspace's own or the house's."""
        own = {use.source: use for use in self._all() if is_own(use.numbers)}
        told = [self._own(source, use) for source, use in sorted(own.items())]
        unsourced = self._unsourced()
        return (*told, _of_house(unsourced)) if unsourced else tuple(told)

    def findings(self) -> tuple[Finding, ...]:
        """Say which rules took numbers that no document gives."""
        rules = tuple(use.rule for use in self._unsourced())
        if not rules:
            return ()
        told = Finding("counting_house_numbers", Severity.INFO, count=len(rules), examples=rules)
        return (told,)

    def broken(self, catalogue: Mapping[str, Indicator]) -> dict[str, Indicator]:
        """Return the catalogue with a break wherever numbers of one's own change a series."""
        return {
            name: replace(entry, changed=(*entry.changed, *self._breaks(entry)))
            if name in self.definitions.measures
            else entry
            for name, entry in catalogue.items()
        }

    def _period(self, name: str, year: int) -> str:
        """Return the period of what is counted in a year: of schools the school year it begins."""
        if self.definitions.measures[name].unit is Counted.SCHOOL:
            return str(Period(year, year + 1, PeriodKind.SCHOOL_YEAR))
        return str(year)

    def _uses(self, name: str, year: int) -> list[_Use]:
        """Return the numbers an indicator was counted with; none where it could not be."""
        rules = self.given.numbers.of_year(year)
        called = sorted(self.definitions.measures[name].rules)
        if any(rules.lacks(rule) for rule in called):
            return []
        found = [(rule, rules.parameters(rule)) for rule in called]
        return [_Use(rule, numbers) for rule, numbers in found if numbers is not None]

    def _all(self) -> Iterator[_Use]:
        for year in self.years:
            for name in self.definitions.measures:
                yield from self._uses(name, year)

    def _unsourced(self) -> list[_Use]:
        """Return the newest numbers of each rule that took numbers of the house's own."""
        found = {use.rule: use for use in self._all() if use.source == HOUSE_NUMBERS}
        return [found[rule] for rule in sorted(found)]

    def _sources(self, name: str, year: int) -> list[str]:
        return list(dict.fromkeys(u.source for u in self._uses(name, year) if u.source))

    def _own(self, source: str, use: _Use) -> Provenance:
        file = self.given
        return Provenance(
            source=source,
            producer=self.producer,
            title=_in_every(_own_title, use),
            file=file.file,
            sha256=sha256(file.path) if file.path else "",
            definition_version=_version([use]),
            code_version=__version__,
            note=_in_every(_own_note, use),
        )

    def _breaks(self, entry: Indicator) -> Iterator[DefinitionChange]:
        for before, after in pairwise(self.years):
            earlier = {use.rule: use for use in self._uses(entry.id, before)}
            for use in self._uses(entry.id, after):
                was = earlier.get(use.rule)
                if was is not None and _differ(was, use):
                    what = _in_every(_change, (was, use))
                    told = use.numbers.reference
                    yield DefinitionChange(entry.version, self._period(entry.id, after), what, told)


def _differ(was: _Use, use: _Use) -> bool:
    """Tell whether a rule's numbers differ because somebody's own begin, end or change."""
    own = is_own(was.numbers) or is_own(use.numbers)
    return own and numbers_of(was.numbers) != numbers_of(use.numbers)


def _of_house(uses: list[_Use]) -> Provenance:
    return Provenance(
        source=HOUSE_NUMBERS,
        producer=_HOUSE,
        title=_in_every(lambda _, lang: label("rule_numbers.house", lang), None),
        definition_version=_version(uses),
        code_version=__version__,
        note=_in_every(_house_note, uses),
    )


def _version(uses: Iterable[_Use]) -> str:
    """Return a short text that is another where a number is."""
    told = [f"{use.rule} {use.numbers.since} {sorted(numbers_of(use.numbers).items())!r}"
            for use in uses]  # fmt: skip
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:12]


def _in_every(say: Callable[[T, Lang], str], about: T) -> Text:
    return Text.of({lang: say(about, lang) for lang in LANGS})


def _own_title(use: _Use, lang: Lang) -> str:
    numbers, since = use.numbers, use.numbers.since
    told: dict[str, Any] = {
        "term": _term(use.rule, lang),
        "numbers": numbers_in_words(other_numbers(use.rule, numbers) or numbers_of(numbers), lang),
        "reference": numbers.reference,
    }
    if since is None:
        return label("rule_numbers.own_always", lang, **told)
    return label("rule_numbers.own", lang, since=format_date(since, lang), **told)


def _own_note(use: _Use, lang: Lang) -> str:
    house = house_beside(use.rule, use.numbers)
    if house is None:
        return label("rule_numbers.none_before", lang)
    instead = {name: house[name] for name in other_numbers(use.rule, use.numbers)}
    if not instead:
        return label("rule_numbers.confirmed", lang)
    return label("rule_numbers.instead", lang, numbers=numbers_in_words(instead, lang))


def _house_note(uses: Iterable[_Use], lang: Lang) -> str:
    told = [f"«{_term(u.rule, lang)}»: {numbers_in_words(u.unsourced, lang)}" for u in uses]
    return label("rule_numbers.house_note", lang, listed=". ".join(told))


def _change(both: tuple[_Use, _Use], lang: Lang) -> str:
    was, now = (numbers_of(use.numbers) for use in both)
    other = [name for name in now if now[name] != was[name]]
    return label(
        "rule_numbers.changed",
        lang,
        term=_term(both[1].rule, lang),
        numbers=numbers_in_words({name: now[name] for name in other}, lang),
        before=numbers_in_words({name: was[name] for name in other}, lang),
    )


def _term(rule: str, lang: Lang) -> str:
    return label(f"rule.{rule}.term", lang)
