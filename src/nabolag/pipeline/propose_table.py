"""A `[[source]]` for a delivered table, proposed from what its columns show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from nabolag.core import Lang, Level, code_fits, label, label_text
from nabolag.pipeline.propose_areas import Known
from nabolag.pipeline.propose_groups import figure_columns, group_columns, told_apart
from nabolag.pipeline.toml_text import inline
from nabolag.sources.marks import DEFAULT_MARKS
from nabolag.sources.sniff import TableSeen, is_number
from nabolag.sources.sniff_columns import BLANK_WORDS, ColumnSeen, level_of

_HEADING_YEAR = re.compile(r"\b(19|20)\d\d([-/–]\d{2,4})?\b")
_PERCENT = re.compile(r"%|prosent|andel", re.I)
_MEASURE_HINT = re.compile(r"contentscode|statistikkvariabel|^enhet$|^variabel$", re.I)
#: More texts outside the borders than this are told, not proposed to be left out.
_MOST_LEFT_OUT = 12
_MOST_NAMES = 40
_COUNTY_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Where:
    """The column that seems to say the place, its level, and the keys of its rule.

    `borders` is the border file that knows most of the places. `totals` are texts that can be
    no code of the level or no name of the file, `outside` codes that the borders lack. `above`
    are rules for larger areas that stand in the same column.
    """

    column: str
    rule: Mapping[str, Any]
    note: str
    totals: tuple[str, ...]
    outside: tuple[str, ...]
    blanks: tuple[str, ...]
    borders: Known | None
    above: tuple[Mapping[str, Any], ...] = ()


def proposed_table(
    seen: TableSeen, key: str, columns: Sequence[ColumnSeen], where: Where | None, lang: Lang
) -> list[str]:
    """Return the lines of a `[[source]]`. What must be filled in holds the word for it."""
    fill = label("init.fill_in", lang)
    lines = [
        "[[source]]",
        f"id = {inline(key)}",
        f"file = {inline(seen.name)}",
        *([f"format = {inline(seen.format)}"] if seen.format == "jsonstat" else []),
        f"producer = {inline(fill)}  # {_word('producer', lang)}",
        f"title = {inline(seen.title)}"
        if seen.title
        else f"title = {inline(fill)}  # {_word('title', lang)}",
        f"geography = {inline(fill)}  # {_word('geography', lang)}",
        *([f"read = {inline(seen.read)}"] if seen.read else []),
        *_figures(seen, columns, where, lang),
    ]
    return lines + (_placed(where, seen, lang) if where else _nowhere(lang))


def place_of(
    seen: TableSeen, columns: Sequence[ColumnSeen], borders: Sequence[Known], lang: Lang
) -> Where | None:
    """Return the column of places: codes where there are any, else names."""
    frame = seen.table.frame
    for kind in ("code", "name"):
        found = [column for column in columns if column.kind == kind]
        ranked = [(_best(column, frame, borders, kind), column) for column in found]
        if kind == "name":
            texts = [column for column in columns if column.kind == "text"]
            named = [(_best(column, frame, borders, kind), column) for column in texts]
            ranked += [one for one in named if one[0][0]]
        if ranked:
            (known, _, at), column = max(ranked, key=lambda one: one[0][:2])
            border = borders[at] if known else None
            place = _by_code if kind == "code" else _by_name
            return place(column, frame, border, lang)
    return None


def _best(
    column: ColumnSeen, frame: pl.DataFrame, borders: Sequence[Known], kind: str
) -> tuple[int, int, int]:
    """Return how many texts the best border file knows, how many there are, and which file."""
    texts = _distinct(frame[column.name])
    made = set(column.codes(texts)) if kind == "code" else {_fold(text) for text in texts}
    hits = [(len(made & _known(border, kind)), at) for at, border in enumerate(borders)]
    most, at = max(hits, default=(0, 0))
    return (most if 2 * most >= len(made) else 0), len(made), at


def _known(border: Known, kind: str) -> set[str]:
    if kind == "code":
        return set(border.names)
    return {_fold(name) for name in border.names.values() if name}


def _by_code(column: ColumnSeen, frame: pl.DataFrame, border: Known | None, lang: Lang) -> Where:
    texts = _distinct(frame[column.name])
    made = dict(zip(texts, column.codes(texts), strict=True))
    level = border.level if border else level_of(column.name, list(made.values()))
    steps: list[dict[str, Any]] = [{"before": " "}] if column.before else []
    steps += [{"strip_suffix": column.suffix}] if column.suffix else []
    steps += [{"pad": column.pad}] if column.pad else []
    rule = {"level": level.value, "column": column.name}
    above = _above(column.name, level, made.values())
    totals = tuple(
        text
        for text, code in made.items()
        if not code_fits(level, code) and not (above and len(code) == _COUNTY_DIGITS)
    )
    known = set(border.names) if border else set(made.values())
    outside = tuple(t for t, code in made.items() if code_fits(level, code) and code not in known)
    note = _word("level_known", lang, file=border.name) if border else _word("level_guessed", lang)
    return Where(
        column.name,
        {**rule, "transform": steps} if steps else rule,
        note,
        totals,
        outside,
        _blanks(frame[column.name]),
        border,
        above,
    )


def _above(column: str, level: Level, codes: Iterable[str]) -> tuple[Mapping[str, Any], ...]:
    """Return rules for the country and counties in a column of municipalities' numbers."""
    larger = {code for code in codes if len(code) == _COUNTY_DIGITS and code.isdigit()}
    if level is not Level.KOMMUNE or not larger:
        return ()
    country = {"level": "land", "column": column, "codes": {"00": "0"}}
    county = {"level": "fylke", "column": column, "length": _COUNTY_DIGITS}
    return (*([country] if "00" in larger else []), *([county] if larger - {"00"} else []))


