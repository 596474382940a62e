"""Sentences about areas, made of observations and holding references to them.

The same facts give the same sentence in bokmål, nynorsk and English; the words stand in
`core/labels/sentences.toml`. A sentence never claims a cause, and a figure that is not known is
never a figure in it. See `views` for which facts go into which sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from nabolag.core import Indicator, Lang, Period, PeriodKind, Unit, label
from nabolag.publish.numbers import number_word, shown_value
from nabolag.publish.shown import Shown

#: What a reference names when the sentence stands on an area's class.
ACCUMULATION = "accumulation"


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """A row of the release: an observation, or a class where `indicator` is `accumulation`.

    `group` is empty for everybody.
    """

    level: str
    area: str
    indicator: str
    period: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One or a few sentences, and the figures they are made from."""

    text: str
    refs: tuple[Ref, ...] = ()

    def __str__(self) -> str:
        """Return the words."""
        return self.text


def say(key: str, lang: Lang, refs: Iterable[Ref] = (), **params: Any) -> Sentence:
    """Return the label `sentence.<key>`, filled, its first letter large, with references."""
    return Sentence(capital(label(f"sentence.{key}", lang, **params)), tuple(dict.fromkeys(refs)))


def together(*sentences: Sentence) -> Sentence:
    """Join sentences to one paragraph; references are kept once each, in order."""
    said = [sentence for sentence in sentences if sentence.text]
    refs = dict.fromkeys(ref for sentence in said for ref in sentence.refs)
    return Sentence(" ".join(sentence.text for sentence in said), tuple(refs))


def capital(words: str) -> str:
    """Return the words with a large first letter."""
    return words[:1].upper() + words[1:]


def inside(words: str) -> str:
    """Return a label as it stands inside a sentence: small first letter, unless a name or NAV."""
    return words if words[:2].isupper() or len(words) < 2 else words[0].lower() + words[1:]


