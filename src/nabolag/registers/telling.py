"""The report of a register delivery in plain words: for the terminal and as a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, Final

import polars as pl

from nabolag.core import Lang, has_label, label
from nabolag.registers.contracts import CONTRACTS
from nabolag.registers.report import DeliveryReport, Noted, YearReport

_ROOT: Final = "registers_report"
#: What is of a whole column and of no row.
_OF_COLUMN: Final = (
    "register_column_unknown",
    "register_column_extra",
    "register_column_absent",
    "register_column_constant",
)
#: What is kept, but better called something else.
_OUTCOMES: Final = {"register_row_corrected": "corrected"}
#: Told once for a register and not for each of its years.
_OF_REGISTER: Final = ("register_link_unchecked",)


def report_text(report: DeliveryReport, lang: Lang) -> str:
    """Return the report for the terminal: a summary, then each register and year."""
    lines = [summary(report, lang), ""]
    for register, years in _by_register(report):
        listed = list(years)
        lines.append(_named(register, lang))
        for year in listed:
            lines.append(f"  {_counts(year, lang)}")
            lines += [f"    – {line}" for line in _said(year, lang)]
        lines += [f"  · {line}" for line in _said_of_register(listed, lang)]
        lines.append("")
    lines.append(_say("examples", lang))
    return "\n".join(lines) + "\n"


def report_markdown(report: DeliveryReport, lang: Lang) -> str:
    """Return the report as a document to send back to whoever delivered. No private values."""
    lines = [f"# {_say('title', lang)}", "", summary(report, lang), ""]
    heads = [_say(f"head.{k}", lang) for k in ("register", "year", "delivered", "kept", "apart")]
    lines += [f"| {' | '.join(heads)} |", "|---|---|--:|--:|--:|"]
    lines += [
        f"| {_cell(_named(y.register, lang))} | {_year(y, lang)} | {number(y.delivered, lang)} "
        f"| {number(y.kept, lang)} | {number(y.set_apart, lang)} |"
        for y in report.years
    ]
    for register, years in _by_register(report):
        listed = list(years)
        told = [y for y in listed if _said(y, lang)]
        of_register = _said_of_register(listed, lang)
        if told or of_register:
            lines += ["", f"## {_cell(_named(register, lang))}"]
        for year in told:
            lines += ["", f"### {_year(year, lang)}", "", _cell(_counts(year, lang)), ""]
            lines += [f"- {_cell(line)}" for line in _said(year, lang)]
        if of_register:
            lines += ["", *(f"- {_cell(line)}" for line in of_register)]
    lines += ["", _say("examples", lang)]
    return "\n".join(lines) + "\n"


def reasons_in_words(reasons: pl.DataFrame, lang: Lang) -> pl.DataFrame:
    """Add `reason`, a few words for each code, to the list of rows set apart. No values."""
    codes = reasons["code"].unique().to_list()
    words = {code: _short(code, lang) for code in codes}
    return reasons.with_columns(pl.col("code").replace(words).alias("reason"))


def summary(report: DeliveryReport, lang: Lang) -> str:
    """Return one paragraph: how much was delivered, how much is sound, what became of the rest."""
    registers = len({year.register for year in report.years})
    delivered = sum(year.delivered for year in report.years)
    refused = [year for year in report.years if year.refused]
    held = sum(year.kept for year in refused)
    facts = {
        "registers": registers,
        "delivered": number(delivered, lang),
        "kept": number(delivered - report.set_apart - held, lang),
        "apart": number(report.set_apart, lang),
    }
    words = [_say("received" if report.taken_in else "checked", lang, **facts)]
    if report.set_apart == 0 and not report.findings:
        words.append(_say("sound", lang))
    words += _corrections(report.years, lang)
    if refused:
        words.append(label(f"{_ROOT}.refused", lang, n=len(refused), held=number(held, lang)))
    return " ".join(words)


def number(value: int, lang: Lang) -> str:
    """Write a count as the language writes numbers."""
    grouped = f"{value:,}"
    return grouped if lang == "en" else grouped.replace(",", "\u00a0")


def _by_register(report: DeliveryReport) -> groupby[str, YearReport]:
    return groupby(report.years, key=lambda year: year.register)


def _named(register: str, lang: Lang) -> str:
    return f"{CONTRACTS[register].label.in_(lang)} ({register})"


def _year(year: YearReport, lang: Lang) -> str:
    return _say("no_year", lang) if year.year is None else str(year.year)


def _counts(year: YearReport, lang: Lang) -> str:
    share = f"{100 * year.share:.2f}"
    facts = {
        "year": _year(year, lang),
        "delivered": number(year.delivered, lang),
        "kept": number(year.kept, lang),
        "apart": number(year.set_apart, lang),
        "share": share if lang == "en" else share.replace(".", ","),
    }
    told = _say("counts" if year.set_apart else "counts_sound", lang, **facts)
    return ". ".join([told, *(line.rstrip(".") for line in _corrections((year,), lang))])


def _corrections(years: Sequence[YearReport], lang: Lang) -> list[str]:
    """Say how many rows correct how many earlier ones, and how many are wrong themselves."""
    rows = sum(year.corrections for year in years)
    replaced, wrong = (sum(y.replaced for y in years), sum(y.corrections_apart for y in years))
    told = []
    if rows:
        before = label(f"{_ROOT}.replaced", lang, n=replaced, rows=number(replaced, lang))
        words = number(rows, lang)
        told.append(label(f"{_ROOT}.corrections", lang, n=rows, rows=words, before=before))
    if wrong:
        words = number(wrong, lang)
        told.append(label(f"{_ROOT}.corrections_apart", lang, n=wrong, rows=words))
    return told


def _said(year: YearReport, lang: Lang) -> list[str]:
    """Return the refusal, what was set apart and what was kept but noticed, in that order."""
    refusal = [f.text(lang) for f in year.findings if f.code == "register_share_exceeded"]
    told = [n for n in year.noted if n.code not in _OF_REGISTER]
    ordered = sorted(told, key=lambda noted: noted.outcome != "set_apart")
    return [*refusal, *(_one(year.register, noted, lang) for noted in ordered)]


def _said_of_register(years: list[YearReport], lang: Lang) -> list[str]:
    """Return what is the same in every year, once."""
    said = Counter(
        _one(year.register, noted, lang)
        for year in years
        for noted in year.noted
        if noted.code in _OF_REGISTER
    )
    return list(said)


def _one(register: str, noted: Noted, lang: Lang) -> str:
    """Return what was set apart or noticed: the columns, the words, and where it stands."""
    places = _places(noted, lang)
    finding = noted.finding
    if not noted.values:  # a place stands where a value may not be shown
        finding = replace(finding, examples=(places,))
    words = " ".join(part for p in ("what", "expected", "do") if (part := finding.part(p, lang)))
    outcome = _say(f"outcome.{_OUTCOMES.get(noted.code, noted.outcome)}", lang)
    columns = _columns(register, noted.column, lang)
    head = f"{outcome} {columns}: " if columns else f"{outcome} "
    where = f" {places[:1].upper()}{places[1:]}." if places and places not in words else ""
    return f"{head}{words}{where}"


def _columns(register: str, listed: str, lang: Lang) -> str:
    """Return «birth_year» (Fødselsår). The year says nothing beside another column."""
    spec = CONTRACTS[register]
    if ", " in listed:
        listed = ", ".join(name for name in listed.split(", ") if name != spec.partition)
    return ", ".join(
        f"«{name}» ({spec.column_label(name).in_(lang)})" if name in spec.names else f"«{name}»"
        for name in listed.split(", ")
        if name
    )


def _places(noted: Noted, lang: Lang) -> str:
    """Return «rad 3, 17 i person.csv», where rows are what is noticed."""
    if not noted.rows or noted.code in _OF_COLUMN:
        return ""
    parts = []
    for file, rows in groupby(noted.rows, key=lambda place: place[0]):
        listed = [number(row, lang) for _, row in rows]
        words = ", ".join(listed)
        parts.append(label(f"{_ROOT}.rows", lang, n=len(listed), rows=words, file=file))
    more = _say("more", lang) if noted.count > len(noted.rows) else ""
    return "; ".join(parts) + more


def _short(code: str, lang: Lang) -> str:
    key = f"{_ROOT}.short.{code}"
    return label(key, lang) if has_label(key) else code


def _cell(words: str) -> str:
    return words.replace("|", "\\|")


def _say(key: str, lang: Lang, **params: Any) -> str:
    return label(f"{_ROOT}.{key}", lang, **params)