def _by_name(column: ColumnSeen, frame: pl.DataFrame, border: Known | None, lang: Lang) -> Where:
    texts = _distinct(frame[column.name])
    level = border.level if border else level_of(column.name, [])
    rule: dict[str, Any] = {"level": level.value, "column": column.name}
    totals: tuple[str, ...] = ()
    if border:
        known = _known(border, "name")
        totals = tuple(text for text in texts if _fold(text) not in known)
        if border.name.endswith(".geojson"):
            steps = {"transform": [{"pad": border.pad}]} if border.pad else {}
            looked = {"file": border.name, "name": border.label, "code": border.code, **steps}
            rule["lookup"] = looked
        else:
            rule["codes"] = _codes_by_name(border, texts, label("init.fill_in", lang))
        note = _word("level_known", lang, file=border.name)
    else:
        fill = label("init.fill_in", lang)
        if len(texts) > _MOST_NAMES:
            rule["lookup"] = dict.fromkeys(("file", "name", "code"), fill)
        else:
            rule["codes"] = dict.fromkeys(texts, fill)
        note = _word("codes_fill", lang)
    return Where(column.name, rule, note, totals, (), _blanks(frame[column.name]), border)


def _codes_by_name(border: Known, texts: Sequence[str], fill: str) -> dict[str, str]:
    """Return the code of each known name; a name of several areas must be told by a person."""
    codes: dict[str, str] = {}
    for code, name in border.names.items():
        codes[_fold(name)] = fill if _fold(name) in codes else code
    return {text: codes[_fold(text)] for text in texts if _fold(text) in codes}