def listed(words: Sequence[str], lang: Lang, joined: Literal["and", "or"] = "and") -> str:
    """Return «a», «a og b» or «a, b og c», or the same with «eller»."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {label(f'sentence.list.{joined}', lang)} {words[-1]}"


def subject(indicator: Indicator, lang: Lang) -> str:
    """Return what a sentence about an indicator speaks of.

    «andelen husholdninger som leier» where the label names whom it counts, «andelen med trygg
    tilgang» where it names what they have (lists of such words stand in the labels),
    «antallet innbyggere» for a count, else «tallet for valgdeltakelse». A label that begins with
    «andel» already is a share of somebody.
    """
    words = inside(indicator.label.in_(lang))
    if indicator.unit is Unit.COUNT:
        return label("sentence.subject.count", lang, label=words)
    if indicator.unit is not Unit.SHARE:
        return label("sentence.subject.figure", lang, label=words)
    share = label("sentence.subject.share_word", lang)
    if words.startswith(f"{share} "):
        rest = words.removeprefix(share).lstrip()
        return label("sentence.subject.share_named", lang, label=rest)
    groups = tuple(label("sentence.subject.groups", lang).split())
    having = tuple(label("sentence.subject.having", lang).split("|"))
    if words.startswith(having):
        return label("sentence.subject.share_having", lang, label=words)
    form = "share" if words.startswith(groups) else "figure"
    return label(f"sentence.subject.{form}", lang, label=words)


def place(name: str, lang: Lang, preposition: str = "") -> str:
    """Return «i Skogly», or «på Grønland» where the release names the preposition.

    The preposition is a Norwegian one; English says «in».
    """
    if preposition and lang != "en":
        return f"{preposition} {name}"
    return label("sentence.place.in", lang, name=name)


def ref_of(shown: Shown) -> Ref:
    """Return the reference to a shown figure."""
    return Ref(shown.level, shown.area, shown.indicator, shown.period, shown.group)


def years_in_row(points: Sequence[Shown], holds: Mapping[str, bool]) -> int:
    """Return for how many years in a row, ending with the last, something holds.

    `points` are in time order. A year without figure, a hole between years, or a period that is
    not a plain year ends the run. `holds` is by period.
    """
    count, expected = 0, None
    for point in reversed(points):
        year = _year(point.period)
        if year is None or point.value is None or not holds.get(point.period, False):
            break
        if expected is not None and year != expected:
            break
        count, expected = count + 1, year - 1
    return count


def trend_sentence(points: Sequence[Shown], indicator: Indicator, lang: Lang) -> Sentence:
    """Say how an area's figure has moved up to the last of its points.

    Only figures that stand in unbroken order are compared: a hole, hidden or missing, ends the
    run. Movement is judged on numbers as they are shown, so rounding is never a rise.
    """
    if not points or points[-1].value is None:
        when = points[-1].period_text if points else ""
        return say("trend.none", lang, to=when) if points else Sentence("")
    run = _unbroken(same_definition(points, indicator))
    last = run[-1]
    if len(run) < 2:
        return _first_of_run(points, last, indicator, lang)
    steps = [_direction(a, b, indicator) for a, b in pairwise(run)]
    way, length = steps[-1], _same_at_end(steps)
    first = run[-1 - length]
    words = _trend_words(first, last, way, length, lang)
    return together(
        words, _movement_doubt(first, last, way, indicator, lang), _nominal(indicator, lang)
    )


def _first_of_run(
    points: Sequence[Shown], last: Shown, indicator: Indicator, lang: Lang
) -> Sentence:
    """Say why a lone figure is not compared: a new definition, or nothing to compare it with."""
    earlier = [point for point in points[:-1] if point.value is not None]
    if earlier and indicator.breaks_between(earlier[-1].period, last.period):
        return say("trend.broken", lang, [ref_of(last)], to=last.period_text)
    return say("trend.one", lang, [ref_of(last)], to=last.period_text)


def same_definition(points: Sequence[Shown], indicator: Indicator) -> list[Shown]:
    """Return the points at the end that follow the same definition as the last of them."""
    if not points:
        return []
    last = points[-1].period
    return [point for point in points if not indicator.breaks_between(point.period, last)]


def _trend_words(first: Shown, last: Shown, way: int, length: int, lang: Lang) -> Sentence:
    form = {1: "up", -1: "down", 0: "flat"}[way]
    plain_years = length > 1 and _years_between(first.period, last.period) == length
    facts = {"first": first.text, "last": last.text}
    when = {"from": first.period_text, "to": last.period_text}
    refs = [ref_of(first), ref_of(last)]
    if plain_years and not way:
        return say("trend.flat_years", lang, refs, **facts, **when)
    if plain_years:
        years = number_word(length, lang)
        return say(f"trend.{form}_years", lang, refs, years=years, **facts, **when)
    return say(f"trend.{form}", lang, refs, **facts, **when)


def _movement_doubt(
    first: Shown, last: Shown, way: int, indicator: Indicator, lang: Lang
) -> Sentence:
    """Say how sure a movement is. A count of everybody registered is no sample: nothing to say."""
    if way == 0 or indicator.unit is Unit.COUNT:
        return Sentence("")
    if None in (first.lower, first.upper, last.lower, last.upper):
        return say("trend.unsure", lang)
    return say("trend.chance", lang) if overlap(first, last) else Sentence("")


def overlap(one: Shown, other: Shown) -> bool:
    """Tell whether two intervals meet. False where either is not known."""
    if one.lower is None or one.upper is None or other.lower is None or other.upper is None:
        return False
    return one.lower <= other.upper and other.lower <= one.upper


def _nominal(indicator: Indicator, lang: Lang) -> Sentence:
    kroner = indicator.unit in (Unit.NOK, Unit.NOK_PER_M2)
    return say("trend.nominal", lang) if kroner else Sentence("")


def _unbroken(points: Sequence[Shown]) -> list[Shown]:
    """Return the points at the end that follow one another without a hole."""
    kept: list[Shown] = []
    for point in reversed(points):
        if point.value is None or (kept and not _follows(point.period, kept[-1].period)):
            break
        kept.append(point)
    return kept[::-1]


def _follows(earlier: str, later: str) -> bool:
    """Tell whether two periods that stand side by side in a history may be compared.

    They must be of one kind. A history has every period in which anybody has a figure, so what
    was asked only every fourth year follows four years apart, and that is no hole.
    """
    try:
        return Period.parse(earlier).kind is Period.parse(later).kind
    except ValueError:
        return False


def _years_between(earlier: str, later: str) -> int | None:
    """Return how many years lie between two plain years, `None` for other periods."""
    first, last = _year(earlier), _year(later)
    return None if first is None or last is None else last - first


def _direction(earlier: Shown, later: Shown, indicator: Indicator) -> int:
    assert earlier.value is not None  # noqa: S101 - narrowing; `_unbroken` keeps only values
    assert later.value is not None  # noqa: S101
    one, other = shown_value(earlier.value, indicator), shown_value(later.value, indicator)
    return (other > one) - (other < one)


def _same_at_end(steps: Sequence[int]) -> int:
    length = 0
    for step in reversed(steps):
        if step != steps[-1]:
            break
        length += 1
    return length


def _year(period: str) -> int | None:
    try:
        parsed = Period.parse(period)
    except ValueError:
        return None
    return parsed.start if parsed.kind is PeriodKind.YEAR else None
