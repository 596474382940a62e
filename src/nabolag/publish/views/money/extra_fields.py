"""What a reader of the extra-cost page may choose and write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from nabolag.core import Lang, label
from nabolag.publish.views.model import Choice
from nabolag.publish.views.money.asked import Numbers
from nabolag.publish.views.money.extra_asked import (
    OWN,
    OWN_BASE,
    STANDARD,
    STANDARD_POPULATION,
    UNIT_OF_STEP,
    population_name,
)
from nabolag.publish.views.money.extra_words import outcome_words, term_words
from nabolag.publish.views.money.model import Field
from nabolag.spending.extra_cost import Estimate, usable
from nabolag.spending.extra_cost.estimate import INDICATORS
from nabolag.spending.extra_cost.facts import STEPS, UNITS, bases

#: Variables that say something of living conditions; the others are controls.
_OFFERED = (*INDICATORS, "analysis_area", "analysis_bydel", "n_challenges_1", "n_challenges_2_3",
            "n_challenges_4", "expected_scale_points", "expected_scale_points_g5")  # fmt: skip
_LEVELS = ("90", "95", "99")


def fields_of(
    estimate: Estimate,
    minus: Estimate | None,
    asked: Mapping[str, str],
    numbers: Numbers,
    lang: Lang,
) -> tuple[Field, ...]:
    """Return the fields that fit the coefficient, filled in as the address has them."""
    made = _Making(estimate, asked, numbers, lang)
    return (
        made.coefficient(),
        *(made.own_number() if asked.get("coefficient") == OWN else ()),
        *made.change(),
        *made.minus(minus),
        *made.population(),
        *made.conversions(),
        made.choice("level", _LEVELS, asked.get("level", "95"), "level_choice"),
    )


class _Making:
    """Makes fields of one coefficient."""

    def __init__(
        self, estimate: Estimate, asked: Mapping[str, str], numbers: Numbers, lang: Lang
    ) -> None:
        self.estimate, self.asked, self.numbers, self.lang = estimate, asked, numbers, lang

    def number(self, name: str, standard: str = "", words: str = "", unit: str = "") -> Field:
        key = words or name
        return Field(
            name,
            label(f"extra_cost.input.{key}", self.lang),
            "number",
            self.asked.get(name, standard),
            help=label(f"extra_cost.help.{key}", self.lang),
            problem=self.numbers.problems.get(name, ""),
            unit=unit,
        )

    def choice(self, name: str, codes: Iterable[str], chosen: str, group: str) -> Field:
        choices = tuple(
            Choice(code, label(f"extra_cost.{group}.{code}", self.lang), code == chosen)
            for code in codes
        )
        return Field(name, label(f"extra_cost.input.{name}", self.lang), choices=choices)

    def coefficient(self) -> Field:
        own = self.asked.get("coefficient") == OWN
        chosen = OWN if own else self.estimate.name or STANDARD
        words = label("extra_cost.own.choice", self.lang)
        offered = [
            Choice(name, text, name == chosen, group) for name, text, group in _offered(self.lang)
        ]
        if not own and all(not one.selected for one in offered):
            name, text, group = _line(self.estimate, self.lang)
            offered.append(Choice(name, text, selected=True, group=group))
            offered.sort(key=lambda one: one.group)
        return Field(
            "coefficient",
            label("extra_cost.input.coefficient", self.lang),
            choices=(Choice(OWN, words, own), *offered),
            help=label("extra_cost.help.coefficient", self.lang),
        )

    def own_number(self) -> Iterator[Field]:
        yield self.number("value", "100")
        yield self.number("error", "0")
        yield self.number("df")
        yield self.choice("counts", UNITS, self.asked.get("counts", UNITS[0]), "outcome_unit")
        yield self.choice("base", bases(), self.asked.get("base", OWN_BASE), "base")
        yield self.choice("step", STEPS, self.asked.get("step", STEPS[0]), "step")

    def change(self) -> Iterator[Field]:
        if self.estimate.step == "group":
            return
        standard = UNIT_OF_STEP[self.estimate.step]
        units = ("points",) if self.estimate.step == "point" else ("percentage_points", "share")
        words = "change_points" if self.estimate.step == "point" else "change"
        yield self.number("change", "1", words)
        if len(units) > 1:
            yield self.choice("unit", units, self.asked.get("unit", standard), "change")

    def minus(self, minus: Estimate | None) -> Iterator[Field]:
        if self.estimate.step != "group" or self.estimate.printed is None:
            return
        key = self.estimate.printed.cell.key
        others = [
            one
            for one in usable()
            if one.printed and one.printed.cell.key[:2] == key[:2]
            if one.step == "group" and one.name != self.estimate.name
        ]
        if not others:
            return
        none = Choice("", label("extra_cost.own.none", self.lang), minus is None)
        chosen = minus.name if minus else ""
        choices = (
            Choice(one.name, term_words(one, self.lang), one.name == chosen) for one in others
        )
        heading = label("extra_cost.input.minus", self.lang)
        yield Field("minus", heading, choices=(none, *choices))

    def population(self) -> Iterator[Field]:
        base = self.estimate.base
        if base:
            untouched = not self.asked and self.estimate.name == STANDARD
            words = label(f"extra_cost.base.{base}", self.lang)
            standard = STANDARD_POPULATION if untouched else ""
            yield self.number(population_name(base), standard, "population", words)

    def conversions(self) -> Iterator[Field]:
        if self.estimate.unit == "hours":
            yield self.number("hours")
        if self.estimate.unit in ("hours", "positions_per_1000", "percent_of_position"):
            yield self.number("cost")
        yield self.number("mean")


@cache
def _offered(lang: Lang) -> tuple[tuple[str, str, str], ...]:
    lines = [
        _line(one, lang)
        for one in usable()
        if one.printed and one.printed.cell.key.term in _OFFERED
    ]
    return tuple(sorted(lines, key=lambda line: line[2]))


def _line(one: Estimate, lang: Lang) -> tuple[str, str, str]:
    """Return a coefficient's name, its words, and the outcome it stands under."""
    assert one.printed is not None  # noqa: S101 - narrowing
    key = one.printed.cell.key
    where = label("printed.page.at", lang, table=key.table, model=key.model)
    return one.name, f"{term_words(one, lang)} ({where})", outcome_words(one, lang)
