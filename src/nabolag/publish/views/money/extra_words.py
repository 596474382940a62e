"""An extra cost in words: the answer in a sentence, and each amount as it is written."""

from __future__ import annotations

from decimal import Decimal

from nabolag.core import Lang, label
from nabolag.publish.numbers import format_number
from nabolag.spending.extra_cost import Amount, Estimate, ExtraCost

_MILLION = 1_000_000
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
    thousand = estimate.unit.endswith("per_1000")
    return label(f"extra_cost.per.{'positions_per_1000' if thousand else amount.per}", lang)


def three_digits(value: float, lang: Lang) -> str:
    """Return a number with three digits that mean something, none of them lost before the comma."""
    if value == 0:
        return "0"
    exact = Decimal(repr(value))
    decimals = max(0, 2 - exact.adjusted())
    return format_number(exact, lang, min(decimals, 8))


def signed(value: float, lang: Lang) -> str:
    """Return a number with its sign, as it was given."""
    exact = Decimal(repr(value)).normalize()
    exponent = exact.as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    number = format_number(abs(exact), lang, decimals)
    return (f"{_MINUS}{number}" if value < 0 else f"+{number}") if value else number


def percent(share: float, lang: Lang) -> str:
    """Return «95» for 0.95, «99,9» for 0.999."""
    exact = (Decimal(repr(share)) * 100).normalize()
    return format_number(exact, lang, max(0, -int(exact.as_tuple().exponent)))


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
