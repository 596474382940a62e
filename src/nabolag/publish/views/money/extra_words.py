"""An extra cost in words: the answer in a sentence, and each amount as it is written."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from nabolag.core import Lang, label
from nabolag.publish.numbers import format_number
from nabolag.spending.extra_cost import Amount, Estimate, ExtraCost

_MILLION = 1_000_000
#: From here on, amounts have no decimals in a sum.
_WHOLE = 1000
_MINUS = "\N{MINUS SIGN}"


def answer(cost: ExtraCost, lang: Lang) -> str:
    """Say what the change goes together with, with its interval and whether its sign is sure."""
    last = cost.last
    words = label(
        "extra_cost.answer.text",
        lang,
        change=change_words(cost, lang),
        amount=amount_words(last, last.value, lang, signed=True),
        outcome=outcome_words(cost.estimate, lang),
        among=_among(cost, lang),
        level=percent(cost.scenario.level, lang),
        lower=amount_words(last, last.lower, lang),
        upper=amount_words(last, last.upper, lang),
    )
    sure = "" if last.certain else " " + label("extra_cost.answer.unsure", lang)
    oslo = " " + label("extra_cost.answer.oslo", lang) if "sample_oslo" in cost.caveats else ""
    return words + sure + oslo


def change_words(cost: ExtraCost, lang: Lang) -> str:
    """Return «en endring på +1 prosentpoeng i «Andel enslige foreldre»»."""
    term = term_words(cost.estimate, lang)
    if cost.estimate.step == "group":
        if cost.minus is not None:
            other = term_words(cost.minus, lang)
            return label("extra_cost.answer.groups", lang, term=term, other=other)
        return label("extra_cost.answer.group", lang, term=term)
    unit = label(f"extra_cost.change.{cost.scenario.unit}", lang)
    number = signed(cost.scenario.change, lang)
    return label("extra_cost.answer.change", lang, number=number, unit=unit, term=term)


def term_words(estimate: Estimate, lang: Lang) -> str:
    """Return what varies: the printed words in Norwegian, the house's own in English."""
    if estimate.printed is None:
        return label("extra_cost.own.term", lang)
    cell = estimate.printed.cell
    return label(f"printed.term.{cell.key.term}", lang) if lang == "en" else cell.words


def outcome_words(estimate: Estimate, lang: Lang) -> str:
    """Return what is explained."""
    column = estimate.column
    if column is None:
        return label("extra_cost.own.outcome", lang)
    return label(f"printed.outcome.{column.outcome}", lang)


def amount_words(amount: Amount, value: float, lang: Lang, *, signed: bool = False) -> str:
    """Return a number in the amount's unit: «5,95 millioner kr», «3,77 årsverk»."""
    unit = amount.unit
    if unit == "nok" and abs(value) >= _MILLION:
        unit, value = "million_nok", value / _MILLION
    number = three_digits(value, lang)
    if signed and value > 0:
        number = f"+{number}"
    base = amount.per if unit == "of_base" else ""
    words = label(f"extra_cost.base.{base}", lang) if base else ""
    return label(f"extra_cost.unit.{unit}", lang, number=number, base=words)


def per_words(amount: Amount, estimate: Estimate, lang: Lang) -> str:
    """Return what an amount is per, empty for all of them."""
    if not amount.per or amount.unit == "of_base":
        return ""
    per = "positions_per_1000" if estimate.unit.endswith("per_1000") else amount.per
    if amount.unit == "percentage_points" and per == "inhabitants_0_22":
        per = "of_inhabitants_0_22"
    return label(f"extra_cost.per.{per}", lang)


def three_digits(value: float, lang: Lang) -> str:
    """Return a number with three digits that mean something, none of them lost before the comma."""
    if value == 0:
        return "0"
    exact = Decimal(repr(value))
    decimals = max(0, 2 - exact.adjusted())
    return format_number(exact, lang, min(decimals, 8))


def plain(value: float, lang: Lang) -> str:
    """Return a number with the decimals it was given with."""
    exact = Decimal(repr(float(value))).normalize()
    exponent = exact.as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    return format_number(exact, lang, decimals)


def signed(value: float, lang: Lang) -> str:
    """Return a number with its sign, as it was given."""
    number = plain(value, lang)
    return f"+{number}" if value > 0 else number


def percent(share: float, lang: Lang) -> str:
    """Return «95» for 0.95, «99,9» for 0.999."""
    exact = (Decimal(repr(share)) * 100).normalize()
    return format_number(exact, lang, max(0, -int(exact.as_tuple().exponent)))


def sum_words(cost: ExtraCost, lang: Lang) -> str:
    """Return the sum with its numbers: «156,59 × 1 × 38 000 = 5 950 420 kr»."""
    last = cost.last
    number = format_number(last.value, lang, 0 if abs(last.value) >= _WHOLE else 2)
    base = label(f"extra_cost.base.{last.per}", lang) if last.unit == "of_base" else ""
    result = label(f"extra_cost.unit.{last.unit}", lang, number=number, base=base)
    return label("extra_cost.page.sum", lang, sum=" ".join(_factors(cost, lang)), result=result)


def _factors(cost: ExtraCost, lang: Lang) -> Iterator[str]:
    estimate, scenario = cost.estimate, cost.scenario
    first = plain(estimate.value, lang)
    if cost.minus is not None:
        first = f"({first} {_MINUS} {plain(cost.minus.value, lang)})"
    yield f"{first} × {plain(cost.steps, lang)}"
    if estimate.unit == "share":
        yield "× 100"
    if scenario.population is None:
        return
    yield f"× {plain(scenario.population, lang)}"
    if estimate.unit.endswith("per_1000"):
        yield f": {plain(1000, lang)}"
    if estimate.unit in ("percent", "share", "percent_of_position"):
        yield ": 100"
    if estimate.unit == "hours" and scenario.hours_per_position is not None:
        yield f": {plain(scenario.hours_per_position, lang)}"
    if cost.last.unit == "nok" and estimate.unit != "nok":
        yield f"× {plain(scenario.cost_per_position or 0.0, lang)}"


def law_words(cost: ExtraCost, lang: Lang) -> str:
    """Return which distribution the interval is from."""
    df = cost.estimate.df
    if df is None:
        return label("extra_cost.law.normal", lang)
    return label("extra_cost.law.t", lang, df=df)


def _among(cost: ExtraCost, lang: Lang) -> str:
    if cost.scenario.population is None or not cost.estimate.base:
        words = per_words(cost.amounts[0], cost.estimate, lang)
        return f" {words}" if words else ""
    number = format_number(cost.scenario.population, lang)
    base = label(f"extra_cost.base.{cost.estimate.base}", lang)
    return label("extra_cost.answer.among", lang, number=number, base=base)
