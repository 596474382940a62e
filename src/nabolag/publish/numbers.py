"""Numbers, periods, dates and statuses as people read them, in bokmål, nynorsk and English.

A shown number is rounded half up from the shortest decimal that stands for it, so binary noise
never reaches a page: 0.285 as a share with no decimals reads 29 %, not 28 %. Spaces inside a
number and before its unit are non-breaking. Decimals come from the catalogue.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from nabolag.core import Indicator, Lang, Period, PeriodKind, Status, Unit, label
from nabolag.disclosure import DOMINANCE, recoded_words, rounding_base
from nabolag.publish.own_area.reasons import own_words

#: What an inner value is multiplied by when shown. A rate is held per 1 000 already.
_SCALE: dict[Unit, Decimal] = {Unit.SHARE: Decimal(100)}
_THRESHOLD = re.compile(r"<\s*(\d+)")
#: What is said where too few live in the area, by what was made of its figure.
_FEW_LIVE = {Status.SUPPRESSED_RULE: "rule_population", Status.UNRELIABLE: "few_live_here"}
_SECRET_LIVE = {
    Status.SUPPRESSED_RULE: "rule_population_hidden",
    Status.UNRELIABLE: "few_live_hidden",
}
_MINUS = "\N{MINUS SIGN}"
_DASH = "\N{EN DASH}"
_KEPT_NUMBERS = 20_000


def shown_value(value: float, indicator: Indicator) -> Decimal:
    """Return a value in its shown unit (per cent for a share), rounded as it is shown."""
    return _rounded(_exact(value) * _SCALE.get(indicator.unit, Decimal(1)), indicator.decimals)


def format_number(value: float | Decimal, lang: Lang, decimals: int = 0) -> str:
    """Return a bare number: «1 234 567,9» in Norwegian, «1,234,567.9» in English."""
    exact = value if isinstance(value, Decimal) else _exact(value)
    return _written(_rounded(exact, decimals), lang, decimals)


@lru_cache(maxsize=_KEPT_NUMBERS)
def _written(rounded: Decimal, lang: Lang, decimals: int) -> str:
    """Write a rounded number. A page has thousands of them, and most come again on the next."""
    from babel.numbers import format_decimal  # noqa: PLC0415

    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(rounded, format=pattern, locale=lang).replace("-", _MINUS)


def format_value(value: float, indicator: Indicator, lang: Lang) -> str:
    """Return a value with its unit: «12,3 %», «590 000 kr», «NOK 590,000»."""
    number = format_number(shown_value(value, indicator), lang, indicator.decimals)
    return _with_unit(number, indicator.unit, lang)


def format_plain(value: float, indicator: Indicator, lang: Lang) -> str:
    """Return a value in its shown unit without naming the unit, for columns with a heading."""
    return format_number(shown_value(value, indicator), lang, indicator.decimals)


def format_interval(
    lower: float | None, upper: float | None, indicator: Indicator, lang: Lang
) -> str:
    """Return «7,5–9,3 %». Empty where either bound is not known."""
    if lower is None or upper is None:
        return ""
    ends = [format_plain(bound, indicator, lang) for bound in (lower, upper)]
    return _with_unit(spanned(*ends), indicator.unit, lang)


def spanned(low: str, high: str) -> str:
    """Return «7,5–9,3» of two written numbers; «−0,5 – 0,3» where a sign stands at the dash."""
    signed = any(end.startswith((_MINUS, "+")) for end in (low, high))
    return f"{low} {_DASH} {high}" if signed else f"{low}{_DASH}{high}"


def format_difference(difference: float, indicator: Indicator, lang: Lang) -> str:
    """Return a signed difference: «+3,2 prosentpoeng», «−12 000 kr», «0,0 prosentpoeng»."""
    shown = shown_value(difference, indicator)
    number = format_number(abs(shown), lang, indicator.decimals)
    sign = "" if shown == 0 else ("+" if shown > 0 else _MINUS)
    if indicator.unit is Unit.SHARE:
        return label("publish.unit.percentage_points", lang, number=sign + number)
    return sign + _with_unit(number, indicator.unit, lang)


def format_count(count: float, lang: Lang) -> str:
    """Return a count of persons, households or areas; a decimal only where it has one."""
    whole = _rounded(_exact(count), 1)
    return format_number(whole, lang, 0 if whole == whole.to_integral_value() else 1)


def per_cent(share: float, lang: Lang, decimals: int = 0) -> str:
    """Return a share of one as per cent."""
    return label("publish.unit.share", lang, number=format_number(100 * share, lang, decimals))


def format_period(period: str, lang: Lang, *, short: bool = False) -> str:
    """Return a period in words: «2018», «skoleåret 2018/2019», «2016–2018», «4. kvartal 2018».

    `short` is for axes and narrow columns. Text that is no period is returned as it stands.
    """
    try:
        parsed = Period.parse(period)
    except ValueError:
        return period
    match parsed.kind:
        case PeriodKind.SPAN:
            return f"{parsed.start}{_DASH}{parsed.end}"
        case PeriodKind.SCHOOL_YEAR if not short:
            return label("publish.period.school_year", lang, years=str(parsed))
        case PeriodKind.QUARTER:
            return label("publish.period.quarter", lang, part=parsed.part, year=parsed.start)
        case PeriodKind.MONTH:
            return f"{_month(parsed.part, lang)} {parsed.start}"
        case _:
            return str(parsed)


def format_date(day: date | str, lang: Lang) -> str:
    """Return «22. november 2026» or «22 November 2026»; words where no date is stated.

    A text that is not an ISO date or time is returned as it stands.
    """
    from babel.dates import format_date as babel_date  # noqa: PLC0415

    if not day:
        return label("publish.date.not_stated", lang)
    if isinstance(day, str):
        try:
            day = date.fromisoformat(day[:10])
        except ValueError:
            return str(day)
    if lang == "en":
        return f"{day.day} {_month(day.month, lang)} {day.year}"
    return str(babel_date(day, format="long", locale=lang))


def number_word(n: int, lang: Lang) -> str:
    """Return a small number in words («tre»), from thirteen on in figures."""
    if 0 <= n <= 12:
        return label(f"sentence.number.n{n}", lang)
    return format_number(n, lang)


def status_words(
    status: Status, reason: str, indicator: Indicator, period: str, producer: str, lang: Lang
) -> str:
    """Say why there is no number, or that it is uncertain. Empty for an ordinary number.

    `reason` is what the release states (`numerator<5`); which of the counts is small is not
    told, only the threshold. `producer` may be empty where nobody is known to owe the figure.
    """
    told = (
        own_words(reason, lang)
        or _recoded(status, reason, lang)
        or _population_words(status, reason, lang)
    )
    if told:
        return told
    match status:
        case Status.VALUE:
            return ""
        case Status.MISSING:
            return _missing_words(period, producer, lang)
        case Status.SUPPRESSED_PRIMARY:
            return _privacy_words(reason, lang)
        case Status.SUPPRESSED_RULE:
            return _rule_words(indicator, reason, lang)
        case Status.SUPPRESSED_SECONDARY | Status.NOT_APPLICABLE | Status.UNRELIABLE:
            return label(f"publish.status.{status.value}", lang)


def _missing_words(period: str, producer: str, lang: Lang) -> str:
    form = "missing_from" if producer else "missing"
    if not period:
        return label(f"publish.status.{form}_ever", lang, producer=producer)
    when = format_period(period, lang)
    return label(f"publish.status.{form}", lang, producer=producer, period=when)


def _privacy_words(reason: str, lang: Lang) -> str:
    if reason == DOMINANCE:
        return label("publish.status.dominance", lang)
    found = _THRESHOLD.search(reason or "")
    below = found.group(1) if found else rounding_base(reason or "")
    if below is None:
        return label("publish.status.privacy", lang)
    return label("publish.status.privacy_below", lang, threshold=below)


def _recoded(status: Status, reason: str, lang: Lang) -> str:
    touched = status in (Status.MISSING, Status.UNRELIABLE)
    return recoded_words(reason, lang) if touched else ""


def _population_words(status: Status, reason: str, lang: Lang) -> str:
    """Say that too few live in the area (`population<500`), or that it is not told how many.

    Empty for other reasons.
    """
    if reason == "population_hidden" and status in _SECRET_LIVE:
        return label(f"publish.status.{_SECRET_LIVE[status]}", lang)
    form = _FEW_LIVE.get(status)
    name, below, threshold = (reason or "").partition("<")
    if form is None or name != "population" or not below:
        return ""
    return label(f"publish.status.{form}", lang, threshold=threshold)


def _rule_words(indicator: Indicator, reason: str, lang: Lang) -> str:
    if "level" in (reason or "") and indicator.minimum_level is not None:
        level = indicator.minimum_level.label.in_(lang)
        return label("publish.status.rule_level", lang, level=level)
    return label("publish.status.rule", lang)


def _with_unit(number: str, unit: Unit, lang: Lang) -> str:
    if unit in (Unit.COUNT, Unit.MEAN):
        return number
    return label(f"publish.unit.{unit.value}", lang, number=number)


def _month(part: int, lang: Lang) -> str:
    from babel.dates import get_month_names  # noqa: PLC0415

    return str(get_month_names("wide", locale=lang)[part])


def _exact(value: float) -> Decimal:
    """Return the shortest decimal that stands for a float, without binary noise."""
    return Decimal(repr(round(float(value), 12)))


def _rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP) + Decimal(0)
