"""KLASS's lists as typed frames: codes with dates, changes, and which code lies in which.

A code means something only with its level: 8-digit levekårssoner look like grunnkretser. Where
an answer states no level (changes, correspondences), the number of digits tells it, as declared
in `klass.yaml`. What becomes no row is told of in a finding with count and examples.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import polars as pl

from nabolag.core import Finding, Level, Place, Severity, code_fits
from nabolag.sources.producers.documents import Record, changed
from nabolag.sources.producers.klass import (
    WHATS,
    Classification,
    classification,
    records,
    what_of,
)
from nabolag.sources.producers.protocol import Answer
from nabolag.store.frames import schema_of

#: One row for each name a code has had; `valid_to` is exclusive, and null where it is open.
CODES: Final = schema_of(
    {
        "level": "str",
        "code": "str",
        "name": "str",
        "parent_level": "str",
        "parent_code": "str",
        "valid_from": "date",
        "valid_to": "date",
    }
)
#: One row a pair. Null `from_code`: the code is new; null `to_code`: it ceased. A split is
#: several rows with one `from_code`, a merger several with one `to_code`.
CHANGES: Final = schema_of(
    {
        "level": "str",
        "from_code": "str",
        "from_name": "str",
        "to_code": "str",
        "to_name": "str",
        "date": "date",
    }
)
#: Which code lies in which, as `core.columns.LINKS`, with names and dates.
LINKS: Final = schema_of(
    {
        "level": "str",
        "code": "str",
        "name": "str",
        "parent_level": "str",
        "parent_code": "str",
        "parent_name": "str",
        "valid_from": "date",
        "valid_to": "date",
    }
)
_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class KlassFrame:
    """A typed list (`CODES`, `CHANGES` or `LINKS`) and what is worth knowing about it."""

    frame: pl.DataFrame
    findings: tuple[Finding, ...] = ()


def codes_of(answers: Sequence[Answer]) -> KlassFrame:
    """Return the codes of answers to `codes`, `codesAt`, `variant` or `variantAt`.

    KLASS cuts validity to the range that was asked for: a date equal to the asked `from` means
    «at least since then» and is kept; one equal to the asked `to` is no end, and becomes null.
    `codesAt` states no validity; both dates are then null.
    """
    rows: list[dict[str, Any]] = []
    findings: list[Finding] = []
    for answer in answers:
        of, listed = _of(answer), records(answer)
        kept, told = _set_apart(listed, of, answer)
        rows += [_code_row(row, of, answer) for row in kept]
        findings += [*told, *_clipped(listed, answer)]
    frame = pl.DataFrame(rows, schema=CODES).unique(maintain_order=True)
    return KlassFrame(frame, (*findings, *_misshapen(frame, answers)))


def changes_of(answers: Sequence[Answer]) -> KlassFrame:
    """Return the changes. The level is told by the number of digits of the codes."""
    rows: list[dict[str, Any]] = []
    findings: list[Finding] = []
    for answer in answers:
        of, stray = _of(answer), []
        for row in records(answer):
            code = _text(row, "newCode") or _text(row, "oldCode")
            level = level_of(of, code)
            if level is None:
                stray.append(code)
            else:
                rows.append(_change_row(row, level, answer))
        findings += _told("klass_level_unknown", Severity.WARNING, stray, answer)
    frame = pl.DataFrame(rows, schema=CHANGES)
    once = frame.unique(maintain_order=True)
    if again := frame.height - once.height:
        place = Place(answers[0].request.name)
        findings.append(Finding("klass_row_again", Severity.INFO, place, {}, again))
    return KlassFrame(once, tuple(findings))


def links_of(answers: Sequence[Answer]) -> KlassFrame:
    """Return correspondences as links from the smaller area to the larger.

    Of a pair, the target is the larger where the source has it several times and it never has
    several sources; otherwise the source is. A pair that goes both ways (n:n) is told of.
    """
    rows: list[dict[str, Any]] = []
    findings: list[Finding] = []
    for answer in answers:
        source, target = _of(answer), _target_of(answer)
        pairs = [
            row
            for row in records(answer)
            if not _is_unspecified(_text(row, "sourceCode"), source)
            and not _is_unspecified(_text(row, "targetCode"), target)
        ]
        upward, tangled = _direction(pairs)
        findings += _told("klass_pairs_tangled", Severity.WARNING, tangled, answer)
        stray: list[str] = []
        for row in pairs:
            made = _link_row(row, source, target, upward, answer)
            if made is None:
                stray.append(f"{row['sourceCode']} – {row['targetCode']}")
            else:
                rows.append(made)
        findings += _told("klass_level_unknown", Severity.WARNING, stray, answer)
    return KlassFrame(pl.DataFrame(rows, schema=LINKS), tuple(findings))


def areas_of(codes: KlassFrame) -> pl.DataFrame:
    """Return `level, code, name, valid_from, valid_to`, the form the dated register takes."""
    return codes.frame.select("level", "code", "name", "valid_from", "valid_to")


def level_of(of: Classification, code: str, number: str = "") -> Level | None:
    """Return a code's level: by KLASS's level number, the only level there is, or its digits."""
    if number:
        return of.levels.get(number)
    if len(of.levels) == 1 and not of.length:
        return next(iter(of.levels.values()))
    return of.length.get(len(code))


def _of(answer: Answer) -> Classification:
    """Return the classification an answer is of; an unknown one has no levels."""
    number = urlsplit(answer.request.url).path.split("/classifications/")[-1].split("/")[0]
    return classification(number) or Classification(number, number, {}, {}, "", False)


def _target_of(answer: Answer) -> Classification:
    number = _asked(answer, "targetClassificationId")
    return classification(number) or Classification(number, number, {}, {}, "", False)


def _asked(answer: Answer, name: str) -> str:
    given = parse_qs(urlsplit(answer.request.url).query).get(name, [""])
    return given[0]


def _set_apart(
    rows: Sequence[Record], of: Classification, answer: Answer
) -> tuple[list[Record], list[Finding]]:
    """Leave out codes for no place, and codes of levels that are not known; tell of both."""
    nowhere = [row for row in rows if _is_unspecified(_text(row, "code"), of)]
    known = [row for row in rows if str(row["level"]) in of.levels]
    other = [row for row in rows if str(row["level"]) not in of.levels]
    findings = [
        *_told("klass_unspecified", Severity.INFO, _named(nowhere), answer),
        *_told("klass_level_unknown", Severity.WARNING, _named(other), answer),
    ]
    return [row for row in known if not _is_unspecified(_text(row, "code"), of)], findings


def _is_unspecified(code: str, of: Classification) -> bool:
    return bool(of.unspecified) and re.fullmatch(of.unspecified, code) is not None


def _named(rows: Sequence[Record]) -> list[str]:
    return [f"{row['code']} {row['name']}" for row in rows]


def _code_row(row: Record, of: Classification, answer: Answer) -> dict[str, Any]:
    parent = _text(row, "parentCode")
    above = str(int(str(row["level"])) - 1)
    until = _date(row, "validToInRequestedRange", answer) or _date(row, "validTo", answer)
    since = _date(row, "validFromInRequestedRange", answer) or _date(row, "validFrom", answer)
    return {
        "level": of.levels[str(row["level"])].value,
        "code": _text(row, "code"),
        "name": _text(row, "name"),
        "parent_level": of.levels[above].value if parent and above in of.levels else None,
        "parent_code": parent or None,
        "valid_from": since,
        "valid_to": None if until and until.isoformat() == _asked(answer, "to") else until,
    }


def _change_row(row: Record, level: Level, answer: Answer) -> dict[str, Any]:
    return {
        "level": level.value,
        "from_code": _text(row, "oldCode") or None,
        "from_name": _text(row, "oldName") or None,
        "to_code": _text(row, "newCode") or None,
        "to_name": _text(row, "newName") or None,
        "date": _date(row, "changeOccurred", answer),
    }


def _direction(pairs: Sequence[Record]) -> tuple[bool, list[str]]:
    """Tell whether sources lie in targets, and name pairs of which neither lies in the other."""
    moments = [(row["sourceCode"], row["targetCode"], row.get("validFrom")) for row in pairs]
    targets = len({(target, when) for _, target, when in moments})
    sources = len({(source, when) for source, _, when in moments})
    upward = sources >= targets
    seen: dict[tuple[Any, Any], Any] = {}
    tangled = []
    for source, target, when in moments:
        small, large = (source, target) if upward else (target, source)
        if seen.setdefault((small, when), large) != large:
            tangled.append(f"{source} – {target}")
    return upward, tangled


def _link_row(
    row: Record, source: Classification, target: Classification, upward: bool, answer: Answer
) -> dict[str, Any] | None:
    ends = [
        (level_of(source, row["sourceCode"]), row["sourceCode"], row["sourceName"]),
        (level_of(target, row["targetCode"]), row["targetCode"], row["targetName"]),
    ]
    small, large = ends if upward else ends[::-1]
    if small[0] is None or large[0] is None:
        return None
    return {
        "level": small[0].value,
        "code": small[1],
        "name": small[2],
        "parent_level": large[0].value,
        "parent_code": large[1],
        "parent_name": large[2],
        "valid_from": _date(row, "validFrom", answer),
        "valid_to": _date(row, "validTo", answer),
    }


def _clipped(rows: Sequence[Record], answer: Answer) -> list[Finding]:
    """Tell that dates equal to the asked range's ends are the range's, not the codes' own."""
    if what_of(answer).endswith("At") or WHATS[what_of(answer)][0] != "codes":
        return []
    since = _asked(answer, "from")
    at = [row for row in rows if row.get("validFromInRequestedRange") == since]
    if not at:
        return []
    place = Place(answer.request.name)
    return [Finding("klass_validity_clipped", Severity.INFO, place, {"since": since}, len(at))]


def _misshapen(frame: pl.DataFrame, answers: Sequence[Answer]) -> list[Finding]:
    """Return a warning for codes that do not have the form of their level; they are kept."""
    named = frame.select("level", "code").iter_rows()
    odd = [code for level, code in named if not code_fits(Level(level), code)]
    return _told("klass_code_form", Severity.WARNING, odd, answers[0]) if odd else []


def _told(code: str, severity: Severity, named: Sequence[str], answer: Answer) -> list[Finding]:
    if not named:
        return []
    examples = tuple(named[:_EXAMPLES])
    return [Finding(code, severity, Place(answer.request.name), {}, len(named), examples)]


def _text(row: Record, name: str) -> str:
    given = row.get(name)
    return "" if given is None else str(given).strip()


def _date(row: Record, name: str, answer: Answer) -> date | None:
    given = _text(row, name)
    if not given:
        return None
    try:
        return date.fromisoformat(given[:10])
    except ValueError as wrong:
        raise changed(answer, f"«{name}» = {given}") from wrong