def _placed(where: Where, seen: TableSeen, lang: Lang) -> list[str]:
    lines = []
    for rule in where.above:
        lines.append(f"[[source.area]]  # {_word('above', lang)}")
        lines += [f"{name} = {inline(value)}" for name, value in rule.items()]
    lines.append("[[source.area]]")
    for name, value in where.rule.items():
        note = f"  # {where.note}" if name == "level" else ""
        lines.append(f"{name} = {inline(value)}{note}")
    for kind, texts in (("totals", where.totals), ("outside", where.outside)):
        if 0 < len(texts) <= _MOST_LEFT_OUT:
            lines += _left_out(kind, {"column": where.column, "in": list(texts)}, lang)
    if where.blanks:
        lines += _left_out("blank", {"column": where.column, "in": list(where.blanks)}, lang)
    return lines


def _left_out(kind: str, condition: Mapping[str, Any], lang: Lang) -> list[str]:
    reason = label_text(f"init.propose.reason_{kind}").as_dict()
    note = _word("confirm_outside" if kind == "outside" else "confirm", lang)
    return [
        f"[[source.leave_out]]  # {note}",
        f"where = [{inline(condition)}]",
        f"reason = {inline(reason)}",
    ]


def _nowhere(lang: Lang) -> list[str]:
    fill = label("init.fill_in", lang)
    return ["[[source.area]]", f"level = {inline(fill)}", f"column = {inline(fill)}"]


def _figures(
    seen: TableSeen, columns: Sequence[ColumnSeen], where: Where | None, lang: Lang
) -> list[str]:
    """Return period, dimensions and measures."""
    frame = seen.table.frame
    numbers = figure_columns(frame, columns)
    period = next((column for column in columns if column.kind == "period"), None)
    by_year = {} if period else _headed_by_year(numbers)
    taken = {where.column if where else "", period.name if period else ""}
    areas = _only_areas(frame, where)
    column = where.column if where else ""
    groups = group_columns(areas, [c for c in columns if c.name not in taken], column)
    groups = told_apart(frame, groups, period.name if period else "")
    of_measures = next((c for c in groups if _MEASURE_HINT.search(c)), "")
    if len(numbers) != 1 or by_year:
        of_measures = ""
    groups = [name for name in groups if name != of_measures]
    if by_year:
        lines = [_period_in_headings(by_year)]
        measures = _measures_by_year(by_year, frame)
    else:
        lines = [_period(period, lang)]
        measures = _measures_by_column(numbers, of_measures, frame)
    if groups:
        ids = unique(slug(name) for name in groups)
        lines.append(f"dimensions = {inline(dict(zip(ids, groups, strict=True)))}")
    if of_measures:
        lines.append(f"measure_column = {inline(of_measures)}")
    return lines + _measures(measures, frame, numbers, lang)


def _only_areas(frame: pl.DataFrame, where: Where | None) -> pl.DataFrame:
    """Return the rows that are of an area."""
    if where is None:
        return frame
    return frame.filter(~pl.col(where.column).is_in([*where.blanks, *where.totals]))


def _measures_by_column(
    numbers: Sequence[str], of_measures: str, frame: pl.DataFrame
) -> list[dict[str, Any]]:
    if of_measures:
        codes = _distinct(frame[of_measures])
        ids = unique(slug(code) for code in codes)
        return [
            {"id": key, "column": numbers[0], "code": code}
            for key, code in zip(ids, codes, strict=True)
        ]
    ids = unique(slug(name) for name in numbers)
    return [
        {"id": key, "column": name, **_range(name, frame[name])}
        for key, name in zip(ids, numbers, strict=True)
    ]


def _measures_by_year(
    by_year: Mapping[str, Sequence[str]], frame: pl.DataFrame
) -> list[dict[str, Any]]:
    ids = unique(slug(_HEADING_YEAR.sub("", names[0])) for names in by_year.values())
    return [
        {
            "id": key,
            "columns": pattern,
            **_range(names[0], pl.concat([frame[name].rename("") for name in names])),
        }
        for key, (pattern, names) in zip(ids, by_year.items(), strict=True)
    ]


