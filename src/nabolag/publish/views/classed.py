"""An area's class of accumulated challenges in words: which, since when, resting on what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from nabolag.core import Indicator, Lang, Worse, label
from nabolag.publish.figures.palette import ACCUMULATION as CLASS_COLORS
from nabolag.publish.numbers import format_number, format_period, number_word
from nabolag.publish.text import ACCUMULATION, Ref, Sentence, inside, listed, ref_of, say
from nabolag.publish.views.facts import Facts
from nabolag.publish.views.layer import CLASSES, class_text, class_words
from nabolag.publish.views.model import AreaRow, ClassView, ReasonItem, Shown
from nabolag.publish.views.naming import at_place

Place = tuple[str, str]


def class_of(facts: Facts, level: str, area: str, period: str, lang: Lang) -> ClassView | None:
    """Return the area's class in the period asked for, else in the latest classified."""
    periods = facts.class_periods(level)
    when = period or (periods[-1] if periods else "")
    row = facts.classes.get((level, area, when))
    if row is None:
        return None
    reasons = _reasons(facts, row, lang)
    sure = bool(row["known"]) and row["class"] in CLASSES
    code = row["class"] if sure else "unknown"
    years = int(row["years"] or 0)
    of = len(facts.counted) or int(row["known"] or 0)
    return ClassView(
        class_code=code,
        text=class_words(facts, row, lang) if sure else class_text(code, lang),
        index=CLASSES.index(code) if sure else -1,
        color=CLASS_COLORS.get(code, "#ffffff"),
        period=when,
        period_text=format_period(when, lang),
        sentence=_class_sentence(facts, row, code, reasons, lang),
        reasons=reasons,
        years=years,
        years_text=_years_text(code, years, lang),
        count=int(row["count"] or 0),
        known=int(row["known"] or 0),
        of=of,
        known_text=_known_text(int(row["known"] or 0), of, lang),
    )


def _years_text(code: str, years: int, lang: Lang) -> str:
    if code in ("0", "unknown") or years < 1:
        return ""
    return label("sentence.class.years", lang, n=years, word=number_word(years, lang))


def _known_text(known: int, of: int, lang: Lang) -> str:
    form = "known_all" if known == of else "known"
    words: dict[str, Any] = {"known": number_word(known, lang), "of": number_word(of, lang)}
    return label(f"sentence.class.{form}", lang, n=of, **words)


def with_other_years(
    facts: Facts, area: Place, classed: ClassView, rows: Sequence[AreaRow], lang: Lang
) -> ClassView:
    """Say for which challenges the class rests on another year than the table shows."""
    told = facts.reasons_of(*area, classed.period)
    apart = [
        label("sentence.class.years_of", lang, label=inside(row.label),
              used=format_period(used, lang), shown=row.period_text)
        for row in rows
        if row.indicator in told
        and (used := told[row.indicator].get("used_period") or classed.period) != row.period
        and told[row.indicator].get("value") is not None
    ]  # fmt: skip
    if not apart:
        return classed
    note = label("sentence.class.other_years", lang, list=listed(apart, lang))
    return replace(classed, known_text=f"{classed.known_text} {note}")


def _reasons(facts: Facts, row: Mapping[str, Any], lang: Lang) -> tuple[ReasonItem, ...]:
    """Return the challenges that count, with the figure that was judged and for how long."""
    told = facts.reasons_of(row["level"], row["area"], row["period"])
    items = []
    for name in (row["reasons"] or "").split(";"):
        entry = facts.release.indicators.get(name)
        if entry is None:
            continue
        why = told.get(name, {})
        when = why.get("used_period") or row["period"]
        shown = facts.shown(row["level"], row["area"], name, when, lang)
        years = int(why.get("years") or 0)
        text = _reason_text(entry, shown, row["period"], years, lang)
        items.append(ReasonItem(name, entry.label.in_(lang), text, years, shown))
    return tuple(items)


def _reason_text(entry: Indicator, shown: Shown, period: str, years: int, lang: Lang) -> str:
    """Say what counts, and in which year where that is another than the year of the class."""
    value = shown.text
    if shown.period != period:
        when = shown.period_text
        value = label("sentence.reason.of_period", lang, value=value, period=when)
    words: dict[str, Any] = {"label": entry.label.in_(lang), "value": value}
    if years < 2:
        return label("sentence.reason.once", lang, **words)
    return label("sentence.reason.years", lang, years=number_word(years, lang), **words)


def _class_sentence(
    facts: Facts, row: Mapping[str, Any], code: str, reasons: Sequence[ReasonItem], lang: Lang
) -> Sentence:
    own = Ref(row["level"], row["area"], ACCUMULATION, row["period"])
    words: dict[str, Any] = {
        "name": facts.name(row["level"], row["area"], lang),
        "place": at_place(facts, row["level"], row["area"], lang),
        "period": format_period(row["period"], lang),
        "share": top_share(facts, lang),
    }
    if code == "unknown":
        return say("class.unknown", lang, [own], **words)
    known = int(row["known"] or 0)
    if not reasons:
        spelled = number_word(known, lang)
        return say("class.none", lang, [own], n=known, known=spelled, **words)
    names = listed([_challenge(facts, item, lang) for item in reasons], lang)
    refs = [own, *(ref_of(item.shown) for item in reasons)]
    years = int(row["years"] or 0)
    form = "flagged_years" if years > 1 else "flagged"
    spelled = number_word(years, lang)
    return say(f"class.{form}", lang, refs, reasons=names, years=spelled, **words)


def _challenge(facts: Facts, item: ReasonItem, lang: Lang) -> str:
    """Return a challenge as it stands in a sentence; a low figure is said to be low."""
    words = inside(item.label)
    if facts.release.indicators[item.indicator].worse is not Worse.LOW:
        return words
    return label("sentence.class.low", lang, label=words)


def top_share(facts: Facts, lang: Lang) -> str:
    """Return where the line goes, as «25 %»."""
    share = float((facts.release.about.get("accumulation") or {}).get("top_share") or 0.25)
    return label("publish.unit.share", lang, number=format_number(share * 100, lang))
