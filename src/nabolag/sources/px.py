"""PX files (PC-Axis): keywords, languages, codes, data symbols, and the cube."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path

import polars as pl

from nabolag.core import Place, error
from nabolag.sources.delimited import decode
from nabolag.sources.file_form import ReadOptions
from nabolag.sources.grid import RawTable, spread, text_frame

_KEYWORD = re.compile(
    r"\s*([A-Z0-9_-]+)(?:\[([^\]]+)\])?(?:\(((?:\s*\"[^\"]*\"\s*,?)+)\))?\s*=", re.ASCII
)
_VALUE = re.compile(r'((?:"[^"]*"|[^";])*);')
_TOKEN = re.compile(r'"([^"]*)"|(,)|([^",\s]+)')
_DATUM = re.compile(r'"[^"]*"|[^\s,;]+')
_CODEPAGE = re.compile(rb'CODEPAGE\s*=\s*"([^"]+)"')
_CHARSET = re.compile(rb'CHARSET\s*=\s*"([^"]+)"')
#: The signs that DATA holds in place of numbers, and the keywords that say how they are shown.
_SYMBOLS = {"." * n: f"DATASYMBOL{n}" for n in range(1, 7)} | {"-": "DATASYMBOLNIL"}
VALUE = "value"

#: Keyword, language (empty is the main one), what it is about → texts.
Keywords = Mapping[tuple[str, str, tuple[str, ...]], tuple[str, ...]]


class PxError(ValueError):
    """The file breaks the format; the message says how."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable: its name, its language-free code, its values in words and their codes."""

    name: str
    code: str
    values: tuple[str, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PxTable:
    """A parsed file: variables in cube order (stub, then heading), and data with their lines."""

    keywords: Keywords
    variables: tuple[Variable, ...]
    data: tuple[str, ...]
    lines: tuple[int, ...]

    def first(self, keyword: str) -> str:
        """Return the first text of a keyword in the main language, or an empty text."""
        found = (v for (key, lang, _), v in self.keywords.items() if key == keyword and not lang)
        texts = next(found, ())
        return texts[0] if texts else ""


def read_px(path: Path, options: ReadOptions, name: str) -> RawTable:
    """Read a PX file as a long table: codes, words (`<variable>.text`) and value.

    Variables bear the names of STUB and HEADING in the language chosen with `language`. The
    row is the line of the file. Data symbols are given as the file says that they are shown.
    Raises `UserError` where the file is cut short, lacks keywords or the language.
    """
    data = path.read_bytes()
    text = decode(data, _encoding(data, options), name)
    try:
        table = parse_px(text, options.language)
    except PxError as wrong:
        raise error("source_px_wrong", Place(name), reason=str(wrong)) from wrong
    return _long(table, options)


def parse_px(text: str, language: str = "") -> PxTable:
    """Parse the text of a PX file. Raises `ValueError` that says what is wrong."""
    keywords, start = _keywords(text)
    language = _chosen(keywords, language)
    if any(key == "KEYS" for key, _, _ in keywords):
        raise PxError("it uses KEYS (sparse data), which is not read")
    names = [n for k in ("STUB", "HEADING") for n in _get(keywords, k, language)]
    main = [n for k in ("STUB", "HEADING") for n in _get(keywords, k, "")]
    if not names:
        raise PxError("STUB and HEADING are absent")
    variables = tuple(
        _variable(keywords, name, original, language)
        for name, original in zip(names, main, strict=True)
    )
    figures, lines = _data(text, start)
    expected = prod(len(variable.values) for variable in variables)
    if len(figures) != expected:
        raise PxError(f"DATA holds {len(figures)} figures; the variables make {expected}")
    return PxTable(keywords, variables, tuple(figures), tuple(lines))


def _encoding(data: bytes, options: ReadOptions) -> str:
    """Return the encoding that was declared for the source, else the one the file states."""
    if "encoding" in options.model_fields_set:
        return options.encoding
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8"
    stated = _CODEPAGE.search(data[:4096])
    if stated:
        return stated.group(1).decode("ascii", "replace")
    charset = _CHARSET.search(data[:4096])
    # A file without CHARSET is from DOS; «ANSI» is Windows.
    return "cp1252" if charset and charset.group(1).upper() == b"ANSI" else "cp850"


def _keywords(text: str) -> tuple[Keywords, int]:
    """Return every keyword before DATA, and where DATA's figures begin."""
    found: dict[tuple[str, str, tuple[str, ...]], tuple[str, ...]] = {}
    at = 0
    while head := _KEYWORD.match(text, at):
        keyword, lang, about = head.group(1), head.group(2) or "", head.group(3) or ""
        if keyword == "DATA":
            return found, head.end()
        value = _VALUE.match(text, head.end())
        if value is None:
            raise PxError(f"the keyword {keyword} does not end")
        found[keyword, lang, tuple(re.findall(r'"([^"]*)"', about))] = _texts(value.group(1))
        at = value.end()
    line = text.count("\n", 0, at) + 1
    raise PxError(f"no keyword can be read in line {line}, and DATA is absent")


def _texts(value: str) -> tuple[str, ...]:
    """Return the texts of a value. Quoted texts that follow without a comma are one text."""
    texts: list[str] = []
    joins = False
    for quoted, comma, bare in _TOKEN.findall(value):
        if comma:
            joins = False
            continue
        word = bare or quoted
        if joins and not bare:
            texts[-1] += word
        else:
            texts.append(word)
        joins = not bare
    return tuple(texts)


def _chosen(keywords: Keywords, language: str) -> str:
    """Return the language mark to look for: empty for the file's main language."""
    main = next(iter(_get(keywords, "LANGUAGE", "")), "")
    if language in ("", main):
        return ""
    present = _get(keywords, "LANGUAGES", "") or ((main,) if main else ())
    if language not in present:
        listed = ", ".join(present) or "–"
        raise PxError(f"it has no language «{language}», only {listed}")
    return language


def _get(keywords: Keywords, keyword: str, language: str, *about: str) -> tuple[str, ...]:
    return keywords.get((keyword, language, about), ())


def _variable(keywords: Keywords, name: str, original: str, language: str) -> Variable:
    values = _get(keywords, "VALUES", language, name)
    if not values:
        raise PxError(f"VALUES(«{name}») is absent")
    codes = _get(keywords, "CODES", language, name) or _get(keywords, "CODES", "", original)
    if codes and len(codes) != len(values):
        raise PxError(f"«{name}» has {len(values)} values and {len(codes)} codes")
    code = _get(keywords, "VARIABLECODE", language, name)
    code = code or _get(keywords, "VARIABLECODE", "", original)
    return Variable(name, code[0] if code else name, values, codes or values)


def _data(text: str, start: int) -> tuple[list[str], list[int]]:
    """Return the figures of DATA and the line each stands in."""
    figures: list[str] = []
    lines: list[int] = []
    first = text.count("\n", 0, start) + 1
    for at, line in enumerate(text[start:].split("\n"), start=first):
        found = _DATUM.findall(line)
        figures += found
        lines += [at] * len(found)
    return figures, lines


def _long(table: PxTable, options: ReadOptions) -> RawTable:
    cells = len(table.data)
    columns: dict[str, pl.Series] = {}
    after = cells
    for variable in table.variables:
        after //= len(variable.values)
        columns[variable.name] = spread(variable.codes, after, cells)
        columns[f"{variable.name}.text"] = spread(variable.values, after, cells)
    columns[VALUE] = _shown(table, options.decimal)
    derived = tuple(f"{variable.name}.text" for variable in table.variables)
    facts = {"table": table.first("TABLEID") or table.first("MATRIX")}
    facts |= {"updated": _iso(table.first("LAST-UPDATED")), "source": table.first("SOURCE")}
    facts = {key: text for key, text in facts.items() if text}
    return RawTable(text_frame(columns, table.lines), facts, derived=derived)


def _shown(table: PxTable, decimal: str) -> pl.Series:
    """Return the figures, data symbols as the file says that they are shown."""
    shown = {f'"{sign}"': table.first(keyword) or sign for sign, keyword in _SYMBOLS.items()}
    figures = pl.Series(table.data, dtype=pl.String)
    symbol = figures.str.starts_with('"')
    numbers = figures if decimal == "." else figures.str.replace(".", decimal, literal=True)
    words = figures.replace(shown).str.strip_chars('"')
    return numbers.zip_with(~symbol, words)


def _iso(stamp: str) -> str:
    """Return «20230525 15:42» as «2023-05-25»."""
    found = re.match(r"(\d{4})(\d{2})(\d{2})", stamp)
    return "-".join(found.groups()) if found else ""