def _period_in_headings(by_year: Mapping[str, Sequence[str]]) -> str:
    first = _HEADING_YEAR.search(next(iter(by_year.values()))[0])
    if not first or not first[2]:
        return "period = {}"
    last = first[2][1:]
    years = int(last) - int(first[0][:4]) if len(last) == 4 else 1
    return f'period = {{ kind = "{"span" if years > 1 else "school_year"}" }}'


def _measures(
    measures: Sequence[Mapping[str, Any]],
    frame: pl.DataFrame,
    numbers: Sequence[str],
    lang: Lang,
) -> list[str]:
    fill = label("init.fill_in", lang)
    texts = {text for name in numbers for text in frame[name].unique()}
    marks = sorted(t for t in texts if t not in DEFAULT_MARKS and not is_number(t))
    lines = []
    if marks:
        told = dict.fromkeys(marks[:_MOST_LEFT_OUT], fill)
        lines.append(f"marks = {inline(told)}  # {_word('marks', lang)}")
    if not measures:
        measures = [{"id": "tall", "column": fill}]
    return [*lines, "measure = [", *(f"  {inline(one)}," for one in measures), "]"]


def _period(column: ColumnSeen | None, lang: Lang) -> str:
    if column is None:
        fill = inline(label("init.fill_in", lang))
        return f"period = {{ value = {fill} }}  # {_word('period', lang)}"
    kind = {} if column.period_kind == "year" else {"kind": column.period_kind}
    return f"period = {inline({'column': column.name, **kind})}"


def _headed_by_year(names: Iterable[str]) -> dict[str, list[str]]:
    """Return headings that differ only by their year: a pattern for them, and the headings."""
    found: dict[str, list[str]] = {}
    for name in names:
        at = _HEADING_YEAR.search(name)
        if at:
            year = r"\d{4}[-/–]\d{2,4}" if at[2] else r"\d{4}"
            before, after = _escaped(name[: at.start()]), _escaped(name[at.end() :])
            found.setdefault(f"{before}(?P<period>{year}){after}", []).append(name)
    return found


def _range(name: str, texts: pl.Series) -> dict[str, Any]:
    """Return unit and expected range: per cent where the heading says so and figures are over 1."""
    values = [_number(text) for text in texts.unique() if is_number(text)]
    if any(value < 0 for value in values):
        return {}
    if _PERCENT.search(name) and max(values, default=0) > 1:
        return {"unit": "percent", "min": 0, "max": 100}
    return {"min": 0}


def _number(text: str) -> float:
    digits = re.sub(r"[\s\u00a0\u202f']", "", text).replace("−", "-").replace(",", ".")
    head, _, tail = digits.rpartition(".")
    return float(f"{head.replace('.', '')}.{tail}" if head else digits)


def slug(text: str) -> str:
    """Return an id made of a heading or a file name."""
    plain = text.casefold().replace("æ", "ae").replace("ø", "o").replace("å", "a")
    made = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    return made if made[:1].isalpha() else f"tall_{made}".strip("_")


def unique(names: Iterable[str]) -> list[str]:
    """Return ids that differ: one that was given before gets a number."""
    given: list[str] = []
    for name in names:
        tries = (name if n == 1 else f"{name}_{n}" for n in range(1, 1000))
        given.append(next(one for one in tries if one not in given))
    return given


def _escaped(text: str) -> str:
    return re.escape(text).replace("\\ ", " ")


def _distinct(texts: pl.Series) -> list[str]:
    return [t for t in texts.unique(maintain_order=True) if t and t not in BLANK_WORDS]


def _blanks(texts: pl.Series) -> tuple[str, ...]:
    """Return the ways in which a column says that there is nothing."""
    return tuple(t for t in texts.unique(maintain_order=True) if not t or t in BLANK_WORDS)


def _fold(name: str) -> str:
    return " ".join(name.split()).casefold()


def _word(name: str, lang: Lang, **params: Any) -> str:
    return label(f"init.propose.{name}", lang, **params)
